"""Records in a named state, made by the same actions that users use wherever there is one."""

from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from cases.case.actions import NewAxis, NewCase, change_lead, close_case, lock_case, open_cases, set_axis
from cases.case.consents import has_consent
from cases.case.grants import start_involvement
from cases.case.models import (
    Axis,
    Consent,
    Ground,
    HowGiven,
    InvolvementGround,
    Part,
    Person,
    Phase,
    ReturnCase,
)
from cases.departure.actions import Left, record_left
from cases.terms.models import Act
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member, Organisation, Unit
from tests.cast import PRINCIPAL, member_of

_numbers = count(1)


def person(**values: Any) -> Person:
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "v_number": f"999{number:07d}",
        "surname": f"Testnaam{number}",
        "given_names": "Sami",
        "birth_year": 1990,
        "birth_month": 5,
        "birth_day": 4,
        "sex": "M",
        "nationality": "DZA",
        "nationality_established": False,
        "language": "ara",
        "source": "IND",
    }
    return save_as(Person(**(defaults | values)), by=PRINCIPAL)


def unit(code: str) -> Unit:
    return Unit.objects.select_related("organisation").get(code=code)


def second_unit(code: str, like: str) -> Unit:
    """A unit of the same organisation and kind as another one, which the reference data does not have."""
    found = Unit.objects.select_related("organisation").filter(code=code).first()
    if found is not None:
        return found
    first, (group, _new) = unit(like), Group.objects.get_or_create(name=f"unit:{code}")
    made = Unit(organisation=first.organisation, code=code, name=code.title(), kind=first.kind, group=group)
    return save_as(made, by=PRINCIPAL)


def received_case(of: Person | None = None, *, led_by: Unit | None = None, **values: Any) -> ReturnCase:
    """Handed in by IND, nothing accepted: the sender is responsible."""
    today = clock.today()
    new = NewCase(
        person=of or person(),
        ground=values.pop("ground", Ground.ASYLUM_REFUSED),
        led_by=led_by or unit("ind-noord"),
        axes=[
            NewAxis(Axis.PHASE, Phase.RECEIVED, today, "IND"),
            NewAxis(Axis.REMOVABILITY, "", today, "IND"),
            NewAxis(Axis.RESIDENCE, "azc", today, "IND", text="azc Veenmeer"),
            NewAxis(Axis.TRAVEL_DOCUMENT, "", today, "IND"),
        ],
        **values,
    )
    (case,) = open_cases([new], by=PRINCIPAL, reason="test")
    return ReturnCase.objects.select_related("person", "led_by__organisation").get(pk=case.pk)


@transaction.atomic
def led_case(director: Member, of: Person | None = None, *, phase: str = Phase.PLANNING, **values: Any) -> ReturnCase:
    """Accepted: the director's team is responsible, the director is its regievoerder."""
    case = received_case(of, **values)
    change_lead(case, director.acting_unit, director=director, by=PRINCIPAL, reason="test")
    case = lock_case(case)
    set_axis(case, NewAxis(Axis.PHASE, phase, clock.today(), "DT&V"), by=PRINCIPAL, reason="test")
    return case


@transaction.atomic
def involve(case: ReturnCase, unit: Unit, part: str, ground: str = InvolvementGround.TASK) -> ReturnCase:
    if ground == InvolvementGround.CONSENT and not has_consent(case, unit.organisation):
        consented(case, unit.organisation.code)
    start_involvement(case, unit, part, ground, by=PRINCIPAL, reason="test")
    return case


def consented(case: ReturnCase, party: str) -> Consent:
    """The person signed for this organisation today."""
    consent = Consent(
        case=case,
        party=Organisation.objects.get(code=party),
        given_on=clock.today(),
        how=HowGiven.SIGNED_FORM,
        original_at="Papieren dossier",
        recorded_by_unit=case.led_by,
    )
    return save_as(consent, by=PRINCIPAL)


def at_site(case: ReturnCase, site: Unit) -> ReturnCase:
    """The person stays at this COA site, whose staff see the case."""
    return involve(case, site, Part.RECEPTION, InvolvementGround.LOCATION)


def closed_case(director: Member, outcome: str = "departed_independently") -> ReturnCase:
    case = led_case(director)
    return close_case(case, outcome, by=director, reason="test")


def gone(case: ReturnCase, act: str = Act.FORCED_REMOVAL, to: str = "DZA", *, by: Member | None = None) -> ReturnCase:
    """The director, or another, recorded that the person left in this way today."""
    director = by or case.director
    assert director is not None
    record_left(case, Left(act, to, clock.today()), by=director)
    return ReturnCase.objects.select_related("person", "led_by__organisation", "director").get(pk=case.pk)


# What is recorded before a case may close with that outcome.
LEFT = {"departed_forced": Act.FORCED_REMOVAL, "transferred_dublin": Act.DUBLIN_TRANSFER}


def case_director(team: str = "dtv-noord-2", username: str = "") -> Member:
    return member_of(unit(team), "case_director", username)
