"""What a dossier states of the law: the least that its columns say, confirmed by nobody, and never over what somebody did."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cases.case.models import ReturnCase
from cases.procedure.actions.decisions import Notification, notify_decision
from cases.procedure.actions.facts import confirm
from cases.procedure.actions.remedies import record_ruling
from cases.procedure.models import Decision, Procedure, Remedy, TransferClaim
from handover.importing.outcomes import remark_text
from handover.models import Handover
from leidraad.lib.errors import NotPossible
from tests.cast import Cast
from tests.handover.hand import accept
from tests.handover.imports import read_rows, row_of, totals
from tests.handover.intake_files import DUBLIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

ASYLUM = {
    "aanvraag_op": "2026-01-11",
    "regime": "oud",
    "terugkeerbesluit_op": "2026-06-04",
    "bekendgemaakt_op": "2026-06-07",
    "land_van_terugkeer": "SYR",
    "vertrektermijn_dagen": "28",
    "schorsend": "auto",
    "beroep_ingesteld_op": "2026-06-20",
    "uitspraak_op": "2026-09-01",
    "inreisverbod_jaren": "2",
}
FACTS = (Procedure, Decision, Remedy, TransferClaim)


def standing(model: Any) -> Any:
    return model.objects.standing().get()


def left_out(cast: Cast, row: dict[str, str]) -> set[tuple[str, str]]:
    """Column and code of what was left out."""
    file = read_rows(cast.intake, row)
    assert totals(file) == {"read": 1, "created": 1}
    return {(one["column"], one["code"]) for one in row_of(file, 2).warnings if one["code"].startswith("law_")}


def test_what_a_dossier_states_is_recorded_with_its_source_and_confirmed_by_nobody(cast: Cast) -> None:
    assert left_out(cast, ASYLUM) == set()

    procedure, decision, remedy = standing(Procedure), standing(Decision), standing(Remedy)
    assert (procedure.kind, procedure.regime, procedure.lodged_on) == (None, "former", date(2026, 1, 11))
    assert (decision.kind.code, decision.procedure, decision.regime, decision.authority) == (
        "not_named",
        procedure,
        "former",
        "ind",
    )
    assert (decision.decided_on, decision.notified_on, decision.notified_how) == (
        date(2026, 6, 4),
        date(2026, 6, 7),
        "unknown",
    )
    assert (decision.is_return_decision, decision.countries, decision.period_days) == (True, ["SYR"], 28)
    assert (decision.ban_years, decision.ban_ground.code) == (2, "not_stated")
    assert (remedy.decision, remedy.kind, remedy.lodged_on, remedy.effect, remedy.late) == (
        decision,
        "appeal",
        date(2026, 6, 20),
        "auto",
        None,
    )
    assert (remedy.ruled_on, remedy.ruling) == (date(2026, 9, 1), "not_stated")
    assert not TransferClaim.objects.exists()
    for fact in (procedure, decision, remedy):
        assert (fact.source, fact.recorded_by, fact.is_confirmed) == (
            "dossier IND, referentie IND-2026-000001",
            None,
            False,
        )
        assert fact.history.get().history_user == cast.intake


def test_a_dublin_dossier_states_a_transfer_decision_and_a_claim(cast: Cast) -> None:
    decided = {"terugkeerbesluit_op": "2026-06-01", "bekendgemaakt_op": "2026-06-02", "schorsend": "tot_vovo_uitspraak"}

    assert left_out(cast, dict(DUBLIN) | decided | {"regime": "pact"}) == set()

    decision, claim = standing(Decision), standing(TransferClaim)
    assert (decision.kind.code, decision.is_return_decision, decision.countries) == ("transfer", False, [])
    assert (claim.state, claim.regime, claim.reply, claim.replied_on, claim.latest_on) == (
        "DEU",
        "pact",
        "accepted",
        date(2026, 5, 22),
        date(2026, 11, 22),
    )


def test_nothing_is_recorded_of_what_is_not_stated(cast: Cast) -> None:
    assert left_out(cast, {"inreisverbod_jaren": "0", "schorsend": "auto"}) == set()

    assert [model.objects.count() for model in FACTS] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("supplier", "ground", "kind", "authority"),
    [
        ("IND", "asiel_afgewezen", "not_named", "ind"),
        ("AVIM", "geen_rechtmatig_verblijf", "return_decision", "not_stated"),
        ("IND", "bescherming_elders_eu", "not_named", "ind"),
        ("IND", "regulier_ingetrokken", "regular_withdrawn", "ind"),
        ("AVIM", "vris", "not_named", "not_stated"),
        ("IND", "eigen_verzoek", "not_named", "not_stated"),
    ],
)
def test_the_ground_names_no_more_than_it_says(
    cast: Cast, supplier: str, ground: str, kind: str, authority: str
) -> None:
    row = {"aanleveraar": supplier, "grond": ground, "terugkeerbesluit_op": "2026-06-04", "land_van_terugkeer": "MAR"}

    read_rows(cast.intake, row)

    decision = standing(Decision)
    assert (decision.kind.code, decision.authority, decision.procedure) == (kind, authority, None)


def test_an_effect_that_is_not_stated_is_not_taken_for_none(cast: Cast) -> None:
    read_rows(cast.intake, ASYLUM | {"schorsend": "", "uitspraak_op": ""})

    remedy = standing(Remedy)
    assert (remedy.effect, remedy.suspension, remedy.is_open, remedy.suspends) == ("not_stated", None, True, True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"bekendgemaakt_op": "2026-06-03"}, {("bekendgemaakt_op", "law_before_decision")}),
        ({"bekendgemaakt_op": "2026-11-24"}, {("bekendgemaakt_op", "law_ahead")}),
        ({"beroep_ingesteld_op": "2026-06-01", "uitspraak_op": ""}, {("beroep_ingesteld_op", "law_before_decision")}),
        ({"beroep_ingesteld_op": ""}, {("uitspraak_op", "law_no_appeal")}),
        ({"uitspraak_op": "2026-06-19"}, {("uitspraak_op", "law_before_appeal")}),
        ({"uitspraak_op": "2026-12-24"}, {("uitspraak_op", "law_ahead")}),
        ({"vertrektermijn_dagen": "0"}, {("vertrektermijn_dagen", "law_period_ground")}),
        ({"aanvraag_op": "2026-07-01", "regime": "pact"}, {("aanvraag_op", "law_after_decision")}),
        (
            {"land_van_terugkeer": ""},
            {("land_van_terugkeer", "law_no_country"), ("vertrektermijn_dagen", "law_period_no_country")},
        ),
        (
            {"terugkeerbesluit_op": "", "uitspraak_op": ""},
            {
                (name, "law_no_decision")
                for name in (
                    "bekendgemaakt_op",
                    "land_van_terugkeer",
                    "vertrektermijn_dagen",
                    "inreisverbod_jaren",
                    "beroep_ingesteld_op",
                )
            },
        ),
        (
            dict(DUBLIN) | {"vertrektermijn_dagen": ""},
            {("land_van_terugkeer", "law_no_return")},
        ),
        (
            dict(DUBLIN) | {"land_van_terugkeer": "", "vertrektermijn_dagen": "", "claimakkoord_op": "2027-01-01"},
            {("claimakkoord_op", "law_ahead"), ("uiterste_overdrachtsdatum", "law_no_acceptance")},
        ),
        (
            dict(DUBLIN)
            | {"land_van_terugkeer": "", "vertrektermijn_dagen": "", "uiterste_overdrachtsdatum": "2026-05-01"},
            {("uiterste_overdrachtsdatum", "law_before_acceptance")},
        ),
        ({"claimakkoord_op": "2026-05-01"}, {("claimakkoord_op", "law_no_state")}),
    ],
)
def test_what_cannot_be_so_is_left_out_and_named_and_stops_no_row(
    cast: Cast, changes: dict[str, str], expected: set[tuple[str, str]]
) -> None:
    assert left_out(cast, ASYLUM | changes) == expected

    assert ReturnCase.objects.count() == 1


def test_the_rest_of_a_row_with_something_left_out_is_recorded_and_the_report_says_it_in_dutch(cast: Cast) -> None:
    file = read_rows(cast.intake, ASYLUM | {"land_van_terugkeer": "", "bekendgemaakt_op": "2026-06-03"})

    decision = standing(Decision)
    assert (decision.is_return_decision, decision.countries, decision.period_days) == (False, [], None)
    assert (decision.notified_on, decision.notified_how, decision.ban_years) == (None, "", 2)
    assert standing(Remedy).decision == decision
    with translation.override("nl"):
        texts = {one["column"]: remark_text(one) for one in row_of(file, 2).warnings if one["code"] != "future_date"}
    assert texts["vertrektermijn_dagen"] == (
        "Niet vastgelegd in de zaak: een vertrektermijn hoort bij een land van terugkeer."
    )
    assert texts["bekendgemaakt_op"] == "Niet vastgelegd in de zaak: de dag ligt voor het besluit."


def test_changed_content_takes_the_place_of_what_nobody_confirmed(cast: Cast) -> None:
    read_rows(cast.intake, ASYLUM)
    file = read_rows(cast.intake, ASYLUM | {"uitspraak_op": "", "inreisverbod_jaren": "0"})

    assert totals(file) == {"read": 1, "updated": 1}
    decision, remedy = standing(Decision), standing(Remedy)
    assert (decision.ban_years, decision.procedure, remedy.decision) == (None, standing(Procedure), decision)
    assert remedy.is_open
    former = Decision.objects.exclude(replaced_at=None).get()
    assert (former.ban_years, former.reason) == (2, "The dossier states otherwise")
    assert former.history.count() == 2


def test_other_content_that_states_the_same_law_changes_no_fact(cast: Cast) -> None:
    read_rows(cast.intake, ASYLUM)
    file = read_rows(cast.intake, ASYLUM | {"opmerking": "anders"})

    assert totals(file) == {"read": 1, "updated": 1}
    assert [model.objects.count() for model in FACTS] == [1, 1, 1, 0]
    assert standing(Decision).version == 1


def test_what_somebody_confirmed_stays_and_the_report_says_so(cast: Cast) -> None:
    read_rows(cast.intake, dict(DUBLIN) | {"terugkeerbesluit_op": "2026-06-01"})
    confirm(standing(Decision), by=cast.ind)
    changed = dict(DUBLIN) | {"terugkeerbesluit_op": "2026-06-03", "uiterste_overdrachtsdatum": "2027-01-20"}

    file = read_rows(cast.intake, changed)

    assert [(one["column"], one["code"]) for one in row_of(file, 2).warnings if one["code"].startswith("law_")] == [
        ("terugkeerbesluit_op", "law_worked_on")
    ]
    assert standing(Decision).decided_on == date(2026, 6, 1)
    # The claim is another fact, which nobody worked on.
    assert standing(TransferClaim).latest_on == date(2027, 1, 20)


def test_what_somebody_added_to_a_stated_fact_stays_too(cast: Cast) -> None:
    read_rows(cast.intake, ASYLUM | {"bekendgemaakt_op": ""})
    notify_decision(standing(Decision), Notification(date(2026, 6, 5), "in_person"), by=cast.ind)

    read_rows(cast.intake, ASYLUM | {"bekendgemaakt_op": "2026-06-08"})

    assert standing(Decision).notified_on == date(2026, 6, 5)


def test_after_acceptance_nothing_of_a_changed_row_is_recorded(cast: Cast) -> None:
    read_rows(cast.intake, ASYLUM)
    accept(Handover.objects.get(), cast.regievoerder, by=cast.intake)

    file = read_rows(cast.intake, ASYLUM | {"inreisverbod_jaren": "0"})

    assert totals(file) == {"read": 1, "held": 1}
    assert (Decision.objects.count(), standing(Decision).ban_years) == (1, 2)


def test_a_ruling_that_was_not_stated_is_filled_in_by_a_person_and_by_none_chosen(cast: Cast) -> None:
    read_rows(cast.intake, ASYLUM)

    with pytest.raises(NotPossible):
        record_ruling([standing(Remedy)], date(2026, 9, 1), "not_stated", by=cast.ind)
    record_ruling([standing(Remedy)], date(2026, 9, 1), "dismissed", by=cast.ind)

    assert standing(Remedy).ruling == "dismissed"


def statements(cast: Cast, count: int, first: int) -> tuple[int, int]:
    """Of creating and of changing, as far as they touch these tables."""
    rows = [
        ASYLUM
        | {"referentie": f"R-{first + number}", "v_nummer": str(9_995_100_000 + first + number)}
        | (dict(DUBLIN) if number % 3 == 0 else {})
        for number in range(count)
    ]
    counted = []
    for change in ({}, {"uitspraak_op": "", "uiterste_overdrachtsdatum": "2027-03-03"}):
        with CaptureQueriesContext(connection) as asked:
            read_rows(cast.intake, *[row | change for row in rows])
        tables = ("procedure_procedure", "procedure_decision", "procedure_remedy", "procedure_transferclaim")
        counted.append(sum(any(f'"{name}' in query["sql"] for name in tables) for query in asked))
    return counted[0], counted[1]


def test_many_rows_cost_as_many_statements_as_few(cast: Cast) -> None:
    few = statements(cast, 3, 0)

    assert few == statements(cast, 40, 100)
    assert few[0] > 0
