from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from partners.models import PolicyVersion
from partners.reference_data import load_reference

# Rooms above bring reference data of their own; named as strings, because this room imports nothing above it.
LOADERS = (
    "cases.requests.reference_data.load_reference",
    "cases.terms.reference_data.load_reference",
    "cases.reception.reference_data.load_reference",
    "cases.procedure.reference_data.load_reference",
    "cases.identity.reference_data.load_reference",
    "cases.supervision.reference_data.load_reference",
    "handover.reference_data.load_reference",
)


class Command(BaseCommand):
    help = (
        "Loads organisations, units, roles, request kinds, rules, guards, measures, forms of reception and checklists."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        load_reference()
        for path in LOADERS:
            import_string(path)()
        self.stdout.write("Reference data is up to date.")
        for draft in PolicyVersion.objects.open().exclude(file_text=""):
            self.stdout.write(
                f"The policy file differs from the one of before: version {draft.number} waits under Wie mag wat,"
                " and changes nothing until it is confirmed."
            )
