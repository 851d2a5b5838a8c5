"""The sentences of the notices that acts on a case send. Importing this module registers them."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice

register_notice("case_assigned", _("This case was assigned to you."))
register_notice("access_asked", _("A colleague asks for access to a section of this case."))
register_notice("access_opened", _("Your question for access was agreed. The section is open to you now."))
register_notice("access_declined", _("Your question for access was declined. The responsible unit can say why."))
register_notice("case_shared", _("This case is now shared with your unit."))
register_notice("share_ended", _("This case is no longer shared with your unit."))
register_notice("section_narrowed", _("A section of this case is no longer open to your unit."))
register_notice("section_widened", _("A section of this case is now open to your unit."))
register_notice("exception_lifted", _("An exception for your unit in this case has ended."))
register_notice("named_given", _("A section of this case is now open to you by name."))
register_notice("named_ended", _("The access by name that you had in this case has ended."))
register_notice("consent_given", _("The person's consent for an organisation was recorded in this case."))
register_notice("consent_withdrawn", _("The person has withdrawn consent. What was shared on that ground has ended."))
register_notice("emergency_opened", _("A colleague opened this case with emergency access. Look at the reason."))
