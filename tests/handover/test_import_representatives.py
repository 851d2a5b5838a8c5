"""The column of the lawyer: stated by the sender, never over what somebody confirmed, and as many statements for many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.case.models import ReturnCase
from cases.procedure.models import Representative
from cases.procedure.representatives import confirm_representative
from tests.cast import Cast
from tests.handover.imports import read_rows
from tests.procedure.test_representatives import details

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


def test_the_lawyer_of_a_dossier_is_stated_by_its_sender_and_not_confirmed(cast: Cast) -> None:
    read_rows(cast.intake, {"gemachtigde": "mr. F. van Daalen, Utrecht"})

    one = Representative.objects.get()
    assert (one.name, one.source, one.is_main, one.is_confirmed, one.since) == (
        "mr. F. van Daalen, Utrecht",
        "IND",
        True,
        False,
        None,
    )
    assert one.history.get().history_user == cast.intake


def test_without_a_lawyer_nothing_is_recorded(cast: Cast) -> None:
    read_rows(cast.intake, {})

    assert not Representative.objects.exists()


def test_another_name_in_a_changed_dossier_takes_the_place_of_the_stated_one(cast: Cast) -> None:
    read_rows(cast.intake, {"gemachtigde": "mr. Een"})
    read_rows(cast.intake, {"gemachtigde": "mr. Twee"})

    found = Representative.objects.order_by("pk")
    assert [(one.name, one.is_main, one.is_running) for one in found] == [
        ("mr. Een", True, False),
        ("mr. Twee", True, True),
    ]


def test_an_empty_cell_says_nothing_and_the_same_name_changes_nothing(cast: Cast) -> None:
    read_rows(cast.intake, {"gemachtigde": "mr. Een"})
    read_rows(cast.intake, {"gemachtigde": "", "opmerking": "anders"})
    read_rows(cast.intake, {"gemachtigde": "MR.  EEN", "opmerking": "weer anders"})

    one = Representative.objects.get()
    assert (one.is_running, one.version) == (True, 1)


def test_what_was_confirmed_stays_and_another_name_is_added_beside_it(cast: Cast) -> None:
    read_rows(cast.intake, {"gemachtigde": "mr. Een"})
    confirm_representative(Representative.objects.get(), details("mr. Een"), by=cast.ind)
    read_rows(cast.intake, {"gemachtigde": "mr. Twee"})

    found = Representative.objects.running().order_by("pk")
    assert [(one.name, one.is_main, one.is_confirmed) for one in found] == [
        ("mr. Een", True, True),
        ("mr. Twee", False, False),
    ]
    assert ReturnCase.objects.count() == 1


def statements(cast: Cast, count: int, first: int) -> int:
    rows = [
        {"referentie": f"R-{first + number}", "v_nummer": str(9_995_100_000 + first + number), "gemachtigde": "mr. Een"}
        for number in range(count)
    ]
    with CaptureQueriesContext(connection) as asked:
        read_rows(cast.intake, *rows)
        read_rows(cast.intake, *[row | {"gemachtigde": "mr. Twee"} for row in rows])
    return sum("procedure_representative" in query["sql"] for query in asked)


def test_many_lawyers_cost_as_many_statements_as_few(cast: Cast) -> None:
    assert statements(cast, 3, 0) == statements(cast, 30, 100)
