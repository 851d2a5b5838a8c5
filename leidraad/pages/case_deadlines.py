"""Termijnen of one case: what ends when, how each day was counted, and what would follow if something came on another day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.terms.deadlines import Supposed, starts_of, supposed_starts
from cases.terms.watching import may_change
from leidraad.lib.forms import DateField, Form
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.deadline_lines import DeadlineLine, lines_of, with_watching


class SupposedForm(Form):
    """A GET form that changes nothing."""

    dag = DateField(label=gettext_lazy("Day"), required_message=gettext_lazy("Fill in the day that you want to try."))

    def __init__(self, data: Mapping[str, Any] | None, *, event: Supposed) -> None:
        super().__init__(data)
        self.fields["dag"].label = _("What if %(event)s") % {"event": event.label}


@dataclass(frozen=True)
class Change:
    """A term as it is now and as it would be."""

    now: DeadlineLine | None
    then: DeadlineLine


@require_GET
@case_page()
def deadlines(page: OpenCase) -> HttpResponse:
    starts = starts_of([page.case.pk])[page.case.pk]
    changeable = {one.key for one in starts if may_change(page.access, one.sees)}
    lines = with_watching(lines_of(starts, page.can), page.case.pk, changeable)
    return page.render(
        "pages/case/deadlines.html",
        "deadlines",
        live=[line for line in lines if line.is_live],
        over=[line for line in lines if not line.is_live],
        suppose_url=reverse("cases:deadline-suppose", args=[page.case.number]),
        begin_url=reverse("cases:deadline-begin", args=[page.case.number]),
        unwatch_url=reverse("cases:deadline-unwatch", args=[page.case.number]),
        watch_url=reverse("cases:deadline-watch", args=[page.case.number]),
    )


@require_GET
@case_page()
def suppose(page: OpenCase) -> HttpResponse:
    """What if: the facts stay as they are. Http404 for a term that the reader may not know of, or that supposes nothing."""
    key = page.request.GET.get("termijn", "")
    starts = [one for one in starts_of([page.case.pk])[page.case.pk] if one.may_be_known(page.can)]
    asked = next((one for one in starts if one.key == key and one.supposes), None)
    if asked is None or asked.supposes is None:
        raise Http404
    form = SupposedForm(page.request.GET if "dag" in page.request.GET else None, event=asked.supposes)
    changes = _changes(page, key, form.cleaned_data["dag"]) if form.is_bound and form.is_valid() else None
    (line,) = lines_of([asked], page.can)
    return page.render(
        "pages/case/deadline_suppose.html",
        "deadlines",
        status=422 if form.is_bound and changes is None else 200,
        form=form,
        line=line,
        changes=changes,
        back_url=reverse("cases:deadlines", args=[page.case.number]),
    )


def _changes(page: OpenCase, key: str, day: date) -> list[Change]:
    """The terms that would be other than now, and those that would come."""
    now = {line.key: line for line in lines_of(starts_of([page.case.pk])[page.case.pk], page.can)}
    then = lines_of(supposed_starts(page.case.pk, key, day) or [], page.can)
    return [Change(now.get(line.key), line) for line in then if line != now.get(line.key)]
