"""The notices of this room. They hold no names and no journey."""

from django.utils.translation import gettext_lazy as _

from partners.notices import register_notice


def register() -> None:
    """Called once when the app is ready."""
    for kind, sentence in (
        ("departure_booked", _("A departure was booked. Read when it is.")),
        ("departure_authorised", _("A departure may go ahead. Read when it is.")),
        (
            "departure_withdrawn",
            _("A departure may no longer go ahead. Read the case before you do anything for it."),
        ),
        ("departure_off", _("A departure is off. Read the case before you do anything for it.")),
        ("departure_happened", _("It is recorded that a person left. Read what is left to do.")),
    ):
        register_notice(kind, sentence)
