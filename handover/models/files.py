"""A file of dossiers, and what became of each of its rows. Made so that an interrupted import can go on where it stopped.

The rows of a file are first written with their keys only (`verdict` empty), then judged in row order: the first row
without a verdict is where to go on. A verdict is written in the same transaction as what the row brought.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leidraad.lib.audit import Recorded
from partners.models import Member, Unit


class FileStatus(models.TextChoices):
    UPLOADED = "uploaded", pgettext_lazy("dossier file", "Received")
    READING = "reading", pgettext_lazy("dossier file", "Being read")
    JUDGING = "judging", pgettext_lazy("dossier file", "Being judged")
    WRITING = "writing", pgettext_lazy("dossier file", "Being recorded")
    DONE = "done", pgettext_lazy("dossier file", "Done")
    FAILED = "failed", pgettext_lazy("dossier file", "Refused")
    INTERRUPTED = "interrupted", pgettext_lazy("dossier file", "Interrupted")


RUNNING = (FileStatus.READING, FileStatus.JUDGING, FileStatus.WRITING)


class DossierFile(models.Model):
    """The file itself is kept, with its fingerprint and who sent it when. Progress and counts are read by the page.

    `rows_read` is counted by the key pass, apart from the verdicts: that is what makes the sum a check. `refusal` is the
    code and the details of `FileRefused`. `heartbeat_at` is renewed with each batch; a running file without a recent one
    was interrupted.
    """

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    stored_as = models.CharField(max_length=255)
    suppliers = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    unknown_columns = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    uploaded_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    uploaded_unit = models.ForeignKey(Unit, models.PROTECT, related_name="dossier_files")
    uploaded_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=FileStatus, default=FileStatus.UPLOADED)
    refusal = models.JSONField(default=dict, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    # Counts and heartbeat are derived from the rows and change with each batch; history keeps what people did.
    history: Any = Recorded(
        excluded_fields=["heartbeat_at", "rows_read", "created", "updated", "unchanged", "held", "refused"]
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="dossier_file_sum_holds",
                condition=~Q(status=FileStatus.DONE)
                | Q(rows_read=F("created") + F("updated") + F("unchanged") + F("held") + F("refused")),
                violation_error_message=_("The totals of a finished file must add up to the rows read."),
            ),
            models.CheckConstraint(
                name="dossier_file_finished_exactly_when_ended",
                condition=Q(status__in=[FileStatus.DONE, FileStatus.FAILED]) ^ Q(finished_at=None),
            ),
        ]
        indexes = [models.Index(fields=["uploaded_unit", "-uploaded_at"], name="dossier_file_inbox")]

    def __str__(self) -> str:
        return self.name

    @property
    def judged(self) -> int:
        return self.created + self.updated + self.unchanged + self.held + self.refused

    @property
    def rows_to_go(self) -> int:
        return self.rows_read - self.judged

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING


class DossierRow(models.Model):
    """One row of a file: its keys, then its verdict. Only what the report needs; the rest of the row is never kept here.

    `person` is the fingerprint of the key pass. `problem` is a code with its details, so that each reader gets the
    sentence in their own language; `warnings` a list of such remarks.
    """

    file = models.ForeignKey(DossierFile, models.PROTECT, related_name="rows", db_index=False)
    row_number = models.PositiveIntegerField()
    supplier = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    v_number = models.CharField(max_length=10, blank=True)
    person = models.CharField(max_length=64, blank=True)
    household = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=10, blank=True)
    column = models.CharField(max_length=40, blank=True)
    problem = models.JSONField(default=dict, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    dossier = models.ForeignKey(
        "handover.Dossier", models.PROTECT, null=True, blank=True, related_name="file_rows", db_index=False
    )

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["file", "row_number"], name="dossier_row_once")]
        indexes = [
            models.Index(fields=["file", "verdict", "row_number"], name="dossier_row_verdict"),
            models.Index(fields=["file", "v_number"], name="dossier_row_v_number"),
            models.Index(fields=["file", "household"], condition=~Q(household=""), name="dossier_row_household"),
        ]
