"""Emergency access: opening one case for an hour, and the list that auditor and privacy officer look through."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.case.emergency import open_emergency, running_for
from cases.case.models import NamedAccess, ReturnCase
from cases.case.models.access import WHOLE_CASE
from cases.case.search import case_number
from leidraad.lib import events
from leidraad.lib.display import date_time, time_of_day
from leidraad.lib.errors import NotPossible
from leidraad.lib.forms import Form, TextField
from leidraad.lib.models import EventKind
from leidraad.lib.pagination import keyset_page
from leidraad.pages.access_words import section_names
from leidraad.pages.people import case_url
from partners.http import UserRequest, signed_in
from partners.policy import case_sections, emergency_sections, require_to


class EmergencyForm(Form):
    number = TextField(
        label=gettext_lazy("Case number or V-number"),
        max_length=30,
        required_message=gettext_lazy("Fill in the case number or the V-number."),
    )
    reason = TextField(
        label=gettext_lazy("Why can this not wait?"),
        max_length=200,
        rows=3,
        required_message=gettext_lazy("Write why this cannot wait."),
    )


@signed_in
@never_cache
def emergency(request: UserRequest) -> HttpResponse:
    """Asks number and reason, says who will know of it, and opens the case. Every try is in the log."""
    member = request.member
    require_to(member, "emergency.open")
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        own = ReturnCase.objects.visible_to(member).filter(number=case_number(form.cleaned_data["number"])).first()
        if own is not None:
            messages.info(request, _("You see this case already. Emergency access is not needed."))
            return redirect(case_url(own.number))
        try:
            case = open_emergency(form.cleaned_data["number"], by=member, reason=form.cleaned_data["reason"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.warning(request, _("Emergency access is open. The responsible unit was told just now."))
            return redirect(case_url(case.number))
    opening = emergency_sections(member.acting_organisation, member.acting_role)
    context = {
        "form": form,
        "minutes": settings.LEIDRAAD_EMERGENCY_MINUTES,
        "sections": section_names(section for section in case_sections() if section in opening),
        "running": [
            (one.case_number, case_url(one.case_number), time_of_day(one.until)) for one in running_for(member)
        ],
    }
    return render(request, "pages/emergency.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True)
class ReviewLine:
    since: str
    who: str
    case_number: str
    reason: str
    until: str
    is_running: bool


@require_GET
@signed_in
def review(request: UserRequest) -> HttpResponse:
    """Who opened which case when and why. No content of a case, and no link to one."""
    require_to(request.member, "emergency.review")
    found = NamedAccess.objects.filter(section=WHOLE_CASE).select_related("member", "unit__organisation")
    page = keyset_page(found, order=("-since", "-id"), after=request.GET.get("after"))
    events.record(EventKind.READ, request.member, route="pages:emergency-review", detail={"rows": len(page.rows)})
    return render(request, "pages/emergency_review.html", {"page": page, "lines": [_line(one) for one in page.rows]})


def _line(one: NamedAccess) -> ReviewLine:
    return ReviewLine(
        date_time(one.since),
        f"{one.member}, {one.unit.full_name}" if one.unit else str(one.member),
        one.case_number,
        one.ground,
        date_time(one.ended_at or one.until),
        one.is_running,
    )
