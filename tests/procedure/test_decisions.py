"""Decisions: notification, return, departure period, entry ban, what takes the place of what, and a household at once."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from cases.case.access import NotInSight
from cases.case.facts import Fact, FactKind, News, listen
from cases.case.models import ReturnCase
from cases.procedure.actions.decisions import (
    Exceptions,
    NewDecision,
    Notification,
    change_period,
    notify_decision,
    record_decision,
    replace_decision,
    warnings_of,
)
from cases.procedure.actions.facts import strike
from cases.procedure.models import Decision, Notified, Regime
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case
from tests.procedure.answered import answered, fresh
from tests.procedure.law import (
    begun,
    days_ago,
    decided,
    decision_kind,
    in_procedure,
    legal_ground,
    lodged,
    refusing,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_decision_is_recorded_with_its_source_and_the_lead_is_told(cast: Cast) -> None:
    case = in_procedure(cast)

    decision = decided(case, cast.ind, refusing(procedure=begun(case, cast.ind)))

    assert (decision.source, decision.recorded_by, decision.is_confirmed) == (
        "IND Team Terugkeer Noord",
        cast.ind,
        True,
    )
    assert (decision.countries, decision.period_ends_on) == (["DZA"], days_ago(20) + timedelta(days=28))
    kinds = set(Notice.objects.for_member(cast.regievoerder).values_list("kind", flat=True))
    assert kinds == {"legal_fact_recorded"}


def test_an_answer_of_ind_is_in_doubt_after_a_later_decision(cast: Cast) -> None:
    case = in_procedure(cast)
    given = answered(cast, case)

    decided(case, cast.ind)

    assert fresh(given).is_overtaken


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"notification": Notification(days_ago(21), Notified.IN_PERSON)}, "before the day on which it was taken"),
        ({"notification": Notification(days_ago(-1), Notified.IN_PERSON)}, "lies ahead"),
        ({"notification": Notification(days_ago(1), "by_pigeon")}, "how the decision was made known"),
        ({"countries": ()}, "names the country"),
        ({"is_return_decision": False}, "Only a return decision"),
        ({"period_days": 0}, "needs a ground"),
        ({"ban_years": 2}, "on which ground"),
        ({"kind_code": "entry_ban"}, "how many years"),
        ({"decided_on": days_ago(-1), "notification": None}, "was taken"),
    ],
)
def test_what_cannot_be_so_is_refused_with_a_sentence(cast: Cast, wrong: dict[str, Any], sentence: str) -> None:
    case = in_procedure(cast)
    values = dict(wrong)
    code = values.pop("kind_code", "unfounded")
    new = refusing(code, **values)

    with pytest.raises(NotPossible, match=sentence):
        decided(case, cast.ind, new)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"notified_on": days_ago(30), "notified_how": "in_person"}, "decision_notified_after_decision"),
        ({"notified_on": days_ago(1)}, "decision_notified_how"),
        ({"is_return_decision": True}, "decision_return_names_country"),
        ({"countries": ["DZA"]}, "decision_return_names_country"),
        ({"period_days": 28}, "decision_period_of_return"),
        ({"ban_years": 21}, "decision_ban_most_years"),
        ({"replaced_at": clock.now()}, "decision_out_of_force"),
    ],
)
def test_the_database_keeps_what_must_hold_by_any_door(cast: Cast, values: dict[str, Any], constraint: str) -> None:
    case = in_procedure(cast)
    row = Decision(
        case=case,
        kind=decision_kind("unfounded"),
        regime=Regime.PACT,
        decided_on=days_ago(20),
        source="x",
        recorded_at=clock.now(),
        **values,
    )

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        save_as(row, by=PRINCIPAL)


def test_a_shorter_period_rests_on_a_ground_and_an_entry_ban_on_one_that_allows_its_length(cast: Cast) -> None:
    case, short = in_procedure(cast), legal_ground("period_short", "signs")
    ban = legal_ground("entry_ban", "standard")

    with pytest.raises(NotPossible, match="at most 2 years"):
        decided(case, cast.ind, refusing(period_days=0, period_ground=short, ban_years=5, ban_ground=ban))
    decision = decided(case, cast.ind, refusing(period_days=0, period_ground=short, ban_years=2, ban_ground=ban))

    assert (decision.period_ends_on, decision.ban_years) == (decision.decided_on, 2)


def test_an_entry_ban_for_a_minor_is_warned_of_with_the_rule_and_recorded_all_the_same(cast: Cast) -> None:
    ban = legal_ground("entry_ban", "standard")
    new = refusing(ban_years=2, ban_ground=ban)

    (warning,) = warnings_of(new, {"AMARI, Yacine": False, "AMARI, Lina": True})

    assert "AMARI, Lina" in warning
    assert "Vw 66a" in warning
    assert decided(in_procedure(cast), cast.ind, new).ban_years == 2


def test_without_a_notification_the_recorder_is_told_that_no_term_runs() -> None:
    new = NewDecision(decision_kind("unfounded"), Regime.PACT, days_ago(3))

    assert warnings_of(new, {}) == [
        "Without a notification no term runs. Record it as soon as the person has been told."
    ]


def test_notification_is_recorded_once_and_put_right_with_a_reason(cast: Cast) -> None:
    decision = decided(in_procedure(cast), cast.ind, refusing(told=None))
    told = Notification(days_ago(5), Notified.TO_REPRESENTATIVE, to="mr. De Vries")

    notify_decision(decision, told, by=cast.ind, version=decision.version)
    with pytest.raises(NotPossible, match="recorded already"):
        notify_decision(decision, Notification(days_ago(4), Notified.BY_POST), by=cast.ind)
    again = notify_decision(
        decision, Notification(days_ago(4), Notified.BY_POST), by=cast.ind, reason="Verkeerde brief"
    )

    assert (again.notified_on, again.notified_how, again.notified_to) == (days_ago(4), "by_post", "")
    assert [row.history_change_reason for row in again.history.all()[:2]] == [
        "Verkeerde brief",
        "Notification recorded",
    ]


def test_a_kind_that_does_not_exist_in_a_regime_is_refused(cast: Cast) -> None:
    kind = decision_kind("unfounded")
    kind.scope = Regime.FORMER  # as dated data may say

    with pytest.raises(NotPossible, match="does not exist in that regime"):
        decided(in_procedure(cast), cast.ind, replace(refusing(), kind=kind))


def test_a_newer_decision_takes_the_place_of_one_that_stays_readable(cast: Cast) -> None:
    former = decided(in_procedure(cast), cast.ind)
    appeal = lodged(former, cast.ind)

    new = replace_decision(
        former, refusing(decided=2, told=1), "Nieuw besluit na beroep", by=cast.ind, correction=False
    )

    former.refresh_from_db()
    appeal.refresh_from_db()
    assert (former.is_standing, former.reason, new.replaces_id) == (False, "Nieuw besluit na beroep", former.pk)
    assert appeal.decision_id == former.pk
    assert list(Decision.objects.standing()) == [new]
    with pytest.raises(NotPossible, match="no longer in force"):
        notify_decision(former, Notification(days_ago(1), Notified.BY_POST), by=cast.ind, reason="x")


def test_what_stood_on_a_wrong_row_belongs_to_the_row_that_puts_it_right(cast: Cast) -> None:
    former = decided(in_procedure(cast), cast.ind)
    appeal = lodged(former, cast.ind)

    right = replace_decision(former, refusing(decided=21, told=19), "Verkeerde dag", by=cast.ind, correction=True)

    appeal.refresh_from_db()
    assert appeal.decision_id == right.pk
    with pytest.raises(NotPossible, match="lodged before this day"):
        replace_decision(right, refusing(decided=5, told=4), "Verkeerde dag", by=cast.ind, correction=True)


def test_a_newer_decision_cannot_lie_before_the_one_it_replaces(cast: Cast) -> None:
    former = decided(in_procedure(cast), cast.ind)

    with pytest.raises(NotPossible, match="before the one it replaces"):
        replace_decision(former, refusing(decided=40, told=39), "Nieuw", by=cast.ind, correction=False)


def test_a_decision_cannot_lie_before_the_application(cast: Cast) -> None:
    case = in_procedure(cast)

    with pytest.raises(NotPossible, match="before the day on which the application was lodged"):
        decided(case, cast.ind, refusing(decided=70, told=69, procedure=begun(case, cast.ind, lodged=60)))


def test_the_period_is_extended_within_its_most_and_an_earlier_change_is_replaced(cast: Cast) -> None:
    decision, ground = decided(in_procedure(cast), cast.ind), legal_ground("period_extended", "document")
    ends = decision.period_ends_on
    assert ends is not None

    with pytest.raises(NotPossible, match="at most 90 days"):
        change_period(decision, ground, days_ago(1), ends + timedelta(days=91), by=cast.ind)
    first = change_period(decision, ground, days_ago(1), ends + timedelta(days=30), by=cast.ind)
    with pytest.raises(NotPossible, match="Say why"):
        change_period(decision, ground, days_ago(1), ends + timedelta(days=60), by=cast.ind)
    second = change_period(decision, ground, days_ago(1), ends + timedelta(days=60), by=cast.ind, reason="Vlucht later")

    first.refresh_from_db()
    assert (first.is_standing, second.is_standing) == (False, True)


def test_a_household_gets_one_decision_with_an_exception_for_one_child(cast: Cast) -> None:
    father, child = in_procedure(cast), in_procedure(cast, given_names="Lina", birth_year=2015)
    ban = legal_ground("entry_ban", "standard")

    rows = record_decision(
        [child, father],
        refusing(ban_years=2, ban_ground=ban),
        by=cast.ind,
        exceptions=Exceptions(without_ban=frozenset({child.pk})),
    )

    assert {row.case_id: row.ban_years for row in rows} == {father.pk: 2, child.pk: None}
    assert all(row.history.count() == 1 for row in rows)


def test_nothing_is_recorded_for_anybody_when_one_case_is_not_ones_own(cast: Cast) -> None:
    own, foreign = in_procedure(cast), led_case(cast.regievoerder)

    with pytest.raises(NotInSight):
        record_decision([own, foreign], refusing(), by=cast.ind)

    assert not Decision.objects.exists()
    with pytest.raises(NotAllowed):
        record_decision([own], refusing(), by=cast.regievoerder)


def test_what_should_not_have_been_recorded_is_taken_back_with_a_reason(cast: Cast) -> None:
    decision = decided(in_procedure(cast), cast.ind)

    with transaction.atomic():
        strike(decision, "Hoort bij een ander", by=cast.ind, version=decision.version)

    decision.refresh_from_db()
    assert (decision.is_standing, decision.reason) == (False, "Hoort bij een ander")
    with pytest.raises(NotPossible, match="no longer in force"), transaction.atomic():
        strike(decision, "Nog eens", by=cast.ind)


def test_a_page_drawn_from_an_older_version_changes_nothing(cast: Cast) -> None:
    decision = decided(in_procedure(cast), cast.ind, refusing(told=None))
    seen = decision.version
    notify_decision(decision, Notification(days_ago(5), Notified.BY_POST), by=cast.ind)

    with pytest.raises(Stale):
        replace_decision(decision, refusing(), "Nieuw", by=cast.ind, correction=True, version=seen)


def test_what_is_published_names_no_content(cast: Cast) -> None:
    heard: list[Fact] = []

    def listener(news: Any, _by: Any) -> None:
        heard.extend(one.fact for one in news if isinstance(one, News))

    listen(listener)
    decision = decided(in_procedure(cast), cast.ind)

    facts = [fact for fact in heard if fact.kind == FactKind.LEGAL_FACT]
    assert facts == [Fact(FactKind.LEGAL_FACT, "decision", f"decision:{decision.pk}")]


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_replace_one_decision_at_once_leave_one_in_its_place(cast: Cast) -> None:
    former = decided(in_procedure(cast), cast.ind)
    barrier, refused = Barrier(2), []

    def work() -> None:
        try:
            barrier.wait(10)
            replace_decision(former, refusing(decided=2, told=1), "Nieuw", by=cast.ind, correction=False)
        except NotPossible as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    case: ReturnCase = former.case
    assert len(refused) == 1
    assert Decision.objects.standing().filter(case=case).count() == 1
