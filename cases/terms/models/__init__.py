from cases.terms.models.feed import CalendarFeed
from cases.terms.models.guards import Act, Effect, Guard, GuardAct, GuardVersion, Level
from cases.terms.models.incidents import Incident, IncidentReply
from cases.terms.models.judgements import KeptFinding, KeptJudgement, Purpose
from cases.terms.models.kept import KeptDeadline, StaleCase
from cases.terms.models.reminders import About, Audience, Reminder, ReminderStep
from cases.terms.models.rules import (
    Calendar,
    Confidence,
    DurationKind,
    Group,
    Rule,
    RuleDuration,
    RuleVersion,
    Validity,
)
from cases.terms.models.statements import GuardSetting, GuardStatement
from cases.terms.models.stops import Scope, Stop, StopGround
from cases.terms.models.unwatched import Unwatched

__all__ = [
    "About",
    "Act",
    "Audience",
    "Calendar",
    "CalendarFeed",
    "Confidence",
    "DurationKind",
    "Effect",
    "Group",
    "Guard",
    "GuardAct",
    "GuardSetting",
    "GuardStatement",
    "GuardVersion",
    "Incident",
    "IncidentReply",
    "KeptDeadline",
    "KeptFinding",
    "KeptJudgement",
    "Level",
    "Purpose",
    "Reminder",
    "ReminderStep",
    "Rule",
    "RuleDuration",
    "RuleVersion",
    "Scope",
    "StaleCase",
    "Stop",
    "StopGround",
    "Unwatched",
    "Validity",
]
