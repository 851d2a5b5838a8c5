"""What may happen to a case, by whom, and what the history says afterwards."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.case.access import may
from cases.case.actions import (
    assign_director,
    change_phase,
    close_case,
    record_next_step,
    reopen_case,
)
from cases.case.models import CaseGrant, Part, Phase, ReturnCase, Task, TaskKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, case_director, closed_case, involve, led_case, person, received_case, unit

pytestmark = pytest.mark.django_db


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def test_numbers_carry_the_year_and_follow_on() -> None:
    first, second = received_case(), received_case()

    assert first.number.startswith(f"Z-{clock.today().year}-")
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1


def test_a_person_has_one_open_case() -> None:
    somebody = person()
    received_case(somebody)

    with pytest.raises(IntegrityError, match="case_one_open_per_person"), transaction.atomic():
        received_case(somebody)


def test_a_changed_phase_keeps_the_former_value_with_its_dates(cast: Cast) -> None:
    case = led_case(cast.regievoerder, phase=Phase.ASSIGNED)

    change_phase(case, Phase.PLANNING, by=cast.regievoerder, reason="file studied", version=None)

    case.refresh_from_db()
    values = list(case.axis_entries.filter(axis="phase").order_by("pk").values_list("value", "superseded_at"))
    assert case.phase == Phase.PLANNING
    assert [value for value, _ in values] == ["received", "assigned", "planning"]
    assert [ended is None for _, ended in values] == [False, False, True]
    newest = case.history.first()
    assert (newest.history_user, newest.history_organisation) == (cast.regievoerder, "dtv")
    assert newest.history_change_reason == "file studied"


def test_a_step_the_table_does_not_know_is_refused_with_a_sentence(cast: Cast) -> None:
    case = led_case(cast.regievoerder, phase=Phase.ASSIGNED)

    with pytest.raises(NotPossible):
        change_phase(case, Phase.DEPARTED, by=cast.regievoerder, reason="")


def test_a_stale_page_writes_nothing(cast: Cast) -> None:
    case = led_case(cast.regievoerder, phase=Phase.ASSIGNED)

    with pytest.raises(Stale), transaction.atomic():
        change_phase(case, Phase.PLANNING, by=cast.regievoerder, reason="", version=case.version - 1)

    case.refresh_from_db()
    assert case.phase == Phase.ASSIGNED


def test_coa_may_not_change_the_phase(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))

    with pytest.raises(NotAllowed):
        change_phase(case, Phase.TRACK_VOLUNTARY, by=cast.casemanager, reason="")


def test_another_team_does_not_even_learn_that_the_case_exists(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    with pytest.raises(ReturnCase.DoesNotExist):
        change_phase(case, Phase.TRACK_VOLUNTARY, by=cast.regievoerder2, reason="")


def test_a_new_next_step_finishes_the_former_and_moves_the_units_deadline(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    first = record_next_step(case, "Dossier lezen", clock.end_of(clock.today()), by=cast.regievoerder)

    record_next_step(case, "Bellen", clock.end_of(tomorrow()), by=cast.regievoerder)

    first.refresh_from_db()
    assert first.done_by == cast.regievoerder
    assert Task.objects.open().filter(case=case, kind=TaskKind.NEXT_STEP).count() == 1
    assert CaseGrant.grants.listed_for(cast.regievoerder).get(content_object=case).sort_deadline == tomorrow()


def test_a_units_deadline_is_its_own_and_tells_nothing_of_another_organisations_tasks(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))

    record_next_step(case, "Gesprek", clock.end_of(clock.today()), by=cast.regievoerder)

    assert CaseGrant.grants.listed_for(cast.casemanager).get(content_object=case).sort_deadline == date(9999, 12, 31)


def test_a_date_before_today_is_refused(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    with pytest.raises(NotPossible):
        record_next_step(case, "Bellen", clock.now() - timedelta(days=1), by=cast.regievoerder)


def test_the_manager_assigns_inside_the_team_and_the_next_step_moves_along(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    step = record_next_step(case, "Bellen", clock.end_of(tomorrow()), by=cast.regievoerder)
    colleague = case_director()

    assign_director(case, colleague, by=cast.manager, reason="leave")

    case.refresh_from_db()
    step.refresh_from_db()
    assert (case.director, step.assignee) == (colleague, colleague)


def test_nobody_of_another_team_can_be_made_case_director(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    with pytest.raises(NotPossible):
        assign_director(case, cast.regievoerder2, by=cast.manager, reason="")


def test_a_closed_case_is_closed_once_and_reopens_in_planning(cast: Cast) -> None:
    case = closed_case(cast.regievoerder)

    with pytest.raises((NotPossible, NotAllowed)):
        close_case(case, "other", by=cast.regievoerder, reason="again")
    reopened = reopen_case(case, by=cast.regievoerder, reason="came back")

    assert (reopened.phase, reopened.closed_on, reopened.outcome) == (Phase.PLANNING, None, "")
    assert CaseGrant.grants.listed_for(cast.regievoerder).filter(content_object=case).exists()


def test_a_changed_name_reaches_lists_and_search_without_a_hand(cast: Cast) -> None:
    case = led_case(cast.regievoerder, person(surname="Özdemir", given_names="Ayşe"))
    case.person.surname = "Öztürk"

    save_as(case.person, by=PRINCIPAL)

    grant = CaseGrant.grants.listed_for(cast.regievoerder).get(content_object=case)
    case.refresh_from_db()
    assert grant.sort_name == case.sort_name == "ozturk ayse"
    assert "ozturk" in case.search_row.names


def test_a_police_chief_hands_out_the_teams_own_tasks_and_never_the_case(cast: Cast) -> None:
    case = involve(led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION)
    colleague = case_director()

    with pytest.raises(NotAllowed):
        assign_director(case, colleague, by=cast.politie_teamchef, reason="")

    assert may(cast.politie_teamchef, "supervision.assign", case)
