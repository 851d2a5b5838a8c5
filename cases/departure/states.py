"""Preparing a departure is always possible, booking and permission pass the guards, what happened is recorded."""

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    PREPARED = "prepared", pgettext_lazy("departure", "In preparation")
    BOOKED = "booked", pgettext_lazy("departure", "Booked")
    AUTHORISED = "authorised", pgettext_lazy("departure", "May go ahead")
    DEPARTED = "departed", pgettext_lazy("departure", "Departed")
    FAILED = "failed", pgettext_lazy("departure", "Did not go ahead")
    CANCELLED = "cancelled", pgettext_lazy("departure", "Cancelled")


OPEN = (State.PREPARED, State.BOOKED, State.AUTHORISED)
# Those that stand only on a judgement that passes; the database holds to this as well.
GUARDED = (State.BOOKED, State.AUTHORISED)

TRANSITIONS: dict[State, tuple[State, ...]] = {
    State.PREPARED: (State.BOOKED, State.DEPARTED, State.FAILED, State.CANCELLED),
    State.BOOKED: (State.PREPARED, State.AUTHORISED, State.DEPARTED, State.FAILED, State.CANCELLED),
    State.AUTHORISED: (State.PREPARED, State.DEPARTED, State.FAILED, State.CANCELLED),
    State.DEPARTED: (),
    State.FAILED: (),
    State.CANCELLED: (),
}
