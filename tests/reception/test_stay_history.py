"""Who reserved, arrived, moved and ended stands in the history and the activity of the case, for who may read about stays."""

import pytest

from cases.case.access import access_of
from cases.case.history import steps_of_case
from cases.case.history_page import case_history, on_the_case
from cases.case.models import ProtectedAddress, ReturnCase
from cases.reception.actions import (
    cancel_reservation,
    change_planned_end,
    change_status,
    correct,
    end_placement,
    take_back,
)
from cases.reception.models import Placement
from cases.reception.states import EndReason
from leidraad.lib.audit import save_as
from leidraad.lib.display import date_long
from partners.models import Member
from tests.cast import PRINCIPAL, Cast
from tests.factories import involve, unit
from tests.reception.stays import absent, days_ago, in_days, moved, reserved, staying, stored, today

pytestmark = pytest.mark.django_db
KIND = "reception.placement"


def told(case: ReturnCase, member: Member) -> list[str]:
    access = access_of(member, case)
    steps = steps_of_case(case, member, on_the_case(access), only={KIND})
    sentences = [step.source.activity(step) for step in steps if step.source.activity]
    return [sentence for sentence in reversed(sentences) if sentence]


def test_a_move_is_told_step_by_step(cast: Cast) -> None:
    placement = moved(cast)
    day = date_long(today())

    assert told(placement.case, cast.regievoerder) == [
        "legde het verblijf op azc Veenmeer vast, zoals IND het opgeeft.",
        f"reserveerde een plaats op azc Oosterhaar voor {day}.",
        f"beëindigde het verblijf op azc Veenmeer op {day}: overgeplaatst.",
        f"legde de aankomst op azc Oosterhaar op {day} vast.",
    ]


def test_what_goes_otherwise_is_told_too(cast: Cast) -> None:
    placement = staying(cast)
    case = placement.case
    change_status(placement, "temporarily_absent", today(), by=cast.casemanager, reason="test")
    change_planned_end(stored(placement), in_days(3), by=cast.casemanager, reason="test")
    change_planned_end(stored(placement), None, by=cast.casemanager, reason="test")
    correct(stored(placement), started_on=days_ago(6), by=cast.casemanager, reason="test")
    cancel_reservation(reserved(cast, case), by=cast.casemanager, reason="test")
    end_placement(stored(placement), EndReason.CUSTODY, today(), by=cast.casemanager, reason="test")
    take_back(stored(placement), by=cast.casemanager)

    assert told(case, cast.regievoerder)[1:] == [
        "wijzigde de status van het verblijf op azc Veenmeer: tijdelijk afwezig.",
        f"legde de geplande einddatum van het verblijf op azc Veenmeer vast: {date_long(in_days(3))}.",
        "haalde de geplande einddatum van het verblijf op azc Veenmeer weg.",
        "corrigeerde het verblijf op azc Veenmeer.",
        f"reserveerde een plaats op azc Oosterhaar voor {date_long(today())}.",
        "annuleerde de reservering op azc Oosterhaar.",
        f"beëindigde het verblijf op azc Veenmeer op {date_long(today())}: in bewaring.",
        "draaide het einde van het verblijf op azc Veenmeer terug.",
    ]


def test_a_no_show_and_an_arrival_taken_back_are_told(cast: Cast) -> None:
    assert "legde vast dat de persoon niet op azc Oosterhaar is verschenen." in told(
        absent(cast).case, cast.regievoerder
    )

    placement = moved(cast)
    take_back(placement, by=cast.casemanager2)
    assert "draaide de aankomst op azc Oosterhaar terug." in told(placement.case, cast.regievoerder)


def test_the_history_names_fields_and_values_in_words(cast: Cast) -> None:
    case = moved(cast).case

    changes = case_history(case, access_of(cast.regievoerder, case), kind=KIND).changes
    values = {(change.record, change.field, str(change.now)) for change in changes}

    assert ("Verblijf (azc Veenmeer)", "Reden van beëindigen", "Overgeplaatst") in values
    assert ("Verblijf (azc Oosterhaar)", "Eerste nacht", date_long(today())) in values
    assert ("Verblijf (azc Oosterhaar)", "Rechtsgrond", "gewone opvang (Rva)") in values


def test_who_may_not_read_about_stays_reads_nothing_of_them(cast: Cast) -> None:
    case = involve(staying(cast).case, unit("ind-noord"), "decision", "law")

    changes = case_history(case, access_of(cast.ind, case), kind=KIND).changes

    assert changes
    assert {str(change.now) for change in changes} == {"Afgeschermd"}


def test_with_a_protected_address_no_stay_leaves_a_trace(cast: Cast) -> None:
    case = staying(cast).case
    assert told(case, cast.regievoerder)

    save_as(ProtectedAddress(case=case, city="Elders", source="Politie", since=today()), by=PRINCIPAL)

    assert told(case, cast.regievoerder) == []
    assert case_history(case, access_of(cast.regievoerder, case), kind=KIND).changes == []


def test_with_a_protected_address_a_change_tells_no_place(cast: Cast) -> None:
    placement = staying(cast)
    save_as(ProtectedAddress(case=placement.case, city="Elders", source="Politie", since=today()), by=PRINCIPAL)
    entries = placement.case.axis_entries.filter(axis="residence").count()

    end_placement(placement, EndReason.HOUSED, today(), by=cast.casemanager, reason="test")

    assert placement.case.axis_entries.filter(axis="residence").count() == entries
    assert Placement.objects.get().end_reason == EndReason.HOUSED
