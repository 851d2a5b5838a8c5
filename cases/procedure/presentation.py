"""Answers as the screens show them. Nothing here writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.procedure.models import RemovabilityAnswer
from cases.procedure.states import WARN_DAYS
from cases.requests.models import Request
from cases.requests.presentation import MARKS
from cases.requests.states import Status
from leidraad.lib import clock
from leidraad.lib.display import MASKED, date_long, date_short


def status_mark(request: Request) -> tuple[str, str]:
    return MARKS[Status(request.status)], str(Status(request.status).label)


def answer_marks(answer: RemovabilityAnswer) -> list[tuple[str, str]]:
    """Kind of mark and words: whether somebody may rely on this answer, and how long."""
    if not answer.is_final:
        return [("planned", _("expected %(date)s") % {"date": date_short(answer.expected_on)})]
    if answer.replaced_at is not None:
        return [("na", pgettext("answer", "replaced"))]
    marks = [("warn", _("possibly overtaken"))] if answer.is_overtaken else []
    return [*marks, *_validity_mark(answer)]


def _validity_mark(answer: RemovabilityAnswer) -> list[tuple[str, str]]:
    if answer.valid_until is None:
        return []
    day = {"date": date_short(answer.valid_until)}
    if answer.has_expired:
        return [("warn", _("expired on %(date)s") % day)]
    kind = "warn" if (answer.valid_until - clock.today()).days <= WARN_DAYS else "none"
    return [(kind, _("until %(date)s") % day)]


@dataclass(frozen=True)
class AnswerLine:
    """One answer in a table. Why it is so is MASKED where the viewer may not see decisions."""

    value: str
    answered_at: datetime
    source: str
    ground: object
    note: object
    until: str
    marks: list[tuple[str, str]]
    since_then: object
    correction: object


def answer_lines(answers: Iterable[RemovabilityAnswer], *, open_reasons: bool) -> list[AnswerLine]:
    """In the order of `answers`, fetched with `for_pages`. `open_reasons`: whether the viewer may see decisions."""
    return [_line(answer, open_reasons=open_reasons) for answer in answers]


def _line(answer: RemovabilityAnswer, *, open_reasons: bool) -> AnswerLine:
    def shown(value: object) -> object:
        return value if open_reasons else MASKED

    ground = answer.ground.in_full if answer.ground else ""
    overtaken = ""
    if answer.overtaken_at is not None:
        overtaken = f"{date_long(answer.overtaken_at)}: {answer.overtaken_words}"
    return AnswerLine(
        value=str(answer) if answer.is_final else _("Not known yet"),
        answered_at=answer.answered_at,
        source=answer.request.to_unit.full_name,
        ground=shown(ground) if answer.is_final else "",
        note=shown(answer.note) if answer.note else "",
        until=date_long(answer.valid_until),
        marks=answer_marks(answer),
        since_then=shown(overtaken) if overtaken else "",
        correction=shown(answer.correction_reason) if answer.corrects_id else "",
    )
