"""Involvements and the guardian grants that follow from them, always together. Nothing else writes a grant, but the run
that follows a new version of the policy (`cases.case.policy_grants`)."""

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import transaction

from cases.case.models import CaseGrant, Involvement, NamedAccess, NamedKind, Part, ReturnCase, SectionException
from cases.case.models.case import permission_id
from leidraad.lib import clock
from leidraad.lib.audit import By, ByMany, bulk_create_as, bulk_delete_as, bulk_insert_as, bulk_update_as, save_as
from partners.models import Unit
from partners.policy import hold, sensitive_sections


def grants_for(organisation: str, parts: Iterable[str]) -> frozenset[str]:
    """Permission names a unit receives for the parts it plays: view always, lead for the lead, sensitive ones by policy."""
    names: set[str] = set()
    for part in parts:
        names |= {"view"} | sensitive_sections(organisation, part)
        if part == Part.LEAD:
            names.add("lead")
    return frozenset(names)


def start_involvement(case: ReturnCase, unit: Unit, part: str, ground: str, *, by: By, reason: str) -> Involvement:
    """Start a unit's part and give its group the grants. Repeating it changes nothing. The caller holds the case lock."""
    running = Involvement.objects.running().filter(case=case, unit=unit, part=part).first()
    if running is not None:
        return running
    with transaction.atomic():
        started = Involvement(case=case, unit=unit, part=part, ground=ground, since=clock.now())
        save_as(started, by=by, reason=reason)
        regrant(case, unit, by=by, reason=reason)
    return started


def end_involvement(involvement: Involvement, *, by: By, reason: str) -> None:
    """End a unit's part; its access stops with this transaction unless another part keeps it."""
    if involvement.until is not None:
        return
    with transaction.atomic():
        involvement.until = max(clock.now(), involvement.since)
        involvement.end_reason = reason
        save_as(involvement, by=by, reason=reason)
        regrant(involvement.case, involvement.unit, by=by, reason=reason)
        _end_openings(involvement.case, involvement.unit, by=by, reason=reason)


def _end_openings(case: ReturnCase, unit: Unit, *, by: By, reason: str) -> None:
    """With a unit's last part end the sections opened to it or to its members: a later part must not bring them back."""
    if Involvement.objects.running().filter(case=case, unit=unit).exists():
        return
    now = clock.now()
    for widened in SectionException.objects.running().filter(case=case, unit=unit, allowed=True):
        widened.until = now
        save_as(widened, by=by, reason=reason)
    for named in NamedAccess.objects.running().filter(case=case, unit=unit, kind=NamedKind.NAMED):
        named.ended_at = now
        save_as(named, by=by, reason=reason)


def regrant(case: ReturnCase, unit: Unit, *, by: By, reason: str) -> None:
    """Make the grants of one unit on one case equal to what its running involvements call for."""
    hold()
    parts = Involvement.objects.running().filter(case=case, unit=unit).values_list("part", flat=True)
    wanted = {permission_id(name) for name in grants_for(unit.organisation.code, parts)}
    present = list(CaseGrant.objects.filter(content_object=case, group_id=unit.group_id))
    missing = wanted - {grant.permission_id for grant in present}
    new = [CaseGrant(group_id=unit.group_id, permission_id=pk, content_object=case) for pk in sorted(missing)]
    bulk_create_as(new, by=by, reason=reason)
    bulk_delete_as([grant for grant in present if grant.permission_id not in wanted], by=by, reason=reason)


def start_many(involvements: Sequence[Involvement], *, by: ByMany, reason: str) -> None:
    """Start involvements of new cases set-based; none of the cases may have an earlier involvement of the same unit."""
    units, parts = _units_of(involvements), _parts_of(involvements)
    columns: dict[str, list[int]] = {"group_id": [], "permission_id": [], "content_object_id": []}
    permissions = cache(_permissions)
    with transaction.atomic():
        hold()
        for (case_id, unit_id), its_parts in parts.items():
            for permission in permissions(units[unit_id].organisation.code, frozenset(its_parts)):
                columns["group_id"].append(units[unit_id].group_id)
                columns["permission_id"].append(permission)
                columns["content_object_id"].append(case_id)
        bulk_create_as(involvements, by=by, reason=reason)
        bulk_insert_as(CaseGrant, columns, by=by, reason=reason)


def end_many(involvements: Sequence[Involvement], *, by: ByMany, reason: str) -> None:
    """End running involvements set-based. A unit keeps the grants that its other parts in the same case call for."""
    if not involvements:
        return
    now, units = clock.now(), _units_of(involvements)
    for involvement in involvements:
        involvement.until, involvement.end_reason = max(now, involvement.since), reason
    cases = {involvement.case_id for involvement in involvements}
    with transaction.atomic():
        hold()
        bulk_update_as(involvements, ["until", "end_reason"], by=by, reason=reason)
        left = _parts_of(Involvement.objects.running().filter(case__in=cases, unit__in=units))
        permissions = cache(_permissions)
        wanted = {
            (case_id, units[unit_id].group_id, permission)
            for (case_id, unit_id), parts in left.items()
            for permission in permissions(units[unit_id].organisation.code, frozenset(parts))
        }
        ended = {(involvement.case_id, units[involvement.unit_id].group_id) for involvement in involvements}
        present = CaseGrant.objects.filter(content_object__in=cases, group__in={group for _case, group in ended})
        unfounded = [
            grant
            for grant in present
            if (grant.content_object_id, grant.group_id) in ended
            and (grant.content_object_id, grant.group_id, grant.permission_id) not in wanted
        ]
        bulk_delete_as(unfounded, by=by, reason=reason)


def _permissions(organisation: str, parts: frozenset[str]) -> list[int]:
    return [permission_id(name) for name in sorted(grants_for(organisation, parts))]


def _units_of(involvements: Iterable[Involvement]) -> dict[int, Unit]:
    keys = {involvement.unit_id for involvement in involvements}
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=keys).select_related("organisation")}


def _parts_of(involvements: Iterable[Involvement]) -> dict[tuple[int, int], list[str]]:
    parts: dict[tuple[int, int], list[str]] = {}
    for involvement in involvements:
        parts.setdefault((involvement.case_id, involvement.unit_id), []).append(involvement.part)
    return parts
