"""What is sent about remedies, claims and postponements."""

from collections.abc import Iterable
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.models import ReturnCase
from cases.procedure.actions.claims import ClaimFacts
from cases.procedure.actions.postponements import NewStep
from cases.procedure.actions.remedies import NewRemedy
from cases.procedure.models import (
    ClaimReply,
    Decision,
    LegalGround,
    Postponement,
    PostponementKind,
    PostponementState,
    Regime,
    Remedy,
    RemedyKind,
    Ruling,
    SuspensionRule,
    Topic,
    TransferClaim,
)
from cases.procedure.sections import Can, may_know
from leidraad.lib.forms import DateField, DateTimeField, Form, TextField
from leidraad.lib.stale import VersionedForm
from leidraad.pages.law.choices import (
    HouseholdMixin,
    KindField,
    country_field,
    named,
    offer,
    others_field,
    source_field,
    why_field,
)

NO_MEDICAL = gettext_lazy("No medical data and nothing about a criminal case: only what happened.")


class RemedyForm(HouseholdMixin, Form):
    """What was lodged. The law's own effect is shown on the next page; another one needs a reason."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What was lodged?"), choices=RemedyKind.choices, widget=forms.RadioSelect
    )
    lodged_on = DateField(
        label=gettext_lazy("Lodged on"), required_message=gettext_lazy("Fill in the day on which it was lodged.")
    )
    court = TextField(label=pgettext_lazy("remedy", "Court"), max_length=80, required=False)
    reference = TextField(label=gettext_lazy("Number of the court"), max_length=40, required=False)
    country = country_field(gettext_lazy("Country to which removal is barred (measure of the ECtHR only)"))
    rule = KindField(
        SuspensionRule,
        label=gettext_lazy("Another effect than the law proposes"),
        required=False,
        help_text=gettext_lazy("Left empty the effect follows from the decision, the procedure and the days."),
    )
    effect_reason = why_field(gettext_lazy("Why another effect?"), required=False)
    others = others_field(
        gettext_lazy("Was it lodged for relatives as well?"),
        gettext_lazy("It is stored in the case of each person whose decision of the same day is recorded."),
    )
    source = source_field()

    def __init__(self, data: Any, decision: Decision, family: Iterable[ReturnCase] = ()) -> None:
        super().__init__(data)
        offer(self, "rule", SuspensionRule.objects.in_regime(decision.regime))
        self.offer_household(family)

    @property
    def new(self) -> NewRemedy:
        names = ("kind", "lodged_on", "court", "reference", "country", "source", "rule", "effect_reason")
        return NewRemedy(**{name: self.cleaned_data[name] for name in names})


class HearingForm(VersionedForm, Form):
    at = DateTimeField(label=gettext_lazy("When does the court hear it?"), default_time=time(9))
    court_room = TextField(label=gettext_lazy("Where?"), max_length=120, required=False)
    unversioned: ClassVar[frozenset[str]] = frozenset({"at", "court_room"})

    def __init__(self, data: Any, record: Remedy) -> None:
        super().__init__(data, record=record)


class RulingForm(HouseholdMixin, VersionedForm, Form):
    on = DateField(label=gettext_lazy("Ruling of"), required_message=gettext_lazy("Fill in the day of the ruling."))
    ruling = forms.ChoiceField(
        label=gettext_lazy("What is the ruling?"),
        choices=named(Ruling),
        widget=forms.RadioSelect,
    )
    others = others_field(
        gettext_lazy("Does it hold for relatives as well?"),
        gettext_lazy("It is stored in the case of each person with the same remedy of the same day."),
    )
    unversioned: ClassVar[frozenset[str]] = frozenset({"on", "ruling", "others"})

    def __init__(self, data: Any, record: Remedy, family: Iterable[ReturnCase] = ()) -> None:
        super().__init__(data, record=record)
        self.offer_household(family)


class EffectForm(VersionedForm, Form):
    effect = KindField(SuspensionRule, label=gettext_lazy("What does it do to removal, and by which rule?"))
    reason = why_field(gettext_lazy("Why this effect?"))
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any, record: Remedy) -> None:
        super().__init__(data, record=record, initial={"effect": record.suspension_id})
        offer(self, "effect", SuspensionRule.objects.in_regime(record.decision.regime))


class ClaimForm(Form):
    state = country_field(gettext_lazy("Which member state?"), required=True)
    regime = forms.ChoiceField(
        label=gettext_lazy("Which law applies?"), choices=Regime.choices, widget=forms.RadioSelect
    )
    requested_on = DateField(label=gettext_lazy("Asked on"), required=False)
    replied_on = DateField(label=gettext_lazy("Reply on"), required=False)
    reply = forms.ChoiceField(
        label=gettext_lazy("What did the state reply?"),
        choices=[("", gettext_lazy("No reply yet")), *ClaimReply.choices],
        required=False,
    )
    latest_on = DateField(label=gettext_lazy("Latest transfer date"), required=False)
    source = source_field()

    @property
    def claim(self) -> ClaimFacts:
        names = ("state", "regime", "requested_on", "replied_on", "reply", "latest_on")
        return ClaimFacts(
            **{name: self.cleaned_data[name] for name in names}, source=self.cleaned_data.get("source", "")
        )


class ChangeClaimForm(VersionedForm, ClaimForm):
    reason = why_field(gettext_lazy("What changed?"))
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason", "source"})

    def __init__(self, data: Any, record: TransferClaim) -> None:
        names = ("state", "regime", "requested_on", "replied_on", "reply", "latest_on")
        super().__init__(data, record=record, initial={name: getattr(record, name) for name in names})
        del self.fields["source"]


class MoveForm(VersionedForm, Form):
    ground = KindField(LegalGround, label=gettext_lazy("Why does the latest day move?"))
    decided_on = DateField(
        label=gettext_lazy("Since which day is that so?"), required_message=gettext_lazy("Fill in since which day.")
    )
    latest_on = DateField(
        label=gettext_lazy("New latest transfer date"), required_message=gettext_lazy("Fill in the new latest day.")
    )
    note = TextField(label=gettext_lazy("Explanation"), max_length=200, required=False, help_text=NO_MEDICAL)
    source = source_field()
    unversioned: ClassVar[frozenset[str]] = frozenset({"ground", "decided_on", "latest_on", "note", "source"})

    def __init__(self, data: Any, record: TransferClaim) -> None:
        super().__init__(data, record=record)
        offer(self, "ground", LegalGround.objects.filter(topic=Topic.TRANSFER_MOVED).in_regime(record.regime))


class PostponementForm(Form):
    """A ground for this person alone, with its first step."""

    kind = KindField(PostponementKind, label=gettext_lazy("Which ground?"))
    state = forms.ChoiceField(
        label=gettext_lazy("What happened?"),
        choices=[one for one in PostponementState.choices if one[0] != PostponementState.ENDED],
        widget=forms.RadioSelect,
    )
    on = DateField(label=gettext_lazy("On which day?"), required_message=gettext_lazy("Fill in the day."))
    until = DateField(label=gettext_lazy("Until and with which day?"), required=False)
    note = TextField(label=gettext_lazy("Explanation"), max_length=200, required=False, help_text=NO_MEDICAL)
    source = source_field()

    def __init__(self, data: Any, *, can: Can) -> None:
        super().__init__(data)
        known = [kind.pk for kind in PostponementKind.objects.valid() if may_know(kind.section, can)]
        offer(self, "kind", PostponementKind.objects.filter(pk__in=known))

    @property
    def step(self) -> NewStep:
        names = ("state", "on", "until", "note", "source")
        return NewStep(**{name: self.cleaned_data[name] for name in names})


class NextStepOfPostponementForm(VersionedForm, Form):
    state = forms.ChoiceField(label=gettext_lazy("What happened?"), widget=forms.RadioSelect)
    on = DateField(label=gettext_lazy("On which day?"), required_message=gettext_lazy("Fill in the day."))
    until = DateField(label=gettext_lazy("Until and with which day?"), required=False)
    note = TextField(label=gettext_lazy("Explanation"), max_length=200, required=False, help_text=NO_MEDICAL)
    source = source_field()
    unversioned: ClassVar[frozenset[str]] = frozenset({"state", "on", "until", "note", "source"})

    def __init__(self, data: Any, record: Postponement) -> None:
        super().__init__(data, record=record)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # tells the type checker what stands above
        field.choices = [(code, PostponementState(code).label) for code in record.kind.steps]

    @property
    def step(self) -> NewStep:
        names = ("state", "on", "until", "note", "source")
        return NewStep(**{name: self.cleaned_data[name] for name in names})


class StrikeForm(VersionedForm, Form):
    reason = why_field(gettext_lazy("Why should this not have been recorded?"))
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})

    def __init__(self, data: Any, record: Any) -> None:
        super().__init__(data, record=record)


class ConfirmForm(VersionedForm, Form):
    """Nothing to fill in: the button says it."""

    def __init__(self, data: Any, record: Any) -> None:
        super().__init__(data, record=record)


class WhyForm(Form):
    reason = why_field()
