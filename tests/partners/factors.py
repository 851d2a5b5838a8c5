"""Second factors of a member, as the tests need them."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client

from partners.models import Member
from tests.cast import DEMO_PASSWORD


def app_of(member: Member) -> str:
    """Gives the member the app as second factor, with recovery codes; the secret is what the phone knows."""
    secret: str = auth.generate_totp_secret()
    auth.TOTP.activate(member, secret)
    RecoveryCodes.activate(member)
    return secret


def code_of(secret: str) -> str:
    """What the phone shows now."""
    code: str = auth.format_hotp_value(auth.hotp_value(secret, list(auth.yield_hotp_counters_from_time())[1]))
    return code


def recovery_codes_of(member: Member) -> list[str]:
    codes: list[str] = Authenticator.objects.get(user=member, type="recovery_codes").wrap().get_unused_codes()
    return codes


def kinds_of(member: Member) -> set[str]:
    return set(Authenticator.objects.filter(user_id=member.pk).values_list("type", flat=True))


def give_password(client: Client, username: str, password: str = DEMO_PASSWORD, **more: str) -> Any:
    return client.post("/aanmelden/", {"username": username, "password": password, **more})
