"""The rows of the register: ready words for each person, their moments, and what the other organisation noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_stubs_ext import StrOrPromise

from cases.case.access import Access, accesses_of
from cases.case.models import Ground, Rhythm, SpecialGroup
from cases.case.presence_words import SHAPES, moment_words
from cases.case.register import Line, Slot
from cases.case.rhythm import Term
from cases.reception.models import Placement
from leidraad.lib import clock
from leidraad.lib.display import date_table, moment_short, time_of_day, v_number
from leidraad.pages.people import case_url, person_name
from leidraad.pages.register_desk import Desk

NTH = {1: gettext_lazy("1st moment"), 2: gettext_lazy("2nd moment")}


@dataclass(frozen=True)
class Word:
    """A mark as shape and word, with the moment it is about."""

    kind: str
    text: str
    when: str = ""
    note: str = ""


@dataclass(frozen=True)
class SlotRow:
    """One moment of a row: filled with `word`, or open to be marked, or not yet come."""

    name: str
    label: StrOrPromise
    word: Word | None
    correct_url: str
    is_open: bool


@dataclass(frozen=True)
class Row:
    """One person. `nothing` says why there is nothing to note; `room` is None where the member may not see the stay."""

    pk: int
    name: str
    born: str
    v_number: str
    url: str
    room: str | None
    badges: list[tuple[str, str]]
    earlier: list[Word]
    slots: list[SlotRow]
    nothing: str
    other: list[Word]
    other_note: str

    @property
    def is_open(self) -> bool:
        return any(slot.is_open for slot in self.slots)

    @property
    def slots_due(self) -> int:
        return len(self.slots)

    @property
    def save_id(self) -> str:
        """The same name as the link that takes the button's place, so that the focus stays."""
        return next((f"vast-{slot.name}" for slot in self.slots if slot.is_open), "")


def rows_of(desk: Desk, owners: Sequence[Any], missed: frozenset[int]) -> list[Row]:
    """The rows of these people. The number of queries does not depend on how many they are."""
    accesses = accesses_of(desk.member, [one.case for one in owners])
    lines, others = desk.own.lines(owners, missed), desk.others(owners)
    return [_row(desk, line, others.get(line.owner.case_id), accesses[line.owner.case_id]) for line in lines]


def _row(desk: Desk, line: Line[Any], other: Line[Any] | None, access: Access) -> Row:
    case = line.owner.case
    person = case.person
    may_note = desk.may_note(access)
    return Row(
        pk=line.owner.pk,
        name=person_name(person.surname, person.given_names, person.name_prefix),
        born=str(person.birth_year or ""),
        v_number="" if desk.is_police else v_number(person.v_number),
        url=case_url(case.number),
        room=_room(line, other) if access.can("residence.view") else None,
        badges=_badges(line),
        earlier=[_earlier(slot) for slot in line.earlier],
        slots=[_slot(desk, line, slot, may_note) for slot in line.slots],
        nothing="" if line.slots else _why_nothing(line),
        other=[_word(slot) for slot in other.slots] if other else [],
        other_note=_other_note(desk, other),
    )


def _room(line: Line[Any], other: Line[Any] | None) -> str:
    stay = next((one.owner for one in (line, other) if one and isinstance(one.owner, Placement)), None)
    return stay.room if stay is not None else ""


def _badges(line: Line[Any]) -> list[tuple[str, str]]:
    case, found = line.owner.case, []
    if case.special_group == SpecialGroup.UNACCOMPANIED_MINOR:
        found.append(("warn", pgettext("short", "unaccompanied minor")))
    if line.has_missed:
        dublin = case.ground == Ground.DUBLIN
        found.append(("warn", _("Missed (Dublin)") if dublin else _("Missed a second time")))
    return found


def _slot(desk: Desk, line: Line[Any], slot: Slot, may_note: bool) -> SlotRow:
    moment, mark = slot.moment, slot.mark
    return SlotRow(
        name=f"m-{line.owner.pk}-{moment.slot}",
        label=NTH[moment.slot] if len(line.slots) > 1 else "",
        word=None if slot.may_be_marked and may_note else _word(slot, who=True),
        correct_url=desk.url("correct", mark.pk) if mark is not None and may_note else "",
        is_open=slot.may_be_marked and may_note,
    )


def _word(slot: Slot, *, who: bool = False) -> Word:
    """Unfilled is not missed, and what has not come yet is neither."""
    if slot.mark is None:
        if slot.moment.due_from > clock.today():
            return Word("planned", pgettext("presence", "not yet"))
        return Word("todo", pgettext("presence", "not filled in"))
    note = ""
    if who:
        at = slot.mark.at
        today = at.astimezone(clock.now().tzinfo).date() == clock.today()
        when = time_of_day(at) if today else moment_short(at)
        note = f"{slot.mark.by}, {when}" if slot.mark.by is not None else when
    return Word(SHAPES[slot.mark.mark], str(slot.mark.get_mark_display()), note=note)


def _earlier(slot: Slot) -> Word:
    word = _word(slot)
    return Word(word.kind, word.text, moment_words(slot.moment))


def _why_nothing(line: Line[Any]) -> str:
    until: date | None = line.owner.ended_on
    if until is not None and until <= clock.today():
        return _("Stay ended on %(date)s") % {"date": date_table(until)}
    return rhythm_gap(line.term) or _("No obligation on this day")


def rhythm_gap(term: Term | None) -> str:
    """Why a rhythm obliges to nothing; "" when it does oblige."""
    if term is None:
        return _("No rhythm recorded for this form of reception")
    if term.rhythm:
        return ""
    return _("No obligation with this form of reception") if term.is_established else _("Rhythm not established")


def rhythm_words(term: Term | None) -> str:
    return str(Rhythm(term.rhythm).label) if term is not None and term.rhythm else ""


def _other_note(desk: Desk, other: Line[Any] | None) -> str:
    if other is None:
        return ""
    if not other.slots:
        return rhythm_gap(other.term) or _("no obligation on this day")
    return rhythm_words(other.term)
