"""The consent of the person: recorded with its original, and withdrawn. What was shared on it ends with it."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import NotInSight, access_of, require
from cases.case.actions import lock_case
from cases.case.grants import end_involvement
from cases.case.models import Consent, Involvement, InvolvementGround, ReturnCase
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.actions import notify
from partners.models import Member, Organisation
from partners.sharing import consent_parties


def has_consent(case: ReturnCase, party: Organisation) -> bool:
    return Consent.objects.running().filter(case=case, party=party).exists()


@transaction.atomic
def give_consent(
    case: ReturnCase, party: Organisation, *, given_on: date, how: str, original_at: str, scope: str = "", by: Member
) -> Consent:
    """Record that the person agreed. It shares nothing by itself: it makes sharing with the party possible."""
    case = lock_case(case)
    require(by, "consent.change", case)
    if party.code not in consent_parties():
        raise NotPossible(_("For this organisation no consent is needed or possible."))
    if given_on > clock.today():
        raise NotPossible(_("The date of the consent must not lie after today."))
    if has_consent(case, party):
        raise NotPossible(_("The consent for this organisation is recorded already."))
    consent = Consent(
        case=case,
        party=party,
        given_on=given_on,
        how=how,
        original_at=original_at,
        scope=scope,
        recorded_by_unit=by.acting_unit,
    )
    save_as(consent, by=by, reason=gettext_noop("Consent recorded"))
    _tell_director(case, "consent_given", by)
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, withdrawn_on: date, by: Member, reason: str) -> list[Involvement]:
    """End the consent and, in the same transaction, every part that stood on it. Gives back the parts that ended.

    The responsible unit may, and a unit of the party itself, to which the person may have said so.
    """
    case = lock_case(consent.case_id)
    _require_withdraw(consent, case, by)
    consent = Consent.objects.select_related("party").get(pk=consent.pk)
    if consent.withdrawn_on is not None:
        raise NotPossible(_("This consent was withdrawn already."))
    if not consent.given_on <= withdrawn_on <= clock.today():
        raise NotPossible(_("The date must lie between the day of the consent and today."))
    consent.withdrawn_on = withdrawn_on
    save_as(consent, by=by, reason=reason)
    ended = parts_on(consent)
    for part in ended:
        end_involvement(part, by=by, reason=reason)
        notify(part.unit, "consent_withdrawn", case=case, by=by, url_name="pages:notices")
    _tell_director(case, "consent_withdrawn", by)
    return ended


def parts_on(consent: Consent) -> list[Involvement]:
    """Running parts that stand on this consent."""
    found = Involvement.objects.running().filter(
        case=consent.case_id, ground=InvolvementGround.CONSENT, unit__organisation=consent.party_id
    )
    return list(found.select_related("unit__organisation", "case").order_by("pk"))


def _require_withdraw(consent: Consent, case: ReturnCase, by: Member) -> None:
    access = access_of(by, case)
    if not access.sees_case:
        raise NotInSight
    own = consent.party.code == by.acting_organisation
    if not (access.can("consent.change") or (own and access.can("consent.withdraw"))):
        raise NotAllowed("consent.change", case)


def _tell_director(case: ReturnCase, kind: str, by: Member) -> None:
    if case.director_id != by.pk:
        notify(case.led_by, kind, member=case.director, case=case, by=by, url_name="cases:access")
