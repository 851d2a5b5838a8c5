"""Exceptions to what a unit sees, and sections opened to one member by name. Both end by themselves when they have an end.

Before anything is opened the resulting rights are worked out with the same functions that every page asks: what would
open nothing, because the role or the policy does not carry it, is refused.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cases.case.access import Access, access_of, require
from cases.case.actions import lock_case
from cases.case.models import Involvement, NamedAccess, NamedKind, Part, ReturnCase, SectionException
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member, Membership, Unit, valid_on
from partners.policy import BY_NAME_ONLY, case_sections

LONGEST_NAMED = timedelta(days=365)


# --- exceptions for a unit ------------------------------------------------------------------------------------------


@transaction.atomic
def set_exception(
    case: ReturnCase, unit: Unit, section: str, *, allowed: bool, until: datetime | None, by: Member, reason: str
) -> SectionException:
    """Narrow or widen what a unit sees in this case, and tell it. A former exception for the section is replaced."""
    case = lock_case(case)
    require(by, "case.share", case)
    check_exception(case, unit, section, allowed=allowed, until=until)
    one = SectionException.objects.filter(case=case, unit=unit, section=section).first()
    one = one or SectionException(case=case, unit=unit, section=section)
    one.allowed, one.reason, one.until = allowed, reason, until
    save_as(one, by=by, reason=reason)
    kind = "section_widened" if allowed else "section_narrowed"
    notify(unit, kind, case=case, by=by, url_name="cases:access")
    return one


def check_exception(case: ReturnCase, unit: Unit, section: str, *, allowed: bool, until: datetime | None) -> None:
    """Raises NotPossible for what may not be excepted, and for a unit that does not take part or leads."""
    if section not in case_sections():
        raise NotPossible(_("Choose one of the sections shown."))
    if until is not None and until <= clock.now():
        raise NotPossible(_("The end date must lie after today."))
    parts = {one.part for one in Involvement.objects.in_force().filter(case=case, unit=unit)}
    if not parts:
        raise NotPossible(_("%(unit)s does not take part in this case.") % {"unit": unit.full_name})
    if Part.LEAD in parts:
        raise NotPossible(_("The responsible unit sees what its task needs. Nothing can be shielded from it."))
    if allowed and section in BY_NAME_ONLY:
        raise NotPossible(_("This section is opened to named members only, not to a unit."))


@transaction.atomic
def lift_exception(one: SectionException, *, by: Member, reason: str) -> None:
    """From now on the unit sees again what the policy gives it."""
    case = lock_case(one.case_id)
    require(by, "case.share", case)
    one = SectionException.objects.select_related("unit__organisation").get(pk=one.pk)
    if not one.is_running:
        raise NotPossible(_("This exception has ended already."))
    one.until = clock.now()
    save_as(one, by=by, reason=reason)
    notify(one.unit, "exception_lifted", case=case, by=by, url_name="cases:access")


# --- access by name -------------------------------------------------------------------------------------------------


@transaction.atomic
def name_member(
    case: ReturnCase,
    membership: Membership,
    section: str,
    *,
    until: datetime,
    by: Member,
    reason: str,
    notice: str = "named_given",
) -> NamedAccess:
    """Open a section to one member of a unit that takes part, while that member works for that unit, and tell them."""
    case = lock_case(case)
    require(by, "case.share", case)
    check_named(case, membership, section, until=until)
    named = NamedAccess(
        member=membership.member,
        case=case,
        unit=membership.unit,
        section=section,
        ground=reason,
        since=clock.now(),
        until=until,
    )
    save_as(named, by=by, reason=reason)
    notify(membership.unit, notice, member=membership.member, case=case, by=by, url_name="cases:access")
    return named


def check_named(case: ReturnCase, membership: Membership, section: str, *, until: datetime) -> None:
    """Raises NotPossible when it would open nothing new, or not for a bounded time."""
    if not clock.now() < until <= clock.now() + LONGEST_NAMED:
        raise NotPossible(_("The end date must lie after today and within a year."))
    access = access_in(case, membership)
    if access.can(f"{section}.view"):
        raise NotPossible(_("%(name)s sees this section already.") % {"name": membership.member})
    if not opens_by_name(access, section):
        raise NotPossible(
            _("The role of %(name)s does not carry this section, not even by name.") % {"name": membership.member}
        )


def access_in(case: ReturnCase, membership: Membership) -> Access:
    """What the member may do in the case when working as this membership."""
    return access_of(membership.member.work_as(membership), case)


def opens_by_name(access: Access, section: str) -> bool:
    return section in case_sections() and replace(access, named=access.named | {section}).can(f"{section}.view")


def opens_to_unit(access: Access, section: str) -> bool:
    """Whether a widening for the unit would open the section to a member with these rights."""
    if section in BY_NAME_ONLY or section not in case_sections():
        return False
    return replace(access, exceptions=access.exceptions | {section: True}).can(f"{section}.view")


@transaction.atomic
def end_named(named: NamedAccess, *, by: Member, reason: str) -> None:
    """The responsible unit ends access by name, also that of an emergency, before its time."""
    case = lock_case(named.case_id)
    require(by, "case.share", case)
    named = NamedAccess.objects.select_related("member", "unit").get(pk=named.pk)
    same = NamedAccess.objects.running().filter(case=case, member=named.member, kind=named.kind)
    # Emergency access is one act that opens several sections: it ends as one.
    ending = list(same if named.kind == NamedKind.EMERGENCY else same.filter(pk=named.pk))
    if not ending:
        raise NotPossible(_("This access has ended already."))
    for one in ending:
        one.ended_at = clock.now()
        save_as(one, by=by, reason=reason)
    if named.unit is not None:
        notify(named.unit, "named_ended", member=named.member, case=case, by=by, url_name="pages:notices")


def memberships_in(units: Iterable[int]) -> Mapping[int, Membership]:
    """The valid memberships of active members in these units, by key."""
    found = Membership.objects.filter(valid_on(clock.today()), unit__in=set(units), member__is_active=True)
    related = ("member", "unit__organisation", "role")
    return {one.pk: one for one in found.select_related(*related).order_by("unit__name", "member__display_name")}
