"""How the cases came in: files of dossiers through the real import, and what our own intake opened itself."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from random import Random

from cases.case.actions import NewAxis, NewCase, open_cases
from cases.case.grants import start_many
from cases.case.models import (
    Address,
    Axis,
    Household,
    Involvement,
    InvolvementGround,
    Part,
    Person,
    PersonAlias,
    Phase,
    ProtectedAddress,
    Signal,
    SpecialGroup,
)
from handover.importing import runner, store
from handover.importing.meaning import GROUNDS, ROLES, SIGNALS
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as, bulk_update_as
from leidraad.pages.demo import texts
from leidraad.pages.demo.course import travel_document_of
from leidraad.pages.demo.dossiers import rows_of, write_file
from leidraad.pages.demo.plan import v_number
from leidraad.pages.demo.planned import PlannedHousehold, PlannedPerson
from leidraad.pages.demo.stage import Planned, Stage, first_steps
from leidraad.pages.demo.timing import is_delivered

SOURCE = "DTV"
DESK = "dtv-ilc"


def deliver(stage: Stage) -> Iterator[None]:
    """Everything of a day at once, the earliest day first, so that numbers grow with time."""
    for day in stage.plan.delivery_days:
        households = [household for household in stage.plan.all if household.delivered == day]
        _import(stage, day, [household for household in households if is_delivered(household)])
        _open_ourselves(stage, day, [household for household in households if not is_delivered(household)])
        stage.remember(households)
        yield


def _import(stage: Stage, day: date, households: list[PlannedHousehold]) -> None:
    if not households:
        return
    name = f"dossiers-{day}.csv"
    with tempfile.TemporaryDirectory() as folder, stage.at(day, 8, 10):
        path = Path(folder) / name
        write_file(path, (row for household in households for row in rows_of(household, seed=stage.seed)))
        file, _new = store.receive(name, [path.read_bytes()], by=stage.people["intake"], started_by_hand=True)
        runner.run(file.pk)


def _open_ourselves(stage: Stage, day: date, households: list[PlannedHousehold]) -> None:
    """Nobody hands these over: the clerk opens them for the team, with its director and the first step."""
    if not households:
        return
    clerk = stage.people["intake"]
    with stage.at(day, 15, 20):
        persons = [_person(stage, one, person) for one in households for person in one.persons]
        bulk_create_as(persons, by=clerk, reason=texts.OWN_INTAKE)
        families = {one.number: Household(supplier=SOURCE, key=f"G{one.number}") for one in households if one.size > 1}
        bulk_create_as(list(families.values()), by=clerk, reason=texts.OWN_INTAKE)
        by_v_number = {person.v_number: person for person in persons}
        new = [
            _new_case(stage, one, person, by_v_number[v_number(person)], families.get(one.number))
            for one in households
            for person in one.persons
        ]
        open_cases(new, by=clerk, reason=texts.OWN_INTAKE)
        _complete(stage, stage.remember(households))


def _person(stage: Stage, one: PlannedHousehold, person: PlannedPerson) -> Person:
    chance = Random(f"own-{stage.seed}-{person.number}")  # noqa: S311 - invented people, not secrets
    year_only = person.partial_birth
    return Person(
        v_number=v_number(person),
        surname=person.surname,
        given_names=person.given_names,
        birth_year=person.born.year,
        birth_month=None if year_only else person.born.month,
        birth_day=None if year_only else person.born.day,
        sex=person.sex,
        nationality=one.nationality,
        nationality_established=chance.random() < 0.4,
        language=one.language,
        unaccompanied_minor=one.is_alone_minor,
        source=SOURCE,
    )


def _new_case(
    stage: Stage, one: PlannedHousehold, planned: PlannedPerson, person: Person, household: Household | None
) -> NewCase:
    team, day, stay = stage.units[one.team], clock.today(), one.stay
    known = not stay.protected
    axes = [
        NewAxis(Axis.PHASE, Phase.ASSIGNED, day, team.full_name),
        NewAxis(Axis.REMOVABILITY, "", day, team.full_name),
        NewAxis(
            Axis.RESIDENCE,
            stay.form if known else "",
            day,
            team.full_name,
            text=(stay.text or stay.city) if known else "",
        ),
        NewAxis(Axis.TRAVEL_DOCUMENT, travel_document_of(one) or "", day, team.full_name),
    ]
    return NewCase(
        person=person,
        ground=GROUNDS[one.ground],
        led_by=team,
        household=household,
        household_role=ROLES[planned.role] if household else "",
        special_group=SpecialGroup.FAMILY_WITH_MINORS if household and one.has_minors else SpecialGroup.NONE,
        residence_unit=stage.sites.get(stay.site),
        axes=axes,
    )


def _complete(stage: Stage, opened: list[Planned]) -> None:
    """What the import and the acceptance of a handover would have added."""
    clerk, today, reason = stage.people["intake"], clock.today(), texts.OWN_INTAKE
    for planned in opened:
        planned.case.director = stage.director(planned.household)
        planned.case.version += 1
    bulk_update_as([planned.case for planned in opened], ["director", "version"], by=clerk, reason=reason)
    for model, protected in ((Address, False), (ProtectedAddress, True)):
        where = [one for one in opened if one.household.stay.protected is protected and one.household.stay.city]
        bulk_create_as([model(**_address(one), source=SOURCE, since=today) for one in where], by=clerk, reason=reason)
    signals = [(one.case, signal) for one in opened for signal in one.person.signals]
    bulk_create_as(
        [Signal(case=case, kind=SIGNALS[name], source=SOURCE, noted_on=today) for case, name in signals],
        by=clerk,
        reason=reason,
    )
    aliases = [(one.case.person, alias) for one in opened for alias in one.person.aliases]
    bulk_create_as(
        [PersonAlias(person=who, name=name, source=SOURCE) for who, name in aliases], by=clerk, reason=reason
    )
    start_many([part for one in opened for part in parts_beside_the_lead(stage, one)], by=clerk, reason=reason)
    bulk_create_as(first_steps([one.case for one in opened]), by=clerk, reason=reason)


def _address(planned: Planned) -> dict[str, object]:
    stay = planned.household.stay
    return {"case": planned.case, "street": stay.street, "postcode": stay.postcode, "city": stay.city}


def parts_beside_the_lead(stage: Stage, planned: Planned) -> Iterable[Involvement]:
    """The intake desk, and a known site of COA: as accepting a handover starts them."""
    case, now = planned.case, clock.now()
    yield Involvement(
        case=case, unit=stage.units[DESK], part=Part.INTAKE_DESK, ground=InvolvementGround.TASK, since=now
    )
    site = case.residence_unit
    if site is not None and site.organisation.code == "coa":
        yield Involvement(case=case, unit=site, part=Part.RECEPTION, ground=InvolvementGround.LOCATION, since=now)
