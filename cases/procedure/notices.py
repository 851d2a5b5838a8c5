"""The notices of this room. The sentences hold no names and no answer: who may open the case reads them there."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    for kind, sentence in (
        ("removability_expected", _("IND does not know the answer yet. Read when it is expected.")),
        ("removability_corrected", _("IND corrected an answer about removability. Read what it is now.")),
        ("removability_expired", _("An answer about removability expired. Ask again before you go on.")),
        (
            "representative_changed",
            _("Who represents the person in this case changed. Read who it is before you plan."),
        ),
        (
            "removability_overtaken",
            _("An answer about removability may be overtaken. Read what happened and ask again."),
        ),
        ("legal_fact_recorded", _("IND recorded something about the procedure of this person. Read what changed.")),
    ):
        register_notice(kind, sentence)
