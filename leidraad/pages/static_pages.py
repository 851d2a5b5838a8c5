"""Pages that say how Leidraad itself works, and where the start page sends whom."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from leidraad.lib.events import shows_nobody
from leidraad.pages.navigation import draw, menu_of, start_url
from partners.http import UserRequest, signed_in
from partners.models import Unit
from partners.policy import may_do


@signed_in
@shows_nobody
def home(request: UserRequest) -> HttpResponse:
    """The first screen of the member's role."""
    return redirect(start_url(request.member))


@signed_in
@shows_nobody
def shortcuts(request: UserRequest) -> HttpResponse:
    return render(request, "pages/shortcuts.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html", {"service_desk": settings.LEIDRAAD_SERVICE_DESK})


@signed_in
@shows_nobody
def help_page(request: UserRequest) -> HttpResponse:
    """Whom to call: the service desk for the program, DT&V's intake for a case one cannot find."""
    intake = Unit.objects.valid().filter(code="dtv-ilc").select_related("organisation").first()
    may_refer = may_do(request.member, "referrals.file")
    context = {"service_desk": settings.LEIDRAAD_SERVICE_DESK, "intake": intake, "may_refer": may_refer}
    return render(request, "pages/help.html", context)


@signed_in
@shows_nobody
def more(request: UserRequest) -> HttpResponse:
    """The phone's fourth place: everything that is not in the bar."""
    return render(request, "pages/more.html", {"entries": draw(menu_of(request.member), request.path, {})})
