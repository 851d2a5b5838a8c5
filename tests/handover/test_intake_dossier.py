"""What becomes of a good row: the hash of its content and the checklist of its dossier."""

from dataclasses import replace
from datetime import date

import pytest

from handover.intake import checklist
from handover.intake.checklist import Reason, State, checklist_of
from handover.intake.judging import GoodRow, Rules
from tests.handover.intake_files import DUBLIN, HEADER, good

# --- the content hash ----------------------------------------------------------------------------------------------

WRITTEN: dict[str, str] = {"aanvraag_op": "2026-05-01", "signalen": "medisch;zwanger", "achternaam": "Şahin"}


@pytest.mark.parametrize(
    "otherwise",
    [
        {"aanvraag_op": "01-05-2026"},
        {"signalen": " zwanger;medisch;medisch"},
        {"achternaam": "Şahin "},
    ],
)
def test_the_same_content_written_otherwise_has_the_same_hash(otherwise: dict[str, str]) -> None:
    assert good(**{**WRITTEN, **otherwise}).content_hash == good(**WRITTEN).content_hash


def test_the_hash_depends_on_neither_the_row_number_nor_the_day() -> None:
    row = good(aanvraag_op="2026-12-01")
    later = good(Rules(date(2027, 1, 1)), aanvraag_op="2026-12-01")

    assert row.remarks != later.remarks
    assert row.content_hash == later.content_hash == replace(row, row_number=9).content_hash


@pytest.mark.parametrize("column", [name for name in HEADER if name not in ("grond", "maatregel")])
def test_a_change_in_any_column_changes_the_hash(column: str) -> None:
    changed = {
        "aanleveraar": "AVIM",
        "v_nummer": "12345678",
        "geslacht": "V",
        "nationaliteit": "IRQ",
        "nationaliteit_status": "gesteld",
        "taal": "ara",
        "gezinsrol": "kind",
        "verblijfsvorm": "azc",
        "regime": "oud",
        "land_van_terugkeer": "IRQ",
        "schorsend": "auto",
        "verantwoordelijke_lidstaat": "ITA",
        "signalen": "medisch",
        "documenten": "paspoort",
        "vertrektermijn_dagen": "0",
        "inreisverbod_jaren": "0",
        "alleenstaand_minderjarig": "nee",
        "adres_beschermd": "nee",
        "maatregel_sinds": "2026-01-01",
        "geboortedatum": "1994",
    }
    cell = changed.get(column, "2026-01-01" if column.endswith("op") or "datum" in column else "Anders")

    assert good(**{column: cell}).content_hash != good().content_hash


# --- the checklist -------------------------------------------------------------------------------------------------


def states(row: GoodRow) -> dict[str, tuple[State, Reason | None]]:
    return {line.code: (line.state, line.reason) for line in checklist_of(row)}


def test_a_bare_row_says_of_each_item_whether_it_lacks_or_does_not_apply() -> None:
    found = states(good())

    assert {code for code, (state, _) in found.items() if state == State.PRESENT} == {
        "v_number",
        "names",
        "nationality",
    }
    assert found["lawyer"] == (State.ABSENT, Reason.NOT_RECORDED)
    assert found["interview_reports"] == (State.ABSENT, Reason.NO_COLUMN)
    assert found["transfer_deadline"] == (State.NOT_APPLICABLE, Reason.NOT_DUBLIN)
    assert found["detention_date"] == (State.NOT_APPLICABLE, Reason.NO_DETENTION)


def test_a_dublin_row_has_the_dublin_items_and_no_departure_period() -> None:
    found = states(good(**DUBLIN))

    assert found["responsible_state"] == found["claim_accepted"] == found["transfer_deadline"] == (State.PRESENT, None)
    assert found["departure_period"] == (State.NOT_APPLICABLE, Reason.DUBLIN_HAS_NO_PERIOD)
    assert found["return_decision"] == (State.ABSENT, Reason.NOT_RECORDED)


def test_somebody_who_asks_for_help_has_no_return_decision_unless_the_file_gives_one() -> None:
    own = {"grond": "eigen_verzoek"}

    assert states(good(**own))["return_decision"] == (State.NOT_APPLICABLE, Reason.OWN_REQUEST)
    assert states(good(**own, terugkeerbesluit_op="2026-01-01"))["return_decision"] == (State.PRESENT, None)


@pytest.mark.parametrize(
    ("measure", "state"),
    [("art59", State.PRESENT), ("art6", State.PRESENT), ("meldplicht", State.NOT_APPLICABLE)],
)
def test_a_detention_date_belongs_to_a_detention_measure(measure: str, state: State) -> None:
    row = good(maatregel=measure, maatregel_sinds="2026-01-01")

    assert states(row)["measures"] == (State.PRESENT, None)
    assert states(row)["detention_date"][0] == state


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"inreisverbod_jaren": "0"}, "entry_ban"),
        ({"vertrektermijn_dagen": "0"}, "departure_period"),
        ({"locatie": "azc Veenmeer"}, "address"),
        ({"alleenstaand_minderjarig": "ja"}, "flags"),
        ({"gezin": "G1"}, "family_links"),
    ],
)
def test_a_fact_in_the_row_makes_its_item_present(changes: dict[str, str], code: str) -> None:
    assert states(good())[code][0] == State.ABSENT
    assert states(good(**changes))[code] == (State.PRESENT, None)


def test_every_item_has_a_label_and_a_reason_unless_it_is_present() -> None:
    for line in checklist_of(good(**DUBLIN)):
        assert str(checklist.LABELS[line.code])
        assert (line.reason is None) == (line.state == State.PRESENT)
