"""Recording what no other room records yet, for the guards, and taking it back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.terms.actions import CHANGE, Statement, may_state, state_for_guards, strike_statement
from cases.terms.guards.known import Topic
from cases.terms.models import GuardStatement
from cases.terms.statement_words import TOPICS, VALUES, topic_words
from leidraad.lib.errors import NotPossible
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from leidraad.pages.law.choices import country_field, why_field
from leidraad.pages.statement_lines import line_of, page_url

ACT = "pages/case/residence_act.html"


class StatementForm(Form):
    """One choice says topic and value together, so that nothing can be stated that the topic does not know."""

    what = forms.ChoiceField(label=gettext_lazy("What do you record?"))
    on = DateField(label=gettext_lazy("On which day is that so?"), required_message=gettext_lazy("Fill in the day."))
    until = DateField(label=gettext_lazy("Until when may others rely on it?"), required=False)
    country = country_field(gettext_lazy("Which member state? (protection elsewhere only)"))
    subject_day = DateField(label=gettext_lazy("Day of the birth (birth only)"), required=False)
    source = TextField(
        label=gettext_lazy("Who says so, or in which document does it stand?"),
        max_length=80,
        required_message=gettext_lazy("Write who says so, or in which document it stands."),
        help_text=gettext_lazy("No medical data and nothing about a criminal case: only who and when."),
    )
    required_messages = {"what": gettext_lazy("Choose what you record.")}

    def __init__(self, data: Any, topics: Sequence[Topic]) -> None:
        super().__init__(data)
        groups = [
            (TOPICS[topic], [(f"{topic}.{value}", label) for value, label in VALUES[topic].items()]) for topic in topics
        ]
        choices: Any = [("", gettext_lazy("Choose")), *groups]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if Topic.PROTECTION not in topics:
            del self.fields["country"]
        if Topic.BIRTH not in topics:
            del self.fields["subject_day"]

    @property
    def statement(self) -> Statement:
        data = self.cleaned_data
        topic, _dot, value = data["what"].partition(".")
        more = {name: data.get(name) for name in ("until", "subject_day")}
        return Statement(topic, value, data["on"], data["source"], country=data.get("country") or "", **more)


class StrikeForm(Form):
    reason = why_field(pgettext_lazy("statement", "Why was this recorded wrongly?"))


@case_page(CHANGE)
def state(page: OpenCase) -> HttpResponse:
    chosen = page.request.GET.get("over", "")
    topics = [one for one in Topic if may_state(page.access, one)]
    if chosen in topics:
        topics = [Topic(chosen)]
    form = StatementForm(page.request.POST if page.request.method == "POST" else None, topics)
    if form.is_bound and form.is_valid():
        try:
            row = state_for_guards(page.case, form.statement, by=page.request.member)
            done = _("Recorded: %(name)s.") % {"name": topic_words(row.topic)}
            return to_url(page_url(page), page.request, done)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return page.render(
        ACT,
        "",
        status=422 if form.is_bound else 200,
        form=form,
        title=_("Record a new fact"),
        text=_("What you record here counts for the guards at once. An older statement stays readable."),
        button=_("Record the fact"),
        cancel_url=page_url(page),
    )


@case_page(CHANGE)
def strike(page: OpenCase, pk: int) -> HttpResponse:
    row = GuardStatement.objects.filter(case=page.case, pk=pk).first()
    if row is None or not may_state(page.access, Topic(row.topic)):
        raise Http404
    form = StrikeForm(page.request.POST if page.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            strike_statement(row, form.cleaned_data["reason"], by=page.request.member)
            return to_url(page_url(page), page.request, _("Taken back. An older statement counts again."))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return page.render(
        ACT,
        "",
        status=422 if form.is_bound else 200,
        form=form,
        title=_("Take back what was recorded"),
        text=line_of(page, row).words,
        button=_("Take back"),
        danger=True,
        cancel_url=page_url(page),
    )
