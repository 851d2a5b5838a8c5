"""What a good row becomes: person, household, case, axes, access, dossier and offer, each with whose doing it was."""

import pytest

from cases.case.models import (
    Address,
    AxisEntry,
    CaseGrant,
    Household,
    Involvement,
    Person,
    PersonAlias,
    ProtectedAddress,
    ReturnCase,
    Signal,
    Task,
)
from handover.models import Dossier, DossierVersion, Handover
from handover.states import Status
from tests.cast import Cast
from tests.handover.imports import read_rows, row_of
from tests.handover.intake_files import DUBLIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_a_row_becomes_a_person_and_a_case_in_phase_received(cast: Cast) -> None:
    read_rows(cast.intake, {"voornamen": "Nour", "tussenvoegsel": "van", "geslacht": "V", "geboortedatum": "1994-03"})

    person, case = Person.objects.get(), ReturnCase.objects.get()
    assert (person.surname, person.given_names, person.name_prefix, person.sex) == ("Voorbeeld", "Nour", "van", "V")
    assert (person.birth_year, person.birth_month, person.birth_day) == (1994, 3, None)
    assert (case.person, case.phase, case.ground, case.led_by.code) == (
        person,
        "received",
        "asylum_refused",
        "ind-noord",
    )


def test_the_sender_leads_with_its_grants_and_the_desk_sees_only_the_offer(cast: Cast) -> None:
    read_rows(cast.intake, {"aanleveraar": "KMAR"})

    case, involvement = ReturnCase.objects.get(), Involvement.objects.get()
    assert (involvement.unit.code, involvement.part, involvement.until) == ("kmar-maasvliet", "lead", None)
    groups = set(CaseGrant.objects.filter(content_object=case).values_list("group_id", flat=True))
    assert groups == {involvement.unit.group_id}
    assert ReturnCase.objects.visible_to(cast.kmar).filter(pk=case.pk).exists()
    assert not ReturnCase.objects.visible_to(cast.intake).exists()
    assert Handover.objects.visible_to(cast.intake).count() == 1


def test_the_handover_is_offered_to_the_desk_with_its_checklist_and_accepted_by_nobody(cast: Cast) -> None:
    read_rows(cast.intake, {"taal": "ara"})

    handover = Handover.objects.get()
    states = dict(handover.items.values_list("item__code", "state"))
    assert (handover.status, handover.from_unit.code, handover.to_unit) == (Status.OFFERED, "ind-noord", cast.ilc)
    assert (len(states), states["language"], states["lawyer"]) == (23, "present", "absent")
    assert states["transfer_deadline"] == "not_applicable"
    assert Task.objects.open().get(source=handover.source).unit == cast.ilc


def test_history_names_the_clerk_for_every_record(cast: Cast) -> None:
    read_rows(cast.intake, {"aliassen": "Bekend als", "signalen": "medisch", "gezin": "G1", "plaats": "Veenmeer"})

    for model in (
        Person,
        PersonAlias,
        Household,
        ReturnCase,
        AxisEntry,
        Address,
        Signal,
        Involvement,
        CaseGrant,
        Dossier,
    ):
        rows = model.history.all()
        assert rows, model
        stamps = {(row.history_user_id, row.history_organisation, row.history_unit_id) for row in rows}
        assert stamps == {(cast.intake.pk, "dtv", cast.ilc.pk)}, model
    items = Handover.objects.get().items.model.history.all()
    assert {(row.history_user_id, row.history_type) for row in items} == {(cast.intake.pk, "+")}
    assert len(items) == 23


def test_a_known_site_is_the_residence_and_removability_stays_unknown(cast: Cast) -> None:
    read_rows(cast.intake, {"verblijfsvorm": "azc", "locatie": "AZC  veenmeer", "schorsend": "geen"})

    case = ReturnCase.objects.get()
    assert (case.residence_unit, case.residence_form) == (cast.unit("azc-veenmeer"), "azc")
    assert case.removability == ""


@pytest.mark.parametrize(
    ("documents", "stage"),
    [
        ("", ""),
        ("paspoort", "present"),
        ("overig;laissez_passer", "present"),
        ("kopie_paspoort", "copy_only"),
        ("id_kaart;geboorteakte", "copy_only"),
    ],
)
def test_only_a_passport_or_laissez_passer_is_a_travel_document(cast: Cast, documents: str, stage: str) -> None:
    read_rows(cast.intake, {"documenten": documents})

    assert ReturnCase.objects.get().travel_document == stage


def test_a_protected_address_stands_in_its_own_table_and_nowhere_else(cast: Cast) -> None:
    place = {"verblijfsvorm": "azc", "locatie": "Blijf Geheimstad", "adres": "Geheimlaan 7", "plaats": "Geheimstad"}

    file = read_rows(cast.intake, place | {"postcode": "1234 AB", "adres_beschermd": "ja"})

    assert ProtectedAddress.objects.get().street == "Geheimlaan 7"
    assert not Address.objects.exists()
    case = ReturnCase.objects.get()
    assert (case.residence_form, case.residence_text, case.residence_unit) == ("", "", None)
    told = (
        str(list(DossierVersion.objects.values()))
        + str(list(AxisEntry.objects.values()))
        + str(row_of(file, 2).warnings)
    )
    assert "Geheim" not in told


def test_a_household_is_one_and_knows_its_minors_also_over_batches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 1)
    family = [
        {
            "referentie": f"IND-{number}",
            "v_nummer": f"999000000{number}",
            "gezin": "G1",
            "gezinsrol": role,
            "geboortedatum": born,
        }
        for number, (role, born) in enumerate([("hoofd", "1980"), ("kind", "2020-05-05"), ("partner", "1982")])
    ]

    read_rows(cast.intake, *family)

    cases = ReturnCase.objects.order_by("person__v_number")
    assert len({case.household_id for case in cases}) == 1
    assert [case.special_group for case in cases] == ["family", "family", "family"]
    assert [case.household_role for case in cases] == ["head", "child", "partner"]


def test_a_grown_up_child_makes_no_family_with_minors(cast: Cast) -> None:
    read_rows(
        cast.intake,
        {"referentie": "A", "v_nummer": "9990000001", "gezin": "G1", "gezinsrol": "hoofd"},
        {
            "referentie": "B",
            "v_nummer": "9990000002",
            "gezin": "G1",
            "gezinsrol": "kind",
            "geboortedatum": "2008-11-23",
        },
    )

    assert set(ReturnCase.objects.values_list("special_group", flat=True)) == {""}


def test_the_same_key_in_another_file_or_of_another_sender_is_another_household(cast: Cast) -> None:
    read_rows(cast.intake, {"referentie": "A", "v_nummer": "9990000001", "gezin": "G1"})
    read_rows(
        cast.intake,
        {"referentie": "B", "v_nummer": "9990000002", "gezin": "G1"},
        {"referentie": "B", "v_nummer": "9990000003", "gezin": "G1", "aanleveraar": "AVIM"},
    )

    assert Household.objects.count() == 3


def test_a_corrected_file_finds_the_household_of_the_members_it_knows(cast: Cast) -> None:
    parent = {"referentie": "A", "v_nummer": "9990000001", "gezin": "G1", "gezinsrol": "hoofd"}
    child = {"referentie": "B", "v_nummer": "9990000002", "gezin": "G1", "gezinsrol": "kind"}
    read_rows(cast.intake, child | {"grond": "onzin"}, parent)

    read_rows(cast.intake, parent, child)

    assert Household.objects.count() == 1
    assert len(set(ReturnCase.objects.values_list("household_id", flat=True))) == 1


@pytest.mark.parametrize(
    ("row", "group", "kind"),
    [
        ({"alleenstaand_minderjarig": "ja"}, "uam", "refused"),
        ({"grond": "vris"}, "offender", "offender"),
        ({"grond": "vris", "alleenstaand_minderjarig": "ja"}, "uam", "offender"),
        (dict(DUBLIN), "", "dublin"),
        ({"aanleveraar": "AVIM", "grond": "geen_rechtmatig_verblijf"}, "", "found"),
        ({"grond": "eigen_verzoek"}, "", "own_request"),
        ({"maatregel": "art59", "maatregel_sinds": "2026-11-20"}, "", "detained"),
    ],
)
def test_group_and_kind_follow_from_the_row(cast: Cast, row: dict[str, str], group: str, kind: str) -> None:
    read_rows(cast.intake, row)

    assert (ReturnCase.objects.get().special_group, Handover.objects.get().kind.code) == (group, kind)


def test_a_postcode_that_is_longer_than_ours_is_not_lost(cast: Cast) -> None:
    read_rows(cast.intake, {"adres": "Rue 1", "postcode": "F-75001 PARIS", "plaats": "Paris"})

    assert str(Address.objects.get()) == "Rue 1, F-75001 PARIS Paris"
