"""Signing in and out, choosing for which unit to work, and in which language."""

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from leidraad.lib import clock
from leidraad.lib.audit import request_id, save_as
from leidraad.lib.events import shows_nobody
from leidraad.lib.models import Event
from partners import attempts
from partners.forms import DisplayForm, LanguageForm, SignInForm
from partners.http import UserRequest, signed_in
from partners.middleware import SESSION_KEY, keep_language
from partners.models import Member, Membership
from partners.reference_data import DEMO_PASSWORD

HOME = "/"
LAST_VISIT = "last_visit"


def safe_next(request: HttpRequest) -> str:
    """The page asked for in `next`, when it lies on this site; otherwise nothing."""
    target = str(request.POST.get("next") or request.GET.get("next") or "")
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if allowed else ""


def last_visit_of(member: Member) -> datetime | None:
    """The member's last logged act before today, for "changed since": signing in twice a day hides nothing."""
    today = clock.at(clock.today(), time.min)
    earlier = Event.objects.filter(member_id=member.pk, at__lt=today)
    found: datetime | None = earlier.aggregate(last=Max("at"))["last"]
    return found


class SignIn(LoginView):
    """The local sign-in. Who may work for several units chooses one before anything else opens."""

    template_name = "partners/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        member = form.get_user()
        visit = last_visit_of(member) if isinstance(member, Member) else None
        super().form_valid(form)
        if visit is not None:
            self.request.session[LAST_VISIT] = visit.isoformat()
        target = safe_next(self.request)
        if isinstance(member, Member) and len(member.valid_memberships[:2]) > 1:
            choose = reverse("partners:work-as")
            return redirect(f"{choose}?{urlencode({'next': target})}" if target else choose)
        return HttpResponseRedirect(target or HOME)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if form.has_error(NON_FIELD_ERRORS, "too_often"):
            words = {"service_desk": settings.LEIDRAAD_SERVICE_DESK, "request_id": request_id.get()}
            response = render(self.request, "429.html", words, status=429)
            response["Retry-After"] = str(attempts.PAUSE)
            return response
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"service_desk": settings.LEIDRAAD_SERVICE_DESK, "is_demo": settings.LEIDRAAD_DEMO}


def demo_accounts(request: HttpRequest) -> HttpResponse:
    """Who can sign in to the demonstration. Does not exist anywhere else."""
    if not settings.LEIDRAAD_DEMO:
        raise Http404
    found = Membership.objects.filter(member__is_demo=True, member__is_active=True, valid_until=None)
    memberships = found.select_related("member", "unit__organisation", "role").order_by("pk")
    return render(request, "partners/demo_accounts.html", {"memberships": memberships, "password": DEMO_PASSWORD})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("partners:sign-in")


@signed_in
def work_as(request: UserRequest) -> HttpResponse:
    """Choose one of one's own valid memberships; any other answers as if it did not exist."""
    if request.method != "POST":
        return render(request, "partners/work_as.html", {"next": safe_next(request)})
    chosen = str(request.POST.get("membership", ""))
    if not chosen.isdecimal() or len(chosen) > 18:
        raise Http404
    membership = get_object_or_404(request.member.valid_memberships, pk=int(chosen))
    request.session[SESSION_KEY] = membership.pk
    return HttpResponseRedirect(safe_next(request) or HOME)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Kept with the member, history included; in a cookie for who has not signed in yet."""
    form = LanguageForm(request.POST)
    response = HttpResponseRedirect(safe_next(request) or HOME)
    if not form.is_valid():
        return response
    chosen = form.cleaned_data["language"]
    member: Member | None = getattr(request, "member", None)
    if member is not None and member.language != chosen:
        member.language = chosen
        save_as(member, by=member, reason=gettext_noop("Language chosen"), update_fields=["language"])
    keep_language(response, chosen)
    return response


@signed_in
@shows_nobody
@require_http_methods(["GET", "POST"])
def display(request: UserRequest) -> HttpResponse:
    """Language and shortcuts, kept with the member, history included."""
    member = request.member
    now = {"language": member.language, "shortcuts_on": member.shortcuts_on}
    form = DisplayForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method != "POST" or not form.is_valid():
        return render(request, "partners/display.html", {"form": form}, status=422 if form.is_bound else 200)
    changed = [name for name, value in now.items() if form.cleaned_data[name] != value]
    for name in changed:
        setattr(member, name, form.cleaned_data[name])
    if changed:
        save_as(member, by=member, reason=gettext_noop("Display changed"), update_fields=changed)
    with translation.override(member.language):
        messages.success(request, _("Saved. This holds on every device."))
    response = redirect("partners:display")
    keep_language(response, member.language)
    return response
