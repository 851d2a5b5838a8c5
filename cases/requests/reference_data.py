"""Loads the kinds of request and the service areas that stand in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from cases.requests.models import RequestKind, ServiceArea
from partners.models import Organisation, Unit
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference() -> None:
    """The organisations and units that the files name must be there already."""
    organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
    for line in lines("request_kinds.csv", FOLDER):
        put(RequestKind, {"code": line["code"]}, _kind(line, organisations))
    units = {unit.code: unit for unit in Unit.objects.all()}
    for line in lines("service_areas.csv", FOLDER):
        put(ServiceArea, {"unit": units[line["unit"]], "city": line["city"]}, {})


def _kind(line: dict[str, str], organisations: dict[str, Organisation]) -> dict[str, Any]:
    plain = ("name_nl", "name_en", "part", "ground", "section", "basis_nl", "basis_en", "source")
    hints = ("hint_nl", "hint_en")
    flags = ("liberty_clock", "needs_place", "needs_risk", "needs_confirmation", "has_own_page")
    return {
        **{name: line[name] for name in (*plain, *hints)},
        **{name: line[name] == "1" for name in flags},
        "asked_by": line["asked_by"].split(),
        "answered_by": organisations[line["answered_by"]],
        "term_working_days": int(line["term_working_days"]),
        "position": int(line["position"]),
        "valid_from": date.fromisoformat(line["valid_from"]),
    }
