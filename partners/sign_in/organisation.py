"""Signing in at one's own organisation. Who somebody is and for which unit they work follows from what the provider claims.

An administrator has tied values of one claim to a unit and a role, from day to day. Nobody chooses anything, and a claim that
is tied to nothing makes no account. What a provider no longer claims ends at the next signing in.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import clear_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop

from leidraad.lib import clock, events
from leidraad.lib.audit import delete_as, save_as
from leidraad.lib.models import EventKind
from partners.models import ClaimRule, Member, Membership, valid_on
from partners.sign_in.providers import Provider

Claims = Mapping[str, Any]
BY_ORGANISATION = "factor_by_organisation"


def providers() -> tuple[Provider, ...]:
    found: tuple[Provider, ...] = settings.LEIDRAAD_OPENID_PROVIDERS
    return found


def provider_of(provider_id: str) -> Provider | None:
    return next((one for one in providers() if one.id == provider_id), None)


def principal_of(provider: Provider) -> str:
    """Whose doing it is in the history."""
    return f"openid:{provider.id}"


# --- claims -> memberships ------------------------------------------------------------------------------------------------


def claimed_values(provider: Provider, claims: Claims) -> set[str]:
    value = claims.get(provider.claim)
    values: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
    return {str(one) for one in values if isinstance(one, str | int) and str(one)}


def rules_for(provider: Provider, claims: Claims) -> list[ClaimRule]:
    """The rules of today for what is claimed. A provider speaks for its own organisation's units only."""
    today = clock.today()
    running = (
        Q(**{f"{of}__valid_from__lte": today})
        & (Q(**{f"{of}__valid_until": None}) | Q(**{f"{of}__valid_until__gte": today}))
        for of in ("unit", "role")
    )
    found = ClaimRule.objects.filter(
        valid_on(today),
        *running,
        provider=provider.id,
        value__in=claimed_values(provider, claims),
        unit__organisation__code=provider.organisation,
        role__organisation__code=provider.organisation,
    )
    return list(found.select_related("unit__organisation", "role").order_by("pk"))


@transaction.atomic
def admit(provider: Provider, subject: str, claims: Claims) -> Member | None:
    """The member behind this subject, with the memberships that the claims give today; None when they give none.

    One at a time for each subject. A member who is inactive stays so: that is decided here, not there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{provider.id}/{subject}"])
    account = SocialAccount.objects.select_related("user").filter(provider=provider.id, uid=subject).first()
    rules = rules_for(provider, claims)
    member: Member | None = account.user if account else None
    if member is None and rules:
        member = _new_member(provider, subject, claims)
    if member is None:
        return None
    _follow(provider, member, rules)
    _rename(provider, member, claims)
    return member if rules else None


def _new_member(provider: Provider, subject: str, claims: Claims) -> Member:
    member = Member(username=f"{provider.id}:{subject}"[:150], display_name=_name_in(claims) or provider.name)
    member.set_unusable_password()
    save_as(member, by=principal_of(provider), reason=gettext_noop("First signing in at the own organisation"))
    SocialAccount.objects.create(user=member, provider=provider.id, uid=subject, extra_data={})
    return member


def _name_in(claims: Claims) -> str:
    name = claims.get("name")
    return name.strip()[:150] if isinstance(name, str) else ""


def _rename(provider: Provider, member: Member, claims: Claims) -> None:
    name = _name_in(claims)
    if name and name != member.display_name:
        member.display_name = name
        reason = gettext_noop("Name changed at the own organisation")
        save_as(member, by=principal_of(provider), reason=reason, update_fields=["display_name"])


def _follow(provider: Provider, member: Member, rules: list[ClaimRule]) -> None:
    """The memberships that this provider gave, made equal to what it claims now. Those given by hand are left alone."""
    by, wanted = principal_of(provider), {(rule.unit_id, rule.role_id): rule for rule in rules}
    for membership in Membership.objects.filter(valid_on(clock.today()), member=member, given_by=provider.id):
        if wanted.pop((membership.unit_id, membership.role_id), None) is None:
            _end(membership, by)
    for rule in wanted.values():
        given = Membership(
            member=member, unit=rule.unit, role=rule.role, valid_from=clock.today(), given_by=provider.id
        )
        if not Membership.objects.filter(member=member, unit=rule.unit, role=rule.role, valid_until=None).exists():
            save_as(given, by=by, reason=gettext_noop("Claimed by the own organisation"))


def _end(membership: Membership, by: str) -> None:
    """Over at once: the last day is yesterday, and one that began today goes (its history stays)."""
    reason, yesterday = gettext_noop("No longer claimed by the own organisation"), clock.today() - timedelta(days=1)
    if membership.valid_from > yesterday:
        delete_as(membership, by=by, reason=reason)
        return
    membership.valid_until = yesterday
    save_as(membership, by=by, reason=reason, update_fields=["valid_until"])


def showed_factor(provider: Provider, claims: Claims) -> bool:
    """Whether the provider says, in a way that the administrator believes, that a second factor was shown there."""
    amr, acr = claims.get("amr"), claims.get("acr")
    said = {*(amr if isinstance(amr, list) else []), acr}
    return bool(said & set(provider.factor_values))


# --- where allauth asks us ------------------------------------------------------------------------------------------------


class OrganisationAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """From the settings alone: nothing that is written into the database becomes a way in."""
        found = [one for one in providers() if provider in (None, "openid_connect", one.id)]
        return [_app_of(one) for one in found if client_id in (None, one.client_id)]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Sets whose login this is, or ends it. A member who is signed in cannot tie a provider's person to the account."""
        provider = provider_of(sociallogin.account.provider)
        if provider is None or sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(refuse(request, provider))
        claims = _claims_of(sociallogin.account.extra_data)
        member = admit(provider, str(sociallogin.account.uid), claims)
        if member is None or not member.may_work_here:
            events.record(EventKind.SIGN_IN_FAILED, member, detail={"provider": provider.id})
            raise ImmediateHttpResponse(refuse(request, provider))
        SocialAccount.objects.filter(provider=provider.id, uid=sociallogin.account.uid).update(extra_data={})
        sociallogin.account = SocialAccount.objects.get(provider=provider.id, uid=sociallogin.account.uid)
        sociallogin.user = member
        clear_authentication_records(request)
        request.session[BY_ORGANISATION] = member.pk if showed_factor(provider, claims) else None

    def on_authentication_error(self, request: HttpRequest, provider: Any, *args: Any, **kwargs: Any) -> None:
        events.record(EventKind.SIGN_IN_FAILED, None, detail={"provider": str(provider.app.provider_id)})
        raise ImmediateHttpResponse(not_now(request, provider_of(provider.app.provider_id)))


def _app_of(provider: Provider) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.id,
        name=provider.name,
        client_id=provider.client_id,
        secret=provider.secret,
        settings={"server_url": provider.issuer, "oauth_pkce_enabled": True},
    )


def _claims_of(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Both sources together; what the signed token says goes first."""
    return {**(extra.get("userinfo") or {}), **(extra.get("id_token") or {})}


def refuse(request: HttpRequest, provider: Provider | None) -> HttpResponse:
    """The provider knows this person, Leidraad does not: whom to call."""
    return _page(request, provider, "partners/organisation_refused.html", 403)


def not_now(request: HttpRequest, provider: Provider | None) -> HttpResponse:
    """The provider did not answer, or not as it should."""
    return _page(request, provider, "partners/organisation_away.html", 503)


def _page(request: HttpRequest, provider: Provider | None, template: str, status: int) -> HttpResponse:
    context = {"organisation": provider.name if provider else "", "service_desk": settings.LEIDRAAD_SERVICE_DESK}
    return render(request, template, context, status=status)
