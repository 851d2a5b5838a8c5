"""The police's records: tasks with their visits, and the duty to report."""

from cases.supervision.models.duties import DutyMark, ReportingDuty
from cases.supervision.models.tasks import UNDO_FOR, Attempt, SupervisionTask

__all__ = ["UNDO_FOR", "Attempt", "DutyMark", "ReportingDuty", "SupervisionTask"]
