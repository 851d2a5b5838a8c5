"""Procedures, decisions, remedies, claims and postponements in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Can, Step, register_history
from cases.case.nationalities import country_name, language_name
from cases.procedure.models import (
    Decision,
    Hearing,
    PeriodChange,
    Postponement,
    PostponementStep,
    Procedure,
    ProcedureStep,
    Remedy,
    TransferClaim,
    TransferMove,
)
from cases.procedure.sections import may_know, may_read
from leidraad.lib.display import date_long
from partners.models import Member

STAMP = frozenset({"recorded_by", "recorded_at", "confirmed_by", "replaces", "reason", "section"})
LABELS = {
    "source": pgettext_lazy("fact", "Source"),
    "confirmed_at": gettext_lazy("Confirmed on"),
    "replaced_at": gettext_lazy("Replaced on"),
    "struck_at": gettext_lazy("Taken back on"),
}


def register() -> None:
    """Called once when the app is ready."""
    _register_procedures()
    _register_decisions()
    _register_remedies()
    _register_claims()
    _register_postponements()


def _register_procedures() -> None:
    register_history(
        Procedure,
        "procedure",
        "case",
        pgettext_lazy("record", "Procedure"),
        hidden=STAMP,
        labels=LABELS
        | {
            "kind": gettext_lazy("Procedure"),
            "regime": gettext_lazy("Regime"),
            "regime_reason": gettext_lazy("Why this regime"),
            "lodged_on": gettext_lazy("Lodged on"),
            "reference": gettext_lazy("Reference"),
            "ended_on": gettext_lazy("Ended on"),
            "result": gettext_lazy("Result"),
        },
        related=("kind",),
        subject=lambda row: row.kind.name if row.kind else "",
        activity=_procedure_activity,
    )
    register_history(
        ProcedureStep,
        "procedure",
        "procedure__case",
        pgettext_lazy("record", "Step of a procedure"),
        hidden=STAMP | {"procedure"},
        labels=LABELS
        | {"step": gettext_lazy("Step"), "on": gettext_lazy("On day"), "note": gettext_lazy("Explanation")},
        related=("step",),
        subject=lambda row: row.step.name,
        activity=_step_activity,
    )


def _register_decisions() -> None:
    register_history(
        Decision,
        "decisions",
        "case",
        pgettext_lazy("record", "Decision"),
        hidden=STAMP | {"procedure"},
        visible=lambda row, member, can: may_read(row.notified_on, can),
        labels=LABELS
        | {
            "kind": gettext_lazy("Decision"),
            "regime": gettext_lazy("Regime"),
            "authority": gettext_lazy("Decided by"),
            "reference": gettext_lazy("Reference"),
            "decided_on": gettext_lazy("Decided on"),
            "notified_on": gettext_lazy("Made known on"),
            "notified_how": gettext_lazy("Made known how"),
            "notified_to": gettext_lazy("Made known to"),
            "notified_language": gettext_lazy("In which language"),
            "is_return_decision": gettext_lazy("Return decision"),
            "countries": gettext_lazy("Country of return"),
            "period_days": gettext_lazy("Departure period in days"),
            "period_ground": gettext_lazy("Ground of the shorter period"),
            "ban_years": gettext_lazy("Entry ban in years"),
            "ban_ground": gettext_lazy("Ground of the entry ban"),
        },
        values={"countries": _countries, "notified_language": lambda row: language_name(row.notified_language)},
        related=("kind",),
        subject=lambda row: row.kind.name,
        activity=_decision_activity,
    )
    register_history(
        PeriodChange,
        "decisions",
        "case",
        pgettext_lazy("record", "Departure period"),
        hidden=STAMP | {"decision"},
        labels=LABELS
        | {
            "ground": gettext_lazy("Ground"),
            "decided_on": gettext_lazy("Decided on"),
            "until": gettext_lazy("Last day of the period"),
        },
        activity=_period_activity,
    )


def _register_remedies() -> None:
    register_history(
        Remedy,
        "procedure",
        "case",
        pgettext_lazy("record", "Remedy"),
        hidden=STAMP | {"decision"},
        labels=LABELS
        | {
            "kind": gettext_lazy("Remedy"),
            "lodged_on": gettext_lazy("Lodged on"),
            "late": gettext_lazy("Lodged late"),
            "court": pgettext_lazy("remedy", "Court"),
            "reference": gettext_lazy("Reference"),
            "country": gettext_lazy("Country"),
            "effect": gettext_lazy("Effect on removal"),
            "suspension": gettext_lazy("Rule"),
            "effect_reason": gettext_lazy("Why this effect"),
            "ruled_on": gettext_lazy("Ruling on"),
            "ruling": gettext_lazy("Ruling"),
        },
        subject=lambda row: str(row.get_kind_display()),
        activity=_remedy_activity,
    )
    register_history(
        Hearing,
        "procedure",
        "remedy__case",
        pgettext_lazy("record", "Hearing of a court"),
        hidden=frozenset({"remedy"}),
        labels={
            "at": gettext_lazy("Moment"),
            "place": gettext_lazy("Place"),
            "cancelled_at": gettext_lazy("Cancelled on"),
            "note": gettext_lazy("Explanation"),
        },
    )


def _register_claims() -> None:
    register_history(
        TransferClaim,
        "procedure",
        "case",
        pgettext_lazy("record", "Claim on a member state"),
        hidden=STAMP,
        labels=LABELS
        | {
            "state": gettext_lazy("Member state"),
            "regime": gettext_lazy("Regime"),
            "requested_on": gettext_lazy("Asked on"),
            "replied_on": gettext_lazy("Reply on"),
            "reply": gettext_lazy("Reply"),
            "latest_on": gettext_lazy("Latest transfer date"),
        },
        activity=_claim_activity,
    )
    register_history(
        TransferMove,
        "procedure",
        "claim__case",
        pgettext_lazy("record", "Latest transfer date"),
        hidden=STAMP | {"claim"},
        labels=LABELS
        | {
            "ground": gettext_lazy("Ground"),
            "decided_on": gettext_lazy("Decided on"),
            "latest_on": gettext_lazy("Latest transfer date"),
            "note": gettext_lazy("Explanation"),
        },
        activity=lambda step: (
            _("moved the latest transfer date to %(date)s.") % {"date": date_long(step.row.latest_on)}
            if step.created
            else ""
        ),
    )


def _register_postponements() -> None:
    register_history(
        Postponement,
        "postponement",
        "case",
        pgettext_lazy("record", "Postponement or protection"),
        hidden=STAMP,
        visible=_known,
        labels=LABELS
        | {
            "kind": gettext_lazy("Ground"),
            "state": gettext_lazy("State"),
            "since": gettext_lazy("Since"),
            "until": gettext_lazy("Until"),
        },
        related=("kind",),
        subject=lambda row: row.kind.name,
        activity=_postponement_activity,
    )
    register_history(
        PostponementStep,
        "postponement",
        "postponement__case",
        pgettext_lazy("record", "Step of a postponement"),
        hidden=STAMP | {"postponement"},
        visible=_known_step,
        labels=LABELS
        | {
            "state": gettext_lazy("State"),
            "on": gettext_lazy("On day"),
            "until": gettext_lazy("Until"),
            "note": gettext_lazy("Explanation"),
        },
        related=("postponement",),
    )


def _known(row: Any, _member: Member, can: Can) -> bool:
    return may_know(row.section, can)


def _known_step(row: Any, _member: Member, can: Can) -> bool:
    return row.postponement is not None and may_know(row.postponement.section, can)


def _countries(row: Any) -> str:
    return ", ".join(country_name(code) for code in row.countries or ())


# --- the sentence after the actor's name ----------------------------------------------------------------------------


def _subject(step: Step) -> str:
    return str(step.source.subject(step.row)) if step.source.subject else ""


def _struck(step: Step, what: str) -> str:
    return _("took back a record about %(what)s.") % {"what": what} if step.changed("struck_at") else ""


def _procedure_activity(step: Step) -> str:
    name = _subject(step)
    if step.created:
        return _("recorded a procedure: %(name)s.") % {"name": name}
    if step.changed("ended_on") and step.row.ended_on:
        return _("recorded that a procedure ended: %(result)s.") % {"result": step.shown("result")}
    return _struck(step, name)


def _step_activity(step: Step) -> str:
    if step.created:
        return _("recorded a step of the procedure: %(name)s.") % {"name": _subject(step)}
    return _struck(step, _subject(step))


def _decision_activity(step: Step) -> str:
    if step.created:
        words = {"name": _subject(step), "date": date_long(step.row.decided_on)}
        return _("recorded a decision of %(date)s: %(name)s.") % words
    if step.changed("notified_on") and step.row.notified_on:
        return _("recorded that a decision was made known on %(date)s.") % {"date": date_long(step.row.notified_on)}
    return _struck(step, _subject(step))


def _period_activity(step: Step) -> str:
    if step.created:
        return _("changed the departure period: until %(date)s.") % {"date": date_long(step.row.until)}
    return ""


def _remedy_activity(step: Step) -> str:
    name = _subject(step)
    if step.created:
        return _("recorded a remedy: %(name)s, %(effect)s.") % {"name": name, "effect": step.shown("effect")}
    if step.changed("ruled_on") and step.row.ruled_on:
        return _("recorded a ruling on %(name)s: %(ruling)s.") % {"name": name, "ruling": step.shown("ruling")}
    return _struck(step, name)


def _claim_activity(step: Step) -> str:
    if step.created:
        return _("recorded a claim on another member state.")
    if step.changed("reply") and step.row.reply:
        return _("recorded the reply of the other member state: %(reply)s.") % {"reply": step.shown("reply")}
    return _struck(step, _("a claim"))


def _postponement_activity(step: Step) -> str:
    words = {"name": _subject(step), "state": step.shown("state")}
    if step.created or step.changed("state"):
        return _("recorded about %(name)s: %(state)s.") % words
    return _struck(step, _subject(step))
