"""The notices of this room. No name and no place: whoever reads one may have lost the case, or not see where somebody stays."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    register_notice("reception_reserved", _("Somebody is expected at your site: a place was reserved."))
    register_notice("reception_cancelled", _("A reservation at your site was cancelled."))
    register_notice(
        "reception_moved_out", _("A resident of your site arrived at another site. The stay with you ended.")
    )
    register_notice("reception_moved_back", _("A move was recorded by mistake: the stay at your site runs again."))
    register_notice("reception_no_show", _("The person did not arrive at the reception site within 48 hours."))
    register_notice("reception_ended", _("A stay in reception ended."))
    register_notice("reception_end_corrected", _("The end of a stay in reception was corrected."))
    register_notice("reception_end_taken_back", _("The end of a stay was recorded by mistake: the stay runs again."))
