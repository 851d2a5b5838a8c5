"""Recording remedies, hearings and rulings, for one person or for those of a household who share them."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cases.case.models import ReturnCase
from cases.procedure.actions import remedies as actions
from cases.procedure.effect_words import effect_words
from cases.procedure.models import Decision, Hearing, Remedy
from leidraad.lib.display import date_long, date_time
from leidraad.lib.errors import NotPossible
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url
from leidraad.pages.law.acts import ACT, CONFIRM, adding, found, hears, here, over, relatives, sent
from leidraad.pages.law.forms_course import EffectForm, HearingForm, RemedyForm, RulingForm, WhyForm
from leidraad.pages.law.page import CHANGE

ANCHOR = "besluiten"


@case_page(CHANGE)
def new(page: OpenCase, pk: int) -> HttpResponse:
    """Two pages: what was lodged, then what the law says that it does to removal. Only the second records."""
    request, decision = page.request, found(page, Decision, pk)
    same = _same_decisions(decision, relatives(page))
    form = RemedyForm(
        request.POST if request.method == "POST" else None, decision, family=[one.case for one in same.values()]
    )
    goes_back = "back" in request.POST
    if form.is_bound and not goes_back and form.is_valid():
        decisions = [decision, *(same[case.pk] for case in form.chosen_others())]
        try:
            if "confirm" in request.POST:
                actions.lodge_remedy(decisions, form.new, by=request.member)
                return to_url(here(page, ANCHOR), request, _("The remedy is recorded."))
            return page.render(CONFIRM, "", **_before(page, form, decisions))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    context = {
        "title": _("Record a remedy"),
        "text": _("On the next page you see what it does to removal, and by which rule."),
        "facts": _facts(decision),
        "button": _("Continue"),
        "cancel_url": here(page, ANCHOR),
    }
    return page.render(ACT, "", status=422 if form.is_bound and not goes_back else 200, form=form, **context)


def _same_decisions(decision: Decision, family: Iterable[ReturnCase]) -> dict[int, Decision]:
    """The decision of the same kind and day of each relative, by case. One query."""
    cases = {case.pk: case for case in family}
    rows = Decision.objects.standing().filter(case__in=cases, kind=decision.kind, decided_on=decision.decided_on)
    same = {one.case_id: one for one in rows.select_related("kind", "procedure__kind")}
    for pk, one in same.items():
        one.case = cases[pk]
    return same


def _before(page: OpenCase, form: RemedyForm, decisions: list[Decision]) -> dict[str, Any]:
    new, cases = form.new, [one.case for one in decisions]
    proposed = actions.check_remedy(decisions[0], new)
    rule = new.rule or proposed.rule
    warnings = []
    if proposed.late:
        warnings.append(_("This was lodged after its term. It is recorded, and by the rule it suspends nothing."))
    if proposed.late is None and proposed.rule.code not in ("ecthr", "higher_appeal"):
        warnings.append(
            _("Whether it is in time is not known: the notification is not recorded, or the sources name no term.")
        )
    if rule.confidence != "H":
        warnings.append(_("The text of this rule was not checked against the present law."))
    return {
        "title": _("Record this remedy?"),
        "facts": [
            (_("For"), ", ".join(case.person.full_name for case in cases)),
            (_("Remedy"), dict(form.fields["kind"].choices)[new.kind]),  # type: ignore[attr-defined]  # a choice field
            (_("Lodged on"), date_long(new.lodged_on)),
            (_("Effect on removal"), effect_words(new.kind, rule.effect)),
            (_("By which rule"), rule.in_full),
        ],
        "warnings": warnings,
        "receivers": hears(page, cases),
        "button": _("Record the remedy"),
        "hidden": sent(page.request.POST),
        "cancel_url": here(page, ANCHOR),
    }


@case_page(CHANGE)
def hearing(page: OpenCase, pk: int) -> HttpResponse:
    remedy = found(page, Remedy, pk)

    def do(form: HearingForm) -> str:
        at = form.cleaned_data["at"]
        actions.plan_hearing(
            remedy, at, by=page.request.member, place=form.cleaned_data["court_room"], version=form.seen_version
        )
        return _("The hearing of %(when)s is recorded.") % {"when": date_time(at)}

    context = {"title": _("Record a hearing"), "button": _("Record"), "facts": _facts_of(remedy)}
    return over(page, remedy, HearingForm, do, anchor=ANCHOR, **context)


@case_page(CHANGE)
def cancel_hearing(page: OpenCase, pk: int) -> HttpResponse:
    row = Hearing.objects.filter(remedy__case=page.case, pk=pk).select_related("remedy").first()
    if row is None:
        raise Http404
    one: Hearing = row
    one.remedy.case = page.case

    def do(form: WhyForm) -> str:
        actions.cancel_hearing(one, form.cleaned_data["reason"], by=page.request.member)
        return _("Recorded that the hearing of %(when)s does not go on.") % {"when": date_time(one.at)}

    form = WhyForm(page.request.POST if page.request.method == "POST" else None)
    context = {
        "title": _("The hearing does not go on"),
        "button": _("Record"),
        "facts": [(_("Hearing"), date_time(one.at))],
    }
    return adding(page, form, do, anchor=ANCHOR, **context)


@case_page(CHANGE)
def ruling(page: OpenCase, pk: int) -> HttpResponse:
    remedy = found(page, Remedy, pk)
    same = _same_remedies(remedy, relatives(page))

    def make(data: Any, record: Remedy) -> RulingForm:
        return RulingForm(data, record, family=[one.case for one in same.values()])

    def do(form: RulingForm) -> str:
        data, member = form.cleaned_data, page.request.member
        ruled = [remedy, *(same[case.pk] for case in form.chosen_others())]
        actions.record_ruling(ruled, data["on"], data["ruling"], by=member, version=form.seen_version)
        return _("The ruling of %(date)s is recorded.") % {"date": date_long(data["on"])}

    context = {"title": _("Record the ruling"), "button": _("Record the ruling"), "facts": _facts_of(remedy)}
    return over(page, remedy, make, do, anchor=ANCHOR, **context)


def _same_remedies(remedy: Remedy, family: Iterable[ReturnCase]) -> dict[int, Remedy]:
    cases = {case.pk: case for case in family}
    rows = Remedy.objects.open().filter(case__in=cases, kind=remedy.kind, lodged_on=remedy.lodged_on)
    same = {one.case_id: one for one in rows.select_related("decision")}
    for pk, one in same.items():
        one.case = cases[pk]
    return same


@case_page(CHANGE)
def effect(page: OpenCase, pk: int) -> HttpResponse:
    remedy = found(page, Remedy, pk)

    def do(form: EffectForm) -> str:
        data = form.cleaned_data
        actions.change_effect(remedy, data["effect"], data["reason"], by=page.request.member, version=form.seen_version)
        return _("The effect is changed.")

    context = {"title": _("Change the effect on removal"), "button": _("Change the effect"), "facts": _facts_of(remedy)}
    return over(page, remedy, EffectForm, do, anchor=ANCHOR, **context)


def _facts(decision: Decision) -> list[tuple[str, object]]:
    return [
        (_("Decision"), decision.kind.in_full),
        (_("Decided on"), date_long(decision.decided_on)),
        (_("Made known on"), date_long(decision.notified_on)),
    ]


def _facts_of(remedy: Remedy) -> list[tuple[str, object]]:
    return [
        (_("Remedy"), str(remedy)),
        (_("Against"), remedy.decision.kind.in_full),
        (_("Lodged on"), date_long(remedy.lodged_on)),
        (_("Effect on removal"), effect_words(remedy.kind, remedy.effect)),
    ]
