"""The register on *Mijn werk* of COA: how far the site is with this week, and who was missed twice. Constant queries."""

from dataclasses import dataclass
from typing import Any

from cases.case.register import MISSED, UNFILLED
from cases.case.rhythm import monday_of
from leidraad.lib import clock
from leidraad.pages.people import case_url, person_name
from leidraad.pages.register import moment_of_sheet, progress_words
from leidraad.pages.register_desk import POLICE, Desk, sheet_of
from partners.models import Member
from partners.policy import may_do

FIRST_MISSED = 8


@dataclass(frozen=True)
class Missed:
    name: str
    url: str


def register_panel(member: Member) -> dict[str, Any]:
    """Nothing for who keeps no register, and for the police, whose day begins elsewhere. Four queries and the forms'."""
    if not may_do(member, "register.list") or member.acting_organisation == POLICE or member.acting is None:
        return {}
    desk = Desk(member, member.acting.unit, sheet_of(monday_of(clock.today())))
    counts = desk.counts()
    if not counts.people:
        return {}
    return {
        "register": {
            "counts": counts,
            "progress_label": progress_words(counts),
            "moment": moment_of_sheet(desk, counts),
            "url": desk.url(),
            "unfilled_url": desk.url(which=UNFILLED),
            "missed_url": desk.url(which=MISSED),
            "missed": _missed(desk),
        }
    }


def _missed(desk: Desk) -> list[Missed]:
    found = desk.owners(desk.missed)[:FIRST_MISSED]
    persons = [(one.case, one.case.person) for one in found]
    return [
        Missed(person_name(person.surname, person.given_names, person.name_prefix), case_url(case.number))
        for case, person in persons
    ]
