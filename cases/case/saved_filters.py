"""Save, rename and delete a filter: one's own, or the team's by who may divide the caseload of the team."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.models import SavedFilter
from leidraad.lib.audit import delete_as, save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.stale import require_version
from partners.models import Member, Unit
from partners.policy import may_do, require_to

# More would not be found back, and each costs a count on the list.
MOST = 10
TEAM_CAPABILITY = "caseload.change"


def may_change(member: Member, saved: SavedFilter) -> bool:
    """One's own always; the team's with the right to divide its caseload. Never another unit's."""
    if saved.unit_id != member.acting_unit_id:
        return False
    return saved.owner_id == member.pk or (saved.is_of_team and may_do(member, TEAM_CAPABILITY))


@transaction.atomic
def save_filter(name: str, values: Mapping[str, str], *, for_team: bool, by: Member) -> SavedFilter:
    """Raises NotAllowed, and NotPossible for a name that is taken, an empty choice or one filter too many."""
    require_to(by, TEAM_CAPABILITY if for_team else "cases.list")
    if not values:
        raise NotPossible(_("Choose at least one filter on the list first."))
    owner = None if for_team else by
    # The unit's row is the lock under which filters are counted and names compared.
    Unit.objects.select_for_update(no_key=True).get(pk=by.acting_unit.pk)
    beside = SavedFilter.objects.filter(unit=by.acting_unit, owner=owner)
    if beside.count() >= MOST:
        raise NotPossible(
            _("There are %(count)d filters already. Delete one that you no longer use.") % {"count": MOST}
        )
    saved = SavedFilter(unit=by.acting_unit, owner=owner, name=_free(name, beside.values_list("name", flat=True)))
    saved.values = dict(values)
    return save_as(saved, by=by, reason=gettext_noop("Filter saved"))


@transaction.atomic
def rename_filter(saved: SavedFilter, name: str, *, by: Member, version: int) -> SavedFilter:
    """Raises NotAllowed, Stale, and NotPossible for a name that is taken."""
    saved = _locked(saved, by, version)
    beside = SavedFilter.objects.filter(unit=saved.unit, owner=saved.owner).exclude(pk=saved.pk)
    saved.name = _free(name, beside.values_list("name", flat=True))
    return save_as(saved, by=by, reason=gettext_noop("Filter renamed"))


@transaction.atomic
def delete_filter(saved: SavedFilter, *, by: Member, version: int) -> None:
    """The filter goes, its history stays. Raises NotAllowed and Stale."""
    delete_as(_locked(saved, by, version), by=by, reason=gettext_noop("Filter deleted"))


def _locked(saved: SavedFilter, by: Member, version: int) -> SavedFilter:
    Unit.objects.select_for_update(no_key=True).get(pk=saved.unit_id)
    saved = SavedFilter.objects.select_for_update(of=("self",)).get(pk=saved.pk)
    if not may_change(by, saved):
        raise NotAllowed(TEAM_CAPABILITY)
    require_version(saved, version)
    return saved


def _free(name: str, taken: Iterable[str]) -> str:
    """The name without spaces around it, unless another filter has it, however it is written."""
    name = " ".join(name.split())
    if name.casefold() in {other.casefold() for other in taken}:
        raise NotPossible(_("There is a filter with this name already. Choose another name."))
    return name
