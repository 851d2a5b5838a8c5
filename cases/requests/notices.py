"""The notices of this room. The sentences hold no names: who may open the request reads them there."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    for kind, sentence in (
        ("request_offered", _("A request waits for the answer of your unit.")),
        ("request_accepted", _("Your request was accepted.")),
        ("request_declined", _("Your request was declined. Read why and decide what happens now.")),
        ("request_withdrawn", _("A request to your unit was withdrawn. You need do nothing more for it.")),
        ("request_reported", _("Your request was reported ready. Read the report and confirm it.")),
        ("request_answered", _("What your unit asked was answered. Read the answer.")),
        ("request_corrected", _("The report on your request was corrected.")),
        ("request_confirmed", _("The asker confirmed your report. The request is done.")),
        (
            "request_not_possible",
            _("Your request turned out not to be possible. Read why and decide what happens now."),
        ),
        ("request_expired", _("A request expired without an answer. The asker decides what happens now.")),
        ("request_overdue", _("An accepted request is past its term.")),
    ):
        register_notice(kind, sentence)
