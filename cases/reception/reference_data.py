"""Loads the forms of reception that stand in the repository. Running it again changes nothing."""

from datetime import date
from pathlib import Path

from django.db import transaction

from cases.reception.models import ReceptionForm
from partners.reference_data import lines, put

FOLDER = Path(__file__).parent / "reference"


@transaction.atomic
def load_reference() -> None:
    """Every form code that a dossier may name. A rhythm without a source that was found says so: `is_established`."""
    for line in lines("reception_forms.csv", FOLDER):
        values = {
            **{name: line[name] for name in ("name_nl", "name_en", "legal_basis", "in_house_rhythm", "source")},
            "is_established": line["is_established"] == "1",
            "valid_from": date.fromisoformat(line["valid_from"]),
        }
        put(ReceptionForm, {"code": line["code"]}, values)
