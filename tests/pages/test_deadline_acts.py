"""Acts on a term: nobody is reminded any more, and again; the start is changed at the fact. No day and no guard follows them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from cases.case.models import ReturnCase
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.terms.deadlines import starts_of
from cases.terms.guards.judging import judge
from cases.terms.keeping import keep_stale
from cases.terms.models import Act, KeptDeadline, Unwatched
from cases.terms.reminding import remind_of_others
from cases.terms.watching import stop_watching, watch_again
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.factories import at_site, unit
from tests.procedure.law import days_ago, decided, in_procedure, postponement_kind, refusing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_monday() -> Iterator[None]:
    with clock.as_if(clock.at(date(2026, 11, 23), time(12))):
        yield


def with_term(cast: Cast) -> tuple[ReturnCase, KeptDeadline]:
    """An appeal term that ends within a week."""
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=14, told=12))
    keep_stale()
    return case, KeptDeadline.objects.get(case=case, rule="appeal-mid")


def address(case: ReturnCase, door: str, key: str) -> str:
    return f"{reverse(f'cases:deadline-{door}', args=[case.number])}?termijn={key}"


def send(
    member: Member, case: ReturnCase, door: str, key: str, reason: str = "De gemachtigde trok het beroep in."
) -> Any:
    return sign_in(Client(), member).post(address(case, door, key), {"reason": reason}, follow=True)


def test_who_plans_the_case_stops_watching_and_every_page_says_who_and_why(cast: Cast) -> None:
    case, term = with_term(cast)

    response = send(cast.regievoerder, case, "unwatch", term.key)

    page = response.content.decode()
    assert "Niemand krijgt nog een herinnering aan deze termijn" in page
    assert "De gemachtigde trok het beroep in." in page
    assert "M. Hofstra" in page
    for path in (reverse("terms:list"), reverse("cases:detail", args=[case.number])):
        assert "niet bewaakt" in sign_in(Client(), cast.regievoerder).get(path).content.decode()


def test_it_ends_reminders_and_taking_it_back_begins_them_again(cast: Cast) -> None:
    case, term = with_term(cast)
    stop_watching(case, term.key, term.due, "test", by=cast.regievoerder)
    keep_stale()
    others = KeptDeadline.objects.exclude(key=term.key)
    others.delete()
    assert remind_of_others().terms == 0

    watch_again(case, term.key, "test", by=cast.regievoerder)
    KeptDeadline.objects.exclude(key=term.key).delete()

    assert remind_of_others().terms == 1


def test_no_day_and_no_guard_follows_it(cast: Cast) -> None:
    case, term = with_term(cast)
    days = [(one.key, one.due, one.until) for one in KeptDeadline.objects.order_by("key")]
    judged = judge([case.pk], Act.FORCED_REMOVAL, clock.today())

    stop_watching(case, term.key, term.due, "test", by=cast.regievoerder)
    keep_stale()

    assert [(one.key, one.due, one.until) for one in KeptDeadline.objects.order_by("key")] == days
    assert judge([case.pk], Act.FORCED_REMOVAL, clock.today()) == judged


def test_a_term_that_gets_another_last_day_is_watched_again(cast: Cast) -> None:
    case, term = with_term(cast)
    assert term.due is not None
    stop_watching(case, term.key, term.due, "test", by=cast.regievoerder)
    KeptDeadline.objects.exclude(key=term.key).delete()
    KeptDeadline.objects.update(due=term.due + timedelta(days=1), until=term.due + timedelta(days=1))

    assert remind_of_others().terms == 1
    stop_watching(case, term.key, term.due + timedelta(days=1), "nog eens", by=cast.regievoerder)

    assert [one.reason for one in Unwatched.objects.standing()] == ["nog eens"]


def test_only_who_plans_the_case_or_records_the_fact_may_do_it_and_only_with_a_reason(cast: Cast) -> None:
    case, term = with_term(cast)
    at_site(case, unit("azc-veenmeer"))

    with pytest.raises(NotAllowed):
        stop_watching(case, term.key, term.due, "test", by=cast.casemanager)
    with pytest.raises(NotPossible):
        stop_watching(case, term.key, term.due, "  ", by=cast.regievoerder)
    with pytest.raises(NotPossible):
        stop_watching(case, term.key, days_ago(1), "test", by=cast.regievoerder)

    assert stop_watching(case, term.key, term.due, "test", by=cast.ind).by == cast.ind


def test_a_term_that_a_reader_may_not_know_of_has_no_acts_and_no_reason(cast: Cast) -> None:
    case = at_site(in_procedure(cast), unit("azc-veenmeer"))
    begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(30), source="INDiGO"), by=cast.ind)
    keep_stale()
    term = KeptDeadline.objects.get(case=case, rule="art64-grant")
    stop_watching(case, term.key, term.due, "Geheime reden.", by=cast.ind)

    client = sign_in(Client(), cast.casemanager)
    for door in ("begin", "unwatch", "watch"):
        assert client.get(address(case, door, term.key)).status_code == 404
        assert client.post(address(case, door, term.key), {"reason": "x"}).status_code in (404, 405)
    for door in ("deadlines", "history", "activity", "detail"):
        page = client.get(reverse(f"cases:{door}", args=[case.number])).content.decode()
        assert "Geheime reden." not in page


def test_a_colleague_who_may_only_read_it_sees_no_button_and_is_refused(cast: Cast) -> None:
    case, term = with_term(cast)
    reader = sign_in(Client(), cast.manager)
    from tests.cast import member_of
    from tests.factories import involve

    officer = member_of(unit("dtv-uitvoering"), "departure_officer")
    involve(case, officer.acting_unit, "departure")
    assert reader.get(address(case, "unwatch", term.key)).status_code == 200

    client = sign_in(Client(), officer)
    page = client.get(reverse("cases:deadlines", args=[case.number])).content.decode()
    assert "Begin wijzigen" in page
    assert "Niet meer bewaken" not in page
    assert client.get(address(case, "unwatch", term.key)).status_code == 403


def test_the_start_is_changed_at_its_fact_by_who_records_that(cast: Cast) -> None:
    case, term = with_term(cast)
    decision = term.key.split(":")[1]

    own = sign_in(Client(), cast.ind).get(address(case, "begin", term.key)).content.decode()
    other = sign_in(Client(), cast.regievoerder).get(address(case, "begin", term.key)).content.decode()

    link = reverse("cases:law-notify", args=[case.number, decision])
    assert f'href="{link}"' in own
    assert f'href="{link}"' not in other
    assert "De IND legt het vast." in other
    assert sign_in(Client(), cast.ind).get(link).status_code == 200


def test_each_kind_of_start_has_words_for_its_fact(cast: Cast) -> None:
    """A key of another shape would fall back on the sentence that says least."""
    from leidraad.pages.deadline_begin import KINDS

    case, _term = with_term(cast)
    assert {start.key.partition(":")[0] for start in starts_of([case.pk])[case.pk]} <= set(KINDS)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_stop_it_at_once_one_is_told_that_it_was_done(cast: Cast) -> None:
    case, term = with_term(cast)

    def work(_number: int) -> bool:
        try:
            with clock.as_if(clock.at(date(2026, 11, 23), time(12))):
                stop_watching(case, term.key, term.due, "test", by=cast.regievoerder)
            return True
        except NotPossible:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
