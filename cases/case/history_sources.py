"""The records of this room in the history and the activity of a case, and what the sentences about them say."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.case.access import CAPABILITY_NAMES
from cases.case.history import Can, Step, register_history
from cases.case.models import (
    AccessRequest,
    Address,
    Axis,
    AxisEntry,
    Consent,
    DifferenceDecision,
    IdentityConflict,
    Involvement,
    NamedAccess,
    Part,
    Person,
    PersonAlias,
    ProtectedAddress,
    Removability,
    ReturnCase,
    SectionException,
    Signal,
    Task,
    TaskKind,
    TravelDocumentStage,
)
from cases.case.models.choices import SIGNAL_SECTION, Phase, SignalKind
from cases.case.telling import part_is_shown
from leidraad.lib.display import date_long
from partners.models import Member
from partners.policy import SENSITIVE

AXIS_SECTION = {
    Axis.PHASE: "phase",
    Axis.REMOVABILITY: "removability",
    Axis.RESIDENCE: "residence",
    Axis.TRAVEL_DOCUMENT: "travel_document",
}

AXIS_CHOICES: dict[str, Any] = {
    Axis.PHASE: Phase,
    Axis.REMOVABILITY: Removability,
    Axis.TRAVEL_DOCUMENT: TravelDocumentStage,
}


def axis_value(axis: str, value: str, text: str = "") -> str:
    """The words of one value on an axis; for residence the place as it was stated."""
    choices = AXIS_CHOICES.get(axis)
    if choices is None:
        return str(text or RESIDENCE_FORMS.get(value, value))
    return str(dict(choices.choices).get(value, value))


RESIDENCE_FORMS = {
    "azc": "azc",
    "pol": "pol",
    "col": "col",
    "no": gettext_lazy("emergency reception"),
    "cno": gettext_lazy("crisis emergency reception"),
    "vbl": "vbl",
    "gl": gettext_lazy("family location"),
    "htl": "htl",
    "vtl": "vtl",
    "pbl": "pbl",
    "ibo": "ibo",
    "ggv": gettext_lazy("closed family facility"),
    "dc": gettext_lazy("detention centre"),
    "pi": gettext_lazy("prison"),
    "lvv": "lvv",
    "kwv": "kwv",
    "nidos": gettext_lazy("Nidos reception"),
    "prive": gettext_lazy("private address"),
    "admin": gettext_lazy("placed administratively"),
    "onbekend": gettext_lazy("unknown residence"),
}


def _case_activity(step: Step) -> str:
    """One sentence for a new version of the case: the first of its changes that people ask for."""
    if step.created:
        return _("opened the case.")
    if step.changed("closed_on"):
        if step.row.closed_on is None:
            return _("reopened the case.")
        return _("closed the case with the outcome “%(outcome)s”.") % {"outcome": step.shown("outcome")}
    if step.changed("led_by_id"):
        return _("became responsible for the case.")
    if step.changed("phase"):
        return _("changed the phase from “%(was)s” to “%(now)s”.") % {
            "was": step.shown_before("phase"),
            "now": step.shown("phase"),
        }
    if step.changed("director_id"):
        return _("assigned the case to a case director.")
    return ""


def _task_activity(step: Step) -> str:
    row = step.row
    if row.kind != TaskKind.NEXT_STEP:
        return ""
    if step.created:
        return _("recorded the next step: %(title)s, %(date)s.") % {
            "title": _task_title(row),
            "date": date_long(row.due_at),
        }
    if step.changed("done_at"):
        return _("closed the step: %(title)s.") % {"title": _task_title(row)}
    return ""


def _involvement_activity(step: Step) -> str:
    if step.row.part == Part.LEAD:
        return ""  # the case itself tells who became responsible
    words = {"unit": step.row.unit.full_name, "part": step.shown("part")}
    if step.created:
        return _("involved %(unit)s: %(part)s.") % words
    if step.changed("until"):
        return _("ended the involvement of %(unit)s: %(part)s.") % words
    return ""


def _signal_activity(step: Step) -> str:
    if step.created:
        return _("noted: %(kind)s.") % {"kind": step.shown("kind")}
    return _("ended the note: %(kind)s.") % {"kind": step.shown("kind")} if step.changed("ended_on") else ""


def _conflict_activity(step: Step) -> str:
    words = {"field": conflict_field(step.row.field)}
    if step.created:
        return _("sent in identity data that differ from the register.")
    if not step.changed("decision"):
        return ""
    sentence = {
        DifferenceDecision.KEEP: _("decided a difference in identity: %(field)s stays as it is."),
        DifferenceDecision.TAKE: _("decided a difference in identity: %(field)s was changed."),
    }.get(step.row.decision, _("took back a decision about a difference in identity: %(field)s."))
    return sentence % words


def _own_unit(row: Any, member: Member, can: Can) -> bool:
    return bool(row.unit_id == member.acting_unit_id)


def _own_or_shared(row: Any, member: Member, can: Can) -> bool:
    return row.unit_id == member.acting_unit_id or can("case.share")


def _involved(row: Any, member: Member, can: Can) -> bool:
    return part_is_shown(row.part, row.unit_id, member, can)


def _named(row: Any, member: Member, can: Can) -> bool:
    return row.member_id == member.pk or can("case.share")


def _own_consent(row: Any, member: Member, can: Can) -> bool:
    """For the responsible unit, and for the organisation that the consent is for."""
    return can("consent.change") or (can("consent.view") and row.party.code == member.acting_organisation)


def _section_or_people(row: Any) -> str:
    return str(row.section) if row.section in SENSITIVE else "people"


def _section_words(row: Any) -> str:
    return str(CAPABILITY_NAMES.get(row.section, row.section))


def _task_title(row: Any) -> str:
    """Titles of the program's own tasks are stored in English; what a person typed stays as typed."""
    return _(row.title) if row.title else ""


def register() -> None:
    """Called once when the app is ready."""
    _register_person()
    _register_case()
    _register_access()


def _register_person() -> None:
    register_history(Person, "identity", "cases", gettext_lazy("Person"), hidden=frozenset({"source", "field_sources"}))
    register_history(PersonAlias, "identity", "person__cases", gettext_lazy("Other name"))
    register_history(
        IdentityConflict,
        "identity",
        "person__cases",
        gettext_lazy("Difference in identity"),
        values={"field": lambda row: conflict_field(row.field)},
        labels={
            "decision": pgettext_lazy("difference", "Decision"),
            "resolved_by": pgettext_lazy("difference", "Decided by"),
            "stored_level": gettext_lazy("Level of the value here"),
            "offered_level": gettext_lazy("Level of the other value"),
        },
        activity=_conflict_activity,
    )
    register_history(
        Signal,
        lambda row: SIGNAL_SECTION.get(row.kind, "identity"),
        "case",
        pgettext_lazy("record", "Signal"),
        subject=lambda row: dict(SignalKind.choices).get(row.kind, row.kind),
        activity=_signal_activity,
    )
    register_history(Address, "address", "case", gettext_lazy("Address"))
    register_history(ProtectedAddress, "protected_address", "case", gettext_lazy("Protected address"))


def _register_case() -> None:
    register_history(
        ReturnCase,
        "case",
        "pk",
        pgettext_lazy("record", "Case"),
        field_sections={
            "phase": "phase",
            "outcome": "phase",
            "removability": "removability",
            "residence_form": "residence",
            "residence_text": "residence",
            "residence_unit": "residence",
            "travel_document": "travel_document",
            "household_role": "identity",
            "special_group": "identity",
            "ground": "identity",
            "circumstances_asked_on": "identity",
            "last_contact_on": "identity",
        },
        values={"residence_form": lambda row: str(RESIDENCE_FORMS.get(row.residence_form, row.residence_form))},
        activity=_case_activity,
    )
    register_history(
        AxisEntry,
        lambda row: AXIS_SECTION[row.axis],
        "case",
        gettext_lazy("Axis"),
        # The value itself stands in the history of the case; here are its source and how long it holds.
        hidden=frozenset({"axis", "value", "text", "superseded_at"}),
        labels={"doubted_at": gettext_lazy("Possibly overtaken since")},
        subject=lambda row: dict(Axis.choices).get(row.axis, row.axis),
    )
    register_history(
        Task,
        "case",
        "case",
        pgettext_lazy("record", "Task"),
        hidden=frozenset({"source", "url_name", "url_arg"}),
        values={"title": _task_title},
        visible=_own_unit,
        subject=_task_title,
        activity=_task_activity,
    )


def _register_access() -> None:
    register_history(
        Involvement,
        "case",
        "case",
        gettext_lazy("Involvement"),
        visible=_involved,
        related=("unit__organisation",),
        values={"end_reason": lambda row: _(row.end_reason) if row.end_reason else ""},
        subject=lambda row: row.unit.full_name,
        activity=_involvement_activity,
    )
    register_history(
        NamedAccess,
        _section_or_people,
        "case",
        gettext_lazy("Named access"),
        hidden=frozenset({"case_number"}),
        visible=_named,
        subject=_section_words,
    )
    register_history(
        SectionException,
        _section_or_people,
        "case",
        gettext_lazy("Exception"),
        visible=_own_or_shared,
        subject=_section_words,
    )
    register_history(
        Consent,
        "case",
        "case",
        gettext_lazy("Consent of the person"),
        labels={
            "party": gettext_lazy("For which organisation"),
            "given_on": gettext_lazy("Given on"),
            "how": gettext_lazy("How given"),
            "original_at": gettext_lazy("Where the original is"),
            "scope": gettext_lazy("What the consent holds for"),
            "recorded_by_unit": gettext_lazy("Recorded by"),
            "withdrawn_on": gettext_lazy("Withdrawn on"),
        },
        visible=_own_consent,
        related=("party",),
        subject=lambda row: row.party.name,
    )
    register_history(AccessRequest, "people", "case", gettext_lazy("Question for access"), visible=_own_or_shared)


CONFLICT_FIELDS = {
    "surname": gettext_lazy("surname"),
    "name_prefix": gettext_lazy("name prefix"),
    "given_names": gettext_lazy("given names"),
    "birth_date": gettext_lazy("birth date"),
    "sex": gettext_lazy("sex"),
    "nationality": gettext_lazy("nationality"),
    "nationality_established": gettext_lazy("status of the nationality"),
    "language": gettext_lazy("language"),
    "unaccompanied_minor": gettext_lazy("unaccompanied minor"),
    "v_number": gettext_lazy("V-number"),
}


def conflict_field(name: str) -> str:
    return str(CONFLICT_FIELDS.get(name, name))
