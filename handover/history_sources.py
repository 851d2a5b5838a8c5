"""The records of this room in the history of a case."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.history import Can, register_history
from handover.intake.checklist import REASON_LABELS, Reason
from handover.models import Dossier, Handover, HandoverItem, ReferralJudgement
from handover.states import Status
from partners.models import Member

# Says nothing to a reader, or says again what another field says.
PLUMBING = frozenset({"frozen", "moves_lead", "liberty_clock", "climbed", "first", "items_applicable", "dossier"})
# Whom the receiver named for the case is the receiver's own: the sender reads the team and no person.
PEOPLE = "people"


def _visible(row: Any, member: Member, can: Can) -> bool:
    """As the page of the handover itself: its two sides and who is responsible now. A draft is the sender's alone."""
    if row.status == Status.DRAFT:
        return bool(row.from_unit_id == member.acting_unit_id)
    return member.acting_unit_id in (row.from_unit_id, row.to_unit_id, row.case.led_by_id)


def _of_visible(row: Any, member: Member, can: Can) -> bool:
    """What the sides wrote to each other about an item is for whoever may read the handover."""
    return _visible(row.handover, member, can)


def _item_name(row: Any) -> str:
    return str(row.item)


def _reason(row: Any) -> str:
    return str(REASON_LABELS[Reason(row.reason)]) if row.reason in set(Reason) else str(row.reason)


def register() -> None:
    register_history(
        Handover,
        section="handovers",
        case_path="case",
        label=_("Handover"),
        hidden=PLUMBING,
        related=("case",),
        visible=_visible,
        labels={
            "status": _("Status"),
            "kind": _("Kind"),
            "from_unit": pgettext_lazy("handover", "From"),
            "to_unit": pgettext_lazy("handover", "To"),
            "dossier_version": _("Version of the dossier"),
            "round_number": _("Round"),
            "offered_at": _("Offered at"),
            "answer_due": _("Answer due"),
            "opened_at": _("Opened at"),
            "opened_by": _("Opened by"),
            "queried_at": _("Question asked at"),
            "answered_at": _("Answered at"),
            "answered_by": _("Answered by"),
            "return_reason": _("Reason of return"),
            "return_text": _("Text with the return"),
            "team": _("Team"),
            "director": _("Case director"),
            "note": _("Note"),
            "items_present": _("Items present"),
        },
        field_sections={"director": PEOPLE},
    )
    register_history(
        HandoverItem,
        section="handovers",
        case_path="handover__case",
        label=_("Item"),
        subject=_item_name,
        related=("item", "handover__case"),
        visible=_of_visible,
        values={"reason": _reason},
        hidden=frozenset({"handover", "item"}),
        labels={
            "state": _("State"),
            "reason": _("Reason"),
            "text": _("Explanation"),
            "remark": _("Remark of the receiver"),
        },
    )
    register_history(
        Dossier,
        section="handovers",
        case_path="case",
        label=_("Dossier"),
        hidden=frozenset({"content_hash"}),
        labels={"supplier": _("Sender"), "reference": _("Reference"), "version_number": _("Version of the dossier")},
    )
    register_history(
        ReferralJudgement,
        section="referrals",
        case_path="case",
        label=_("Referral"),
        hidden=frozenset({"decided_unit"}),
        labels={
            "referral": _("Referral"),
            "finding": _("Finding"),
            "reason": _("Reason"),
            "decided_by": _("Judged by"),
            "decided_at": _("Judged at"),
            "undone_at": _("Taken back at"),
        },
    )
