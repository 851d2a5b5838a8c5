"""The second factor: who must have one, and the one gate that lets nobody past without it.

A session is past the gate when it holds a proof of a second factor, given at sign-in or by setting one up. The gate stands
before every view: what is not in `OPEN` does not exist for who has not passed.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from partners.models import Member

PASSED = "second_factor_passed"
# Setting up a second factor, leaving, and what shows nothing of anybody.
OPEN = frozenset(
    {
        "healthz",
        "readyz",
        "partners:language",
        "partners:sign-out",
        "partners:lock",
        "partners:session-state",
        "pages:accessibility",
        "account_reauthenticate",
    }
)
SETTING_UP = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn"})


def is_required() -> bool:
    """As the administrator set it; by default everywhere but in a demo."""
    chosen: bool | None = settings.LEIDRAAD_SECOND_FACTOR
    return not settings.LEIDRAAD_DEMO if chosen is None else chosen


def has_factor(member: Member) -> bool:
    """Recovery codes alone are none: they only stand in for a device that is lost."""
    own = Authenticator.objects.filter(user_id=member.pk)
    return bool(own.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def has_passed(request: HttpRequest) -> bool:
    """Whether this session holds the proof. Costs no query."""
    return request.session.get(PASSED) == str(request.user.pk)


def pass_gate(request: HttpRequest, member: Member) -> None:
    request.session[PASSED] = str(member.pk)


def prove_by_setting_up(request: HttpRequest, member: Member, kind: str) -> None:
    """Who has just shown a new app or passkey at work has shown it: no second question before the recovery codes."""
    record_authentication(request, member, "mfa", type=kind, reauthenticated=True)
    pass_gate(request, member)


def proved_at_sign_in(request: HttpRequest, member: Member) -> bool:
    records: list[dict[str, Any]] = get_authentication_records(request, member)
    return any(record.get("method") == "mfa" for record in records)


class SecondFactorMiddleware:
    """Leads who has no second factor to setting one up, and who has one but did not show it back to signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        member: Member | None = getattr(request, "member", None)
        if member is None or not is_required() or has_passed(request):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN:
            return None
        if not has_factor(member):
            return None if name in SETTING_UP else redirect("mfa_index")
        logout(request)
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
