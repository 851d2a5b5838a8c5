"""Why a good row was put aside for a person, and what to look at on a row that was accepted. Codes with details, as stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cases.case.history_sources import conflict_field
from cases.procedure.stated_left_out import TEXTS as LEFT_OUT_TEXTS
from cases.procedure.stated_left_out import LeftOut
from handover.intake.columns import COLUMNS, meaning_of
from handover.intake.problems import Problem, Remark
from handover.intake.report import ReportLine, Verdict
from handover.models import Dossier, DossierRow

Text = str | Promise


class Held(StrEnum):
    """Why nobody but a person may decide about this row."""

    OTHER_V_NUMBER = "other_v_number"
    AFTER_ACCEPTANCE = "changed_after_acceptance"
    OTHER_REFERENCE = "other_reference"
    OPEN_CASE = "open_case"
    IN_PREPARATION = "offer_in_preparation"
    CASE_CLOSED = "case_closed"
    NOT_RECORDED = "not_recorded"


# code: (what is the matter, what would be right)
HELD_TEXTS: Mapping[str, tuple[Text, Text]] = {
    Held.OTHER_V_NUMBER: (
        gettext_lazy("The reference %(reference)s is known with another V-number: %(known)s. This row has %(offered)s."),
        gettext_lazy("Ask the sender which V-number is right. Another person needs another reference."),
    ),
    Held.AFTER_ACCEPTANCE: (
        gettext_lazy("The dossier changed after the handover was accepted."),
        gettext_lazy("Tell the unit that is responsible for the case. The case itself is not changed by a file."),
    ),
    Held.OTHER_REFERENCE: (
        gettext_lazy("This V-number already has an open case under the reference %(known)s. This row has %(offered)s."),
        gettext_lazy("Ask the sender whether it is the same dossier. If so, it keeps the reference %(known)s."),
    ),
    Held.OPEN_CASE: (
        gettext_lazy("This V-number already has an open case, which did not come from a file. This row has %(offered)s."),
        gettext_lazy("Tell the unit that is responsible for the case. A person has one open case."),
    ),
    Held.IN_PREPARATION: (
        gettext_lazy("The sender is preparing a new offer of this dossier in Leidraad."),
        gettext_lazy("Let the sender finish that offer, or withdraw it and send the row again."),
    ),
    Held.CASE_CLOSED: (
        gettext_lazy("The case of this dossier is closed. The content of the row differs from the dossier."),
        gettext_lazy("Ask the sender whether a new handover is meant. That needs a new reference."),
    ),
    Held.NOT_RECORDED: (
        gettext_lazy("This row could not be recorded. The administrator finds the cause in the log."),
        gettext_lazy("Send the row again. If it happens again, call the service desk."),
    ),
}  # fmt: skip

IDENTITY_DIFFERS = "identity_differs"
OWN_REMARKS: Mapping[str, Text] = {
    IDENTITY_DIFFERS: gettext_lazy(
        "Differs from the register: %(field)s. The register's value stays; a person compares both."
    ),
    **LEFT_OUT_TEXTS,
}

# Which cell of the file a difference in identity stands in.
COLUMN_OF_FIELD: Mapping[str, str] = {
    "surname": "achternaam",
    "name_prefix": "tussenvoegsel",
    "given_names": "voornamen",
    "birth_date": "geboortedatum",
    "sex": "geslacht",
    "nationality": "nationaliteit",
    "nationality_established": "nationaliteit_status",
}
NAME_OF_FIELD: Mapping[str, str] = {column.field: column.name for column in COLUMNS}


@dataclass
class Outcome:
    """What became of one row. `details` and `remarks` are stored as JSON and hold text only."""

    verdict: Verdict
    column: str = ""
    code: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    remarks: list[dict[str, Any]] = field(default_factory=list)
    dossier: Dossier | None = None

    @property
    def problem(self) -> dict[str, Any]:
        return {"code": self.code, "details": dict(self.details)} if self.code else {}


def stored_remarks(remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    return [{"column": one.column, "code": one.code, "details": dict(one.details)} for one in remarks]


def identity_remark(name: str) -> dict[str, Any]:
    """Says which field differs, and neither value: the report may leave the house."""
    return {"column": COLUMN_OF_FIELD[name], "code": IDENTITY_DIFFERS, "details": {"field": name}}


def left_out_remarks(left: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """What a row states and the case does not hold as a fact, each at its own column."""
    return [{"column": NAME_OF_FIELD[one.field], "code": one.why.value, "details": {}} for one in left]


def problem_text(row: DossierRow) -> str:
    """What is the matter with a refused or held row, in the reader's language; empty for any other row."""
    problem = row.problem
    if not problem:
        return ""
    if problem["code"] in HELD_TEXTS:
        text: str = str(HELD_TEXTS[problem["code"]][0]) % problem["details"]
        return text
    return Problem(problem["code"], problem["details"]).problem


def right_text(row: DossierRow) -> str:
    problem = row.problem
    if not problem:
        return ""
    if problem["code"] in HELD_TEXTS:
        text: str = str(HELD_TEXTS[problem["code"]][1]) % problem["details"]
        return text
    return Problem(problem["code"], problem["details"]).what_would_be_right(meaning_of(row.column))


def remark_text(remark: Mapping[str, Any]) -> str:
    if remark["code"] in OWN_REMARKS:
        text = str(OWN_REMARKS[remark["code"]])
        field_name = remark["details"].get("field")
        return text % {"field": conflict_field(field_name)} if field_name else text
    return Remark(remark["column"], remark["code"], remark["details"]).text


def report_lines(row: DossierRow) -> list[ReportLine]:
    """One line for what is the matter with the row, or one for each remark on it; one line at least."""
    verdict = Verdict(row.verdict)
    if row.problem:
        found = ReportLine(row.row_number, row.reference, verdict, row.column, problem_text(row), right_text(row))
        return [found]
    lines = [
        ReportLine(row.row_number, row.reference, verdict, remark["column"], remark_text(remark))
        for remark in row.warnings
    ]
    return lines or [ReportLine(row.row_number, row.reference, verdict)]
