"""The policy file of a release becomes a version: in force where there is none yet, otherwise a draft to be looked at.

An update of Leidraad never changes by itself who may do what. What a new release's file adds and takes away, compared with
the file that was loaded before, is put on top of the version in force as a draft; administrators propose and confirm it.
"""

from typing import Any

from django.db import connection, transaction

from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as, save_as
from partners import policy_now
from partners.models import Organisation, PolicyLine, PolicyState, PolicyVersion
from partners.policy_rules import Line, file_text, fingerprint, lines_of, merged, read_lines, rules_of

PRINCIPAL = "load_reference"
# Shared by whoever writes grants (`partners_policy_hold`), held alone by who puts another version in force.
FOLLOWED = 20_264
WRITTEN = 20_265


def lock() -> None:
    """One writer of versions at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITTEN])


def lock_followers() -> None:
    """Wait for acts under way that write grants; later ones wait until the transaction ends, and then read anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLLOWED])


@transaction.atomic
def load() -> PolicyVersion | None:
    """Make a version of the file, unless one was made of it before. Gives the version that was made."""
    text = file_text()
    lock()
    last = PolicyVersion.objects.exclude(file_text="").order_by("-number").first()
    if last is None:
        return _first(text)
    if rules_of(read_lines(last.file_text)) == rules_of(read_lines(text)):
        return None
    standing = PolicyVersion.objects.in_force().get()
    base, new = rules_of(read_lines(last.file_text)), rules_of(read_lines(text))
    return _draft(text, lines_of(merged(base, new, standing.rules)), standing)


def _first(text: str) -> PolicyVersion:
    found = read_lines(text)
    made = PolicyVersion(number=next_number(), file_text=text, made_at=clock.now())
    save_as(made, by=PRINCIPAL)
    write_lines(made, found, by=PRINCIPAL)
    made.fingerprint = fingerprint(rules_of(found))
    made.state, made.in_force_from = PolicyState.IN_FORCE, clock.now()
    save_as(made, by=PRINCIPAL)
    policy_now.learn(None)
    return made


def _draft(text: str, found: list[Line], standing: PolicyVersion) -> PolicyVersion:
    made = PolicyVersion(number=next_number(), file_text=text, based_on=standing, made_at=clock.now())
    save_as(made, by=PRINCIPAL)
    write_lines(made, found, by=PRINCIPAL)
    return made


def next_number() -> int:
    """The caller holds the lock."""
    return (PolicyVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1


def write_lines(policy: PolicyVersion, found: list[Line], *, by: Any, reason: str = "") -> None:
    bulk_create_as([PolicyLine.of(policy, place, line) for place, line in enumerate(found, 1)], by=by, reason=reason)


def load_where_there_is_none(using: str, apps: Any = None, **_: Any) -> None:
    """After a migrate: a database that was in use before it had versions goes on with the table it had."""
    if apps is None or "policyversion" not in apps.all_models["partners"]:  # emptied, or migrated to a state of before
        return
    if Organisation.objects.using(using).exists() and not PolicyVersion.objects.using(using).exists():
        load()
