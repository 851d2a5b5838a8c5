"""The notices of this room."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    register_notice("supervision_assigned", _("A supervision task was assigned to you."))
    # These name no measure and no court: who reads one opens the page with the rights of that moment.
    register_notice("measure_imposed", _("A measure was recorded in this case. Read it under “Measures”."))
    register_notice("measure_corrected", _("A measure in this case was put right. Read it under “Measures”."))
    register_notice("measure_lifted", _("A measure in this case has ended. Read it under “Measures”."))
    register_notice("measure_ruled", _("A ruling about a measure was recorded in this case. Read it under “Measures”."))
    register_notice(
        "measure_extended", _("A decision about a measure was recorded in this case. Read it under “Measures”.")
    )
    register_notice("reporting_imposed", _("A duty to report came with a dossier. Your team keeps it."))
