"""The lawyer whom a dossier names: recorded as stated by the sender, until somebody confirms it. Set-based."""

from collections.abc import Sequence

from cases.case.models import ReturnCase
from cases.procedure.models import Representative
from handover.importing.context import REASON, Context
from handover.intake.judging import GoodRow
from leidraad.lib.audit import bulk_create_as, bulk_update_as

Pair = tuple[ReturnCase, GoodRow]


def add_representatives(pairs: Sequence[Pair], context: Context) -> None:
    """Of cases that were opened just now. One statement."""
    bulk_create_as(
        [_stated(case, row, context, is_main=True) for case, row in pairs if row.lawyer],
        by=context.by,
        reason=REASON,
    )


def update_representatives(pairs: Sequence[Pair], context: Context) -> None:
    """Another name takes the place of what this sender stated before. What somebody confirmed stays: the name is added to it.

    An empty cell is not recorded, which is not the same as "no longer represented". Three statements.
    """
    wanted = {case.pk: (case, row) for case, row in pairs if row.lawyer}
    running: dict[int, list[Representative]] = {key: [] for key in wanted}
    for one in Representative.objects.running().filter(case__in=wanted).order_by("pk"):
        running[one.case_id].append(one)
    ended, new = [], []
    for key, (case, row) in wanted.items():
        if any(_is(one, row.lawyer) for one in running[key]):
            continue
        former = [one for one in running[key] if not one.is_confirmed and one.source == row.supplier]
        for one in former:
            one.until, one.end_reason = context.today, REASON
            one.version += 1
        ended += former
        stays = [one for one in running[key] if one not in former]
        new.append(_stated(case, row, context, is_main=not any(one.is_main for one in stays)))
    bulk_update_as(ended, ["until", "end_reason", "version"], by=context.by, reason=REASON)
    bulk_create_as(new, by=context.by, reason=REASON)


def _stated(case: ReturnCase, row: GoodRow, context: Context, *, is_main: bool) -> Representative:
    return Representative(case=case, kind=context.lawyer, is_main=is_main, name=row.lawyer, source=row.supplier)


def _is(one: Representative, name: str) -> bool:
    """Whether the file names this one; who was confirmed may have got an office apart from the name."""
    return _folded(name) in (_folded(one.name), _folded(str(one)))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
