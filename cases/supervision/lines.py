"""One task as the police screens draw it: what the officer must know at the door, and no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.access import Access
from cases.case.models import AxisEntry, Removability
from cases.requests.common import may_answer
from cases.requests.models import PlaceKind, Request
from cases.requests.places import place_line
from cases.requests.presentation import badges, late_words, person_line
from cases.requests.states import Status
from cases.supervision.models import Attempt, SupervisionTask
from cases.supervision.states import Outcome
from cases.terms.stops import KnownStop
from leidraad.lib import clock
from leidraad.lib.display import MASKED, Masked, date_short, time_of_day
from partners.models import Member


@dataclass(frozen=True)
class Verdict:
    """Whether the person may be removed now: the word, what it rests on, source and date."""

    word: str
    note: str


@dataclass(frozen=True)
class TaskLine:
    """A request with its task. `when` is kind of mark and words; kind "" is plain text."""

    request: Request
    task: SupervisionTask | None
    person: SafeString
    where: str
    when: tuple[str, str, str]
    badges: list[tuple[str, str]]
    removable: Verdict | Masked | None
    protected: str | Masked
    may_accept: bool
    may_record: bool
    attempts: list[Attempt]

    @property
    def is_offer(self) -> bool:
        return self.request.status == Status.OFFERED

    @property
    def place(self) -> str:
        return place_line(self.request)

    @property
    def opens_protected(self) -> bool:
        return isinstance(self.protected, str) and bool(self.protected)

    @property
    def url(self) -> str:
        """The task's own page; an offer has none yet."""
        name, key = ("requests:detail", self.request.pk) if self.task is None else ("supervision:detail", self.task.pk)
        return reverse(name, args=[key])

    @property
    def failed(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.outcome == Outcome.FAILED]

    @property
    def result(self) -> Attempt | None:
        """The outcome in force, sent or not."""
        return next((one for one in reversed(self.attempts) if one.outcome != Outcome.FAILED), None)

    @property
    def pending(self) -> Attempt | None:
        """The outcome that was recorded and has not been told to anybody."""
        found = self.result
        return found if found is not None and found.sent_at is None and self.request.status == Status.ACCEPTED else None


def line_of(
    request: Request,
    member: Member,
    access: Access,
    verdict: Verdict | Masked,
    attempts: dict[int, list[Attempt]],
) -> TaskLine:
    task: SupervisionTask | None = getattr(request, "supervision_task", None)
    if task is not None:
        task.request = request
    accepted = request.status == Status.ACCEPTED
    return TaskLine(
        request=request,
        task=task,
        person=person_line(request.person),
        where=request.place_text,
        when=when(request),
        badges=badges(request),
        removable=verdict if task is not None else None,
        protected=protected(request, access),
        may_accept=may_answer(member, request) and request.status == Status.OFFERED,
        may_record=accepted and task is not None and not task.outcome and access.can("supervision.change"),
        attempts=attempts.get(task.pk, []) if task else [],
    )


def when(request: Request) -> tuple[str, str, str]:
    """Kind of mark, words, icon. Times are absolute; a legal clock shows as such until it has passed."""
    if request.ended_at or request.reported_at:
        return ("", _("sent %(time)s") % {"time": time_of_day(request.reported_at)} if request.reported_at else "", "")
    late = late_words(request)
    if late:
        return ("late", f"{late}, {_moment(request.due_at)}", "late")
    if request.liberty_clock:
        return ("warn", _("until %(time)s") % {"time": _moment(request.due_at)}, "clock")
    return ("", _("before %(time)s") % {"time": _moment(request.due_at)}, "")


def _moment(moment: datetime) -> str:
    """12:00 for today, with the day for any other."""
    today = moment.astimezone(clock.now().tzinfo).date() == clock.today()
    return time_of_day(moment) if today else f"{date_short(moment)} {time_of_day(moment)}"


def removable(entry: AxisEntry | None, access: Access, stops: Sequence[KnownStop] = ()) -> Verdict | Masked:
    """A stop on removal wins over every answer, and an answer that says no is told beside it."""
    holding = next((stop for stop in stops if stop.holds_removal), None)
    found = answered(entry, access)
    if holding is None:
        return found
    no = pgettext("may be removed", "No")
    said = [_stopped(holding)]
    if isinstance(found, Verdict) and found.word == no:
        said.append(found.note)
    return Verdict(no, "; ".join(said))


def _stopped(known: KnownStop) -> str:
    """a stop holds: Appeal that suspends removal, until 3 Mar. (IND, 17 Nov.)"""
    ground = known.stop.ground.name if known.stop is not None else _("ground shielded")
    words = {"ground": ground, "until": date_short(known.until)}
    source = f"({known.organisation.short_name}, {date_short(known.placed_at)})"
    return _("a stop holds until %(until)s: %(ground)s") % words + f" {source}"


def answered(entry: AxisEntry | None, access: Access) -> Verdict | Masked:
    """Unknown is shown as unknown. An answer that has expired is no answer, nor is one that a later fact put in doubt."""
    if not access.can("removability.view"):
        return MASKED
    unknown = pgettext("may be removed", "Unknown")
    if entry is None or entry.value == Removability.UNKNOWN:
        return Verdict(unknown, _("no answer of IND holds"))
    source = f"({entry.source}, {date_short(entry.since)})"
    if entry.has_expired:
        return Verdict(
            unknown, _("the answer expired on %(date)s") % {"date": date_short(entry.valid_until)} + f" {source}"
        )
    if entry.doubted_at is not None and entry.value == Removability.REMOVABLE:
        return Verdict(unknown, f"{_('answer possibly overtaken')} {source}")
    label = str(Removability(entry.value).label).lower()
    word = (
        pgettext("may be removed", "Yes") if entry.value == Removability.REMOVABLE else pgettext("may be removed", "No")
    )
    return Verdict(word, f"{label} {source}" if entry.value != Removability.REMOVABLE else source)


def protected(request: Request, access: Access) -> str | Masked:
    """Where a protected address is opened, for named staff; shielded for everybody else; "" when there is none."""
    if request.place_kind != PlaceKind.PROTECTED:
        return ""
    if not access.can("protected_address.view"):
        return MASKED
    return reverse("cases:protected-address", args=[request.case.number])
