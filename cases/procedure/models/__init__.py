"""IND's records: what it decided, what came of it, and what it answered to others."""

from cases.procedure.models.answers import AnswerGround, RemovabilityAnswer

__all__ = ["AnswerGround", "RemovabilityAnswer"]
