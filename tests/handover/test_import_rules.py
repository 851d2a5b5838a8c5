"""Which row is created, updated, unchanged, held or refused. Every case starts from one row that was read in before."""

from typing import Any

import pytest

from cases.case.actions import close_case
from cases.case.models import (
    Address,
    AxisEntry,
    IdentityConflict,
    Person,
    Phase,
    ProtectedAddress,
    ReturnCase,
    Signal,
    Task,
)
from handover.actions import accept_handover, draft_handover, mark_opened, query, return_handover
from handover.models import Dossier, DossierRow, Handover, HandoverItem, Supplier
from handover.states import Status, StepKind
from leidraad.lib.audit import save_as
from tests.cast import Cast
from tests.factories import led_case, person
from tests.handover.hand import new_offer
from tests.handover.imports import read_rows, row_of, totals, verdicts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

FIRST = {"referentie": "IND-1", "v_nummer": "9990000001"}
CHANGED = FIRST | {"gemachtigde": "mr. Voorbeeld"}


def the_handover() -> Handover:
    return Handover.objects.order_by("-pk")[0]


def accept(cast: Cast) -> Handover:
    director = cast.regievoerder
    handover = mark_opened(the_handover(), by=cast.intake)
    return accept_handover(handover, team=director.acting_unit, director=director, by=cast.intake)


def send_back(cast: Cast) -> Handover:
    return return_handover(mark_opened(the_handover(), by=cast.intake), "incomplete", "Vul aan.", by=cast.intake)


def test_the_same_reference_with_another_v_number_is_held_and_names_both(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)

    file = read_rows(cast.intake, FIRST | {"v_nummer": "9990000002"})

    row = row_of(file, 2)
    assert totals(file) == {"read": 1, "held": 1}
    assert row.problem["details"] == {"reference": "IND-1 (IND)", "known": "9990000001", "offered": "9990000002"}
    assert Person.objects.count() == 1


def test_the_same_reference_of_another_sender_is_another_dossier(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)

    file = read_rows(cast.intake, FIRST | {"aanleveraar": "AVIM", "v_nummer": "9990000002"})

    assert totals(file) == {"read": 1, "created": 1}


def test_unchanged_content_in_another_notation_changes_nothing(cast: Cast) -> None:
    read_rows(cast.intake, FIRST | {"geboortedatum": "1994-03-21"})

    file = read_rows(cast.intake, FIRST | {"geboortedatum": "21-03-1994"})

    assert totals(file) == {"read": 1, "unchanged": 1}
    assert Dossier.objects.get().versions.count() == 1


def test_changed_content_of_an_offered_dossier_makes_a_version_and_a_new_checklist(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    before = the_handover().version

    file = read_rows(cast.intake, CHANGED)

    handover, dossier = the_handover(), Dossier.objects.get()
    assert totals(file) == {"read": 1, "updated": 1}
    assert (dossier.version_number, dossier.versions.count(), dossier.history.count()) == (2, 2, 2)
    assert HandoverItem.objects.get(handover=handover, item__code="lawyer").state == "present"
    assert handover.version > before
    assert handover.steps.filter(kind=StepKind.REVISED).count() == 1


def test_changed_content_while_a_question_is_open_is_updated(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    query(mark_opened(the_handover(), by=cast.intake), "Waar is het paspoort?", by=cast.intake)

    file = read_rows(cast.intake, CHANGED)

    assert totals(file) == {"read": 1, "updated": 1}
    assert the_handover().status == Status.QUERIED


def test_changed_content_after_a_return_is_offered_again_in_a_new_round(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    first = send_back(cast)

    file = read_rows(cast.intake, CHANGED)

    handover = the_handover()
    assert totals(file) == {"read": 1, "updated": 1}
    assert (handover.round_number, handover.first_id, handover.status) == (2, first.pk, Status.OFFERED)
    assert handover.case.phase == Phase.RECEIVED
    assert Task.objects.open().filter(source=handover.source, unit=cast.ilc).count() == 1


def test_unchanged_content_after_a_return_is_not_offered_again(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    send_back(cast)

    file = read_rows(cast.intake, FIRST)

    assert totals(file) == {"read": 1, "unchanged": 1}
    assert the_handover().status == Status.RETURNED


def test_changed_content_after_acceptance_is_held_and_overwrites_nothing(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    accept(cast)

    file = read_rows(cast.intake, CHANGED | {"grond": "vris"})

    assert totals(file) == {"read": 1, "held": 1}
    assert row_of(file, 2).problem["code"] == "changed_after_acceptance"
    assert Dossier.objects.get().version_number == 1
    assert ReturnCase.objects.get().ground == "asylum_refused"


def test_unchanged_content_after_acceptance_is_unchanged(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    accept(cast)

    assert totals(read_rows(cast.intake, FIRST)) == {"read": 1, "unchanged": 1}


def test_changed_content_of_a_closed_case_is_held(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    accept(cast)
    close_case(ReturnCase.objects.get(), "other", by=cast.regievoerder, reason="test")

    file = read_rows(cast.intake, CHANGED)

    assert row_of(file, 2).problem["code"] == "case_closed"


def test_a_new_offer_in_preparation_is_not_overtaken(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    back = send_back(cast)
    offer = new_offer(back.case, dossier=back.dossier, previous=back)
    draft_handover(offer, by=cast.ind)

    file = read_rows(cast.intake, CHANGED)

    assert row_of(file, 2).problem["code"] == "offer_in_preparation"


def test_an_open_case_under_another_reference_is_held_and_names_both(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)

    file = read_rows(cast.intake, FIRST | {"aanleveraar": "AVIM", "referentie": "AVIM-7"})

    assert totals(file) == {"read": 1, "held": 1}
    assert row_of(file, 2).problem["details"] == {"known": "IND-1 (IND)", "offered": "AVIM-7 (AVIM)"}
    assert ReturnCase.objects.count() == 1


def test_an_open_case_that_came_without_a_file_is_held(cast: Cast) -> None:
    led_case(cast.regievoerder, person(v_number="9990000001"))

    file = read_rows(cast.intake, FIRST)

    assert row_of(file, 2).problem["code"] == "open_case"


def test_a_person_whose_case_is_closed_gets_a_new_case_under_a_new_reference(cast: Cast) -> None:
    case = led_case(cast.regievoerder, person(v_number="9990000001"))
    close_case(case, "other", by=cast.regievoerder, reason="test")

    file = read_rows(cast.intake, FIRST)

    assert totals(file) == {"read": 1, "created": 1}
    assert Person.objects.get(v_number="9990000001").cases.count() == 2


def test_two_persons_with_one_v_number_are_both_refused_also_far_apart(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 2)
    others = [{"referentie": f"IND-{number}", "v_nummer": f"99900010{number}"} for number in range(10, 15)]
    twin = FIRST | {"referentie": "IND-9", "achternaam": "Iemand Anders"}

    file = read_rows(cast.intake, FIRST, *others, twin)

    refused = DossierRow.objects.filter(file=file, verdict="refused").order_by("row_number")
    assert list(refused.values_list("row_number", "column")) == [(2, "v_nummer"), (8, "v_nummer")]
    assert totals(file) == {"read": 7, "created": 5, "refused": 2}


def test_one_person_twice_in_a_file_is_created_once_and_held_once(cast: Cast) -> None:
    file = read_rows(cast.intake, FIRST, FIRST | {"referentie": "IND-2"})

    assert verdicts(file) == {2: "created", 3: "held"}


def test_one_dossier_three_times_in_a_file_follows_the_order_of_the_rows(cast: Cast) -> None:
    file = read_rows(cast.intake, FIRST, FIRST, CHANGED)

    assert verdicts(file) == {2: "created", 3: "unchanged", 4: "updated"}
    assert Dossier.objects.get().version_number == 2


def test_a_bad_row_stops_no_good_one(cast: Cast) -> None:
    good = FIRST | {"referentie": "IND-2", "v_nummer": "9990000002"}

    too_long = {"referentie": "IND-3", "v_nummer": "9990000003", "achternaam": "x" * 4000}

    file = read_rows(cast.intake, FIRST | {"grond": "onzin"}, good, too_long)

    assert verdicts(file) == {2: "refused", 3: "created", 4: "refused"}
    assert [row_of(file, number).column for number in (2, 4)] == ["grond", "achternaam"]


def test_an_identity_conflict_keeps_both_values_and_the_register_stays(cast: Cast) -> None:
    case = led_case(cast.regievoerder, person(v_number="9990000001", nationality="DZA", birth_year=1990))
    close_case(case, "other", by=cast.regievoerder, reason="test")

    other = {"nationaliteit": "MAR", "geboortedatum": "1991-05-04", "voornamen": "Anders", "geslacht": "V"}

    file = read_rows(cast.intake, FIRST | other)

    known = Person.objects.get(v_number="9990000001")
    conflicts = IdentityConflict.objects.filter(person=known).exclude(field="surname")
    found = {one.field: (one.stored_value, one.offered_value, one.offered_source) for one in conflicts}
    assert found == {
        "nationality": ("DZA", "MAR", "IND"),
        "birth_date": ("1990-05-04", "1991-05-04", "IND"),
        "given_names": ("Sami", "Anders", "IND"),
        "sex": ("M", "V", "IND"),
    }
    stored = (known.nationality, known.birth_year, known.given_names, known.sex, known.history.count())
    assert stored == ("DZA", 1990, "Sami", "M", 1)
    assert {one["column"] for one in row_of(file, 2).warnings} >= {"nationaliteit", "geboortedatum"}


def test_a_conflict_gives_the_responsible_unit_the_task_to_judge_it_and_who_takes_over_gets_it(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    read_rows(cast.intake, FIRST | {"nationaliteit": "MAR"})
    read_rows(cast.intake, FIRST | {"nationaliteit": "MAR", "opmerking": "nog eens"})

    def tasks() -> list[tuple[str, str, str]]:
        found = Task.objects.open().filter(source__startswith="identity:").select_related("unit", "assignee")
        return [(one.source, one.unit.code, one.assignee.username if one.assignee else "") for one in found]

    source = f"identity:{IdentityConflict.objects.get().pk}"
    assert tasks() == [(source, "ind-noord", "")]
    accept(cast)
    assert tasks() == [(source, "dtv-noord-2", "regievoerder")]


def test_a_sender_that_may_not_decide_gets_no_task_to_judge_a_conflict(cast: Cast) -> None:
    row = FIRST | {"aanleveraar": "AVIM"}
    read_rows(cast.intake, row)
    read_rows(cast.intake, row | {"nationaliteit": "MAR"})

    assert not Task.objects.filter(source__startswith="identity:").exists()
    accept(cast)
    assert Task.objects.open().filter(source__startswith="identity:", unit__code="dtv-noord-2").count() == 1


def test_a_conflict_is_not_recorded_twice(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)

    read_rows(cast.intake, FIRST | {"nationaliteit": "MAR"})
    read_rows(cast.intake, FIRST | {"nationaliteit": "MAR", "opmerking": "nog eens"})

    assert IdentityConflict.objects.filter(field="nationality").count() == 1


def test_a_less_precise_birth_date_is_no_conflict_and_a_blank_is_filled(cast: Cast) -> None:
    read_rows(cast.intake, FIRST | {"geboortedatum": "1994-03-21"})

    read_rows(cast.intake, FIRST | {"geboortedatum": "1994", "voornamen": "Nour"})

    known = Person.objects.get()
    assert not IdentityConflict.objects.exists()
    assert (known.given_names, known.birth_day, known.history.count()) == ("Nour", 21, 2)


def test_an_unknown_location_is_kept_as_text_with_a_remark(cast: Cast) -> None:
    file = read_rows(cast.intake, FIRST | {"verblijfsvorm": "azc", "locatie": "azc Nergens"})

    case = ReturnCase.objects.get()
    assert totals(file) == {"read": 1, "created": 1}
    assert (case.residence_text, case.residence_unit) == ("azc Nergens", None)
    assert [one["code"] for one in row_of(file, 2).warnings] == ["unknown_location"]


def test_several_remarks_on_one_row_are_all_kept(cast: Cast) -> None:
    several = {"locatie": "azc Nergens", "taal": "qqq", "uitspraak_op": "2027-01-01"}

    file = read_rows(cast.intake, FIRST | several)

    assert totals(file) == {"read": 1, "created": 1}
    codes = {one["code"] for one in row_of(file, 2).warnings}
    assert codes == {"unknown_language", "unknown_location", "future_date", "law_no_appeal"}
    assert totals(read_rows(cast.intake, FIRST | several)) == {"read": 1, "unchanged": 1}


def test_an_update_lets_the_case_follow_what_the_sender_states(cast: Cast) -> None:
    read_rows(cast.intake, FIRST | {"adres": "Dorpsstraat 1", "plaats": "Veenmeer", "signalen": "medisch"})

    read_rows(
        cast.intake,
        FIRST | {"verblijfsvorm": "azc", "locatie": "azc Veenmeer", "documenten": "paspoort", "signalen": "zwanger"},
    )

    case = ReturnCase.objects.get()
    in_force = dict(AxisEntry.objects.filter(case=case, superseded_at=None).values_list("axis", "value"))
    assert in_force == {"phase": "received", "removability": "", "residence": "azc", "travel_document": "present"}
    assert case.residence_unit == cast.unit("azc-veenmeer")
    assert list(Signal.objects.filter(case=case, ended_on=None).values_list("kind", flat=True)) == ["pregnant"]
    assert not Address.objects.filter(case=case, until=None).exists()


def test_an_address_that_becomes_protected_leaves_the_open_table(cast: Cast) -> None:
    read_rows(cast.intake, FIRST | {"adres": "Dorpsstraat 1", "plaats": "Veenmeer"})

    read_rows(cast.intake, FIRST | {"adres": "Geheim 2", "plaats": "Elders", "adres_beschermd": "ja"})

    assert not Address.objects.filter(until=None).exists()
    assert ProtectedAddress.objects.get().street == "Geheim 2"


def test_a_detention_measure_in_an_update_starts_the_shorter_term(cast: Cast) -> None:
    read_rows(cast.intake, FIRST)
    before = the_handover()

    read_rows(cast.intake, FIRST | {"maatregel": "art59", "maatregel_sinds": "2026-11-22"})

    handover = the_handover()
    assert (handover.pk, handover.kind.code, handover.liberty_clock) == (before.pk, "detained", True)
    assert handover.answer_due is not None
    assert before.answer_due is not None
    assert handover.answer_due < before.answer_due
    assert Task.objects.open().get(source=handover.source).liberty_clock
    assert set(handover.items.values_list("item__kind__code", flat=True)) == {"detained"}


def test_a_sender_without_a_unit_in_the_reference_data_is_refused(cast: Cast) -> None:
    avim = Supplier.objects.get(code="AVIM")
    avim.valid_until = avim.valid_from
    save_as(avim, by="test")

    file = read_rows(cast.intake, FIRST | {"aanleveraar": "AVIM"})

    assert (row_of(file, 2).verdict, row_of(file, 2).column) == ("refused", "aanleveraar")


def test_required_columns_are_configuration(cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_REQUIRED_COLUMNS = ["achternaam", "nationaliteit", "grond", "taal"]

    file = read_rows(cast.intake, FIRST)

    assert (row_of(file, 2).verdict, row_of(file, 2).column) == ("refused", "taal")
