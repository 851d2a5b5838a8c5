"""The case as it stood at a moment, under the rights of today; and a difference that hides the same on both sides."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.access import access_of
from cases.case.actions import add_task, change_phase
from cases.case.history_page import case_history
from cases.case.history_state import Kind, state_of
from cases.case.models import Part, PersonAlias, Phase, ProtectedAddress, ReturnCase, Signal, SignalKind, TaskKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import MASKED
from leidraad.lib.models import Event, EventKind
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, led_case, unit

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def begun() -> datetime:
    return clock.now() - 10 * HOUR


@pytest.fixture
def case(cast: Cast, begun: datetime) -> ReturnCase:
    with clock.as_if(begun):
        return at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))


def stood(member: Member, case: ReturnCase, moment: datetime) -> dict[str, Kind]:
    case.refresh_from_db()
    return {kind.title: kind for kind in state_of(case, access_of(member, case), moment)}


def value(kind: Kind, label: str) -> object:
    return dict(kind.records[0].fields).get(label)


def test_a_moment_shows_the_values_of_then_and_not_those_of_now(cast: Cast, case: ReturnCase, begun: datetime) -> None:
    with clock.as_if(begun + 5 * HOUR):
        change_phase(case, Phase.TRACK_FORCED, by=cast.regievoerder, reason="x")

    assert value(stood(cast.regievoerder, case, begun + 4 * HOUR)["Zaak"], "Fase") == "Vertrekplan maken"
    assert value(stood(cast.regievoerder, case, begun + 6 * HOUR)["Zaak"], "Fase") == "Gedwongen vertrek"


def test_before_the_first_version_there_is_nothing(cast: Cast, case: ReturnCase, begun: datetime) -> None:
    kinds = stood(cast.regievoerder, case, begun - HOUR).values()

    assert [kind.title for kind in kinds if kind.records] == []


def test_a_record_removed_by_then_is_not_there_and_one_not_yet_made_neither(
    cast: Cast, case: ReturnCase, begun: datetime
) -> None:
    kept = PersonAlias(person=case.person, name="Bouzid", source="BVV")
    with clock.as_if(begun + 2 * HOUR):
        save_as(kept, by=PRINCIPAL)
    with clock.as_if(begun + 4 * HOUR):
        later = save_as(PersonAlias(person=case.person, name="Aouadi", source="BVV"), by=PRINCIPAL)
    names = [
        [record.fields[0][1] for record in stood(cast.regievoerder, case, begun + hours * HOUR)["Andere naam"].records]
        if "Andere naam" in stood(cast.regievoerder, case, begun + hours * HOUR)
        else []
        for hours in (1, 3, 5)
    ]

    assert names == [[], ["Bouzid"], ["Bouzid", "Aouadi"]]
    assert later.pk


def test_the_rights_of_today_hold_for_then(cast: Cast, case: ReturnCase, begun: datetime) -> None:
    """DJI has a part but not the talks and the plan: what it may not read now it may not read of then."""
    involve(case, cast.dji.acting_unit, Part.CUSTODY, "law")
    kinds = stood(cast.dji, case, begun + HOUR)

    assert not access_of(cast.dji, case).can("phase.view")
    assert value(kinds["Zaak"], "Fase") == MASKED
    assert (
        value(kinds["Zaak"], "Uitkomst") == MASKED
    )  # although there is none: what is shut looks the same, filled or not


def test_what_tells_by_existing_is_absent(cast: Cast, case: ReturnCase, begun: datetime) -> None:
    with clock.as_if(begun + HOUR):
        save_as(
            ProtectedAddress(case=case, street="Lindelaan 1", city="X", source="BVV", since=clock.today()), by=PRINCIPAL
        )
        save_as(Signal(case=case, kind=SignalKind.MEDICAL, source="GZA", noted_on=clock.today()), by=PRINCIPAL)

    kinds = stood(cast.politie, case, begun + 2 * HOUR) | stood(cast.regievoerder, case, begun + 2 * HOUR)

    assert "Beschermd adres" not in kinds
    assert "Lindelaan" not in str(kinds)


def test_a_difference_hides_what_its_older_side_may_not_show(cast: Cast, case: ReturnCase) -> None:
    """A signal that was medical and is not any more: its former kind and source stay out of the history of who may not
    know medical facts, the whole step included."""
    signal = save_as(Signal(case=case, kind=SignalKind.MEDICAL, source="Arts X", noted_on=clock.today()), by=PRINCIPAL)
    signal.kind, signal.source = SignalKind.MINOR, "BVV"
    save_as(signal, by=PRINCIPAL)
    assert access_of(cast.casemanager, case).can("identity.view")

    changes = case_history(case, access_of(cast.casemanager, case)).changes

    assert "Arts X" not in str(changes)


def test_as_many_queries_for_many_versions_as_for_few(cast: Cast, case: ReturnCase) -> None:
    counts = []
    for rounds in (1, 30):
        for number in range(rounds):
            add_task(case, cast.regievoerder.acting_unit, TaskKind.OTHER, f"T{number}", by=cast.regievoerder)
        with CaptureQueriesContext(connection) as queries:
            state_of(case, access_of(cast.regievoerder, case), clock.now())
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_a_band_no_acts_and_a_way_back(cast: Cast, case: ReturnCase, client: Client) -> None:
    moment = clock.now() - HOUR
    address = f"/zaken/{case.number}/geschiedenis/stand/?op_date={moment:%d-%m-%Y}&op_time={moment:%H:%M}"

    response = sign_in(client, cast.regievoerder).get(address)
    page = response.content.decode()

    assert response.status_code == 200
    assert "Stand op" in page
    assert "Terug naar nu" in page
    assert "identity-actions" not in page
    assert 'method="post"' not in page.partition("<main")[2]
    event = Event.objects.get(route="cases:state")
    assert (event.kind, event.case_number) == (EventKind.HISTORY, case.number)
    assert event.detail["as_of"].startswith(f"{moment:%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("query", ["op_date=1-1-2999&op_time=09:00", "op_date=gisteren", "op_date=&op_time=09:00"])
def test_a_moment_to_come_or_none_is_a_wrong_form(cast: Cast, case: ReturnCase, client: Client, query: str) -> None:
    assert (
        sign_in(client, cast.regievoerder).get(f"/zaken/{case.number}/geschiedenis/stand/?{query}").status_code == 422
    )
