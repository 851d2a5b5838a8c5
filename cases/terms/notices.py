"""How notices about terms read. They name no rule and no day: which term it is, is read in the case, by rights."""

from django.utils.translation import gettext_lazy as _

from cases.terms.reminding import AHEAD, MANY, PASSED, TODAY
from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    register_notice(AHEAD, _("A term in this case ends within some days. Look which one."))
    register_notice(TODAY, _("A term in this case ends on the day of this notice. Look which one."))
    register_notice(PASSED, _("A term in this case has passed. Look which one."))
    register_notice(MANY, _("%(count)s terms ask attention. Look at the list of terms."))
