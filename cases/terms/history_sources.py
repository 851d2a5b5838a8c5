"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Step, register_history
from cases.case.nationalities import country_name
from cases.terms.models import GuardStatement, Incident, IncidentReply, KeptFinding, KeptJudgement, Stop, Unwatched
from cases.terms.statement_words import topic_words, value_words
from leidraad.lib.display import date_long
from partners.policy import SENSITIVE


def _section(row: Any) -> str:
    """That of the topic where it is a sensitive one, else that of facts of law."""
    return row.section if row.section in SENSITIVE else "procedure"


def _stop_section(row: Any) -> str:
    """That of the ground where it is a sensitive one, else the section of stops."""
    return row.section if row.section in SENSITIVE else "stops"


def _stop_activity(step: Step) -> str:
    row = step.row
    words = {"ground": row.ground.name, "date": date_long(row.until)}
    if step.created:
        return _("placed a stop until %(date)s: %(ground)s.") % words
    if step.changed("lifted_at"):
        return _("lifted a stop: %(ground)s.") % words
    if step.changed("lift_refused_at"):
        return _("refused to lift a stop: %(ground)s.") % words
    return _("asked to lift a stop: %(ground)s.") % words if step.changed("lift_asked_at") else ""


def _unwatched_activity(step: Step) -> str:
    words = {"rule": step.row.rule}
    if step.created:
        return _("said that a term needs no watching: %(rule)s.") % words
    return _("had a term watched again: %(rule)s.") % words if step.changed("ended_at") else ""


def register() -> None:
    """Called once when the app is ready."""
    _register_unwatched()
    _register_statements()
    _register_stops()


def _register_statements() -> None:
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


def _register_stops() -> None:
    register_history(
        Stop,
        _stop_section,
        "case",
        pgettext_lazy("record", "Stop"),
        hidden=frozenset({"section", "placed_by", "unit", "new_fact", "lift_asked_by", "lifted_by"}),
        labels={
            "ground": gettext_lazy("Ground"),
            "is_grave": pgettext_lazy("stop", "Two persons lift it"),
            "scope": pgettext_lazy("stop", "About what"),
            "country": gettext_lazy("Country"),
            "measure": pgettext_lazy("stop", "Which measure"),
            "rule": gettext_lazy("Rule"),
            "document": gettext_lazy("Document"),
            "document_number": gettext_lazy("Number of the document"),
            "document_on": gettext_lazy("Day of the document"),
            "source": gettext_lazy("Source"),
            "organisation": pgettext_lazy("stop", "Placed by"),
            "placed_at": pgettext_lazy("stop", "Placed on"),
            "until": gettext_lazy("Until"),
            "lift_asked_for": pgettext_lazy("stop", "Asked by"),
            "lift_asked_at": pgettext_lazy("stop", "Asked on"),
            "lift_reason": pgettext_lazy("stop", "Why it may end"),
            "new_fact_words": pgettext_lazy("stop", "New fact"),
            "lift_refused_at": pgettext_lazy("stop", "Refused on"),
            "lift_refusal": pgettext_lazy("stop", "Why it goes on"),
            "lifted_at": pgettext_lazy("stop", "Lifted on"),
        },
        values={"country": lambda row: country_name(row.country)},
        subject=lambda row: row.ground.name,
        activity=_stop_activity,
        related=("ground", "organisation"),
    )


def _register_unwatched() -> None:
    register_history(
        Unwatched,
        lambda row: row.section,
        "case",
        pgettext_lazy("record", "Term that is not watched"),
        hidden=frozenset({"key", "section", "by", "unit"}),
        labels={
            "rule": gettext_lazy("Rule"),
            "due": pgettext_lazy("field", "Last day of the term"),
            "reason": gettext_lazy("Reason"),
            "since": pgettext_lazy("field", "Not watched since"),
            "ended_at": pgettext_lazy("field", "Watched again since"),
            "end_reason": pgettext_lazy("field", "Why watched again"),
        },
        subject=lambda row: row.rule,
        activity=_unwatched_activity,
    )
    _register_judgements()


def _register_judgements() -> None:
    """What was judged; of single findings only the warnings that somebody passed by."""
    register_history(
        KeptJudgement,
        "procedure",
        "case",
        pgettext_lazy("record", "Judgement"),
        hidden=frozenset({"transaction", "member", "unit", "judged_at"}),
        labels={
            "act": pgettext_lazy("field", "Act"),
            "on": gettext_lazy("For the day"),
            "destination": gettext_lazy("Destination"),
            "purpose": pgettext_lazy("field", "What for"),
            "passes": pgettext_lazy("field", "May go ahead"),
            "blocks": gettext_lazy("Held back"),
            "warnings": gettext_lazy("Warnings"),
        },
        values={"destination": lambda row: country_name(row.destination)},
    )
    shown = {"reason", "source"}
    register_history(
        KeptFinding,
        _section,
        "case",
        pgettext_lazy("record", "Warning passed by"),
        hidden=frozenset(field.name for field in KeptFinding._meta.fields if field.name not in shown),
        visible=lambda row, _member, _can: bool(row.reason),
        labels={"reason": gettext_lazy("Passed by because"), "source": gettext_lazy("Source")},
        subject=lambda row: str(row.guard.guard) if row.guard else "",
        related=("guard__guard",),
    )
    register_history(
        Incident,
        "departure",
        "case",
        pgettext_lazy("record", "Done although it was held back"),
        hidden=frozenset({"judgement", "source"}),
        labels={
            "act": pgettext_lazy("field", "Act"),
            "happened_on": gettext_lazy("Happened on"),
            "without_permission": gettext_lazy("Without permission"),
            "lead": gettext_lazy("Responsible for the case"),
            "unit": gettext_lazy("Recorded by"),
            "raised_at": gettext_lazy("Told on"),
        },
    )
    register_history(
        IncidentReply,
        "departure",
        "case",
        pgettext_lazy("record", "Answer for a step that was held back"),
        hidden=frozenset({"incident"}),
        labels={
            "unit": pgettext_lazy("field", "Unit"),
            "member": gettext_lazy("Written by"),
            "text": gettext_lazy("What was found, and what is done about it"),
            "written_at": gettext_lazy("Written on"),
        },
    )
