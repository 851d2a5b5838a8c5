"""Who is at work: members of the filled database with a session each, and the cases they open."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from cases.case.models import CaseGrant
from leidraad.pages.bench.subjects import register_address
from leidraad.pages.bench.world import World
from partners.models import Member
from partners.sign_in.factor import PASSED

# Of a hundred people; two thirds direct cases.
SHARE = {
    "case_director": 66,
    "reception_case_manager": 14,
    "ind_officer": 8,
    "supervision_officer": 8,
    "dtv_manager": 4,
}
CASES_EACH = 40


@dataclass(frozen=True)
class Person:
    """Somebody signed in. `own` are cases in which they may write the next step: nobody else writes there. `register` is the
    address of this week at the site whose number of residents is known; "" for all others."""

    role: str
    headers: dict[str, str]
    cases: tuple[str, ...]
    own: tuple[str, ...]
    register: str = ""


def at_work(count: int, world: World, origin: str) -> list[Person]:
    """That many people, each member once as far as there are members enough, then again in a second browser."""
    found = list(_people(count, world, origin))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE django_session")
    return found


def _people(count: int, world: World, origin: str) -> Iterator[Person]:
    for role, share in SHARE.items():
        members = members_of(role, world)
        if not members:
            raise SystemExit(f"The filled database has no member with the role {role}.")
        for number in range(round(count * share / 100)):
            member = members[number % len(members)]
            person = _signed_in(member, role, origin, first=number < len(members))
            yield replace(person, register=register_address(world)) if member == world.registrar else person


def members_of(role: str, world: World) -> Sequence[Member]:
    members = Member.objects.filter(is_active=True, memberships__role__code=role, memberships__unit__in=_units(world))
    return list(members.distinct().order_by("pk"))


def _units(world: World) -> set[int]:
    own = {share.unit_id for shares in world.choices for share in shares}
    return own | {member.acting_unit.pk for member in (*world.workers.values(), world.registrar)}


def _signed_in(member: Member, role: str, origin: str, *, first: bool) -> Person:
    secret = secrets.token_hex(16)
    # As the server names them, which runs as in production.
    cookies = {"__Host-sessionid": _session(member), "__Host-csrftoken": secret}
    listed = CaseGrant.grants.listed_for(member).order_by("sort_deadline", "content_object_id")
    numbers = listed.values_list("content_object__number", flat=True)
    own = numbers.filter(director_id=member.pk)[:CASES_EACH] if role == "case_director" and first else ()
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": secret,
        "X-Forwarded-Proto": "https",
        "Origin": origin,
        "Accept-Language": "nl",
    }
    return Person(role, headers, tuple(own) or tuple(numbers[:CASES_EACH]), tuple(own))


def _session(member: Member) -> str:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(member.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = member.get_session_auth_hash()
    store[PASSED] = str(member.pk)
    store.create()
    return str(store.session_key)
