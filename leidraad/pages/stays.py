"""The lists behind the stays on *Mijn werk*, of the member's own site: /verblijven/."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.reception.rights import require_works_on_stays
from leidraad.lib import events
from leidraad.lib.pagination import keyset_page
from leidraad.pages.people import named_cases
from leidraad.pages.work_reception import ARRIVALS, EMPTY, ORDERS, TITLES, lines_of, placements_of
from partners.http import UserRequest, signed_in


@require_GET
@signed_in
def stays(request: UserRequest) -> HttpResponse:
    """Which list stands in the address; a word that names none is the first one."""
    require_works_on_stays(request.member)
    which = request.GET.get("toon", "")
    which = which if which in TITLES else ARRIVALS
    rows = placements_of(request.member, which)
    page = keyset_page(rows, order=ORDERS[which], after=request.GET.get("after"))
    cases = named_cases(request.member, (placement.case_id for placement in page.rows))
    events.record_list(request, len(page.rows), filters=("toon",))
    context = {
        "which": which,
        "tabs": TITLES.items(),
        "title": TITLES[which],
        "lines": lines_of(which, page.rows, cases),
        "empty": EMPTY[which],
        "page": page,
    }
    return render(request, "pages/stays.html", context)
