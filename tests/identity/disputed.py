"""Differences, levels and reports for the tests of identity."""

from typing import Any

from cases.case.actions import lock_case
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import IdentityConflict, ReturnCase
from cases.identity.models import ErrorReport, IdentityLevel, IdentitySource
from cases.identity.reporting import NewReport, report_error
from cases.requests.actions import accept_request
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL, Cast
from tests.factories import unit


def conflict(case: ReturnCase, field: str = "surname", offered: str = "Benali", **values: Any) -> IdentityConflict:
    """AVIM states another value than the one here, which IND stated."""
    stored = str(getattr(case.person, field, ""))
    given = {"stored_value": stored, "stored_source": "IND", "offered_source": "AVIM", "noted_on": clock.today()}
    one = IdentityConflict(person=case.person, field=field, offered_value=offered, **(given | values))
    return save_as(one, by=PRINCIPAL)


def disputed(case: ReturnCase, one: IdentityConflict) -> None:
    """Told to those who depend on it, as an import does."""
    publish(lock_case(case), Fact(FactKind.IDENTITY_DISPUTED, one.field, key=f"identity:{one.pk}"), by=PRINCIPAL)


def at_level(source: str, number: int | None) -> None:
    """An administrator configures which level a source has."""
    found = IdentitySource.objects.get(code=source)
    found.level = IdentityLevel.objects.get(number=number) if number else None
    save_as(found, by=PRINCIPAL)


def reported(case: ReturnCase, by: Member, field: str = "surname", to: str = "ind-noord", **values: Any) -> ErrorReport:
    return report_error(case, NewReport(field, unit(to), "In het paspoort staat iets anders.", **values), by=by)


def taken_on(cast: Cast, case: ReturnCase, by: Member, field: str = "surname", **values: Any) -> ErrorReport:
    """Reported to IND, which has accepted it."""
    report = reported(case, by, field, **values)
    report.request = accept_request(report.request, by=cast.ind)
    return report
