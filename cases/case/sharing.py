"""The responsible unit gives a unit a part in the case, and ends it. Who may have which part is data (`partners.sharing`)."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.consents import has_consent
from cases.case.grants import end_involvement, start_involvement
from cases.case.models import Involvement, Part, ReturnCase
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member, Unit
from partners.sharing import Sharing, is_shared_by_hand, sharing_of


@transaction.atomic
def share_case(case: ReturnCase, unit: Unit, wanted: Sharing, *, by: Member, reason: str) -> Involvement:
    """Give a unit a part in the case and tell it. Raises NotAllowed, and NotPossible with what is missing."""
    case = lock_case(case)
    require(by, "case.share", case)
    check_share(case, unit, wanted)
    started = start_involvement(case, unit, wanted.part, wanted.ground, by=by, reason=reason)
    notify(unit, "case_shared", case=case, by=by, url_name="cases:detail")
    return started


def check_share(case: ReturnCase, unit: Unit, wanted: Sharing) -> None:
    """Raises NotPossible when the combination is not allowed, consent is missing, or the unit has the part already."""
    if sharing_of(unit.organisation.code, wanted.part, wanted.ground) is None:
        raise NotPossible(
            _("%(unit)s cannot have this part. Choose a unit of the organisation that does this work.")
            % {"unit": unit.full_name}
        )
    if wanted.needs_consent and not has_consent(case, unit.organisation):
        raise NotPossible(
            _("There is no running consent of the person for %(organisation)s. Record the consent first.")
            % {"organisation": unit.organisation}
        )
    if Involvement.objects.running().filter(case=case, unit=unit, part=wanted.part).exists():
        raise NotPossible(_("%(unit)s already has this part in the case.") % {"unit": unit.full_name})


@transaction.atomic
def end_share(involvement: Involvement, *, by: Member, reason: str) -> None:
    """End a unit's part that is shared by hand, and tell it; the access stops with this transaction."""
    case = lock_case(involvement.case_id)
    require(by, "case.share", case)
    involvement = case.involvements.select_related("unit__organisation", "case").get(pk=involvement.pk)
    check_end(involvement)
    end_involvement(involvement, by=by, reason=reason)
    notify(involvement.unit, "share_ended", case=case, by=by, url_name="pages:notices")


def may_end(involvement: Involvement) -> bool:
    """Whether this kind of part ends by the responsible unit's own act; open work may still stand in its way."""
    code = involvement.unit.organisation.code
    return involvement.part != Part.LEAD and is_shared_by_hand(code, involvement.part)


def check_end(involvement: Involvement) -> None:
    """Raises NotPossible for the lead's own part, for one that follows from another record, and while work is open."""
    if involvement.until is not None:
        raise NotPossible(_("This part has ended already."))
    if involvement.part == Part.LEAD:
        raise NotPossible(_("The responsible unit always sees the case. Hand the case over instead."))
    if not may_end(involvement):
        raise NotPossible(
            _("This part follows from another record, such as a stay at a site. It ends with that record.")
        )
    unit, case = involvement.unit, involvement.case
    count = case.tasks.open().filter(unit=unit).count()
    others = Involvement.objects.running().filter(case=case, unit=unit).exclude(pk=involvement.pk)
    if count and not others.exists():
        text = ngettext(
            "%(unit)s still has %(count)d open task in this case. Withdraw what you asked, or wait until it is done.",
            "%(unit)s still has %(count)d open tasks in this case. Withdraw what you asked, or wait until they are done.",
            count,
        )
        raise NotPossible(text % {"unit": unit.full_name, "count": count})
