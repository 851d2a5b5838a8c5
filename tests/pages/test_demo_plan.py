"""The plan of the demo: every table of the proposal exactly at full size, believable people at any size. Nothing is written."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest

from handover.intake.judging import GoodRow, Rules, judge_row
from handover.intake.rows import RawRow
from leidraad.pages.demo import figures
from leidraad.pages.demo.colleagues import directors
from leidraad.pages.demo.dossiers import rows_of
from leidraad.pages.demo.naming import all_names
from leidraad.pages.demo.placing import DUBLIN
from leidraad.pages.demo.plan import Plan, make_plan, v_number
from leidraad.pages.demo.planned import CHILD, PlannedHousehold, PlannedPerson
from leidraad.pages.demo.sites import POSTCODES, SITES
from partners.reference_data import lines

TODAY = date(2026, 11, 23)


@cache
def planned(persons: int = figures.PERSONS, closed: int = figures.CLOSED, seed: int = 1, today: date = TODAY) -> Plan:
    return make_plan(persons, closed, seed=seed, today=today, directors=directors())


def everybody(plan: Plan) -> list[tuple[PlannedHousehold, PlannedPerson]]:
    return [(household, person) for household in plan.open for person in household.persons]


def differences(found: Mapping[Any, int], wanted: Mapping[Any, int]) -> dict[Any, tuple[int, int]]:
    keys = set(found) | set(wanted)
    return {key: (found.get(key, 0), wanted.get(key, 0)) for key in keys if found.get(key, 0) != wanted.get(key, 0)}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_persons_have_every_table_of_the_proposal_exactly(seed: int) -> None:
    plan = planned(seed=seed)
    people = everybody(plan)

    assert (len(people), len(plan.open), len(plan.closed)) == (1000, 780, 1586)
    assert differences(Counter(one.nationality for one, _ in people), figures.NATIONALITIES) == {}
    assert differences(Counter((one.supplier, one.ground) for one, _ in people), figures.ORIGINS) == {}
    assert differences(Counter(one.phase for one in plan.open), figures.PHASES) == {}
    stays = Counter(figures.PROTECTED if one.stay.protected else one.stay.form for one, _ in people)
    assert differences(stays, figures.STAYS) == {}
    endings = Counter((one.ending.outcome, one.ending.kind) for one in plan.closed if one.ending)
    assert differences(endings, figures.ENDINGS) == {}


def test_suppliers_grounds_and_departures_add_up_as_the_proposal_says() -> None:
    suppliers: Counter[str] = Counter()
    grounds: Counter[str] = Counter()
    for (supplier, ground), count in figures.ORIGINS.items():
        suppliers[supplier] += count
        grounds[ground] += count
    assert suppliers == {"IND": 640, "AVIM": 165, "KMAR": 50, "DTV": 145}
    assert sorted(grounds.values(), reverse=True) == [460, 220, 180, 50, 40, 30, 20]
    shown = [n for (outcome, _), n in figures.ENDINGS.items() if outcome.startswith(("departed_i", "departed_f", "tr"))]
    assert sum(shown) == 599
    assert Counter(one.ending.destination for one in planned().closed if one.ending)["third"] == 18


def test_ages_sexes_and_sizes_are_those_of_the_proposal_and_parents_are_older_than_their_children() -> None:
    plan = planned()
    people = everybody(plan)

    bands = [(0, 11), (12, 17), (18, 29), (30, 44), (45, 59), (60, 120)]
    assert [sum(low <= who.age <= high for _, who in people) for low, high in bands] == [90, 80, 360, 330, 110, 30]
    assert Counter(who.sex for _, who in people) == {"M": 760, "V": 240}
    assert Counter(one.size for one in plan.open) == {1: 640, **figures.FAMILY_SIZES}
    assert sum(one.is_alone_minor for one in plan.open) == 40
    for one in plan.open:
        children = [who.age for who in one.persons if who.role == CHILD]
        parents = [who.age for who in one.persons if who.role not in (CHILD, "")]
        assert not children or min(parents) - max(children) >= 18
        assert len({who.surname for who in one.persons}) == 1
    # The age is that of the day, and nobody was born after the dossier was handed in.
    for one, who in people:
        had_birthday = (who.born.month, who.born.day) <= (TODAY.month, TODAY.day)
        assert TODAY.year - who.born.year - (not had_birthday) == who.age
        assert who.born < one.delivered


def test_flags_and_entry_bans_are_exact_and_minors_are_marked() -> None:
    people = everybody(planned())
    signals = Counter(signal for _, who in people for signal in who.signals)

    assert signals == {**figures.SIGNALS, "minderjarig": 170}
    assert sum(who.entry_ban for _, who in people) == 160
    assert all(one.supplier != "DTV" for one, who in people if who.entry_ban)


def test_known_sites_hold_what_they_are_given_and_are_those_of_the_reference_data() -> None:
    reference = {line["naam"]: line for line in lines("sites.csv")}
    known = [site for sites in SITES.values() for site in sites]
    assert {site.name for site in known} == set(reference)
    for site in known:
        line = reference[site.name]
        assert (site.street, POSTCODES.get(site.city), site.city) == (
            line["adres"],
            POSTCODES[line["plaats"]],
            line["plaats"],
        )
        assert site.places == int(line["capaciteit"])

    living = Counter(one.stay.site for one, _ in everybody(planned()) if one.stay.site)

    assert all(count <= int(reference[name]["capaciteit"]) for name, count in living.items())
    assert living["kwv Veenmeer"] == 20
    minors = [one for one in planned().open if one.is_alone_minor]
    assert {one.stay.form for one in minors} == {"kwv", "nidos"}


def test_a_protected_person_is_at_no_site() -> None:
    hidden = [one for one in planned().open if one.stay.protected]

    assert sum(one.size for one in hidden) == 5
    assert {(one.stay.site, one.stay.text) for one in hidden} == {("", "")}


def test_the_account_regievoerder_leads_47_cases_and_colleagues_share_the_rest() -> None:
    plan = planned()
    loads = Counter(one.director for one, _ in everybody(plan) if one.director)

    assert loads.pop("regievoerder") == 47
    assert len(loads) == 29
    assert all(20 <= cases <= 47 for cases in loads.values())
    # One of them is a man in detention, of whom a demonstration has something to show.
    assert [one.stay.form for one in plan.open if one.director == "regievoerder" and one.stay.form == "dc"] == ["dc"]
    late = [one for one in plan.open if one.director and one.step_days < 0]
    assert len(late) / sum(bool(one.director) for one in plan.open) == pytest.approx(0.04, abs=0.01)


def test_the_same_seed_and_day_give_the_same_plan_and_others_another() -> None:
    assert planned(60, 12) == planned.__wrapped__(60, 12)
    assert planned(60, 12) != planned(60, 12, seed=2)
    assert planned(60, 12) != planned(60, 12, today=date(2026, 11, 24))


@pytest.mark.parametrize(("persons", "closed"), [(1, 0), (2, 1), (5, 3), (12, 2), (60, 12), (137, 40), (300, 480)])
@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2026, 8, 2)])
def test_any_size_and_day_can_be_planned(persons: int, closed: int, today: date) -> None:
    plan = planned(persons, closed, today=today)

    assert sum(one.size for one in plan.open) == persons
    assert len(plan.closed) == closed
    assert all(one.phase and one.nationality and one.ground for one in plan.open)
    numbers = [v_number(who) for one in plan.all for who in one.persons]
    assert numbers == [str(9_995_000_000 + n) for n in range(persons + closed)]
    for one in plan.closed:
        assert one.ending is not None
        assert one.delivered < one.ending.on <= today
        assert (today - one.ending.on).days < 365


def test_every_dossier_of_the_demo_is_one_that_the_import_accepts() -> None:
    plan = planned()

    for number, one in enumerate(plan.all):
        for row in rows_of(one, seed=1) if one.supplier != "DTV" else ():
            judged = judge_row(RawRow(number + 2, row), Rules(one.delivered))
            assert isinstance(judged, GoodRow), judged
            # A latest transfer date lies ahead; there is nothing else to remark.
            assert {remark.column for remark in judged.remarks} <= {"uiterste_overdrachtsdatum"}


def test_claims_on_a_member_state_stand_in_both_regimes_with_time_for_request_and_reply() -> None:
    regimes: Counter[str] = Counter()
    for one in planned().open:
        for row in rows_of(one, seed=1) if one.ground == DUBLIN and one.supplier != "DTV" else ():
            regimes[row["regime"]] += 1
            lodged, agreed = (date.fromisoformat(row[name]) for name in ("aanvraag_op", "claimakkoord_op"))
            assert (agreed - lodged).days >= 45

    assert min(regimes["pact"], regimes["oud"]) > 20


def test_there_are_names_for_every_nationality_in_as_many_scripts_as_it_needs() -> None:
    names = all_names()

    assert set(figures.NATIONALITIES) <= set(names)
    for one in names.values():
        assert len(one.script_surnames) in (0, len(one.surnames))
        assert len(one.script_men) in (0, len(one.men))
        assert len(one.script_women) in (0, len(one.women))
    aliases = [alias for one in planned().open for who in one.persons for alias in who.aliases]
    assert any("؀" <= letter <= "ۿ" for alias in aliases for letter in alias)
