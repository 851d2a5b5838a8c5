"""Imposing, correcting, lifting and striking out a measure: who may, what is refused, what follows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, IntegrityError, transaction

from cases.case.access import NotInSight
from cases.case.actions import close_case, lock_case
from cases.case.facts import FactKind, News, _listeners, listen
from cases.case.models import Axis, Part, ProtectedAddress
from cases.reception.actions import end_placement
from cases.supervision.measure_actions import (
    Lifting,
    correct,
    impose,
    keeps_part,
    lift,
    take_back_lifting,
    void,
)
from cases.supervision.models import Measure, MeasureRung, VulnerabilityNote
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, gone, involve, led_case, unit
from tests.reception.stays import staying
from tests.supervision.measures import ago, details, detained, kind, restricted, restriction, weighed
from tests.supervision.reporting import supervised

pytestmark = pytest.mark.django_db


def told(case: Any) -> set[tuple[str, str]]:
    found = Notice.objects.filter(case_number=case.number, kind__startswith="measure")
    return set(found.values_list("unit__code", "kind"))


# --- imposing -------------------------------------------------------------------------------------------------------


def test_an_authorised_officer_records_a_detention_with_all_that_belongs_to_it(cast: Cast) -> None:
    measure = detained(cast, test_text="Slaapt slecht.", test_result="weighed")

    assert (measure.family, measure.authority, measure.unit.code) == ("custody", "dtv_ua", "dtv-uitvoering")
    assert [(one.means.code, one.considered) for one in measure.rungs.all()] == [
        ("reporting", True), ("security", True), ("area", True),
    ]  # fmt: skip
    assert VulnerabilityNote.objects.get(measure=measure).text == "Slaapt slecht."
    assert measure.history.get().history_user == cast.ua
    assert measure.is_running


def test_the_police_record_one_too_where_they_take_part(cast: Cast) -> None:
    case = supervised()

    measure = impose(case, details(authority="avim"), by=cast.politie)

    assert (measure.authority, measure.source) == ("avim", "Politie AVIM Noord")


def test_outsiders_do_not_find_the_case_and_other_parts_may_not(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    at_site(case, unit("azc-veenmeer"))

    with pytest.raises(NotInSight):
        impose(case, details(), by=cast.ua)
    for member in (cast.regievoerder, cast.manager, cast.casemanager, cast.coa_manager):
        for one in (details(), restriction()):
            with pytest.raises(NotAllowed):
                impose(case, one, by=member)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"at": -1.0}, "maatregel ligt in de toekomst"),
        ({"heard_at": -0.1}, "gehoor"),
        ({"tested_on": date(2099, 1, 1)}, "kwetsbaarheid"),
        ({"planned_end": date(2020, 1, 1)}, "einddatum"),
        ({"authority": "raad"}, "instantie"),
        ({"code": "art59b_old"}, "bestond"),
        ({"code": "art59"}, "bestond"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_so_is_refused(cast: Cast, values: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {name: ago(value) if isinstance(value, float) else value for name, value in values.items()}
    with pytest.raises(NotPossible) as refusal:
        detained(cast, **given)

    assert words in str(refusal.value)
    assert not Measure.objects.exists()


def test_what_is_missing_is_recorded_as_it_is(cast: Cast) -> None:
    measure = detained(cast, heard_at=None, counsel="", tested_on=None, test_result="", ground="", signs=None, rungs=())

    assert measure.pk is not None


def test_two_measures_of_one_family_never_overlap(cast: Cast) -> None:
    measure = detained(cast, at=ago(3))

    with pytest.raises(NotPossible) as refusal:
        impose(measure.case, details("art59a", ago(1)), by=cast.ua)
    assert "geldt al" in str(refusal.value)
    # One that ended before the other began, and one of the other family, do not overlap.
    lift(measure, Lifting(ago(2), "released"), by=cast.ua)
    impose(measure.case, details("art59a", ago(1)), by=cast.ua)
    impose(measure.case, restriction(ago(1)), by=cast.ua)


def test_the_database_itself_refuses_an_overlap(cast: Cast) -> None:
    first = detained(cast)
    second = Measure(
        case=first.case,
        kind=kind("art59a"),
        family="custody",
        authority="kmar",
        unit=first.unit,
        imposed_at=ago(1),
        source="x",
        recorded_at=clock.now(),
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(second, by=PRINCIPAL)


def test_a_measure_may_take_the_place_of_the_one_that_runs(cast: Cast) -> None:
    hold = impose(supervised(), details("art50_hold", ago(2), authority="avim", rungs=()), by=cast.politie)

    new = impose(hold.case, details("art59_1a", ago(1.8), authority="avim"), by=cast.politie, replaces=hold)

    hold.refresh_from_db()
    assert (hold.lifted_at, hold.lift_reason) == (new.imposed_at, "other_measure")
    with pytest.raises(NotPossible):
        impose(hold.case, details("art59a", ago(1)), by=cast.politie, replaces=hold)


def test_who_is_locked_up_at_a_site_stays_there(cast: Cast) -> None:
    measure = detained(cast)

    case = measure.case
    case.refresh_from_db()
    assert (case.residence_form, case.residence_unit, case.residence_text) == (
        "dc",
        unit("dc-maasvliet"),
        "dc Maasvliet",
    )
    entry = case.axis_entries.get(axis=Axis.RESIDENCE, superseded_at=None)
    assert (entry.source, entry.since) == (
        "DT&V Feitelijk Vertrek",
        measure.imposed_at.astimezone(clock.now().tzinfo).date(),
    )


def test_a_site_that_ends_the_stay_afterwards_does_not_wipe_out_where(cast: Cast) -> None:
    stay = staying(cast)
    detained(cast, stay.case)

    end_placement(stay, "custody", clock.today(), by=cast.casemanager, reason="Opgehaald")

    case = lock_case(stay.case)
    assert (case.residence_form, case.residence_text) == ("dc", "dc Maasvliet")


def test_a_protected_address_is_not_given_away_and_a_restriction_moves_nobody(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    save_as(ProtectedAddress(case=case, street="Geheim 1", source="IND", since=clock.today()), by=PRINCIPAL)

    detained(cast, case)
    other = restricted(cast, place_unit=unit("azc-veenmeer")).case

    for one in (case, other):
        assert lock_case(one).residence_form == "azc"


def test_who_must_know_is_told_without_a_word_about_what_it_is(cast: Cast) -> None:
    case = involve(led_case(cast.regievoerder), unit("dc-maasvliet"), Part.CUSTODY, "law")
    at_site(involve(case, unit("avim-noord"), Part.SUPERVISION), unit("azc-veenmeer"))

    detained(cast, case)

    assert told(case) == {
        ("dtv-noord-2", "measure_imposed"), ("dc-maasvliet", "measure_imposed"), ("avim-noord", "measure_imposed"),
    }  # fmt: skip
    lead = Notice.objects.get(unit__code="dtv-noord-2", kind="measure_imposed")
    assert lead.member == cast.regievoerder
    assert lead.params == {}
    restricted(cast, case)
    assert ("azc-veenmeer", "measure_imposed") in told(case)


def test_a_fact_is_published_and_overtakes_no_answer(cast: Cast) -> None:
    heard: list[News] = []

    def hear(news: Any, by: Any) -> None:
        heard.extend(news)

    listen(hear)
    try:
        measure = detained(cast)
        lift(measure, Lifting(ago(1), "departed"), by=cast.ua)
    finally:
        _listeners.remove(hear)

    kinds = [(one.fact.kind, one.fact.detail) for one in heard if one.fact.kind.startswith("measure")]
    assert kinds == [(FactKind.MEASURE_IMPOSED, "custody"), (FactKind.MEASURE_LIFTED, "custody")]


# --- putting right --------------------------------------------------------------------------------------------------


def test_a_correction_keeps_both_versions_with_the_reason(cast: Cast) -> None:
    measure = detained(cast)

    correct(measure, replace(details(), form_no="M109-2026-0418"), "Nummer was van een ander.", by=cast.ua)

    last, first = measure.history.all()
    assert (first.form_no, last.form_no) == ("M109-2026-0417", "M109-2026-0418")
    assert last.history_change_reason == "Nummer was van een ander."
    assert ("dtv-noord-2", "measure_corrected") in told(measure.case)


def test_a_correction_needs_a_reason_the_same_family_and_a_fresh_page(cast: Cast) -> None:
    measure = detained(cast)

    with pytest.raises(NotPossible):
        correct(measure, details(), "  ", by=cast.ua)
    with pytest.raises(NotPossible):
        correct(measure, restriction(), "Verkeerd gekozen", by=cast.ua)
    with pytest.raises(Stale):
        correct(measure, details(), "Nog eens", by=cast.ua, version=measure.version - 1)


def test_a_rung_changes_only_where_its_words_do(cast: Cast) -> None:
    measure = detained(cast)

    correct(measure, replace(details(), rungs=weighed(area="Ging weg uit de vbl.")), "Aangevuld", by=cast.ua)

    assert [one.history.count() for one in measure.rungs.all()] == [1, 1, 2]


def test_what_the_test_found_stays_when_a_correction_does_not_ask_for_it(cast: Cast) -> None:
    measure = detained(cast, test_text="Slaapt slecht.")

    correct(measure, details(), "Tijd hersteld", by=cast.ua)

    assert VulnerabilityNote.objects.get(measure=measure).text == "Slaapt slecht."


def test_what_should_not_be_there_is_struck_out_and_stays_readable(cast: Cast) -> None:
    measure = detained(cast)

    void(measure, "Hoort bij een andere persoon.", by=cast.ua)

    measure.refresh_from_db()
    assert not measure.is_running
    assert measure.void_reason
    impose(measure.case, details("art59a", ago(1)), by=cast.ua)  # it no longer stands in the way
    with pytest.raises(NotPossible):
        void(measure, "x", by=cast.ua)
    with pytest.raises(NotPossible):
        lift(measure, Lifting(ago(0), "court"), by=cast.ua)


def test_nothing_of_a_measure_is_ever_deleted(cast: Cast) -> None:
    measure = detained(cast, test_text="x")

    for rows in (
        MeasureRung.objects.filter(measure=measure),
        VulnerabilityNote.objects.filter(measure=measure),
        Measure.objects.filter(pk=measure.pk),
    ):
        with pytest.raises(Error), transaction.atomic():
            rows.delete()


# --- lifting --------------------------------------------------------------------------------------------------------


def test_a_measure_is_lifted_with_a_moment_and_a_reason(cast: Cast) -> None:
    measure = detained(cast)

    lift(measure, Lifting(ago(1), "court", "Geen zicht op uitzetting.", "M113-2026-0031"), by=cast.ua)

    measure.refresh_from_db()
    assert (measure.lift_reason, measure.lift_form_no, measure.is_running) == ("court", "M113-2026-0031", False)
    assert ("dtv-noord-2", "measure_lifted") in told(measure.case)


@pytest.mark.parametrize(("days", "reason"), [(4, "court"), (-1, "court"), (1, "other_measure"), (1, "zomaar")])
def test_a_lifting_before_imposing_ahead_or_for_no_reason_is_refused(cast: Cast, days: int, reason: str) -> None:
    measure = detained(cast, at=ago(3))

    with pytest.raises(NotPossible):
        lift(measure, Lifting(ago(days), reason), by=cast.ua)


def test_the_second_officer_reads_that_it_ended_already(cast: Cast) -> None:
    measure = detained(cast)
    lift(measure, Lifting(ago(1), "released"), by=cast.ua)

    with pytest.raises(NotPossible) as refusal:
        lift(measure, Lifting(ago(0.5), "court"), by=cast.ua)
    assert "al beëindigd" in str(refusal.value)


def test_a_lifting_by_mistake_is_taken_back_unless_another_measure_began(cast: Cast) -> None:
    measure = lift(detained(cast), Lifting(ago(2), "released"), by=cast.ua)
    take_back_lifting(measure, "Verkeerde zaak.", by=cast.ua)
    measure.refresh_from_db()
    assert measure.is_running

    lift(measure, Lifting(ago(2), "released"), by=cast.ua)
    impose(measure.case, details("art59a", ago(1)), by=cast.ua)
    with pytest.raises(NotPossible):
        take_back_lifting(measure, "Verkeerde zaak.", by=cast.ua)


def test_a_running_measure_keeps_the_police_in_the_case_and_its_end_lets_them_go(cast: Cast) -> None:
    case = supervised()
    measure = impose(case, details(authority="avim"), by=cast.politie)
    assert keeps_part(case, unit("avim-noord"))

    lift(measure, Lifting(ago(1), "released"), by=cast.politie)

    assert not keeps_part(case, unit("avim-noord"))
    assert not case.involvements.running().filter(unit__code="avim-noord").exists()


@pytest.mark.parametrize(("outcome", "reason"), [("departed_forced", "departed"), ("other", "case_closed")])
def test_a_closed_case_holds_nobody(cast: Cast, outcome: str, reason: str) -> None:
    measure, other = detained(cast), None
    other = restricted(cast, measure.case)
    if outcome == "departed_forced":
        gone(measure.case)

    close_case(measure.case, outcome, by=cast.regievoerder, reason="test")

    for one in (measure, other):
        one.refresh_from_db()
        assert (one.lift_reason, one.is_running) == (reason, False)


def test_the_time_between_is_counted_in_moments_not_days(cast: Cast) -> None:
    """Released at noon and detained again at one o'clock of the same day is no overlap."""
    at = ago(1)
    measure = lift(detained(cast, at=ago(2)), Lifting(at, "released"), by=cast.ua)

    assert impose(measure.case, details("art59a", at + timedelta(hours=1)), by=cast.ua).is_running
