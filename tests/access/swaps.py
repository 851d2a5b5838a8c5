"""For each name that carries a key, the key of something that this member has nothing to do with."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.test import Client

from cases.supervision.models import Attempt
from partners.models import Member, Membership, Notice, Unit
from tests.access.drawn import Field
from tests.access.everybody import Everybody
from tests.access.ids import plain
from tests.access.written import taken_back
from tests.test_access import without_own_words
from tests.world import NOTHING

Foreign = Callable[[Everybody, Field], object]


def _unit(_world: Everybody, field: Field) -> object:
    return Unit.objects.exclude(pk__in=[key for key in field.offered if key.isdecimal()]).order_by("pk")[0].pk


def _team(_world: Everybody, field: Field) -> object:
    return Unit.objects.exclude(code__in=field.offered).order_by("pk")[0].code


def _member(_world: Everybody, field: Field) -> object:
    if any(":" in key for key in field.offered):  # a team and a member together: those of another desk
        other = Membership.objects.get(member__username="casemanager2")
        return f"{other.unit_id}:{other.member_id}"
    if plain(field.name) != field.name:  # the key stands in the name
        return Member.objects.get(username="regievoerder2").pk
    return Member.objects.exclude(pk__in=[key for key in field.offered if key.isdecimal()]).order_by("pk")[0].pk


def _membership(_world: Everybody, field: Field) -> object:
    return Membership.objects.exclude(pk__in=[key for key in field.offered if key.isdecimal()]).order_by("pk")[0].pk


def _notice(_world: Everybody, field: Field) -> object:
    return Notice.objects.filter(unit__code="ind-noord").exclude(pk__in=field.chosen).order_by("pk")[0].pk


def _stay(world: Everybody, _field: Field) -> object:
    return world.states["reserved"].placement


def _attempt(world: Everybody, _field: Field) -> object:
    return Attempt.objects.filter(task=world.marked.task).values_list("pk", flat=True)[0]


# A signed value says in it when it was signed.
SIGNED = re.compile(r"\.?e[yJ3][\w-]*:[\w-]+:[\w-]+")
# By the name without the keys in it. The names with keys in them (m-14-1) get the other key in the name.
FOREIGN: Mapping[str, Foreign] = {
    "case": lambda world, _field: world.states["other_unit"].number,
    "unit": _unit,
    "to_unit": _unit,
    "place": _unit,
    "site": _unit,
    "location": _unit,
    "team": _team,
    "director": _member,
    "assignee": _member,
    "take_*": _member,
    "number_*": _member,
    "member": _membership,
    "party": lambda _world, _field: "police",
    "waiting": lambda _world, _field: "nobody-of-ours",
    "sender": lambda _world, _field: "nobody-of-ours",
    "notice": _notice,
    "rij": _stay,
    "kies": _stay,
    "m-*-*": _stay,
    "attempt": _attempt,
    "open": lambda world, _field: world.states["other_unit"].task,
    "kind": lambda _world, _field: "departure_file",
    # Nobody else's words are in these: another one is another version, and that is stale or nothing.
    "version": lambda _world, _field: 77,
    "seen_version": lambda _world, _field: 77,
}
MISSING = {"case": "Z-2026-999999", "version": "78", "seen_version": "78"}


def missing_like(name: str, foreign: str) -> str:
    """A key of the same form that nothing has."""
    if ":" in foreign and name == "assignee":
        return f"{NOTHING}:{NOTHING}"
    return MISSING.get(name) or (str(NOTHING) if foreign.isdecimal() else "nothing-of-that-name")


@dataclass(frozen=True)
class Outcome:
    """What an answer comes to, without the words that were sent."""

    status: int
    location: str
    body: str
    written: tuple[str, ...]


def swapped(data: Mapping[str, Any], field: Field, value: str) -> dict[str, Any]:
    """What is sent with another key in this field, in its value or in its name, and nothing chosen beside it."""
    rest = {name: sent for name, sent in data.items() if plain(name) != plain(field.name)}
    if plain(field.name) == field.name:
        return rest | {field.name: [value]}
    return rest | {re.sub(r"\d+", value, field.name, count=1): data.get(field.name, ["on"])}


def outcome(client: Client, method: str, path: str, data: Mapping[str, Any], *, without: Sequence[str]) -> Outcome:
    """`without` are both keys that are compared: a short one stands in a page for other reasons too."""
    with taken_back() as written:
        response = getattr(client, method)(path, data)
    hide = re.compile(rf"(?<!\d)(?:{'|'.join(map(re.escape, without))})(?!\d)")
    body = without_own_words(response.content.decode(errors="replace"))
    body = SIGNED.sub("", body)
    location = hide.sub("", response.get("Location", ""))
    return Outcome(response.status_code, location, hide.sub("", body), tuple(written))


def differences(
    client: Client, method: str, path: str, data: Mapping[str, Any], field: Field, world: Everybody
) -> tuple[str, Outcome, Outcome]:
    """The foreign key, and what comes of it and of one that does not exist."""
    foreign = str(FOREIGN[plain(field.name)](world, field))
    keys = (foreign, missing_like(field.name, foreign))
    first, second = (outcome(client, method, path, swapped(data, field, value), without=keys) for value in keys)
    return foreign, first, second
