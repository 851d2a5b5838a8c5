"""Sessions: where one is signed in, ending them, the lock after idle time and coming back to the same place."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from partners.models import Membership, Role
from partners.sign_in.sessions import device_in_words
from partners.tasks import clear_sessions
from tests.cast import PRINCIPAL, Cast
from tests.partners.factors import give_password

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
CASES = "/zaken/?phase=planning"


@contextmanager
def later(minutes: float) -> Iterator[None]:
    with clock.as_if(clock.now() + timedelta(minutes=minutes)):
        yield


def browser(user_agent: str = FIREFOX, username: str = "regievoerder") -> Client:
    client = Client(headers={"User-Agent": user_agent})
    assert give_password(client, username).status_code == 302
    return client


# --- the list -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox op Windows"),
        (PHONE, "Chrome op Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.0 Safari/605.1", "Safari op macOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge op Windows"),
        ("curl/8", "Onbekend apparaat"),
        ("", "Onbekend apparaat"),
    ],
)
def test_a_device_is_told_in_words(user_agent: str, words: str) -> None:
    assert device_in_words(user_agent) == words


def test_a_member_sees_the_own_sessions_and_which_is_this_one(cast: Cast) -> None:
    desk, _phone, _other = browser(), browser(PHONE), browser(PHONE, "manager")

    page = desk.get("/sessies/")

    shown = page.context["sessions"]
    assert [(one.device, one.is_this) for one in shown] == [("Firefox op Windows", True), ("Chrome op Android", False)]
    assert "deze sessie" in page.content.decode()


def test_one_session_is_ended_and_is_nobody_on_its_next_request(cast: Cast) -> None:
    desk, phone = browser(), browser(PHONE)
    pk = desk.get("/sessies/").context["sessions"][1].pk

    assert desk.post("/sessies/beeindigen/", {"session": pk})["Location"] == "/sessies/"

    assert phone.get("/mijn-werk/")["Location"].startswith("/aanmelden/")
    assert desk.get("/mijn-werk/").status_code == 200
    assert Event.objects.get(kind=EventKind.SESSION_ENDED).detail == {"how": "by_member"}


def test_the_session_of_another_member_cannot_be_ended(cast: Cast) -> None:
    desk, other = browser(), browser(username="manager")
    pk = other.get("/sessies/").context["sessions"][0].pk

    assert desk.post("/sessies/beeindigen/", {"session": pk}).status_code == 404
    assert other.get("/mijn-werk/").status_code == 200


def test_signing_out_everywhere_ends_every_session_this_one_too(cast: Cast) -> None:
    desk, phone, other = browser(), browser(PHONE), browser(username="manager")

    assert desk.post("/sessies/overal-afmelden/")["Location"] == "/aanmelden/"

    for ended in (desk, phone):
        assert ended.get("/mijn-werk/")["Location"].startswith("/aanmelden/")
    assert other.get("/mijn-werk/").status_code == 200
    assert Event.objects.get(kind=EventKind.SESSION_ENDED).detail == {"how": "everywhere", "count": 2}


def test_a_session_that_was_signed_out_is_in_no_list(cast: Cast) -> None:
    desk, phone = browser(), browser(PHONE)
    phone.post("/afmelden/")

    assert len(desk.get("/sessies/").context["sessions"]) == 1


def test_rows_of_sessions_that_are_gone_are_cleared_daily(cast: Cast) -> None:
    from allauth.usersessions.models import UserSession

    browser(PHONE).post("/afmelden/")
    browser()

    clear_sessions()

    assert UserSession.objects.count() == 1


# --- the lock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("user_agent", "minutes"), [(FIREFOX, 30), (PHONE, 10)])
def test_a_session_locks_after_its_idle_time(cast: Cast, user_agent: str, minutes: int) -> None:
    client = browser(user_agent)
    with later(minutes - 1):
        assert client.get("/mijn-werk/").status_code == 200
    with later(2 * minutes):
        response = client.get("/mijn-werk/")

    assert (response.status_code, response["Location"]) == (302, "/aanmelden/")
    assert "_auth_user_id" not in client.session
    assert Event.objects.get(kind=EventKind.SESSION_ENDED).detail == {"how": "idle"}


def test_the_time_is_what_the_administrator_set(cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_LOCK_MINUTES = 5
    client = browser()

    with later(6):
        assert client.get("/mijn-werk/").status_code == 302


def test_each_sign_of_life_begins_the_time_anew(cast: Cast) -> None:
    client = browser()
    for minutes in (20, 40, 60):
        with later(minutes):
            assert client.get("/hulp/").status_code == 200


def test_what_a_page_does_by_itself_is_no_sign_of_life(cast: Cast) -> None:
    client = browser()
    with later(20):
        assert client.get("/hulp/", headers={"X-Leidraad-By-Itself": "1"}).status_code == 200
        assert client.get("/sessie/").json() == {"signed_in": True, "idle": 1200}
    with later(31):
        assert client.get("/hulp/").status_code == 302


def test_one_key_extends_the_time_and_asking_for_it_does_not(cast: Cast) -> None:
    client = browser()
    with later(29):
        assert client.post("/sessie/").json()["idle"] == 0
    with later(58):
        assert client.get("/sessie/").json()["signed_in"] is True
    with later(60):
        assert client.get("/sessie/").json() == {"signed_in": False}


def test_a_session_ends_after_a_working_day_however_busy(cast: Cast) -> None:
    client = browser()
    for minutes in range(0, 12 * 60, 20):
        with later(minutes):
            assert client.get("/hulp/").status_code == 200

    with later(12 * 60 + 1):
        assert client.get("/hulp/").status_code == 302


def test_the_same_member_returns_to_the_same_place(cast: Cast) -> None:
    client = browser()
    with later(31):
        client.get(CASES)
        assert "Leidraad is vergrendeld." in client.get("/aanmelden/").content.decode()
        assert give_password(client, "regievoerder")["Location"] == CASES


def test_another_member_at_the_same_machine_does_not_learn_the_place(cast: Cast) -> None:
    client = browser()
    with later(31):
        client.get(CASES)
        assert "phase" not in client.get("/aanmelden/").content.decode()

        assert give_password(client, "manager")["Location"] == "/"
        client.post("/afmelden/")
        assert give_password(client, "regievoerder")["Location"] == "/"


def test_who_worked_for_one_of_several_units_goes_on_for_that_one(cast: Cast) -> None:
    member = cast.regievoerder
    second = Membership(member=member, unit=cast.unit("dtv-zuid-1"), role=Role.objects.get(code="case_director"))
    save_as(second, by=PRINCIPAL)
    client = browser()
    client.post("/werken-als/", {"membership": second.pk})
    with later(31):
        client.get("/zaken/")
        assert give_password(client, "regievoerder")["Location"] == "/zaken/"
        assert client.get("/zaken/").wsgi_request.member.acting_unit_id == second.unit_id  # type: ignore[attr-defined]


def test_the_lock_button_locks_at_once(cast: Cast) -> None:
    client = browser(PHONE)

    response = client.post("/vergrendelen/", headers={"Referer": f"http://testserver{CASES}"})

    assert response["Location"] == "/aanmelden/"
    assert client.get(CASES)["Location"].startswith("/aanmelden/")
    assert Event.objects.get(kind=EventKind.SESSION_ENDED).detail == {"how": "by_member"}
    assert give_password(client, "regievoerder")["Location"] == CASES


@pytest.mark.parametrize("shown", ["https://example.com/zaken/", "http://testserver//example.com/", "x"])
def test_a_place_on_another_site_is_no_place(cast: Cast, shown: str) -> None:
    client = browser()
    client.post("/vergrendelen/", headers={"Referer": shown})

    target = give_password(client, "regievoerder")["Location"]
    assert not target.startswith(("http", "//"))


def test_a_part_of_a_page_that_is_asked_after_the_lock_leads_the_whole_page_to_signing_in(cast: Cast) -> None:
    client = browser()
    with later(31):
        page = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{CASES}"}
        response = client.get("/zaken/", headers=page)
        assert response.headers["HX-Redirect"] == "/aanmelden/"
        assert response.content == b""
        assert give_password(client, "regievoerder")["Location"] == CASES
