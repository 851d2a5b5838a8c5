"""What may happen to IND's records. One verb, one function."""

from cases.procedure.actions.answers import CHANGE, Answer, answer, correct_answer, not_known_yet, overtake

__all__ = ["CHANGE", "Answer", "answer", "correct_answer", "not_known_yet", "overtake"]
