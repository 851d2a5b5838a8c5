"""What rules and guards share: versions that are added and never edited, and texts in both languages."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q

from partners.models import in_language


class Spoken:
    """The text of a pair of columns in the reader's language: `title = Spoken()` reads title_nl or title_en."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: models.Model, owner: type | None = None) -> str:
        return str(getattr(instance, in_language(self.name)))


def added_only() -> list[pgtrigger.Trigger]:
    """The trigger that refuses to change or take away a row: a version that was in force stays as it was."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def may_hold_on(day: date) -> Q:
    """Versions whose own dates include `day`. Without a first day: since before the texts that were consulted."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gte=day))


class Confidence(models.TextChoices):
    """H: the statute was read. M: guidance, an older text or a secondary page. L: no source was consulted."""

    HIGH = "H", "H"
    MEDIUM = "M", "M"
    LOW = "L", "L"


class Version(models.Model):
    """One version of a rule or a guard. Of those that hold on a day the highest number counts."""

    number = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(max_length=1, choices=Confidence)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        default_permissions = ()
