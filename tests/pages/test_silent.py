"""All cases without a next step on one page: whose they are, the filters, page after page, and who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.models import ReturnCase, SilentCase
from leidraad.lib import clock
from partners.models import Member
from tests import factories
from tests.cast import Cast, member_of, sign_in
from tests.factories import led_case

pytestmark = pytest.mark.django_db
HERE = "/zaken/zonder-volgende-stap/"


def get(client: Client, member: Member, **query: str) -> Any:
    return sign_in(client, member).get(HERE, query)


def numbers(response: Any) -> list[str]:
    return [line.number for line in response.context["lines"]]


def silent_for(case: ReturnCase, days: int, missing: str = "step") -> ReturnCase:
    since = clock.today() - timedelta(days=days)
    SilentCase.objects.filter(case=case).update(since=since, missing=missing)
    return case


def test_the_heading_of_my_work_leads_to_all_of_them(client: Client, cast: Cast) -> None:
    for days in range(7):
        silent_for(led_case(cast.regievoerder), days)

    work = sign_in(client, cast.regievoerder).get("/mijn-werk/")
    page = client.get(HERE)

    assert len(work.context["silence"].lines) == 5
    assert f'href="{HERE}"' in work.content.decode()
    assert [line.days for line in page.context["lines"]] == [6, 5, 4, 3, 2, 1, 0]
    assert str(page.context["count"]) == "7"


def test_a_director_finds_the_own_cases_and_those_of_nobody_and_the_manager_those_of_the_team(
    client: Client, cast: Cast
) -> None:
    colleague = member_of(cast.regievoerder.acting_unit, "case_director")
    own, theirs = led_case(cast.regievoerder), led_case(colleague)

    assert numbers(get(client, cast.regievoerder)) == [own.number]
    assert set(numbers(get(client, cast.manager))) == {own.number, theirs.number}


def test_another_organisation_is_sent_away_and_another_team_finds_nothing(client: Client, cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    factories.at_site(case, cast.coa_manager.acting_unit)
    stranger = member_of(cast.regievoerder2.acting_unit, "dtv_manager")

    assert get(client, cast.coa_manager).status_code == 403
    assert get(client, cast.privacy).status_code == 403
    empty = get(client, stranger)
    assert numbers(empty) == []
    assert "Een zaak komt hier vanzelf te staan" in empty.content.decode()


def test_it_is_narrowed_by_reason_and_by_how_long(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    fresh, week = silent_for(led_case(member), 6), silent_for(led_case(member), 7)
    undated = silent_for(led_case(member), 30, "date")

    assert numbers(get(client, member, duur="7")) == [undated.number, week.number]
    assert numbers(get(client, member, reden="step")) == [week.number, fresh.number]
    assert numbers(get(client, member, reden="date", duur="28")) == [undated.number]
    nothing = get(client, member, reden="unit")
    assert "Geen zaak ligt om deze reden zo lang stil" in nothing.content.decode()
    assert "Alle stille zaken tonen" in nothing.content.decode()
    assert len(numbers(get(client, member, reden="onzin", duur="-1"))) == 3


def test_the_next_page_goes_on_where_this_one_stops(client: Client, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("leidraad.pages.silent.SIZE", 2)
    cases = [silent_for(led_case(cast.regievoerder), days) for days in (9, 9, 9, 4, 1)]
    found, after = [], ""
    for _page in range(3):
        response = get(client, cast.regievoerder, after=after)
        found += numbers(response)
        after = response.context["page"].next_token or ""

    assert found == [case.number for case in cases]
    assert not after


def test_many_rows_ask_as_many_queries_as_one(client: Client, cast: Cast) -> None:
    led_case(cast.regievoerder)
    get(client, cast.regievoerder)
    with CaptureQueriesContext(connection) as one:
        client.get(HERE)
    for _case in range(6):
        led_case(cast.regievoerder)
    with CaptureQueriesContext(connection) as many:
        client.get(HERE)

    assert len(one) == len(many)
