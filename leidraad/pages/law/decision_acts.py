"""Recording decisions, their notification, what replaces them and their departure period."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from cases.case.models import ReturnCase
from cases.case.nationalities import country_name
from cases.procedure.actions import decisions as actions
from cases.procedure.actions.decisions import NewDecision
from cases.procedure.minors import may_be_minor
from cases.procedure.models import Decision
from leidraad.lib import clock
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from leidraad.pages.law.acts import ACT, CONFIRM, found, hears, here, over, relatives, sent
from leidraad.pages.law.forms import DecisionForm, NotifyForm, PeriodForm, ReplaceDecisionForm
from leidraad.pages.law.page import CHANGE

ANCHOR = "besluiten"


@case_page(CHANGE)
def new(page: OpenCase) -> HttpResponse:
    """Two pages: what was decided, then for whom it is stored and what the recorder should know. Only the second records."""
    request = page.request
    form = DecisionForm(request.POST if request.method == "POST" else None, case=page.case, family=relatives(page))
    goes_back = "back" in request.POST
    if form.is_bound and not goes_back and form.is_valid():
        cases = [page.case, *form.chosen_others()]
        try:
            if "confirm" in request.POST:
                actions.record_decision(cases, form.new, by=request.member, exceptions=_exceptions(form))
                return to_url(here(page, ANCHOR), request, _("The decision is recorded."))
            actions.check_decision(form.new)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return page.render(CONFIRM, "", **_before(page, form, cases))
    context = {
        "title": _("Record a decision"),
        "text": _(
            "Leidraad is not the register: record what was decided there. On the next page you see it once more."
        ),
        "button": _("Continue"),
        "cancel_url": here(page, ANCHOR),
    }
    return page.render(ACT, "", status=422 if form.is_bound and not goes_back else 200, form=form, **context)


def _exceptions(form: DecisionForm) -> actions.Exceptions | None:
    return form.exceptions if "without_ban" in form.fields else None


def _before(page: OpenCase, form: DecisionForm, cases: list[ReturnCase]) -> dict[str, Any]:
    decision = form.new
    without = form.exceptions.without_ban if "without_ban" in form.fields else frozenset()
    minors = {
        case.person.full_name: may_be_minor(case.person, clock.today()) for case in cases if case.pk not in without
    }
    return {
        "title": _("Record this decision?"),
        "facts": facts_of(decision, cases, without),
        "warnings": actions.warnings_of(decision, minors),
        "receivers": hears(page, cases),
        "button": _("Record the decision"),
        "hidden": sent(page.request.POST),
        "cancel_url": here(page, ANCHOR),
    }


def facts_of(
    decision: NewDecision, cases: list[ReturnCase], without: frozenset[int] = frozenset()
) -> list[tuple[str, object]]:
    """What will be stored, for each person, in words."""
    facts: list[tuple[str, object]] = [
        (_("For"), ", ".join(case.person.full_name for case in cases)),
        (_("Decision"), decision.kind.in_full),
        (_("Decided on"), date_long(decision.decided_on)),
    ]
    if decision.notification is not None:
        facts.append((_("Made known on"), date_long(decision.notification.on)))
    if decision.is_return_decision:
        facts.append((_("Country of return"), ", ".join(country_name(code) for code in decision.countries)))
        facts.append((_("Departure period in days"), decision.period_days))
    if decision.ban_years is not None:
        spared = [case.person.full_name for case in cases if case.pk in without]
        facts.append((_("Entry ban in years"), decision.ban_years))
        if spared:
            facts.append((_("No entry ban for"), ", ".join(spared)))
    return facts


@case_page(CHANGE)
def notify(page: OpenCase, pk: int) -> HttpResponse:
    decision = found(page, Decision, pk)

    def do(form: NotifyForm) -> str:
        told = form.notification
        if told is None:  # the form has refused this already
            raise NotPossible(_("Fill in the day on which it was made known."))
        reason = form.cleaned_data.get("reason", "")
        actions.notify_decision(decision, told, by=page.request.member, reason=reason, version=form.seen_version)
        return _("Recorded that the decision was made known on %(date)s.") % {"date": date_long(told.on)}

    context = {"title": _("Record the notification"), "button": _("Record"), "facts": _facts(decision)}
    return over(page, decision, NotifyForm, do, anchor=ANCHOR, **context)


@case_page(CHANGE)
def replace(page: OpenCase, pk: int) -> HttpResponse:
    decision = found(page, Decision, pk)

    def do(form: ReplaceDecisionForm) -> str:
        data = form.cleaned_data
        actions.replace_decision(
            decision,
            form.new,
            data["reason"],
            by=page.request.member,
            correction=data["correction"] == "yes",
            version=form.seen_version,
        )
        return _("The decision is replaced. The former one stays readable.")

    context = {
        "title": _("Replace or correct a decision"),
        "text": _("Nothing is written over: the former decision stays on the page with your reason."),
        "button": _("Replace the decision"),
        "facts": _facts(decision),
    }
    return over(page, decision, ReplaceDecisionForm, do, anchor=ANCHOR, **context)


@case_page(CHANGE)
def period(page: OpenCase, pk: int) -> HttpResponse:
    decision = found(page, Decision, pk)

    def do(form: PeriodForm) -> str:
        data = form.cleaned_data
        actions.change_period(
            decision,
            data["ground"],
            data["decided_on"],
            data["until"],
            by=page.request.member,
            reason=data["reason"],
            version=form.seen_version,
        )
        return _("The departure period ends on %(date)s now.") % {"date": date_long(data["until"])}

    context = {"title": _("Change the departure period"), "button": _("Record"), "facts": _facts(decision)}
    return over(page, decision, PeriodForm, do, anchor=ANCHOR, **context)


def _facts(decision: Decision) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("Decision"), decision.kind.in_full),
        (_("Decided on"), date_long(decision.decided_on)),
    ]
    if decision.period_days is not None:
        facts.append((_("Departure period until"), date_long(decision.period_ends_on)))
    return facts
