"""What is sent about a representative: who it is, who comes in the place of another, and of what somebody was informed."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.access import Access
from cases.procedure.models import HowInformed, InformedMatter, Representative, RepresentativeKind
from cases.procedure.representatives import Details, Informed
from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm


def _reason(label: Any) -> TextField:
    return TextField(
        label=label, max_length=300, rows=2, required_message=_("Say why. The reason stays in the history.")
    )


class RepresentativeForm(Form):
    """Who it is. What is not known stays empty and is shown as not recorded."""

    kind = forms.ChoiceField(
        label=_("What is this person?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this person is.")},
    )
    is_main = forms.BooleanField(label=_("This is the main representative"), required=False)
    name = TextField(
        label=pgettext_lazy("representative", "Name"),
        max_length=200,
        required_message=_("Fill in the name of the representative."),
    )
    office = TextField(label=_("Office or organisation"), max_length=200, required=False)
    phone = TextField(label=_("Telephone"), max_length=30, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=200,
        required=False,
        error_messages={"invalid": _("Write the address as name@office.nl.")},
    )
    since = DateField(label=_("Since which day?"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kinds = {kind.code: kind for kind in RepresentativeKind.objects.valid()}
        chosen = self.initial.get("kind")
        choices = [(code, str(kind)) for code, kind in self.kinds.items()]
        if chosen and chosen not in self.kinds and isinstance(getattr(self, "record", None), Representative):
            # A kind that ended since stays possible for who was recorded as such.
            kind = self.record.kind  # type: ignore[attr-defined]  # of the versioned forms below
            self.kinds[chosen] = kind
            choices.append((chosen, str(kind)))
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # it is a choice field

    @property
    def details(self) -> Details:
        data = self.cleaned_data
        return Details(
            kind=self.kinds[data["kind"]],
            name=data["name"],
            office=data["office"],
            phone=data["phone"],
            email=data["email"],
            since=data["since"],
            is_main=data["is_main"],
        )


def _values(one: Representative) -> dict[str, Any]:
    plain = ("is_main", "name", "office", "phone", "email", "since")
    return {"kind": one.kind.code, **{name: getattr(one, name) for name in plain}}


class ConfirmForm(VersionedForm, RepresentativeForm):
    """What the sender stated, to be looked through and completed."""

    def __init__(self, data: Any = None, *, record: Representative) -> None:
        super().__init__(data, record=record, initial=_values(record))


class CorrectForm(ConfirmForm):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason = _reason(_("What was wrong?"))


class ReplaceForm(VersionedForm, RepresentativeForm):
    """Who comes in the place of the former one, and why."""

    unversioned: ClassVar[frozenset[str]] = frozenset(
        {"kind", "is_main", "name", "office", "phone", "email", "since", "reason"}
    )
    reason = _reason(_("Why did the representative change?"))

    def __init__(self, data: Any = None, *, record: Representative) -> None:
        initial = {"kind": record.kind.code, "is_main": record.is_main, "since": clock.today()}
        super().__init__(data, record=record, initial=initial)


class EndForm(VersionedForm, Form):
    unversioned: ClassVar[frozenset[str]] = frozenset({"until", "reason"})

    until = DateField(label=_("Last day"), required_message=_("Fill in the last day."))
    reason = _reason(_("Why did this representative stop?"))

    def __init__(self, data: Any = None, *, record: Representative) -> None:
        super().__init__(data, record=record, initial={"until": clock.today()})


class InformedForm(Form):
    """Only matters that the member may know of are offered."""

    matter = forms.ChoiceField(
        label=_("Of what was the representative informed?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose of what the representative was informed.")},
    )
    how = forms.ChoiceField(
        label=pgettext_lazy("informed", "How?"),
        widget=forms.RadioSelect,
        choices=HowInformed.choices,
        error_messages={"required": _("Choose how the representative was informed.")},
    )
    on = DateField(
        label=pgettext_lazy("informed", "On which day?"), required_message=_("Fill in on which day you informed.")
    )
    note = TextField(
        label=pgettext_lazy("field", "Explanation"),
        max_length=300,
        rows=2,
        required=False,
        help_text=_("Who may know of this matter reads this text. Write no medical data."),
    )

    def __init__(self, data: Any = None, *, access: Access) -> None:
        super().__init__(data, initial={"on": clock.today()})
        valid = InformedMatter.objects.valid()
        self.matters = {one.code: one for one in valid if access.can(f"{one.section}.view")}
        choices = [(code, str(one)) for code, one in self.matters.items()]
        self.fields["matter"].choices = choices  # type: ignore[attr-defined]  # it is a choice field

    @property
    def informed(self) -> Informed:
        data = self.cleaned_data
        return Informed(self.matters[data["matter"]], data["how"], data["on"], data["note"])


class StrikeForm(VersionedForm, Form):
    unversioned: ClassVar[frozenset[str]] = frozenset({"reason"})
    reason = _reason(_("What was wrong?"))
