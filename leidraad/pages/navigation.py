"""Which screens a role works with: the menu, the start page and the four places of the police phone.

The menus are those of the screen contract, each in its fixed order. A screen that does not exist yet has no entry here, and
an entry whose right the member's role lacks is left out: a menu never leads to a closed door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from partners.models import Member
from partners.policy import may_do


@dataclass(frozen=True)
class Entry:
    """A screen in a menu. `counts` names the number of `Counts` that stands behind it."""

    label: StrPromise
    url_name: str
    needs: str = ""
    counts: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Item:
    """An entry as drawn: what the base templates read."""

    label: str
    url: str
    current: bool
    count: int | None = None
    icon: str = ""


MY_WORK = Entry(_("My work"), "pages:my-work")
TEAM = Entry(_("My team"), "pages:my-work")
CASES = Entry(_("Cases"), "cases:list", "cases.list")
SHARED = Entry(_("Shared cases"), "cases:list", "cases.list")
RESIDENTS = Entry(_("Residents"), "cases:list", "cases.list")
HANDOVERS = Entry(_("Handovers"), "handover:inbox", "handovers.list", counts="handovers")
REQUESTS = Entry(_("Requests"), "requests:inbox", "requests.list", counts="requests")
IMPORT = Entry(_("Read in dossiers"), "handover:import", "dossiers.import")
QUESTIONS = Entry(_("Questions"), "procedure:questions", "questions.list", counts="requests")
# For whoever reports somebody to DT&V, and for the desk that finds out who it is.
REFERRALS = Entry(_("Referrals"), "handover:referrals", "referrals.file")
REFERRAL_DESK = Entry(_("Referrals"), "handover:referrals", "referrals.judge")
DEADLINES = Entry(pgettext_lazy("deadlines", "Terms"), "terms:list", "cases.list")
TODAY = Entry(pgettext_lazy("menu", "Today"), "supervision:today", icon="list")
ASSIGNMENTS = Entry(_("Assignments"), "supervision:list", counts="supervision", icon="square-check")
REGISTER = Entry(pgettext_lazy("page", "Register"), "register:home", "register.list")
REPORTING = Entry(_("Duty to report"), "register:home", "register.list", icon="clipboard-check")
PRIVACY = Entry(_("Privacy"), "pages:my-work")
ADMINISTRATION = Entry(_("Administration"), "pages:my-work")
POLICY = Entry(_("Who may do what"), "policy:versions", "policy.view")
EMERGENCIES = Entry(_("Emergency access"), "pages:emergency-review", "emergency.review")
LOOKS = Entry(pgettext_lazy("menu", "Looks"), "looks:list", "looks.view")
REPORTS = Entry(_("Reports"), "reports:index", "reports.view")
SEARCH = Entry(pgettext_lazy("menu", "Search"), "pages:search", icon="search")
MORE = Entry(_("More"), "pages:more", icon="ellipsis")

SUPPORTING = (MY_WORK, REQUESTS, CASES, REFERRALS)
CONSULTED = (MY_WORK, SHARED, REFERRALS)

MENUS: Mapping[str, tuple[Entry, ...]] = {
    "case_director": (MY_WORK, CASES, HANDOVERS, DEADLINES, REPORTS),
    "reception_case_manager": (MY_WORK, REGISTER, RESIDENTS, HANDOVERS, DEADLINES, REFERRALS),
    "coa_manager": (TEAM, REGISTER, CASES, HANDOVERS, REFERRALS, REPORTS),
    "reception_desk": (MY_WORK, REGISTER, RESIDENTS, REFERRALS),
    "intake_clerk": (MY_WORK, IMPORT, REFERRAL_DESK, HANDOVERS, CASES),
    "dtv_manager": (TEAM, CASES, HANDOVERS, REPORTS),
    "travel_document_officer": SUPPORTING,
    "booking_officer": SUPPORTING,
    "departure_officer": SUPPORTING,
    "transport_planner": SUPPORTING,
    "ind_officer": (MY_WORK, QUESTIONS, HANDOVERS, DEADLINES, REFERRALS),
    "supervision_officer": (TODAY, ASSIGNMENTS, REPORTING, REFERRALS),
    "team_chief": (TODAY, ASSIGNMENTS, REPORTING, REFERRALS),
    # Hands cases over as well, so the consulted partner's menu is one entry longer here.
    "escort_planner": (MY_WORK, SHARED, HANDOVERS, REFERRALS),
    "auditor": (PRIVACY, LOOKS, EMERGENCIES, REPORTS, POLICY),
    "privacy_officer": (PRIVACY, LOOKS, EMERGENCIES, REPORTS, POLICY),
    "administrator": (ADMINISTRATION, POLICY),
}
PHONE_MENUS: Mapping[str, tuple[Entry, ...]] = {
    "supervision_officer": (TODAY, REPORTING, SEARCH, MORE),
    "team_chief": (TODAY, REPORTING, SEARCH, MORE),
}


def menu_of(member: Member) -> tuple[Entry, ...]:
    """The entries this member's acting role may open; nothing without a valid membership."""
    if member.acting is None:
        return ()
    return _open_to(member, MENUS.get(member.acting_role, CONSULTED))


def phone_menu_of(member: Member) -> tuple[Entry, ...]:
    return _open_to(member, PHONE_MENUS.get(member.acting_role, ()))


def _open_to(member: Member, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if not entry.needs or may_do(member, entry.needs))


def start_url(member: Member) -> str:
    """Where the member's work begins: the first entry of the menu."""
    menu = menu_of(member)
    return url_of(menu[0].url_name) if menu else reverse("pages:my-work")


@lru_cache(maxsize=64)
def url_of(url_name: str) -> str:
    return reverse(url_name)


def draw(entries: Sequence[Entry], path: str, counts: Mapping[str, int]) -> list[Item]:
    """The entries with their addresses; current is the one whose address the path continues furthest."""
    urls = [url_of(entry.url_name) for entry in entries]
    current = max((url for url in urls if path.startswith(url)), key=len, default="")
    return [
        Item(
            label=str(entry.label),
            url=url,
            current=url == current,
            count=(counts.get(entry.counts) or None) if entry.counts else None,
            icon=entry.icon,
        )
        for entry, url in zip(entries, urls, strict=True)
    ]
