"""What IND answers, who may, what follows for the question, the axis and the tasks."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cases.case.actions import close_case
from cases.case.models import CaseGrant, ReturnCase, Task
from cases.procedure.actions import Answer, answer, correct_answer, not_known_yet
from cases.procedure.models import AnswerGround, RemovabilityAnswer
from cases.requests.actions import ask_request, confirm_request, withdraw_request
from cases.requests.models import RequestKind
from cases.requests.registry import result_of
from cases.requests.states import Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member, Membership, Notice, Role
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case, unit
from tests.procedure.answered import (
    BARRED,
    NOT_YET,
    answered,
    asked,
    axis_of,
    colleague,
    fresh,
    ground,
    other_ind_unit,
    stating,
    taken_on,
)
from tests.requests.asked import new_request, stored

pytestmark = pytest.mark.django_db


def told(member: Member) -> list[str]:
    return list(Notice.objects.for_member(member).order_by("pk").values_list("kind", flat=True))


# --- answering ------------------------------------------------------------------------------------------------------


def test_an_answer_accepts_the_question_reports_it_ready_and_sets_the_axis(cast: Cast) -> None:
    request = asked(cast)

    stated = answer(request, stating(note=" Geen procedure bekend. "), by=cast.ind, version=request.version)

    request, case = stored(request), ReturnCase.objects.get(pk=request.case_id)
    assert (request.status, request.answered_by) == (Status.REPORTED_READY, cast.ind)
    assert (stated.value, stated.ground, stated.note) == ("removable", ground(), "Geen procedure bekend.")
    entry = axis_of(case)
    assert (case.removability, entry.value, entry.since) == ("removable", "removable", clock.today())
    assert (entry.source, entry.valid_until) == ("IND Team Terugkeer Noord", clock.today() + timedelta(days=30))
    assert told(cast.regievoerder) == ["request_accepted", "request_reported"]
    assert Task.objects.open().get(source=request.source).unit == cast.regievoerder.acting_unit


def test_the_axis_remembers_who_answered_and_for_which_organisation(cast: Cast) -> None:
    stated = answered(cast)

    version = axis_of(stated.case).history.latest()
    assert (version.history_user, version.history_organisation) == (cast.ind, "ind")
    assert stated.history.get().history_user == cast.ind


def test_a_later_answer_takes_the_place_of_the_former_and_both_stay(cast: Cast) -> None:
    first = answered(cast)
    confirm_request(first.request, by=cast.regievoerder)

    second = answered(cast, first.case, stating(*NOT_YET))

    first = fresh(first)
    assert first.replaced_at is not None
    assert (first.value, second.replaced_at) == ("removable", None)
    assert ReturnCase.objects.get().removability == "not_yet"


def test_confirming_ends_the_part_of_ind(cast: Cast) -> None:
    stated = answered(cast)
    group = unit("ind-noord").group
    assert CaseGrant.objects.filter(content_object=stated.case, group=group).exists()

    confirm_request(stated.request, by=cast.regievoerder)

    assert not CaseGrant.objects.filter(content_object=stated.case, group=group).exists()


def test_the_asker_reads_answer_ground_validity_and_explanation(cast: Cast) -> None:
    stated = answered(cast, new=stating(note="Bel gerust."))

    lines = dict(result_of(stated.request))

    assert list(lines.values())[:2] == ["Verwijderbaar", "Geen beletsel bekend bij de IND (verwijderbaarheidscheck)"]
    assert "Bel gerust." in lines.values()


# --- who may --------------------------------------------------------------------------------------------------------


def test_only_the_unit_that_was_asked_answers(cast: Cast) -> None:
    request = asked(cast)

    for stranger in (cast.regievoerder, colleague(other_ind_unit()), cast.politie, cast.casemanager, cast.manager):
        with pytest.raises(NotAllowed):
            answer(request, stating(), by=stranger)
        with pytest.raises(NotAllowed):
            not_known_yet(request, clock.today(), by=stranger)

    assert not RemovabilityAnswer.objects.exists()
    assert stored(request).status == Status.OFFERED


def test_who_asked_does_not_answer_even_in_the_unit_that_was_asked(cast: Cast) -> None:
    request, director = asked(cast), cast.regievoerder
    role = Role.objects.get(code="ind_officer")
    second = save_as(Membership(member=director, unit=unit("ind-noord"), role=role), by=PRINCIPAL)

    with pytest.raises(NotAllowed):
        answer(request, stating(), by=director.work_as(second))


def test_a_colleague_of_the_unit_may_answer_what_another_took_on(cast: Cast) -> None:
    request = taken_on(cast)

    stated = answer(request, stating(), by=colleague())

    assert stated.answered_by != cast.ind


def test_another_kind_of_request_is_no_question(cast: Cast) -> None:
    request = ask_request(led_case(cast.regievoerder), new_request(), by=cast.regievoerder)

    with pytest.raises(NotPossible):
        answer(request, stating(), by=cast.politie)


# --- what is refused ------------------------------------------------------------------------------------------------


def test_a_ground_must_support_the_answer(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="grond past niet"):
        answered(cast, new=stating("lawful_stay", "no_obstacle"))


def test_a_ground_that_is_no_longer_valid_supports_nothing(cast: Cast) -> None:
    old = ground()
    old.valid_until = clock.today() - timedelta(days=1)
    save_as(old, by=PRINCIPAL)

    with pytest.raises(NotPossible):
        answered(cast)


def test_removable_needs_a_last_day_and_no_answer_ends_in_the_past(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="tot en met welke dag"):
        answered(cast, new=stating(days=None))
    with pytest.raises(NotPossible, match="verleden"):
        answered(cast, new=stating(days=-1))

    assert answered(cast, new=stating(days=0)).valid_until == clock.today()
    assert answered(cast, new=stating(*BARRED, days=None)).valid_until is None


def test_unknown_is_not_an_answer(cast: Cast) -> None:
    with pytest.raises(NotPossible):
        answered(cast, new=Answer("", ground()))


def test_an_older_page_writes_nothing(cast: Cast) -> None:
    request = taken_on(cast)
    not_known_yet(request, clock.today() + timedelta(days=2), by=colleague())

    with pytest.raises(Stale):
        answer(request, stating(), by=cast.ind, version=request.version)

    assert ReturnCase.objects.get().removability == ""


def test_a_question_that_was_withdrawn_or_whose_case_was_closed_is_not_answered(cast: Cast) -> None:
    withdrawn, of_closed = asked(cast), asked(cast)
    withdraw_request(withdrawn, "toch niet", by=cast.regievoerder)
    close_case(of_closed.case, "departed_independently", by=cast.regievoerder, reason="exit")

    for request in (withdrawn, of_closed):
        with pytest.raises(NotPossible):
            answer(request, stating(), by=cast.ind)


def test_what_was_stated_cannot_be_changed_or_removed(cast: Cast) -> None:
    stated = answered(cast)

    for change in ({"value": "not_yet"}, {"note": "anders"}, {"valid_until": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RemovabilityAnswer.objects.filter(pk=stated.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        stated.delete()


def test_a_case_has_one_answer_in_force(cast: Cast) -> None:
    first, second = answered(cast), answered(cast)

    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        RemovabilityAnswer.objects.bulk_create(
            [
                RemovabilityAnswer(
                    request=second.request,
                    case=first.case,
                    value="not_yet",
                    ground=ground("appeal_pending"),
                    answered_by=cast.ind,
                    answered_at=clock.now(),
                )
            ]
        )


# --- not known yet --------------------------------------------------------------------------------------------------


def test_not_known_yet_keeps_the_question_and_moves_its_task(cast: Cast) -> None:
    request, day = asked(cast), clock.today() + timedelta(days=10)

    stated = not_known_yet(request, day, "Wacht op de rechtbank.", by=cast.ind)

    request = stored(request)
    assert (request.status, stated.is_final, stated.expected_on) == (Status.ACCEPTED, False, day)
    assert Task.objects.open().get(source=request.source, unit=request.to_unit).due_at == clock.end_of(day)
    assert told(cast.regievoerder)[-1] == "removability_expected"
    assert ("Toelichting", "Wacht op de rechtbank.") in [(str(label), value) for label, value in result_of(request)]
    assert ReturnCase.objects.get().removability == ""
    assert [step.kind for step in request.steps.order_by("pk")] == ["asked", "accepted", "expected"]


def test_not_known_yet_may_be_said_again_and_the_day_lies_ahead(cast: Cast) -> None:
    request = taken_on(cast)
    not_known_yet(request, clock.today(), by=cast.ind)
    not_known_yet(request, clock.today() + timedelta(days=3), by=cast.ind)

    with pytest.raises(NotPossible):
        not_known_yet(request, clock.today() - timedelta(days=1), by=cast.ind)

    assert answer(stored(request), stating(), by=cast.ind).value == "removable"


# --- correcting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confirmed", [False, True], ids=["reported", "done"])
def test_a_wrong_answer_is_corrected_with_a_reason_also_after_the_end(cast: Cast, confirmed: bool) -> None:
    wrong = answered(cast)
    if confirmed:
        confirm_request(wrong.request, by=cast.regievoerder)

    right = correct_answer(wrong, stating(*NOT_YET), " Verkeerde persoon bekeken. ", by=cast.ind)

    wrong, case = fresh(wrong), ReturnCase.objects.get()
    assert wrong.replaced_at is not None
    assert (right.corrects, right.correction_reason) == (wrong, "Verkeerde persoon bekeken.")
    assert (case.removability, axis_of(case).value) == ("not_yet", "not_yet")
    assert told(cast.regievoerder)[-1] == "request_corrected"
    assert stored(wrong.request).steps.filter(kind="corrected").count() == 1


def test_a_correction_needs_a_reason_the_receiver_and_the_newest_answer(cast: Cast) -> None:
    wrong = answered(cast)

    with pytest.raises(NotPossible, match="waarom"):
        correct_answer(wrong, stating(*NOT_YET), " ", by=cast.ind)
    for stranger in (cast.regievoerder, colleague(other_ind_unit())):
        with pytest.raises(NotAllowed):
            correct_answer(wrong, stating(*NOT_YET), "fout", by=stranger)
    right = correct_answer(wrong, stating(*NOT_YET), "fout", by=cast.ind, version=wrong.version)
    with pytest.raises(NotPossible, match="later antwoord"):
        correct_answer(wrong, stating(*BARRED), "weer fout", by=cast.ind)
    with pytest.raises(Stale):
        correct_answer(right, stating(*BARRED), "weer fout", by=cast.ind, version=right.version + 1)


def test_the_history_shows_both_answers(cast: Cast) -> None:
    wrong = answered(cast)
    correct_answer(wrong, stating(*NOT_YET), "fout", by=cast.ind)

    versions = RemovabilityAnswer.history.filter(case_id=wrong.case_id).order_by("history_id")
    assert [(row.value, row.history_type) for row in versions] == [
        ("removable", "+"),
        ("removable", "~"),
        ("not_yet", "+"),
    ]


# --- reference data -------------------------------------------------------------------------------------------------


def test_every_ground_supports_an_answer_and_names_its_source() -> None:
    grounds = list(AnswerGround.objects.valid())

    assert {value for one in grounds for value in one.values} == {
        "removable",
        "not_yet",
        "barred_temporarily",
        "lawful_stay",
    }
    assert all(one.source and one.rule_nl and one.values for one in grounds)


def test_the_question_is_a_kind_without_place_or_risk() -> None:
    kind = RequestKind.objects.get(code="removability_check")

    assert (kind.asked_by, kind.answered_by.code, kind.part, kind.is_visit) == (["dtv"], "ind", "decision", False)
    assert "planningsvoorstel" in kind.source
