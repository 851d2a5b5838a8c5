"""Later facts put an answer in doubt: which facts, which answers, who is told, and what everybody sees."""

from collections.abc import Callable

import pytest
from django.db import transaction

from cases.case.actions import NewAxis, change_lead, change_phase, lock_case, set_axis
from cases.case.facts import Fact, FactKind, News, publish, publish_many
from cases.case.models import Axis, IdentityConflict, Phase, ReturnCase, Signal, Task
from cases.procedure.actions import overtake
from cases.procedure.common import source_of
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.states import ANY, NEW_PERSON_FACT, NOT_HELD_BACK, OBSTACLES, REMOVABLE, overtaken_values
from cases.requests.actions import confirm_request
from handover.models import Handover
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case, unit
from tests.handover.hand import accept
from tests.handover.imports import read_rows
from tests.procedure.answered import (
    BARRED,
    LAWFUL,
    NOT_YET,
    answered,
    axis_of,
    colleague,
    fresh,
    other_ind_unit,
    stating,
)

pytestmark = pytest.mark.django_db

FIRST = {"referentie": "IND-1", "v_nummer": "9990000001"}
STATES: dict[str, tuple[str, str]] = {
    "removable": ("removable", "no_obstacle"),
    "not_yet": NOT_YET,
    "barred_temporarily": BARRED,
    "lawful_stay": LAWFUL,
}


def hear_of(case: ReturnCase, kind: FactKind, detail: str = "", key: str = "") -> None:
    with transaction.atomic():
        publish(lock_case(case), Fact(kind, detail, key), by=PRINCIPAL)


# --- the table ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "detail", "values"),
    [
        (FactKind.SIGNAL_ADDED, "medical", REMOVABLE),
        (FactKind.SIGNAL_ADDED, "pregnant", REMOVABLE),
        (FactKind.SIGNAL_ADDED, "trafficking", NOT_HELD_BACK),
        (FactKind.SIGNAL_ADDED, "suicide_risk", frozenset()),
        (FactKind.SIGNAL_ADDED, "public_order", frozenset()),
        (FactKind.RESIDENCE_CHANGED, "pi", REMOVABLE),
        (FactKind.RESIDENCE_CHANGED, "azc", frozenset()),
        (FactKind.SUSPENSION_BEGAN, "", NOT_HELD_BACK),
        (FactKind.SUSPENSION_ENDED, "", OBSTACLES),
        (FactKind.PROCEDURE_STATED, "", ANY),
        (FactKind.IDENTITY_DISPUTED, "nationality", REMOVABLE),
        (FactKind.IDENTITY_DISPUTED, "surname", frozenset()),
        (FactKind.ANSWER_OVERTAKEN, "", frozenset()),
    ],
)
def test_which_fact_puts_which_answers_in_doubt(kind: FactKind, detail: str, values: frozenset[str]) -> None:
    assert overtaken_values(Fact(kind, detail)) == values


@pytest.mark.parametrize("value", STATES)
def test_a_fact_overtakes_only_the_answers_it_may_change(cast: Cast, value: str) -> None:
    stated = answered(cast, new=stating(*STATES[value]))

    hear_of(stated.case, FactKind.SIGNAL_ADDED, "trafficking")

    assert fresh(stated).is_overtaken is (value in {"removable", "not_yet"})


# --- what follows ---------------------------------------------------------------------------------------------------


def test_the_lead_is_told_and_gets_a_task_and_the_axis_keeps_its_value_with_a_doubt(cast: Cast) -> None:
    stated = answered(cast)
    confirm_request(stated.request, by=cast.regievoerder)

    hear_of(stated.case, FactKind.SIGNAL_ADDED, "medical")

    stated, entry = fresh(stated), axis_of(stated.case)
    assert (stated.is_overtaken, stated.holds, stated.overtaken_by) == (True, False, NEW_PERSON_FACT)
    assert (entry.value, entry.doubted_at is not None) == ("removable", True)
    task = Task.objects.open().get(source=source_of(stated.case))
    assert (task.unit, task.assignee) == (cast.regievoerder.acting_unit, cast.regievoerder)
    notice = Notice.objects.get(kind="removability_overtaken")
    assert (notice.member, notice.url_name) == (cast.regievoerder, "cases:removability")


def test_the_words_do_not_tell_which_signal_or_difference_it_was(cast: Cast) -> None:
    first, second = answered(cast), answered(cast)

    hear_of(first.case, FactKind.SIGNAL_ADDED, "medical")
    hear_of(second.case, FactKind.IDENTITY_DISPUTED, "nationality")

    assert (
        fresh(first).overtaken_words
        == fresh(second).overtaken_words
        == ("Er is een nieuw feit over de persoon vastgelegd.")
    )


def test_telling_it_twice_does_no_more_than_once(cast: Cast) -> None:
    stated = answered(cast)

    hear_of(stated.case, FactKind.SUSPENSION_BEGAN)
    hear_of(stated.case, FactKind.SIGNAL_ADDED, "medical")

    assert Notice.objects.filter(kind="removability_overtaken").count() == 1
    assert fresh(stated).overtaken_by == "The return was suspended."


def test_a_fact_that_overtook_one_answer_was_known_to_the_next(cast: Cast) -> None:
    first = answered(cast)
    hear_of(first.case, FactKind.PROCEDURE_STATED, key="procedure:1")
    confirm_request(first.request, by=cast.regievoerder)
    second = answered(cast, first.case)

    hear_of(first.case, FactKind.PROCEDURE_STATED, key="procedure:1")
    assert not fresh(second).is_overtaken
    hear_of(first.case, FactKind.PROCEDURE_STATED, key="procedure:2")
    assert fresh(second).is_overtaken


def test_a_new_answer_takes_the_doubt_away(cast: Cast) -> None:
    first = answered(cast)
    hear_of(first.case, FactKind.SUSPENSION_BEGAN)
    confirm_request(first.request, by=cast.regievoerder)

    answered(cast, first.case, stating(*BARRED))

    assert axis_of(first.case).doubted_at is None
    assert not Task.objects.open().filter(source=source_of(first.case)).exists()


def test_the_team_that_asked_is_told_too_when_the_case_moved_on(cast: Cast) -> None:
    stated = answered(cast)
    confirm_request(stated.request, by=cast.regievoerder)
    with transaction.atomic():
        change_lead(stated.case, cast.regievoerder2.acting_unit, director=cast.regievoerder2, by=PRINCIPAL, reason="x")

    hear_of(stated.case, FactKind.SUSPENSION_BEGAN)

    told = Notice.objects.filter(kind="removability_overtaken")
    assert {notice.member for notice in told} == {cast.regievoerder, cast.regievoerder2}


def test_many_news_at_once_cost_one_query_when_they_overtake_nothing(
    cast: Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    cases = [led_case(cast.regievoerder) for _number in range(5)]
    news = [News(case, Fact(FactKind.SIGNAL_ADDED, "medical")) for case in cases]

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        publish_many(news, by=PRINCIPAL)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        publish_many([News(case, Fact(FactKind.SIGNAL_ADDED, "minor")) for case in cases], by=PRINCIPAL)


# --- IND itself -----------------------------------------------------------------------------------------------------


def test_ind_says_itself_that_its_answer_is_overtaken_and_saying_it_again_is_harmless(cast: Cast) -> None:
    stated = answered(cast)
    confirm_request(stated.request, by=cast.regievoerder)

    overtake(stated, " Nieuwe aanvraag op 20 november. ", by=cast.ind)
    overtake(stated, "Nog eens.", by=colleague())

    assert fresh(stated).overtaken_words == "Nieuwe aanvraag op 20 november."
    assert Notice.objects.filter(kind="removability_overtaken").count() == 1


def test_only_the_unit_that_answered_says_so_and_of_the_answer_in_force(cast: Cast) -> None:
    stated = answered(cast)

    for stranger in (cast.regievoerder, colleague(other_ind_unit())):
        with pytest.raises(NotAllowed):
            overtake(stated, "Iets.", by=stranger)
    with pytest.raises(NotPossible):
        overtake(stated, " ", by=cast.ind)
    confirm_request(stated.request, by=cast.regievoerder)
    answered(cast, stated.case)
    with pytest.raises(NotPossible):
        overtake(stated, "Iets.", by=cast.ind)


# --- where facts come from ------------------------------------------------------------------------------------------


def test_suspending_the_return_overtakes_and_ending_it_overtakes_an_obstacle(cast: Cast) -> None:
    free, barred = answered(cast), answered(cast, new=stating(*BARRED))

    for stated in (free, barred):
        change_phase(stated.case, Phase.SUSPENDED, by=cast.regievoerder, reason="art. 64")
    assert (fresh(free).is_overtaken, fresh(barred).is_overtaken) == (True, False)
    change_phase(barred.case, Phase.PLANNING, by=cast.regievoerder, reason="voorbij")
    assert fresh(barred).overtaken_by == "The suspension of the return ended."


def test_going_to_prison_overtakes_and_moving_to_another_site_does_not(cast: Cast) -> None:
    stated = answered(cast)

    for form, text, doubted in (("azc", "azc Waterhoek", False), ("pi", "pi Elders", True)):
        with transaction.atomic():
            axis = NewAxis(Axis.RESIDENCE, form, clock.today(), "COA", text=text)
            set_axis(lock_case(stated.case), axis, by=PRINCIPAL, reason="test")
        assert fresh(stated).is_overtaken is doubted


@pytest.mark.usefixtures("on_the_day")
class TestFromDossiers:
    def answered_before_acceptance(self, cast: Cast) -> RemovabilityAnswer:
        """The lead of a dossier that is still offered is IND, so the answer is put there directly."""
        read_rows(cast.intake, FIRST)
        case, other = ReturnCase.objects.get(), answered(cast)
        made = RemovabilityAnswer(
            request=other.request,
            case=case,
            value="removable",
            ground=other.ground,
            valid_until=other.valid_until,
            answered_by=cast.ind,
            answered_at=clock.now(),
        )
        with transaction.atomic():
            axis = NewAxis(Axis.REMOVABILITY, "removable", clock.today(), "IND", valid_until=other.valid_until)
            set_axis(lock_case(case), axis, by=PRINCIPAL, reason="test")
        return fresh(save_as(made, by=PRINCIPAL))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"signalen": "medisch"}, NEW_PERSON_FACT),
            ({"nationaliteit": "MAR"}, NEW_PERSON_FACT),
            (
                {"beroep_ingesteld_op": "2026-11-20"},
                "The sender of the dossier states other facts about the procedure.",
            ),
            ({"schorsend": "auto"}, "The sender of the dossier states other facts about the procedure."),
            ({"verblijfsvorm": "pi"}, "The residence of the person changed."),
            ({"gemachtigde": "mr. Voorbeeld"}, ""),
        ],
    )
    def test_a_changed_dossier_tells_what_it_changed(self, cast: Cast, change: dict[str, str], words: str) -> None:
        stated = self.answered_before_acceptance(cast)

        read_rows(cast.intake, FIRST | change)

        assert fresh(stated).overtaken_by == words

    def test_a_dossier_that_came_after_acceptance_is_put_aside_and_tells_it_once(self, cast: Cast) -> None:
        read_rows(cast.intake, FIRST)
        accept(Handover.objects.get(), cast.regievoerder, by=cast.intake)
        stated = answered(cast, ReturnCase.objects.get())
        changed = FIRST | {"beroep_ingesteld_op": "2026-11-20"}

        file = read_rows(cast.intake, changed)
        assert file.held == 1
        assert fresh(stated).is_overtaken

        confirm_request(stated.request, by=cast.regievoerder)
        second = answered(cast, stated.case)
        read_rows(cast.intake, changed | {"gemachtigde": "mr. Ander"})
        assert not fresh(second).is_overtaken

    def test_the_signals_and_differences_are_there(self, cast: Cast) -> None:
        self.answered_before_acceptance(cast)

        read_rows(cast.intake, FIRST | {"signalen": "medisch", "nationaliteit": "MAR"})

        assert Signal.objects.get().kind == "medical"
        assert IdentityConflict.objects.get().field == "nationality"


def test_the_unit_of_the_answer_is_the_source(cast: Cast) -> None:
    assert axis_of(answered(cast).case).source == unit("ind-noord").full_name
