"""What the rules say of one measure: which dates follow from it, and what a reader is warned of. Pure: no database.

Nothing here refuses anything. What happened is recorded, and what the rules ask and the record does not show stands beside
it, with the rule. Days are counted by the calendars of `cases.terms`: terms of liberty strictly and by the earliest reading,
in which the day of the event counts, and the terms of a restriction day by day. No weekend or holiday moves them (ATW 4).
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.case.models import Person, ReturnCase, SpecialGroup
from cases.supervision.extending import Lasting, lasting
from cases.supervision.measure_states import Authority, Counsel, CourtKind, ExtensionGround, Family, Ruling
from cases.supervision.models import CourtFact, Measure, MeasureExtension, MeasureKind, MeasureRung
from cases.terms.calendars import arithmetic, detention
from cases.terms.calendars.shape import Duration, TermUnit
from leidraad.lib import clock
from leidraad.lib.display import date_long

OF_AGE = 18
UNITS = {"h": TermUnit.HOURS, "d": TermUnit.DAYS, "w": TermUnit.WEEKS, "m": TermUnit.MONTHS}
REVIEW_DAYS, REVIEW_WARN_DAYS = 68, 60  # Vw 96a; the warning is our own planning rule
APPEAL_INQUIRY_DAYS = 7  # Vw 96
EXTENSION_WARN_DAYS = 28  # our own planning rule: a decision of its own has to be prepared
RULING_DAYS, RULING_LAST_DAYS = 15, 21  # Vw 94


@dataclass(frozen=True)
class CourtTerms:
    """Since when the court must hear of a measure within so many days; without `ruling` no term of ours for its ruling."""

    since: date
    notice_days: int
    ruling: bool
    rule: str


# Vw 94 changed on 12 June 2026; before that the notice was due on day 28 (Vw-o 94).
COURT_TERMS = (CourtTerms(date.min, 28, False, "Vw 94 (oud)"), CourtTerms(date(2026, 6, 12), 0, True, "Vw 94"))


@dataclass(frozen=True)
class Record:
    """A measure with what belongs to it, and whom it concerns. `rungs` is None for who may not read the reasons."""

    measure: Measure
    case: ReturnCase
    rungs: Sequence[MeasureRung] | None = ()
    court: Sequence[CourtFact] = field(default_factory=tuple)
    extensions: Sequence[MeasureExtension] = ()

    @property
    def kind(self) -> MeasureKind:
        return self.measure.kind

    @property
    def imposed_on(self) -> date:
        return day_of(self.measure.imposed_at)

    @property
    def lasting(self) -> Lasting | None:
        """How long it may last with the decisions to extend; None for a kind that no decision extends."""
        return lasting(self.kind, self.imposed_on, self.extensions)

    def of_court(self, kind: str) -> list[CourtFact]:
        return [one for one in self.court if one.kind == kind and one.voided_at is None]


@dataclass(frozen=True)
class Term:
    """A date that follows from the record, and the rule. `warn_from` is the day from which it asks attention.

    `is_warned` says that a warning of its own tells when it has passed.
    """

    title: str
    on: date
    rule: str
    warn_from: date
    moment: datetime | None = None
    is_warned: bool = False

    @property
    def mark(self) -> str:
        today = clock.today()
        over = self.moment < clock.now() if self.moment is not None else self.on < today
        return "late" if over else "warn" if self.warn_from <= today else "planned"


@dataclass(frozen=True)
class Warned:
    """`code` names it in tests; `text` is the sentence with its rule."""

    code: str
    text: str


def day_of(moment: datetime) -> date:
    return moment.astimezone(clock.now().tzinfo).date()


def may_be_minor(person: Person, day: date) -> bool:
    """Whether the person may be under age on that day. What is not known of a birth date counts for the child."""
    if person.birth_year is None:
        return False
    last = calendar.monthrange(person.birth_year, person.birth_month or 12)[1]
    born = (person.birth_year + OF_AGE, person.birth_month or 12, person.birth_day or last)
    return born > (day.year, day.month, day.day)


def day_number(event: date, count: int) -> date:
    """Day `count` of a term of liberty, with the day of the event as the first; day 0 is the day of the event itself."""
    return detention.ends(event, Duration(count, TermUnit.DAYS)).earliest if count else event


def term_end(kind: MeasureKind, imposed_at: datetime) -> tuple[date, datetime | None] | None:
    """The last day of the kind's own term, and the moment where it is one of hours; None where no fixed term was found."""
    if not kind.term:
        return None
    term = Duration(int(kind.term[:-1]), UNITS[kind.term[-1]])
    if term.unit is TermUnit.HOURS:
        moment = detention.hold_ends(imposed_at, term.count).end
        return day_of(moment), moment
    if kind.family == Family.CUSTODY:
        return detention.ends(day_of(imposed_at), term).earliest, None
    return arithmetic.on(day_of(imposed_at), term), None


def court_terms(imposed_on: date) -> CourtTerms:
    return next(terms for terms in reversed(COURT_TERMS) if terms.since <= imposed_on)


# --- dates ----------------------------------------------------------------------------------------------------------


def terms_of(record: Record) -> list[Term]:
    """What comes next while the measure runs, the nearest first. Nothing of one that nobody has confirmed."""
    if not record.measure.is_running or record.measure.stated:
        return []
    return sorted([*_own_terms(record), *_court_terms(record)], key=lambda term: term.on)


def _own_terms(record: Record) -> Iterator[Term]:
    measure, kind = record.measure, record.kind
    if measure.planned_end is not None:
        yield Term(_("Planned end"), measure.planned_end, "", measure.planned_end - timedelta(days=7))
    end, extended = term_end(kind, measure.imposed_at), record.lasting
    if extended is not None:
        yield _extendable(extended, kind.source)
    elif end is not None:
        yield Term(_("End of the term"), end[0], kind.source, end[0] - timedelta(days=7), end[1])
    if kind.minor_days and concerns_minor(record):
        last = day_number(record.imposed_on, kind.minor_days)
        yield Term(_("Most for a family or a child"), last, "Vc A5/2.4; Vb 5.15", last - timedelta(days=3))


def _extendable(known: Lasting, source: str) -> Term:
    end = known.end
    title = _("End after the extension") if known.counting else _("End of the term, or a decision to extend")
    return Term(title, end, source, end - timedelta(days=EXTENSION_WARN_DAYS))


def _court_terms(record: Record) -> Iterator[Term]:
    if "court" not in record.kind.checks:
        return
    terms, start = court_terms(record.imposed_on), record.imposed_on
    rulings = record.of_court(CourtKind.RULING)
    if not rulings:
        if not record.of_court(CourtKind.NOTICE):
            due = day_number(start, terms.notice_days)
            yield Term(_("Notice to the court"), due, terms.rule, due, is_warned=True)
        if terms.ruling:
            yield _by_day(_("Ruling of the court"), start, RULING_DAYS)
            if record.kind.lapse_days:
                yield _by_day(_("Without a ruling lifted by law"), start, record.kind.lapse_days)
            else:
                yield _by_day(_("Last day for the ruling"), start, RULING_LAST_DAYS)
        return
    yield from _after_ruling(record, rulings[-1])


def _by_day(title: str, start: date, days: int) -> Term:
    on = day_number(start, days)
    return Term(title, on, _("Vw 94, day %(day)d") % {"day": days}, on - timedelta(days=3))


def _after_ruling(record: Record, last: CourtFact) -> Iterator[Term]:
    """The next notice by day 68 after each ruling, unless the person appealed in between (Vw 96a, 96)."""
    since = [one for one in record.court if one.voided_at is None and one.at > last.at]
    if not any(one.kind in (CourtKind.NOTICE, CourtKind.OWN_APPEAL) for one in since):
        ruled = day_of(last.at)
        title = _("Next notice to the court")
        yield Term(title, day_number(ruled, REVIEW_DAYS), "Vw 96a", day_number(ruled, REVIEW_WARN_DAYS))
    appeals = [one for one in since if one.kind == CourtKind.OWN_APPEAL]
    if appeals and not any(one.kind == CourtKind.HEARING for one in since):
        on = day_number(day_of(appeals[-1].at), APPEAL_INQUIRY_DAYS)
        yield Term(_("Inquiry by the court into the appeal"), on, "Vw 96", on - timedelta(days=2))


# --- warnings -------------------------------------------------------------------------------------------------------


def concerns_minor(record: Record) -> bool:
    group = record.case.special_group
    if group in (SpecialGroup.UNACCOMPANIED_MINOR, SpecialGroup.FAMILY_WITH_MINORS):
        return True
    return may_be_minor(record.case.person, record.imposed_on)


def warnings_of(record: Record) -> list[Warned]:
    """What the rules ask and the record does not show, most pressing first. An ended measure keeps its warnings."""
    if record.measure.voided_at is not None:
        return []
    if record.measure.stated:
        return [Warned("stated", _("The dossier states this measure. Nobody has confirmed it yet."))]
    return [
        *_about_court(record),
        *_about_terms(record),
        *_about_extensions(record),
        *_about_minors(record),
        *_about_care(record),
        *_why(record),
    ]


def _about_court(record: Record) -> Iterator[Warned]:
    if "court" not in record.kind.checks:
        return
    measure, terms = record.measure, court_terms(record.imposed_on)
    rulings, notices = record.of_court(CourtKind.RULING), record.of_court(CourtKind.NOTICE)
    if rulings and rulings[-1].result == Ruling.LIFTED and measure.is_running:
        words = {"date": date_long(rulings[-1].at)}
        yield Warned("court_lifted", _("The court lifted this measure on %(date)s. Record that it ended.") % words)
    due = day_number(record.imposed_on, terms.notice_days)
    if notices and day_of(notices[0].at) > due:
        yield Warned("notice_late", _("The notice to the court was sent late: it was due on %(date)s (%(rule)s).") % {
            "date": date_long(due), "rule": terms.rule,
        })  # fmt: skip
    elif not notices and not rulings and due <= clock.today():
        yield Warned("notice_missing", _("No notice to the court is recorded. It was due on %(date)s (%(rule)s).") % {
            "date": date_long(due), "rule": terms.rule,
        })  # fmt: skip
    if rulings and terms.ruling and day_of(rulings[0].at) > day_number(record.imposed_on, RULING_LAST_DAYS):
        yield Warned("ruled_late", _("The court ruled after day 21 (Vw 94)."))


def _about_terms(record: Record) -> Iterator[Warned]:
    for term in terms_of(record):
        if term.mark == "late" and term.rule and not term.is_warned:
            words = {"what": term.title.lower(), "date": date_long(term.on), "rule": term.rule}
            yield Warned("past", _("A term has passed: %(what)s, %(date)s (%(rule)s).") % words)


def _about_extensions(record: Record) -> Iterator[Warned]:
    """What the rules ask of a decision to extend, and of a last day that goes beyond them."""
    known = record.lasting
    if known is None:
        return
    for one in known.stretches:
        words = {
            "told": date_long(one.extension.notified_on),
            "end": date_long(one.before),
            "source": record.kind.source,
        }
        if one.end is None:
            yield Warned("extended_late", _(
                "The person was told of the extension on %(told)s, after the measure had to end on %(end)s (%(source)s)."
                " It does not count."
            ) % words)  # fmt: skip
        if one.extension.until > known.most:
            until = {"until": date_long(one.extension.until), "most": date_long(known.most)}
            yield Warned("extended_long", _(
                "The extension says until %(until)s. The measure may last until %(most)s at most (%(source)s)."
            ) % (words | until))  # fmt: skip
        if known.way.names_grounds and one.extension.ground == ExtensionGround.OTHER:
            yield Warned("extended_why", _(
                "An extension is only for who does not cooperate, or while foreign papers are missing (%(source)s)."
            ) % words)  # fmt: skip


def _about_minors(record: Record) -> Iterator[Warned]:
    if not concerns_minor(record):
        return
    kind = record.kind
    if kind.minor_days:
        words = {"days": kind.minor_days}
        yield Warned(
            "minor",
            ngettext(
                "This concerns a child or a family with children. In principle minors are not detained, and if so for at"
                " most %(days)d day (Vc A5/2.4; Vb 5.15).",
                "This concerns a child or a family with children. In principle minors are not detained, and if so for at"
                " most %(days)d days (Vc A5/2.4; Vb 5.15).",
                kind.minor_days,
            )
            % words,
        )
    if kind.minors_excluded and may_be_minor(record.case.person, record.imposed_on):
        yield Warned("minor_excluded", _("This measure is not for minors (%(source)s).") % {"source": kind.source})


def _about_care(record: Record) -> Iterator[Warned]:
    measure, checks = record.measure, record.kind.checks
    if "hearing" in checks:
        if measure.heard_at is None:
            yield Warned("not_heard", _("No hearing is recorded. The person is heard first, with counsel (Vb 5.8)."))
        elif measure.heard_at > measure.imposed_at:
            yield Warned("heard_after", _("The person was heard after the measure was imposed (Vb 5.8)."))
        if measure.heard_at is not None and measure.counsel in (Counsel.ABSENT, Counsel.UNKNOWN):
            yield Warned("no_counsel", _("It is not recorded that counsel was there, or was not wanted (Vb 5.8)."))
    if "test" in checks and (measure.tested_on is None or not measure.test_result):
        yield Warned("not_tested", _("No vulnerability test is recorded (Vb 5.9)."))
    yield from _about_authority(measure, record.kind)
    if not measure.form_no:
        yield Warned("no_form", _("The number of the form is not recorded."))


def _about_authority(measure: Measure, kind: MeasureKind) -> Iterator[Warned]:
    name = Authority(measure.authority).label if measure.authority else ""
    if kind.authorities and measure.authority not in kind.authorities:
        words = {"authority": name, "source": kind.source}
        yield Warned(
            "not_competent", _("%(authority)s is not named as competent for this measure (%(source)s).") % words
        )
    elif kind.agreed_authorities and measure.authority not in kind.agreed_authorities:
        words = {"authority": name, "source": kind.source}
        yield Warned(
            "not_agreed", _("By agreement another authority than %(authority)s imposes this (%(source)s).") % words
        )


def _why(record: Record) -> Iterator[Warned]:
    """About the reasons, for who may read them."""
    measure, kind = record.measure, record.kind
    if record.rungs is None:
        return
    if not measure.ground:
        yield Warned("no_ground", _("The individual ground is not recorded."))
    needed = kind.signs if kind.signs_since and kind.signs_since <= record.imposed_on else 0
    if needed and not measure.public_order and (measure.signs or 0) < needed:
        yield Warned("few_signs", _few_signs(needed, measure.signs))
    if "rungs" in kind.checks and not _all_weighed(record.rungs):
        yield Warned("rungs", _("Not every lighter means was weighed, with why it is not enough (Vw 59c)."))


def _few_signs(needed: int, found: int | None) -> str:
    words = {"needed": needed, "found": _("not recorded") if found is None else found}
    return _("The ground needs at least %(needed)d signs (Vb 5.6), or public order. Recorded: %(found)s.") % words


def _all_weighed(rungs: Iterable[MeasureRung]) -> bool:
    found = list(rungs)
    return bool(found) and all(one.considered and one.why_not for one in found)
