"""The lines of an explanation, and how sure a rule is, as sentences in the reader's language."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.terms.calendars.holidays import EQUATED
from cases.terms.calendars.shape import Line, TermUnit, Why
from cases.terms.models import Confidence, RuleVersion, Validity
from cases.terms.models.common import Version
from leidraad.lib.display import date_time, date_weekday

FREE = {
    "saturday": gettext_lazy("Saturday"),
    "sunday": gettext_lazy("Sunday"),
    "new_year": gettext_lazy("New Year's Day"),
    "good_friday": gettext_lazy("Good Friday"),
    "easter_monday": gettext_lazy("Easter Monday"),
    "kings_day": gettext_lazy("King's Day"),
    "queens_day": gettext_lazy("Queen's Day"),
    "liberation_day": gettext_lazy("Liberation Day"),
    "ascension": gettext_lazy("Ascension Day"),
    "whit_monday": gettext_lazy("Whit Monday"),
    "christmas_day": gettext_lazy("Christmas Day"),
    "boxing_day": gettext_lazy("the second day of Christmas"),
    EQUATED: gettext_lazy("a day that a royal decree equates with a holiday"),
}
SENTENCES = {
    Why.EVENT: gettext_lazy("The event is on %(when)s."),
    Why.FIRST_DAY: gettext_lazy("The first day that counts is %(when)s."),
    Why.NOMINAL_END: gettext_lazy("%(duration)s: the term would end on %(when)s."),
    Why.SHORT_MONTH: gettext_lazy("The last month has no day %(count)s, so its last day is taken."),
    Why.PAUSED: gettext_lazy("The term stood still from %(when)s up to and including %(until)s (days: %(count)s)."),
    Why.MOVED: gettext_lazy("%(when)s is %(name)s. The term runs on for a day (Algemene termijnenwet, or RBP 11)."),
    Why.TWO_WORKING_DAYS: gettext_lazy(
        "A term of three days or more holds at least two working days (Algemene termijnenwet 2): until %(until)s."
    ),
    Why.HOURS_NOT_EXTENDED: gettext_lazy("A term in hours is not moved for a weekend or a holiday."),
    Why.LONG_NOT_EXTENDED: gettext_lazy(
        "A term of more than 90 days, 12 weeks or 3 months, or of years, is not moved (Algemene termijnenwet 4)."
    ),
    Why.LIBERTY_NOT_EXTENDED: gettext_lazy("A term of deprivation of liberty is not moved (Algemene termijnenwet 4)."),
    Why.BACK_NOT_EXTENDED: gettext_lazy("A term that is counted back is not moved (Algemene termijnenwet 1)."),
    Why.EXTENSION_LEFT_OUT: gettext_lazy("In this reading a weekend or a holiday does not move the end."),
    Why.EQUATED_NOT_KNOWN: gettext_lazy(
        "Which days a royal decree equates with a holiday in %(count)s was not found. The end may be later."
    ),
    Why.EQUATED_LEFT_OUT: gettext_lazy(
        "%(when)s is a holiday for Dutch terms only. In this reading it is a working day for a term of the Union."
    ),
    Why.EVENT_DAY_COUNTS: gettext_lazy("In this reading the day of the measure itself is day 1."),
    Why.STRICT: gettext_lazy("Strict calendar: weekends and holidays count and move nothing."),
    Why.THIRTY_DAY_MONTHS: gettext_lazy("A month counts as thirty days: %(count)s days in all."),
    Why.DAYS_USED: gettext_lazy("Days used before: %(count)s."),
    Why.NIGHT: gettext_lazy("The hours between midnight and nine in the morning do not count (nights: %(count)s)."),
    Why.CLOCK_CHANGE: gettext_lazy("The clock changes within the term. The hours that pass count, not the hands."),
    Why.COUNTED_BACK: gettext_lazy("Counted back from there: %(when)s."),
    Why.SET: gettext_lazy("The last day was set by a decision: %(when)s. Nothing is counted."),
    Why.OTHER_LENGTH: gettext_lazy("In this reading another length of the term holds; the sources do not agree."),
    Why.END: gettext_lazy("The term ends on %(when)s."),
}


def sentence(line: Line) -> str:
    """One line of *How is this counted?*"""
    return str(SENTENCES[line.why]) % {
        "when": _when(line.day, line.moment),
        "until": date_weekday(line.until),
        "count": line.count,
        "name": FREE.get(line.name, ""),
        "duration": duration(line.count, TermUnit(line.name or TermUnit.HOURS)) if line.why is Why.NOMINAL_END else "",
    }


def _when(day: date | None, moment: datetime | None) -> str:
    return date_weekday(day) if moment is None else date_time(moment)


def duration(count: int, unit: TermUnit) -> str:
    """4 weken, 1 maand."""
    forms = {
        TermUnit.HOURS: ngettext("%(count)s hour", "%(count)s hours", count),
        TermUnit.DAYS: ngettext("%(count)s day", "%(count)s days", count),
        TermUnit.WORKING_DAYS: ngettext("%(count)s working day", "%(count)s working days", count),
        TermUnit.WEEKS: ngettext("%(count)s week", "%(count)s weeks", count),
        TermUnit.MONTHS: ngettext("%(count)s month", "%(count)s months", count),
        TermUnit.YEARS: ngettext("%(count)s year", "%(count)s years", count),
    }
    return forms[unit] % {"count": count}


def certainty(version: Version) -> list[str]:
    """What the reader must know about how sure a rule or guard is; empty when the act was read and nothing is open."""
    said = []
    if version.confidence == Confidence.MEDIUM:
        said.append(
            _("Not established in the current text: this comes from guidance, an older text or a page about the law.")
        )
    if version.confidence == Confidence.LOW:
        said.append(_("Not established in the current text: no source was consulted for this."))
    if getattr(version, "validity", "") == Validity.NOT_ESTABLISHED:
        said.append(_("It is not established whether this still holds today."))
    if note := str(getattr(version, "note", "")):
        said.append(note)
    return said


def validity_mark(version: RuleVersion) -> str:
    """The kind of tag beside the words of its validity."""
    return {
        Validity.CURRENT: "ok",
        Validity.BOTH: "ok",
        Validity.FORMER: "none",
        Validity.NOT_ESTABLISHED: "unknown",
    }[Validity(version.validity)]
