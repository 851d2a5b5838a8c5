"""One thing that was done although it was held back: read by both units, answered once by each. It names no person."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from cases.case.access import access_of
from cases.case.models import ReturnCase
from cases.departure.actions import GUARDS
from cases.terms.incidents import ANSWER, VIEW, may_reply, reply
from cases.terms.models import Incident
from leidraad.lib import events
from leidraad.lib.errors import NotPossible
from leidraad.lib.models import EventKind
from leidraad.pages.departure.forms import ReplyForm
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import require_to


def _of(member: Member, pk: int) -> Incident:
    """An incident of the member's own unit, or of a case in sight; else 404."""
    found: Incident = get_object_or_404(
        Incident.objects.select_related("lead__organisation", "unit__organisation", "judgement"), pk=pk
    )
    ours = member.acting_unit_id in (found.lead_id, found.unit_id)
    if not ours:
        get_object_or_404(ReturnCase.objects.visible_to(member), pk=found.case_id)
    return found


@signed_in
def incident(request: UserRequest, pk: int) -> HttpResponse:
    member = request.member
    found = _of(member, pk)
    require_to(member, ANSWER if request.method == "POST" else VIEW)
    case = ReturnCase.objects.visible_to(member).filter(pk=found.case_id).first()
    if request.method == "GET":
        events.record(EventKind.READ, member, case=case, route="incidents:detail", detail={"incident": found.pk})
    may = may_reply(found, member)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            reply(found, form.cleaned_data["text"], by=member)
            messages.success(request, _("Your answer is recorded. Your task for this is done."))
            return redirect("incidents:detail", pk)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    context = {
        "incident": found,
        "case": case,
        "replies": found.replies.select_related("unit__organisation", "member").order_by("pk"),
        "form": form if may or form.is_bound else None,
        "waiting": [
            unit
            for unit in {one.pk: one for one in (found.lead, found.unit)}.values()
            if not found.replies.filter(unit=unit).exists()
        ],
        "judged": case is not None and access_of(member, case).can(GUARDS),
    }
    return render(request, "pages/incident.html", context, status=422 if form.is_bound else 200)
