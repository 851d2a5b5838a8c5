"""The list of cases: own unit only, masked values nowhere, whole pages by key, and a fixed number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case.actions import add_task, lock_case
from cases.case.listing import Filters, columns_of, count_of, page_of
from cases.case.models import InvolvementGround, Part, Phase, ReturnCase, SectionException, TaskKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.csv_file import neutral
from leidraad.lib.models import Event, EventKind
from partners.models import Member
from tests import factories
from tests.cast import PRINCIPAL, Cast, member_of, sign_in

pytestmark = pytest.mark.django_db

MAX_QUERIES = 8


def due(case: ReturnCase, day: date, title: str = "Do it") -> None:
    kind, moment = TaskKind.OTHER, clock.end_of(day)
    add_task(lock_case(case), case.led_by, kind, title, by=PRINCIPAL, due_at=moment, assignee=case.director)


def numbers_on(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/zaken/{query}")
    assert response.status_code == 200
    return [row.number for row in response.context["rows"]]


def narrow(case: ReturnCase, member: Member, section: str) -> None:
    exception = SectionException(case=case, unit=member.acting_unit, section=section, allowed=False, reason="test")
    save_as(exception, by=PRINCIPAL)


def test_only_cases_of_the_own_unit_are_listed_and_counted(client: Client, cast: Cast) -> None:
    own = factories.led_case(cast.regievoerder)
    factories.led_case(cast.regievoerder2)
    factories.received_case()
    sign_in(client, cast.regievoerder)

    response = client.get("/zaken/")

    assert [row.number for row in response.context["rows"]] == [own.number]
    assert response.context["count"] == "1"


def test_a_shared_case_is_listed_for_the_partner_it_is_shared_with(client: Client, cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)
    factories.at_site(case, cast.unit("azc-veenmeer"))

    assert numbers_on(sign_in(client, cast.casemanager)) == [case.number]
    assert numbers_on(sign_in(Client(), cast.casemanager2)) == []


def test_a_case_leaves_the_list_when_it_closes_and_stands_under_closed_cases(client: Client, cast: Cast) -> None:
    closed = factories.closed_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    assert numbers_on(client) == []
    assert numbers_on(client, "?status=closed") == [closed.number]
    assert "Zelfstandig vertrek" in client.get("/zaken/?status=closed").content.decode()


def test_administrators_have_no_list(client: Client, cast: Cast) -> None:
    for member in (cast.beheer, cast.auditor, cast.privacy):
        assert sign_in(Client(), member).get("/zaken/").status_code == 403


def test_the_earliest_deadline_of_the_own_unit_comes_first_and_no_deadline_last(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    none, later, late = (factories.led_case(member) for _number in range(3))
    due(later, clock.today() + timedelta(days=3))
    due(late, clock.today() - timedelta(days=3))
    sign_in(client, member)

    assert numbers_on(client) == [late.number, later.number, none.number]
    assert numbers_on(client, "?sort=-deadline") == [none.number, later.number, late.number]


def test_another_organisations_task_moves_nothing_in_the_list(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    first, second = factories.led_case(member), factories.led_case(member)
    due(first, clock.today() + timedelta(days=9))
    due(second, clock.today() + timedelta(days=10))
    site = cast.unit("azc-veenmeer")
    factories.at_site(second, site)
    add_task(second, site, TaskKind.OTHER, "Theirs", by=PRINCIPAL, due_at=clock.end_of(clock.today()))

    assert numbers_on(sign_in(client, member)) == [first.number, second.number]


def test_names_sort_without_regard_to_accents_and_capitals(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    for surname in ("Zoë", "ÖZDEMİR", "amari", "Ñuñez"):
        factories.led_case(member, factories.person(surname=surname))
    sign_in(client, member)

    rows = client.get("/zaken/?sort=name").context["rows"]

    assert [row.name.split(",")[0] for row in rows] == ["AMARI", "ÑUÑEZ", "ÖZDEMİR", "ZOË"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?phase=planning", "planning"),
        ("?phase=track_forced", "forced"),
        ("?nationality=NGA", "forced"),
        ("?special_group=uam", "planning"),
        ("?deadline=late", "forced"),
        ("?deadline=none", "planning"),
        ("?contact=quiet", "planning"),
        ("?director=nobody", ""),
        ("?removability=removable", ""),
        ("?phase=planning&nationality=NGA", ""),
    ],
)
def test_each_filter_leaves_what_it_says(client: Client, cast: Cast, query: str, expected: str) -> None:
    member = cast.regievoerder
    planning = factories.led_case(member, phase=Phase.PLANNING, special_group="uam")
    forced = factories.led_case(member, factories.person(nationality="NGA"), phase=Phase.TRACK_FORCED)
    forced = lock_case(forced)
    forced.last_contact_on = clock.today()
    save_as(forced, by=PRINCIPAL)
    due(forced, clock.today() - timedelta(days=1))
    sign_in(client, member)

    found = numbers_on(client, query)

    assert found == {"planning": [planning.number], "forced": [forced.number], "": []}[expected]


def test_unknown_filter_values_are_no_filter(client: Client, cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    query = "?phase=x&location=999999&director=abc&sort=password&deadline=y&status=z&after=forged&nationality=%00"
    assert numbers_on(client, query) == [case.number]


def test_chosen_filters_are_tags_that_remove_themselves(client: Client, cast: Cast) -> None:
    sign_in(client, cast.regievoerder)

    response = client.get("/zaken/?phase=planning&deadline=late")

    tags = {tag.label: tag.remove_url for tag in response.context["chosen"]}
    assert tags == {"Fase: Vertrekplan maken": "?deadline=late", "Volgende termijn: Te laat": "?phase=planning"}
    assert "Geen zaken met deze filters. Verwijder een filter." in response.content.decode()


def test_a_section_that_one_case_hides_is_masked_in_its_row_only(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    open_case = factories.led_case(member, factories.person(surname="Zichtbaar"))
    hidden = factories.led_case(member, factories.person(surname="Verborgen"))
    narrow(hidden, member, "identity")
    sign_in(client, member)

    page = client.get("/zaken/").content.decode()

    assert "ZICHTBAAR" in page
    assert "VERBORGEN" not in page
    assert "Afgeschermd" in page
    assert {open_case.number, hidden.number} == set(numbers_on(client))


@pytest.mark.parametrize("query", ["?sort=name", "?nationality=DZA", "?special_group=uam"])
def test_no_filter_or_sort_tells_a_masked_value(client: Client, cast: Cast, query: str) -> None:
    member = cast.regievoerder
    seen = factories.led_case(member, special_group="uam")
    hidden = factories.led_case(member, special_group="uam")
    narrow(hidden, member, "identity")
    sign_in(client, member)

    assert numbers_on(client, query) == [seen.number]


def test_a_role_without_a_section_has_no_column_filter_or_sort_for_it(client: Client, cast: Cast) -> None:
    member = cast.intake
    case = factories.led_case(cast.regievoerder, factories.person(surname="Geheim"))
    factories.involve(case, member.acting_unit, Part.INTAKE_DESK)
    sign_in(client, member)

    response = client.get("/zaken/?sort=name&nationality=NGA&location=1")

    assert [row.number for row in response.context["rows"]] == [case.number]
    assert "GEHEIM" not in response.content.decode()
    assert {"name", "removability", "location", "contact"}.isdisjoint({c.name for c in response.context["columns"]})
    assert {"nationality", "location", "removability"}.isdisjoint(response.context["filter_form"].fields)


def test_a_condition_that_does_not_hold_masks_the_row(client: Client, cast: Cast) -> None:
    with_consent, without = (factories.led_case(cast.regievoerder) for _number in range(2))
    iom = cast.iom
    factories.involve(with_consent, iom.acting_unit, Part.ASSISTED, InvolvementGround.CONSENT)
    factories.involve(without, iom.acting_unit, Part.ASSISTED, InvolvementGround.TASK)
    sign_in(client, iom)

    assert set(numbers_on(client)) == {with_consent.number, without.number}
    assert numbers_on(client, "?sort=name") == [with_consent.number]
    assert client.get("/zaken/").content.decode().count("Afgeschermd") >= 1


def test_criminal_content_is_no_choice_for_who_may_not_see_risk(client: Client, cast: Cast) -> None:
    def groups(member: Member) -> set[str]:
        form = sign_in(Client(), member).get("/zaken/").context["filter_form"]
        return {value for value, _label in form.fields["special_group"].choices}

    assert "offender" in groups(cast.regievoerder)
    assert "offender" not in groups(cast.casemanager)


def test_the_list_takes_a_fixed_number_of_queries(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    member = cast.regievoerder
    sign_in(client, member)
    client.get("/zaken/")  # keeps the choices of the filters, as a running server has them

    counts = []
    for more in (1, 20):
        for _number in range(more):
            due(factories.led_case(member), clock.today())
        with django_assert_max_num_queries(MAX_QUERIES) as queries:
            client.get("/zaken/?phase=planning&sort=name")
        counts.append(len(queries))

    assert counts[0] == counts[1]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    days=st.lists(st.integers(-3, 3) | st.none(), min_size=0, max_size=9),
    sort=st.sampled_from(["deadline", "-deadline", "name", "-name", "contact", "-contact"]),
    size=st.integers(1, 4),
)
def test_pages_by_key_are_complete_without_doubles_and_in_order(
    cast: Cast, days: list[int | None], sort: str, size: int
) -> None:
    member = member_of(cast.unit("dtv-noord-2"), "case_director")
    team = factories.unit("dtv-zuid-1")
    director = member_of(team, "case_director")
    before = {row["content_object_id"] for row in page_of(director, Filters(), size=500).rows}
    cases = set()
    for number, day in enumerate(days):
        person = factories.person(surname="abc"[number % 3])
        case = factories.led_case(director, person)
        cases.add(case.pk)
        if day is not None:
            due(case, clock.today() + timedelta(days=day))

    seen: list[dict[str, Any]] = []
    page = page_of(director, Filters(sort=sort), size=size)
    while True:
        seen += page.rows
        if page.next_token is None:
            break
        page = page_of(director, Filters(sort=sort), after=page.next_token, size=size)

    keys = [row["content_object_id"] for row in seen]
    column = {"deadline": "sort_deadline", "name": "sort_name", "contact": "sort_contact"}[sort.lstrip("-")]
    values = [(row[column], row["content_object_id"]) for row in seen]
    assert len(keys) == len(set(keys))
    assert set(keys) == cases | before
    assert values == sorted(values, reverse=sort.startswith("-"))
    assert not {row["content_object_id"] for row in page_of(member, Filters(), size=500).rows} & cases


def test_counts_stop_at_a_thousand(cast: Cast) -> None:
    member = cast.regievoerder
    factories.led_case(member)

    assert str(count_of(member, Filters())) == "1"
    assert columns_of(member) >= {"name", "phase", "waiting"}


def test_the_list_is_one_event_without_a_case(client: Client, cast: Cast) -> None:
    factories.led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    client.get("/zaken/")

    event = Event.objects.get(kind=EventKind.READ, route="cases:list")
    assert (event.case_id, event.detail) == (None, {"shown": 1})


# --- export --------------------------------------------------------------------------------------------------------


def test_an_export_asks_its_purpose_first(client: Client, cast: Cast) -> None:
    sign_in(client, cast.regievoerder)

    response = client.post("/zaken/uitvoer/", {"purpose": ""})

    assert response.status_code == 422
    assert not Event.objects.filter(kind=EventKind.EXPORT).exists()


def test_an_export_holds_the_visible_columns_of_the_filtered_list_and_is_recorded(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case = factories.led_case(member, factories.person(surname="Amari"))
    other = factories.led_case(member, phase=Phase.TRACK_FORCED)
    sign_in(client, member)

    response = client.post("/zaken/uitvoer/?phase=planning", {"purpose": "Overleg van maandag"})

    text = response.content.decode("utf-8-sig")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert case.number in text
    assert "AMARI, Sami" in text
    assert other.number not in text
    assert "Vertrouwelijk. Uitgevoerd door M. Hofstra, DT&V Team Noord 2" in text.splitlines()[0]
    assert case.person.v_number not in text
    event = Event.objects.get(kind=EventKind.EXPORT)
    assert (event.purpose, event.detail) == ("Overleg van maandag", {"cases": [case.number]})


def test_an_export_masks_what_the_list_masks(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    hidden = factories.led_case(member, factories.person(surname="Verborgen"))
    narrow(hidden, member, "identity")
    sign_in(client, member)

    text = client.post("/zaken/uitvoer/", {"purpose": "Overleg"}).content.decode()

    assert "VERBORGEN" not in text
    assert "Afgeschermd" in text


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_looks_like_a_formula_becomes_text(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


def test_a_name_that_looks_like_a_formula_is_neutral_in_the_file(client: Client, cast: Cast) -> None:
    factories.led_case(cast.regievoerder, factories.person(surname="=HYPERLINK(1)"))
    sign_in(client, cast.regievoerder)

    text = client.post("/zaken/uitvoer/", {"purpose": "Overleg"}).content.decode()

    assert "'=HYPERLINK(1)" in text
    assert ";=HYPERLINK" not in text
