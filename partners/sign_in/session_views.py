"""Where one is signed in, the lock, and forms that were not saved."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leidraad.lib import events
from leidraad.lib.events import shows_nobody
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.sign_in import idle, parked, sessions


@signed_in
@shows_nobody
def own_sessions(request: UserRequest) -> HttpResponse:
    shown = sessions.of_member(request.member, request.session.session_key)
    return render(request, "partners/sessions.html", {"sessions": shown})


@signed_in
@require_POST
def end_session(request: UserRequest) -> HttpResponse:
    """One of one's own; of others it is answered as if it did not exist."""
    if not sessions.end_one(request.member, _number(request, "session")):
        raise Http404
    events.record(EventKind.SESSION_ENDED, request.member, detail={"how": "by_member"})
    messages.success(request, _("That session has ended."))
    return redirect("partners:sessions")


@signed_in
@require_POST
def sign_out_everywhere(request: UserRequest) -> HttpResponse:
    count = sessions.end_all(request.member)
    events.record(EventKind.SESSION_ENDED, request.member, detail={"how": "everywhere", "count": count})
    logout(request)
    return redirect("partners:sign-in")


@require_http_methods(["GET", "POST"])
def session_state(request: HttpRequest) -> HttpResponse:
    """For the script that warns: how long ago the last sign of life was. POST is one."""
    if getattr(request, "member", None) is None:
        return JsonResponse({"signed_in": False})
    if request.method == "POST":
        idle.seen(request)
    response = JsonResponse({"signed_in": True, "idle": round(idle.idle_seconds(request))})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """By the button at once; by script after the time, with the form that was being filled in.

    A machine that slept sends it after the lock has fallen: then it is parked for the member it fell for.
    """
    member: Member | None = getattr(request, "member", None)
    owner = member.pk if member is not None else request.session.get(idle.LOCKED, {}).get("member")
    page, action = idle.place_of(request), request.POST.get("action", "")
    if owner and action.startswith("/") and request.POST.get("fields"):
        parked.park(owner, page or action, action, QueryDict(request.POST["fields"]))
    if member is not None:
        idle.lock(request, member, "by_script" if request.POST.get("by") == "script" else "by_member", page)
    return redirect("partners:sign-in")


@signed_in
def unsaved(request: UserRequest) -> HttpResponse:
    return render(request, "partners/unsaved.html", {"forms_kept": list(parked.of_member(request.member))})


@signed_in
@require_POST
def discard_unsaved(request: UserRequest) -> HttpResponse:
    pk = _number(request, "form")
    kept = list(parked.of_member(request.member))
    if pk not in [one.pk for one in kept]:
        raise Http404
    parked.forget(request.member, [pk])
    if len(kept) == 1:
        request.session.pop(parked.FLAG, None)
    messages.success(request, _("What was not saved has been thrown away."))
    return redirect("partners:unsaved" if len(kept) > 1 else "pages:home")


def _number(request: HttpRequest, name: str) -> int:
    text = str(request.POST.get(name, ""))
    return int(text) if text.isdecimal() and len(text) < 18 else 0
