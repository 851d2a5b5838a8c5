"""Measures in the history and the activity of a case. Custody leaves no trace there for who may not see it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Can, Step, register_history
from cases.supervision.measure_states import REASONS
from cases.supervision.models import CourtFact, Measure, MeasureExtension, MeasureRung, VulnerabilityNote
from leidraad.lib.display import date_long
from partners.models import Member


def _section(row: Any) -> str:
    return Measure.section.fget(row)  # type: ignore[attr-defined,no-any-return]  # a version has the same fields


def _of_measure(row: Any) -> str:
    return str(row.measure.section)


def _reasons(row: Any, member: Member, can: Can) -> bool:
    return can(f"{REASONS}.view")


def _activity(step: Step) -> str:
    words = {"kind": str(step.row.kind)}
    if step.created:
        return (
            _("stated in the dossier: %(kind)s.") % words
            if step.row.stated
            else _("recorded a measure: %(kind)s.") % words
        )
    if step.changed("voided_at"):
        return _("struck out a measure: %(kind)s.") % words
    if step.changed("lifted_at"):
        return _("recorded the end of a measure: %(kind)s.") % words if step.row.lifted_at else ""
    return _("confirmed a measure of the dossier: %(kind)s.") % words if step.changed("stated") else ""


def _court_activity(step: Step) -> str:
    words = {"what": str(step.row.get_kind_display()).lower()}
    if step.created:
        return _("recorded about a measure: %(what)s.") % words
    return _("struck out about a measure: %(what)s.") % words if step.changed("voided_at") else ""


def _extension_activity(step: Step) -> str:
    words = {"until": date_long(step.row.until)}
    if step.created:
        return _("recorded a decision to extend a measure, until %(until)s.") % words
    return _("struck out a decision to extend a measure, until %(until)s.") % words if step.changed("voided_at") else ""


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        Measure,
        _section,
        "case",
        pgettext_lazy("record", "Measure"),
        related=("kind",),
        hidden=frozenset({"family", "recorded_at", "time_known", "unit"}),
        field_sections=dict.fromkeys(("ground", "signs", "public_order", "lift_note"), REASONS),
        labels={
            "kind": pgettext_lazy("field", "Kind"),
            "authority": gettext_lazy("Imposed by"),
            "officer": gettext_lazy("Officer"),
            "imposed_at": gettext_lazy("Imposed"),
            "place_unit": gettext_lazy("Site"),
            "place_text": gettext_lazy("Place"),
            "conditions": gettext_lazy("What the person must keep to"),
            "signs": gettext_lazy("Number of signs"),
            "public_order": gettext_lazy("Public order or security is the ground"),
            "ground": pgettext_lazy("measure", "Individual ground"),
            "form_no": gettext_lazy("Form number"),
            "form_system": gettext_lazy("Made in"),
            "heard_at": gettext_lazy("Heard"),
            "counsel": gettext_lazy("Counsel"),
            "interpreter": gettext_lazy("Interpreter"),
            "tested_on": gettext_lazy("Vulnerability test"),
            "test_result": gettext_lazy("Result of the test"),
            "planned_end": gettext_lazy("Planned end"),
            "lifted_at": gettext_lazy("Ended"),
            "lift_reason": gettext_lazy("Why it ended"),
            "lift_note": gettext_lazy("Explanation"),
            "lift_form_no": gettext_lazy("Form of lifting"),
            "stated": gettext_lazy("Only stated in the dossier"),
            "voided_at": gettext_lazy("Struck out"),
            "void_reason": gettext_lazy("Why it was struck out"),
        },
        subject=lambda row: str(row.kind),
        activity=_activity,
    )
    register_history(
        MeasureRung,
        _of_measure,
        "measure__case",
        gettext_lazy("Lighter means"),
        related=("measure", "means"),
        visible=_reasons,
        hidden=frozenset({"measure", "means"}),
        labels={"considered": gettext_lazy("Weighed"), "why_not": gettext_lazy("Why it is not enough")},
        subject=lambda row: str(row.means),
    )
    register_history(
        VulnerabilityNote,
        "medical",
        "case",
        gettext_lazy("What the vulnerability test found"),
        hidden=frozenset({"measure", "unit"}),
        labels={"text": gettext_lazy("Explanation")},
    )
    register_history(
        CourtFact,
        _of_measure,
        "measure__case",
        pgettext_lazy("record", "Court"),
        related=("measure",),
        hidden=frozenset({"measure", "recorded_at", "by", "unit", "time_known"}),
        field_sections=dict.fromkeys(("note",), REASONS),
        labels={
            "kind": pgettext_lazy("field", "Kind"),
            "at": gettext_lazy("When"),
            "court": gettext_lazy("Court"),
            "reference": gettext_lazy("Case number of the court"),
            "result": pgettext_lazy("court", "Ruling"),
            "compensation": gettext_lazy("Compensation granted"),
            "note": gettext_lazy("Explanation"),
            "voided_at": gettext_lazy("Struck out"),
            "void_reason": gettext_lazy("Why it was struck out"),
        },
        activity=_court_activity,
    )
    register_history(
        MeasureExtension,
        _of_measure,
        "measure__case",
        pgettext_lazy("record", "Decision to extend"),
        related=("measure",),
        hidden=frozenset({"measure", "recorded_at", "by", "unit"}),
        field_sections=dict.fromkeys(("ground", "note"), REASONS),
        labels={
            "decided_on": gettext_lazy("Day of the decision"),
            "notified_on": gettext_lazy("The person was told"),
            "ground": pgettext_lazy("extension", "Why it is extended"),
            "until": pgettext_lazy("extension", "Until and including"),
            "form_no": gettext_lazy("Form number"),
            "note": gettext_lazy("Explanation"),
            "voided_at": gettext_lazy("Struck out"),
            "void_reason": gettext_lazy("Why it was struck out"),
        },
        activity=_extension_activity,
    )
