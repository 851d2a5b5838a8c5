"""Signing in, the second step, and the pages on which a member keeps password, app, passkeys and recovery codes.

Each is a view of allauth at a Dutch address with our template; no other view of allauth is reachable.
"""

import json
from typing import Any

from allauth.account.views import LoginView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from leidraad.lib.audit import request_id
from partners.sign_in import organisation
from partners.sign_in.adapters import FactorAdapter
from partners.sign_in.arriving import safe_next
from partners.sign_in.factor import has_passed, is_required, prove_by_setting_up
from partners.sign_in.idle import LOCKED

PAUSE_SECONDS = 300
TRIED_TOO_OFTEN = ("too_many_login_attempts", "rate_limited")


def too_often(request: HttpRequest) -> HttpResponse:
    """The answer to who tries faster than a person does."""
    words = {"service_desk": settings.LEIDRAAD_SERVICE_DESK, "request_id": request_id.get()}
    response = render(request, "429.html", words, status=429)
    response["Retry-After"] = str(PAUSE_SECONDS)
    return response


class WrongForm:
    """A form with mistakes comes back with 422; one that was sent too often gets the page that says so."""

    request: HttpRequest

    def form_invalid(self, form: Any) -> HttpResponse:
        names = [NON_FIELD_ERRORS, *form.fields]
        if any(form.has_error(name, code) for name in names for code in TRIED_TOO_OFTEN):
            return too_often(self.request)
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]
        response.status_code = 422
        return response


class Framed:
    """Before the gate a plain page: a menu would lead nowhere."""

    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plain = is_required() and not has_passed(self.request)
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"frame": "base_plain.html" if plain else "base.html", "is_required": is_required()}


class SignIn(WrongForm, LoginView):
    template_name = "partners/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = {
            "next": safe_next(self.request),
            "service_desk": settings.LEIDRAAD_SERVICE_DESK,
            "is_demo": settings.LEIDRAAD_DEMO,
            "organisations": organisation.providers(),
            "is_locked": LOCKED in self.request.session,
        }
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | here


class SecondStep(factor_views.AuthenticateView):
    """After the password: a code or a passkey, from who has one."""

    template_name = "partners/second_step.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return WrongForm.form_invalid(self, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = context.get("js_data", {}).get("request_options", {})
        has_passkey = bool(options.get("publicKey", {}).get("allowCredentials"))
        return context | {
            "service_desk": settings.LEIDRAAD_SERVICE_DESK,
            "passkey_options": json.dumps(options) if has_passkey else "",
        }


class PasskeySignIn(passkey_views.LoginWebAuthnView):
    """The script of the sign-in page asks for a question (GET) and sends the device's answer (POST)."""

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("The passkey was not accepted. Use your password, or call the service desk."))
        return redirect("partners:sign-in")


class Security(Framed, factor_views.IndexView):
    """How this member signs in: password, app, passkeys, recovery codes."""

    template_name = "partners/security.html"


class ActivateApp(Framed, WrongForm, app_views.ActivateTOTPView):
    template_name = "partners/activate_app.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"typed_key": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        prove_by_setting_up(self.request, self.request.user, "totp")  # type: ignore[arg-type]  # signed in: the view asks it
        return response


class DeactivateApp(Framed, WrongForm, app_views.DeactivateTOTPView):
    template_name = "partners/remove_factor.html"


class AddPasskey(Framed, WrongForm, passkey_views.AddWebAuthnView):
    template_name = "partners/add_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Kept on the device and asking who is there, so that it signs in without a password as well.
        options = passkeys.begin_registration(self.request.user, passwordless=True)
        return context | {"form": kwargs.get("form") or self.get_form(), "passkey_options": json.dumps(options)}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        prove_by_setting_up(self.request, self.request.user, "webauthn")  # type: ignore[arg-type]  # signed in: the view asks it
        return response


class RemovePasskey(Framed, passkey_views.RemoveWebAuthnView):
    template_name = "partners/remove_factor.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not FactorAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(FactorAdapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


class RecoveryCodes(Framed, recovery_views.ViewRecoveryCodesView):
    """Shown once, straight after they were made; afterwards only how many are left."""

    template_name = "partners/recovery_codes.html"


class NewRecoveryCodes(Framed, WrongForm, recovery_views.GenerateRecoveryCodesView):
    template_name = "partners/new_recovery_codes.html"


class PasswordAgain(Framed, WrongForm, ReauthenticateView):
    template_name = "partners/again.html"


class CodeAgain(Framed, WrongForm, factor_views.ReauthenticateView):
    template_name = "partners/again.html"


class PasskeyAgain(Framed, WrongForm, passkey_views.ReauthenticateWebAuthnView):
    template_name = "partners/again.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"passkey_options": json.dumps(context.get("js_data", {}).get("request_options", {}))}


class ChangePassword(Framed, WrongForm, PasswordChangeView):
    template_name = "partners/change_password.html"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A demo account keeps the password that everybody knows; who signs in elsewhere has none here."""
        member: Any = request.user
        if member.is_demo or not member.has_usable_password():
            messages.error(request, _no_password_here(member.is_demo))
            return redirect("mfa_index")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_success_url(self) -> str:
        return reverse("mfa_index")


def _no_password_here(is_demo: bool) -> str:
    if is_demo:
        return _("The accounts of the demonstration keep their password.")
    return _("You sign in with your organisation: your password is changed there.")
