"""WHAT: the person, the return case with its four axes, who is involved, and what is to be done."""

from cases.case.models.access import AccessRequest, CaseGrant, Involvement, NamedAccess, NamedKind, SectionException
from cases.case.models.case import AxisEntry, CaseCounter, CaseSearch, ReturnCase
from cases.case.models.choices import (
    Axis,
    Ground,
    HouseholdRole,
    InvolvementGround,
    Outcome,
    Part,
    Phase,
    Removability,
    Sex,
    SignalKind,
    SpecialGroup,
    TravelDocumentStage,
)
from cases.case.models.consent import Consent, HowGiven
from cases.case.models.grant_run import GrantRun
from cases.case.models.person import (
    Address,
    DifferenceDecision,
    Household,
    IdentityConflict,
    Person,
    PersonAlias,
    ProtectedAddress,
    Signal,
)
from cases.case.models.presence import Mark, PresenceMark, Rhythm
from cases.case.models.redistribution import LineStatus, Redistribution, RedistributionLine, Refusal
from cases.case.models.saved_filter import SavedFilter
from cases.case.models.silent import Missing, SilentCase
from cases.case.models.task import Task, TaskKind

__all__ = [
    "AccessRequest",
    "Address",
    "Axis",
    "AxisEntry",
    "CaseCounter",
    "CaseGrant",
    "CaseSearch",
    "Consent",
    "DifferenceDecision",
    "GrantRun",
    "Ground",
    "Household",
    "HouseholdRole",
    "HowGiven",
    "IdentityConflict",
    "Involvement",
    "InvolvementGround",
    "LineStatus",
    "Mark",
    "Missing",
    "NamedAccess",
    "NamedKind",
    "Outcome",
    "Part",
    "Person",
    "PersonAlias",
    "Phase",
    "PresenceMark",
    "ProtectedAddress",
    "Redistribution",
    "RedistributionLine",
    "Refusal",
    "Removability",
    "ReturnCase",
    "Rhythm",
    "SavedFilter",
    "SectionException",
    "Sex",
    "Signal",
    "SignalKind",
    "SilentCase",
    "SpecialGroup",
    "Task",
    "TaskKind",
    "TravelDocumentStage",
]
