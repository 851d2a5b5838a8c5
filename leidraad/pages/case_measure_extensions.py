"""Recording a decision to extend a measure, and striking one out."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.supervision import measure_actions as actions
from cases.supervision.extending import lasting
from cases.supervision.measure_actions import NewExtension
from cases.supervision.measure_rules import day_of
from cases.supervision.measure_states import ExtensionGround
from cases.supervision.models import Measure, MeasureExtension
from leidraad.lib.display import date_long
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_measure_acts import ACT, CHANGE, OR_CUSTODY, measure_to_change, reasoned, receivers_of, summary
from leidraad.pages.case_measure_forms import ReasonForm
from leidraad.pages.case_measures import act_url


class ExtensionForm(VersionedForm, Form):
    """A decision to extend. What the rules ask of it is not required here: what was decided is recorded as it was."""

    unversioned: ClassVar[frozenset[str]] = frozenset(
        {"decided_on", "notified_on", "ground", "until", "form_no", "note"}
    )
    required_messages = {"ground": gettext_lazy("Choose why the measure is extended.")}

    decided_on = DateField(
        label=gettext_lazy("On which day was it decided?"),
        required_message=gettext_lazy("Fill in on which day it was decided."),
    )
    notified_on = DateField(
        label=gettext_lazy("On which day was the person told?"),
        required_message=gettext_lazy("Fill in on which day the person was told of the decision."),
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Why is the measure extended?"), choices=ExtensionGround.choices, widget=forms.RadioSelect
    )
    until = DateField(
        label=gettext_lazy("Until and including which day?"),
        required_message=gettext_lazy("Fill in the last day that the decision names."),
    )
    form_no = TextField(label=gettext_lazy("Number of the form"), max_length=40, required=False)
    note = TextField(label=pgettext_lazy("field", "Explanation"), max_length=1000, rows=2, required=False)

    def __init__(self, data: Any, *, record: Measure, most: date | None) -> None:
        super().__init__(data, record=record)
        if most is not None:
            self.fields["until"].help_text = _("The rules allow until %(date)s at most.") % {"date": date_long(most)}

    @property
    def new(self) -> NewExtension:
        return NewExtension(**{name: self.cleaned_data[name] for name in self.unversioned})


@case_page(CHANGE, or_else=OR_CUSTODY)
def extend(page: OpenCase, pk: int) -> HttpResponse:
    measure = measure_to_change(page, pk)
    known = lasting(measure.kind, day_of(measure.imposed_at))

    def do(form: ExtensionForm) -> str:
        actions.extend(measure, form.new, by=page.request.member)
        return _("The decision to extend is recorded.")

    here = act_url(page, "measure", measure)
    return act(
        page,
        lambda data, record: ExtensionForm(data, record=record, most=known.most if known is not None else None),
        do,
        ACT,
        record=measure,
        back_url=here,
        title=_("Record a decision to extend"),
        text=_(
            "The decision itself is made in the system of the authority. Here you record what was decided, after the person"
            " was told."
        ),
        facts=summary(measure),
        receivers=receivers_of(
            page, measure, _("Reads that a decision was recorded, and opens it with its own rights.")
        ),
        button=_("Record the decision"),
        cancel_url=here,
    )


@case_page(CHANGE, or_else=OR_CUSTODY)
def void(page: OpenCase, pk: int, extension: int) -> HttpResponse:
    measure = measure_to_change(page, pk)
    stored = get_object_or_404(MeasureExtension, pk=extension, measure=measure)

    def do(form: ReasonForm) -> str:
        actions.void_extension(stored, form.cleaned_data["reason"], by=page.request.member)
        return _("This is struck out. Record the right decision anew.")

    facts: list[tuple[str, object]] = [
        (_("Day of the decision"), date_long(stored.decided_on)),
        (_("The person was told"), date_long(stored.notified_on)),
        (_("Until and including"), date_long(stored.until)),
    ]
    title, text = _("Strike out this decision to extend?"), _("It stays readable, with your reason.")
    return reasoned(page, measure, do, title, text, _("Strike out"), danger=True, facts=facts)
