"""Blanking content for good: one privacy officer asks, another one reads and approves, the database does it."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.history import field_label, source_of
from cases.case.history_names import field_word
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible
from leidraad.lib.who import acting
from leidraad.pages.models import Redaction, RedactionAct, RedactionStep
from leidraad.pages.redaction_columns import BIRTH, COLUMNS, NAMES, WORDS
from partners.actions import notify
from partners.models import Member
from partners.notices import register_notice
from partners.policy import require_to

VIEW, ASK, ANSWER = "redactions.view", "redactions.ask", "redactions.answer"

PLACES: dict[str, StrOrPromise] = {
    "row": gettext_lazy("the record itself"),
    "history": gettext_lazy("its history"),
    "search": gettext_lazy("what search finds it by"),
    "copy": gettext_lazy("frozen copies in dossiers, handovers and requests"),
    "named": gettext_lazy("other records that repeat it"),
    "notice": gettext_lazy("stored notices"),
    "outbox": gettext_lazy("messages that wait to be sent"),
}


@dataclass(frozen=True)
class Found:
    """A record of the case that could be blanked. No content: when it was first recorded tells which one it is."""

    table: str
    key: int
    recorded: datetime
    versions: int

    @property
    def title(self) -> str:
        return table_label(self.table)


@dataclass(frozen=True)
class Place:
    code: str
    table: str
    rows: int

    @property
    def title(self) -> str:
        return str(PLACES[self.code])

    @property
    def what(self) -> str:
        """Of which kind of record; the name of the table for what is no record of a case."""
        table = next((one for one in COLUMNS if self.table in (one, _history_of(one))), "")
        return table_label(table) if table else self.table


def table_label(table: str) -> str:
    return str(NAMES[table]) if table in NAMES else str(source_of(_model(table)).label)


def column_labels(table: str) -> list[tuple[str, str]]:
    """The columns that may be blanked, as the history calls them."""
    fields = {field.column: field for field in _model(table)._meta.concrete_fields}
    if table in NAMES:
        return [(column, str(WORDS.get(column) or field_word(fields[column]))) for column in COLUMNS[table]]
    source = source_of(_model(table))
    return [(column, field_label(source, fields[column])) for column in COLUMNS[table]]


def _model(table: str) -> Any:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _history_of(table: str) -> str:
    history = getattr(_model(table), "history", None)
    return str(history.model._meta.db_table) if history is not None else ""


def _as(member: Member) -> AbstractContextManager[None]:
    """The doors of the database open for who is acting only."""
    return acting(member.acting_unit_id, member.acting_group_id, member.pk)


def records_of(number: str, *, by: Member) -> list[Found]:
    """Oldest first within a kind. Nothing for a number that nobody has."""
    with _as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT tbl, key, recorded, versions FROM pages_redaction_records(%s)", [number])
        found = [Found(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (one.title, one.recorded, one.key))


def places_of(table: str, key: int, columns: Sequence[str], *, by: Member) -> list[Place]:
    """Where the content stands now. Counts only."""
    with _as(by), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT place, tbl, rows FROM pages_redaction_places(%s, %s, %s)", [table, key, list(columns)])
        return in_order(Place(*row) for row in cursor.fetchall())


def in_order(places: Iterable[Place]) -> list[Place]:
    order = list(PLACES)
    return sorted(places, key=lambda one: (order.index(one.code), one.table))


# --- acts -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_redaction(
    number: str, table: str, key: int, columns: Sequence[str], *, ground: str, reason: str, by: Member
) -> Redaction:
    """Ask a colleague to read it. Nothing is blanked yet. Raises NotAllowed, and NotPossible for what is not there."""
    require_to(by, ASK)
    if set(BIRTH) & set(columns):  # a day without its year says nothing, and the database refuses it
        columns = [*(column for column in columns if column not in BIRTH), *BIRTH]
    if not columns or not set(columns) <= set(COLUMNS.get(table, ())):
        raise NotPossible(_("Choose what has to be blanked."))
    if (table, key) not in {(one.table, one.key) for one in records_of(number, by=by)}:
        raise NotPossible(_("This record is not in the case any more."))
    asked = Redaction.objects.create(
        case_number=number,
        table=table,
        key=key,
        columns=list(columns),
        ground=ground,
        reason=reason,
        asked_by=by,
        asked_at=clock.now(),
    )
    notify(by.acting_unit, "redaction_asked", by=by, url_name="privacy:redaction", url_arg=str(asked.pk))
    return asked


@transaction.atomic
def approve_redaction(asked: Redaction, *, by: Member) -> RedactionStep:
    """The second reader agrees, and the database blanks it at once and for good. Raises NotAllowed and NotPossible."""
    require_to(by, ANSWER)
    _require_open(asked)
    if asked.asked_by_id == by.pk:
        raise NotPossible(_("You asked this yourself. Another privacy officer has to read it."))
    RedactionStep.objects.create(redaction=asked, act=RedactionAct.APPROVED, member=by, at=clock.now())
    with _as(by), connection.cursor() as cursor:
        cursor.execute("SELECT pages_redact(%s)", [asked.pk])
    notify(
        by.acting_unit,
        "redaction_done",
        by=by,
        member=asked.asked_by,
        url_name="privacy:redaction",
        url_arg=str(asked.pk),
    )
    return RedactionStep.objects.get(redaction=asked, act=RedactionAct.DONE)


@transaction.atomic
def reject_redaction(asked: Redaction, reason: str, *, by: Member) -> RedactionStep:
    """The second reader does not agree; the asker takes it back. Nothing was blanked. Raises NotAllowed and NotPossible."""
    require_to(by, ANSWER)
    _require_open(asked)
    act = RedactionAct.WITHDRAWN if asked.asked_by_id == by.pk else RedactionAct.REJECTED
    step = RedactionStep.objects.create(redaction=asked, act=act, member=by, at=clock.now(), reason=reason)
    if act == RedactionAct.REJECTED:
        arg = str(asked.pk)
        notify(
            by.acting_unit,
            "redaction_rejected",
            by=by,
            member=asked.asked_by,
            url_name="privacy:redaction",
            url_arg=arg,
        )
    return step


def _require_open(asked: Redaction) -> None:
    with connection.cursor() as cursor:  # a row that only grows cannot be locked by a role that may not change it
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [20_263, asked.pk % (2**31 - 1)])
    if asked.steps.exists():
        raise NotPossible(_("This was answered already."))


def register() -> None:
    """The notices of these pages. Called once when the app is ready."""
    register_notice(
        "redaction_asked", gettext_lazy("A colleague asks a second reader for content that has to be blanked.")
    )
    register_notice("redaction_done", gettext_lazy("What you asked to be blanked was approved and is blanked."))
    register_notice("redaction_rejected", gettext_lazy("What you asked to be blanked was rejected. Read why."))
