"""What was recorded for the guards as the pages show it, and where more is recorded."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.case.nationalities import country_name
from cases.terms.actions import CHANGE, may_state
from cases.terms.guards.known import Topic
from cases.terms.models import GuardStatement
from cases.terms.statement_words import topic_words, value_words
from leidraad.lib.display import date_long
from leidraad.pages.case_frame import OpenCase
from partners.policy import SENSITIVE


@dataclass(frozen=True)
class Recorded:
    """One statement as the page shows it; `reason` says why it was taken back."""

    words: str
    source: str
    reason: str
    strike_url: str


def page_url(page: OpenCase) -> str:
    return reverse("cases:readiness", args=[page.case.number])


def state_url(page: OpenCase, topic: Topic | None = None) -> str:
    """Where this viewer records a fact about the topic; "" for who may not."""
    if page.case.is_closed or not page.can(CHANGE) or (topic is not None and not may_state(page.access, topic)):
        return ""
    url = reverse("cases:readiness-state", args=[page.case.number])
    return f"{url}?over={topic.value}" if topic is not None else url


def recorded_of(page: OpenCase) -> list[Recorded]:
    """What this viewer may read of it, the newest first. One query."""
    rows = GuardStatement.objects.filter(case=page.case).order_by("-on", "-pk")
    return [line_of(page, row) for row in rows if _may_read(page, row)]


def _may_read(page: OpenCase, row: GuardStatement) -> bool:
    return row.section not in SENSITIVE or page.can(f"{row.section}.view")


def line_of(page: OpenCase, row: GuardStatement) -> Recorded:
    facts = [
        f"{topic_words(row.topic)}: {value_words(row.topic, row.value)}",
        date_long(row.on),
        _("until %(date)s") % {"date": date_long(row.until)} if row.until else "",
        country_name(row.country),
        _("birth on %(date)s") % {"date": date_long(row.subject_day)} if row.subject_day else "",
    ]
    may_strike = row.struck_at is None and not page.case.is_closed and may_state(page.access, Topic(row.topic))
    url = reverse("cases:readiness-strike", args=[page.case.number, row.pk]) if may_strike else ""
    return Recorded(", ".join(part for part in facts if part), row.source, row.reason, url)
