"""Loads the reference data that stands in the repository. Running it again changes nothing; a changed line is one new version.

Rows that no longer stand in a file are left alone: they end by a date, which an administrator sets.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.text import slugify

from leidraad.lib.audit import save_as
from partners import policy_file
from partners.models import Member, Membership, Organisation, Role, Unit, UnitKind

FOLDER = Path(__file__).parent / "reference"
PRINCIPAL = "load_reference"


def lines(name: str, folder: Path = FOLDER) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def put(model: type[models.Model], key: dict[str, Any], values: dict[str, Any], reason: str = "") -> Any:
    """Create the row, or save it when a value differs, so that the history holds changes only."""
    found = model._default_manager.filter(**key).first()
    if found is None:
        return save_as(model(**key, **values), by=PRINCIPAL, reason=reason)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, values[name])
    return save_as(found, by=PRINCIPAL, reason=reason) if changed else found


def _unit(organisation: Organisation, code: str, values: dict[str, Any]) -> Unit:
    group, _created = Group.objects.get_or_create(name=f"unit:{code}")
    unit: Unit = put(Unit, {"code": code}, {"organisation": organisation, "group": group, **values})
    return unit


@transaction.atomic
def load_reference() -> None:
    """Organisations, roles, teams, desks and sites, and the policy of this release."""
    for line in lines("organisations.csv"):
        put(Organisation, {"code": line.pop("code")}, line)
    organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
    for line in lines("roles.csv"):
        organisation = organisations[line.pop("organisation")]
        put(Role, {"code": line.pop("code")}, {"organisation": organisation, **line})
    for line in lines("units.csv"):
        _unit(organisations[line.pop("organisation")], line.pop("code"), line)
    for line in lines("sites.csv"):
        values = {
            "name": line["naam"],
            "kind": UnitKind.SITE,
            "reception_form": line["vorm"],
            "street": line["adres"],
            "postcode": line["postcode"],
            "city": line["plaats"],
            "capacity": int(line["capaciteit"]),
        }
        _unit(organisations[line["organisatie"].lower()], slugify(line["naam"]), values)
    policy_file.load()


# Public on purpose; refused wherever the database is no demo database.
DEMO_PASSWORD = "leidraad-demo"  # noqa: S105


@transaction.atomic
def load_demo_accounts() -> None:
    """The fixed demo accounts; the caller has checked that this is a demo database. One hash serves all: it is public."""
    password = ""
    for line in lines("demo_accounts.csv"):
        values = {
            "display_name": line["display_name"],
            "language": line["language"],
            "is_demo": True,
            "email": f"{line['username']}@leidraad.invalid",
            "is_staff": line["role"] == "administrator",
        }
        member: Member = put(Member, {"username": line["username"]}, values)
        if not member.password:
            member.password = password = password or make_password(DEMO_PASSWORD)
            save_as(member, by=PRINCIPAL, update_fields=["password"])
        key = {
            "member": member,
            "unit": Unit.objects.get(code=line["unit"]),
            "role": Role.objects.get(code=line["role"]),
        }
        put(Membership, key, {})
