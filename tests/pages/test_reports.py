"""Rapportages: published figures of one's own cases, of all cases for who supervises, and nothing that tells of a person."""

import csv
import re
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case, reopen_case
from cases.case.models import Outcome, SectionException
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from leidraad.pages.navigation import MENUS, REPORTS
from partners.models import Member
from partners.policy import all_rules, roles_with
from tests import factories
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.pages.months import OCTOBER, SEPTEMBER, closed, opened

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = TODAY


def page(client: Client, member: Member, query: str = "") -> Any:
    response = sign_in(client, member).get(f"/rapportages/{query}")
    assert response.status_code == 200
    return response


def table(response: Any) -> dict[str, dict[str, str]]:
    """Row label -> column -> what stands there, with the row of totals."""
    report, heads = response.context["report"], [str(head) for head in response.context["heads"]]
    lines = [*response.context["lines"], ("Totaal", report.total)]
    return {label: dict(zip(heads, map(str, figures), strict=True)) for label, figures in lines}


def rows_of_file(response: Any) -> list[list[str]]:
    return list(csv.reader(StringIO(response.content.decode().lstrip("\ufeff")), delimiter=";"))


def test_cases_count_in_the_month_they_came_in_and_the_month_they_ended(client: Client, cast: Cast) -> None:
    opened(cast.regievoerder, 6)
    closed(cast.regievoerder, Outcome.DEPARTED_FORCED, 5)

    rows = table(page(client, cast.regievoerder))

    assert rows["oktober 2026"]["Binnengekomen"] == "10"
    assert rows["september 2026"]["Binnengekomen"] == "10"
    assert rows["september 2026"]["Afgesloten"] == "<5"
    assert rows["oktober 2026"]["Afgesloten"] == rows["oktober 2026"]["Gedwongen vertrek"] == "10"
    assert len(rows) == 14


def test_what_is_unknown_never_counts_as_departure(client: Client, cast: Cast) -> None:
    closed(cast.regievoerder, Outcome.DEPARTED_UNSUPERVISED, 6)
    closed(cast.regievoerder, Outcome.RESIDENCE_GRANTED, 5)

    row = table(page(client, cast.regievoerder))["oktober 2026"]

    assert row["Afgesloten"] == "10"
    assert row["Vertrek aangetoond"] == "<5"
    assert row["Zonder toezicht, vertrek niet aangetoond"] == row["Anders beëindigd"] == "10"


def test_departure_shown_is_independent_forced_and_dublin_together(client: Client, cast: Cast) -> None:
    for outcome in (Outcome.DEPARTED_INDEPENDENTLY, Outcome.DEPARTED_FORCED, Outcome.TRANSFERRED_DUBLIN):
        closed(cast.regievoerder, outcome, 2)

    row = table(page(client, cast.regievoerder))["oktober 2026"]

    assert (row["Zelfstandig vertrek"], row["Gedwongen vertrek"], row["Dublinoverdracht"]) == ("<5", "<5", "<5")
    assert row["Vertrek aangetoond"] == "10"


def test_a_total_is_rounded_by_itself(client: Client, cast: Cast) -> None:
    opened(cast.regievoerder, 5, OCTOBER)
    opened(cast.regievoerder, 5, SEPTEMBER)
    opened(cast.regievoerder, 5, date(2026, 8, 4))

    rows = table(page(client, cast.regievoerder))

    assert [rows[f"{month} 2026"]["Binnengekomen"] for month in ("augustus", "september", "oktober")] == [
        "10",
        "10",
        "10",
    ]
    assert rows["Totaal"]["Binnengekomen"] == "20"


def test_a_reopened_case_is_no_longer_closed(client: Client, cast: Cast) -> None:
    cases = closed(cast.regievoerder, Outcome.DEPARTED_FORCED, 5)
    assert table(page(client, cast.regievoerder))["oktober 2026"]["Afgesloten"] == "10"

    reopen_case(cases[0], by=cast.regievoerder, reason="test")

    assert table(page(client, cast.regievoerder))["oktober 2026"]["Afgesloten"] == "<5"


def test_the_finding_is_computed_from_the_last_whole_month(client: Client, cast: Cast) -> None:
    opened(cast.regievoerder, 12)
    opened(cast.regievoerder, 25, TODAY)

    response = page(client, cast.regievoerder)

    assert response.context["finding"] == (
        "In oktober 2026 kwamen er 10 zaken binnen en werden er minder dan 5 afgesloten."
    )
    assert "november 2026*" in table(response)
    assert "* November 2026 loopt nog: geteld tot en met 25 november 2026." in response.content.decode()
    assert table(response)["november 2026*"]["Binnengekomen"] == "30"


def test_another_team_counts_its_own_cases_only(client: Client, cast: Cast) -> None:
    opened(cast.regievoerder, 6)
    opened(cast.regievoerder2, 16)

    assert table(page(client, cast.regievoerder))["oktober 2026"]["Binnengekomen"] == "10"
    assert table(page(client, cast.regievoerder2))["oktober 2026"]["Binnengekomen"] == "20"
    assert table(page(client, cast.regievoerder, "?team=dtv-zuid-1"))["oktober 2026"]["Binnengekomen"] == "10"


def test_a_site_counts_the_cases_it_still_sees_and_no_closings(client: Client, cast: Cast) -> None:
    site = cast.unit("azc-veenmeer")
    here = [factories.at_site(case, site) for case in opened(cast.regievoerder, 6)]
    opened(cast.regievoerder, 20)

    response = page(client, cast.coa_manager)
    assert table(response)["oktober 2026"] == {"Binnengekomen": "10"}
    assert "eindigt de inzage van uw locatie" in response.content.decode()

    for case in here[:2]:
        close_case(case, Outcome.DEPARTED_INDEPENDENTLY, by=cast.regievoerder, reason="test")
    assert table(page(client, cast.coa_manager))["oktober 2026"] == {"Binnengekomen": "<5"}


@pytest.mark.parametrize("username", ["auditor", "privacy"])
def test_who_supervises_sees_all_cases_in_numbers_and_none_in_person(client: Client, cast: Cast, username: str) -> None:
    cases = opened(cast.regievoerder, 6) + opened(cast.regievoerder2, 16)
    member = getattr(cast, username)

    response = page(client, member)

    assert table(response)["oktober 2026"]["Binnengekomen"] == "20"
    assert table(page(client, member, "?team=dtv-noord-2"))["oktober 2026"]["Binnengekomen"] == "10"
    text = response.content.decode()
    assert not any(case.number in text or case.person.surname in text for case in cases)
    assert client.get(f"/zaken/{cases[0].number}/").status_code == 404


def test_an_outcome_that_is_masked_for_the_unit_is_not_counted(client: Client, cast: Cast) -> None:
    cases = closed(cast.regievoerder, Outcome.DEPARTED_FORCED, 5)
    narrowed = SectionException(
        case=cases[0], unit=cast.regievoerder.acting_unit, section="phase", allowed=False, reason="test"
    )
    save_as(narrowed, by=PRINCIPAL)

    assert table(page(client, cast.regievoerder))["oktober 2026"]["Afgesloten"] == "<5"
    assert table(page(client, cast.auditor))["oktober 2026"]["Afgesloten"] == "10"


@pytest.mark.parametrize("username", ["casemanager", "politie", "intake", "ind", "beheer", "iom"])
def test_other_roles_get_no_figures(client: Client, cast: Cast, username: str) -> None:
    sign_in(client, getattr(cast, username))

    assert client.get("/rapportages/").status_code == 403
    assert client.get("/rapportages/cijfers.csv").status_code == 403


def test_the_menu_of_every_role_with_the_right_leads_here_and_no_other() -> None:
    holders = {role for code in ("dtv", "coa") for role in roles_with("reports.view", code)}

    assert {role for role, menu in MENUS.items() if REPORTS in menu} == holders
    assert {rule.role for rule in all_rules() if f"{rule.section}.{rule.verb}" == "reports.all"} == {
        "auditor",
        "privacy_officer",
    }


@pytest.mark.parametrize("query", ["", "?period=24", "?period=nonsense&team=nonsense"])
def test_the_file_holds_the_table_of_the_page_and_no_more(client: Client, cast: Cast, query: str) -> None:
    opened(cast.regievoerder, 6)
    closed(cast.regievoerder, Outcome.DEPARTED_UNSUPERVISED, 3)

    on_page = table(page(client, cast.regievoerder, query))
    lines = rows_of_file(client.get(f"/rapportages/cijfers.csv{query}"))

    heads = next(place for place, line in enumerate(lines) if line[0] == "Maand")
    in_file = {line[0]: dict(zip(lines[heads][1:], line[1:], strict=True)) for line in lines[heads + 1 :]}
    assert in_file == on_page
    assert len(on_page) == (26 if "24" in query else 14)
    assert lines[1] == ["DT&V Team Noord 2"]
    assert lines[2][0].startswith("Leidraad, stand 25 november 2026, ")


def test_looking_and_downloading_are_recorded_without_a_person(client: Client, cast: Cast) -> None:
    page(client, cast.auditor, "?period=24&team=dtv-noord-2")
    client.get("/rapportages/cijfers.csv")

    events = Event.objects.filter(route__startswith="reports:").order_by("pk").values_list("kind", "detail", "case_id")
    assert list(events) == [
        (EventKind.READ, {"period": 24, "team": "dtv-noord-2"}, None),
        (EventKind.EXPORT, {"period": 12, "team": ""}, None),
    ]


def test_every_picture_has_its_figures_in_the_table_and_nothing_inline(client: Client, cast: Cast) -> None:
    closed(cast.regievoerder, Outcome.DEPARTED_UNSUPERVISED, 6)

    text = page(client, cast.regievoerder).content.decode()

    assert text.count('<figure role="img"') == text.count('href="#cijfers"') == 2
    assert 'id="cijfers"' in text
    for picture in re.findall(r"<figure.*?</figure>", text, re.DOTALL):
        assert ">10<" in picture
    assert " style=" not in text
    assert "Wat de cijfers betekenen" in text
    assert "Leidraad, stand 25 november 2026, " in text


def test_the_report_is_whole_in_english(client: Client, cast: Cast) -> None:
    opened(cast.regievoerder, 6)
    member = cast.regievoerder
    member.language = "en"
    save_as(member, by=PRINCIPAL)

    response = page(client, member)

    assert response.context["finding"] == "In October 2026, 10 cases came in and fewer than 5 were closed."
    assert "October 2026" in table(response)


def test_the_figures_cost_the_same_queries_for_any_number_of_cases_and_months(client: Client, cast: Cast) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, cast.manager, query)
        return len([one for one in seen if "SAVEPOINT" not in one["sql"]])

    page(client, cast.manager)
    few = asked("")
    opened(cast.regievoerder, 20)
    closed(cast.regievoerder, Outcome.DEPARTED_FORCED, 5)

    assert asked("") == asked("?period=24") == few
    assert few <= 13  # the look itself is one


def test_a_day_in_january_counts_back_over_the_turn_of_the_year(client: Client, cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_TODAY = date(2027, 1, 31)
    opened(cast.regievoerder, 5, date(2026, 12, 31))

    response = page(client, cast.regievoerder)

    assert list(response.context["report"].months)[:2] == [date(2026, 1, 1), date(2026, 2, 1)]
    assert table(response)["december 2026"]["Binnengekomen"] == "10"
    assert isinstance(response.context["report"].at, datetime)
