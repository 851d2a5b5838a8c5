"""One world for everybody: a case in which all partners have a part, the six states of it, and every step of the work."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import resolve

from cases.case.access_questions import ask_access
from cases.case.models import Address, Part, ProtectedAddress, ReturnCase, Signal
from cases.case.models.choices import SIGNAL_SECTION
from cases.reception.actions import change_room
from cases.supervision.actions import record_outcome, send_outcome
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from tests.access.drawn import Drawn, Form, posts
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.handover import hand
from tests.handover.imports import read_rows
from tests.procedure import answered
from tests.reception import stays
from tests.requests import asked
from tests.supervision import reporting, visits
from tests.test_access import USERNAMES, address, has_key, table
from tests.world import PARTS, STATES, Keys, World

SITE = "azc-veenmeer"


class Everybody(World):
    """As World makes it for the casemanager of azc Veenmeer, but everybody has a part in the own case."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast, "casemanager")
        self.case = ReturnCase.objects.get(number=self.own.number)
        self._involve_all(self.case)
        self.marked, self.hidden = self._with_words(), self._hidden()
        self.states |= self.steps()

    def _involve_all(self, case: ReturnCase) -> None:
        for name, (part, ground) in PARTS.items():
            if part != Part.RECEPTION:
                involve(case, getattr(self.cast, name).acting_unit, part, ground)

    def _with_words(self) -> Keys:
        """A case of everybody with words in it that nobody else would write, each in what one section shows: MARKS."""
        cast, today = self.cast, clock.today()
        stay = stays.staying(cast)
        case = stay.case
        self._involve_all(case)
        save_as(Address(case=case, street="Merkadres 1", city="Veenmeer", source="IND", since=today), by=PRINCIPAL)
        change_room(stay, "Merkkamer", by=cast.casemanager)
        request = asked.accepted(cast, case, reason="Merkverzoek")
        visit = visits.visit(note="Merkbezoek")
        task = visits.task_of(request)
        send_outcome(record_outcome(task, visit, by=cast.politie), by=cast.politie)
        question = answered.answered(cast, case, answered.stating(note="Merkantwoord")).request_id
        return Keys(number=case.number, request=request.pk, task=task.pk, question=question, placement=stay.pk)

    def _hidden(self) -> ReturnCase:
        """Everybody has a part in it; the person stays at a protected address, with every signal there is."""
        case = at_site(led_case(self.cast.regievoerder), unit(SITE))
        self._involve_all(case)
        involve(case, unit("avim-noord"), Part.SUPERVISION)
        since = clock.today()
        address = ProtectedAddress(case=case, street="Merkgeheim 1", city="Elders", source="IND", since=since)
        save_as(address, by=PRINCIPAL)
        for kind in SIGNAL_SECTION:
            save_as(Signal(case=case, kind=kind, source="IND", noted_on=since), by=PRINCIPAL)
        return case

    def steps(self) -> dict[str, Keys]:
        """Where something waits for an answer that the six states do not hold: only the keys of what waits."""
        cast = self.cast
        question = ask_access(self.case, "documents.view", "Brief zoeken", by=cast.coa_receptie)
        stay = {
            "reserved": stays.reserved(cast),
            "overdue": stays.overdue(cast),
            "arrived": stays.moved(cast),
            "ended": stays.ended(cast),
        }
        duty = reporting.obliged_to_report(cast, self.case, by=cast.politie, since=clock.today())
        file = read_rows(
            cast.intake,
            {"referentie": "IND-1", "v_nummer": "9990000001"},
            {"referentie": "IND-2", "v_nummer": "9990000001"},
        )
        return {
            "queried": Keys(handover=hand.queried(cast).pk),
            "returned": Keys(handover=hand.returned(cast).pk),
            "reported": Keys(request=asked.reported(cast).pk),
            "pending": Keys(task=visits.recorded(cast).task_id),
            "answered": Keys(question=answered.answered(cast).request_id),
            "asked": Keys(number=self.own.number, access=question.pk),
            "held": Keys(file=file.pk),
            "opened": Keys(handover=hand.opened(cast).pk),
            "idle": Keys(number=asked.accepted(cast).case.number),
            "marked": self.marked,
            "hidden": Keys(number=self.hidden.number),
            "reporting": Keys(site=SITE, mark=reporting.noted(duty, clock.today()).pk),
            **{name: Keys(number=one.case.number, placement=one.pk) for name, one in stay.items()},
        }


# Which section shows each of these words. They may also be read by who asked or was asked, and by nobody else.
MARKS = {
    "Merkadres": "address",
    "Merkgeheim": "protected_address",
    "Merkkamer": "residence",
    "Merkverzoek": "requests",
    "Merkbezoek": "supervision",
    "Merkantwoord": "removability",
}
# What stays apart, why, and where it is tried besides the lines of access.csv and the swapped keys of addresses.
SENT_ELSEWHERE = {
    "cases:measure": "what hangs together is filled in by tests/supervision/test_measure_rights.py",
    "cases:representative": "one main representative at a time: tests/procedure/test_representatives.py",
    "cases:informed": "only who recorded it, that day: tests/procedure/test_representatives.py",
    "policy:": "a version for everybody, which would change what all others may: tests/pages/test_policy_pages.py",
    "pages:framework": "rules of law, of no case: tests/terms/test_framework_page.py",
    "pages:guards": "rules of law, of no case: tests/terms/test_framework_page.py",
    "pages:stop-grounds": "grounds of stops, of no case: tests/pages/test_stops.py",
    "cases:departure": "what the guards of a whole case let through: tests/departure/test_departure_pages.py",
    "cases:judgement": "what was judged of a departure: tests/departure/test_departure_pages.py",
    "incidents:": "only what happened against a guard: tests/departure/test_departure_pages.py",
    "cases:referrals": "what a referral told is read by who has the case: tests/handover/test_referral_pages.py",
    "handover:referral": "told once, with a key of the form: tests/handover/test_referral_pages.py",
}
APART = tuple(SENT_ELSEWHERE)
# Pages beside those with the keys of a state alone: a question in the address, or a case that is looked at whole.
EXTRA = [
    ("own", "supervision:outcome", "?outcome=not_found"),
    ("own", "pages:save-filter", "?phase=planning"),
    ("own", "cases:state", f"?op_date={clock.today():%d-%m-%Y}&op_time="),
    ("idle", "cases:impose-reporting", ""),
    *(
        (state, f"cases:{name}", "")
        for state in ("marked", "hidden")
        for name in ("detail", "person", "residence", "history", "print", "activity", "access", "supervision")
    ),
]


class _Used:
    """Keys that remember which of them were asked for."""

    def __init__(self, keys: Keys) -> None:
        self.keys, self.names = keys, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self.keys, name)


NOTHING_KNOWN = Keys()


@cache
def keys_of(url: str) -> set[str]:
    """Which keys the address of this URL is made of."""
    used = _Used(NOTHING_KNOWN)
    address(url, used)  # type: ignore[arg-type]  # it reads names of Keys and nothing else
    return used.names


def is_about(url: str, keys: Keys) -> bool:
    """Whether a step is about this URL: it has all its keys, and more than the number of the case."""
    names = keys_of(url)
    known = {one.name for one in fields(Keys) if getattr(keys, one.name) != getattr(NOTHING_KNOWN, one.name)}
    return names <= known | {"week"} and bool(names - {"number", "site", "week"})


def reading(username: str, world: World) -> Iterator[tuple[str, str, str]]:
    """Each page that may open for this member: the state, the URL and the address."""
    for door in table():
        if door.method != "GET" or username not in door.members or door.url.startswith(("mfa_", "account_", *APART)):
            continue
        for state, url, query in EXTRA:
            if url == door.url and door.answers["own"] == "200":
                yield state, url, address(url, world.states[state]) + query
        for state, keys in world.states.items():
            if state not in STATES:
                if has_key(door.url) and is_about(door.url, keys) and {"200", "302"} & set(door.answers.values()):
                    yield state, door.url, address(door.url, keys)
            elif door.answers[state] == "200" and (state == "own" or has_key(door.url)):
                yield state, door.url, address(door.url, keys)


# --- what everybody is shown ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """One page as one member gets it."""

    username: str
    state: str
    url: str
    path: str
    html: str

    @cached_property
    def forms(self) -> list[Form]:
        return Drawn.of(self.path, self.html).forms


@dataclass(frozen=True)
class Target:
    """Something that can be sent: the address, and what makes one button on it another than the next."""

    path: str
    button: str
    value: str
    act: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.path, self.button, self.value, self.act) if part)


@dataclass
class Everything:
    world: Everybody
    clients: dict[str, Client]
    pages: list[Page]

    def forms(self) -> dict[Target, dict[str, Form]]:
        """Every way to send something, and for whom it is drawn."""
        found: dict[Target, dict[str, Form]] = {}
        for page in self.pages:
            for form, path, name, value in posts(page.forms):
                acts = form.fields["act"].chosen if "act" in form.fields else []
                target = Target(path, name, "" if name in OWN_VALUE else value, " ".join(acts))
                if named(path) not in FRAME and not named(path).startswith(APART):
                    # The form as it was drawn last: opening a handover makes a new version of it.
                    found.setdefault(target, {})[page.username] = form
        return found


def named(path: str) -> str:
    """The name of the URL behind an address."""
    return str(resolve(urlsplit(path).path).view_name)


# On every page, for everybody who is signed in; sending these ends the session or changes only how pages look.
FRAME = {"partners:sign-out", "partners:sign-out-everywhere", "partners:lock", "partners:language", "partners:display"}
FRAME |= {"pages:search"}
# Buttons whose value is a key of what stands beside them.
OWN_VALUE = {"rij", "notice"}


def everything() -> Everything:
    """All pages of all members. Takes some forty seconds on a quiet machine: once for all that is asked of them."""
    world, clients, pages = Everybody(Cast()), {}, []
    for username in USERNAMES:
        client = clients[username] = sign_in(Client(), getattr(world.cast, username.replace("-", "_")))
        for state, url, path in reading(username, world):
            response = client.get(path)
            if response.status_code == 200 and not response.streaming:
                pages.append(Page(username, state, url, path, response.content.decode()))
    return Everything(world, clients, pages)
