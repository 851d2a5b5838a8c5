"""Which parts of a case exist, under which name and for whom: side menu and action menus."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.access import Access
from cases.case.models import ReturnCase


def _link(label: str, url_name: str, number: str, current: bool = False) -> dict[str, Any]:
    return {"label": label, "url": reverse(url_name, args=[number]), "current": current}


def side_groups(access: Access, number: str, section: str) -> list[dict[str, Any]]:
    """The side menu: only parts that exist and that this viewer may open. A part that tells by existing is not drawn."""
    case_parts = (
        (_("Overview"), "detail", "case.view"),
        (_("Person and household"), "person", "identity.view"),
        (_("Decisions"), "decisions", "decisions.view postponement.view"),
        (_("Removability"), "removability", "removability.view"),
        (pgettext("menu", "Stops"), "stops", "stops.view"),
        (pgettext("deadlines", "Terms"), "deadlines", "case.view"),
        (_("Ready to leave?"), "readiness", "procedure.view"),
        (_("Departure"), "departure", "departure.view departure_date.view"),
        (pgettext("part of a case", "Stay"), "residence", "residence.view"),
        (_("Measures"), "measures", "measures.view custody.view"),
        (_("Supervision"), "supervision", "supervision.view"),
        (_("Handovers"), "handovers", "handovers.view"),
        (_("Referrals"), "referrals", "referrals.view"),
    )
    account_parts = (
        (_("Activity"), "activity", "activity.view"),
        (_("History"), "history", "history.view"),
        (_("Who sees this case"), "access", "case.view"),
    )
    groups = []
    for title, parts in ((pgettext("menu", "Case"), case_parts), (_("Accountability"), account_parts)):
        links = [
            _link(label, f"cases:{name}", number, name == section)
            for label, name, capability in parts
            if any(access.can(one) for one in capability.split())
        ]
        if links:
            groups.append({"title": title, "links": links})
    return groups


def add_items(access: Access, case: ReturnCase) -> list[dict[str, Any]]:
    if case.is_closed:
        return []
    asking = [_link(_("Ask another unit"), "requests:new", case.number)] if access.can("requests.ask") else []
    placing = [_link(_("Place a stop"), "cases:stop-place", case.number)] if access.can("stops.place") else []
    return asking + placing


def more_items(access: Access, case: ReturnCase) -> list[dict[str, Any]]:
    """Acts that are not the daily ones."""
    number, items = case.number, []
    if access.can("case.change"):
        items.append(_link(_("Change phase"), "cases:phase", number))
    if access.can("case.assign") and access.leads:
        items.append(_link(_("Assign case director"), "cases:assign", number))
    if access.can("identity.view") and not case.is_closed:
        items.append(_link(_("Report an error in the identity"), "cases:report-error", number))
    if access.can("case.view"):
        items.append(_link(_("Print case sheet"), "cases:print", number))
    if access.can("case.close"):
        name, label = ("cases:reopen", _("Reopen case")) if case.is_closed else ("cases:close", _("Close case"))
        items.append(_link(label, name, number))
    return items


def task_url(url_name: str, url_arg: str) -> str:
    """Where a task leads; nothing when that screen does not exist."""
    if not url_name:
        return ""
    try:
        return reverse(url_name, args=[url_arg] if url_arg else [])
    except NoReverseMatch:
        return ""
