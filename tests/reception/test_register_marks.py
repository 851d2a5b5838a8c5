"""What COA notes of the in-house registration, by whom, when, and what it does to what stood there already."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import translation

from cases.case.access import NotInSight
from cases.case.actions import change_lead
from cases.case.marking import AlreadyMarked, Entry
from cases.case.models import Mark, ReturnCase
from cases.reception.models import InHouseMark, ReceptionForm
from cases.reception.presence_actions import correct_in_house, mark_in_house, mark_many_in_house
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import case_director, unit
from tests.reception.residents import MONDAY, TODAY, WEEK, contact_of, noted, resident, seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_wednesday(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = TODAY


# --- who, and which moment ------------------------------------------------------------------------------------------


def test_the_case_manager_and_the_desk_note_who_they_saw_with_history(cast: Cast) -> None:
    stay, other = resident(), resident()

    mark = seen_by(cast.casemanager, stay)
    seen_by(cast.coa_receptie, other, Mark.EXCUSED)

    assert (mark.due_from, mark.due_to, mark.slot) == (MONDAY, MONDAY + timedelta(days=6), 1)
    version = mark.history.get()
    assert (version.history_user, version.history_organisation, version.mark) == (cast.casemanager, "coa", Mark.SEEN)
    assert InHouseMark.objects.get(placement=other).by == cast.coa_receptie


def test_nobody_else_notes_it(cast: Cast) -> None:
    stay = resident()
    director = case_director()
    with transaction.atomic():
        change_lead(stay.case, director.acting_unit, director=director, by=PRINCIPAL, reason="test")

    with pytest.raises(NotInSight):
        seen_by(cast.casemanager2, stay)
    with pytest.raises(NotAllowed):
        seen_by(director, stay)
    assert not InHouseMark.objects.exists()


def test_a_colleague_at_another_site_of_the_same_case_does_not_write_this_register(cast: Cast) -> None:
    from tests.factories import at_site

    stay = resident()
    at_site(stay.case, unit("azc-oosterhaar"))

    with pytest.raises(NotAllowed):
        seen_by(cast.casemanager2, stay)


def test_what_has_not_come_yet_and_what_is_not_due_cannot_be_noted(cast: Cast) -> None:
    weekly, workdays = resident(), resident(form="vbl")

    with pytest.raises(NotPossible, match="2026"):
        mark_in_house(weekly, TODAY + WEEK, Mark.SEEN, by=cast.casemanager)
    with pytest.raises(NotPossible):
        mark_in_house(workdays, TODAY + timedelta(days=1), Mark.SEEN, by=cast.casemanager)
    with pytest.raises(NotPossible):
        mark_in_house(workdays, MONDAY - timedelta(days=1), Mark.SEEN, by=cast.casemanager)
    with pytest.raises(NotPossible):
        mark_in_house(weekly, TODAY, Mark.SEEN, by=cast.casemanager, slot=2)
    with pytest.raises(NotPossible):
        mark_in_house(weekly, TODAY, "absent", by=cast.casemanager)
    assert not InHouseMark.objects.exists()


def test_before_the_stay_and_after_it_nothing_is_due(cast: Cast) -> None:
    arrived, left = resident(since=TODAY), resident(ended_on=TODAY, end_reason="transferred")

    assert seen_by(cast.casemanager, arrived).due_from == MONDAY
    with pytest.raises(NotPossible):
        mark_in_house(arrived, TODAY - WEEK, Mark.SEEN, by=cast.casemanager)
    with pytest.raises(NotPossible):
        seen_by(cast.casemanager, left)
    assert mark_in_house(left, TODAY - WEEK, Mark.SEEN, by=cast.casemanager).due_from == MONDAY - WEEK


def test_twice_a_day_has_two_moments_of_its_own(cast: Cast) -> None:
    stay = resident(form="vtl")

    mark_in_house(stay, TODAY, Mark.SEEN, by=cast.casemanager, slot=1)
    mark_in_house(stay, TODAY, Mark.MISSED, by=cast.casemanager, slot=2)

    assert list(InHouseMark.objects.order_by("slot").values_list("slot", "mark", "due_from", "due_to")) == [
        (1, "seen", TODAY, TODAY),
        (2, "missed", TODAY, TODAY),
    ]


def test_the_rhythm_of_the_day_decides_when_a_form_changes(cast: Cast) -> None:
    azc = ReceptionForm.objects.get(code="azc")
    azc.valid_until = MONDAY - timedelta(days=1)
    save_as(azc, by=PRINCIPAL)
    stay = resident()

    assert mark_in_house(stay, TODAY - WEEK, Mark.SEEN, by=cast.casemanager).due_from == MONDAY - WEEK
    with pytest.raises(NotPossible):
        seen_by(cast.casemanager, stay)


# --- nothing is written over ----------------------------------------------------------------------------------------


def test_a_second_colleague_reads_who_noted_what_and_when(cast: Cast) -> None:
    stay = resident()
    first = seen_by(cast.casemanager, stay)

    with translation.override("nl"), pytest.raises(AlreadyMarked) as refused:
        seen_by(cast.coa_receptie, stay, Mark.MISSED)

    assert str(refused.value).startswith("S. de Wit heeft dit om ")
    assert str(refused.value).endswith(" vastgelegd: Gemeld.")
    assert InHouseMark.objects.get().mark == Mark.SEEN
    assert InHouseMark.objects.get().version == first.version


def test_noting_the_same_once_more_changes_nothing(cast: Cast) -> None:
    stay = resident()

    assert seen_by(cast.casemanager, stay).pk == seen_by(cast.casemanager, stay).pk
    assert InHouseMark.objects.get().history.count() == 1


def test_the_database_itself_holds_one_mark_a_moment(cast: Cast) -> None:
    stay = resident()
    noted(stay, TODAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        noted(stay, TODAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_note_at_once_one_is_first_and_the_other_reads_it(cast: Cast) -> None:
    stay, colleague = resident(), cast.coa_receptie
    barrier = Barrier(2)

    def note(member: Any, mark: str) -> str:
        try:
            with translation.override("nl"):
                barrier.wait(timeout=10)
                seen_by(member, stay, mark)
        except NotPossible as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(note, cast.casemanager, Mark.SEEN),
            pool.submit(note, colleague, Mark.MISSED),
        ]
        won, lost = sorted(answer.result() for answer in answers)

    assert won == ""
    assert "heeft dit om" in lost
    mark = InHouseMark.objects.get()
    assert f"vastgelegd: {mark.get_mark_display()}" in lost or mark.get_mark_display() in ("Seen", "Missed")
    assert mark.history.count() == 1


def test_many_at_once_give_a_result_for_each(cast: Cast) -> None:
    free, taken, elsewhere, unknown = resident(), resident(), resident(site="azc-oosterhaar"), resident(form="onbekend")
    seen_by(cast.coa_receptie, taken, Mark.MISSED)

    entries = [Entry(one, Mark.SEEN) for one in (free, taken, elsewhere, unknown)]
    results = mark_many_in_house(entries, TODAY, by=cast.casemanager)

    assert [bool(result.refusal) for result in results] == [False, True, True, True]
    assert list(InHouseMark.objects.order_by("pk").values_list("placement", "mark")) == [
        (taken.pk, "missed"),
        (free.pk, "seen"),
    ]


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_needs_a_reason_and_keeps_both_in_the_history(cast: Cast) -> None:
    mark = seen_by(cast.casemanager, resident(), Mark.MISSED)

    with pytest.raises(NotPossible):
        correct_in_house(mark, Mark.SEEN, " ", by=cast.casemanager, version=mark.version)
    with pytest.raises(NotPossible):
        correct_in_house(mark, Mark.MISSED, "Toch niet", by=cast.casemanager, version=mark.version)
    correct_in_house(mark, Mark.EXCUSED, "Was bij de dokter", by=cast.coa_receptie, version=mark.version)

    versions = list(mark.history.order_by("history_id").values_list("mark", "history_change_reason"))
    assert [one for one, _reason in versions] == ["missed", "excused"]
    assert versions[1][1] == "Was bij de dokter"
    assert mark.history.latest().history_user == cast.coa_receptie


def test_a_correction_from_an_old_page_writes_nothing(cast: Cast) -> None:
    mark = seen_by(cast.casemanager, resident(), Mark.MISSED)
    correct_in_house(mark, Mark.EXCUSED, "Ziek gemeld", by=cast.casemanager, version=1)

    with pytest.raises(Stale) as stale:
        correct_in_house(mark, Mark.SEEN, "Gezien", by=cast.coa_receptie, version=1)

    assert stale.value.current.mark == Mark.EXCUSED
    assert InHouseMark.objects.get().mark == Mark.EXCUSED


def test_only_the_own_site_corrects(cast: Cast) -> None:
    mark = seen_by(cast.casemanager, resident())

    with pytest.raises(NotInSight):
        correct_in_house(mark, Mark.MISSED, "Vergissing", by=cast.casemanager2, version=1)
    with pytest.raises(NotInSight):
        correct_in_house(mark, Mark.MISSED, "Vergissing", by=cast.politie, version=1)


# --- the case -------------------------------------------------------------------------------------------------------


def test_being_seen_is_the_last_contact_and_no_new_version_of_the_case(cast: Cast) -> None:
    stay = resident()
    version = stay.case.version

    seen_by(cast.casemanager, stay)

    case = ReturnCase.objects.get(pk=stay.case_id)
    assert (case.last_contact_on, case.version) == (TODAY, version)
    assert case.history.latest().last_contact_on == TODAY
    assert case.history.latest().history_user == cast.casemanager


def test_a_week_noted_afterwards_counts_from_its_first_day_and_never_goes_back(cast: Cast) -> None:
    stay = resident()

    mark_in_house(stay, TODAY - WEEK, Mark.SEEN, by=cast.casemanager)
    assert contact_of(stay) == MONDAY - WEEK
    seen_by(cast.casemanager, stay)
    mark_in_house(stay, TODAY - 2 * WEEK, Mark.SEEN, by=cast.casemanager)

    assert contact_of(stay) == TODAY


@pytest.mark.parametrize("mark", [Mark.MISSED, Mark.EXCUSED, Mark.EXEMPT, Mark.NOT_DUE])
def test_any_other_mark_changes_nothing_in_the_case(cast: Cast, mark: str) -> None:
    stay = resident()
    before = ReturnCase.objects.values().get(pk=stay.case_id)
    noted(stay, TODAY - WEEK, Mark.MISSED)

    seen_by(cast.casemanager, stay, mark)

    assert ReturnCase.objects.values().get(pk=stay.case_id) == before
    assert not stay.case.tasks.exists()


def test_a_wrong_seen_takes_its_contact_back_and_a_right_one_brings_it(cast: Cast) -> None:
    stay = resident()
    mark_in_house(stay, TODAY - WEEK, Mark.SEEN, by=cast.casemanager)
    mark = seen_by(cast.casemanager, stay)

    correct_in_house(mark, Mark.MISSED, "Andere persoon", by=cast.casemanager)
    assert contact_of(stay) == MONDAY - WEEK

    correct_in_house(mark, Mark.SEEN, "Toch wel", by=cast.casemanager)
    assert contact_of(stay) == TODAY


def test_a_contact_that_somebody_else_noted_stays_when_a_mark_is_corrected(cast: Cast) -> None:
    stay = resident()
    case = ReturnCase.objects.get(pk=stay.case_id)
    case.last_contact_on = TODAY
    save_as(case, by=PRINCIPAL, reason="Gesprek")
    mark = seen_by(cast.casemanager, stay)

    correct_in_house(mark, Mark.MISSED, "Vergissing", by=cast.casemanager)

    assert contact_of(stay) == TODAY


def test_a_member_who_left_the_site_notes_nothing_more(cast: Cast) -> None:
    stay, guest = resident(), member_of(unit("azc-veenmeer"), "reception_desk")
    guest.is_active = False

    with pytest.raises(NotInSight):
        seen_by(guest, stay)
    assert contact_of(stay) is None
