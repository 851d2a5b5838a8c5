"""Acts on the case page, as users send them: next step, phase, assignment, closing, reopening, access, printing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.actions import change_phase, record_next_step
from cases.case.models import (
    AccessRequest,
    Involvement,
    NamedAccess,
    Part,
    Phase,
    ProtectedAddress,
    ReturnCase,
    Task,
    TaskKind,
)
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import date_long
from leidraad.lib.models import Event, EventKind
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import at_site, closed_case, involve, led_case, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))


def url(case: ReturnCase, name: str) -> str:
    return reverse(f"cases:{name}", args=[case.number])


def sent(client: Client, case: ReturnCase, name: str, **values: Any) -> dict[str, Any]:
    """The values of a form as the page that was just opened holds them, with what the user filled in."""
    form = client.get(url(case, name)).context["form"]
    hidden = {field.html_name: field.value() for field in form.hidden_fields()}
    return hidden | values


def day(offset: int = 0) -> str:
    return clock.working_days_after(clock.today(), offset).strftime("%d-%m-%Y")


def test_a_next_step_gets_a_date_and_the_regievoerder(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    response = client.post(
        url(case, "next-step"),
        sent(client, case, "next-step", title="Eerste gesprek", day=day(2), moment="09:30"),
        follow=True,
    )

    task = Task.objects.get(case=case, kind=TaskKind.NEXT_STEP, done_at=None)
    assert (task.title, task.assignee) == ("Eerste gesprek", cast.regievoerder)
    assert task.due_at is not None
    assert task.due_at.astimezone(clock.now().tzinfo).strftime("%H:%M") == "09:30"
    assert f"De volgende stap is vastgelegd: Eerste gesprek, {date_long(task.due_at)}." in response.content.decode()


def test_a_second_step_asks_what_happened_with_the_first(cast: Cast, case: ReturnCase, client: Client) -> None:
    first = record_next_step(case, "Dossier lezen", clock.end_of(clock.today()), by=cast.regievoerder)
    sign_in(client, cast.regievoerder)
    values = sent(client, case, "next-step", title="Gesprek", day=day(2))

    missing = client.post(url(case, "next-step"), values)
    client.post(url(case, "next-step"), values | {"former": "replaced"})

    assert missing.status_code == 422
    assert "Kies wat er met de vorige stap is gebeurd." in missing.content.decode()
    assert Task.objects.get(pk=first.pk).history.latest().history_change_reason == "Former next step replaced"
    assert Task.objects.get(case=case, done_at=None).title == "Gesprek"


def test_a_step_in_the_past_is_refused_with_a_sentence(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    response = client.post(url(case, "next-step"), sent(client, case, "next-step", title="Te laat", day="01-01-2020"))

    assert response.status_code == 422
    assert "De datum mag niet vóór vandaag liggen." in response.content.decode()
    assert "Te laat" in response.content.decode()
    assert not Task.objects.exists()


def test_of_two_who_plan_at_once_the_second_sees_both_and_nothing_is_written(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    record_next_step(case, "Dossier lezen", clock.end_of(clock.today()), by=cast.regievoerder)
    sign_in(client, cast.regievoerder)
    mine = sent(client, case, "next-step", title="Mijn plan", day=day(3), former="done")
    manager = cast.manager
    record_next_step(case, "Plan van de manager", clock.end_of(clock.today()), by=manager)

    stale = client.post(url(case, "next-step"), mine)

    assert stale.status_code == 409
    text = stale.content.decode()
    assert "Mijn plan" in text
    assert "Plan van de manager" in text
    assert "J. van Asselt" in text
    assert Task.objects.get(case=case, done_at=None).title == "Plan van de manager"


def test_after_the_choice_the_input_is_saved(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    mine = sent(client, case, "next-step", title="Mijn plan", day=day(3), former="done")
    record_next_step(case, "Plan van de manager", clock.end_of(clock.today()), by=cast.manager)
    case.refresh_from_db()

    chosen = {"conflict": "1", "seen_version": str(case.version), "choose-title": "mine", "choose-day": "mine"}
    response = client.post(url(case, "next-step"), mine | chosen)

    assert response.status_code == 302
    assert Task.objects.get(case=case, done_at=None).title == "Mijn plan"


def test_only_phases_that_may_follow_are_offered(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    text = client.get(url(case, "phase")).content.decode()
    refused = client.post(url(case, "phase"), sent(client, case, "phase", phase=Phase.DEPARTED, reason="Zomaar"))

    assert 'value="track_voluntary"' in text
    assert 'value="departed"' not in text
    assert refused.status_code == 422
    assert "kan deze stap niet" in refused.content.decode()


def test_a_phase_is_changed_with_its_reason(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    client.post(
        url(case, "phase"), sent(client, case, "phase", phase="track_voluntary", reason="Wil met IOM vertrekken")
    )

    case.refresh_from_db()
    assert case.phase == "track_voluntary"
    assert case.history.latest().history_change_reason == "Wil met IOM vertrekken"


def test_a_stale_phase_writes_nothing(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)
    mine = sent(client, case, "phase", phase="track_voluntary", reason="IOM")
    change_phase(case, Phase.TRACK_FORCED, by=cast.manager, reason="Weigert")

    response = client.post(url(case, "phase"), mine)

    case.refresh_from_db()
    assert response.status_code == 409
    assert "Gedwongen vertrek" in response.content.decode()
    assert case.phase == Phase.TRACK_FORCED


def test_the_manager_assigns_and_the_regievoerder_may_not(cast: Cast, case: ReturnCase, client: Client) -> None:
    colleague = member_of(unit("dtv-noord-2"), "case_director", "collega")
    assert sign_in(client, cast.regievoerder).get(url(case, "assign")).status_code == 403
    sign_in(client, cast.manager)

    client.post(url(case, "assign"), sent(client, case, "assign", director=colleague.pk, reason="Caseload"))

    case.refresh_from_db()
    assert case.director == colleague


def test_closing_shows_who_loses_access_before_anything_is_written(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)
    values = sent(client, case, "close", outcome="departed_unsupervised", reason="Bericht van vertrek AVIM")

    confirm = client.post(url(case, "close"), values)

    text = confirm.content.decode()
    case.refresh_from_db()
    assert "azc Veenmeer" in text
    assert "Wie de toegang verliest" in text
    assert "Vertrek niet aangetoond." in text
    assert not case.is_closed


def test_confirmed_closing_ends_every_part_but_the_leads(cast: Cast, case: ReturnCase, client: Client) -> None:
    record_next_step(case, "Nog iets", clock.end_of(clock.today()), by=cast.regievoerder)
    sign_in(client, cast.regievoerder)
    values = sent(client, case, "close", outcome="departed_independently", reason="Uitreis bevestigd")
    hidden = client.post(url(case, "close"), values).context["hidden"]

    response = client.post(url(case, "close"), hidden | {"confirm": "yes"})

    case.refresh_from_db()
    assert response.status_code == 302
    assert (case.is_closed, case.outcome) == (True, "departed_independently")
    assert [one.part for one in Involvement.objects.running().filter(case=case)] == [Part.LEAD]
    assert not Task.objects.open().filter(case=case).exists()


def test_a_closed_case_is_reopened_with_a_reason(cast: Cast, client: Client) -> None:
    case = closed_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    without = client.post(url(case, "reopen"), sent(client, case, "reopen", reason=""))
    client.post(url(case, "reopen"), sent(client, case, "reopen", reason="Opnieuw aangetroffen"))

    case.refresh_from_db()
    assert without.status_code == 422
    assert (case.is_closed, case.phase) == (False, Phase.PLANNING)


@pytest.mark.parametrize("name", ["next-step", "phase", "close", "assign"])
def test_a_closed_case_is_read_only(cast: Cast, client: Client, name: str) -> None:
    case = closed_case(cast.regievoerder)

    response = sign_in(client, cast.regievoerder).post(url(case, name), {})

    case.refresh_from_db()
    assert response.status_code in {403, 409, 422}
    assert case.is_closed


@pytest.mark.parametrize("name", ["next-step", "phase", "close", "assign", "reopen"])
def test_a_partner_acts_on_nothing(cast: Cast, case: ReturnCase, client: Client, name: str) -> None:
    assert sign_in(client, cast.casemanager).post(url(case, name), {}).status_code == 403


def test_printing_asks_what_for_and_is_recorded(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.regievoerder)

    without = client.post(url(case, "print"), {})
    sheet = client.post(url(case, "print"), {"purpose": "meeting", "note": "LKO 26 november"})

    event = Event.objects.get(kind=EventKind.PRINT)
    text = sheet.content.decode()
    assert without.status_code == 422
    assert (event.case_number, event.purpose) == (case.number, "voor een overleg: LKO 26 november")
    assert "Vertrouwelijk" in text
    assert "M. Hofstra (u)" not in text
    assert case.number in text
    assert "M. Hofstra" in text


def test_another_purpose_must_be_named(cast: Cast, case: ReturnCase, client: Client) -> None:
    response = sign_in(client, cast.regievoerder).post(url(case, "print"), {"purpose": "other"})

    assert response.status_code == 422
    assert not Event.objects.filter(kind=EventKind.PRINT).exists()


# --- protected address ----------------------------------------------------------------------------------------------


def protect(case: ReturnCase) -> None:
    address = ProtectedAddress(
        case=case, street="Geheimweg 1", postcode="9999 XZ", city="Nergens", source="COA", since=clock.today()
    )
    save_as(address, by=PRINCIPAL)


def name_for(case: ReturnCase, member: Any) -> None:
    now = clock.now()
    named = NamedAccess(
        member=member,
        case=case,
        section="protected_address",
        ground="Aangewezen",
        since=now,
        until=clock.end_of(clock.working_days_after(now.date(), 5)),
    )
    save_as(named, by=PRINCIPAL)


def test_a_protected_address_leaves_no_trace_for_who_is_not_named(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.casemanager)

    def address_panel() -> str:
        return client.get(url(case, "person")).content.decode().split('id="adres"')[1].split("</section>")[0]

    before = address_panel()
    protect(case)

    assert address_panel() == before
    assert "eschermd" not in before
    assert client.get(url(case, "protected-address")).status_code == 403


def test_named_staff_open_it_with_a_purpose_and_that_is_recorded(cast: Cast, case: ReturnCase, client: Client) -> None:
    protect(case)
    name_for(case, cast.regievoerder)
    sign_in(client, cast.regievoerder)

    listed = client.get(url(case, "person")).content.decode()
    asked = client.get(url(case, "protected-address")).content.decode()
    shown = client.post(url(case, "protected-address"), {"purpose": "Gesprek op locatie"}).content.decode()

    assert "Beschermd adres" in listed
    assert "Geheimweg" not in listed
    assert "Geheimweg" not in asked
    assert "Geheimweg 1" in shown
    event = Event.objects.get(purpose="Gesprek op locatie")
    assert (event.case_number, event.detail) == (case.number, {"opened": "protected_address"})


def test_police_without_a_name_on_it_does_not_open_it(cast: Cast, case: ReturnCase, client: Client) -> None:
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    protect(case)

    assert sign_in(client, cast.politie).post(url(case, "protected-address"), {"purpose": "x"}).status_code == 403


def test_access_to_a_closed_case_is_not_asked_and_leaves_no_task(client: Client, cast: Cast) -> None:
    case = closed_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)
    address = url(case, "ask-access") + "?recht=history.view"

    refused = client.post(address, {"reason": "Nog een vraag"})

    assert refused.status_code == 422
    assert "Vraag DT&amp;V Team Noord 2 om de zaak te heropenen" in refused.content.decode()
    assert not AccessRequest.objects.exists()
    assert not Task.objects.open().filter(case=case).exists()
