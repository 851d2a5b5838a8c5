"""The records of this room in the history and the activity of a case."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.history import Step, register_history
from cases.procedure.models import RemovabilityAnswer, Representative, RepresentativeInformed
from leidraad.lib.display import date_long

# Whether somebody may be removed is open to who works on removal; why is open to who may see decisions. A ground can tell
# of an illness, a victim or a criminal case.
FIELD_SECTIONS = dict.fromkeys(("ground", "note", "correction_reason", "overtaken_by"), "decisions")


def _activity(step: Step) -> str:
    row = step.row
    if step.created and not row.value:
        return _("answered about removability: not known yet, expected on %(date)s.") % {
            "date": date_long(row.expected_on)
        }
    if step.created:
        words = {"value": step.shown("value").lower()}
        if row.corrects_id:
            return _("corrected the answer about removability: %(value)s.") % words
        return _("answered about removability: %(value)s.") % words
    if step.changed("expired_at"):
        return _("The answer about removability expired.")
    return ""


def _representative_activity(step: Step) -> str:
    row = step.row
    if step.created:
        if not row.confirmed_at:
            return _("stated a representative in the dossier.")
        return _("replaced a representative.") if row.replaces_id else _("recorded a representative.")
    if step.changed("until"):
        return _("recorded that a representative stopped.")
    if step.changed("confirmed_at"):
        return _("confirmed a representative.")
    return ""


def _overtaken_words(row: Any) -> str:
    return _(row.overtaken_by) if row.overtaken_by else ""


def register() -> None:
    """Called once when the app is ready."""
    register_history(
        RemovabilityAnswer,
        "removability",
        "case",
        pgettext_lazy("record", "Answer of IND"),
        field_sections=FIELD_SECTIONS,
        hidden=frozenset({"request", "corrects", "overtaken_fact"}),
        values={"overtaken_by": _overtaken_words},
        labels={
            "value": gettext_lazy("Answer"),
            "ground": gettext_lazy("Ground"),
            "expected_on": gettext_lazy("Expected on"),
            "note": gettext_lazy("Explanation"),
            "correction_reason": gettext_lazy("Reason of the correction"),
            "answered_by": gettext_lazy("Answered by"),
            "answered_at": gettext_lazy("Answered on"),
            "replaced_at": gettext_lazy("Replaced on"),
            "expired_at": gettext_lazy("Expired on"),
            "overtaken_at": gettext_lazy("Possibly overtaken since"),
            "overtaken_by": gettext_lazy("What happened since"),
        },
        activity=_activity,
    )
    register_history(
        Representative,
        "representatives",
        "case",
        pgettext_lazy("record", "Representative"),
        hidden=frozenset({"replaces"}),
        labels={
            "is_main": gettext_lazy("Main representative"),
            "office": gettext_lazy("Office"),
            "phone": gettext_lazy("Telephone"),
            "email": gettext_lazy("E-mail"),
            "since": pgettext_lazy("representative", "First day"),
            "until": pgettext_lazy("representative", "Last day"),
            "confirmed_by": gettext_lazy("Confirmed by"),
            "confirmed_at": gettext_lazy("Confirmed on"),
        },
        values={"end_reason": lambda row: _(row.end_reason) if row.end_reason else ""},
        subject=lambda row: row.name,
        activity=_representative_activity,
    )
    register_history(
        RepresentativeInformed,
        "representatives",
        "case",
        gettext_lazy("Representative informed"),
        hidden=frozenset({"representative"}),
        # A flight or a measure tells by existing: that somebody was informed of it shows to who may know of that.
        visible=lambda row, _member, can: can(f"{row.matter.section}.view"),
        labels={
            "matter": gettext_lazy("Informed of"),
            "how": gettext_lazy("How"),
            "informed_on": gettext_lazy("Informed on"),
            "by": gettext_lazy("Informed by"),
            "recorded_at": gettext_lazy("Recorded"),
            "struck_at": gettext_lazy("Struck on"),
            "struck_reason": gettext_lazy("Why it was struck"),
        },
        related=("matter",),
        subject=lambda row: str(row.matter),
    )
