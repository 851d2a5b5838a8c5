"""A handover in words: who is responsible, whose turn it is, the checklist with its gaps first, and what happened.

Everything here is what one member may read. What the frozen copy holds is what the sender reads after acceptance, also
when the case has changed since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.case.models import Ground, ReturnCase, Sex
from cases.case.nationalities import language_name, nationality_name
from handover.content import open_content, stated
from handover.models import Handover, HandoverItem, HandoverStep, ItemState
from handover.states import Status, StepKind
from leidraad.lib import clock, display
from partners.models import Member

# Gaps first: that is what the receiver judges.
SHOWN_ORDER = {ItemState.ABSENT: 0, ItemState.PRESENT: 1, ItemState.NOT_APPLICABLE: 2}
CONDITIONS = {ItemState.ABSENT: "absent", ItemState.PRESENT: "present", ItemState.NOT_APPLICABLE: "na"}


@dataclass(frozen=True)
class Identity:
    """The minimum by which somebody is told from somebody else."""

    name: str
    who: str
    v_number: str
    nationality: str
    language: str
    ground: str


@dataclass(frozen=True)
class Line:
    """One line of the checklist. `value` is what the dossier states, `note` why it is not there."""

    code: str
    title: str
    state: str
    value: str
    note: str
    remark: str

    @property
    def condition(self) -> str:
        """The shape beside it."""
        return CONDITIONS[ItemState(self.state)]


@dataclass(frozen=True)
class LineGroup:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Change:
    title: str
    was: str
    now: str


@dataclass(frozen=True)
class CourseStep:
    at: datetime
    organisation: str
    title: str
    who: str
    text: str
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Round:
    handover: Handover
    steps: list[CourseStep]


def side_of(handover: Handover, member: Member) -> str:
    """ "sender", "receiver", or "lead" for the team that became responsible."""
    if member.acting_unit_id == handover.from_unit_id:
        return "sender"
    return "receiver" if member.acting_unit_id == handover.to_unit_id else "lead"


def shows_content(handover: Handover, member: Member) -> bool:
    """Whether the stated facts open: to the sender, to the receiver as long as it judges, then to who is responsible."""
    side = side_of(handover, member)
    return side in ("sender", "lead") or handover.is_awaited


def identity_of(handover: Handover, member: Member) -> Identity:
    """Of an offer that ended, everybody but the responsible unit reads the identity of that moment."""
    kept = kept_for(handover, member.acting_unit_id)
    person: Mapping[str, Any] = kept.get("person") or vars(handover.case.person)
    given = " ".join(part for part in (person["given_names"], person["name_prefix"]) if part)
    born = _born(person)
    sex = str(Sex(person["sex"]).label) if person["sex"] else ""
    return Identity(
        name=display.full_name(person["surname"], given),
        who=", ".join(part for part in (sex, _("born %(date)s") % {"date": born} if born else "") if part),
        v_number=display.v_number(person["v_number"]),
        nationality=_nationality(person),
        language=language_name(person["language"]),
        ground=str(Ground(kept.get("ground") or handover.case.ground).label),
    )


def kept_for(handover: Handover, unit_id: int | None) -> Mapping[str, Any]:
    """The frozen copy, for a unit that reads that instead of the case; empty for who is responsible and while it runs."""
    if handover.is_awaited or unit_id == handover.case.led_by_id:
        return {}
    kept: Mapping[str, Any] = handover.frozen
    return kept


def _born(person: Mapping[str, Any]) -> str:
    year, month, day = person["birth_year"], person["birth_month"], person["birth_day"]
    if year is None or month is None:
        return str(year or "")
    if day is None:
        return display.date_long(date(year, month, 1)).partition(" ")[2]
    born = date(year, month, day)
    years = display.age_on(born) or 0
    return f"{display.date_long(born)} ({ngettext('%(count)d year', '%(count)d years', years) % {'count': years}})"


def _nationality(person: Mapping[str, Any]) -> str:
    words = {True: pgettext("nationality", "established"), False: pgettext("nationality", "claimed")}
    name, known = nationality_name(person["nationality"]), words.get(person["nationality_established"])
    return f"{name} ({known})" if known else name


def checklist(handover: Handover, member: Member) -> list[Line]:
    """The checklist, gaps first. Two queries at most."""
    content = content_for(handover, member)
    lines = handover.items.select_related("item").order_by("item__position")
    return sorted((_line(one, content) for one in lines), key=lambda one: SHOWN_ORDER[ItemState(one.state)])


def _line(one: HandoverItem, content: Mapping[str, Any]) -> Line:
    value = stated(one.item.code, content) if one.state == ItemState.PRESENT else ""
    return Line(one.item.code, one.item.name, one.state, value, one.reason_text, one.remark)


def content_for(handover: Handover, member: Member) -> Mapping[str, Any]:
    """What the dossier states, as far as it opens to this member; nothing where it does not."""
    if not shows_content(handover, member):
        return {}
    if handover.status == Status.ACCEPTED and side_of(handover, member) == "sender":
        kept: Mapping[str, Any] = (handover.frozen.get("dossier") or {}).get("content", {})
        return kept
    if handover.dossier is None:
        return {}
    number = handover.dossier_version or handover.dossier.version_number
    return open_content(handover.dossier.versions.get(number=number).content)


def grouped(lines: Iterable[Line]) -> list[LineGroup]:
    """Under a heading per state, in the order the lines have."""
    found = groupby(lines, key=lambda line: line.state)
    return [LineGroup(str(ItemState(state).label), list(ones)) for state, ones in found]


def status_kind(handover: Handover, member: Member) -> str:
    """The shape of the status sentence."""
    if handover.is_late:
        return "late"
    if handover.status == Status.ACCEPTED:
        return "ok"
    mine = handover.turn_unit is not None and handover.turn_unit.pk == member.acting_unit_id
    return "warn" if mine else "info"


def status_sentence(handover: Handover) -> str:
    """Who is responsible until when, and whose turn it is. The same words for both sides."""
    words = {
        "sender": handover.from_unit.full_name,
        "receiver": handover.to_unit.full_name,
        "due": display.date_time(handover.answer_due),
        "at": display.date_time(handover.answered_at),
        "team": handover.team.full_name if handover.team else "",
        "reason": str(handover.return_reason or ""),
    }
    late = " " + _("That moment has passed.") if handover.is_late else ""
    sentences = {
        Status.DRAFT: _("%(sender)s is preparing this handover. Nobody else sees it."),
        Status.OFFERED: _(
            "%(receiver)s is at turn and answers before %(due)s. Until it accepts, %(sender)s stays responsible."
        ),
        Status.QUERIED: _(
            "%(sender)s is at turn: a question is open, to be answered before %(due)s. "
            "Until %(receiver)s accepts, %(sender)s stays responsible."
        ),
        Status.ACCEPTED: _("%(receiver)s accepted on %(at)s. Since then %(team)s is responsible."),
        Status.RETURNED: _(
            "%(receiver)s returned this on %(at)s: %(reason)s. %(sender)s is at turn and stays responsible."
        ),
        Status.WITHDRAWN: _("%(sender)s withdrew this handover and stays responsible."),
        Status.EXPIRED: _(
            "Nobody answered before %(due)s. The handover expired; %(sender)s is at turn and stays responsible."
        ),
    }
    return sentences[Status(handover.status)] % words + late


def course(handover: Handover, lines: Iterable[Line]) -> list[Round]:
    """Every round with its steps, newest round first, oldest step first. `lines` name the items. Two queries."""
    rounds = list(handover.rounds.exclude(status=Status.DRAFT))
    titles = {line.code: line.title for line in lines}
    steps = (
        HandoverStep.objects.filter(handover__in=rounds).select_related("member", "unit__organisation").order_by("pk")
    )
    by_round: dict[int, list[CourseStep]] = {one.pk: [] for one in rounds}
    for step in steps:
        by_round[step.handover_id].append(course_step(step, titles))
    return [Round(one, by_round[one.pk]) for one in rounds]


def course_step(step: HandoverStep, titles: Mapping[str, str]) -> CourseStep:
    return CourseStep(
        at=step.at,
        organisation=step.unit.organisation.short_name if step.unit else "",
        title=str(StepKind(step.kind).label),
        who=_who(step),
        text=step.text,
        changes=[_change(change, titles) for change in step.changed],
    )


def _who(step: HandoverStep) -> str:
    unit = step.unit.name if step.unit else _("Leidraad, because the term passed")
    if step.file_id is not None and step.member is not None:
        return _("%(unit)s, from a dossier file that %(member)s read in") % {"unit": unit, "member": step.member}
    return f"{step.member}, {unit}" if step.member else unit


def _change(change: Mapping[str, str], titles: Mapping[str, str]) -> Change:
    was, now = (str(ItemState(change[name]).label) for name in ("was", "now"))
    return Change(titles.get(change["code"], change["code"]), was.lower(), now.lower())


def steps_since(handover: Handover, seen: int) -> list[CourseStep]:
    """What happened after the page that shows `seen` as its last step."""
    titles = {line.item.code: line.item.name for line in handover.items.select_related("item")}
    steps = handover.steps.filter(pk__gt=seen).select_related("member", "unit__organisation").order_by("pk")
    return [course_step(step, titles) for step in steps]


def last_step_id(handover: Handover) -> int:
    return handover.steps.order_by("-pk").values_list("pk", flat=True).first() or 0


def siblings(handover: Handover, member: Member) -> Sequence[Handover]:
    """Awaited handovers of the same household between the same units: persons who must be seen together."""
    household = handover.case.household_id
    if household is None:
        return []
    found = Handover.objects.visible_to(member).awaited().filter(case__household=household, to_unit=handover.to_unit)
    return list(found.exclude(pk=handover.pk).select_related("case__person").order_by("pk")[:20])


def link_to_case(handover: Handover, member: Member) -> ReturnCase | None:
    """The case, where this member sees it."""
    return ReturnCase.objects.visible_to(member).filter(pk=handover.case_id).first()


def age_group(offered_at: datetime | None) -> str:
    """Under which heading of the list an offer stands."""
    days = (clock.today() - offered_at.astimezone(clock.now().tzinfo).date()).days if offered_at else 0
    if days >= 7:
        return _("Offered a week ago or longer")
    if days >= 2:
        return _("Offered 2 to 6 days ago")
    return _("Offered yesterday") if days == 1 else _("Offered today")
