"""A decision to extend a detention: when it counts, until when, who records it, and what is refused."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client

from cases.case.access import NotInSight
from cases.supervision.guard_facts import tell
from cases.supervision.measure_actions import Lifting, NewExtension, extend, lift, void_extension
from cases.supervision.measure_rules import Record, terms_of, warnings_of
from cases.supervision.models import Measure, MeasureExtension
from cases.terms.catalogue import load_catalogue
from cases.terms.deadlines import Deadline, State, deadlines_of, starts_of
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from tests.cast import Cast, sign_in
from tests.supervision.measures import ago, detained
from tests.supervision.test_measure_pages import version

pytestmark = pytest.mark.django_db
# Imposed on 26 May 2026 the six months end on 25 November, by the reading that counts the day itself.
IMPOSED, LAST, AFTER = date(2026, 5, 26), date(2026, 11, 25), date(2026, 11, 26)
TOGETHER = date(2027, 11, 16)  # day 540


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = date(2026, 11, 27)


def held(cast: Cast, code: str = "art59_1a", on: date = IMPOSED, **values: Any) -> Measure:
    at = clock.at(on, time(10))
    return detained(cast, code=code, at=at, heard_at=at, tested_on=on, **values)


def decision(told: date, until: date = date(2027, 5, 25), **values: Any) -> NewExtension:
    return replace(NewExtension(told, told, "foreign_papers", until), **values)


def record(measure: Measure) -> Record:
    return Record(measure, measure.case, None, [], list(measure.extensions.all()))


def last_day(measure: Measure) -> date | None:
    (fact,) = tell([measure.case_id])[measure.case_id]
    return fact.last_day  # type: ignore[union-attr]  # there is one, or the test fails here


def terms(measure: Measure) -> dict[str, Deadline]:
    case = measure.case_id
    found = deadlines_of(starts_of([case])[case], load_catalogue(), clock.now())
    return {one.start.rule: one for one in found if one.start.rule in ("det-59-6m", "det-59-ext", "det-59b")}


def warned(measure: Measure) -> set[str]:
    return {one.code for one in warnings_of(record(measure)) if one.code.startswith("extended")}


# --- when it counts -------------------------------------------------------------------------------------------------


def test_without_a_decision_the_six_months_run_out_and_nothing_follows(cast: Cast) -> None:
    measure = held(cast)

    found = terms(measure)

    assert (found["det-59-6m"].due, found["det-59-6m"].state) == (LAST, State.MISSED)
    assert "det-59-ext" not in found
    assert last_day(measure) == LAST


def test_a_decision_told_on_the_last_day_meets_the_term_and_lengthens_the_measure(cast: Cast) -> None:
    measure = held(cast)

    extend(measure, decision(LAST), by=cast.ua)

    found = terms(measure)
    assert found["det-59-6m"].state == State.MET
    assert (found["det-59-ext"].until, found["det-59-ext"].state) == (date(2027, 5, 25), State.RUNNING)
    assert last_day(measure) == date(2027, 5, 25)
    assert [one.on for one in terms_of(record(measure)) if one.title == "Einde na de verlenging"] == [date(2027, 5, 25)]
    assert not warned(measure)


def test_a_decision_told_a_day_later_is_recorded_warned_of_and_does_not_count(cast: Cast) -> None:
    measure = held(cast)

    extend(measure, decision(AFTER, decided_on=LAST), by=cast.ua)

    found = terms(measure)
    assert found["det-59-6m"].state == State.MISSED
    assert "det-59-ext" not in found
    assert last_day(measure) == LAST
    assert warned(measure) == {"extended_late"}


def test_no_decision_goes_beyond_eighteen_months_of_thirty_days(cast: Cast) -> None:
    measure = held(cast)

    extend(measure, decision(LAST, TOGETHER + timedelta(days=1)), by=cast.ua)

    assert last_day(measure) == TOGETHER
    assert terms(measure)["det-59-ext"].until == TOGETHER
    assert warned(measure) == {"extended_long"}


def test_until_the_eighteen_months_is_no_reason_to_warn(cast: Cast) -> None:
    measure = held(cast)

    extend(measure, decision(LAST, TOGETHER), by=cast.ua)

    assert not warned(measure)


def test_a_second_decision_goes_on_from_the_first_and_meets_its_end(cast: Cast) -> None:
    measure = held(cast)
    extend(measure, decision(date(2026, 11, 1), date(2026, 11, 26)), by=cast.ua)

    extend(measure, decision(AFTER, date(2027, 1, 31)), by=cast.ua)

    assert last_day(measure) == date(2027, 1, 31)
    case = measure.case_id
    longer = [one for one in starts_of([case])[case] if one.rule == "det-59-ext"]
    assert [(one.until, one.met_on) for one in longer] == [(date(2026, 11, 26), AFTER), (date(2027, 1, 31), None)]


def test_a_later_decision_that_names_an_earlier_day_holds(cast: Cast) -> None:
    measure = held(cast)
    extend(measure, decision(date(2026, 11, 1), date(2027, 5, 25)), by=cast.ua)

    extend(measure, decision(AFTER, date(2027, 1, 31)), by=cast.ua)

    assert last_day(measure) == date(2027, 1, 31)


def test_the_detention_of_an_applicant_gets_six_months_more_and_no_ground_is_asked(cast: Cast) -> None:
    measure = held(cast, "art59b", date(2026, 6, 15))

    extend(measure, decision(date(2026, 11, 20), date(2027, 7, 1), ground="other"), by=cast.ua)

    assert last_day(measure) == date(2027, 6, 14)
    assert warned(measure) == {"extended_long"}


def test_an_old_detention_of_an_applicant_gets_three_months_after_its_four_weeks(cast: Cast) -> None:
    measure = held(cast, "art59b_old", date(2026, 5, 4))
    assert last_day(measure) == date(2026, 5, 31)

    extend(measure, decision(date(2026, 5, 31), date(2027, 1, 1), ground="other"), by=cast.ua)

    assert last_day(measure) == date(2026, 8, 31)


def test_another_ground_than_the_rule_names_is_warned_of(cast: Cast) -> None:
    measure = held(cast)

    extend(measure, decision(LAST, ground="other"), by=cast.ua)

    assert warned(measure) == {"extended_why"}


# --- who, and what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["regievoerder", "manager", "ind", "dji"])
def test_only_who_imposes_such_measures_records_and_strikes_out(cast: Cast, who: str) -> None:
    measure = held(cast)
    one = extend(measure, decision(LAST), by=cast.ua)

    with pytest.raises((NotAllowed, NotInSight)):
        extend(measure, decision(LAST), by=getattr(cast, who))
    with pytest.raises((NotAllowed, NotInSight)):
        void_extension(one, "Andere zaak.", by=getattr(cast, who))


@pytest.mark.parametrize(
    "values",
    [
        {"decided_on": date(2026, 5, 25)},
        {"notified_on": date(2026, 11, 28)},
        {"notified_on": date(2026, 11, 23)},
        {"until": date(2026, 11, 24)},
        {"ground": "weather"},
    ],
    ids=str,
)
def test_what_cannot_be_so_is_refused(cast: Cast, values: dict[str, Any]) -> None:
    measure = held(cast)

    with pytest.raises(NotPossible):
        extend(measure, decision(date(2026, 11, 24), **values), by=cast.ua)


def test_a_measure_that_ended_or_that_no_decision_extends_is_not_extended(cast: Cast) -> None:
    short = held(cast, "art59_1b", date(2026, 11, 20))
    ended = held(cast)
    lift(ended, Lifting(ago(1), "ground_gone"), by=cast.ua)

    for measure in (short, ended):
        with pytest.raises(NotPossible):
            extend(measure, decision(LAST), by=cast.ua)


def test_a_decision_is_never_changed_and_struck_out_it_no_longer_counts(cast: Cast) -> None:
    measure = held(cast)
    one = extend(measure, decision(LAST), by=cast.ua)

    with pytest.raises(Error), transaction.atomic():
        MeasureExtension.objects.filter(pk=one.pk).update(until=date(2027, 6, 1))
    with pytest.raises(Error), transaction.atomic():
        MeasureExtension.objects.filter(pk=one.pk).delete()
    void_extension(one, "Andere zaak.", by=cast.ua)

    assert last_day(measure) == LAST
    assert terms(measure)["det-59-6m"].state == State.MISSED
    with pytest.raises(NotPossible):
        void_extension(one, "nog eens", by=cast.ua)


def test_who_leads_is_told_and_the_sentence_names_no_measure(cast: Cast) -> None:
    extend(held(cast), decision(LAST), by=cast.ua)

    notice = Notice.objects.get(kind="measure_extended")
    assert notice.member_id == cast.regievoerder.pk
    assert "ewaring" not in str(notice)


# --- pages ----------------------------------------------------------------------------------------------------------


def page(client: Client, cast: Cast, who: str, measure: Measure, path: str = "") -> str:
    sign_in(client, getattr(cast, who))
    return client.get(f"/zaken/{measure.case.number}/maatregelen/{measure.pk}/{path}").content.decode()


def test_the_page_says_until_when_and_offers_the_decision_to_who_may(cast: Cast, client: Client) -> None:
    measure = held(cast)

    officer, reader = page(client, cast, "ua", measure), page(client, cast, "regievoerder", measure)

    assert "Zonder verlengingsbesluit eindigt de maatregel na 25 november 2026" in reader
    assert "Nog geen verlengingsbesluit vastgelegd" in reader
    assert "niet vastgesteld" in reader.lower()
    assert f"/maatregelen/{measure.pk}/verlengen/" in officer
    assert f"/maatregelen/{measure.pk}/verlengen/" not in reader


def test_the_page_counts_until_the_most_and_draws_no_decision_that_came_too_late(cast: Cast, client: Client) -> None:
    whole, late = held(cast), held(cast)
    extend(whole, decision(LAST, date(2028, 1, 1)), by=cast.ua)
    extend(late, decision(AFTER, date(2027, 5, 25)), by=cast.ua)

    shown, other = page(client, cast, "ua", whole), page(client, cast, "ua", late)

    assert "Verder verlengen kan niet" in shown
    assert "Verlengd tot en met 16 november 2027" in shown
    assert "Verlengd tot en met" not in other
    assert "Te laat meegedeeld: telt niet" in other


def test_an_officer_records_and_strikes_out_with_plain_forms(cast: Cast, client: Client) -> None:
    measure = held(cast)
    sign_in(client, cast.ua)
    here = f"/zaken/{measure.case.number}/maatregelen/{measure.pk}/verlengen/"
    sent = version(measure) | {
        "decided_on": "24-11-2026",
        "notified_on": "25-11-2026",
        "ground": "no_cooperation",
        "until": "25-05-2027",
        "form_no": "M111-D-7",
        "note": "Werkt niet mee aan de aanvraag.",
    }

    assert client.post(here, sent | {"until": ""}).status_code == 422
    assert "ligt in de toekomst" in client.post(here, sent | {"notified_on": "28-11-2026"}).content.decode()
    assert client.post(here, sent).status_code == 302
    one = MeasureExtension.objects.get()
    shown = page(client, cast, "ua", measure)
    assert "Werkt niet mee aan de aanvraag." in shown
    assert "Op tijd meegedeeld" in shown

    void = client.post(f"{here}{one.pk}/doorhalen/", version(measure) | {"reason": "Andere zaak"})
    assert void.status_code == 302
    assert "Andere zaak" in page(client, cast, "ua", measure)


def test_a_decision_of_another_measure_is_not_found(cast: Cast, client: Client) -> None:
    one = extend(held(cast), decision(LAST), by=cast.ua)
    other = held(cast, on=date(2026, 6, 1))
    sign_in(client, cast.ua)

    answer = client.get(f"/zaken/{other.case.number}/maatregelen/{other.pk}/verlengen/{one.pk}/doorhalen/")

    assert answer.status_code == 404
