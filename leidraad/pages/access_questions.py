"""Asking for a section of a case, and the answer of the responsible unit: a yes opens it for a period, a no says why."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cases.case.access import CAPABILITY_NAMES
from cases.case.access_questions import agree_access, ask_access, decline_access, openings_for
from cases.case.models import AccessRequest
from leidraad.lib.errors import NotPossible
from leidraad.pages.access_forms import AccessForm, AnswerForm
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.case_page import to_detail
from leidraad.pages.refusals import right_in_words
from partners.policy import SENSITIVE, case_sections


@case_page("case.view")
def ask(page: OpenCase) -> HttpResponse:
    """A colleague asks the responsible unit for a right, with a reason. A refused right stands in the address."""
    request = page.request
    capability = request.GET.get("recht", "")
    if capability.partition(".")[0] not in CAPABILITY_NAMES:
        capability = ""
    form = AccessForm(
        request.POST if request.method == "POST" else None, sections=None if capability else _closed(page)
    )
    if form.is_bound and form.is_valid():
        wanted = capability or f"{form.cleaned_data['section']}.view"
        try:
            ask_access(page.case, wanted, form.cleaned_data["reason"], by=request.member)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            sent = _("Your question went to %(unit)s.") % {"unit": page.case.led_by.full_name}
            return to_detail(page.case, request, sent)
    right = right_in_words(capability) if capability else ""
    status = 422 if form.is_bound else 200
    return page.render("pages/case/ask_access.html", "", status=status, form=form, right=right)


def _closed(page: OpenCase) -> list[str]:
    """Sections that are not open to the member. Which of them hold anything in this case is not told."""
    return [one for one in case_sections() if not page.can(f"{one}.view")]


@case_page("case.share")
def answer(page: OpenCase, pk: int) -> HttpResponse:
    """The responsible unit answers a question for access, which ends its task."""
    request = page.request
    related = AccessRequest.objects.select_related("member", "unit__organisation", "case__led_by__organisation")
    asked = get_object_or_404(related, pk=pk, case=page.case)
    openings = openings_for(asked)
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, openings=openings, who=str(asked.member), unit=asked.unit.full_name)
    if form.is_bound and form.is_valid():
        try:
            done = _answered(page, asked, form)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return to_detail(page.case, request, done)
    context = {"form": form, "asked": asked, "right": right_in_words(asked.capability), "openings": openings}
    context["is_sensitive"] = asked.capability.partition(".")[0] in SENSITIVE
    return page.render("pages/case/answer_access.html", "", status=422 if form.is_bound else 200, **context)


def _answered(page: OpenCase, asked: AccessRequest, form: AnswerForm) -> str:
    reason, opening = form.cleaned_data["reason"], form.opening
    if opening is None:
        decline_access(asked, by=page.member, reason=reason)
        return _("Your answer was sent to %(name)s.") % {"name": asked.member}
    agree_access(asked, opening, until=form.until_moment, by=page.member, reason=reason)
    return _("The section is open now, and %(name)s was told.") % {"name": asked.member}
