"""Signing out, choosing for which unit to work, and in which language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from leidraad.lib.audit import save_as
from leidraad.lib.events import shows_nobody
from partners.forms import DisplayForm, LanguageForm
from partners.http import UserRequest, signed_in
from partners.middleware import SESSION_KEY, keep_language
from partners.models import Member, Membership
from partners.reference_data import DEMO_PASSWORD
from partners.sign_in.arriving import HOME, safe_next


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
