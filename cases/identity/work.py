"""What this room does with requests about an error in identity: registered with `cases.requests` at start."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from cases.identity.fields import FIELDS
from cases.identity.models import Outcome
from cases.identity.reporting import PREFIX, report_of
from cases.identity.sources import known_today
from cases.requests.models import Request
from cases.requests.registry import Work, Worker, register_worker
from partners.models import Member

PAGE = "identity:report"
# Organisations that answer for identity, by the kinds of request that the reference data has for them.
ANSWERING = ("ind", "police", "kmar")


def register() -> None:
    """Called once when the app is ready."""
    worker = Worker(begin=begin, result=result, work_url=work_url, offered_at=PAGE, followed_at="cases:person")
    for organisation in ANSWERING:
        register_worker(f"{PREFIX}{organisation}", worker)


def begin(request: Request, by: Member) -> Work:
    """Who takes it on answers it; a colleague of the unit may do so as well."""
    return Work(title=request.kind.name_en, url_name=PAGE, url_arg=str(request.pk), assignee=by)


def work_url(request: Request) -> str:
    return reverse(PAGE, args=[request.pk])


def result(request: Request) -> Sequence[tuple[StrOrPromise, object]]:
    """What was doubted, and what the owner answered. Both parties see the identity; a new value shows only once it is there."""
    report = report_of(request)
    if report is None:
        return []
    field = FIELDS[report.field]
    lines: list[tuple[StrOrPromise, object]] = [(_("Fact"), field.label)]
    if report.outcome:
        lines.append((_("Answer"), Outcome(report.outcome).label))
        lines.append((_("Explanation"), report.explanation))
    if report.outcome == Outcome.MENDED:
        known = known_today()
        lines.append((_("New value"), field.words(report.new_value)))
        lines.append((_("Source"), known.source_words(report.new_source)))
        lines.append((_("Level"), known.level_words(report.new_level)))
    return lines
