"""What an import tells those who depend on facts of a case: published under the locks that the import holds."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from cases.case.actions import NewAxis
from cases.case.facts import Fact, FactKind, News, facts_of_axis, publish_many
from cases.case.models import IdentityConflict, ReturnCase, Signal
from cases.identity.deciding import task_for
from handover.content import content_of
from handover.importing.context import Context
from handover.importing.deciding import ChangedRow
from handover.models import DossierVersion

# What a dossier states about the procedure, by field of the row.
PROCEDURE_FIELDS = (
    "applied_on",
    "regime",
    "return_decision_on",
    "notified_on",
    "return_country",
    "departure_period_days",
    "suspensive_effect",
    "appealed_on",
    "ruled_on",
    "responsible_state",
    "claim_accepted_on",
)


def tell_procedures(rows: Sequence[ChangedRow], context: Context) -> None:
    """Of each row that states another procedure than the dossier did. One query; to be called before the new versions exist.

    A row that is put aside, because its dossier was accepted, tells it as well: the sender says that something changed.
    """
    if not rows:
        return
    former = _current_contents(rows)
    publish_many(
        [
            News(one.case, Fact(FactKind.PROCEDURE_STATED, key=f"procedure:{_hash(stated)}"))
            for one in rows
            if (stated := _procedure(content_of(one.row))) != _procedure(former.get(one.dossier.pk, {}))
        ],
        by=context.by,
    )


def _current_contents(rows: Sequence[ChangedRow]) -> dict[int, dict[str, Any]]:
    numbers = {one.dossier.pk: one.dossier.version_number for one in rows}
    versions = DossierVersion.objects.filter(dossier__in=numbers).values_list("dossier_id", "number", "content")
    return {dossier: content for dossier, number, content in versions if number == numbers[dossier]}


def _procedure(content: dict[str, Any]) -> dict[str, Any]:
    return {name: content.get(name) for name in PROCEDURE_FIELDS}


def _hash(stated: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:32]


def tell_signals(signals: Sequence[Signal], context: Context) -> None:
    news = [
        News(signal.case, Fact(FactKind.SIGNAL_ADDED, signal.kind, key=f"signal:{signal.pk}")) for signal in signals
    ]
    publish_many(news, by=context.by)


def tell_axes(new: Sequence[tuple[ReturnCase, NewAxis, str]], context: Context) -> None:
    """Cases with the value that an axis got, and the one it had."""
    news = [News(case, fact) for case, axis, former in new for fact in facts_of_axis(axis.axis, axis.value, former)]
    publish_many(news, by=context.by)


def tell_conflicts(conflicts: Sequence[IdentityConflict], cases: dict[int, ReturnCase], context: Context) -> None:
    """New differences in identity, of persons whose case the import holds, with the task to judge each. `cases` by person."""
    news = [
        News(cases[one.person_id], Fact(FactKind.IDENTITY_DISPUTED, one.field, key=f"identity:{one.pk}"))
        for one in conflicts
        if one.person_id in cases
    ]
    publish_many(news, by=context.by)
    task_for(conflicts, cases, by=context.by)
