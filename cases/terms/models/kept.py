"""Copies of computed deadlines, so that lists can sort by them. A pure derivation: no history, made anew from the facts."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.case.models import ReturnCase


class KeptDeadline(models.Model):
    """One term of one case, as it was counted last. Which state it has follows from the day on which it is read.

    `due` is the day that signals go by, `until` the one that is best for the person; both empty where none can be counted,
    then `standstill` is since when the term stands still, or empty where its start is not known. `at` is the moment of a term
    in hours. `sees` holds the capabilities of which a reader needs one set ("postponement.view+medical.view"); `walled` is
    the sensitive section among them, for the wall of the database. `obliges`: an authority has to act before the end.
    """

    case = models.ForeignKey(ReturnCase, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=0)
    group = models.CharField(max_length=20, blank=True)
    is_liberty = models.BooleanField(default=False)
    owner = models.CharField(max_length=10, blank=True)
    sees = ArrayField(models.CharField(max_length=120))
    walled = models.CharField(max_length=40, blank=True)
    due = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    standstill = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    obliges = models.BooleanField(default=False)

    objects: Any = models.Manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="kept_deadline_once")]
        indexes = [models.Index(fields=["due", "id"], condition=Q(done_on=None), name="kept_deadline_due")]

    def may_be_known(self, can: Any) -> bool:
        return any(all(can(one) for one in needed.split("+")) for needed in self.sees)


class StaleCase(models.Model):
    """A case of which a fact changed since its deadlines were counted. The database itself adds it, by triggers.

    It may stand here more than once and names the case by its number alone, so that adding never waits for anybody.
    """

    case_id = models.BigIntegerField(db_index=True)

    objects: Any = models.Manager()

    class Meta:
        default_permissions = ()
