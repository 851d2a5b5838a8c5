"""The police's records: tasks with their visits, the duty to report, and measures that restrict or take liberty."""

from cases.supervision.models.duties import DutyMark, ReportingDuty
from cases.supervision.models.extensions import MeasureExtension
from cases.supervision.models.measures import (
    CourtFact,
    LighterMeans,
    Measure,
    MeasureKind,
    MeasureRung,
    VulnerabilityNote,
)
from cases.supervision.models.tasks import UNDO_FOR, Attempt, SupervisionTask

__all__ = [
    "UNDO_FOR",
    "Attempt",
    "CourtFact",
    "DutyMark",
    "LighterMeans",
    "Measure",
    "MeasureExtension",
    "MeasureKind",
    "MeasureRung",
    "ReportingDuty",
    "SupervisionTask",
    "VulnerabilityNote",
]
