"""No silent case: which open cases have nobody at turn, who can mend that, and how many there are.

Triggers keep the table after every change of a task or a case, whatever door it came by (`cases_keep_silent` in the database).
The night counts all of them again, for a unit may end with the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet

from cases.case.listing import may_see
from cases.case.models import CaseGrant, Part, ReturnCase, SilentCase
from leidraad.lib import clock
from leidraad.lib.who import principal
from partners.models import Member
from partners.policy import conditions

PRINCIPAL = "cases.keep_silent"
BATCH = 1000


def keep_all(after: int = 0) -> int:
    """Count every case anew, in batches of two statements each. Returns how many cases."""
    done = 0
    while found := list(ReturnCase.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        keep(found)
        done, after = done + len(found), found[-1]
    return done


@transaction.atomic
def keep(cases: Sequence[int]) -> None:
    """One statement. It locks the cases until the transaction ends, so that no act is under way while they are counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_keep_silent(%s, %s)", [list(cases), clock.today()])


def leads(member: Member) -> bool:
    """Whether the member's role sees cases that the own unit is responsible for: only there a next step is planned."""
    return conditions(member.acting_organisation, member.acting_role, Part.LEAD, "case.view") is not None


def may_mend(member: Member) -> bool:
    """Whether the role plans next steps itself. Others mend it by handing the case over."""
    return conditions(member.acting_organisation, member.acting_role, Part.LEAD, "case.change") is not None


def mended_by(member: Member) -> QuerySet[CaseGrant]:
    """Silent cases that this member is the first to mend: a regievoerder's own and those without one, for others the unit's."""
    led = CaseGrant.grants.listed_for(member).filter(
        may_see(member, "case"), content_object__led_by=member.acting_unit_id, content_object__silent__isnull=False
    )
    if member.acting_role == "case_director":
        return led.filter(Q(director_id=member.pk) | Q(director_id=None))
    return led


@dataclass(frozen=True)
class TeamSilence:
    """How many cases of a unit have nobody at turn, and since when the oldest of them has not."""

    unit: int
    count: int
    since: date


@principal("figures")
def per_unit() -> list[TeamSilence]:
    """Of all units that lead such cases, the oldest first. One query; numbers leave here and nothing else."""
    found = SilentCase.objects.order_by().values("case__led_by").annotate(n=Count("pk"), first=Min("since"))
    return [TeamSilence(row["case__led_by"], row["n"], row["first"]) for row in found.order_by("first", "case__led_by")]
