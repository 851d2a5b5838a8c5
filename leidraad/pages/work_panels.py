"""The panels beside the tasks of *Mijn werk*. Each is one or two queries, whatever the size of the caseload."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.case import silence
from cases.case.listing import NEVER, NO_DEADLINE, QUIET_DAYS, RowRights, columns_of, may_see, with_cells
from cases.case.models import CaseGrant, Missing, Phase, Task
from cases.requests.states import Status
from cases.supervision.models import Attempt
from handover.models import DossierFile, FileStatus, Handover
from leidraad.lib import clock, display
from leidraad.lib.pagination import capped_count
from leidraad.pages.case_list import may_reassign
from leidraad.pages.people import case_url, person_name, surname_only
from partners.models import Member, Notice, Organisation, in_language
from partners.policy import may_do

FIRST_FEW = 5
COUNTED_AT_ONCE = 5_000
KEPT_SECONDS = 300
LONG = 14
TOO_LONG = 28


@dataclass(frozen=True)
class Line:
    """A line of a side panel: who, what, about whom, and a mark at the end."""

    organisation: str
    text: str
    url: str
    note: str = ""
    mark_kind: str = "none"
    mark: str = ""


@dataclass(frozen=True)
class CaseLine:
    label: str
    number: str
    url: str
    note: str = ""
    days: int | None = None


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    url: str


def case_label(row: dict[str, object], rights: RowRights) -> str:
    """The name where this member sees it in this case, the number elsewhere."""
    if "identity" not in rights.sections(row):
        return str(row["content_object__number"])
    person = "content_object__person__"
    surname, given, prefix = (str(row[f"{person}{name}"]) for name in ("surname", "given_names", "name_prefix"))
    return person_name(surname, given, prefix)


def own_grants(member: Member) -> QuerySet[CaseGrant]:
    """The open cases a member answers for: a regievoerder's own, for all others those of the unit."""
    found = CaseGrant.grants.listed_for(member)
    return found.filter(director_id=member.pk) if member.acting_role == "case_director" else found


@dataclass(frozen=True)
class Caseload:
    """Cases per phase. `is_kept`: counted some minutes ago, for a unit with many thousands of cases."""

    bars: list[Bar]
    is_kept: bool = False

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)


def caseload(member: Member) -> Caseload:
    """In the order of the process, each bar with the list it stands for. One query, and one every five minutes.

    Counting the cases of a unit that sees most of all takes longer than the rest of the page. Beyond the first thousands
    they are counted anew only then.
    """
    if "phase" not in columns_of(member):
        return Caseload([])
    cases = own_grants(member).filter(may_see(member, "phase")).order_by().values("phase")
    first = {str(phase): Count("phase", filter=Q(phase=phase)) for phase in Phase}
    numbers, is_kept = cases[: COUNTED_AT_ONCE + 1].aggregate(**first), False
    if sum(numbers.values()) > COUNTED_AT_ONCE:
        all_of_them = cases.annotate(n=Count("*")).values_list("phase", "n")
        key = f"phases:{member.acting_group_id}:{member.pk if member.acting_role == 'case_director' else ''}"
        numbers = caches["near"].get_or_set(key, lambda: dict(all_of_them), KEPT_SECONDS) or {}
        is_kept = True
    mine = "&director=me" if member.acting_role == "case_director" else ""
    address = reverse("cases:list")
    bars = [
        Bar(str(label), numbers[value], f"{address}?phase={value}{mine}")
        for value, label in Phase.choices
        if numbers.get(value)
    ]
    return Caseload(bars, is_kept)


def own_count(member: Member, counted: Caseload) -> int:
    """How many open cases the member answers for, those with a hidden phase too; none for who sees no phases at all.

    One query, answered by an index alone; of many thousands of cases it is the number that the phases add up to.
    """
    return own_grants(member).count() if counted.bars and not counted.is_kept else counted.total


def quiet_cases(member: Member) -> tuple[str, list[CaseLine]]:
    """Cases without contact in 30 days, the longest silence first, and how many there are. Two queries."""
    if "contact" not in columns_of(member):
        return "", []
    quiet = own_grants(member).filter(
        may_see(member, "activity"), sort_contact__lte=clock.today() - timedelta(days=QUIET_DAYS)
    )
    rows = list(with_cells(quiet, member).order_by("sort_contact", "content_object_id")[:FIRST_FEW])
    rights = RowRights(member)
    lines = []
    for row in rows:
        number, contact = str(row["content_object__number"]), row["sort_contact"]
        days = None if contact == NEVER else (clock.today() - contact).days
        lines.append(CaseLine(case_label(row, rights), number, case_url(number), days=days))
    return str(capped_count(quiet)) if len(rows) == FIRST_FEW else str(len(lines)), lines


@dataclass(frozen=True)
class Silence:
    """Open cases for which nobody is at turn, the longest silence first; `count` is of all, `since` of the first."""

    count: str
    since: date
    lines: list[CaseLine]
    can_mend: bool


def silent_cases(member: Member) -> dict[str, Silence]:
    """Those that this member is the first to mend, for its panel; nothing for a role that leads no cases. Two queries."""
    if not silence.leads(member):
        return {}
    found = silence.mended_by(member)
    rows = list(silent_rows(found, member).order_by("content_object__silent__since", "content_object_id")[:FIRST_FEW])
    if not rows:
        return {}
    rights = RowRights(member)
    lines = [_silent_line(row, rights) for row in rows]
    count = str(capped_count(found)) if len(rows) == FIRST_FEW else str(len(rows))
    return {"silence": Silence(count, rows[0]["silent_since"], lines, can_mend=silence.may_mend(member))}


def silent_rows(found: QuerySet[CaseGrant], member: Member) -> QuerySet[CaseGrant, dict[str, Any]]:
    """With why each is silent (`missing`) and since when (`silent_since`)."""
    return with_cells(found, member).annotate(
        silent_since=F("content_object__silent__since"), missing=F("content_object__silent__missing")
    )


def _silent_line(row: dict[str, Any], rights: RowRights) -> CaseLine:
    number = str(row["content_object__number"])
    words = {"missing": Missing(row["missing"]).label, "date": display.date_short(row["silent_since"])}
    note = _("%(missing)s, since %(date)s") % words
    return CaseLine(case_label(row, rights), number, case_url(number), note=note)


def shared_cases(member: Member) -> list[CaseLine]:
    """The first cases of the unit by its own next deadline, of those whose name the member may know. One query."""
    rows = list(
        with_cells(CaseGrant.grants.listed_for(member), member).order_by("sort_deadline", "content_object_id")[:10]
    )
    rights = RowRights(member)
    lines = [
        CaseLine(
            case_label(row, rights),
            str(row["content_object__number"]),
            case_url(row["content_object__number"]),
            note="" if row["sort_deadline"] == NO_DEADLINE else display.date_table(row["sort_deadline"]),
        )
        for row in rows
    ]
    return [line for line in lines if line.label != line.number]


def handovers(member: Member) -> list[Line]:
    """Offered to the unit, then offered by it and still unanswered or just returned; earliest answer first. Two queries."""
    if not may_do(member, "handovers.list"):
        return []
    received = Handover.objects.received_by(member).awaited().for_pages().order_by("answer_due", "pk")[:FIRST_FEW]
    sent = Handover.objects.sent_by(member).awaited().for_pages().order_by("answer_due", "pk")[:FIRST_FEW]
    return [_handover_line(one, is_received=True) for one in received] + [
        _handover_line(one, is_received=False) for one in sent
    ]


def offered_count(member: Member) -> int:
    return int(capped_count(Handover.objects.received_by(member).awaited()))


def _handover_line(handover: Handover, *, is_received: bool) -> Line:
    other = handover.from_unit if is_received else handover.to_unit
    text = _("%(person)s, offered to you") if is_received else _("%(person)s, offered by you")
    complete = _("%(present)d of %(all)d documents present") % {
        "present": handover.items_present,
        "all": handover.items_applicable,
    }
    due = handover.answer_due
    kind = "late" if handover.is_late else "warn" if due and due <= clock.end_of(clock.today()) else "none"
    return Line(
        organisation=other.organisation.short_name,
        text=text % {"person": surname_only(handover.case.person.surname)},
        url=reverse("handover:detail", args=[handover.pk]),
        note=complete,
        mark_kind=kind,
        mark=_due_word(due),
    )


def _due_word(due: datetime | None) -> str:
    if due is None:
        return ""
    return _("today") if due.date() == clock.today() else display.date_short(due)


def results_not_sent(member: Member) -> int:
    """Outcomes that the unit recorded and that nobody has been told of yet."""
    unsent = Attempt.objects.unsent().filter(task__request__status=Status.ACCEPTED)
    return int(capped_count(unsent.filter(task__request__to_unit=member.acting_unit_id)))


@dataclass(frozen=True)
class FileLine:
    """A file of dossiers: how far it is, and how many of its rows wait for a person."""

    name: str
    url: str
    status: str
    kind: str
    held: int
    at: datetime


def dossier_files(member: Member) -> list[FileLine]:
    """The unit's latest files, for who reads dossiers in. One query."""
    if not may_do(member, "dossiers.import"):
        return []
    kinds = {FileStatus.DONE: "ok", FileStatus.FAILED: "late", FileStatus.INTERRUPTED: "warn"}
    found = DossierFile.objects.filter(uploaded_unit=member.acting_unit_id).order_by("-uploaded_at", "-pk")[:3]
    return [
        FileLine(
            name=file.name,
            url=reverse("handover:import-detail", args=[file.pk]),
            status=str(FileStatus(file.status).label),
            kind=kinds.get(FileStatus(file.status), "planned"),
            held=file.held,
            at=file.uploaded_at,
        )
        for file in found
    ]


def age_mark(since: datetime) -> tuple[str, str]:
    """How long something waits, as a mark: two weeks asks attention, four weeks is too long."""
    days = (clock.today() - since.date()).days
    kind = "late" if days >= TOO_LONG else "warn" if days >= LONG - 1 else "none"
    return kind, display.days_since(since)


def recent_notices(member: Member, since: datetime | None) -> list[tuple[Notice, str]]:
    """What was told since the last visit, newest first, each with the organisation it came from. One query."""
    history = Notice.history.model
    sender = history.objects.filter(id=OuterRef("pk"), history_type="+").values("history_organisation")[:1]
    found = Notice.objects.for_member(member).annotate(sender=Subquery(sender))
    found = found.filter(created_at__gt=since) if since else found.filter(read_at=None)
    return [(notice, str(getattr(notice, "sender", None) or "")) for notice in found.order_by("-created_at", "-pk")[:6]]


def short_names() -> dict[str, str]:
    return dict(Organisation.objects.values_list("code", in_language("short_name")))


def unassigned(member: Member) -> int:
    """Open cases of the unit that nobody of it directs yet."""
    return int(capped_count(CaseGrant.grants.listed_for(member).filter(may_see(member, "case"), director_id=None)))


@dataclass(frozen=True)
class Load:
    """What one regievoerder carries. Sorted by name: this is no ranking. `divide_url` is empty without cases to divide."""

    name: str
    cases: int
    late: int
    url: str
    divide_url: str = ""


def caseload_per_director(member: Member) -> list[Load]:
    """Three queries."""
    found = CaseGrant.grants.listed_for(member).filter(may_see(member, "case")).exclude(director_id=None).order_by()
    cases = dict(found.values("director_id").annotate(n=Count("*")).values_list("director_id", "n"))
    late = Task.objects.open().of_unit(member).filter(due_at__lt=clock.now()).exclude(assignee=None).order_by()
    overdue = dict(late.values("assignee").annotate(n=Count("pk")).values_list("assignee", "n"))
    people: Iterable[Member] = Member.objects.filter(pk__in={*cases, *overdue}).order_by("display_name", "pk")
    return [_load(member, person, cases.get(person.pk, 0), overdue.get(person.pk, 0)) for person in people]


def _load(member: Member, person: Member, cases: int, late: int) -> Load:
    chosen = f"?director={person.pk}"
    divides = cases and may_reassign(member)
    divide_url = reverse("pages:reassign") + chosen if divides else ""
    return Load(str(person), cases, late, reverse("cases:list") + chosen, divide_url)
