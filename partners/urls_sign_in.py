"""The addresses of signing in. The names are those by which allauth finds its own pages; nothing else of it has an address."""

from collections.abc import Callable
from typing import Any

from django.urls import path

from leidraad.lib.events import shows_nobody
from partners.http import signed_in
from partners.sign_in import organisation_views, views


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page of a member about that member alone."""
    return signed_in(shows_nobody(view))


urlpatterns = [
    path("aanmelden/", views.SignIn.as_view(), name="account_login"),
    path("aanmelden/tweede-stap/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("aanmelden/passkey/", views.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("aanmelden/organisatie/<slug:provider_id>/", organisation_views.there, name="openid_connect_login"),
    path("aanmelden/organisatie/<slug:provider_id>/terug/", organisation_views.back, name="openid_connect_callback"),
    path("bevestigen/", own(views.PasswordAgain.as_view()), name="account_reauthenticate"),
    path("bevestigen/code/", own(views.CodeAgain.as_view()), name="mfa_reauthenticate"),
    path("bevestigen/passkey/", own(views.PasskeyAgain.as_view()), name="mfa_reauthenticate_webauthn"),
    path("beveiliging/", own(views.Security.as_view()), name="mfa_index"),
    path("beveiliging/wachtwoord/", own(views.ChangePassword.as_view()), name="account_change_password"),
    path("beveiliging/app/", own(views.ActivateApp.as_view()), name="mfa_activate_totp"),
    path("beveiliging/app/verwijderen/", own(views.DeactivateApp.as_view()), name="mfa_deactivate_totp"),
    path("beveiliging/passkeys/nieuw/", own(views.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "beveiliging/passkeys/<int:pk>/verwijderen/",
        own(views.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path("beveiliging/herstelcodes/", own(views.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        "beveiliging/herstelcodes/nieuw/",
        own(views.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
