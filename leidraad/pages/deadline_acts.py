"""Acts on one term of a case: no longer watch it, watch it again, and the way to the fact that it started from."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from cases.terms.deadlines import Start, starts_of
from cases.terms.watching import may_change, stop_watching, watch_again
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.forms import Form
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from leidraad.pages.deadline_begin import fact_of
from leidraad.pages.deadline_lines import DeadlineLine, lines_of, with_watching
from leidraad.pages.law.choices import why_field

ACT = "pages/case/residence_act.html"


class UnwatchForm(Form):
    reason = why_field(pgettext_lazy("term", "Why does this term need no watching?"))


class WatchForm(Form):
    reason = why_field(pgettext_lazy("term", "Why should this term be watched again?"))


def asked_term(page: OpenCase) -> tuple[Start, DeadlineLine]:
    """The term that the address names. Http404 for one that the reader may not know of, which is as if it were not there."""
    key = page.request.GET.get("termijn", "")
    starts = starts_of([page.case.pk])[page.case.pk]
    start = next((one for one in starts if one.key == key and one.may_be_known(page.can)), None)
    if start is None:
        raise Http404
    return start, with_watching(lines_of([start], page.can), page.case.pk, ())[0]


def _changeable(page: OpenCase) -> DeadlineLine:
    start, line = asked_term(page)
    if not may_change(page.access, start.sees):
        raise NotAllowed("case.change", page.case)
    return line


def terms_url(page: OpenCase) -> str:
    return reverse("cases:deadlines", args=[page.case.number])


@case_page()
def unwatch(page: OpenCase) -> HttpResponse:
    line = _changeable(page)
    form = UnwatchForm(page.request.POST if page.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            stop_watching(page.case, line.key, line.due, form.cleaned_data["reason"], by=page.request.member)
            done = _("Nobody is reminded of this term any more: %(term)s.") % {"term": line.title}
            return to_url(terms_url(page), page.request, done)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return _render(
        page,
        line,
        form,
        title=_("Stop watching a term"),
        text=_(
            "Nobody is reminded of this term any more, and lists say so with your name and reason. It changes no day and"
            " lifts no guard: those follow from recorded facts. When the term gets another last day, it is watched again."
        ),
        button=_("Stop watching"),
        danger=True,
    )


@case_page()
def watch(page: OpenCase) -> HttpResponse:
    line = _changeable(page)
    form = WatchForm(page.request.POST if page.request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            watch_again(page.case, line.key, form.cleaned_data["reason"], by=page.request.member)
            done = _("This term is watched again: %(term)s.") % {"term": line.title}
            return to_url(terms_url(page), page.request, done)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    text = _("From now on people are reminded of this term again.")
    return _render(page, line, form, title=_("Watch a term again"), text=text, button=_("Watch again"))


def _render(page: OpenCase, line: DeadlineLine, form: Form, **more: Any) -> HttpResponse:
    facts = [(_("Term"), line.title)]
    if line.due:
        facts.append((_("Ends on"), date_long(line.due)))
    if line.unwatched:
        facts.append((_("Not watched"), f"{line.unwatched.reason} ({line.unwatched.who})"))
    return page.render(
        ACT,
        "",
        status=422 if form.is_bound else 200,
        form=form,
        facts=facts,
        cancel_url=terms_url(page),
        **more,
    )


@require_GET
@case_page()
def begin(page: OpenCase) -> HttpResponse:
    """Where the start of a term is changed: at the fact itself. Nothing is changed here, or there would be two truths."""
    start, line = asked_term(page)
    return page.render(
        "pages/case/deadline_begin.html",
        "deadlines",
        line=line,
        fact=fact_of(page, start),
        back_url=terms_url(page),
    )
