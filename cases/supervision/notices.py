"""The notices of this room."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    register_notice("supervision_assigned", _("A supervision task was assigned to you."))
    register_notice("reporting_imposed", _("A duty to report came with a dossier. Your team keeps it."))
