"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import register_history
from cases.case.nationalities import country_name
from cases.terms.models import GuardStatement
from cases.terms.statement_words import topic_words, value_words
from partners.policy import SENSITIVE


def _section(row: Any) -> str:
    """That of the topic where it is a sensitive one, else that of facts of law."""
    return row.section if row.section in SENSITIVE else "procedure"


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        GuardStatement,
        _section,
        "case",
        pgettext_lazy("record", "Statement before departure"),
        hidden=frozenset({"section", "recorded_by", "unit", "recorded_at"}),
        labels={
            "topic": pgettext_lazy("field", "About"),
            "value": pgettext_lazy("field", "What is so"),
            "on": pgettext_lazy("field", "On which day"),
            "until": gettext_lazy("Until"),
            "country": gettext_lazy("Country"),
            "subject_day": gettext_lazy("Expected or actual birth"),
            "source": gettext_lazy("Source"),
            "struck_at": pgettext_lazy("field", "Struck on"),
            "reason": gettext_lazy("Reason"),
        },
        values={
            "topic": lambda row: topic_words(row.topic),
            "value": lambda row: value_words(row.topic, row.value),
            "country": lambda row: country_name(row.country),
        },
        subject=lambda row: topic_words(row.topic),
    )
