"""The sentences of the notices that acts on a case send. Importing this module registers them."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice

register_notice("case_assigned", _("This case was assigned to you."))
register_notice("access_asked", _("A colleague asks for access to a section of this case."))
