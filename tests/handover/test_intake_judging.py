"""One row on its own, and the keys that only show between rows."""

import json
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from handover.intake import checklist, columns, problems, report
from handover.intake.cells import PartialDate
from handover.intake.checklist import checklist_of
from handover.intake.columns import BY_NAME
from handover.intake.judging import BadRow, GoodRow, Rules, judge_row, known_names
from handover.intake.keys import KeyPass, key_of, keys_of
from handover.intake.problems import Problem
from handover.intake.reading import open_intake
from handover.intake.rows import RawRow
from tests.handover.intake_files import DUBLIN, EXAMPLES, HEADER, RULES, TODAY, bad, good, raw_row

CATALOG = Path(__file__).parents[2] / "locale" / "handover" / "nl" / "LC_MESSAGES" / "django.po"


def verdicts_on(path: Path) -> list[GoodRow | BadRow]:
    file = open_intake(path)
    clashing = KeyPass(keys_of(file)).clashing_v_numbers()
    return [judge_row(raw, RULES, clashing_v_numbers=clashing) for raw in file.rows()]


# --- the examples --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dossiers-300", "dossiers-120-with-faults"])
def test_exactly_the_expected_rows_of_an_example_are_refused_for_the_expected_column(name: str) -> None:
    expected = json.loads((EXAMPLES / f"{name}.expected.json").read_text())

    rows = verdicts_on(EXAMPLES / f"{name}.csv")

    assert {str(row.row_number): row.column for row in rows if isinstance(row, BadRow)} == expected["refused"]
    assert len(rows) == expected["read"]
    assert sum(isinstance(row, GoodRow) for row in rows) == expected["created"]


def test_what_is_wrong_and_what_would_be_right_is_said_in_dutch() -> None:
    rows = {row.row_number: row for row in verdicts_on(EXAMPLES / "dossiers-120-with-faults.csv")}

    def said(number: int) -> tuple[str, str]:
        row = rows[number]
        assert isinstance(row, BadRow)
        return row.problem, row.what_would_be_right

    with override("nl"):
        assert said(16) == (
            "“zwnger” staat niet in de lijst.",
            "Gebruik een van deze waarden: medisch, zwanger, mensenhandel, openbare_orde, suicide, minderjarig.",
        )
        assert said(31) == (
            "De cel is leeg en de grond is dublin.",
            "Vul deze kolom in als de grond dublin is: de verantwoordelijke lidstaat, drie hoofdletters.",
        )
        assert said(92) == ("De tekst heeft 4000 tekens.", "Gebruik hoogstens 200 tekens.")


@pytest.mark.skipif(not CATALOG.exists(), reason="the catalog is not part of an installed package")
def test_every_sentence_has_a_dutch_translation_with_the_same_places_to_fill_in() -> None:
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="nl")
    with override("en"):
        plain = [str(text) for pair in problems.TEXTS.values() for text in pair]
        plain += [str(text) for text in (*problems.REMARKS.values(), *problems.REFUSALS.values())]
        plain += [str(column.meaning) for column in columns.COLUMNS]
        plain += [str(text) for text in (*checklist.LABELS.values(), *checklist.REASON_LABELS.values())]
        in_context = [("dossier checklist", str(text)) for text in checklist.STATE_LABELS.values()]
        in_context += [("intake report", str(text)) for text in (*report.VERDICT_LABELS.values(), *report.HEADER)]

    for context, text in [(None, text) for text in plain] + in_context:
        message = catalog.get(text, context)
        assert message is not None, f"not in the catalog: {text!r}"
        assert message.string, f"no Dutch for {text!r}"
        assert sorted(_places(text)) == sorted(_places(str(message.string))), text


def _places(text: str) -> list[str]:
    return [part.split(")s")[0] for part in text.split("%(")[1:]]


# --- values --------------------------------------------------------------------------------------------------------


def test_a_row_with_every_column_filled_becomes_typed_values() -> None:
    row = good(
        **DUBLIN,
        voornamen="Anna Maria",
        tussenvoegsel="van",
        aliassen="Een; Twee ;;Een",
        geboortedatum="1994-03",
        geslacht="V",
        nationaliteit_status="gesteld",
        taal="ara",
        gezin="G1",
        gezinsrol="hoofd",
        alleenstaand_minderjarig="nee",
        adres_beschermd="ja",
        aanvraag_op="1-5-2026",
        inreisverbod_jaren="10",
        vertrektermijn_dagen="0",
        maatregel="art59",
        maatregel_sinds="02-06-2026",
        signalen="medisch;zwanger",
        documenten="paspoort",
        opmerking="Eerste regel\r\ntweede regel",
    )

    assert row.v_number == "0990100000"
    assert row.aliases == ("Een", "Twee")
    assert row.birth_date == PartialDate(1994, 3)
    assert (row.unaccompanied_minor, row.address_protected) == (False, True)
    assert (row.applied_on, row.measure_since) == (date(2026, 5, 1), date(2026, 6, 2))
    assert (row.entry_ban_years, row.departure_period_days) == (10, 0)
    assert (row.flags, row.documents) == (("medisch", "zwanger"), ("paspoort",))
    assert row.comment == "Eerste regel\ntweede regel"


def test_an_empty_cell_is_not_recorded_which_is_not_the_same_as_no() -> None:
    row = good()

    assert (row.unaccompanied_minor, row.address_protected, row.birth_date, row.applied_on) == (None, None, None, None)
    assert (row.sex, row.aliases, row.entry_ban_years) == ("", (), None)


@pytest.mark.parametrize(
    ("cell", "born"),
    [
        ("1994", PartialDate(1994)),
        ("1994-03", PartialDate(1994, 3)),
        ("1994-03-21", PartialDate(1994, 3, 21)),
        ("21-03-1994", PartialDate(1994, 3, 21)),
        ("2026", PartialDate(2026)),
        ("2026-11-23", PartialDate(2026, 11, 23)),
    ],
)
def test_a_date_of_birth_is_kept_as_far_as_it_is_known(cell: str, born: PartialDate) -> None:
    assert good(geboortedatum=cell).birth_date == born


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-11-24", "birth_after_today"),
        ("2026-12", "birth_after_today"),
        ("2027", "birth_after_today"),
        ("31-02-1990", "no_such_date"),
        ("1994-13", "no_such_date"),
        ("1994-00-00", "no_such_date"),
        ("1066-10-14", "year_too_early"),
        ("03-1994", "not_a_birth_date"),
        ("21 maart 1994", "not_a_birth_date"),
        ("١٩٩٤", "not_a_birth_date"),
    ],
)
def test_a_wrong_date_of_birth_is_refused(cell: str, code: str) -> None:
    row = bad(geboortedatum=cell)

    assert (row.column, row.fault.code) == ("geboortedatum", code)


@pytest.mark.parametrize("cell", ["1234567", "12345678901", "99A0000001", "1234 5678", "1234567.0", "１２３４５６７８"])
def test_a_v_number_is_eight_to_ten_digits(cell: str) -> None:
    assert bad(v_nummer=cell).fault.code == "not_a_v_number"


@pytest.mark.parametrize("cell", ["12345678", "000000001", "9990100000"])
def test_no_check_digit_is_asked_of_a_v_number_and_leading_zeros_stay(cell: str) -> None:
    assert good(v_nummer=cell).v_number == cell


@pytest.mark.parametrize("code", ["XXA", "XXB", "XXC", "XXX", "RKS", "SYR", "NLD"])
def test_the_codes_of_doc_9303_are_nationalities(code: str) -> None:
    assert good(nationaliteit=code, land_van_terugkeer=code).nationality == code


@pytest.mark.parametrize("code", ["NLX", "syr", "SY", "XKX", "D"])
def test_other_codes_are_no_nationalities(code: str) -> None:
    assert bad(nationaliteit=code).column == "nationaliteit"


def test_stateless_is_a_nationality_but_not_a_responsible_state() -> None:
    assert bad(**{**DUBLIN, "verantwoordelijke_lidstaat": "XXA"}).fault.code == "not_a_state"


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("aanleveraar", "ind", "not_in_list"),
        ("geslacht", "man", "not_in_list"),
        ("taal", "ar", "not_a_language"),
        ("alleenstaand_minderjarig", "misschien", "not_in_list"),
        ("vertrektermijn_dagen", "-3", "not_a_number"),
        ("vertrektermijn_dagen", "91", "not_a_number"),
        ("vertrektermijn_dagen", "²", "not_a_number"),
        ("inreisverbod_jaren", "4", "not_in_list"),
        ("bekendgemaakt_op", "gisteren", "not_a_date"),
        ("bekendgemaakt_op", "2026-02-30", "no_such_date"),
        ("signalen", "medisch;zwnger", "not_in_list"),
        ("documenten", "rijbewijs", "not_in_list"),
        ("opmerking", "x" * 2001, "too_long"),
        ("achternaam", "x" * 201, "too_long"),
        ("achternaam", "a\0b", "forbidden_character"),
        ("achternaam", "#N/A", "formula_error"),
    ],
)
def test_a_value_outside_its_list_its_shape_or_its_length_is_a_fault_of_its_cell(
    column: str, cell: str, code: str
) -> None:
    row = bad(**{column: cell})

    assert (row.column, row.fault.code) == (column, code)


def test_the_longest_allowed_text_is_accepted() -> None:
    assert len(good(achternaam="x" * 200, opmerking="x" * 2000).comment) == 2000


# --- required ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["referentie", "aanleveraar", "v_nummer", "achternaam", "nationaliteit", "grond"])
def test_a_required_cell_may_not_be_empty(column: str) -> None:
    row = bad(**{column: "  "})

    assert (row.column, row.fault.code) == (column, "empty_required")


def test_other_columns_can_be_made_required() -> None:
    rules = Rules(TODAY, required=columns.required_columns([*columns.REQUIRED_BY_DEFAULT, "taal"]))

    assert bad(rules).column == "taal"
    assert good(rules, taal="ara").language == "ara"


@pytest.mark.parametrize("column", ["verantwoordelijke_lidstaat", "claimakkoord_op", "uiterste_overdrachtsdatum"])
def test_a_dublin_row_needs_its_three_columns(column: str) -> None:
    row = bad(**{**DUBLIN, column: ""})

    assert (row.column, row.fault.code) == (column, "empty_for_dublin")


def test_a_dublin_row_with_all_three_empty_names_the_first() -> None:
    assert bad(grond="dublin").column == "verantwoordelijke_lidstaat"


def test_a_measure_needs_its_date() -> None:
    row = bad(maatregel="meldplicht")

    assert (row.column, row.fault.code) == ("maatregel_sinds", "empty_with_measure")


def test_of_several_faults_the_first_in_the_order_of_the_table_is_named() -> None:
    reversed_cells = dict(reversed(list(raw_row(opmerking="x" * 3000, grond="overig", taal="??").cells.items())))

    row = judge_row(RawRow(2, reversed_cells), RULES)

    assert isinstance(row, BadRow)
    assert row.column == "taal"


# --- remarks -------------------------------------------------------------------------------------------------------


def remarked(row: GoodRow) -> list[tuple[str, str]]:
    return [(remark.column, remark.code) for remark in row.remarks]


def test_an_unknown_site_is_kept_as_text_with_a_remark() -> None:
    rules = Rules(TODAY, known_locations=known_names(["azc Veenmeer"]))

    row = good(rules, locatie="azc  Nergens")

    assert row.location == "azc Nergens"
    assert remarked(row) == [("locatie", "unknown_location")]
    assert remarked(good(rules, locatie="AZC veenmeer")) == []


@pytest.mark.parametrize("column", ["aanvraag_op", "terugkeerbesluit_op", "beroep_ingesteld_op", "uitspraak_op"])
def test_a_date_in_the_future_is_accepted_and_flagged(column: str) -> None:
    row = good(**{column: "2026-11-24"})

    assert remarked(row) == [(column, "future_date")]
    assert remarked(good(**{column: "2026-11-23"})) == []


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"taal": "qqq"}, ("taal", "unknown_language")),
        ({"aanvraag_op": "2026-06-12", "regime": "oud"}, ("regime", "regime_differs")),
        ({"aanvraag_op": "2026-06-11", "regime": "pact"}, ("regime", "regime_differs")),
        (
            {"terugkeerbesluit_op": "2026-06-12", "bekendgemaakt_op": "2026-06-11"},
            ("bekendgemaakt_op", "notified_before_decision"),
        ),
        (
            {**DUBLIN, "uiterste_overdrachtsdatum": "2026-05-21"},
            ("uiterste_overdrachtsdatum", "deadline_before_acceptance"),
        ),
        ({"maatregel_sinds": "2026-06-12"}, ("maatregel_sinds", "since_without_measure")),
    ],
)
def test_what_is_odd_but_possible_is_accepted_with_a_remark(changes: dict[str, str], remark: tuple[str, str]) -> None:
    row = good(**changes)

    assert remarked(row) == [remark]
    assert row.remarks[0].text


# --- never more of the row than needed -----------------------------------------------------------------------------


def test_a_long_value_is_clipped_to_one_line() -> None:
    row = bad(taal="ab\n" + "c" * 500)

    assert row.fault.details["shown"] == "ab " + "c" * 36 + "…"


@pytest.mark.parametrize(
    "fault", [{"achternaam": "GEHEIM" * 50}, {"achternaam": "GEHEIM\0"}, {"opmerking": "GEHEIM" * 999}]
)
def test_names_and_free_text_are_not_repeated_in_a_problem(fault: dict[str, str]) -> None:
    row = bad(**fault)

    assert "GEHEIM" not in row.problem + row.what_would_be_right


def test_a_row_that_could_not_be_taken_apart_is_refused_without_a_column() -> None:
    row = judge_row(RawRow(7, fault=Problem("row_quotes")), RULES)

    assert isinstance(row, BadRow)
    assert (row.row_number, row.column, row.reference) == (7, "", "")
    assert row.problem
    assert row.what_would_be_right


@given(st.dictionaries(st.sampled_from(HEADER), st.text(st.characters(), max_size=60)))
def test_judging_never_raises_whatever_the_cells_hold(cells: dict[str, str]) -> None:
    raw = raw_row(**cells)

    row = judge_row(raw, RULES)

    key_of(raw)
    if isinstance(row, BadRow):
        assert row.column in BY_NAME
        assert row.problem
        assert row.what_would_be_right
    else:
        assert len(row.content_hash) == 64
        assert len(checklist_of(row)) == len(checklist.ITEMS)


PLAUSIBLE = st.text(st.sampled_from("0123456789-;:=+@# \t\nabcXYZ'\"/éş\ud800\0"), max_size=30)


@given(st.sampled_from(HEADER), PLAUSIBLE)
def test_judging_never_raises_on_a_single_strange_cell(name: str, cell: str) -> None:
    assert judge_row(raw_row(**{name: cell}), RULES).row_number == 2
