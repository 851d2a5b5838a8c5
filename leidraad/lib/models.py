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
        default_permissions = ()
        indexes = [
            models.Index(fields=["case_id", "-at"], name="event_case"),
            models.Index(fields=["member_id", "-at"], name="event_member"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
