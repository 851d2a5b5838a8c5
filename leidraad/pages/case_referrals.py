"""What reporters told DT&V about the person, for the responsible unit: matched to this case by intake."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.case.models import Task
from handover.models import ReferralJudgement
from handover.referrals.judging import mark_read
from leidraad.pages.case_frame import OpenCase, case_page


@require_http_methods(["GET", "POST"])
@case_page("referrals.view")
def referrals(page: OpenCase) -> HttpResponse:
    """With a button that ends the task of reading one."""
    judgements = list(ReferralJudgement.objects.of_case(page.case))
    if page.request.method == "POST":
        chosen = next((one for one in judgements if str(one.pk) == page.request.POST.get("referral")), None)
        if chosen is not None:
            mark_read(chosen, page.case, by=page.member)
            messages.success(page.request, _("Your task to read this referral is done."))
        return redirect("cases:referrals", page.case.number)
    sources = {one.referral.source: one.referral_id for one in judgements}
    tasks = Task.objects.open().filter(source__in=sources, unit=page.member.acting_unit_id)
    return page.render(
        "pages/case/referrals.html",
        "referrals",
        judgements=judgements,
        unread={sources[source] for source in tasks.values_list("source", flat=True)},
        may_share=page.can("case.share"),
    )
