"""What a site sends about a stay."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.reception.actions.common import COA
from cases.reception.models import Placement
from cases.reception.states import CHOSEN_ENDS, EXPECTED, NEXT, STAYING, PlacementStatus
from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm
from partners.models import Unit, UnitKind

REASON = _("Write why. Colleagues read it in the stay log.")
ROOM_LENGTH = 20
STATUS_CHOICES = [(status.value, status.label) for status in STAYING]
END_CHOICES = [("", _("Choose a reason")), *((reason.value, reason.label) for reason in CHOSEN_ENDS)]


def reason_field() -> TextField:
    return TextField(label=_("Why?"), max_length=200, rows=2, required_message=REASON)


class ReserveForm(Form):
    """A place at another site of COA, or the first one."""

    required_messages: ClassVar[dict[str, Any]] = {"site": _("Choose the site.")}

    site = forms.ChoiceField(label=_("At which site?"))
    expected_on = DateField(label=_("Day of arrival"), required_message=_("Fill in the day of arrival."))
    reason = reason_field()

    def __init__(self, data: Any = None, *, stays_at: int | None) -> None:
        super().__init__(data, initial={"expected_on": clock.today() + timedelta(days=1)})
        sites = Unit.objects.valid().of(COA).filter(kind=UnitKind.SITE).exclude(pk=stays_at or 0).order_by("name")
        self.sites = {str(site.pk): site for site in sites.select_related("organisation")}
        names = [(key, f"{site.name} ({site.city})") for key, site in self.sites.items()]
        self.fields["site"].choices = [("", _("Choose a site")), *names]  # type: ignore[attr-defined]  # it is a choice field

    @property
    def chosen(self) -> Unit:
        return self.sites[self.cleaned_data["site"]]


class StayForm(VersionedForm, Form):
    """Over one placement, with its version."""

    def __init__(self, data: Any = None, *, record: Placement) -> None:
        super().__init__(data, record=record, initial=self.values_of(record))

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {}


class ReasonForm(StayForm):
    """An act that needs a reason and no more."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason = reason_field()


class ArrivalForm(StayForm):
    unversioned: ClassVar[frozenset[str]] = frozenset({"day", "room", "administrative"})

    day = DateField(label=_("Since which day is the person there?"), required_message=_("Fill in the day of arrival."))
    room = TextField(label=_("Room"), max_length=ROOM_LENGTH, required=False)
    administrative = forms.BooleanField(
        label=_("Placed administratively: registered at this site, living elsewhere"), required=False
    )

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"day": clock.today()}


class StatusForm(StayForm):
    """Only the statuses that may follow the present one."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"since", "reason"})
    required_messages: ClassVar[dict[str, Any]] = {"status": _("Choose the new status.")}

    status = forms.ChoiceField(label=_("New status"), choices=STATUS_CHOICES, widget=forms.RadioSelect)
    since = DateField(label=_("Since which day?"), required_message=_("Fill in since which day the status holds."))
    reason = reason_field()

    def __init__(self, data: Any = None, *, record: Placement) -> None:
        super().__init__(data, record=record)
        if not data:  # what was sent is judged by the action, which says in a sentence why a step is not possible
            next_ones = NEXT[PlacementStatus(record.status)]
            offered = [choice for choice in STATUS_CHOICES if choice[0] in next_ones]
            self.fields["status"].choices = offered  # type: ignore[attr-defined]  # it is a choice field

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"status": placement.status, "since": clock.today()}


class RoomForm(StayForm):
    room = TextField(
        label=_("Room"), max_length=ROOM_LENGTH, required=False, help_text=_("Leave empty when the room is not known.")
    )

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"room": placement.room}


class PlannedEndForm(StayForm):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    planned_end = DateField(
        label=_("Planned end"), required=False, help_text=_("For example 23-11-2026. Leave empty for no date.")
    )
    reason = reason_field()

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"planned_end": placement.planned_end}


class EndForm(StayForm):
    """`ended_on` is the first day that the person no longer stays."""

    unversioned: ClassVar[frozenset[str]] = frozenset({"end_reason", "ended_on", "reason"})

    end_reason = forms.ChoiceField(label=_("Why does the stay end?"), choices=END_CHOICES)
    ended_on = DateField(
        label=_("From which day is the person no longer at the site?"),
        required_message=_("Fill in from which day the person is no longer at the site."),
    )
    reason = TextField(
        label=_("What is this based on?"),
        max_length=200,
        rows=2,
        required_message=_("Write what the end is based on."),
    )
    required_messages: ClassVar[dict[str, Any]] = {"end_reason": _("Choose why the stay ends.")}

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"ended_on": clock.today()}


class CorrectStayForm(StayForm):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    started_on = DateField(label=_("First night"), required_message=_("Fill in the first night."))
    status = forms.ChoiceField(label=_("Status"), choices=STATUS_CHOICES)
    status_since = DateField(label=_("Status since"), required_message=_("Fill in since which day the status holds."))
    reason = TextField(label=_("What was wrong?"), max_length=200, rows=2, required_message=_("Write what was wrong."))

    def values_of(self, placement: Placement) -> dict[str, Any]:
        names = ("started_on", "status", "status_since")
        return {name: getattr(placement, name) for name in names}


class CorrectExpectedForm(StayForm):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    expected_on = DateField(label=_("Day of arrival"), required_message=_("Fill in the day of arrival."))
    reason = TextField(label=_("What was wrong?"), max_length=200, rows=2, required_message=_("Write what was wrong."))

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"expected_on": placement.expected_on}


class CorrectEndForm(EndForm):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    reason = TextField(label=_("What was wrong?"), max_length=200, rows=2, required_message=_("Write what was wrong."))

    def values_of(self, placement: Placement) -> dict[str, Any]:
        return {"end_reason": placement.end_reason, "ended_on": placement.ended_on}


def correct_form(data: Any, placement: Placement) -> StayForm:
    """Of a reservation its day, of a stay its first night and its status."""
    if placement.status in EXPECTED:
        return CorrectExpectedForm(data, record=placement)
    return CorrectStayForm(data, record=placement)
