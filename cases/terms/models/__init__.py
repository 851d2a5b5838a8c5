from cases.terms.models.guards import Act, Effect, Guard, GuardAct, GuardVersion, Level
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

__all__ = [
    "Act",
    "Calendar",
    "Confidence",
    "DurationKind",
    "Effect",
    "Group",
    "Guard",
    "GuardAct",
    "GuardSetting",
    "GuardStatement",
    "GuardVersion",
    "Level",
    "Rule",
    "RuleDuration",
    "RuleVersion",
    "Validity",
]
