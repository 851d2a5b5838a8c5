"""What members send about a handover. Every form carries the version its page was drawn from."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.models import Ground
from handover.actions import NewItem
from handover.models import Handover, HandoverItem, ItemState, ReturnReason
from handover.presentation import last_step_id
from leidraad.lib import clock
from leidraad.lib.forms import Form, TextField
from partners.models import Member, Membership, Organisation, Unit, UnitKind, in_language, valid_on
from partners.policy import all_rules

ANY = ("", _("All"))


class ActForm(Form):
    """An act on one handover: `version` guards against an older page, `seen` says which steps that page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, handover: Handover) -> None:
        self.handover = handover
        super().__init__(data, initial={"version": handover.version, "seen": last_step_id(handover)})

    def drawn_anew(self) -> None:
        """Keep what was typed, on the version that is stored now: the next send is about what this page shows."""
        data: Any = QueryDict(mutable=True)
        data.update(self.data)
        data["version"], data["seen"] = str(self.handover.version), str(last_step_id(self.handover))
        self.data = data


class AcceptForm(ActForm):
    """One choice names team and regievoerder at once: nobody can be chosen with a team they do not work in."""

    assignee = forms.ChoiceField(label=_("Case director, by team"))
    required_messages = {"assignee": _("Choose who becomes the case director.")}

    def __init__(self, data: Any, handover: Handover, preset: str = "") -> None:
        super().__init__(data, handover)
        self.memberships = {f"{one.unit_id}:{one.member_id}": one for one in candidates(handover.to_unit)}
        teams: dict[str, list[tuple[str, str]]] = {}
        for key, one in self.memberships.items():
            teams.setdefault(one.unit.name, []).append((key, one.member.display_name))
        field = self.fields["assignee"]
        field.choices = [("", _("Choose a case director")), *teams.items()]  # type: ignore[attr-defined]  # a choice field
        self.initial["assignee"] = preset if preset in self.memberships else ""

    @property
    def chosen(self) -> tuple[Unit, Member]:
        membership = self.memberships[self.cleaned_data["assignee"]]
        return membership.unit, membership.member


def candidates(desk: Unit) -> list[Membership]:
    """Who may become regievoerder of what this desk accepts: by team, then by name."""
    found = Membership.objects.filter(
        valid_on(clock.today()),
        unit__organisation=desk.organisation_id,
        unit__kind=UnitKind.TEAM,
        role__code="case_director",
        member__is_active=True,
    )
    return list(
        found.select_related("unit__organisation", "member").order_by("unit__name", "member__display_name", "pk")
    )


class ReturnForm(ActForm):
    reason = forms.ChoiceField(label=_("Why do you return it?"), widget=forms.RadioSelect)
    text = TextField(label=_("What does the sender have to do?"), rows=4, max_length=2000)
    required_messages = {
        "reason": _("Choose why you return this handover."),
        "text": _("Write what the sender has to do."),
    }

    def __init__(self, data: Any, handover: Handover) -> None:
        super().__init__(data, handover)
        reasons = [(reason.code, reason.name) for reason in ReturnReason.objects.valid()]
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]  # a choice field
        lines = handover.items.exclude(state=ItemState.NOT_APPLICABLE).select_related("item").order_by("item__position")
        self.lines = list(lines)
        for line in self.lines:
            field = TextField(label=line.item.name, max_length=300, required=False)
            field.no_optional_mark = True  # type: ignore[attr-defined]  # the group says so once
            self.fields[f"item_{line.item.code}"] = field

    def missing(self) -> Iterator[Any]:
        """The boxes of items that are not there."""
        return (self[f"item_{line.item.code}"] for line in self.lines if line.state == ItemState.ABSENT)

    def present(self) -> Iterator[Any]:
        return (self[f"item_{line.item.code}"] for line in self.lines if line.state == ItemState.PRESENT)

    @property
    def item_texts(self) -> dict[str, str]:
        return {line.item.code: self.cleaned_data[f"item_{line.item.code}"] for line in self.lines}


class QueryForm(ActForm):
    text = TextField(
        label=_("What do you want to know, or what is missing?"),
        rows=4,
        max_length=2000,
        required_message=_("Write what you want to know."),
    )


class WithdrawForm(ActForm):
    text = TextField(
        label=_("Why do you withdraw it?"), rows=3, max_length=2000, required_message=_("Write why you withdraw it.")
    )


class ItemsForm(ActForm):
    """The sender's answer: a text, and per item that was not there what its state is now."""

    text = TextField(label=_("Your answer"), rows=4, max_length=2000, required_message=_("Write your answer."))

    def __init__(self, data: Any, handover: Handover) -> None:
        super().__init__(data, handover)
        lines = handover.items.exclude(state=ItemState.PRESENT).select_related("item").order_by("item__position")
        self.lines: list[HandoverItem] = sorted(lines, key=lambda line: line.state != ItemState.ABSENT)
        for line in self.lines:
            code = line.item.code
            self.fields[f"state_{code}"] = forms.ChoiceField(
                label=line.item.name,
                choices=ItemState.choices,
                initial=line.state,
                required=False,
                help_text=line.remark,
            )
            self.fields[f"text_{code}"] = TextField(
                label=pgettext_lazy("of an item", "Explanation"), max_length=300, required=False, initial=line.text
            )
            for name in (f"state_{code}", f"text_{code}"):
                self.fields[name].no_optional_mark = True  # type: ignore[attr-defined]  # the group says so once

    def missing(self) -> Iterator[tuple[Any, Any]]:
        """State and explanation of each item that is not there."""
        return self._pairs(ItemState.ABSENT)

    def not_applicable(self) -> Iterator[tuple[Any, Any]]:
        return self._pairs(ItemState.NOT_APPLICABLE)

    def _pairs(self, state: str) -> Iterator[tuple[Any, Any]]:
        codes = [line.item.code for line in self.lines if line.state == state]
        return ((self[f"state_{code}"], self[f"text_{code}"]) for code in codes)

    @property
    def items(self) -> list[NewItem]:
        """The lines that were changed. An item that is there now needs no reason any longer."""
        changed = []
        for line in self.lines:
            code = line.item.code
            state, text = self.cleaned_data[f"state_{code}"] or line.state, self.cleaned_data[f"text_{code}"]
            if (state, text) != (line.state, line.text):
                changed.append(NewItem(code, state, line.reason if state == line.state else "", text))
        return changed


class OfferAgainForm(ItemsForm):
    text = TextField(label=_("Note for the receiver"), rows=4, max_length=2000, required=False)


class FilterForm(Form):
    """A GET form; a value it does not know is no filter."""

    sender = forms.ChoiceField(label=_("From"), required=False)
    ground = forms.ChoiceField(label=_("Ground"), required=False, choices=[ANY, *Ground.choices])
    late = forms.BooleanField(label=_("Only late ones"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    optional_unmarked = ("sender", "ground")

    def __init__(self, data: Mapping[str, Any], *, sends: bool, answered: bool) -> None:
        super().__init__(data)
        if answered:  # what was answered is no longer late
            del self.fields["late"]
        if sends:  # everything in its lists is its own
            del self.fields["sender"]
        else:
            self.fields["sender"].choices = [ANY, *sender_choices()]  # type: ignore[attr-defined]  # a choice field

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that hold, by name. What cannot be read is left out."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in ("sender", "ground", "late") if self.cleaned_data.get(name)}


def sender_choices() -> list[tuple[str, str]]:
    """Organisations whose policy lets them hand over."""
    codes = {rule.organisation for rule in all_rules() if (rule.section, rule.verb) == ("handovers", "offer")}
    name = in_language("short_name")
    return list(Organisation.objects.filter(code__in=codes).order_by(name).values_list("code", name))
