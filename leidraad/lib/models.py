"""The event log: who read, searched, downloaded or was refused what. Written on its own connection, append-only."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    READ = "read", _("read")
    SEARCH = "search", _("searched")
    HISTORY = "history", _("read the history")
    EXPORT = "export", _("exported")
    DOWNLOAD = "download", _("downloaded")
    UPLOAD = "upload", _("uploaded")
    PRINT = "print", _("printed")
    REFUSED = "refused", _("was refused")
    SIGN_IN = "sign_in", _("signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("failed to sign in")
    SIGN_OUT = "sign_out", _("signed out")
    SECOND_FACTOR = "second_factor", _("changed a second step of signing in")
    SESSION_ENDED = "session_ended", _("session ended")


class Event(models.Model):
    """One act of looking. Plain ids without foreign keys: the row must be writable whatever the other transaction does."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=EventKind)
    member_id = models.BigIntegerField(null=True)
    member_name = models.CharField(max_length=150, blank=True)
    organisation = models.CharField(max_length=20, blank=True)
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    case_id = models.BigIntegerField(null=True)
    case_number = models.CharField(max_length=20, blank=True)
    person_id = models.BigIntegerField(null=True)
    route = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        # In the database the key is (id, at): the table is kept in a part per month, see migration 0002.
        default_permissions = ()
        indexes = [
            models.Index(fields=["at", "id"], name="event_at"),
            models.Index(fields=["case_number", "at", "id"], name="event_case"),
            models.Index(fields=["member_id", "at", "id"], name="event_member"),
            models.Index(fields=["organisation", "at", "id"], name="event_organisation"),
            models.Index(fields=["kind", "at", "id"], name="event_kind"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Seal(models.Model):
    """One window of what is remembered, closed and signed. The proof itself is the file at the outside place.

    `reached` says for each table up to which key it is sealed, this window included; `columns` over which columns of each
    table the leaves of this window were made.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    reached = models.JSONField()
    columns = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CertificateKind(models.TextChoices):
    RETENTION = "retention", _("destroyed after its period")
    REDACTION = "redaction", _("blanked by two persons")


class Certificate(models.Model):
    """What was taken away from what is remembered, on which ground, by whom. Never what it said."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=CertificateKind)
    subject = models.CharField(max_length=120)
    ground = models.CharField(max_length=300)
    done_by = models.CharField(max_length=150)
    rows = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CertificateLeaves(models.Model):
    """The fingerprints of the rows that a certificate is about, up to ten thousand a row, so that the seals still hold.

    `leaves` is a run of 72 bytes for each row: its key, its fingerprint before, and after (zeros: the row is gone).
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="leaves")
    table = models.CharField(max_length=63)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    leaves = models.BinaryField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["table", "first_id"], name="certificate_leaves")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
