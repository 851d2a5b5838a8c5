"""Accepting: responsibility, access, copy and next step move in one act, once."""

import threading

import pytest
from django.db import connections

from cases.case.access import may
from cases.case.actions import change_lead
from cases.case.models import Involvement, Part, Phase, ReturnCase, TaskKind
from handover.actions import return_handover, withdraw
from handover.models import Handover
from handover.states import Status, StepKind
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice, Unit
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import at_site, received_case, unit
from tests.handover import hand


def parts(case: ReturnCase) -> dict[str, str]:
    return {one.part: one.unit.code for one in Involvement.objects.running().filter(case=case)}


@pytest.mark.django_db
def test_accepting_makes_the_team_responsible_and_the_member_its_director(cast: Cast) -> None:
    handover = hand.accepted(cast)

    case = ReturnCase.objects.get(pk=handover.case_id)
    assert (case.led_by.code, case.director, case.phase) == ("dtv-noord-2", cast.regievoerder, Phase.ASSIGNED)
    assert parts(case) == {Part.LEAD: "dtv-noord-2", Part.INTAKE_DESK: "dtv-ilc"}
    assert [step.kind for step in handover.steps.order_by("pk")] == [
        StepKind.OFFERED,
        StepKind.OPENED,
        StepKind.ACCEPTED,
    ]
    version = Handover.history.filter(id=handover.pk).first()
    assert (version.history_user, version.history_organisation) == (cast.intake, "dtv")


@pytest.mark.django_db
def test_after_acceptance_the_team_works_the_desk_only_sees_it_and_the_sender_no_longer(cast: Cast) -> None:
    case = ReturnCase.objects.get(pk=hand.accepted(cast).case_id)

    assert may(cast.regievoerder, "plan.change", case)
    assert may(cast.intake, "case.view", case)
    assert not may(cast.intake, "identity.view", case)
    assert not ReturnCase.objects.visible_to(cast.ind).filter(pk=case.pk).exists()
    assert not ReturnCase.objects.visible_to(cast.regievoerder2).filter(pk=case.pk).exists()


@pytest.mark.django_db
def test_the_director_gets_the_first_next_step_and_both_sides_hear_it(cast: Cast) -> None:
    handover = hand.accepted(cast)

    (task,) = ReturnCase.objects.get(pk=handover.case_id).tasks.open()
    assert (task.kind, task.assignee, task.unit.code) == (TaskKind.NEXT_STEP, cast.regievoerder, "dtv-noord-2")
    assert task.due_at is not None
    assert task.title == "Study the dossier and plan the first talk"
    assert Notice.objects.filter(member=cast.regievoerder, kind="handover_assigned").exists()
    assert Notice.objects.filter(unit__code="ind-noord", kind="handover_accepted").exists()


@pytest.mark.django_db
def test_a_stay_at_a_coa_site_starts_the_part_of_that_site(cast: Cast) -> None:
    site = unit("azc-veenmeer")

    case = ReturnCase.objects.get(pk=hand.accepted(cast, received_case(residence_unit=site)).case_id)

    assert parts(case)[Part.RECEPTION] == "azc-veenmeer"
    assert may(cast.casemanager, "case.view", case)
    assert not may(cast.casemanager2, "case.view", case)


@pytest.mark.django_db
def test_a_stay_in_a_detention_centre_starts_no_part_of_reception(cast: Cast) -> None:
    case = ReturnCase.objects.get(pk=hand.accepted(cast, received_case(residence_unit=unit("dc-maasvliet"))).case_id)

    assert Part.RECEPTION not in parts(case)


@pytest.mark.django_db
def test_a_site_that_already_had_its_part_keeps_it_once(cast: Cast) -> None:
    site = unit("azc-veenmeer")
    case = at_site(received_case(residence_unit=site), site)

    hand.accepted(cast, case)

    assert case.involvements.filter(part=Part.RECEPTION).count() == 1


@pytest.mark.django_db
def test_the_sender_keeps_a_copy_that_later_changes_do_not_reach(cast: Cast) -> None:
    case = received_case()
    dossier = hand.dossier(case, lawyer="mr. Test")
    handover = hand.accepted(cast, case, dossier=dossier, dossier_version=1, note="Zie bijlage.")
    name = case.person.surname

    case.person.surname = "Anders"
    save_as(case.person, by=PRINCIPAL)
    change_lead(case, unit("dtv-zuid-1"), director=None, by=PRINCIPAL, reason="test")

    kept = Handover.objects.get(pk=handover.pk).frozen
    assert kept["person"]["surname"] == name
    assert kept["dossier"]["content"]["lawyer"] == "mr. Test"
    assert kept["note"] == "Zie bijlage."
    assert len(kept["items"]) == 23


@pytest.mark.django_db
def test_a_protected_address_is_in_no_copy(cast: Cast) -> None:
    case = received_case()
    dossier = hand.dossier(case, address_protected=True, address="Geheimlaan 1", place="Nergens", location="azc Geheim")

    handover = hand.accepted(cast, case, dossier=dossier, dossier_version=1)

    assert "Geheim" not in str(handover.frozen)
    assert "Nergens" not in str(handover.frozen)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ind", "regievoerder", "manager", "casemanager"])
def test_only_the_desk_it_was_offered_to_answers(cast: Cast, who: str) -> None:
    handover = hand.offered()

    with pytest.raises(NotAllowed):
        hand.accept(handover, cast.regievoerder, by=getattr(cast, who))

    assert Handover.objects.get(pk=handover.pk).status == Status.OFFERED


@pytest.mark.django_db
def test_a_colleague_of_the_desk_without_the_answering_role_does_not_answer(cast: Cast) -> None:
    colleague = member_of(cast.ilc, "case_director")

    with pytest.raises(NotAllowed, match=r"handovers\.answer"):
        hand.accept(hand.offered(), cast.regievoerder, by=colleague)


@pytest.mark.django_db
@pytest.mark.parametrize("team", ["dtv-zuid-1", "dtv-ilc", "avim-noord"])
def test_the_director_must_belong_to_the_team_and_the_team_to_the_receiver(cast: Cast, team: str) -> None:
    from handover.actions import accept_handover

    with pytest.raises(NotPossible):
        accept_handover(hand.offered(), team=Unit.objects.get(code=team), director=cast.regievoerder, by=cast.intake)


@pytest.mark.django_db
def test_an_answer_to_a_withdrawn_offer_reads_that_it_was_withdrawn(cast: Cast) -> None:
    handover = hand.offered()
    withdraw(handover, "Verkeerde persoon.", by=cast.ind)

    with pytest.raises(NotPossible, match=r"ingetrokken\. Antwoorden kan niet meer"):
        hand.accept(handover, cast.regievoerder, by=cast.intake)
    with pytest.raises(NotPossible, match="ingetrokken"):
        return_handover(handover, "other", "Nee.", by=cast.intake)


@pytest.mark.django_db
def test_a_page_drawn_before_a_change_accepts_nothing(cast: Cast) -> None:
    handover = hand.offered()

    with pytest.raises(Stale):
        hand.accept(handover, cast.regievoerder, by=cast.intake, version=handover.version - 1)

    assert ReturnCase.objects.get(pk=handover.case_id).led_by.code == "ind-noord"


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_accepting_at_once_one_wins_and_the_other_reads_who(cast: Cast) -> None:
    handover = hand.opened(cast)
    clerks = [cast.intake, member_of(cast.ilc, "intake_clerk", "tweede")]
    directors = [cast.regievoerder, cast.regievoerder2]
    start, said, won = threading.Barrier(2), [], []

    def accept(number: int) -> None:
        try:
            start.wait(timeout=10)
            hand.accept(handover, directors[number], by=clerks[number], version=handover.version)
            won.append(number)
        except NotPossible as refusal:
            said.append(str(refusal))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(won) == 1
    assert said == [f"{clerks[won[0]]} heeft deze overdracht al aangenomen. Er is niets van u opgeslagen."]
    stored = Handover.objects.get(pk=handover.pk)
    assert (stored.answered_by, stored.director) == (clerks[won[0]], directors[won[0]])
    assert Involvement.objects.running().filter(case=handover.case_id, part=Part.LEAD).count() == 1
