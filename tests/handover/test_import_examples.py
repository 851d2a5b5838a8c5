"""The example files give exactly what stands beside them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.case.models import Person, ReturnCase
from handover.intake.report import Verdict
from handover.models import Dossier, DossierRow, Handover
from tests.cast import Cast
from tests.handover.imports import EXAMPLES, everything, read_example, read_in, totals
from tests.handover.intake_files import write_xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return found


def test_the_first_example_is_created_whole(cast: Cast) -> None:
    file = read_example("dossiers-300.csv", cast.intake)

    assert totals(file) == {"read": 300, "created": 300}
    assert [ReturnCase.objects.count(), Dossier.objects.count(), Handover.objects.count()] == [300, 300, 300]


def test_read_in_again_it_is_unchanged_and_changes_nothing(cast: Cast) -> None:
    read_example("dossiers-300.csv", cast.intake)
    about = (
        "Person",
        "HistoricalPerson",
        "ReturnCase",
        "HistoricalReturnCase",
        "Household",
        "Handover",
        "HandoverItem",
        "Task",
    )
    before = everything()

    again = read_example("dossiers-300.csv", cast.intake)

    assert totals(again) == {"read": 300, "unchanged": 300}
    after = everything()
    assert {name: after[name] for name in about} == {name: before[name] for name in about}


def test_the_second_example_is_refused_row_by_row_as_expected(cast: Cast) -> None:
    read_example("dossiers-300.csv", cast.intake)
    wanted = expected("dossiers-120-with-faults.expected.json")

    file = read_example("dossiers-120-with-faults.csv", cast.intake)

    assert totals(file) == {"read": 120, "created": wanted["created"], "refused": len(wanted["refused"])}
    refused = DossierRow.objects.filter(file=file, verdict=Verdict.REFUSED.value)
    found = {str(number): column for number, column in refused.values_list("row_number", "column")}
    assert found == wanted["refused"]


def test_households_of_the_two_files_do_not_mix(cast: Cast) -> None:
    read_example("dossiers-300.csv", cast.intake)
    read_example("dossiers-120-with-faults.csv", cast.intake)

    surnames = Person.objects.filter(cases__household__supplier="IND", cases__household__key__startswith="G1@")

    households = {
        (case.household_id, case.person.v_number[:5]) for case in ReturnCase.objects.filter(person__in=surnames)
    }
    assert len({household for household, _file in households}) == len(households)


def test_a_workbook_is_read_in_like_a_text_file(cast: Cast, tmp_path: Path) -> None:
    first = {"referentie": "IND-1", "v_nummer": "0990000001", "geboortedatum": date(1994, 3, 21)}
    rows: list[dict[str, Any]] = [first, {"v_nummer": "kort"}]
    book = write_xlsx(tmp_path / "dossiers.xlsx", rows)

    file = read_in(book.read_bytes(), cast.intake, "dossiers.xlsx")

    person = Person.objects.get()
    assert totals(file) == {"read": 2, "created": 1, "refused": 1}
    assert (person.v_number, person.birth_year, person.birth_day) == ("0990000001", 1994, 21)
