"""The rights on many cases at once: what `access_of` gives for one, in the same number of queries for any number."""

from collections.abc import Iterable

from django.db.models import Q

from cases.case.access import Access
from cases.case.models import CaseGrant, Involvement, NamedAccess, ReturnCase, SectionException
from leidraad.lib import clock
from partners.models import Member


def accesses_of(member: Member, cases: Iterable[ReturnCase]) -> dict[int, Access]:
    """What the member may do in each case, by key. Four queries. A case that the unit does not see opens nothing."""
    by_key = {case.pk: case for case in cases}
    unit_id, now = member.acting_unit_id, clock.now()
    if unit_id is None or not member.is_active or not by_key:
        return {pk: Access(member, case.is_closed, (), frozenset(), frozenset(), {}) for pk, case in by_key.items()}
    granted: dict[int, set[str]] = {}
    rows = CaseGrant.objects.filter(content_object__in=by_key, group_id=member.acting_group_id)
    for pk, codename in rows.values_list("content_object_id", "permission__codename"):
        granted.setdefault(pk, set()).add(codename.removesuffix("_returncase"))
    parts: dict[int, list[Involvement]] = {}
    for involvement in Involvement.objects.running().filter(case__in=by_key, unit_id=unit_id):
        parts.setdefault(involvement.case_id, []).append(involvement)
    named: dict[int, set[str]] = {}
    open_names = NamedAccess.objects.filter(
        member=member, case__in=by_key, since__lte=now, until__gt=now, ended_at=None
    )
    for pk, section in open_names.values_list("case_id", "section"):
        named.setdefault(pk, set()).add(section)
    exceptions: dict[int, dict[str, bool]] = {}
    narrowed = SectionException.objects.filter(Q(until=None) | Q(until__gt=now), case__in=by_key, unit_id=unit_id)
    for pk, section, allowed in narrowed.values_list("case_id", "section", "allowed"):
        exceptions.setdefault(pk, {})[section] = allowed
    return {
        pk: Access(
            member,
            case.is_closed,
            tuple(parts.get(pk, ())),
            frozenset(granted.get(pk, ())),
            frozenset(named.get(pk, ())),
            exceptions.get(pk, {}),
        )
        for pk, case in by_key.items()
    }
