"""What the rules say of a measure: dates that follow, and warnings for what is missing. Nothing of it refuses anything."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from cases.case.models import Person, ReturnCase
from cases.supervision.measure_rules import Record, may_be_minor, term_end, terms_of, warnings_of
from cases.supervision.models import CourtFact, LighterMeans, Measure, MeasureKind, MeasureRung
from cases.terms.catalogue import last_day, load_catalogue
from leidraad.lib import clock

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = TODAY


def at(day: date, hour: int = 10) -> datetime:
    return clock.at(day, time(hour))


def record(
    code: str = "art59_1a", on: date = date(2026, 11, 20), *, born: int = 1990, group: str = "", **values: Any
) -> Record:
    """A measure that lacks nothing unless `values` say otherwise; nothing of it is saved."""
    kind = MeasureKind.objects.get(code=code)
    court, rungs = values.pop("court", [("notice", on)]), values.pop("rungs", None)
    whole = {
        "authority": (kind.agreed_authorities or kind.authorities)[0],
        "ground": "x",
        "signs": 2,
        "form_no": "x",
        "heard_at": at(on, 8),
        "counsel": "present",
        "tested_on": on,
        "test_result": "nothing",
    }
    measure = Measure(kind=kind, family=kind.family, imposed_at=at(on), **(whole | values))
    if rungs is None:
        rungs = [MeasureRung(means=one, considered=True, why_not="x") for one in LighterMeans.objects.all()]
    facts = [CourtFact(kind=one[0], at=at(one[1]), result=one[2] if len(one) > 2 else "") for one in court]
    case = ReturnCase(person=Person(birth_year=born, birth_month=5, birth_day=4), special_group=group)
    return Record(measure, case, rungs, facts)


def codes(of: Record) -> list[str]:
    return [one.code for one in warnings_of(of)]


def dates(of: Record) -> dict[str, date]:
    return {term.rule or term.title: term.on for term in terms_of(of)}


def test_a_measure_with_everything_warns_of_nothing() -> None:
    assert codes(record()) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"heard_at": None}, "not_heard"),
        ({"heard_at": datetime(2026, 11, 20, 12, tzinfo=clock.now().tzinfo)}, "heard_after"),
        ({"counsel": "absent"}, "no_counsel"),
        ({"tested_on": None}, "not_tested"),
        ({"test_result": ""}, "not_tested"),
        ({"ground": ""}, "no_ground"),
        ({"signs": 1}, "few_signs"),
        ({"rungs": []}, "rungs"),
        ({"form_no": ""}, "no_form"),
        ({"authority": "ind"}, "not_competent"),
        ({"court": []}, "notice_missing"),
        ({"court": [("notice", date(2026, 11, 21))]}, "notice_late"),
        ({"court": [("notice", date(2026, 11, 20)), ("ruling", date(2026, 11, 22), "lifted")]}, "court_lifted"),
        ({"born": 2010}, "minor"),
        ({"group": "family"}, "minor"),
    ],
    ids=str,
)
def test_what_the_rules_ask_and_the_record_does_not_show_is_warned_of(values: dict[str, Any], code: str) -> None:
    assert codes(record(**values)) == [code]


def test_public_order_needs_no_signs_and_what_is_shielded_is_not_warned_of() -> None:
    assert codes(record(signs=None, public_order=True)) == []
    without = record(signs=None, ground="")
    assert codes(Record(without.measure, without.case, None, without.court)) == []


def test_by_agreement_dtv_imposes_for_a_vbl_and_htl_is_not_for_minors() -> None:
    assert codes(record("art56_vbl", authority="avim")) == ["not_agreed"]
    assert codes(record("art56_htl", born=2010)) == ["minor_excluded"]
    assert codes(record("art56", on=date(2026, 5, 1), signs=None)) == []  # the sign is asked since 12 June 2026
    assert codes(record("art56", signs=None)) == ["few_signs"]


def test_what_a_dossier_states_is_only_said_to_be_unconfirmed() -> None:
    stated = record(stated=True, ground="", heard_at=None)

    assert codes(stated) == ["stated"]
    assert terms_of(stated) == []


@pytest.mark.parametrize(
    ("code", "imposed", "end"),
    [
        ("art59_1a", at(date(2026, 8, 31)), date(2027, 2, 27)),
        ("art59_1b", at(date(2026, 11, 20)), date(2026, 12, 17)),
        ("art56_vbl", at(date(2026, 11, 20)), date(2027, 2, 12)),
        ("art59b", at(date(2026, 11, 20)), date(2027, 5, 19)),
    ],
)
def test_terms_of_liberty_count_their_first_day_and_those_of_a_restriction_do_not(
    code: str, imposed: datetime, end: date
) -> None:
    found = term_end(MeasureKind.objects.get(code=code), imposed)

    assert found is not None
    assert found[0] == end


@pytest.mark.parametrize(
    ("code", "rule", "position"),
    [
        ("art59_1a", "det-59-6m", 1),
        ("art59_1b", "det-59-4w", 1),
        ("art59b", "det-59b", 1),
        ("art56_vbl", "vbl-12w", 1),
        ("art56_htl", "htl-12w", 1),
    ],
)
@pytest.mark.parametrize("on", [date(2026, 8, 31), date(2026, 10, 3), date(2026, 11, 20)], ids=str)
def test_no_term_differs_by_a_day_from_the_rule_it_comes_from(code: str, rule: str, position: int, on: date) -> None:
    counted = load_catalogue().rule_on(rule, on)
    found = term_end(MeasureKind.objects.get(code=code), at(on))

    assert counted is not None
    assert found is not None
    assert found[0] == last_day(counted, [position], on).best_for_person


def test_neither_do_the_days_of_the_court_and_of_a_family() -> None:
    on, catalogue = date(2026, 11, 20), load_catalogue()

    def day(rule: str, position: int = 1, event: date = on) -> date:
        found = catalogue.rule_on(rule, event)
        assert found is not None
        return last_day(found, [position], event).best_for_person

    assert dates(record("art59a")) == {"Vw 94, dag 15": day("rule-court"), "Vw 94, dag 21": day("rule-court", 2)}
    assert dates(record(group="family"))["Vc A5/2.4; Vb 5.15"] == day("det-family")
    assert dates(record(born=2010))["Vc A5/2.4; Vb 5.15"] == day("det-uam")
    assert dates(record("art6_1", group="family"))["Vc A5/2.4; Vb 5.15"] == day("det-family", 2)
    ruled = [("notice", on), ("ruling", date(2026, 11, 22), "continues")]
    assert dates(record(court=ruled))["Vw 96a"] == day("review-68", event=date(2026, 11, 22))
    appealed = [*ruled, ("own_appeal", date(2026, 11, 23))]
    assert dates(record(court=appealed))["Vw 96"] == day("own-appeal", event=date(2026, 11, 23))


@pytest.mark.parametrize(("ruled", "late"), [(date(2026, 11, 21), False), (date(2026, 11, 22), True)])
def test_a_ruling_on_day_21_is_in_time_and_on_day_22_it_is_not(ruled: date, late: bool) -> None:
    measure = record(on=date(2026, 11, 1), court=[("notice", date(2026, 11, 1)), ("ruling", ruled, "continues")])

    assert ("ruled_late" in codes(measure)) is late


@pytest.mark.parametrize(
    ("hour", "end"),
    [(10, (20, 16)), (22, (21, 13)), (3, (20, 15))],
)
def test_a_hold_does_not_count_at_night(hour: int, end: tuple[int, int]) -> None:
    found = term_end(MeasureKind.objects.get(code="art50_hold"), at(date(2026, 11, 20), hour))

    assert found is not None
    assert found[1] == at(date(2026, 11, end[0]), end[1])


def test_days_15_and_21_follow_from_imposing_and_only_some_measures_lapse() -> None:
    assert dates(record("art59a")) == {"Vw 94, dag 15": date(2026, 12, 4), "Vw 94, dag 21": date(2026, 12, 10)}
    titles = [term.title for term in terms_of(record("art59a"))]
    assert titles[1] == "Zonder uitspraak van rechtswege opgeheven"
    assert [term.title for term in terms_of(record())][1] == "Laatste dag voor de uitspraak"


def test_before_the_pact_the_notice_was_due_on_day_28() -> None:
    old = record("art59_1a", on=date(2026, 6, 1), court=[])

    assert dates(old)["Vw 94 (oud)"] == date(2026, 6, 28)
    assert "Vw 94, dag 15" not in dates(old)


def test_after_a_ruling_the_next_notice_is_due_within_68_days_unless_the_person_appealed() -> None:
    ruled = [("notice", date(2026, 11, 1)), ("ruling", date(2026, 11, 10), "continues")]
    first = record(on=date(2026, 11, 1), court=ruled)
    assert dates(first)["Vw 96a"] == date(2027, 1, 16)

    appealed = record(on=date(2026, 11, 1), court=[*ruled, ("own_appeal", date(2026, 11, 20))])
    assert "Vw 96a" not in dates(appealed)
    assert dates(appealed)["Vw 96"] == date(2026, 11, 26)


def test_a_family_is_shown_its_fourteen_days_and_that_they_are_over() -> None:
    family = record(on=date(2026, 11, 1), group="family", court=[("notice", date(2026, 11, 1))])

    assert dates(family)["Vc A5/2.4; Vb 5.15"] == date(2026, 11, 14)
    assert codes(family) == ["past", "past", "past", "minor"]  # fourteen days, day 15 and day 21
    assert dates(record("art6_1", group="family"))["Vc A5/2.4; Vb 5.15"] == date(2026, 12, 19)


@pytest.mark.parametrize(
    ("born", "minor"),
    [((2008, 11, 24), True), ((2008, 11, 23), False), ((2008, None, None), True), ((None, None, None), False)],
)
def test_what_is_unknown_of_a_birth_date_counts_for_the_child(born: tuple[Any, ...], minor: bool) -> None:
    year, month, day = born

    assert may_be_minor(Person(birth_year=year, birth_month=month, birth_day=day), TODAY) is minor


def test_a_term_is_late_when_its_day_is_over_and_asks_attention_before() -> None:
    measure = record(planned_end=TODAY + timedelta(days=3))
    marks = {term.title: term.mark for term in terms_of(measure)}

    assert marks["Geplande einddatum"] == "warn"
    assert record(on=TODAY - timedelta(days=30)).kind.lapse_days is None
