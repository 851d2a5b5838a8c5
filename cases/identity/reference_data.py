"""Loads levels, sources and fields of identity that stand in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cases.identity.models import IdentityField, IdentityLevel, IdentitySource
from partners.models import Organisation
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference() -> None:
    """The organisations that the files name must be there already."""
    organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
    for line in lines("identity_levels.csv", FOLDER):
        put(IdentityLevel, {"number": int(line["number"])}, _named(line) | {"rank": int(line["rank"])})
    levels = {level.number: level for level in IdentityLevel.objects.all()}
    for line in lines("identity_sources.csv", FOLDER):
        more = {
            "kind": line["kind"],
            "organisation": organisations.get(line["organisation"]),
            "level": levels[int(line["level"])] if line["level"] else None,
        }
        put(IdentitySource, {"code": line["code"]}, _named(line) | _position(line) | more)
    for line in lines("identity_fields.csv", FOLDER):
        more = {
            "register": line["register"],
            "owner": organisations[line["owner"]],
            "is_changed_here": line["is_changed_here"] == "1",
        }
        put(IdentityField, {"code": line["code"]}, _named(line) | _position(line) | more)


def _named(line: dict[str, str]) -> dict[str, Any]:
    plain = {name: line[name] for name in ("name_nl", "name_en", "source")}
    return plain | {"valid_from": date.fromisoformat(line["valid_from"])}


def _position(line: dict[str, str]) -> dict[str, Any]:
    return {"position": int(line["position"])}
