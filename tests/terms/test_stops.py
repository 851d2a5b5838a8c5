"""Stops: who places which, for how long, what they forbid on which day, who reads the ground, what the database refuses."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cases.case.access import access_of
from cases.case.actions import close_case
from cases.case.models import Part, ReturnCase
from cases.terms.calendars.arithmetic import over_at
from cases.terms.guards.findings import Plan
from cases.terms.guards.judging import Judgement, forbids, judge
from cases.terms.models import Act, Effect, GuardAct, RuleVersion, Stop, StopGround
from cases.terms.stop_actions import grounds_of, lift_stop, place_stop
from cases.terms.stops import known_to
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member
from partners.policy import SENSITIVE
from tests.cast import PRINCIPAL, Cast, as_member
from tests.factories import involve, led_case
from tests.procedure.law import COUNTRY, in_procedure
from tests.terms.placed import fresh, ground, new_stop, stop_row, stopped, with_police

pytestmark = pytest.mark.django_db
FORCED, OWN = Act.FORCED_REMOVAL, Act.OWN_DEPARTURE
AT = [FORCED, Act.DUBLIN_TRANSFER]


def judged(case: ReturnCase, act: Act = FORCED, on: date | None = None, destination: str = COUNTRY) -> Judgement:
    return judge([case.pk], act, on, destination)[case.pk]


def held(case: ReturnCase, act: Act = FORCED, on: date | None = None, destination: str = COUNTRY) -> list[str]:
    return [stop.ground.code for stop in judged(case, act, on, destination).stops]


# --- the catalogue --------------------------------------------------------------------------------------------------


def test_a_stop_forbids_no_more_than_the_guard_that_asks_the_same_and_own_departure_only_where_travelling_is_unsafe() -> (
    None
):
    blocked: dict[str, set[str]] = {}
    for cell in GuardAct.objects.in_force(clock.today()).select_related("guard"):
        if cell.effect == Effect.BLOCK:
            blocked.setdefault(cell.guard.code, set()).add(cell.act)
    grounds = list(StopGround.objects.in_force(clock.today()))
    assert len(grounds) == 19
    for one in grounds:
        allowed = set().union(*(blocked[code] for code in one.guards))
        travelling = {OWN.value} if one.guards == ["G15"] else set()
        assert set(one.acts) <= allowed | travelling, one.code
    assert {one.code for one in grounds if OWN in one.acts} == {"unfit", "tuberculosis", "birth"}


def test_each_ground_names_rules_of_the_catalogue_and_what_is_our_own_choice() -> None:
    known = set(RuleVersion.objects.values_list("rule__code", flat=True))
    for one in StopGround.objects.in_force(clock.today()):
        assert set(one.rules) <= known, one.code
        assert all([one.placers, one.acts, one.scopes, one.max_days])
        assert "eigen keuze" in one.reason_nl
        assert "our own choice" in one.reason_en


def test_a_version_of_a_ground_is_added_and_never_changed() -> None:
    row = ground("appeal")
    row.max_days = 999
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()


# --- placing --------------------------------------------------------------------------------------------------------


def test_what_is_placed_says_who_on_what_paper_and_until_when(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, rule="appeal-mid")
    assert (stop.organisation.code, stop.rule, stop.document_number) == ("ind", "appeal-mid", "AWB 26/1234")
    assert stop.source == cast.ind.acting_unit.full_name
    assert (stop.scope, stop.is_grave, stop.stands) == ("all_removal", False, True)
    assert stop.history.get().history_change_reason == "Stop placed"


@pytest.mark.parametrize(
    ("username", "code"), [("ind", "unfit"), ("regievoerder", "appeal"), ("politie", "art64"), ("politie", "nothing")]
)
def test_only_an_organisation_that_is_named_for_the_ground_places_it(cast: Cast, username: str, code: str) -> None:
    case = with_police(cast)
    with pytest.raises(NotPossible):
        place_stop(case, new_stop(code), by=getattr(cast, username))
    assert not Stop.objects.exists()


def test_who_is_not_in_the_case_places_nothing_and_a_colleague_without_the_right_is_refused(cast: Cast) -> None:
    case = in_procedure(cast)
    with pytest.raises(ReturnCase.DoesNotExist):
        place_stop(case, new_stop("trafficking"), by=cast.politie)
    booking = involve(case, cast.boekingen.acting_unit, Part.BOOKING)
    with pytest.raises(NotAllowed):
        place_stop(booking, new_stop("unfit"), by=cast.boekingen)
    assert not Stop.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": clock.today() - timedelta(days=1)},
        {"until": clock.today() + timedelta(days=184)},
        {"document": "  "},
        {"document_on": clock.today() + timedelta(days=1)},
        {"scope": "destination", "country": "DZA"},
        {"rule": "moratorium"},
        {"ground": "rule39"},
        {"ground": "rule39", "country": "QQQ"},
    ],
)
def test_what_cannot_be_so_is_refused(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotPossible):
        place_stop(in_procedure(cast), new_stop(**({"code": wrong.pop("ground", "appeal")} | wrong)), by=cast.ind)


def test_today_and_the_last_day_that_the_ground_allows_are_both_possible(cast: Cast) -> None:
    case = in_procedure(cast)
    assert stopped(case, cast.ind, days=0).until == clock.today()
    assert stopped(case, cast.ind, days=183).until == clock.today() + timedelta(days=183)


def test_a_closed_case_gets_no_stop(cast: Cast) -> None:
    case = in_procedure(cast)
    close_case(case, "departed_independently", by=cast.regievoerder, reason="test")
    with pytest.raises((NotPossible, NotAllowed)):
        place_stop(case, new_stop("uam_reception"), by=cast.regievoerder)


def test_each_organisation_is_offered_its_own_grounds(cast: Cast) -> None:
    assert {"appeal", "art64"} <= {one.code for one in grounds_of(cast.ind)}
    assert [one.code for one in grounds_of(cast.casemanager)] == ["tuberculosis", "birth", "family_shelter"]
    assert grounds_of(cast.iom) == []


# --- what it forbids ------------------------------------------------------------------------------------------------


def test_a_stop_forbids_removal_and_never_ones_own_departure(cast: Cast) -> None:
    case = in_procedure(cast)
    before = judged(case)
    stopped(case, cast.ind)
    assert before.stops == ()
    for act in AT:
        assert held(case, act) == ["appeal"]
    assert held(case, OWN) == []
    assert not judged(case).passes


def test_judging_no_longer_passes_while_a_stop_stands_whatever_the_guards_say(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind)
    one = judged(case)
    clear = replace(one, judged=())
    assert (clear.passes, replace(clear, stops=()).passes) == (False, True)
    assert one.stops == (stop,)


def test_a_stop_about_travelling_holds_ones_own_departure_too(cast: Cast) -> None:
    case = in_procedure(cast)
    stopped(case, cast.regievoerder, "unfit")
    assert held(case, OWN) == ["unfit"]


def test_a_birth_holds_travel_by_air_and_what_is_not_known_counts_as_air(cast: Cast) -> None:
    case = in_procedure(cast)
    stopped(case, cast.regievoerder, "birth")
    found = {by_air: judge([case.pk], FORCED, by_air=by_air)[case.pk].stops for by_air in (None, True, False)}
    assert [bool(found[one]) for one in (None, True, False)] == [True, True, False]


def test_a_stop_on_a_destination_holds_that_one_and_an_act_without_a_destination(cast: Cast) -> None:
    case = in_procedure(cast)
    stopped(case, cast.ind, "rule39", country=COUNTRY)
    assert held(case, destination=COUNTRY) == ["rule39"]
    assert held(case, destination="") == ["rule39"]
    assert held(case, destination="MAR") == []


def test_a_stop_on_a_measure_holds_detention_and_no_removal(cast: Cast) -> None:
    case = with_police(cast)
    stopped(case, cast.politie, "detention", measure="Bewaring van 3 november 2026")
    assert held(case, Act.DETENTION) == ["detention"]
    assert held(case) == []


def test_a_stop_holds_until_its_last_day_has_passed(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, days=5)
    last = clock.at(stop.until, time(23, 59))
    with clock.as_if(last):
        assert held(case) == ["appeal"]
        assert list(Stop.objects.in_force(clock.today())) == [stop]
    with clock.as_if(over_at(stop.until)):
        assert held(case) == []
        assert not Stop.objects.in_force(clock.today()).exists()


def test_a_stop_that_ends_before_the_act_still_counts_while_it_stands(cast: Cast) -> None:
    """A plan for a later day is judged today: whether the stop will be placed anew is not known yet."""
    case = in_procedure(cast)
    stopped(case, cast.ind, days=5)
    assert held(case, on=clock.today() + timedelta(days=20)) == ["appeal"]


def test_the_number_of_queries_does_not_depend_on_stops_or_cases(cast: Cast) -> None:
    def full() -> int:
        case = in_procedure(cast)
        for code in ("appeal", "relief", "moratorium"):
            stopped(case, cast.ind, code)
        return case.pk

    few, many = [full()], [full() for _ in range(3)]
    counts = []
    for cases in (few, many):
        with CaptureQueriesContext(connection) as queries:
            found = judge(cases, FORCED)
        assert all(len(one.stops) == 3 for one in found.values())
        counts.append(len(queries))
    assert counts[0] == counts[1]


DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(placed=DAYS, length=st.integers(0, 400), lifted=st.none() | DAYS, today=DAYS, on=DAYS)
def test_a_stop_stands_from_its_placing_until_its_end_or_its_lifting(
    placed: date, length: int, lifted: date | None, today: date, on: date
) -> None:
    until = placed + timedelta(days=length)
    row = Stop(ground=APPEAL, placed_at=_noon(placed), until=until, lifted_at=lifted and _noon(lifted))

    def stands(day: date) -> bool:
        return placed <= day <= until and (lifted is None or day < lifted)

    plan = Plan(act=FORCED, on=on, today=today)
    assert row.stands_on(today) is stands(today)
    assert forbids(row, plan) is (stands(today) or stands(on))
    assert not forbids(row, replace(plan, act=OWN))


APPEAL = StopGround(code="appeal", acts=[FORCED.value], air_only=False)


def _noon(day: date) -> datetime:
    return clock.at(day, time(12))


def test_the_database_and_the_row_agree_on_which_days_a_stop_stands(cast: Cast) -> None:
    case = in_procedure(cast)
    stop = stopped(case, cast.ind, days=3)
    lift_stop(stop, "ingetrokken", by=cast.ind)
    found = fresh(stop)
    for day in (clock.today() + timedelta(days=count) for count in range(-2, 6)):
        assert Stop.objects.in_force(day).exists() is found.stands_on(day) is False
    unlifted = stopped(case, cast.ind, days=3)
    for day in (clock.today() + timedelta(days=count) for count in range(-2, 6)):
        assert Stop.objects.in_force(day).exists() is unlifted.stands_on(day)


# --- who may read the ground ----------------------------------------------------------------------------------------


def seen_by(case: ReturnCase, member: Member) -> list[str]:
    with as_member(member):
        found = known_to({case.pk: (access_of(member, case).can, member.acting_organisation)})
    return [one.stop.ground.code if one.stop else f"shut:{one.organisation.code}" for one in found.get(case.pk, [])]


def test_a_medical_ground_is_read_by_who_may_see_that_section_and_by_who_placed_it(cast: Cast) -> None:
    case = with_police(cast)
    stopped(case, cast.ind, "art64")
    assert "medical" in SENSITIVE
    assert seen_by(case, cast.regievoerder) == ["art64"]
    assert seen_by(case, cast.ind) == ["art64"]
    assert seen_by(case, cast.politie) == ["shut:ind"]
    assert seen_by(case, cast.regievoerder2) == []
    assert seen_by(case, cast.casemanager) == []


def test_the_wall_of_the_database_shows_a_sensitive_stop_to_nobody_else(cast: Cast) -> None:
    case = with_police(cast)
    stopped(case, cast.ind, "art64")
    stopped(case, cast.ind, "appeal")
    shown = {}
    for name in ("regievoerder", "ind", "politie", "regievoerder2"):
        with as_member(getattr(cast, name)):
            shown[name] = [one.ground.code for one in Stop.objects.order_by("pk")]
    assert shown == {
        "regievoerder": ["art64", "appeal"],
        "ind": ["art64", "appeal"],
        "politie": ["appeal"],
        "regievoerder2": [],
    }
    with as_member(cast.politie):
        assert held(case) == ["art64", "appeal"]


def test_all_stops_of_many_cases_are_read_in_one_question(cast: Cast) -> None:
    cases = [in_procedure(cast) for _ in range(3)]
    for case in cases:
        stopped(case, cast.ind)
    readers = {case.pk: (access_of(cast.regievoerder, case).can, "dtv") for case in cases}
    with CaptureQueriesContext(connection) as queries:
        found = known_to(readers)
    assert len(found) == 3
    assert len([query for query in queries if "terms_stop" in query["sql"]]) == 1


# --- what the database refuses --------------------------------------------------------------------------------------


@pytest.fixture
def standing(cast: Cast) -> Stop:
    return stopped(in_procedure(cast), cast.ind)


@pytest.mark.parametrize("column", ["until", "organisation_id", "scope", "document", "placed_at", "is_grave"])
def test_what_was_placed_is_never_changed(standing: Stop, cast: Cast, column: str) -> None:
    value: Any = {
        "until": clock.today() + timedelta(days=90),
        "organisation_id": cast.regievoerder.acting_unit.organisation_id,
        "scope": "measure",
        "document": "Iets anders",
        "placed_at": clock.now() - timedelta(days=1),
        "is_grave": True,
    }[column]
    setattr(standing, column, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        save_as(standing, by=PRINCIPAL)


def test_a_stop_is_never_deleted_and_its_history_neither(standing: Stop) -> None:
    for table in ("terms_stop", "terms_historicalstop"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "destination"},
        {"scope": "measure"},
        {"scope": "all_removal", "country": "DZA"},
        {"section": ""},
        {"until": clock.today() - timedelta(days=9)},
    ],
)
def test_a_stop_that_says_too_little_is_refused_by_the_database(cast: Cast, wrong: dict[str, Any]) -> None:
    case = led_case(cast.regievoerder)
    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(stop_row(case, cast.ind, "appeal", **wrong), by=PRINCIPAL)
