"""How history rows are told: field names, values, people. Units and members are read once for a whole page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from cases.case.history import Step
from cases.case.nationalities import language_name, nationality_name
from leidraad.lib.display import MASKED, date_long, date_time, v_number
from partners.models import Member, Unit

FIELD_LABELS = {
    "accepted_at": gettext_lazy("Accepted"),
    "allowed": gettext_lazy("Allowed"),
    "answer_due_at": gettext_lazy("Answer due"),
    "asked_at": gettext_lazy("Asked"),
    "assignee": gettext_lazy("Assigned to"),
    "axis": gettext_lazy("Axis"),
    "birth_day": gettext_lazy("Day of birth"),
    "birth_month": gettext_lazy("Month of birth"),
    "birth_year": gettext_lazy("Year of birth"),
    "capability": pgettext_lazy("field", "Right"),
    "circumstances_asked_on": gettext_lazy("Special circumstances asked about"),
    "city": gettext_lazy("City"),
    "closed_on": gettext_lazy("Closed"),
    "decline_reason": gettext_lazy("Reason of refusal"),
    "director": gettext_lazy("Case director"),
    "done_at": gettext_lazy("Done"),
    "done_by": gettext_lazy("Done by"),
    "due_at": gettext_lazy("Due"),
    "end_reason": gettext_lazy("Reason of ending"),
    "ended_at": gettext_lazy("Ended"),
    "ended_on": gettext_lazy("Ended"),
    "field": gettext_lazy("Field"),
    "from_unit": gettext_lazy("From"),
    "given_names": gettext_lazy("Given names"),
    "ground": gettext_lazy("Ground"),
    "household_role": gettext_lazy("Role in the household"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "last_contact_on": gettext_lazy("Last contact"),
    "led_by": gettext_lazy("Responsible unit"),
    "liberty_clock": gettext_lazy("Deprivation of liberty runs"),
    "member": gettext_lazy("Member"),
    "name": gettext_lazy("Name"),
    "name_prefix": gettext_lazy("Name prefix"),
    "nationality": gettext_lazy("Nationality"),
    "nationality_established": gettext_lazy("Nationality established"),
    "note": gettext_lazy("Note"),
    "noted_on": gettext_lazy("Noted on"),
    "number": gettext_lazy("Case number"),
    "offered_source": gettext_lazy("Source of the other value"),
    "offered_value": gettext_lazy("Other value"),
    "opened_on": gettext_lazy("Opened"),
    "outcome": gettext_lazy("Outcome"),
    "part": gettext_lazy("Part in the case"),
    "phase": gettext_lazy("Phase"),
    "postcode": gettext_lazy("Postcode"),
    "reason": gettext_lazy("Reason"),
    "removability": gettext_lazy("Removability"),
    "residence_form": gettext_lazy("Form of residence"),
    "residence_text": gettext_lazy("Place of residence"),
    "residence_unit": gettext_lazy("Site"),
    "resolution": gettext_lazy("Resolution"),
    "resolved_on": gettext_lazy("Resolved on"),
    "section": gettext_lazy("Section"),
    "sex": gettext_lazy("Sex"),
    "since": gettext_lazy("From date"),
    "source": gettext_lazy("Source"),
    "special_group": gettext_lazy("Special group"),
    "status": gettext_lazy("Status"),
    "stored_source": gettext_lazy("Source of the register's value"),
    "stored_value": gettext_lazy("Value of the register"),
    "street": gettext_lazy("Street"),
    "superseded_at": gettext_lazy("Replaced"),
    "surname": gettext_lazy("Surname"),
    "text": gettext_lazy("Explanation"),
    "title": gettext_lazy("What"),
    "to_unit": gettext_lazy("To"),
    "travel_document": gettext_lazy("Travel document"),
    "unaccompanied_minor": gettext_lazy("Unaccompanied minor"),
    "unit": gettext_lazy("Unit"),
    "until": gettext_lazy("Until"),
    "v_number": gettext_lazy("V-number"),
    "valid_until": gettext_lazy("Valid until"),
    "value": gettext_lazy("Value"),
}


def field_word(one: Any) -> str:
    """What a field is called on whatever record."""
    return str(FIELD_LABELS.get(one.name) or capfirst(str(one.verbose_name)))


# Fields whose codes are words in a list of our own, whatever model they stand on.
BY_NAME = {"nationality": nationality_name, "language": language_name, "v_number": v_number}


def plain_value(field: Any, value: Any) -> object:
    """A stored value as a person reads it, without a query; foreign keys are the caller's."""
    if value is None or value == "":
        return dict(field.flatchoices).get(value, "") if field.flatchoices and value == "" else ""
    if field.flatchoices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_time(value)
    if isinstance(value, date):
        return date_long(value)
    named = BY_NAME.get(field.name)
    if named:
        return named(str(value))
    return ", ".join(str(part) for part in value) if isinstance(value, list) else value


class Names:
    """Names behind the keys of a page of steps: one query for units, one for members, one per other kind of record."""

    def __init__(self, steps: Sequence[Step], member: Member, *, sees_persons: bool) -> None:
        self.member = member
        self.sees_persons = sees_persons
        wanted: dict[type[models.Model], set[Any]] = {Unit: set()}
        for step in steps:
            wanted[Unit].add(step.row.history_unit_id)
            for field in step.source.versions.tracked_fields:
                target = field.related_model
                if target is None or target._meta.label_lower in HIDDEN_TARGETS:
                    continue
                values = {getattr(row, field.attname) for row in (step.row, step.before) if row is not None}
                wanted.setdefault(target, set()).update(values)
        self.found = {target: _read(target, ids - {None}) for target, ids in wanted.items()}

    def value(self, step: Step, field: Any, row: Any) -> object:
        if row is None:
            return ""
        own = step.source.values.get(field.name)
        if own:
            return own(row)
        key = getattr(row, field.attname)
        if field.related_model is None or key is None:
            return plain_value(field, key)
        found = self.found.get(field.related_model, {}).get(key)
        if isinstance(found, Member) and not self._may_name(found):
            return _("a member of staff")
        return str(getattr(found, "full_name", found) if found is not None else "")

    def _may_name(self, person: Member) -> bool:
        if self.sees_persons or person.pk == self.member.pk:
            return True
        return any(m.unit.organisation_id == self._own_organisation for m in person.memberships.all())

    @property
    def _own_organisation(self) -> int | None:
        return self.member.acting.unit.organisation_id if self.member.acting else None

    def who(self, row: Any) -> str:
        """The member's name; for partners the unit of another organisation's member; the name of a job in words."""
        if row.history_user_id is None:
            return _("Automatic")
        if self._may_name_writer(row):
            return str(row.history_user or "")
        unit = self.found[Unit].get(row.history_unit_id)
        return str(unit.name) if unit else ""

    def _may_name_writer(self, row: Any) -> bool:
        return self.sees_persons or bool(row.history_organisation == self.member.acting_organisation)

    def organisation(self, row: Any) -> str:
        unit = self.found[Unit].get(row.history_unit_id)
        return str(unit.organisation.short_name) if unit else ""

    def reason(self, row: Any) -> object:
        """The reason an act gives by itself, in the reader's language; what was typed, where its writer is named too.

        A typed reason is talk inside an organisation: partners read that a phase or a case director changed, not why.
        """
        reason = row.history_change_reason
        if not reason or self._may_name_writer(row) or is_programs_own(reason):
            return _(reason) if reason else ""
        return MASKED


def is_programs_own(reason: str) -> bool:
    """Whether an act gave this reason by itself: then it is a msgid with a Dutch translation."""
    with override("nl"):
        return bool(_(reason) != reason)


HIDDEN_TARGETS = frozenset({"cases.returncase", "cases.person", "cases.household"})


def _read(target: type[models.Model], ids: set[Any]) -> dict[Any, Any]:
    if not ids:
        return {}
    found = target._base_manager.all()
    if target is Unit:
        found = found.select_related("organisation")
    if target is Member:
        found = found.prefetch_related("memberships__unit")
    return dict(found.in_bulk(ids))
