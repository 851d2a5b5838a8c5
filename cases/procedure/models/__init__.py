"""IND's records: what it decided, what came of it, and what it answered to others; and who speaks for the person."""

from cases.procedure.models.answers import AnswerGround, RemovabilityAnswer
from cases.procedure.models.representatives import (
    HowInformed,
    InformedMatter,
    Representative,
    RepresentativeInformed,
    RepresentativeKind,
)

__all__ = [
    "AnswerGround",
    "HowInformed",
    "InformedMatter",
    "RemovabilityAnswer",
    "Representative",
    "RepresentativeInformed",
    "RepresentativeKind",
]
