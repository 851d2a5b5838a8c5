"""Grounds that bar or put off departure: asked for, provisional, granted, refused, ended."""

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.procedure.models.facts import LegalFact, LegalFactQuerySet, out_of_force_with_reason
from cases.procedure.models.kinds import PostponementKind
from leidraad.lib.audit import Recorded


class PostponementState(models.TextChoices):
    REQUESTED = "requested", _("asked for")
    ADVICE_ASKED = "advice_asked", _("advice asked (BMA)")
    ADVICE_RECEIVED = "advice_received", _("advice received (BMA)")
    PROVISIONAL = "provisional", _("provisionally granted")
    GRANTED = "granted", _("in force")
    VERIFIED = "verified", _("established")
    REFUSED = "refused", _("refused")
    ENDED = "ended", _("ended")


# In these states departure is barred or put off.
IN_FORCE = frozenset({PostponementState.PROVISIONAL, PostponementState.GRANTED})
WAITING = frozenset({PostponementState.REQUESTED, PostponementState.ADVICE_ASKED, PostponementState.ADVICE_RECEIVED})


class PostponementQuerySet(LegalFactQuerySet["Postponement"]):
    def running(self) -> Self:
        return self.standing().filter(state__in=[*IN_FORCE, *WAITING])

    def for_pages(self) -> Self:
        return self.select_related("kind", "recorded_by")


class Postponement(LegalFact):
    """One ground for one person. `state` is that of the last step. It holds the ground and its dates, never what ails them."""

    kind = models.ForeignKey(PostponementKind, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=20, choices=PostponementState)
    # A copy of the kind's, so that the wall of the database can tell whom the row is for.
    section = models.CharField(max_length=40, editable=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = PostponementQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(LegalFact.Meta):
        constraints = [
            out_of_force_with_reason("postponement_out_of_force"),
            models.CheckConstraint(name="postponement_names_section", condition=~Q(section="")),
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(replaced_at=None, struck_at=None)
                & ~Q(state__in=[PostponementState.REFUSED, PostponementState.ENDED]),
                name="postponement_one_running",
                violation_error_message=_("This is running already. Record the next step there."),
            ),
        ]
        indexes = [models.Index(fields=["case"], name="postponement_of_case")]
        triggers = [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.kind.name

    @property
    def is_running(self) -> bool:
        return self.is_standing and self.state not in (PostponementState.REFUSED, PostponementState.ENDED)


class PostponementStep(models.Model):
    """What happened to it, on a day. `until` is the last day on which it holds by this step."""

    postponement = models.ForeignKey(Postponement, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=20, choices=PostponementState)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=80)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="stated_once"),
        ]
