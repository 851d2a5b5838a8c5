"""Every door, for every role, in every state of a case. `access.csv` says what each answers; a URL that is missing fails.

A line reads: this URL, with this method, for these members, answers these statuses: own case, another unit's, another
organisation's, only offered, closed, not existing. A dash: the URL has no key, so the first column says it all.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from partners.reference_data import lines
from tests.cast import Cast, sign_in
from tests.world import NOTHING, STATES, Keys, World

TABLE = Path(__file__).with_name("access.csv")
# Open to whoever asks: they show nothing of anybody. Everything else is in the table.
OPEN = {"healthz", "readyz", "partners:sign-in", "partners:demo-accounts", "partners:language"}
OPEN |= {"pages:accessibility", "account_login", "mfa_login_webauthn", "partners:session-state"}
OPEN |= {"openid_connect_login", "openid_connect_callback"}
# Their own tests say what they do; signing out would end the session that the table works with.
ELSEWHERE = {"partners:sign-out", "partners:work-as", "pages:search-results", "mfa_authenticate"}
ELSEWHERE |= {"partners:lock", "partners:sign-out-everywhere", "terms:feed"}
USERNAMES = [line["username"] for line in lines("demo_accounts.csv")]
NAMESPACE_KEY = {
    "requests": "request",
    "supervision": "task",
    "handover": "handover",
    "pages": "redistribution",
    "procedure": "question",
    "identity": "error_report",
    "register": "mark",
    "looks": "look",
    "incidents": "incident",
}
# Second keys of addresses under a case.
KEYS_OF_CASE = {
    "cases:answer-access": "access",
    "cases:access-end": "involvement",
    "cases:access-exception": "involvement",
    "cases:access-lift": "exception",
    "cases:view-as": "involvement",
    "cases:named-end": "named",
    "cases:consent-withdraw": "consent",
    "cases:informed-strike": "informed",
    "cases:identity-conflict": "conflict",
    "cases:identity-undo": "decided",
    "cases:measure": "measure",
    "cases:measure-correct": "measure",
    "cases:measure-lift": "measure",
    "cases:measure-take-back": "measure",
    "cases:measure-void": "measure",
    "cases:measure-court": "measure",
    "cases:measure-court-void": "measure",
    "cases:measure-extend": "measure",
    "cases:measure-extension-void": "measure",
    "cases:readiness-strike": "statement",
    "cases:stop-lift": "stop",
    "cases:judgement": "judgement",
    "cases:departure-change": "departure",
    "cases:departure-book": "departure",
    "cases:departure-permit": "departure",
    "cases:departure-withdraw": "departure",
    "cases:departure-failed": "departure",
    "cases:departure-cancel": "departure",
    "cases:law-notify": "decision",
    "cases:law-replace": "decision",
    "cases:law-period": "decision",
    "cases:law-remedy-new": "decision",
    "cases:law-strike": "decision",
    "cases:law-confirm": "decision",
    "cases:law-hearing": "remedy",
    "cases:law-ruling": "remedy",
    "cases:law-effect": "remedy",
    "cases:law-hearing-cancel": "hearing",
    "cases:law-procedure-change": "procedure",
    "cases:law-step": "procedure",
    "cases:law-procedure-end": "procedure",
    "cases:law-step-back": "step",
    "cases:law-claim-change": "claim",
    "cases:law-claim-move": "claim",
    "cases:law-move-back": "move",
    "cases:law-postponement-step": "postponement",
}


@dataclass(frozen=True)
class Door:
    url: str
    method: str
    members: frozenset[str]
    answers: dict[str, str]


@cache
def routes() -> dict[str, URLPattern]:
    """Every named URL of ours."""
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, namespace: str) -> None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern, f"{pattern.app_name}:" if pattern.app_name else namespace)
            else:
                found[f"{namespace}{pattern.name}"] = pattern

    walk(get_resolver(), "")
    return found


@cache
def table() -> list[Door]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Door(line["url"], line["method"], members(line["members"]), {state: line[state] for state in STATES})
            for line in csv.DictReader(file)
        ]


def members(text: str) -> frozenset[str]:
    """Names, `*` for everybody, `* -name` for everybody but."""
    words = text.split()
    if words[0] != "*":
        return frozenset(words)
    return frozenset(USERNAMES) - {word.removeprefix("-") for word in words[1:]}


def address(url: str, keys: Keys) -> str:
    """The URL with the keys of one state in it."""
    values: dict[str, object] = {}
    for name in routes()[url].pattern.converters:
        if name == "number" and url == "handover:import-row":
            values[name] = 2
        elif name == "number":
            values[name] = keys.number
        elif name == "role":
            values[name] = "supervision_officer"
        elif name in ("site", "week", "version", "line", "fact", "extension"):
            values[name] = getattr(keys, name)
        elif url.startswith("handover:import"):
            values[name] = keys.file
        elif url.startswith("handover:referral"):
            values[name] = keys.referral
        elif url in ("pages:saved-filter", "pages:delete-filter"):
            values[name] = keys.saved_filter
        elif url.startswith("mfa_"):
            values[name] = NOTHING
        elif name == "what":
            values[name] = "besluit"
        elif name == "table":
            values[name] = "cases_person"
        elif name == "key":
            values[name] = keys.record
        elif url == "privacy:redaction":
            values[name] = keys.redaction
        elif url == "looks:answer":
            values[name] = keys.review
        elif url in KEYS_OF_CASE:
            values[name] = getattr(keys, KEYS_OF_CASE[url])
        elif url.startswith("cases:representative"):
            values[name] = keys.representative
        elif url.startswith(("cases:residence", "reception:")):
            values[name] = keys.placement
        else:
            values[name] = getattr(keys, NAMESPACE_KEY[url.split(":")[0]])
    return reverse(url, kwargs=values)


def without_own_words(page: str) -> str:
    """A page without what differs from request to request: the security token, the address asked for, the time."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
    return re.sub(r"Z-\d{4}-\d{6}|\d\d:\d\d|X-CSRFToken[^}]*", "", page)


def has_key(url: str) -> bool:
    return bool(routes()[url].pattern.converters)


def ask(client: Client, method: str, url: str, keys: Keys) -> str:
    """The status, and nothing left behind: what a POST did is taken back."""
    with transaction.atomic():
        path = address(url, keys)
        response = client.get(path) if method == "GET" else client.post(path, {})
        transaction.set_rollback(True)
    return str(response.status_code)


def test_every_url_is_in_the_table() -> None:
    known = {door.url for door in table()} | OPEN | ELSEWHERE

    assert set(routes()) - known == set(), "say in tests/access.csv who may come in here"
    assert known - set(routes()) == set(), "tests/access.csv names URLs that are gone"


def test_every_url_is_answered_for_every_member() -> None:
    for url in {door.url for door in table()}:
        for method in {door.method for door in table() if door.url == url}:
            named = [name for door in table() if (door.url, door.method) == (url, method) for name in door.members]
            assert sorted(named) == sorted(USERNAMES), f"{method} {url}"


@pytest.mark.django_db
@pytest.mark.parametrize("username", USERNAMES)
def test_what_each_door_answers(cast: Cast, client: Client, username: str) -> None:
    world = World(cast, username)
    sign_in(client, getattr(cast, username.replace("-", "_")))

    wrong = []
    for door in table():
        if username in door.members:
            for state in STATES if has_key(door.url) else STATES[:1]:
                status = ask(client, door.method, door.url, world.states[state])
                if status != door.answers[state]:
                    wrong.append(f"{door.method} {door.url} {state}: {status}, the table says {door.answers[state]}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_nobody_comes_in_without_signing_in(cast: Cast, client: Client) -> None:
    keys = World(cast, "regievoerder").own

    for url in sorted(set(routes()) - OPEN):
        if url in ELSEWHERE:
            continue
        response = client.get(address(url, keys))
        assert response.status_code in (302, 405), url
        if response.status_code == 302:
            assert response["Location"].startswith("/aanmelden/"), url


def statements(client: Client, path: str) -> tuple[str, list[str]]:
    """The page, and what was asked of the database for it: the statements without the values in them."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    told = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in asked]
    return without_own_words(response.content.decode(errors="replace")), told


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["regievoerder", "casemanager", "politie"])
def test_what_is_out_of_sight_costs_the_same_as_what_does_not_exist(username: str, cast: Cast, client: Client) -> None:
    world = World(cast, username)
    sign_in(client, getattr(cast, username))
    differing = []

    for door in table():
        if door.method != "GET" or username not in door.members or not has_key(door.url):
            continue
        missing = statements(client, address(door.url, world.states["missing"]))
        for state in ("other_unit", "other_org"):
            if door.answers[state] == door.answers["missing"] == "404":
                foreign = statements(client, address(door.url, world.states[state]))
                if foreign != missing:
                    differing.append(f"{door.url} {state}: {len(foreign[1])} statements, {len(missing[1])} for nothing")

    assert not differing, "\n".join(differing)


@pytest.mark.django_db
def test_a_case_of_others_is_answered_like_one_that_does_not_exist(cast: Cast, client: Client) -> None:
    world = World(cast, "regievoerder")
    sign_in(client, cast.regievoerder)

    foreign = client.get(address("cases:detail", world.states["other_unit"]))
    nothing = client.get(address("cases:detail", world.states["missing"]))

    assert foreign.status_code == nothing.status_code == 404
    assert without_own_words(foreign.content.decode()) == without_own_words(nothing.content.decode())
    assert "Deze pagina bestaat niet of is niet met u gedeeld." in foreign.content.decode()
