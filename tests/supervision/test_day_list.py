"""Vandaag: what stands on it, in which order, what is shielded, and the numbers of its tabs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from cases.case.actions import NewAxis, lock_case, set_axis
from cases.case.models import (
    Axis,
    InvolvementGround,
    NamedAccess,
    Part,
    ProtectedAddress,
    Removability,
    ReturnCase,
    SectionException,
)
from cases.requests.actions import Place, ask_request
from cases.requests.models import PlaceKind, Request
from cases.supervision.actions import record_outcome
from cases.supervision.daylist import counts_of, day_list
from cases.supervision.lines import TaskLine
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import MASKED
from leidraad.lib.models import Event
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import involve, led_case, person, unit
from tests.requests.asked import accepted, at_address, at_site, new_request, offered, officer, stored
from tests.supervision.visits import recorded, sent, task_of, visit
from tests.terms.placed import stopped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _dutch() -> Any:
    with translation.override("nl"):
        yield


def lines(member: Member, which: str = "") -> list[TaskLine]:
    return [line for group in day_list(member, which) for line in group.tasks]


def keys(member: Member, which: str = "") -> list[int]:
    return [line.request.pk for line in lines(member, which)]


def due_in(days: int) -> dict[str, Any]:
    return {"due_at": clock.end_of(clock.today() + timedelta(days=days))}


def taken_on_yesterday(request: Request) -> Request:
    Request.objects.filter(pk=request.pk).update(answered_at=clock.now() - timedelta(days=1))
    return stored(request)


# --- what stands on it ----------------------------------------------------------------------------------------------


def test_offers_and_work_of_today_stand_on_the_list(cast: Cast) -> None:
    offer = offered(cast, **due_in(4))
    due_today = taken_on_yesterday(accepted(cast, **due_in(0)))
    taken_today = accepted(cast, **due_in(4))
    later = taken_on_yesterday(accepted(cast, **due_in(1)))

    assert set(keys(cast.politie)) == {offer.pk, due_today.pk, taken_today.pk}
    counts = counts_of(cast.politie)
    assert (counts.open, counts.done, counts.mine, counts.tomorrow, counts.later) == (3, 0, 2, 1, 1)
    assert later.pk not in keys(cast.politie)


def test_what_has_an_outcome_is_done_and_counts_as_progress(cast: Cast) -> None:
    waiting = recorded(cast).task.request
    reported = sent(cast).request
    failed = accepted(cast)
    record_outcome(task_of(failed), visit("failed"), by=cast.politie)

    assert keys(cast.politie) == [failed.pk]
    assert set(keys(cast.politie, "gedaan")) == {waiting.pk, reported.pk}
    counts = counts_of(cast.politie)
    assert (counts.open, counts.done, counts.total, counts.unsent) == (1, 2, 3, 1)


def test_only_mine_shows_what_is_assigned_to_me(cast: Cast) -> None:
    mine = accepted(cast)
    accepted(cast, by=officer())
    offered(cast)

    assert keys(cast.politie, "mijn") == [mine.pk]


def test_tasks_stand_by_place_and_the_most_pressing_place_first(cast: Cast) -> None:
    accepted(cast, place=at_site(), **due_in(0))
    accepted(cast, place=at_address("Lindelaan 12", "Veenmeer-Oost"), due_at=clock.now() + timedelta(seconds=50))
    accepted(cast, place=at_address("Havenstraat 3", "Veenmeer-Oost"), **due_in(0))

    groups = day_list(cast.politie, "")

    assert [(group.name, len(group.tasks)) for group in groups] == [("Veenmeer-Oost", 2), ("azc Veenmeer", 1)]
    assert groups[1].note.startswith("Dorpsweg 40 · 1 opdracht")


def test_a_legal_clock_goes_before_everything(cast: Cast) -> None:
    accepted(cast, due_at=clock.now() + timedelta(seconds=50))
    clocked = accepted(cast, place=at_address(), **due_in(3))
    Request.objects.filter(pk=clocked.pk).update(liberty_clock=True, answered_at=clock.now() - timedelta(days=1))

    assert keys(cast.politie)[0] == clocked.pk


def test_another_team_sees_nothing_of_it(cast: Cast) -> None:
    accepted(cast)

    assert keys(officer("avim-zuid")) == []


# --- what is shown and what is shielded -----------------------------------------------------------------------------


def removability(case: ReturnCase, value: str, **more: Any) -> None:
    since = clock.today() - timedelta(days=7)
    set_axis(lock_case(case), NewAxis(Axis.REMOVABILITY, value, since, "IND", **more), by=PRINCIPAL, reason="test")


def test_removability_is_told_with_source_and_unknown_stays_unknown(cast: Cast) -> None:
    for value, more, word in (
        (Removability.UNKNOWN, {}, "Onbekend"),
        (Removability.NOT_YET, {}, "Nee"),
        (Removability.BARRED, {}, "Nee"),
        (Removability.REMOVABLE, {}, "Ja"),
        (Removability.REMOVABLE, {"valid_until": clock.today() - timedelta(days=1)}, "Onbekend"),
    ):
        request = accepted(cast)
        removability(request.case, value, **more)
        (line,) = [one for one in lines(cast.politie) if one.request.pk == request.pk]
        verdict: Any = line.removable
        assert verdict.word == word
        if value != Removability.UNKNOWN:
            assert "(IND, " in verdict.note


def test_a_stop_wins_over_every_answer_and_its_ground_is_told_by_rights(cast: Cast) -> None:
    request = accepted(cast)
    case = involve(request.case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)
    removability(case, Removability.REMOVABLE)
    stop = stopped(case, cast.ind, "art64")
    verdict: Any = lines(cast.politie)[0].removable
    assert verdict.word == "Nee"
    assert "grond afgeschermd (IND, " in verdict.note
    assert "Artikel 64" not in verdict.note
    removability(case, Removability.NOT_YET)
    stopped(case, cast.ind)
    verdict = lines(cast.politie)[0].removable
    assert "Beroep dat de uitzetting opschort (IND, " in verdict.note
    assert "; " in verdict.note
    with clock.as_if(clock.now() + timedelta(days=31)):
        assert "stop" not in str(lines(cast.politie)[0].removable)
    assert stop.stands


def test_a_stop_on_a_measure_says_nothing_about_removal(cast: Cast) -> None:
    request = accepted(cast)
    removability(request.case, Removability.REMOVABLE)
    stopped(request.case, cast.politie, "detention", measure="Bewaring van 3 november")
    verdict: Any = lines(cast.politie)[0].removable
    assert verdict.word == "Ja"


def test_an_offer_shows_no_removability(cast: Cast) -> None:
    request = offered(cast)
    removability(request.case, Removability.REMOVABLE)

    (line,) = lines(cast.politie)

    assert line.removable is None


def test_a_narrowed_section_is_shielded_on_the_list_too(cast: Cast) -> None:
    request = accepted(cast)
    narrowed = SectionException(
        case=request.case, unit=request.to_unit, section="removability", allowed=False, reason="test"
    )
    save_as(narrowed, by=PRINCIPAL)

    (line,) = lines(cast.politie)

    assert line.removable is MASKED


def protected_task(cast: Cast) -> Request:
    case = led_case(cast.regievoerder)
    address = ProtectedAddress(case=case, street="Geheimpad 1", city="Elders", source="COA", since=clock.today())
    save_as(address, by=PRINCIPAL)
    name_staff(case, cast.regievoerder)
    return accepted(cast, case, place=Place(PlaceKind.PROTECTED))


def name_staff(case: ReturnCase, member: Member) -> None:
    until = clock.now() + timedelta(hours=1)
    named = NamedAccess(
        member=member, case=case, section="protected_address", ground="test", since=clock.now(), until=until
    )
    save_as(named, by=PRINCIPAL)


def test_a_protected_address_is_never_on_the_list(cast: Cast, client: Client) -> None:
    request = protected_task(cast)
    sign_in(client, cast.politie)

    text = client.get(reverse("supervision:today")).content.decode()

    assert "Beschermd adres" in text
    assert "Afgeschermd" in text
    for hidden in ("Geheimpad", "Elders", reverse("cases:protected-address", args=[request.case.number])):
        assert hidden not in text


def test_named_staff_get_the_way_to_it_and_still_not_the_address(cast: Cast, client: Client) -> None:
    request = protected_task(cast)
    name_staff(request.case, cast.politie)
    sign_in(client, cast.politie)

    text = client.get(reverse("supervision:today")).content.decode()

    assert reverse("cases:protected-address", args=[request.case.number]) in text
    assert "Geheimpad" not in text


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_reads_as_the_officer_needs_it(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder, person(surname="Nguema", given_names="Patrice", birth_year=1989))
    request = ask_request(case, new_request(minors_present=True, interpreter="fra"), by=cast.regievoerder)
    sign_in(client, cast.politie)

    text = client.get(reverse("supervision:today")).content.decode()

    for shown in ("NGUEMA, Patrice", "man, 1989", "kamer B-214", "Risico: fysiek", "Kinderen aanwezig", "Tolk Frans"):
        assert shown in text
    assert "0 van 1 gedaan" in text
    assert case.person.v_number not in text
    assert case.number not in text

    accept = {"seen_version": "1", "next": reverse("supervision:today") + f"?open={request.pk}"}
    after = client.post(reverse("requests:accept", args=[request.pk]), accept, follow=True).content.decode()
    assert "Wat is de uitkomst?" in after
    assert f'id="verzoek-{request.pk}" open' in after
    assert Event.objects.filter(kind="read", route="supervision:today", case_id=None).count() == 2


def test_an_empty_day_says_so_and_what_comes_tomorrow(cast: Cast, client: Client) -> None:
    for _number in range(3):
        taken_on_yesterday(accepted(cast, **due_in(1)))
    sent(cast)

    text = sign_in(client, cast.politie).get(reverse("supervision:today")).content.decode()

    assert "Alles gedaan. 3 opdrachten voor morgen." in " ".join(text.split())


def test_other_organisations_get_403_for_the_lists(cast: Cast, client: Client) -> None:
    for member in (cast.regievoerder, cast.ind, cast.casemanager):
        for name in ("today", "list"):
            assert sign_in(client, member).get(reverse(f"supervision:{name}")).status_code == 403


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_tasks(cast: Cast, client: Client) -> None:
    sign_in(client, cast.politie)
    accepted(cast)
    recorded(cast)

    def look() -> None:
        for name, query in (("today", {}), ("today", {"toon": "gedaan"}), ("list", {}), ("list", {"toon": "afgerond"})):
            client.get(reverse(f"supervision:{name}"), query)

    look()
    few = queries(look)
    for number in range(6):
        accepted(cast, place=at_address(city=f"Dorp {number}"))
        recorded(cast)
        offered(cast)
    assert queries(look) == few
    assert few <= 4 * 18


# --- the list of the team -------------------------------------------------------------------------------------------


def test_the_team_list_tells_what_is_not_assigned_and_not_sent(cast: Cast, client: Client) -> None:
    free = task_of(accepted(cast, by=cast.politie_teamchef))
    waiting = recorded(cast).task
    ended = sent(cast)
    sign_in(client, cast.politie_teamchef)

    def shown(which: str) -> set[int]:
        response = client.get(reverse("supervision:list"), {"toon": which})
        return {line.task.pk for line in response.context["shown"].lines}

    assert shown("") == {free.pk}
    assert shown("niet-toegewezen") == {free.pk}
    assert shown("niet-verstuurd") == {waiting.pk}
    assert shown("afgerond") == {ended.pk}
