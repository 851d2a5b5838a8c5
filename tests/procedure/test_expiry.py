"""Answers end: the week before, the day after, also when the job was away, and never twice."""

from datetime import timedelta

import pytest

from cases.case.actions import close_case, reopen_case
from cases.case.models import ReturnCase, Task
from cases.procedure.actions import answer
from cases.procedure.common import source_of
from cases.procedure.expiry import expire_answers
from cases.procedure.models import RemovabilityAnswer
from cases.requests.actions import confirm_request, withdraw_request
from leidraad.lib import clock
from partners.models import Notice
from tests.cast import Cast
from tests.procedure.answered import BARRED, answered, asked, axis_of, fresh, put_back, stating

pytestmark = pytest.mark.django_db


def confirmed(cast: Cast, days: int | None = 30) -> RemovabilityAnswer:
    stated = answered(cast, new=stating(days=days) if days is not None else stating(*BARRED, days=None))
    confirm_request(stated.request, by=cast.regievoerder)
    return fresh(stated)


def task_of(case: ReturnCase) -> Task | None:
    return Task.objects.open().filter(source=source_of(case)).first()


def test_an_answer_that_ended_puts_the_axis_back_to_unknown_and_asks_the_lead_to_ask_again(cast: Cast) -> None:
    stated = confirmed(cast, days=3)

    with clock.as_if(clock.now() + timedelta(days=4)):
        assert expire_answers() == 1
        entry, task = axis_of(stated.case), task_of(stated.case)

    stated = fresh(stated)
    assert stated.expired_at is not None
    assert (stated.case.removability, entry.value) == ("", "")
    assert entry.source.startswith("Leidraad (IND Team Terugkeer Noord, ")
    assert entry.since == stated.valid_until + timedelta(days=1)  # type: ignore[operator]
    assert task is not None
    assert (task.unit, task.assignee) == (cast.regievoerder.acting_unit, cast.regievoerder)
    assert task.due_at == clock.end_of(stated.valid_until)  # type: ignore[arg-type]
    assert entry.history.latest().history_principal == "expire_answers"
    assert Notice.objects.filter(kind="removability_expired", member=cast.regievoerder).count() == 1


def test_a_job_that_was_away_for_a_week_catches_up_and_repeating_it_does_nothing(cast: Cast) -> None:
    stated = confirmed(cast, days=3)

    with clock.as_if(clock.now() + timedelta(days=10)):
        assert expire_answers() == 1
        assert expire_answers() == 0

    assert Task.objects.filter(source=source_of(stated.case)).count() == 1
    assert Notice.objects.filter(kind="removability_expired").count() == 1
    assert RemovabilityAnswer.history.filter(id=stated.pk, expired_at__isnull=False).count() == 1


def test_on_its_last_day_an_answer_still_holds(cast: Cast) -> None:
    stated = confirmed(cast, days=3)

    with clock.as_if(clock.now() + timedelta(days=3)):
        expire_answers()
        assert fresh(stated).holds

    with clock.as_if(clock.now() + timedelta(days=4)):
        assert not fresh(stated).holds


def test_a_week_before_the_end_the_lead_is_asked_to_ask_again(cast: Cast) -> None:
    stated = confirmed(cast, days=30)
    expire_answers()
    assert task_of(stated.case) is None

    with clock.as_if(clock.now() + timedelta(days=23)):
        assert expire_answers() == 1
        assert expire_answers() == 0
        task = task_of(stated.case)

    assert task is not None
    assert task.due_at == clock.end_of(stated.valid_until)  # type: ignore[arg-type]
    assert fresh(stated).expired_at is None


def test_the_task_of_the_week_before_is_the_task_after_the_end(cast: Cast) -> None:
    stated = confirmed(cast, days=3)
    expire_answers()

    with clock.as_if(clock.now() + timedelta(days=4)):
        expire_answers()

    assert Task.objects.filter(source=source_of(stated.case)).count() == 1


def test_asking_again_finishes_the_task_and_withdrawing_brings_it_back(cast: Cast) -> None:
    stated = confirmed(cast, days=3)
    expire_answers()

    request = asked(cast, stated.case)
    assert task_of(stated.case) is None
    assert expire_answers() == 0

    withdraw_request(request, "toch niet", by=cast.regievoerder)
    assert expire_answers() == 1
    assert task_of(stated.case) is not None


def test_a_new_answer_finishes_the_task(cast: Cast) -> None:
    stated = confirmed(cast, days=3)
    request = asked(cast, stated.case)
    expire_answers()

    answer(request, stating(days=30), by=cast.ind)

    assert task_of(stated.case) is None
    with clock.as_if(clock.now() + timedelta(days=4)):
        assert expire_answers() == 0
        assert ReturnCase.objects.get().removability == "removable"


def test_an_answer_without_a_planned_end_does_not_expire(cast: Cast) -> None:
    confirmed(cast, days=None)

    with clock.as_if(clock.now() + timedelta(days=900)):
        assert expire_answers() == 0


def test_a_closed_case_is_left_alone_until_it_is_reopened(cast: Cast) -> None:
    stated = confirmed(cast, days=3)
    close_case(stated.case, "departed_independently", by=cast.regievoerder, reason="exit")

    with clock.as_if(clock.now() + timedelta(days=9)):
        assert expire_answers() == 0
        reopen_case(stated.case, by=cast.regievoerder, reason="terug")
        assert expire_answers() == 1

    assert ReturnCase.objects.get().removability == ""


def test_an_answer_in_the_past_is_read_as_expired_before_the_job_has_run(cast: Cast) -> None:
    stated = put_back(confirmed(cast), clock.today() - timedelta(days=1))

    assert stated.has_expired
    assert not stated.holds
    assert stated.expired_at is None
