"""A difference in identity is decided by a person: the level rule, what follows, taking it back, and two at once."""

from typing import Any

import pytest

from cases.case.actions import add_task, close_case, lock_case
from cases.case.models import (
    CaseGrant,
    CaseSearch,
    DifferenceDecision,
    IdentityConflict,
    InvolvementGround,
    Part,
    Person,
    ReturnCase,
    Task,
    TaskKind,
)
from cases.identity.deciding import JUDGE, decide_conflict, source_of, undo_decision
from cases.identity.sources import known_today, stated_of
from cases.procedure.models import RemovabilityAnswer
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, involve, led_case, person, unit
from tests.identity.disputed import at_level, conflict, disputed
from tests.procedure.answered import answered
from tests.requests.test_two_at_once import at_once

pytestmark = pytest.mark.django_db
KEEP, TAKE = DifferenceDecision.KEEP, DifferenceDecision.TAKE


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return led_case(cast.regievoerder, person(surname="Amari", given_names="Yacine", birth_year=1994, birth_month=3))


def decide(case: ReturnCase, one: IdentityConflict, decision: str, by: Member, **values: Any) -> IdentityConflict:
    return decide_conflict(case, one, decision, "Paspoort gezien", by=by, **values)


def test_keeping_changes_nothing_of_the_person_and_both_values_stay_readable(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)

    decide(case, one, KEEP, cast.regievoerder)

    one.refresh_from_db()
    assert (one.decision, one.resolution, one.resolved_by) == (KEEP, "Paspoort gezien", cast.regievoerder)
    assert (one.stored_value, one.offered_value) == ("Amari", "Benali")
    assert Person.objects.get(pk=case.person_id).surname == "Amari"
    assert one.history.latest().history_change_reason == "Paspoort gezien"


def test_taking_changes_the_person_its_source_the_list_and_what_search_finds(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)

    decide(case, one, TAKE, cast.regievoerder)

    now = Person.objects.get(pk=case.person_id)
    assert (now.surname, stated_of(now, "surname", known_today()).source) == ("Benali", "AVIM")
    assert stated_of(now, "given_names", known_today()).source == "IND"
    assert now.history.latest().history_user == cast.regievoerder
    assert "benali" in CaseSearch.objects.get(case=case).names
    assert ReturnCase.objects.get(pk=case.pk).sort_name.startswith("benali")
    grant = CaseGrant.objects.filter(content_object=case, group=cast.regievoerder.acting_unit.group).first()
    assert grant is not None


def test_a_birth_date_that_is_partly_known_is_taken_as_far_as_it_is_known(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case, "birth_date", "1993", stored_value="1994-03")

    decide(case, one, TAKE, cast.regievoerder)

    now = Person.objects.get(pk=case.person_id)
    assert (now.birth_year, now.birth_month, now.birth_day) == (1993, None, None)


@pytest.mark.parametrize(("stored", "offered"), [(5, 4), (3, None), (8, 7)])
def test_a_value_of_a_lower_level_never_takes_the_place(
    cast: Cast, case: ReturnCase, stored: int, offered: int | None
) -> None:
    at_level("IND", stored)
    at_level("AVIM", offered)
    one = conflict(case)

    with pytest.raises(NotPossible):
        decide(case, one, TAKE, cast.regievoerder)
    assert Person.objects.get(pk=case.person_id).surname == "Amari"
    decide(case, one, KEEP, cast.regievoerder)


@pytest.mark.parametrize(("stored", "offered"), [(4, 5), (4, 4), (None, 1), (None, None)])
def test_a_value_of_an_equal_or_a_higher_level_may(
    cast: Cast, case: ReturnCase, stored: int | None, offered: int | None
) -> None:
    at_level("IND", stored)
    at_level("AVIM", offered)

    decide(case, conflict(case), TAKE, cast.regievoerder)

    assert Person.objects.get(pk=case.person_id).surname == "Benali"


def test_the_v_number_is_never_changed_here(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case, "v_number", "9990000001")

    with pytest.raises(NotPossible):
        decide(case, one, TAKE, cast.regievoerder)
    assert IdentityConflict.objects.get(pk=one.pk).resolved_on is None


def test_without_a_reason_or_a_second_time_nothing_is_decided(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)

    with pytest.raises(NotPossible):
        decide_conflict(case, one, KEEP, "  ", by=cast.regievoerder)
    decide(case, one, KEEP, cast.regievoerder)
    with pytest.raises(NotPossible):
        decide(case, one, TAKE, cast.regievoerder)


def test_other_differences_of_the_field_are_settled_with_it_or_judged_against_the_new_value(
    cast: Cast, case: ReturnCase
) -> None:
    one, same, other = conflict(case), conflict(case, offered_source="KMAR"), conflict(case, offered="Ammari")

    decide(case, one, TAKE, cast.regievoerder)

    same.refresh_from_db()
    other.refresh_from_db()
    assert same.decision == TAKE
    assert (other.decision, other.stored_value, other.stored_source) == ("", "Benali", "AVIM")


def test_the_task_to_judge_it_is_done_with_the_decision(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)
    add_task(lock_case(case), case.led_by, TaskKind.OTHER, JUDGE, by=PRINCIPAL, source=source_of(one))

    decide(case, one, KEEP, cast.regievoerder)

    assert not Task.objects.open().filter(source=source_of(one)).exists()


def test_keeping_lifts_the_doubt_about_the_answer_that_the_difference_had_put_there(cast: Cast) -> None:
    answer = answered(cast)
    case = answer.case
    one = conflict(case, "nationality", "MAR")
    disputed(case, one)
    assert RemovabilityAnswer.objects.get(pk=answer.pk).is_overtaken

    decide(case, one, KEEP, cast.regievoerder)

    assert not RemovabilityAnswer.objects.get(pk=answer.pk).is_overtaken
    entry = case.axis_entries.get(axis="removability", superseded_at=None)
    assert entry.doubted_at is None


def test_taking_leaves_the_doubt_for_the_answer_was_about_another_identity(cast: Cast) -> None:
    answer = answered(cast)
    one = conflict(answer.case, "nationality", "MAR")
    disputed(answer.case, one)

    decide(answer.case, one, TAKE, cast.regievoerder)

    assert RemovabilityAnswer.objects.get(pk=answer.pk).is_overtaken
    assert ReturnCase.objects.get(pk=answer.case_id).nationality == "MAR"


def test_a_decision_is_taken_back_with_a_reason_and_everything_is_as_it_was(cast: Cast, case: ReturnCase) -> None:
    at_level("IND", 2)
    at_level("AVIM", 3)
    one = decide(case, conflict(case), TAKE, cast.regievoerder)

    undo_decision(case, one, "Verkeerde persoon", by=cast.regievoerder, version=one.version)

    one.refresh_from_db()
    now = Person.objects.get(pk=case.person_id)
    assert (one.decision, one.resolved_on, now.surname) == ("", None, "Amari")
    assert stated_of(now, "surname", known_today()).source == "IND"
    assert Task.objects.open().get(source=source_of(one)).unit == case.led_by
    assert list(one.history.order_by("history_id").values_list("decision", flat=True)) == ["", TAKE, ""]


def test_what_was_changed_since_is_not_taken_back(cast: Cast, case: ReturnCase) -> None:
    first = decide(case, conflict(case), TAKE, cast.regievoerder)
    decide(case, conflict(case, offered="Ammari"), TAKE, cast.regievoerder)

    with pytest.raises(NotPossible):
        undo_decision(case, first, "Toch niet", by=cast.regievoerder)


def test_the_doubt_returns_when_a_decision_is_taken_back(cast: Cast) -> None:
    answer = answered(cast)
    one = conflict(answer.case, "nationality", "MAR")
    disputed(answer.case, one)
    one = decide(answer.case, one, KEEP, cast.regievoerder)

    undo_decision(answer.case, one, "Toch niet zeker", by=cast.regievoerder)

    assert RemovabilityAnswer.objects.get(pk=answer.pk).is_overtaken


def test_ind_may_decide_and_the_director_is_told_and_nobody_else_may(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    at_site(case, unit("azc-veenmeer"))
    one = conflict(case)

    for member in (cast.casemanager, cast.politie):
        with pytest.raises(NotAllowed):
            decide(case, one, KEEP, member)
    decide(case, one, KEEP, cast.ind)
    assert Notice.objects.get(kind="identity_decided").member == cast.regievoerder


def test_on_a_closed_case_nobody_decides(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)
    close_case(case, "other", by=cast.regievoerder, reason="test")

    with pytest.raises(NotAllowed):
        decide(case, one, KEEP, cast.regievoerder)


def test_a_difference_of_another_person_is_not_decided_from_this_case(cast: Cast, case: ReturnCase) -> None:
    elsewhere = conflict(led_case(cast.regievoerder))

    with pytest.raises(IdentityConflict.DoesNotExist):
        decide(case, elsewhere, KEEP, cast.regievoerder)


def test_a_page_that_is_older_than_the_difference_decides_nothing(cast: Cast, case: ReturnCase) -> None:
    one, other = conflict(case), conflict(case, offered="Ammari")
    seen = other.version
    decide(case, one, TAKE, cast.regievoerder)

    with pytest.raises(Stale):
        decide(case, other, TAKE, cast.regievoerder, version=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_does(cast: Cast) -> None:
    case = led_case(cast.regievoerder, person(surname="Amari"))
    one, director, manager = conflict(case), cast.regievoerder, cast.manager

    results = at_once(
        lambda: decide(case, one, KEEP, director, version=one.version),
        lambda: decide(case, one, TAKE, manager, version=one.version),
    )

    assert results[0] == ""
    assert results[1] != ""
    assert len(list(one.history.exclude(decision=""))) == 1
