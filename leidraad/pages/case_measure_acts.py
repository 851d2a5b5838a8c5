"""Acts on a measure: each a form, a page that says what is warned of and who hears of it, and then the act."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.case.models import ReturnCase
from cases.supervision import measure_actions as actions
from cases.supervision.measure_rules import Record, warnings_of
from cases.supervision.measure_states import SECTIONS, CourtKind, LiftReason, Ruling
from cases.supervision.models import CourtFact, Measure, MeasureRung
from leidraad.lib.display import date_time
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from leidraad.lib.stale import conflict_page
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_measure_forms import CorrectForm, CourtForm, LiftForm, MeasureForm, ReasonForm
from leidraad.pages.case_measures import act_url, court_when, may_change, may_note, note_of, receiver, shown, when_words
from leidraad.pages.case_page import to_url

FORM = "pages/case/measure_form.html"
CONFIRM = "pages/case/measure_confirm.html"
ACT = "pages/case/residence_act.html"
CHANGE, OR_CUSTODY = "measures.change", ("custody.change",)
NOTE, OR_NOTE = "measures.note", ("custody.note", "measures.change", "custody.change")


def _list_url(page: OpenCase) -> str:
    return reverse("cases:measures", args=[page.case.number])


def measure_to_change(page: OpenCase, pk: int, *, note: bool = False) -> Measure:
    """A measure that the viewer knows of (else 404) and may change, or note facts of (else 403)."""
    found: Measure = get_object_or_404(shown(page), pk=pk)
    if not (may_note(page, found) if note else may_change(page, found)):
        raise NotAllowed(f"{found.section}.{'note' if note else 'change'}", page.case)
    return found


def _receivers(page: OpenCase, family: str, what: str) -> list[dict[str, str]]:
    return [receiver(unit, what) for unit in actions.hearers(page.case, family, page.request.member)]


def receivers_of(page: OpenCase, measure: Measure, what: str) -> list[dict[str, str]]:
    return _receivers(page, measure.family, what)


# --- imposing and correcting ----------------------------------------------------------------------------------------


@case_page(CHANGE, or_else=OR_CUSTODY)
def impose(page: OpenCase) -> HttpResponse:
    families = [family for family, section in SECTIONS.items() if page.can(f"{section}.change")]
    running = list(Measure.objects.shown_in(page.case, page.access).running().filter(stated=False).for_pages())
    form = MeasureForm(
        _posted(page),
        member=page.request.member,
        families=families,
        running=[one for one in running if may_change(page, one)],
    )

    def do() -> str:
        new = actions.impose(page.case, form.details, by=page.request.member, replaces=form.replaced, ended=form.ended)
        return act_url(page, "measure", new)

    texts = {
        "title": _("Record a measure"),
        "text": _("The form itself is made in the system of the authority. Here you record what was imposed."),
        "question": _("Record this measure?"),
        "button": _("Record the measure"),
        "done": _("The measure is recorded."),
        "what": _("Reads that a measure was recorded, and opens it with its own rights."),
        "cancel_url": _list_url(page),
    }
    return _in_two_pages(page, form, Measure(case=page.case, unit=page.request.member.acting_unit), do, texts)


@case_page(CHANGE, or_else=OR_CUSTODY)
def correct(page: OpenCase, pk: int) -> HttpResponse:
    """Puts the record right; of a measure that a dossier states it is what confirms it."""
    measure = measure_to_change(page, pk)
    here = act_url(page, "measure", measure)
    if measure.voided_at is not None:
        return _struck_out(page, here)
    form = _correct_form(page, measure)
    if form.is_stale:
        return conflict_page(page.request, form, back_url=page.request.path, **page.context(""))
    confirms = measure.stated

    def do() -> str:
        actions.correct(
            measure, form.details, form.cleaned_data["reason"], by=page.request.member, version=form.seen_version
        )
        return here

    texts = {
        "title": _("Confirm the measure of the dossier") if confirms else _("Correct the measure"),
        "text": _(
            "Complete what the dossier does not say, and correct what is not right. The former version stays readable."
        ),
        "question": _("Record it like this?"),
        "button": _("Confirm the measure") if confirms else _("Record the correction"),
        "done": _("The measure is confirmed.") if confirms else _("The measure is corrected."),
        "what": _("Reads that the measure was put right, and opens it with its own rights."),
        "cancel_url": here,
    }
    draft = Measure.objects.for_pages().get(pk=measure.pk)
    return _in_two_pages(page, form, draft, do, texts)


def _correct_form(page: OpenCase, measure: Measure) -> CorrectForm:
    """What the test found is asked of the unit whose measure it is, or who writes it first; of others it is not asked."""
    note: str | None = str(note_of(page, measure))
    if not note and not measure.stated and measure.unit_id != page.request.member.acting_unit_id:
        note = None
    return CorrectForm(_posted(page), record=measure, member=page.request.member, note=note)


def _posted(page: OpenCase) -> Any:
    return page.request.POST if page.request.method == "POST" else None


def _in_two_pages(
    page: OpenCase, form: MeasureForm, draft: Measure, do: Callable[[], str], texts: dict[str, str]
) -> HttpResponse:
    """The form, then what it says, what is warned of and who hears of it. Only the second page records."""
    posted = page.request.POST
    if form.is_bound and form.is_valid():
        try:
            actions.check_details(form.details)
            if "confirm" in posted:
                return to_url(do(), page.request, texts["done"])
            if "back" not in posted:
                return page.render(CONFIRM, "", **_confirming(page, form, draft, texts))
        except Stale as stale:
            newer = CorrectForm(posted, record=stale.current, member=page.request.member, note=None)
            return conflict_page(page.request, newer, back_url=page.request.path, **page.context(""))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    wrong = form.is_bound and "back" not in posted
    return page.render(FORM, "", status=422 if wrong else 200, form=form, **texts)


def _confirming(page: OpenCase, form: MeasureForm, draft: Measure, texts: dict[str, str]) -> dict[str, Any]:
    details = form.details
    measure = actions.fill(draft, details)
    rungs = [MeasureRung(means=one.means, considered=one.considered, why_not=one.why_not) for one in details.rungs]
    court = list(draft.court_facts.all()) if draft.pk else []
    facts: list[tuple[str, object]] = [
        (_("Which measure?"), str(details.kind)),
        (_("Imposed by"), str(measure.get_authority_display())),
        (_("Imposed"), when_words(measure)),
        (_("Where"), measure.place),
    ]
    if form.replaced is not None:
        facts.append((_("Ends at that moment"), str(form.replaced.kind)))
    if form.ended is not None:
        facts.append((_("Ended"), date_time(form.ended.at)))
        measure.lifted_at = form.ended.at
    sent = [(name, value) for name in page.request.POST for value in page.request.POST.getlist(name)]
    return {
        **texts,
        "title": texts["question"],
        "facts": facts,
        "warned": warnings_of(
            Record(measure, page.case, rungs, court, list(draft.extensions.all()) if draft.pk else [])
        ),
        "receivers": _receivers(page, details.kind.family, texts["what"]),
        "hidden": [(name, value) for name, value in sent if name not in ("csrfmiddlewaretoken", "back")],
    }


def _struck_out(page: OpenCase, here: str) -> HttpResponse:
    return to_url(here, page.request, _("This record was struck out. Nothing can be changed about it."))


# --- ending ---------------------------------------------------------------------------------------------------------


@case_page(CHANGE, or_else=OR_CUSTODY)
def lift(page: OpenCase, pk: int) -> HttpResponse:
    measure = measure_to_change(page, pk)

    def do(form: LiftForm) -> str:
        actions.lift(measure, form.lifting, by=page.request.member, version=form.seen_version)
        return _("The end of the measure is recorded.")

    what = _("Reads that the measure ended, and opens it with its own rights.")
    response = act(
        page,
        lambda data, record: LiftForm(data, record=record, reason=_ruled(measure)),
        do,
        ACT,
        record=measure,
        back_url=act_url(page, "measure", measure),
        title=_("Record the end of the measure"),
        facts=summary(measure),
        receivers=_receivers(page, measure.family, what),
        button=_("Record the end"),
        danger=True,
        cancel_url=act_url(page, "measure", measure),
    )
    return _out_of_sight(page, response)


def _ruled(measure: Measure) -> str:
    """What the last ruling proposes as the reason."""
    ruled = [one for one in measure.court_facts.all() if one.kind == CourtKind.RULING and one.voided_at is None]
    return LiftReason.COURT if ruled and ruled[-1].result == Ruling.LIFTED else ""


def _out_of_sight(page: OpenCase, response: HttpResponse) -> HttpResponse:
    """With the measure the part of a police unit may have ended: then the page of the case is no place to go to."""
    if response.status_code == 302 and not ReturnCase.objects.visible_to(page.request.member).filter(pk=page.case.pk):
        response["Location"] = reverse("pages:my-work")
    return response


def summary(measure: Measure) -> list[tuple[str, object]]:
    return [
        (_("Which measure?"), str(measure.kind)),
        (_("Imposed by"), str(measure.get_authority_display())),
        (_("Imposed"), when_words(measure)),
        (_("Where"), measure.place),
    ]


@case_page(CHANGE, or_else=OR_CUSTODY)
def take_back(page: OpenCase, pk: int) -> HttpResponse:
    measure = measure_to_change(page, pk)

    def do(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        actions.take_back_lifting(measure, reason, by=page.request.member, version=form.seen_version)
        return _("The end is taken back: the measure runs.")

    facts = summary(measure)
    if measure.lifted_at is not None:
        facts.append((_("Ended"), date_time(measure.lifted_at)))
    title, text = _("Take back the end?"), _("Only when the measure never ended. The mistake stays in the history.")
    return reasoned(page, measure, do, title, text, _("Take back the end"), facts=facts)


@case_page(CHANGE, or_else=OR_CUSTODY)
def void(page: OpenCase, pk: int) -> HttpResponse:
    measure = measure_to_change(page, pk)

    def do(form: ReasonForm) -> str:
        actions.void(measure, form.cleaned_data["reason"], by=page.request.member, version=form.seen_version)
        return _("The record is struck out. It stays readable.")

    title, text = (
        _("Strike out this record?"),
        _("Only for what should never have been recorded here. It stays readable."),
    )
    return reasoned(page, measure, do, title, text, _("Strike out"), danger=True)


def reasoned(
    page: OpenCase, measure: Measure, do: Callable[[Any], str], title: str, text: str, button: str, **more: Any
) -> HttpResponse:
    what = _("Reads that the measure was put right, and opens it with its own rights.")
    here = act_url(page, "measure", measure)
    context = {"facts": summary(measure), "receivers": _receivers(page, measure.family, what), **more}
    return act(
        page,
        lambda data, record: ReasonForm(data, record=record),
        do,
        ACT,
        record=measure,
        back_url=here,
        title=title,
        text=text,
        button=button,
        cancel_url=here,
        **context,
    )


# --- the court ------------------------------------------------------------------------------------------------------


@case_page(NOTE, or_else=OR_NOTE)
def court(page: OpenCase, pk: int) -> HttpResponse:
    measure = measure_to_change(page, pk, note=True)
    kind = page.request.GET.get("soort", "")

    def do(form: CourtForm) -> str:
        actions.record_court(measure, form.fact, by=page.request.member)
        if form.fact.result == Ruling.LIFTED and measure.is_running:
            return _("The ruling is recorded. The measure runs until an officer records its end.")
        return _("This is recorded: %(what)s.") % {"what": str(CourtKind(form.fact.kind).label).lower()}

    what = _("Reads that a ruling was recorded, if it is a ruling, and opens it with its own rights.")
    return act(
        page,
        lambda data, record: CourtForm(data, record=record, kind=kind if kind in CourtKind.values else ""),
        do,
        ACT,
        record=measure,
        back_url=act_url(page, "measure", measure),
        title=_("Record what the court did"),
        facts=summary(measure),
        receivers=_receivers(page, measure.family, what),
        button=_("Record this"),
        cancel_url=act_url(page, "measure", measure),
    )


@case_page(NOTE, or_else=OR_NOTE)
def void_court(page: OpenCase, pk: int, fact: int) -> HttpResponse:
    measure = measure_to_change(page, pk, note=True)
    stored = get_object_or_404(CourtFact, pk=fact, measure=measure)

    def do(form: ReasonForm) -> str:
        actions.void_court(stored, form.cleaned_data["reason"], by=page.request.member)
        return _("This is struck out. Record the right fact anew.")

    facts: list[tuple[str, object]] = [
        (_("What"), str(stored.get_kind_display())),
        (_("When"), court_when(stored)),
        (_("Court"), stored.court),
    ]
    title, text = _("Strike out this fact of the court?"), _("It stays readable, with your reason.")
    return reasoned(page, measure, do, title, text, _("Strike out"), danger=True, facts=facts)
