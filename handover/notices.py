"""How notices about handovers read. No names: the page says more, by the rights of the moment it is opened."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    register_notice("handover_offered", _("A handover was offered to your unit."))
    register_notice("handover_queried", _("The receiver asks a question about a handover of your unit."))
    register_notice("handover_answered", _("The sender answered the question about a handover."))
    register_notice("handover_returned", _("A handover of your unit was returned."))
    register_notice("handover_withdrawn", _("The sender withdrew a handover that was offered to your unit."))
    register_notice("handover_accepted", _("A handover of your unit was accepted. You are no longer responsible."))
    register_notice("handover_assigned", _("You are the case director of a case that was handed over."))
    register_notice("handover_overdue", _("A handover was not answered in time. Your unit is at turn."))
    register_notice("handover_escalated", _("A handover is still not answered. Both managers have been told."))
    register_notice("handover_expired", _("A handover expired without an answer. The sender stays responsible."))
    # To the reporter: the same whatever intake found.
    register_notice("referral_taken_up", _("DT&V has taken up a referral of your unit."))
    register_notice("referral_dealt_with", _("DT&V has dealt with a referral of your unit. It contacts you if needed."))
    # To intake, and to the responsible unit of DT&V.
    register_notice("referral_withdrawn", _("The reporter withdrew a referral that you took up."))
    register_notice("referral_restored", _("The reporter took back the withdrawal of a referral that you took up."))
    register_notice(
        "referral_matched", _("Intake matched a referral to this case. Read it and decide what it asks of you.")
    )
    register_notice("referral_unmatched", _("Intake took back the match of a referral to this case."))
