"""Representatives on the page of the person: the panel, and the acts on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.procedure import representatives as actions
from cases.procedure.models import Representative, RepresentativeInformed
from cases.procedure.representative_forms import (
    ConfirmForm,
    CorrectForm,
    EndForm,
    InformedForm,
    ReplaceForm,
    RepresentativeForm,
    StrikeForm,
)
from cases.procedure.representative_lines import RepresentativeLine, lines_of
from leidraad.lib.display import date_long
from leidraad.lib.errors import NotPossible
from leidraad.lib.stale import VersionedForm
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_url

ACT = "pages/case/residence_act.html"


def panel_of(page: OpenCase) -> dict[str, Any] | None:
    """Lines with what this viewer may do; None where representatives are not the viewer's to see."""
    if not page.can(actions.VIEW):
        return None
    lines = lines_of(page.case, page.member, page.can)
    changes = page.can(actions.CHANGE)
    drawn = [(line, _acts(page, line) if changes else []) for line in lines]
    add = reverse("cases:representative-new", args=[page.case.number]) if changes else ""
    return {"lines": drawn, "add_url": add, "number": page.case.number}


def _acts(page: OpenCase, line: RepresentativeLine) -> list[tuple[str, str]]:
    one = line.one

    def to(name: str, label: str) -> tuple[str, str]:
        return (label, reverse(f"cases:representative-{name}", args=[page.case.number, one.pk]))

    informed, correct = to("informed", _("Record that you informed")), to("correct", pgettext("button", "Correct"))
    if not one.is_running:
        return [informed, correct]
    end = [to("replace", _("Replace")), to("end", pgettext("button", "End"))]
    return [informed, to("confirm", _("Confirm")), *end] if not one.is_confirmed else [informed, correct, *end]


# --- acts -----------------------------------------------------------------------------------------------------------


def _here(page: OpenCase) -> str:
    return reverse("cases:person", args=[page.case.number]) + "#gemachtigden"


def _found(page: OpenCase, pk: int) -> Representative:
    found: Representative = get_object_or_404(Representative.objects.of_case(page.case), pk=pk)
    return found


def _facts(one: Representative) -> list[tuple[str, object]]:
    source = one.source if one.is_confirmed else _("%(source)s, in the dossier") % {"source": one.source}
    return [(str(one.kind), str(one)), (_("Since"), date_long(one.since)), (_("Source"), source)]


@case_page(actions.CHANGE)
def new(page: OpenCase) -> HttpResponse:
    def do(form: RepresentativeForm) -> str:
        started = actions.start_representative(page.case, form.details, by=page.request.member)
        return _("%(name)s is recorded as representative.") % {"name": started.name}

    context = {"title": _("Record a representative"), "button": _("Record representative")}
    return _plain(page, RepresentativeForm(page.request.POST or None), do, **context)


@case_page(actions.CHANGE)
def informed(page: OpenCase, pk: int) -> HttpResponse:
    one = _found(page, pk)

    def do(form: InformedForm) -> str:
        row = actions.record_informed(one, form.informed, by=page.request.member)
        return _("Recorded that %(name)s was informed: %(matter)s.") % {"name": one.name, "matter": row.matter}

    context = {
        "title": _("Record that the representative was informed"),
        "text": _("Only colleagues who may know of the matter itself read this."),
        "facts": _facts(one),
        "button": _("Record"),
    }
    return _plain(page, InformedForm(page.request.POST or None, access=page.access), do, **context)


def _plain(page: OpenCase, form: Any, do: Callable[[Any], str], **context: Any) -> HttpResponse:
    """An act that adds something: nobody can have changed it meanwhile, so there is no version to compare."""
    posted = page.request.method == "POST"
    if posted and form.is_valid():
        try:
            return to_url(_here(page), page.request, do(form))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    return page.render(ACT, "", status=422 if posted else 200, form=form, cancel_url=_here(page), **context)


def _over(
    page: OpenCase,
    one: Representative,
    form: Callable[..., VersionedForm],
    do: Callable[[Any], str],
    **context: Any,
) -> HttpResponse:
    def make(data: Any, record: Representative) -> VersionedForm:
        return form(data, record=record)

    return act(
        page, make, do, ACT, record=one, back_url=_here(page), facts=_facts(one), cancel_url=_here(page), **context
    )


def _stopped(page: OpenCase, one: Representative) -> HttpResponse | None:
    """Said on the page of the person; None while this one still represents somebody."""
    if one.is_running:
        return None
    messages.error(page.request, _("%(name)s is no longer a representative.") % {"name": one.name})
    return redirect(_here(page))


@case_page(actions.CHANGE)
def confirm(page: OpenCase, pk: int) -> HttpResponse:
    one = _found(page, pk)
    if one.is_confirmed and page.request.method == "GET":
        messages.error(page.request, _("%(name)s was confirmed already.") % {"name": one.name})
        return redirect(_here(page))

    def do(form: ConfirmForm) -> str:
        actions.confirm_representative(one, form.details, by=page.request.member, version=form.seen_version)
        return _("%(name)s is confirmed.") % {"name": form.details.name}

    text = _("Complete what the dossier states. From now on it stands as confirmed by your unit.")
    return _stopped(page, one) or _over(
        page, one, ConfirmForm, do, title=_("Confirm the representative"), text=text, button=_("Confirm representative")
    )


@case_page(actions.CHANGE)
def correct(page: OpenCase, pk: int) -> HttpResponse:
    one = _found(page, pk)

    def do(form: CorrectForm) -> str:
        data = form.cleaned_data["reason"]
        actions.correct_representative(one, form.details, data, by=page.request.member, version=form.seen_version)
        return _("Corrected: %(name)s.") % {"name": form.details.name}

    text = _("Only for what was recorded wrongly. Is it somebody else now? Then replace the representative.")
    return _over(
        page,
        one,
        CorrectForm,
        do,
        title=_("Correct the representative"),
        text=text,
        button=pgettext("button", "Correct"),
    )


@case_page(actions.CHANGE)
def replace(page: OpenCase, pk: int) -> HttpResponse:
    one = _found(page, pk)

    def do(form: ReplaceForm) -> str:
        reason, member = form.cleaned_data["reason"], page.request.member
        started = actions.replace_representative(one, form.details, reason, by=member, version=form.seen_version)
        return _("%(new)s now represents the person instead of %(former)s.") % {"new": started.name, "former": one.name}

    text = _("The former one ends on the day before. Who leads the case and who plans something in it is told.")
    return _stopped(page, one) or _over(
        page, one, ReplaceForm, do, title=_("Replace the representative"), text=text, button=_("Replace representative")
    )


@case_page(actions.CHANGE)
def end(page: OpenCase, pk: int) -> HttpResponse:
    one = _found(page, pk)

    def do(form: EndForm) -> str:
        data = form.cleaned_data
        actions.end_representative(
            one, data["until"], data["reason"], by=page.request.member, version=form.seen_version
        )
        words = {"name": one.name, "date": date_long(data["until"])}
        return _("Recorded: %(name)s represented the person until %(date)s.") % words

    return _stopped(page, one) or _over(
        page, one, EndForm, do, title=_("End the representation"), button=_("End representation"), danger=True
    )


@case_page(actions.CHANGE)
def strike(page: OpenCase, pk: int) -> HttpResponse:
    rows = RepresentativeInformed.objects.filter(case=page.case, struck_at=None, unit=page.request.member.acting_unit)
    row: RepresentativeInformed = get_object_or_404(rows.select_related("matter", "representative"), pk=pk)

    def make(data: Any, record: RepresentativeInformed) -> VersionedForm:
        return StrikeForm(data, record=record)

    def do(form: StrikeForm) -> str:
        reason = form.cleaned_data["reason"]
        actions.strike_informed(row, reason, by=page.request.member, version=form.seen_version)
        return _("Struck. It stays readable, with your reason.")

    facts: list[tuple[str, object]] = [
        (_("Informed of"), str(row.matter)),
        (_("Representative"), row.representative.name),
        (_("Informed on"), date_long(row.informed_on)),
    ]
    context = {"title": _("Was this recorded wrongly?"), "facts": facts, "cancel_url": _here(page)}
    return act(page, make, do, ACT, record=row, back_url=_here(page), button=_("Strike"), danger=True, **context)
