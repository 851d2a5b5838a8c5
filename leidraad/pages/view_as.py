"""Bekijk als: the responsible unit looks at the case page as a unit that takes part would see it, to read only.

The rights are worked out by the functions that judge that unit's own requests, and cut down to what the looker may see anyway.
What belongs to the unit itself (its tasks, what it waits for, its activity) is not shown.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases.case.access import access_from, looking_as, stand_in
from cases.case.models import Involvement, Part
from cases.case.who_sees import sections_in
from leidraad.lib.models import EventKind
from leidraad.pages.access_words import section_names
from leidraad.pages.case_frame import OpenCase, family_of, fetch, log, open_case
from leidraad.pages.case_panels import alerts_of, axes_of, closed_band, involved
from leidraad.pages.removability import in_force
from partners.http import UserRequest, signed_in
from partners.models import Role


@dataclass(frozen=True)
class ViewedAs:
    """The band over the page."""

    who: str
    sees_case: bool
    sections: str
    back_url: str


@require_GET
@signed_in
def view_as(request: UserRequest, number: str, pk: int, role: str) -> HttpResponse:
    """Under `case.share`. A unit or a role that does not take part in this case does not exist."""
    own = open_case(request, number, "case.share")
    running = Involvement.objects.in_force().filter(case=own.case).exclude(part=Part.LEAD)
    part = get_object_or_404(running.select_related("unit__organisation"), pk=pk)
    as_role = get_object_or_404(Role, code=role, organisation=part.unit.organisation_id)
    somebody = stand_in(part.unit, as_role)
    case = fetch(somebody, number)
    seen = looking_as(access_from(somebody, vars(case), case_closed=case.is_closed), own.access)
    page = OpenCase(request, case, seen, family_of(case, seen), on_paper=True)
    log(own, EventKind.READ, viewed_as=f"{part.unit.code} {as_role.code}")
    back = reverse("cases:access", args=[number])
    band = ViewedAs(somebody.display_name, seen.can("case.view"), section_names(sections_in(seen)), back)
    return render(request, "pages/case/view_as.html", page.context("detail") | {"viewed_as": band} | _shown(page))


def _shown(page: OpenCase) -> dict[str, Any]:
    """Of the case page what does not belong to a unit. Nothing here leads to an act or to another page."""
    shown: dict[str, Any] = {"groups": [], "why_url": "", "can_search": False}
    if not page.can("case.view"):
        return shown
    answer = in_force(page)
    identity = page.context("detail")["identity"] | {"actions": [], "menus": []}
    identity["facts"] = [fact | {"url": ""} for fact in identity["facts"]]
    return shown | {
        "identity": identity,
        "band": _without_ways(closed_band(page) or {}),
        "alerts": [_without_ways(alert) for alert in alerts_of(page, True, answer)],
        "axes": [_without_ways(axis) for axis in axes_of(page, answer)],
        "parties": involved(page),
    }


def _without_ways(drawn: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in drawn.items() if name not in ("url", "action")}
