"""What a sender states about a person, version by version, exactly as it came in."""

from typing import Any

import pgtrigger
from django.db import models

from cases.case.models import ReturnCase
from handover.models.files import DossierFile
from leidraad.lib.audit import Recorded


class Dossier(models.Model):
    """A sender's dossier, known by the sender's own reference, which makes a repeated import harmless."""

    supplier = models.CharField(max_length=20)
    reference = models.CharField(max_length=64)
    v_number = models.CharField(max_length=10, db_index=True)
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="dossiers")
    # The version in force is the `DossierVersion` with this number; its hash stands here to compare without reading it.
    version_number = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["supplier", "reference"], name="dossier_reference_once")]

    def __str__(self) -> str:
        return f"{self.supplier} {self.reference}"

    @property
    def current(self) -> "DossierVersion":
        return self.versions.get(number=self.version_number)


class DossierVersion(models.Model):
    """One state of a dossier. Append-only, so it is its own history.

    `content` never holds a protected address: that goes to its own table on the case and nowhere else.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    file = models.ForeignKey(DossierFile, models.PROTECT, null=True, blank=True, related_name="+")
    row_number = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="dossier_version_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
