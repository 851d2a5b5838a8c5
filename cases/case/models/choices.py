"""The fixed identifiers of the field. Their Dutch terms stand in docs/glossary.md."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(models.TextChoices):
    MALE = "M", _("man")
    FEMALE = "V", _("woman")
    X = "X", "X"
    UNKNOWN = "", _("sex unknown")


class HouseholdRole(models.TextChoices):
    HEAD = "head", _("head of the household")
    PARTNER = "partner", _("partner")
    CHILD = "child", _("child")
    OTHER = "other", _("other relative")


class Axis(models.TextChoices):
    PHASE = "phase", _("Phase")
    REMOVABILITY = "removability", _("Removability")
    RESIDENCE = "residence", pgettext_lazy("axis", "Residence")
    TRAVEL_DOCUMENT = "travel_document", _("Travel document")


class Phase(models.TextChoices):
    """Axis A: domain page return-process, section 3. `reopened` is an event, not a phase."""

    RECEIVED = "received", _("Handed in, not yet checked")
    INTAKE_CHECK = "intake_check", _("Checked by intake")
    RETURNED_TO_SENDER = "returned_to_sender", _("Returned to the sender")
    ASSIGNED = "assigned", _("New, not yet started")
    PLANNING = "planning", _("Making the departure plan")
    TRACK_VOLUNTARY = "track_voluntary", _("Independent departure")
    TRACK_FORCED = "track_forced", _("Forced departure")
    TRACK_MEDIATION = "track_mediation", _("Mediation")
    ADVICE_NO_FAULT = "advice_no_fault", _("Advice on no-fault permit")
    SUSPENDED = "suspended", _("Suspended")
    TRAVEL_BOOKED = "travel_booked", _("Travel booked")
    FINAL_CHECKS = "final_checks", _("Final checks")
    DEPARTED = "departed", _("Departed")
    WHEREABOUTS_UNKNOWN = "whereabouts_unknown", _("Whereabouts unknown")
    CLOSED = "closed", pgettext_lazy("phase", "Closed")


class Removability(models.TextChoices):
    """Axis B. Unknown until IND has answered, and again when the answer has expired."""

    UNKNOWN = "", pgettext_lazy("removability", "Unknown")
    NOT_YET = "not_yet", _("Not yet removable")
    REMOVABLE = "removable", _("Removable")
    BARRED = "barred_temporarily", _("Temporarily barred")
    LAWFUL_STAY = "lawful_stay", _("Lawful stay")


class TravelDocumentStage(models.TextChoices):
    """Axis D, the stages known so far; the laissez-passer steps come with the departure subject."""

    UNKNOWN = "", _("Not yet known")
    PRESENT = "present", _("Valid travel document present")
    COPY_ONLY = "copy_only", _("Only a copy or another document")
    MISSING = "missing", _("No travel document")


class Ground(models.TextChoices):
    """Why the person has to leave, as the sender states it in the dossier."""

    ASYLUM_REFUSED = "asylum_refused", _("Asylum refused")
    DUBLIN = "dublin", _("Dublin")
    NO_LAWFUL_STAY = "no_lawful_stay", _("No lawful stay")
    PROTECTION_ELSEWHERE = "protection_elsewhere", _("Protection elsewhere in the EU")
    REGULAR_WITHDRAWN = "regular_withdrawn", _("Regular permit refused or withdrawn")
    CRIMINAL = "criminal", _("Foreign offender (VRIS)")
    OWN_REQUEST = "own_request", _("Own request")


class Outcome(models.TextChoices):
    """How a case ended. Unknown whereabouts is no proof of leaving and is shown apart."""

    DEPARTED_INDEPENDENTLY = "departed_independently", _("Independent departure")
    DEPARTED_FORCED = "departed_forced", _("Forced departure")
    DEPARTED_UNSUPERVISED = "departed_unsupervised", _("Left without supervision, departure not shown")
    TRANSFERRED_DUBLIN = "transferred_dublin", _("Transferred to another member state")
    RESIDENCE_GRANTED = "residence_granted", _("Residence granted")
    OTHER = "other", _("Other: death, error or duplicate")


class SpecialGroup(models.TextChoices):
    NONE = "", _("no special group")
    UNACCOMPANIED_MINOR = "uam", _("unaccompanied minor")
    FAMILY_WITH_MINORS = "family", _("family with minors")
    FOREIGN_OFFENDER = "offender", _("foreign offender (VRIS)")


class SignalKind(models.TextChoices):
    MEDICAL = "medical", _("Medical")
    PREGNANT = "pregnant", _("Pregnant")
    SUICIDE_RISK = "suicide_risk", _("Suicide risk")
    TRAFFICKING = "trafficking", _("Trafficking")
    PUBLIC_ORDER = "public_order", _("Public order")
    MINOR = "minor", _("Minor")


SIGNAL_SECTION = {
    SignalKind.MEDICAL: "medical",
    SignalKind.PREGNANT: "medical",
    SignalKind.SUICIDE_RISK: "medical",
    SignalKind.TRAFFICKING: "risk",
    SignalKind.PUBLIC_ORDER: "risk",
    SignalKind.MINOR: "identity",
}


class Part(models.TextChoices):
    """What a unit does in a case. With organisation and role it decides which sections open (partners/reference/policy.csv)."""

    LEAD = "lead", _("responsible")
    INTAKE_DESK = "intake_desk", _("intake desk")
    RECEPTION = "reception", _("reception")
    SUPERVISION = "supervision", _("supervision")
    DECISION = "decision", _("decisions")
    DOCUMENT = "document", _("travel documents")
    BOOKING = "booking", _("bookings")
    DEPARTURE = "departure", _("actual departure")
    ESCORT = "escort", _("escort")
    CUSTODY = "custody", _("custody")
    TRANSPORT = "transport", _("transport")
    ASSISTED = "assisted", _("assisted departure")
    GUARDIAN = "guardian", _("guardianship")
    MUNICIPAL = "municipal", _("municipal provisions")
    SUPPORT = "support", _("support of the person")
    IDENTITY = "identity", _("answering for identity")


class InvolvementGround(models.TextChoices):
    TASK = "task", _("task")
    LAW = "law", pgettext_lazy("ground", "law")
    CONSENT = "consent", _("consent of the person")
    LOCATION = "location", pgettext_lazy("ground", "location")
