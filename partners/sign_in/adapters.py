"""Where allauth asks us: who may come in, how often somebody may try, what is said, where a member goes after signing in."""

import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context, ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django_stubs_ext import StrPromise

from leidraad.lib.audit import save_as
from partners.models import Member
from partners.sign_in import arriving
from partners.sign_in.factor import is_required
from partners.sign_in.sealing import seal, unseal

FAILED = gettext_lazy("Signing in did not work. Check your details or call the service desk.")
TOO_OFTEN = gettext_lazy("This was tried too often. Wait five minutes or call the service desk.")
WRONG_CODE = gettext_lazy("This code is not right or no longer valid. Fill in the code that you see now.")
# What is said after an act; every other message of the library is left out.
SAID: dict[str, StrPromise] = {
    "account/messages/password_changed.txt": gettext_lazy(
        "Your password has been changed. Other devices were signed out."
    ),
    "mfa/messages/totp_activated.txt": gettext_lazy("The app on your phone is now your second step."),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("The app is no longer your second step."),
    "mfa/messages/webauthn_added.txt": gettext_lazy("The passkey has been added."),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("The passkey has been removed."),
}
WAYS: dict[str, StrPromise] = {
    "reauthenticate": gettext_lazy("With your password"),
    "mfa_reauthenticate": gettext_lazy("With a code from your phone, or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("With a passkey"),
}
ANYWHERE = "login_failed_anywhere"
# So many failures in so many seconds from one address, whatever the names, and it has a pause. A large site stays far below.
FAILURES_OF_ADDRESS, ADDRESS_SECONDS = 300, 300


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": FAILED,
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the question of a passkey is asked by script; every other answer is a page."""
        match = request.resolver_match
        return match is not None and match.view_name == "mfa_login_webauthn" and super().is_ajax(request)

    def is_safe_url(self, url: str | None) -> bool:
        here = context.request
        return url_has_allowed_host_and_scheme(url, {here.get_host()}, require_https=here.is_secure())

    def get_client_ip(self, request: HttpRequest) -> str:
        """Without an address (a server behind a socket) all senders count as one, which the limits per name bear."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "unknown"

    # --- how often ------------------------------------------------------------------------------------------------------

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Per typed name and address: who fails elsewhere, or under another name here, holds nobody up."""
        return f"{_name(credentials)}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        tried = cache.get(self._address_key(request), 0) >= FAILURES_OF_ADDRESS
        if tried or not ratelimit.consume(request, action=ANYWHERE, key=_name(credentials)):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Member | None:
        """The member with this name and password who may work here. A success forgets earlier failures."""
        member = super().authenticate(request, **credentials)
        if not isinstance(member, Member) or not member.may_work_here:
            return None
        ratelimit.clear(request, action="login_failed", key=self._get_login_attempts_cache_key(request, **credentials))
        ratelimit.clear(request, action=ANYWHERE, key=_name(credentials))
        return member

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Who tries many names from one address. Without a lock: one more or less is no matter."""
        key = self._address_key(request)
        if not cache.add(key, 1, ADDRESS_SECONDS):
            try:
                cache.incr(key)
            except ValueError:  # it expired between the two
                cache.set(key, 1, ADDRESS_SECONDS)

    def _address_key(self, request: HttpRequest) -> str:
        return "sign-in-failed:" + hashlib.sha256(self.get_client_ip(request).encode()).hexdigest()

    # --- coming in ------------------------------------------------------------------------------------------------------

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Whatever proved who this is: an inactive member and a demo account outside a demo stay outside."""
        if user.may_work_here:
            return None
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        messages.error(request, str(FAILED))
        return redirect("partners:sign-in")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        super().post_login(request, user, **kwargs)
        return arriving.arrive(request, user, kwargs.get("redirect_url") or "")

    # --- later ----------------------------------------------------------------------------------------------------------

    def set_password(self, user: Any, password: str) -> None:
        user.set_password(password)
        save_as(user, by=user, reason=gettext_noop("Password changed"), update_fields=["password"])

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The first second step is set up straight after signing in: nothing is there yet that a second proof would guard."""
        member = context.request.user
        has_factor = member.is_authenticated and Authenticator.objects.filter(user_id=member.pk).exists()
        return bool(has_factor and get_reauthentication_flows(member))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": str(WAYS.get(way["id"], way["description"]))} for way in ways]

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        said = SAID.get(message_template or "") or kwargs.get("message")
        if said:
            messages.add_message(request, level, str(said))


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).strip().casefold()


class FactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": gettext_lazy(
            "Signing in takes a second step. First add another one, then remove this."
        ),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)

    def _get_site_name(self) -> str:
        return "Leidraad"

    def encrypt(self, text: str) -> str:
        return seal(text.encode(), "second-factor").decode()

    def decrypt(self, encrypted_text: str) -> str:
        opened = unseal(encrypted_text.encode(), "second-factor")
        if opened is None:
            raise ValueError("a second factor was sealed with another SECRET_KEY")
        return opened.decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is required, the last one stays."""
        own = Authenticator.objects.filter(user_id=authenticator.user_id)
        others = own.exclude(pk=authenticator.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return not is_required() or others.exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}
