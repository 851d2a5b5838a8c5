"""S9: what arrived, what we offered, what was answered. Ready lines, a page at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from cases.case.models import Ground, Person
from handover.forms import FilterForm
from handover.models import Handover
from handover.presentation import age_group
from handover.states import ANSWERED, Status
from leidraad.lib import clock, display
from leidraad.lib.pagination import CappedCount, KeysetPage, capped_count, keyset_page
from partners.models import Member
from partners.policy import may_do

FIRST_OF_A_KIND = 50
# Kinds whose name already says the ground.
SAME_AS_GROUND = frozenset({"dublin", "offender", "own_request"})


@dataclass(frozen=True)
class Row:
    pk: int
    url: str
    name: str
    v_number: str
    when: str
    organisation: str
    unit: str
    kind: str
    ground: str
    present: int
    applicable: int
    due: str
    due_kind: str
    due_words: str
    status: str
    # A question is open: said beside the date, because the date is then the sender's.
    asks: bool
    liberty: bool


@dataclass(frozen=True)
class Group:
    title: StrOrPromise
    rows: list[Row]


@dataclass(frozen=True)
class Tab:
    code: str
    label: str
    url: str
    count: CappedCount | None
    current: bool


@dataclass(frozen=True)
class Inbox:
    """One tab of the page. `answers` says that this member judges: their button reads otherwise."""

    tabs: list[Tab]
    tab: str
    groups: list[Group]
    page: KeysetPage[Handover]
    answers: bool
    chosen: list[Mapping[str, str]]
    form: FilterForm

    @property
    def is_empty(self) -> bool:
        return not self.groups


RECEIVED, SENT, ANSWERED_BY_US, HEARD, TAKEN = "ontvangen", "aangeboden", "beantwoord", "antwoord", "overgenomen"


def inbox_of(member: Member, query: QueryDict) -> Inbox:
    """The page of the asked tab. The number of queries does not depend on the number of offers."""
    codes = tabs_of(member)
    tab = query.get("tab", "")
    tab = tab if tab in codes else codes[0]
    form = FilterForm(query, sends=may_do(member, "handovers.offer"), answered=tab not in (RECEIVED, SENT))
    chosen = form.chosen
    first = query.get("after") is None
    groups: list[Group] = []
    if tab == SENT and first:
        groups += _back(member, chosen)
    if tab == RECEIVED and first:
        groups += _liberty(member, chosen)
    page = _page(member, tab, chosen, query.get("after"))
    return Inbox(
        tabs=_tabs(member, codes, tab),
        tab=tab,
        groups=groups + _by_age(page.rows, tab, member),
        page=page,
        answers=may_do(member, "handovers.answer"),
        chosen=_tags(form, chosen, tab),
        form=form,
    )


def tabs_of(member: Member) -> list[str]:
    """The tabs of this role, the one it works in first."""
    sends, answers = may_do(member, "handovers.offer"), may_do(member, "handovers.answer")
    if sends:
        return [SENT, HEARD]
    return [RECEIVED, ANSWERED_BY_US] if answers else [RECEIVED, TAKEN]


def _labels(code: str) -> str:
    return {
        RECEIVED: _("Offered to us"),
        SENT: _("Offered by us"),
        ANSWERED_BY_US: _("Answered by us"),
        HEARD: _("Answer received"),
        TAKEN: _("Taken over"),
    }[code]


def _tabs(member: Member, codes: Iterable[str], current: str) -> list[Tab]:
    counts = {
        RECEIVED: lambda: capped_count(Handover.objects.received_by(member).awaited()),
        SENT: lambda: capped_count(Handover.objects.sent_by(member).awaited()),
    }
    base = reverse("handover:inbox")
    return [
        Tab(code, _labels(code), f"{base}?tab={code}", counts[code]() if code in counts else None, code == current)
        for code in codes
    ]


def _source(member: Member, tab: str) -> tuple[QuerySet[Handover], tuple[str, str]]:
    """The rows of a tab and their order; an index serves each pair."""
    objects, oldest, newest = Handover.objects, ("offered_at", "id"), ("-answered_at", "-id")
    if tab == RECEIVED:
        return objects.received_by(member).awaited().filter(liberty_clock=False), oldest
    if tab == SENT:
        return objects.sent_by(member).filter(status=Status.OFFERED), oldest
    if tab == ANSWERED_BY_US:
        return objects.received_by(member).filter(status__in=ANSWERED), newest
    if tab == HEARD:
        return objects.sent_by(member).filter(status__in=ANSWERED), newest
    return objects.taken_over_by(member), newest


def _filtered(found: QuerySet[Handover], chosen: Mapping[str, Any]) -> QuerySet[Handover]:
    if "sender" in chosen:
        found = found.filter(from_unit__organisation__code=chosen["sender"])
    if "ground" in chosen:
        found = found.filter(case__ground=chosen["ground"])
    if "late" in chosen:
        found = found.filter(answer_due__lt=clock.now())
    return found


def _page(member: Member, tab: str, chosen: Mapping[str, Any], after: str | None) -> KeysetPage[Handover]:
    found, order = _source(member, tab)
    return keyset_page(_for_rows(_filtered(found, chosen)), order=order, after=after)


def _for_rows(found: QuerySet[Handover]) -> QuerySet[Handover]:
    related = ("case__person", "kind", "from_unit__organisation", "to_unit__organisation", "return_reason", "team")
    return (
        found.select_related(*related)
        .defer("frozen")
        .annotate(kept=F("frozen__person"), kept_ground=KeyTextTransform("ground", "frozen"))
    )


def _back(member: Member, chosen: Mapping[str, Any]) -> list[Group]:
    """For a sender first of all: what came back, and what is asked."""
    found = _filtered(Handover.objects.sent_by(member).back_with_sender(), chosen)
    rows = [row_of(one, member, from_us=True) for one in _for_rows(found).order_by("pk")[:FIRST_OF_A_KIND]]
    return [Group(_("You are at turn"), rows)] if rows else []


def _liberty(member: Member, chosen: Mapping[str, Any]) -> list[Group]:
    found = _filtered(Handover.objects.received_by(member).awaited().filter(liberty_clock=True), chosen)
    rows = [row_of(one, member) for one in _for_rows(found).order_by("answer_due", "pk")[:FIRST_OF_A_KIND]]
    return [Group(_("Detained: answer these first"), rows)] if rows else []


def _by_age(handovers: Iterable[Handover], tab: str, member: Member) -> list[Group]:
    from_us = tab in (SENT, HEARD)
    if tab in (RECEIVED, SENT):
        heads = groupby(handovers, key=lambda one: age_group(one.offered_at))
    else:
        heads = groupby(
            handovers, key=lambda one: _("Answered on %(date)s") % {"date": display.date_long(one.answered_at)}
        )
    return [Group(title, [row_of(one, member, from_us=from_us) for one in ones]) for title, ones in heads]


def row_of(one: Handover, member: Member, *, from_us: bool = False) -> Row:
    """`from_us`: drawn for the sender. Who is not responsible reads of an ended offer what was frozen then."""
    other = one.to_unit if from_us else one.from_unit
    reads_case = one.is_awaited or member.acting_unit_id == one.case.led_by_id
    kept = None if reads_case else getattr(one, "kept", None)
    person = Person(**kept) if kept else one.case.person
    ground = (None if reads_case else getattr(one, "kept_ground", None)) or one.case.ground
    return Row(
        pk=one.pk,
        url=reverse("handover:detail", args=[one.pk]),
        name=person.full_name,
        v_number=display.v_number(person.v_number),
        when=display.moment_short(one.offered_at),
        organisation=other.organisation.short_name,
        unit=other.name,
        kind=one.kind.name,
        ground="" if one.kind.code in SAME_AS_GROUND else str(Ground(ground).label),
        present=one.items_present,
        applicable=one.items_applicable,
        due=display.date_table(one.answer_due) if one.is_awaited else "",
        due_kind=_due_kind(one),
        due_words=_due_words(one),
        status=_status(one),
        asks=one.status == Status.QUERIED,
        liberty=one.liberty_clock,
    )


def _due_kind(one: Handover) -> str:
    due = one.answer_due
    if not one.is_awaited or due is None:
        return "none"
    if one.is_late:
        return "late"
    return "warn" if due <= clock.end_of(clock.today()) else "none"


def _due_words(one: Handover) -> str:
    """Beside the date: how late, or the time where the term runs in hours."""
    if one.is_late:
        is_today = one.answer_due is not None and timezone.localtime(one.answer_due).date() == clock.today()
        return display.time_of_day(one.answer_due) if is_today else display.days_since(one.answer_due)
    if one.liberty_clock or _due_kind(one) == "warn":
        return f"{display.in_days(one.answer_due)} {display.time_of_day(one.answer_due)}"
    return display.in_days(one.answer_due)


def _status(one: Handover) -> str:
    if one.status == Status.RETURNED and one.return_reason:
        return f"{one.get_status_display()}: {one.return_reason}"
    if one.status == Status.ACCEPTED and one.team:
        return f"{one.get_status_display()}: {one.team}"
    return one.get_status_display()


def _tags(form: FilterForm, chosen: Mapping[str, Any], tab: str) -> list[Mapping[str, str]]:
    tags: list[Mapping[str, str]] = []
    for name, value in chosen.items():
        rest = "&".join(
            f"{other}={held if held is not True else 'on'}" for other, held in chosen.items() if other != name
        )
        labels = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", [])}
        label = labels.get(str(value)) or str(form.fields[name].label)
        tags.append({"label": label, "remove_url": f"?tab={tab}" + (f"&{rest}" if rest else "")})
    return tags
