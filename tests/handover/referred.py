"""Referrals in a named state, made by the acts that reporters and intake use."""

from typing import Any
from uuid import uuid4

from cases.case.models import Person, ReturnCase
from handover.models import Referral, ReferralReason
from handover.referrals.actions import NewReferral, file_referral, needs_consent
from handover.referrals.judging import judge
from handover.referrals.states import Finding
from partners.models import Member
from tests.cast import Cast


def told(by: Member, **values: Any) -> NewReferral:
    """What a reporter tells: about a person of `of`, or about somebody whom nobody knows."""
    of: Person | None = values.pop("of", None)
    known = (
        {
            "surname": of.surname,
            "given_names": of.given_names,
            "v_number": of.v_number,
            "born": (of.birth_year, of.birth_month, of.birth_day),
            "nationality": of.nationality,
        }
        if of
        else {"surname": "Onbekende", "given_names": "Niemand", "nationality": "MAR"}
    )
    reason = ReferralReason.objects.for_member(by).get(code=values.pop("reason", "other"))
    defaults: dict[str, Any] = {
        **known,
        "reason": reason,
        "asked": "Is er contact mogelijk?",
        "contact": "050 555 01 01",
        "consented": True if needs_consent(by) else None,
    }
    return NewReferral(**(defaults | values))


def filed(by: Member, **values: Any) -> Referral:
    return file_referral(told(by, **values), by=by, key=uuid4())


def judged(
    cast: Cast, referral: Referral, finding: Finding, case: ReturnCase | None = None, reason: str = "Nagezocht"
) -> Referral:
    referral.refresh_from_db()
    judge(referral, finding, by=cast.intake, version=referral.version, case=case, reason=reason)
    referral.refresh_from_db()
    return referral


def form_data(by: Member, **values: Any) -> dict[str, Any]:
    """What the browser sends for the form, with a key of its own."""
    born = values.pop("born", ("", "", ""))
    base = {
        "surname": "Onbekende",
        "given_names": "Niemand",
        "born_day": born[2],
        "born_month": born[1],
        "born_year": born[0],
        "nationality": "MAR",
        "reason": ReferralReason.objects.for_member(by).get(code=values.pop("reason", "other")).pk,
        "asked": "Is er contact mogelijk?",
        "contact": "050 555 01 01",
        "key": str(uuid4()),
    }
    return base | values
