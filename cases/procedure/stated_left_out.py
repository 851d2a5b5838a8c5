"""Why something that a dossier states is not recorded as a fact of law, or not whole, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class Left(StrEnum):
    AHEAD = "law_ahead"
    NO_DECISION = "law_no_decision"
    BEFORE_DECISION = "law_before_decision"
    AFTER_DECISION = "law_after_decision"
    NO_COUNTRY = "law_no_country"
    PERIOD_NO_COUNTRY = "law_period_no_country"
    PERIOD_GROUND = "law_period_ground"
    NO_RETURN = "law_no_return"
    NO_APPEAL = "law_no_appeal"
    BEFORE_APPEAL = "law_before_appeal"
    NO_STATE = "law_no_state"
    NO_ACCEPTANCE = "law_no_acceptance"
    BEFORE_ACCEPTANCE = "law_before_acceptance"
    WORKED_ON = "law_worked_on"


@dataclass(frozen=True)
class LeftOut:
    """A field of `Stated`, and why it is not recorded as it was stated."""

    field: str
    why: Left


TEXTS: Mapping[str, StrOrPromise] = {
    Left.AHEAD: _("Not recorded in the case: the day lies in the future. What is recorded has happened."),
    Left.NO_DECISION: _("Not recorded in the case: the dossier gives no day of a decision that was taken."),
    Left.BEFORE_DECISION: _("Not recorded in the case: the day lies before the decision."),
    Left.AFTER_DECISION: _("The application came after the decision: recorded apart from it."),
    Left.NO_COUNTRY: _("The dossier names no country of return: the decision is recorded without the duty to return."),
    Left.PERIOD_NO_COUNTRY: _("Not recorded in the case: a departure period needs a country of return."),
    Left.PERIOD_GROUND: _("Less than 28 days needs a ground (Vw 62(2)). The dossier names none: recorded without it."),
    Left.NO_RETURN: _("Not recorded in the case: a transfer decision has no country of return and no departure period."),
    Left.NO_APPEAL: _("Not recorded in the case: the dossier gives no appeal that this ruling is about."),
    Left.BEFORE_APPEAL: _("Not recorded in the case: the ruling lies before the appeal."),
    Left.NO_STATE: _("Not recorded in the case: the dossier names no responsible member state."),
    Left.NO_ACCEPTANCE: _("Not recorded in the case: there is no acceptance from which this day follows."),
    Left.BEFORE_ACCEPTANCE: _("Not recorded in the case: the day lies before the acceptance of the claim."),
    Left.WORKED_ON: _("Somebody has worked on what the dossier stated before: that stays. Compare both."),
}  # fmt: skip
