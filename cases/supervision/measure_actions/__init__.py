"""What may happen to a measure: imposed, confirmed or corrected, lifted, struck out, brought before the court.

Everything runs under the case row's lock. Recording what happened is never refused for a rule that was not kept: the page
warns (`measure_rules`). Refused is only what cannot be so.
"""

from cases.supervision.measure_actions.before_court import NewCourtFact, record_court, void_court
from cases.supervision.measure_actions.common import (
    Details,
    Weighed,
    check_details,
    fill,
    hearers,
    may_change_of,
    reads_reasons,
)
from cases.supervision.measure_actions.ending import Lifting, end_with_case, keeps_part, lift, take_back_lifting
from cases.supervision.measure_actions.extending import NewExtension, extend, void_extension
from cases.supervision.measure_actions.imposing import correct, impose, void
from cases.supervision.measure_actions.stating import PRINCIPAL, StatedMeasure, state_measures

__all__ = [
    "PRINCIPAL",
    "Details",
    "Lifting",
    "NewCourtFact",
    "NewExtension",
    "StatedMeasure",
    "Weighed",
    "check_details",
    "correct",
    "end_with_case",
    "extend",
    "fill",
    "hearers",
    "impose",
    "keeps_part",
    "lift",
    "may_change_of",
    "reads_reasons",
    "record_court",
    "state_measures",
    "take_back_lifting",
    "void",
    "void_court",
    "void_extension",
]
