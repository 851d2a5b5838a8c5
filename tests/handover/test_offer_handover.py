"""The sender's side: offering, terms, rounds, and many at once."""

from datetime import datetime, time

import pytest
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cases.case.models import Phase, Task, TaskKind
from handover.actions import NewItem, Revision, draft_handover, mark_opened, offer, offer_again, offer_many, revise_many
from handover.intake.checklist import ITEMS
from handover.kinds import kind_code_of
from handover.models import ChecklistItem, Handover, HandoverItem, HandoverKind
from handover.states import Status, StepKind
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import received_case
from tests.handover import hand

pytestmark = pytest.mark.django_db


def test_the_checklist_of_each_kind_is_that_of_the_file_format() -> None:
    for kind in HandoverKind.objects.all():
        stored = ChecklistItem.objects.filter(kind=kind).order_by("position")
        assert [item.code for item in stored] == [item.code for item in ITEMS]


def test_an_offer_gives_the_desk_one_task_with_the_term_and_leaves_the_sender_responsible() -> None:
    handover = hand.offered(states={"lawyer": "absent"})

    task = Task.objects.get(source=handover.source)
    assert (task.unit.code, task.kind, task.due_at) == ("dtv-ilc", TaskKind.INTAKE, handover.answer_due)
    assert handover.case.led_by.code == "ind-noord"
    assert (handover.items_present, handover.items_applicable) == (18, 19)
    assert [step.kind for step in handover.steps.all()] == [StepKind.OFFERED]


@pytest.mark.parametrize(
    ("kind", "offered_at", "due"),
    [
        ("refused", (2026, 11, 23, 10, 0), (2026, 11, 23, 23, 59)),  # Monday: the same day
        ("refused", (2026, 11, 23, 16, 30), (2026, 11, 24, 23, 59)),  # after four: the next working day
        ("refused", (2026, 11, 28, 10, 0), (2026, 11, 30, 23, 59)),  # Saturday: Monday
        ("found", (2026, 11, 27, 10, 0), (2026, 11, 30, 23, 59)),  # Friday and one working day
        ("detained", (2026, 11, 28, 22, 0), (2026, 11, 29, 2, 0)),  # the liberty clock knows no weekend
    ],
)
def test_each_kind_has_its_own_term(kind: str, offered_at: tuple[int, ...], due: tuple[int, ...]) -> None:
    year, month, day, hour, minute = offered_at
    moment = timezone.make_aware(datetime.combine(datetime(year, month, day), time(hour, minute)))  # noqa: DTZ001

    answer = HandoverKind.objects.get(code=kind).due_after(moment).astimezone(moment.tzinfo)

    assert (answer.year, answer.month, answer.day, answer.hour, answer.minute) == due


@pytest.mark.parametrize(
    ("supplier", "ground", "measure", "kind"),
    [
        ("IND", "asiel_afgewezen", "", "refused"),
        ("IND", "dublin", "meldplicht", "dublin"),
        ("AVIM", "geen_rechtmatig_verblijf", "", "found"),
        ("KMAR", "dublin", "art6", "detained"),
        ("AVIM", "vris", "", "offender"),
        ("IND", "eigen_verzoek", "", "own_request"),
    ],
)
def test_the_kind_follows_from_sender_ground_and_measure(supplier: str, ground: str, measure: str, kind: str) -> None:
    assert kind_code_of(supplier, ground, measure) == kind


def test_a_draft_is_the_senders_alone_and_a_mandatory_item_keeps_it_from_being_offered(cast: Cast) -> None:
    draft = draft_handover(hand.new_offer(states={"nationality": "absent"}), by=cast.ind)

    assert not Handover.objects.visible_to(cast.intake).exists()
    assert Handover.objects.visible_to(cast.ind).exists()
    with pytest.raises(NotPossible, match="Nationaliteit"):
        offer(draft, by=cast.ind)


def test_offering_a_draft_tells_the_desk(cast: Cast) -> None:
    offered = offer(draft_handover(hand.new_offer(), by=cast.ind), by=cast.ind)

    assert offered.status == Status.OFFERED
    assert Notice.objects.filter(unit=cast.ilc, kind="handover_offered", url_arg=str(offered.pk)).count() == 1


def test_only_the_unit_that_leads_the_case_hands_it_over(cast: Cast) -> None:
    new = hand.new_offer()

    with pytest.raises(NotAllowed):
        draft_handover(new, by=cast.regievoerder)
    new.from_unit = cast.unit("avim-noord")
    with pytest.raises(NotPossible):
        draft_handover(new, by=cast.politie_teamchef)


def test_a_case_is_handed_over_once_at_a_time(cast: Cast) -> None:
    handover = hand.offered()

    with pytest.raises(NotPossible):
        draft_handover(hand.new_offer(handover.case), by=cast.ind)
    with pytest.raises(IntegrityError):
        hand.offered(handover.case)


def test_offering_many_takes_as_many_queries_as_offering_a_few(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    few, many = [[hand.new_offer() for _ in range(count)] for count in (2, 20)]

    with django_assert_max_num_queries(20) as of_few:
        offer_many(few, by=PRINCIPAL)
    with django_assert_max_num_queries(20) as of_many:
        offer_many(many, by=PRINCIPAL)

    assert len(of_many) == len(of_few)
    assert HandoverItem.history.count() == HandoverItem.objects.count() == 22 * len(ITEMS)


def test_a_returned_dossier_is_offered_again_in_a_new_round_and_says_what_changed(cast: Cast) -> None:
    former = hand.returned(cast, states={"lawyer": "absent"})

    again = offer_again(former, items=[NewItem("lawyer", "present")], note="Aangevuld.", by=cast.ind)

    step = again.steps.get()
    assert (again.round_number, again.first_id, again.status) == (2, former.pk, Status.OFFERED)
    assert (step.kind, step.changed) == (
        StepKind.OFFERED_AGAIN,
        [{"code": "lawyer", "was": "absent", "now": "present"}],
    )
    assert again.items.get(item__code="lawyer").state == "present"
    assert former.items.get(item__code="lawyer").state == "absent"
    assert Handover.objects.get(pk=again.pk).case.phase == Phase.RECEIVED
    assert [one.round_number for one in former.rounds] == [2, 1]


def test_only_the_newest_round_can_be_offered_again(cast: Cast) -> None:
    former = hand.returned(cast)
    offer_again(former, by=cast.ind)

    with pytest.raises(NotPossible):
        offer_again(former, by=cast.ind)


def test_a_changed_dossier_revises_its_open_handover_so_that_an_older_page_cannot_accept_it(cast: Cast) -> None:
    handover = hand.opened(cast)

    (revised,) = revise_many(
        [Revision(handover, dossier_version=2, items=hand.checklist({"language": "absent"}))], by=PRINCIPAL
    )

    stored = Handover.objects.get(pk=handover.pk)
    assert (stored.items_present, stored.dossier_version) == (18, 2)
    assert stored.steps.last().changed == [{"code": "language", "was": "present", "now": "absent"}]  # type: ignore[union-attr]
    assert revised == stored
    with pytest.raises(Stale):
        hand.accept(stored, cast.regievoerder, by=cast.intake, version=handover.version)


def test_a_handover_that_was_answered_in_the_meantime_is_not_revised(cast: Cast) -> None:
    handover = hand.opened(cast)
    hand.accept(handover, cast.regievoerder, by=cast.intake)

    assert revise_many([Revision(handover, 2, hand.checklist({"language": "absent"}))], by=PRINCIPAL) == []
    assert handover.items.get(item__code="language").state == "present"


def test_opening_is_recorded_once_and_only_by_who_may_answer(cast: Cast) -> None:
    handover = hand.offered()

    first = mark_opened(handover, by=cast.intake)
    again = mark_opened(first, by=cast.intake)

    assert (first.opened_by, again.opened_at) == (cast.intake, first.opened_at)
    assert handover.steps.filter(kind=StepKind.OPENED).count() == 1
    assert Handover.objects.get(pk=handover.pk).case.phase == Phase.INTAKE_CHECK
    with pytest.raises(NotAllowed):
        mark_opened(hand.offered(received_case()), by=cast.ind)


def test_terms_follow_the_one_clock(settings: Settings) -> None:
    settings.LEIDRAAD_TODAY = datetime(2026, 11, 28).date()  # noqa: DTZ001

    handover = hand.offered()

    assert handover.answer_due is not None
    assert timezone.localtime(handover.answer_due).date().isoformat() == "2026-11-30"
