"""The notices of this room. The sentences hold no names and no values: who may open the case reads them there."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    register_notice(
        "identity_decided", _("A difference in the identity of this person was decided. Read what holds now.")
    )
