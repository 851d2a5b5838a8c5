"""What the pages about referrals show, as ready values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.lookalikes import Lookalike
from cases.case.models import ReturnCase
from cases.case.nationalities import nationality_name
from handover.models.referral import JUDGE, Referral, ReferralJudgement, ReferralQuerySet
from handover.referrals.states import Finding, Status
from leidraad.lib import clock, display
from leidraad.lib.pagination import KeysetPage, keyset_page
from partners.models import Member, Organisation, in_language
from partners.policy import may_do

KINDS = {Status.FILED: "planned", Status.TAKEN_UP: "info", Status.DEALT_WITH: "ok", Status.WITHDRAWN: "none"}
OPEN, TO_OPEN, ALL = "", "zaak-openen", "alle"
SIZE = 50


@dataclass(frozen=True)
class Row:
    """One referral in a list. `age` and `late` are for intake."""

    url: str
    number: str
    name: str
    born: str
    unit: str
    organisation: str
    reason: str
    filed_at: datetime
    age: str
    late: bool
    status: str
    kind: str
    taken_by: str


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def is_desk(member: Member) -> bool:
    return may_do(member, JUDGE)


def listed(member: Member, query: QueryDict) -> dict[str, Any]:
    """The list of the desk, oldest first, or that of the reporter's unit, newest first. One query."""
    desk = is_desk(member)
    chosen = str(query.get("lijst", "")) if desk else ALL
    chosen = chosen if chosen in (OPEN, TO_OPEN, ALL) else OPEN
    order = ("-filed_at", "-id") if chosen == ALL else ("filed_at", "id")
    page = keyset_page(_rows(member, chosen).for_pages(), order=order, after=query.get("after"), size=SIZE)
    return {
        "page": KeysetPage([_row(one, desk=desk) for one in page.rows], page.next_token, page.previous_token),
        "tabs": _tabs(chosen) if desk else [],
        "chosen": chosen,
    }


def _rows(member: Member, chosen: str) -> ReferralQuerySet:
    found = Referral.objects.visible_to(member)
    return {OPEN: found.open, TO_OPEN: found.to_open, ALL: found.all}[chosen]()


def _tabs(chosen: str) -> list[Tab]:
    here = reverse("handover:referrals")
    labels = {OPEN: _("To judge"), TO_OPEN: _("Case to be opened"), ALL: pgettext("referrals", "All")}
    return [Tab(label, f"{here}?lijst={name}" if name else here, name == chosen) for name, label in labels.items()]


def _row(one: Referral, *, desk: bool) -> Row:
    due = clock.working_days_after(one.filed_on, one.reason.answer_working_days)
    return Row(
        url=reverse("handover:referral", args=[one.pk]),
        number=one.number,
        name=one.name,
        born=born_of(one),
        unit=one.from_unit.full_name,
        organisation=one.from_unit.organisation.short_name,
        reason=one.reason.name,
        filed_at=one.filed_at,
        age=_("today") if one.filed_on == clock.today() else display.days_since(one.filed_at),
        late=desk and one.is_open and due < clock.today(),
        status=str(Status(one.status).label),
        kind=KINDS[Status(one.status)],
        taken_by=str(one.taken_by or "") if desk else "",
    )


def born_of(one: Any) -> str:
    """As far as it is known: 14 maart 1994, maart 1994, 1994, or nothing."""
    year, month, day = one.birth_year, one.birth_month, one.birth_day
    if year is None or month is None:
        return str(year or "")
    shown = display.date_long(date(year, month, day or 1))
    return shown if day else shown.partition(" ")[2]


# --- one referral ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One line of the course. `who` is empty for people of the other organisation."""

    at: datetime
    organisation: str
    who: str
    text: str
    why: str = ""


def facts(one: Referral) -> dict[str, Any]:
    """What was told, for whoever may read it."""
    return {
        "referral": one,
        "status": (KINDS[Status(one.status)], str(Status(one.status).label)),
        "born": born_of(one),
        "nationality": nationality_name(one.nationality),
    }


def own_page(one: Referral, member: Member) -> dict[str, Any]:
    """For the reporter. Asks the database the same questions whatever became of it."""
    corrected_by = getattr(one, "corrected_by", None)
    return facts(one) | {
        "course": list(course_of(one, member)),
        "corrected_by": corrected_by,
        "may_withdraw": one.is_open,
        "may_restore": one.status == Status.WITHDRAWN and corrected_by is None,
        "may_correct": corrected_by is None,
    }


def course_of(one: Referral, member: Member) -> Iterator[Step]:
    """Each step of its status, with the organisation that took it. Persons only of the reader's own organisation."""
    names = dict(Organisation.objects.values_list("code", in_language("short_name")))
    former = ""
    for row in one.history.select_related("history_user").order_by("history_id"):
        if row.status != former:
            own = row.history_organisation == member.acting_organisation
            yield Step(
                at=row.history_date,
                organisation=names.get(row.history_organisation, ""),
                who=str(row.history_user or "") if own else "",
                text=_step_text(row.status, former),
                # The reporter's own words. What intake noted stands with its judgement.
                why=_(row.history_change_reason) if row.status == Status.WITHDRAWN else "",
            )
        former = row.status


def _step_text(status: str, former: str) -> str:
    if former == Status.WITHDRAWN:
        return _("Withdrawal taken back")
    return _("Referral filed") if not former else str(Status(status).label)


@dataclass(frozen=True)
class Candidate:
    """A case that may be about the same person. `url` only where intake sees the case anyhow."""

    name: str
    born: str
    nationality: str
    v_number: str
    number: str
    url: str
    is_closed: bool
    lead: str
    agrees: str
    differs: str


def desk_page(one: Referral, found: list[Lookalike], member: Member) -> dict[str, Any]:
    """For intake: what was told, who it may be, and what was judged."""
    judgements = list(
        ReferralJudgement.objects.filter(referral=one)
        .select_related("case", "decided_by")
        .order_by("-decided_at", "-pk")
    )
    standing = next((judgement for judgement in judgements if judgement.undone_at is None), None)
    return facts(one) | {
        "course": list(course_of(one, member)),
        "corrected_by": getattr(one, "corrected_by", None),
        "candidates": _candidates(found, member),
        "standing": standing,
        "earlier": [judgement for judgement in judgements if judgement.undone_at is not None],
        "may_take_up": one.status == Status.FILED,
        "may_judge": may_judge(one, standing),
        "opens": standing is not None and standing.finding == Finding.TO_OPEN,
    }


def may_judge(one: Referral, standing: ReferralJudgement | None) -> bool:
    return one.is_open or (standing is not None and standing.finding == Finding.TO_OPEN)


def _candidates(found: list[Lookalike], member: Member) -> list[Candidate]:
    keys = [one.case.pk for one in found]
    seen = set(ReturnCase.objects.visible_to(member).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Candidate(
            name=one.case.person.full_name,
            born=born_of(one.case.person),
            nationality=nationality_name(one.case.person.nationality),
            v_number=display.v_number(one.case.person.v_number),
            number=one.case.number,
            url=reverse("cases:detail", args=[one.case.number]) if one.case.pk in seen else "",
            is_closed=one.case.is_closed,
            lead=one.case.led_by.full_name,
            agrees=", ".join(one.agrees),
            differs=", ".join(one.differs),
        )
        for one in found
    ]
