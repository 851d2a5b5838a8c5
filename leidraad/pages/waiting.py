"""Whom a unit waits on: the requests it made that another unit has not finished yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Count, Exists, F, Func, Min, OuterRef, Q, QuerySet, Value
from django.urls import reverse

from cases.case.models import CaseGrant
from cases.requests.models import Request
from cases.requests.states import RUNNING
from leidraad.lib.pagination import capped_count
from partners.models import Member, in_language
from partners.policy import may_do

FIRST = 5


@dataclass(frozen=True)
class Wait:
    """One request that somebody else has to act on."""

    case_id: int
    organisation: str
    text: str
    url: str
    since: datetime


@dataclass(frozen=True)
class Partner:
    """How much one organisation still owes an answer on, and since when. No persons, no ranking."""

    organisation: str
    count: int
    since: datetime


def _running(member: Member) -> QuerySet[Request]:
    # `ended_at` says nothing that the status does not say; it lets the index of open requests answer.
    return Request.objects.asked_by_unit_of(member).running().filter(ended_at=None)


WAITING = f"""
    ARRAY(SELECT o.code FROM requests_request r JOIN partners_unit u ON u.id = r.to_unit_id
            JOIN partners_organisation o ON o.id = u.organisation_id
           WHERE (r.case_id, r.from_unit_id) = (%(expressions)s) AND r.ended_at IS NULL
             AND r.status IN ({", ".join(f"'{status}'" for status in RUNNING)})
           ORDER BY r.offered_at, r.id)
"""  # noqa: S608


def waiting_for(member: Member) -> Any:
    """For a list of grant rows: the codes of the organisations that each case waits on, longest first.

    What `_running` says, as SQL: the list is drawn more often than anything else, and building this took as long as running it.
    """
    codes = ArrayField(CharField())
    if not may_do(member, "requests.list"):
        return Value([], output_field=codes)
    return Func(F("content_object_id"), Value(member.acting_unit_id), template=WAITING, output_field=codes)


def waiting_condition(member: Member, organisation: str) -> Q:
    """Grant rows of cases that wait on this organisation."""
    asked = _running(member).filter(case_id=OuterRef("content_object_id"), to_unit__organisation__code=organisation)
    return Q(Exists(asked))


def waits_of(member: Member) -> list[Wait]:
    """The longest waits: a regievoerder's own requests, those of the unit for everybody else. One query."""
    found = own_requests(member).select_related("to_unit__organisation", "kind").order_by("offered_at", "pk")[:FIRST]
    return [
        Wait(
            one.case_id,
            one.to_unit.organisation.short_name,
            str(one.kind),
            reverse("requests:detail", args=[one.pk]),
            one.offered_at,
        )
        for one in found
    ]


def own_requests(member: Member) -> QuerySet[Request]:
    """Running requests that the member waits on: a regievoerder's own cases, for everybody else those of the unit."""
    found = _running(member)
    if member.acting_role != "case_director":
        return found
    own = CaseGrant.grants.listed_for(member).filter(director_id=member.pk)
    return found.filter(case_id__in=own.values("content_object_id"))


def count_of(member: Member) -> int:
    return int(capped_count(own_requests(member)))


def per_partner(member: Member) -> list[Partner]:
    """Running requests of the unit per organisation asked. One query."""
    name = f"to_unit__organisation__{in_language('short_name')}"
    counted = _running(member).order_by().values(name).annotate(n=Count("pk"), since=Min("offered_at"))
    return [Partner(row[name], row["n"], row["since"]) for row in counted.order_by(name)]
