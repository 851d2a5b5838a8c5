"""The fixed words of measures: what kind of constraint, by whom, how it ended, and what a court did."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Family(models.TextChoices):
    """Two measures of one family never run at the same time for one person."""

    AREA = "area", _("Restriction of liberty")
    CUSTODY = "custody", _("Deprivation of liberty")


# Who must keep an eye on a restriction is many; that somebody is or will be locked up tells by existing.
SECTIONS: Mapping[str, str] = {Family.AREA: "measures", Family.CUSTODY: "custody"}
REASONS = "measure_reasons"


class Authority(models.TextChoices):
    """Who imposed it. Which kind of measure is whose to impose stands in the reference data."""

    DTV_UA = "dtv_ua", _("DT&V (authorised officer)")
    AVIM = "avim", _("Police (AVIM)")
    KMAR = "kmar", _("Royal Netherlands Marechaussee")
    SEAPORT_POLICE = "seaport_police", _("Seaport police")
    IND = "ind", "IND"


AUTHORITY_OF: Mapping[str, Authority] = {
    "dtv": Authority.DTV_UA,
    "police": Authority.AVIM,
    "kmar": Authority.KMAR,
    "ind": Authority.IND,
}


class Counsel(models.TextChoices):
    UNKNOWN = "", pgettext_lazy("counsel", "Not recorded")
    PRESENT = "present", pgettext_lazy("counsel", "Counsel was present")
    WAIVED = "waived", pgettext_lazy("counsel", "The person did not want counsel")
    ABSENT = "absent", pgettext_lazy("counsel", "Counsel was not present")


class TestResult(models.TextChoices):
    """What the vulnerability test came to. What was found stands apart, for few people."""

    UNKNOWN = "", pgettext_lazy("vulnerability", "Not recorded")
    NOTHING = "nothing", pgettext_lazy("vulnerability", "No circumstances found")
    WEIGHED = "weighed", pgettext_lazy("vulnerability", "Circumstances found and weighed")


class LiftReason(models.TextChoices):
    GROUND_GONE = "ground_gone", pgettext_lazy("end of a measure", "The ground fell away")
    COURT = "court", pgettext_lazy("end of a measure", "Lifted by the court")
    BY_LAW = "by_law", pgettext_lazy("end of a measure", "Lifted by law: a term passed")
    DEPARTED = "departed", pgettext_lazy("end of a measure", "The person departed")
    RELEASED = "released", pgettext_lazy("end of a measure", "Released for another reason")
    OTHER_MEASURE = "other_measure", pgettext_lazy("end of a measure", "Another measure took its place")
    CASE_CLOSED = "case_closed", pgettext_lazy("end of a measure", "The case was closed")


# What an officer may choose; the others follow from another act.
CHOSEN_LIFTS = tuple(one for one in LiftReason if one not in (LiftReason.OTHER_MEASURE, LiftReason.CASE_CLOSED))


class CourtKind(models.TextChoices):
    NOTICE = "notice", pgettext_lazy("court", "Notice to the court")
    OWN_APPEAL = "own_appeal", pgettext_lazy("court", "Appeal by the person")
    HEARING = "hearing", pgettext_lazy("court", "Hearing at the court")
    RULING = "ruling", pgettext_lazy("court", "Ruling of the court")


class Ruling(models.TextChoices):
    NONE = "", pgettext_lazy("ruling", "No ruling")
    CONTINUES = "continues", pgettext_lazy("ruling", "The measure may continue")
    LIFTED = "lifted", pgettext_lazy("ruling", "The measure is lifted")


class ExtensionGround(models.TextChoices):
    """Why a detention is extended. Vw 59(6) knows the first two; of article 59b our sources name none."""

    NO_COOPERATION = "no_cooperation", pgettext_lazy("extension", "The person does not cooperate with the removal")
    FOREIGN_PAPERS = "foreign_papers", pgettext_lazy("extension", "Papers from another country are still missing")
    OTHER = "other", pgettext_lazy("extension", "Another ground")
