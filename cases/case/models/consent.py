"""The consent of the person, which some organisations need before anything may be shared with them."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.case.models.case import ReturnCase
from leidraad.lib.audit import Recorded
from partners.models import Organisation, Unit


class HowGiven(models.TextChoices):
    SIGNED_FORM = "signed_form", _("signed form")
    SIGNED_APPLICATION = "signed_application", _("signed with the application for assisted departure")
    SPOKEN = "spoken", _("spoken, written down in a report")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def running(self) -> Self:
        return self.filter(withdrawn_on=None)


class Consent(models.Model):
    """The person agrees that data of this case go to the party. Withdrawn, it is no ground any more from that moment.

    Legal source of IOM's: Leidraad, "Informatieuitwisseling en privacy" (rule iom-consent).
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="consents")
    party = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    given_on = models.DateField()
    how = models.CharField(max_length=20, choices=HowGiven)
    original_at = models.CharField(max_length=120)
    scope = models.CharField(max_length=200, blank=True)
    recorded_by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party"],
                condition=Q(withdrawn_on=None),
                name="consent_one_running",
                violation_error_message=_("The consent for this organisation is recorded already."),
            ),
            models.CheckConstraint(
                name="consent_withdrawn_after_given",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                violation_error_message=_("Consent is withdrawn on or after the day it was given."),
            ),
        ]
