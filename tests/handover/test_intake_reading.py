"""Opening an intake file: what is refused as a whole, and which rows come out."""

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from django.utils.translation import override

from handover.intake.columns import required_columns
from handover.intake.limits import MAX_LINE, MEGABYTE
from handover.intake.problems import FileRefused
from handover.intake.reading import open_intake
from tests.handover.intake_files import EXAMPLES, HEADER, csv_text, many_rows, numbers, refusal, row_text, write_csv


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "dossiers.csv"


# --- what comes out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "delimiter", "count"), [("dossiers-300.csv", ",", 300), ("dossiers-120-with-faults.csv", ";", 120)]
)
def test_the_examples_are_read_whole_with_the_delimiter_of_their_header(name: str, delimiter: str, count: int) -> None:
    file = open_intake(EXAMPLES / name)

    assert (file.kind, file.delimiter, file.unknown_columns) == ("csv", delimiter, ())
    assert numbers(file) == list(range(2, count + 2))
    assert file.sha256 == hashlib.sha256((EXAMPLES / name).read_bytes()).hexdigest()


def test_the_rows_can_be_read_more_than_once(path: Path) -> None:
    file = open_intake(write_csv(path, row_text(), row_text()))

    assert list(file.rows()) == list(file.rows())


def test_a_byte_order_mark_is_no_part_of_the_first_column(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + csv_text(row_text()).encode())

    assert next(open_intake(path).rows()).cells["referentie"] == "IND-2026-000001"


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_quotes_hold_delimiters_quotes_and_line_ends(path: Path, delimiter: str) -> None:
    comment = 'Zei "nee";\r\ndaarna, later, ja'
    rows = [row_text(delimiter, opmerking=comment), row_text(delimiter, referentie="IND-2")]
    file = open_intake(write_csv(path, *rows, delimiter=delimiter))

    first, second = file.rows()

    assert first.cells["opmerking"] == comment
    assert (second.number, second.cells["referentie"]) == (3, "IND-2")


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named_once_and_not_read(path: Path) -> None:
    header = ["schoenmaat", *reversed(HEADER), "schoenmaat", ""]
    path.write_text(csv_text(row_text(header=header, schoenmaat="43"), header=header), encoding="utf-8")

    file = open_intake(path)

    assert file.unknown_columns == ("schoenmaat",)
    row = next(file.rows())
    assert row.cells["grond"] == "asiel_afgewezen"
    assert "schoenmaat" not in row.cells


def test_empty_rows_are_no_persons_but_count_in_the_numbering(path: Path) -> None:
    file = open_intake(write_csv(path, "\r\n", "," * (len(HEADER) - 1) + "\r\n", row_text(), "\r\n"))

    assert numbers(file) == [4]


def test_a_file_with_only_a_header_has_no_rows(path: Path) -> None:
    assert numbers(open_intake(write_csv(path))) == []


def test_a_name_of_four_thousand_characters_comes_through_unharmed(path: Path) -> None:
    file = open_intake(write_csv(path, row_text(achternaam="x" * 4000), row_text()))

    assert [len(row.cells["achternaam"]) for row in file.rows()] == [4000, 9]


# --- broken rows do not take others with them -----------------------------------------------------------------------


def test_an_open_quotation_mark_spoils_its_own_row_only(path: Path) -> None:
    broken = row_text(opmerking="x").replace(",x", ',"x')
    later = row_text(opmerking="met, komma")
    rows = list(open_intake(write_csv(path, row_text(), broken, row_text(), later, row_text())).rows())

    assert [row.fault.code if row.fault else "" for row in rows] == ["", "row_quotes", "", "", ""]
    assert [row.number for row in rows] == [2, 3, 4, 5, 6]


def test_text_after_a_closing_quotation_mark_spoils_its_own_row_only(path: Path) -> None:
    broken = row_text().replace("Voorbeeld", '"Voor"beeld')
    rows = list(open_intake(write_csv(path, broken, row_text())).rows())

    assert [row.fault.code if row.fault else "" for row in rows] == ["row_quotes", ""]


@pytest.mark.parametrize("broken", ["IND-1,IND,0990100000\r\n", row_text().rstrip() + ",nog een cel\r\n"])
def test_a_row_with_another_number_of_cells_is_not_guessed_at(path: Path, broken: str) -> None:
    rows = list(open_intake(write_csv(path, broken, row_text())).rows())

    assert [row.fault.code if row.fault else "" for row in rows] == ["row_shape", ""]


def test_an_endless_line_is_one_broken_row(path: Path) -> None:
    rows = list(open_intake(write_csv(path, "y" * (3 * MAX_LINE) + "\r\n", row_text())).rows())

    assert [row.fault.code if row.fault else "" for row in rows] == ["row_too_long", ""]


def test_a_nul_in_one_cell_does_not_stop_the_file(path: Path) -> None:
    filler = [row_text() for _ in range(100)]
    rows = list(open_intake(write_csv(path, *filler, row_text(achternaam="a\0b"))).rows())

    assert rows[-1].cells["achternaam"] == "a\0b"


# --- files that are refused ----------------------------------------------------------------------------------------


def test_a_wrong_file_is_refused_in_one_sentence_that_names_the_missing_columns(path: Path) -> None:
    path.write_text("naam;leeftijd\r\nVoorbeeld;3\r\n", encoding="utf-8")

    with override("nl"):
        assert str(refusal(path)) == (
            "In de kopregel in rij 1 ontbreken verplichte kolommen: referentie, aanleveraar, v_nummer, achternaam, "
            "nationaliteit, grond. Voeg ze toe en stuur het bestand opnieuw."
        )


def test_required_columns_are_configuration_but_the_keys_always_belong_to_them(path: Path) -> None:
    path.write_text("referentie,aanleveraar,v_nummer,taal\r\n", encoding="utf-8")

    assert open_intake(path, required=required_columns(["taal"])).header[-1] == "taal"
    with pytest.raises(FileRefused, match="locatie"):
        open_intake(path, required=required_columns(["taal", "locatie"]))
    with pytest.raises(ValueError, match="schoenmaat"):
        required_columns(["schoenmaat"])


def test_a_column_that_comes_twice_is_refused(path: Path) -> None:
    header = [*HEADER, "Achternaam "]
    path.write_text(csv_text(header=header), encoding="utf-8")

    assert (refusal(path).code, refusal(path).details) == ("duplicate_columns", {"columns": "achternaam"})


def test_a_file_of_sixty_megabytes_is_refused_without_being_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with path.open("wb") as file:
        file.truncate(60 * MEGABYTE)
    monkeypatch.setattr(Path, "open", lambda *args, **kwargs: pytest.fail("the file was read"))

    with override("nl"):
        assert str(refusal(path)).startswith("Het bestand is te groot: 60 MB. Het mag hoogstens 50 MB zijn.")


@pytest.mark.parametrize("content", [b"", b"\r\n \r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    assert refusal(path).code == "empty_file"


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        ("utf-16", "utf16"),
        ("utf-16-le", "utf16"),
        ("utf-16-be", "utf16"),
        ("windows-1252", "not_utf8"),
        ("latin-1", "not_utf8"),
    ],
)
def test_another_encoding_is_refused_and_told_what_to_save_as(path: Path, encoding: str, code: str) -> None:
    path.write_bytes(csv_text(row_text(), row_text(achternaam="Güneş".replace("ş", "s"))).encode(encoding))

    refused = refusal(path)

    assert refused.code == code
    with override("nl"):
        assert "CSV UTF-8" in str(refused)


def test_the_line_that_is_not_utf8_is_named_also_far_into_the_file(path: Path) -> None:
    text = csv_text(*[row_text(opmerking="x" * 1900) for _ in range(700)])
    path.write_bytes(text.encode() + row_text(achternaam="Zoë").encode("latin-1"))

    assert path.stat().st_size > MEGABYTE
    assert refusal(path).details == {"line": "702"}


def test_a_file_cut_off_within_a_character_is_refused(path: Path) -> None:
    path.write_bytes(csv_text(row_text(achternaam="Şahin")).encode() + "ş".encode()[:1])

    assert refusal(path).code == "not_utf8"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"\0" * 100, "other_type"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "other_type"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old_excel"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_a_file_of_another_type_is_refused_whatever_its_name_says(path: Path, content: bytes, code: str) -> None:
    path.write_bytes(content)

    assert refusal(path).code == code


def test_fifty_thousand_rows_are_read_and_one_more_is_refused(path: Path) -> None:
    rows = [row_text()] * 50_000
    assert len(numbers(open_intake(write_csv(path, *rows)))) == 50_000

    write_csv(path, *rows, row_text())

    refused = refusal(path)
    assert (refused.code, refused.details) == ("too_many_rows", {"limit": "50000"})


def test_memory_does_not_grow_with_the_rows_of_a_csv_file(path: Path) -> None:
    def peak(count: int) -> int:
        file = open_intake(write_csv(path, *many_rows(count)))
        tracemalloc.start()
        for _row in file.rows():
            pass
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert peak(8000) < peak(400) + 100_000
