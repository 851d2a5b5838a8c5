"""A manager divides cases anew: choice, preview, result per case, and the way back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case import redistribution
from cases.case.actions import add_task, assign_director, close_case, give_to, lock_case
from cases.case.models import Household, LineStatus, Redistribution, Refusal, ReturnCase, TaskKind
from cases.case.redistribution import Move, plan_moves, take_back, work_on
from cases.case.tasks import go_on_redistributing, resume_redistributions
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from leidraad.lib.models import Event
from leidraad.pages import reassign
from partners.models import Member, Notice
from tests import factories
from tests.cast import PRINCIPAL, Cast, member_of, sign_in

pytestmark = pytest.mark.django_db

ADDRESS = "/zaken/toewijzen/"


def give(client: Client, cases: list[ReturnCase], *to: Member, query: str = "", **more: Any) -> Any:
    """The page that asks to confirm."""
    chosen: dict[str, Any] = {"case": [case.number for case in cases]} if cases else {"all": "yes"}
    ticked = {f"take_{member.pk}": "on" for member in to}
    return client.post(ADDRESS + query, {**chosen, **ticked, "preview": "yes", "reason": "Vertrek collega", **more})


def confirm(client: Client, preview: Any) -> Any:
    return client.post(ADDRESS, {"plan": preview.context["plan"], "confirm": "yes"}, follow=True)


def directed(member: Member) -> set[str]:
    return set(ReturnCase.objects.filter(director=member).values_list("number", flat=True))


def moves(cases: list[ReturnCase], to: Member | None) -> list[Move]:
    return [Move(case.pk, case.version, case.director_id, to.pk if to else None) for case in cases]


# --- the choice ----------------------------------------------------------------------------------------------------


def test_a_manager_sees_each_case_with_from_and_to_before_anything_happens(client: Client, cast: Cast) -> None:
    first, second = factories.led_case(cast.regievoerder), factories.led_case(cast.regievoerder)
    colleague = factories.case_director()
    sign_in(client, cast.manager)

    page = give(client, [first, second], colleague)

    text = page.content.decode()
    assert first.number in text
    assert second.number in text
    assert "Vertrek collega" in text
    (loads,) = [[load for load in page.context["loads"] if load.name == str(colleague)]]
    assert [(load.now, load.comes, load.becomes) for load in loads] == [(0, 2, 2)]
    assert directed(colleague) == set()
    assert Redistribution.objects.count() == 0
    assert Event.objects.filter(route="pages:reassign").latest("pk").detail == {"cases": [first.number, second.number]}


def test_the_whole_caseload_of_a_leaving_colleague_is_one_link_from_my_team(client: Client, cast: Cast) -> None:
    leaving, colleague = factories.case_director(), factories.case_director()
    mine = {factories.led_case(leaving).number for _number in range(3)}
    factories.led_case(colleague)
    sign_in(client, cast.manager)

    team = client.get("/mijn-werk/").content.decode()
    link = f"{ADDRESS}?director={leaving.pk}"
    assert link in team
    page = client.get(link)
    assert {case.number for case in page.context["choice"].cases} == mine

    confirm(client, give(client, [], colleague, query=f"?director={leaving.pk}"))

    assert directed(leaving) == set()
    assert mine < directed(colleague)


def test_all_that_the_filters_leave_can_be_chosen_when_a_page_is_too_short(client: Client, cast: Cast) -> None:
    for _number in range(51):
        factories.led_case(cast.regievoerder)
    sign_in(client, cast.manager)

    text = client.get("/zaken/?director=" + str(cast.regievoerder.pk)).content.decode()

    assert "Alle 51 selecteren" in text
    assert f"{ADDRESS}?director={cast.regievoerder.pk}" in text


def test_no_act_holds_more_than_its_most(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reassign, "MOST", 2)
    for _number in range(3):
        factories.led_case(cast.regievoerder)
    sign_in(client, cast.manager)

    page = client.get(ADDRESS)

    assert len(page.context["choice"].cases) == 2
    assert "Dit zijn de eerste 2" in page.content.decode()


def test_more_than_a_thousand_moves_are_refused(cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)

    with pytest.raises(NotPossible):
        plan_moves([Move(case.pk, 1, None, None)] * 1001, by=cast.manager, reason="Te veel")


def test_cases_out_of_sight_are_left_out_of_the_choice(client: Client, cast: Cast) -> None:
    foreign = factories.led_case(cast.regievoerder2)
    sign_in(client, cast.manager)

    response = client.post(ADDRESS, {"case": foreign.number}, follow=True)

    assert "Kies eerst ten minste één zaak." in response.content.decode()
    assert foreign.number not in response.content.decode()


def test_a_case_that_another_team_leads_is_named_as_left_out(client: Client, cast: Cast) -> None:
    own = factories.led_case(cast.regievoerder)
    factories.involve(factories.led_case(cast.regievoerder2), cast.manager.acting_unit, "intake_desk")
    sign_in(client, cast.manager)

    page = client.get(ADDRESS)

    assert [case.number for case in page.context["choice"].cases] == [own.number]
    assert "1 zaak van een ander team is weggelaten" in page.content.decode()


def test_only_who_divides_cases_may_come_here(cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)

    for member in (cast.regievoerder, cast.casemanager, cast.politie):
        assert sign_in(Client(), member).post(ADDRESS, {"case": case.number}).status_code == 403


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": ""}, "Schrijf waarom deze zaken naar iemand anders gaan."),
        ({}, "Vink minstens één regievoerder aan die zaken krijgt."),
        ({"number": "1"}, "1 zaak blijft over."),
        ({"number": "x"}, "Schrijf een heel getal, of laat het leeg."),
        ({"number": "9"}, "Zoveel zaken staan er niet in deze keuze."),
    ],
)
def test_a_division_that_cannot_be_says_what_to_do(
    client: Client, cast: Cast, values: dict[str, str], sentence: str
) -> None:
    cases = [factories.led_case(cast.regievoerder) for _number in range(2)]
    colleague = factories.case_director()
    sign_in(client, cast.manager)
    sent = {f"number_{colleague.pk}" if name == "number" else name: value for name, value in values.items()}

    page = give(client, cases, **sent)

    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_a_division_over_several_colleagues_by_number_and_rest(client: Client, cast: Cast) -> None:
    cases = [factories.led_case(cast.regievoerder) for _number in range(5)]
    first, second = factories.case_director(), factories.case_director()
    sign_in(client, cast.manager)

    confirm(client, give(client, cases, first, second, **{f"number_{first.pk}": "1"}))

    assert (len(directed(first)), len(directed(second))) == (1, 4)


def test_a_family_stays_together_and_a_part_of_one_is_marked(client: Client, cast: Cast) -> None:
    household = save_as(Household(), by=PRINCIPAL)
    family = [factories.led_case(cast.regievoerder, household=household, household_role="head") for _n in range(3)]
    single = factories.led_case(cast.regievoerder)
    first, second = factories.case_director(), factories.case_director()
    sign_in(client, cast.manager)

    partial = give(client, [family[0], single], first)
    assert "rest van het gezin niet gekozen" in partial.content.decode()
    whole = give(client, [*family, single], first, second)
    assert "rest van het gezin niet gekozen" not in whole.content.decode()
    confirm(client, whole)

    assert {case.number for case in family} in (directed(first), directed(second))


# --- the act -------------------------------------------------------------------------------------------------------


def test_confirming_moves_the_cases_with_their_tasks_and_tells_each_colleague_once(client: Client, cast: Cast) -> None:
    former, colleague = cast.regievoerder, factories.case_director()
    cases = [factories.led_case(former) for _number in range(3)]
    task = add_task(lock_case(cases[0]), cases[0].led_by, TaskKind.OTHER, "Do it", by=PRINCIPAL, assignee=former)
    sign_in(client, cast.manager)

    page = confirm(client, give(client, cases, colleague))

    assert directed(colleague) == {case.number for case in cases}
    task.refresh_from_db()
    assert task.assignee == colleague
    version = cases[0].history.latest()
    assert (version.history_change_reason, version.history_user) == ("Vertrek collega", cast.manager)
    told = {notice.member_id: notice for notice in Notice.objects.filter(kind__startswith="cases_")}
    assert {key: (one.kind, one.params) for key, one in told.items()} == {
        colleague.pk: ("cases_assigned", {"count": 3}),
        former.pk: ("cases_taken_over", {"count": 3}),
    }
    assert "3 zaken gedaan." in page.content.decode()
    assert f"Van {former} naar {colleague}." in page.content.decode()


def test_a_case_that_changed_hands_in_between_is_reported_and_not_overwritten(client: Client, cast: Cast) -> None:
    changed, quiet = factories.led_case(cast.regievoerder), factories.led_case(cast.regievoerder)
    colleague, other = factories.case_director(), factories.case_director()
    sign_in(client, cast.manager)
    preview = give(client, [changed, quiet], colleague)
    assign_director(changed, other, by=cast.manager, reason="Iemand was eerder")

    page = confirm(client, preview)

    assert directed(colleague) == {quiet.number}
    assert directed(other) == {changed.number}
    assert "Iemand heeft deze zaak intussen gewijzigd." in page.content.decode()
    assert "1 zaak niet gedaan." in page.content.decode()


def test_each_refusal_is_a_line_of_its_own_and_undoes_nothing(cast: Cast) -> None:
    closed, stranger, fine = (factories.led_case(cast.regievoerder) for _number in range(3))
    colleague = factories.case_director()
    planned = moves([closed, fine], colleague) + moves([stranger], cast.regievoerder2)
    made = plan_moves(planned, by=cast.manager, reason="Test")
    close_case(closed, "departed_independently", by=cast.regievoerder, reason="exit")

    assert work_on(made.pk)

    lines = dict(made.lines.values_list("case", "refusal"))
    assert lines == {closed.pk: Refusal.CLOSED, stranger.pk: Refusal.NO_DIRECTOR, fine.pk: ""}
    assert directed(colleague) == {fine.number}


def test_a_fault_in_one_case_leaves_the_others_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DataError

    first, second = factories.led_case(cast.regievoerder), factories.led_case(cast.regievoerder)
    colleague = factories.case_director()
    real = give_to

    def broken(case: ReturnCase, *args: Any, **kwargs: Any) -> None:
        real(case, *args, **kwargs)
        if case.pk == first.pk:
            raise DataError("broken")

    monkeypatch.setattr("cases.case.redistribution.give_to", broken)
    made = plan_moves(moves([first, second], colleague), by=cast.manager, reason="Test")

    assert work_on(made.pk)

    assert directed(colleague) == {second.number}
    assert made.lines.get(case=first).refusal == Refusal.FAULT


def test_a_manager_who_lost_the_role_moves_nothing_more(cast: Cast) -> None:
    case, colleague = factories.led_case(cast.regievoerder), factories.case_director()
    manager = cast.manager
    made = plan_moves(moves([case], colleague), by=manager, reason="Test")
    membership = manager.memberships.get()
    membership.valid_until = clock.today() - timedelta(days=1)
    save_as(membership, by=PRINCIPAL)

    work_on(made.pk)

    assert made.lines.get().refusal == Refusal.NOT_ALLOWED
    assert directed(colleague) == set()


def test_the_same_page_sent_twice_is_one_act(client: Client, cast: Cast) -> None:
    case, colleague = factories.led_case(cast.regievoerder), factories.case_director()
    sign_in(client, cast.manager)
    preview = give(client, [case], colleague)

    first, second = confirm(client, preview), confirm(client, preview)

    assert first.redirect_chain == second.redirect_chain
    assert Redistribution.objects.count() == 1


@pytest.mark.parametrize("plan", ["", "forged", "other"])
def test_a_plan_that_this_member_was_not_shown_is_refused(client: Client, cast: Cast, plan: str) -> None:
    case, colleague = factories.led_case(cast.regievoerder), factories.case_director()
    if plan == "other":
        kept: dict[str, Any] = {"member": cast.regievoerder2.pk, "unit": cast.regievoerder2.acting_unit_id, "moves": []}
        plan = signing.dumps(kept, salt=reassign.SALT, compress=True)
    sign_in(client, cast.manager)

    page = client.post(ADDRESS, {"plan": plan}, follow=True)

    assert "Deze pagina is te oud." in page.content.decode()
    assert case.number not in directed(colleague)


def test_what_a_page_cannot_do_in_time_goes_on_in_the_background(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [factories.led_case(cast.regievoerder) for _number in range(3)]
    colleague = factories.case_director()
    monkeypatch.setattr(reassign, "IN_THE_PAGE", -1.0)
    ordered: list[int] = []
    monkeypatch.setattr(go_on_redistributing, "delay", ordered.append)
    sign_in(client, cast.manager)

    page = confirm(client, give(client, cases, colleague))

    assert len(directed(colleague)) == 1
    assert "1 van 3 zaken" in page.content.decode()
    assert 'http-equiv="refresh"' in page.content.decode()
    made = Redistribution.objects.get()
    assert ordered == [made.pk]
    with pytest.raises(NotPossible):
        take_back(made, by=cast.manager, reason="Te vroeg")

    with clock.as_if(clock.now() + redistribution.ALIVE * 2):
        resume_redistributions()
    assert ordered == [made.pk, made.pk]
    go_on_redistributing(made.pk)

    assert len(directed(colleague)) == 3
    assert made.lines.filter(status=LineStatus.PLANNED).count() == 0


def test_no_case_asks_more_queries_than_another(cast: Cast) -> None:
    colleague = factories.case_director()
    counts = []
    for number in (2, 12):
        cases = [factories.led_case(cast.regievoerder) for _number in range(number)]
        made = plan_moves(moves(cases, colleague), by=cast.manager, reason="Test")
        with CaptureQueriesContext(connection) as seen:
            work_on(made.pk)
        counts.append(len([query for query in seen if "SAVEPOINT" not in query["sql"]]))

    per_case = (counts[1] - counts[0]) / 10
    assert per_case == int(per_case)
    assert per_case <= 16


def test_the_result_page_asks_as_many_queries_for_many_cases_as_for_few(client: Client, cast: Cast) -> None:
    colleague = factories.case_director()
    sign_in(client, cast.manager).get("/zaken/")  # keeps what a running server has kept
    counts = []
    for number in (2, 12):
        cases = [factories.led_case(cast.regievoerder) for _number in range(number)]
        made = plan_moves(moves(cases, colleague), by=cast.manager, reason="Test")
        work_on(made.pk)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"{ADDRESS}{made.pk}/")
        counts.append(len(seen))

    assert counts[0] == counts[1]


# --- taking it back ------------------------------------------------------------------------------------------------


def test_taking_back_returns_what_is_still_as_left_and_names_the_rest(client: Client, cast: Cast) -> None:
    former, colleague, third = cast.regievoerder, factories.case_director(), factories.case_director()
    cases = [factories.led_case(former) for _number in range(3)]
    sign_in(client, cast.manager)
    confirm(client, give(client, cases, colleague))
    made = Redistribution.objects.get()
    assign_director(cases[0], third, by=cast.manager, reason="Later besluit")

    page = client.post(f"{ADDRESS}{made.pk}/terugdraaien/", {"reason": "Vergissing"}, follow=True)

    assert directed(former) == {case.number for case in cases[1:]}
    assert directed(third) == {cases[0].number}
    assert "Teruggedraaid" in page.content.decode()
    assert "1 zaak niet gedaan." in page.content.decode()
    version = cases[1].history.latest()
    assert (version.history_change_reason, version.history_user) == ("Vergissing", cast.manager)
    assert "Terugdraaien" not in client.get(f"{ADDRESS}{made.pk}/").content.decode()


def test_cases_that_nobody_directed_go_back_to_nobody(cast: Cast) -> None:
    case, colleague = factories.led_case(cast.regievoerder), factories.case_director()
    case = lock_case(case)
    case.director = None
    save_as(case, by=PRINCIPAL)
    made = plan_moves(moves([case], colleague), by=cast.manager, reason="Verdelen")
    work_on(made.pk)
    assert directed(colleague) == {case.number}

    back = take_back(Redistribution.objects.get(pk=made.pk), by=cast.manager, reason="Terug")
    work_on(back.pk)

    assert ReturnCase.objects.get(pk=case.pk).director is None


def test_taking_back_happens_once_and_asks_why(client: Client, cast: Cast) -> None:
    case, colleague = factories.led_case(cast.regievoerder), factories.case_director()
    sign_in(client, cast.manager)
    confirm(client, give(client, [case], colleague))
    address = f"{ADDRESS}{Redistribution.objects.get().pk}/terugdraaien/"

    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Vergissing"})
    again = client.post(address, {"reason": "Nog eens"})

    assert again.status_code == 422
    assert "Dit is al teruggedraaid." in again.content.decode()
    assert Redistribution.objects.count() == 2


def test_another_team_does_not_find_the_result(client: Client, cast: Cast) -> None:
    case, colleague = factories.led_case(cast.regievoerder), factories.case_director()
    made = plan_moves(moves([case], colleague), by=cast.manager, reason="Test")
    work_on(made.pk)
    stranger = member_of(cast.unit("dtv-zuid-1"), "dtv_manager")

    page = sign_in(client, stranger).get(f"{ADDRESS}{made.pk}/")

    assert page.status_code == 404
    assert not re.search(case.number, page.content.decode())
