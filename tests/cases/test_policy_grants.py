"""After a new version of the policy the grants of every case follow, in steps that a crash does not undo."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from cases.case import policy_grants, tasks
from cases.case.access import may
from cases.case.models import CaseGrant, GrantRun, Part, ReturnCase
from cases.case.models.case import permission_id
from cases.case.policy_grants import ALIVE, follow_the_day, unfinished, work_on
from leidraad.lib import clock
from tests.cast import Cast
from tests.factories import involve, led_case
from tests.partners.versions import line, put_in_force

pytestmark = pytest.mark.django_db

MEDICAL = line("police supervision_officer supervision", "medical view")
CUSTODY = "police supervision_officer supervision custody", "police team_chief supervision custody"


def cases(cast: Cast, count: int) -> list[ReturnCase]:
    return [involve(led_case(cast.regievoerder), cast.politie.acting_unit, Part.SUPERVISION) for _ in range(count)]


def with_grant(cast: Cast, section: str) -> set[int]:
    group = cast.politie.acting_unit.group_id
    found = CaseGrant.objects.filter(group_id=group, permission_id=permission_id(section))
    return set(found.values_list("content_object_id", flat=True))


def test_what_is_given_opens_when_the_case_had_its_turn(cast: Cast) -> None:
    one, two = cases(cast, 2)
    put_in_force(cast, add=[MEDICAL])
    run = GrantRun.objects.get()
    assert not may(cast.politie, "medical.view", one)

    assert work_on(run.pk)

    run.refresh_from_db()
    assert may(cast.politie, "medical.view", one)
    assert with_grant(cast, "medical") == {one.pk, two.pk}
    assert run.changed_cases == 2
    call_command("check_grants", verbosity=0)


def test_what_is_taken_away_is_closed_at_once_and_its_grants_follow(cast: Cast) -> None:
    (case,) = cases(cast, 1)
    assert may(cast.politie, "custody.view", case)

    put_in_force(cast, without=CUSTODY)

    assert not may(cast.politie, "custody.view", case)
    assert with_grant(cast, "custody") == {case.pk}
    assert work_on(GrantRun.objects.get().pk)
    assert with_grant(cast, "custody") == set()
    call_command("check_grants", verbosity=0)


def test_a_change_that_calls_for_the_same_grants_starts_no_run(cast: Cast) -> None:
    cases(cast, 1)

    put_in_force(cast, add=[line("police supervision_officer supervision", "plan view")])

    assert not GrantRun.objects.exists()


def test_a_case_of_after_the_confirmation_has_the_new_grants_from_the_start(cast: Cast) -> None:
    put_in_force(cast, add=[MEDICAL])

    (case,) = cases(cast, 1)

    assert with_grant(cast, "medical") == {case.pk}


def test_a_run_that_was_killed_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sorted(case.pk for case in cases(cast, 3))
    put_in_force(cast, add=[MEDICAL])
    run = GrantRun.objects.get()
    monkeypatch.setattr(policy_grants, "BATCH", found[0])
    assert not work_on(run.pk, seconds=0)
    assert with_grant(cast, "medical") == {found[0]}
    monkeypatch.setattr(policy_grants, "BATCH", 1)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(policy_grants, "_equal", killed)
        with pytest.raises(KeyboardInterrupt):
            work_on(run.pk)
    assert unfinished() == []
    with clock.as_if(clock.now() + ALIVE + timedelta(seconds=1)):
        assert unfinished() == [run.pk]
        tasks.follow_policy()

    run.refresh_from_db()
    assert run.finished_at is not None
    assert run.changed_cases == 3
    assert with_grant(cast, "medical") == set(found)


def test_a_newer_version_takes_the_work_over(cast: Cast) -> None:
    (case,) = cases(cast, 1)
    put_in_force(cast, add=[MEDICAL])
    put_in_force(cast, without=["police supervision_officer supervision medical"])
    older, newer = GrantRun.objects.order_by("pk")

    assert work_on(older.pk)
    assert with_grant(cast, "medical") == set()
    assert work_on(newer.pk)
    assert with_grant(cast, "medical") == set()
    assert not may(cast.politie, "medical.view", case)


def test_a_line_that_begins_tomorrow_is_followed_tomorrow(cast: Cast) -> None:
    (case,) = cases(cast, 1)
    tomorrow = clock.now() + timedelta(days=1)
    follow_the_day()
    put_in_force(cast, add=[line("police supervision_officer supervision", "medical view", valid_from=tomorrow.date())])
    assert GrantRun.objects.count() == 1

    follow_the_day()
    assert GrantRun.objects.count() == 1
    with clock.as_if(tomorrow):
        follow_the_day()
        assert GrantRun.objects.count() == 2
        for run in GrantRun.objects.order_by("pk"):
            work_on(run.pk)
        assert may(cast.politie, "medical.view", case)
        call_command("check_grants", verbosity=0)
