"""What only shows between the rows of one file."""

from pathlib import Path

import pytest

from handover.intake.judging import BadRow, judge_row
from handover.intake.keys import KeyPass, key_of, keys_of
from handover.intake.reading import open_intake
from tests.handover.intake_files import RULES, many_rows, raw_row, write_csv


def keys(*rows: dict[str, str]) -> KeyPass:
    return KeyPass(key_of(raw_row(number, **row)) for number, row in enumerate(rows, start=2))


def test_two_persons_with_one_v_number_are_both_refused() -> None:
    first, second = {"achternaam": "Een"}, {"achternaam": "Twee", "referentie": "IND-2"}
    clashing = keys(first, second).clashing_v_numbers()

    rows = [judge_row(raw_row(**row), RULES, clashing_v_numbers=clashing) for row in (first, second)]

    assert [(row.column, row.fault.code) for row in rows if isinstance(row, BadRow)] == [
        ("v_nummer", "v_number_two_persons")
    ] * 2


def test_a_row_that_is_refused_for_something_else_still_counts_as_a_second_person() -> None:
    assert keys({}, {"achternaam": "Ander", "grond": "overig"}).clashing_v_numbers() == {"0990100000"}


@pytest.mark.parametrize(
    "same",
    [
        {"referentie": "IND-2"},
        {"achternaam": " VOORBEELD "},
        {"geboortedatum": "21-3-1994"},
        {"opmerking": "iets anders"},
        {"nationaliteit": "IRQ"},
    ],
)
def test_one_person_in_two_rows_is_no_clash(same: dict[str, str]) -> None:
    born = {"geboortedatum": "1994-03-21"}

    assert keys(born, {**born, **same}).clashing_v_numbers() == frozenset()


def test_father_and_son_with_one_name_are_two_persons() -> None:
    assert keys({"geboortedatum": "1970"}, {"geboortedatum": "1994"}).clashing_v_numbers()


def test_an_empty_or_faulty_v_number_clashes_with_nothing() -> None:
    found = keys({"v_nummer": ""}, {"v_nummer": "", "achternaam": "Ander"}, {"v_nummer": "x"}, {"v_nummer": "x"})

    assert (found.rows_read, found.clashing_v_numbers()) == (4, frozenset())


def test_a_reference_that_comes_twice_from_one_sender_is_found_with_its_rows() -> None:
    found = keys({}, {"v_nummer": "12345678"}, {"aanleveraar": "AVIM"}).repeated_references()

    assert {name: [key.row_number for key in rows] for name, rows in found.items()} == {
        ("IND", "IND-2026-000001"): [2, 3]
    }


def test_the_key_pass_counts_every_row_broken_ones_included(tmp_path: Path) -> None:
    rows = [*many_rows(5), "IND,1\r\n"]

    assert KeyPass(keys_of(open_intake(write_csv(tmp_path / "a.csv", *rows)))).rows_read == 6
