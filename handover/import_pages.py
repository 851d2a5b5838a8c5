"""What the pages about dossier files show, as ready values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from handover.importing import held, progress
from handover.importing.outcomes import problem_text, remark_text, report_lines, right_text
from handover.importing.store import CAPABILITY
from handover.intake.report import Verdict, report_csv
from handover.models import DossierFile, DossierRow, DossierVersion, FileStatus, HeldDecision
from leidraad.lib.display import number
from leidraad.lib.pagination import KeysetPage, keyset_page
from partners.models import Member
from partners.policy import may_do

FILES_A_PAGE, ROWS_A_PAGE = 20, 50
HELD, REFUSED, REMARKED = "aangehouden", "geweigerd", "opmerkingen"


def files_of(member: Member) -> QuerySet[DossierFile]:
    """Files that the acting unit sent in; nothing for a member whose role does not read dossiers in."""
    if not may_do(member, CAPABILITY):
        return DossierFile.objects.none()
    return DossierFile.objects.filter(uploaded_unit_id=member.acting_unit_id)


@dataclass(frozen=True)
class FileLine:
    """One file in the list of files. `open_rows` were put aside and nobody decided about them yet."""

    file: DossierFile
    open_rows: int

    @property
    def status(self) -> tuple[str, str]:
        return status_of(self.file, self.open_rows)


def file_list(member: Member, after: str | None) -> KeysetPage[FileLine]:
    files = files_of(member).select_related("uploaded_by")
    page = keyset_page(files, order=("-uploaded_at", "-id"), after=after, size=FILES_A_PAGE)
    waiting = _undecided([file.pk for file in page.rows])
    lines = [FileLine(file, waiting.get(file.pk, 0)) for file in page.rows]
    return KeysetPage(lines, page.next_token, page.previous_token)


def _undecided(file_ids: Sequence[int]) -> dict[int, int]:
    rows = DossierRow.objects.filter(file__in=file_ids, verdict=Verdict.HELD.value, decision=None)
    return dict(rows.values_list("file").annotate(count=Count("pk")))


def status_of(file: DossierFile, open_rows: int = 0) -> tuple[str, str]:
    """The kind of mark and its word."""
    if progress.is_interrupted(file):
        return "warn", pgettext("dossier file", "Interrupted")
    if file.status == FileStatus.DONE and open_rows:
        words = ngettext("Done, %(count)s row to decide", "Done, %(count)s rows to decide", open_rows)
        return "warn", words % {"count": number(open_rows)}
    kinds = {FileStatus.DONE: "ok", FileStatus.FAILED: "no", FileStatus.UPLOADED: "planned"}
    label = _("Waits to be read") if file.status == FileStatus.UPLOADED else str(file.get_status_display())
    return kinds.get(FileStatus(file.status), "info"), label


def progress_of(file: DossierFile) -> dict[str, Any]:
    """What the part of the page shows that is drawn anew while the import runs."""
    waiting = file.status == FileStatus.UPLOADED
    return {
        "file": file,
        "status": status_of(file, _undecided([file.pk]).get(file.pk, 0)),
        "refusal": progress.refusal_text(file),
        "is_interrupted": progress.is_interrupted(file),
        "is_waiting": waiting,
        "goes_on": waiting or (file.is_running and not progress.is_interrupted(file)),
        "totals": progress.totals_of(file),
        "bars": _bars(file),
        "label": _("%(done)s of %(all)s rows") % {"done": number(file.judged), "all": number(file.rows_read)},
    }


def _bars(file: DossierFile) -> list[dict[str, Any]]:
    """The parts that make up the rows read; what has no verdict yet is one of them."""
    parts = [
        (pgettext("rows", "Created"), file.created),
        (pgettext("rows", "Updated"), file.updated),
        (pgettext("rows", "Unchanged"), file.unchanged),
        (_("Put aside"), file.held),
        (pgettext("rows", "Refused"), file.refused),
    ]
    if file.rows_to_go:
        parts.append((_("Still to be judged"), file.rows_to_go))
    return [{"label": label, "count": count} for label, count in parts]


@dataclass(frozen=True)
class RowLine:
    """A row of the file as the table shows it. One line per problem or remark."""

    row: DossierRow
    column: str
    problem: str
    right: str
    decision: HeldDecision | None = None


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    count: int
    current: bool

    @property
    def url(self) -> str:
        return f"?soort={self.name}"


def rows_page(file: DossierFile, query: QueryDict) -> dict[str, Any]:
    """The rows to look at, in tabs. Shown when the import has ended or stands still."""
    counts = _counts(file)
    chosen = query.get("soort", "")
    if chosen not in counts:
        chosen = next((name for name, count in counts.items() if count), HELD)
    page = keyset_page(_rows_of(file, chosen), order=("row_number", "id"), after=query.get("after"), size=ROWS_A_PAGE)
    labels = {HELD: _("Put aside"), REFUSED: pgettext("rows", "Refused"), REMARKED: _("With a remark")}
    return {
        "tabs": [Tab(name, labels[name], count, name == chosen) for name, count in counts.items()],
        "tab": chosen,
        "page": page,
        "lines": [line for row in page.rows for line in lines_of(row)],
    }


def _counts(file: DossierFile) -> dict[str, int]:
    remarked = Count("pk", filter=~Q(warnings=[]))
    return {
        HELD: file.held,
        REFUSED: file.refused,
        REMARKED: DossierRow.objects.filter(file=file).aggregate(found=remarked)["found"],
    }


def _rows_of(file: DossierFile, chosen: str) -> QuerySet[DossierRow]:
    rows = DossierRow.objects.filter(file=file)
    if chosen == REMARKED:
        return rows.exclude(warnings=[])
    rows = rows.filter(verdict=Verdict.HELD.value if chosen == HELD else Verdict.REFUSED.value)
    return rows.select_related("decision__decided_by")


def lines_of(row: DossierRow) -> list[RowLine]:
    if row.problem:
        decision = getattr(row, "decision", None) if row.verdict == Verdict.HELD else None
        return [RowLine(row, row.column, problem_text(row), right_text(row), decision)]
    return [RowLine(row, remark["column"], remark_text(remark), "") for remark in row.warnings]


def held_row(row: DossierRow) -> dict[str, Any]:
    """Everything needed to decide about a row: both sides, the difference, and what the dossier has been."""
    dossier = row.dossier
    return {
        "row": row,
        "file": row.file,
        "problem": problem_text(row),
        "right": right_text(row),
        "dossier": dossier,
        "is_same_person": dossier is not None and dossier.v_number == row.v_number,
        "handover": held.newest_handover(dossier) if dossier else None,
        "differences": held.differences(row),
        "versions": _versions(row) if dossier else [],
        "decision": getattr(row, "decision", None),
    }


def _versions(row: DossierRow) -> list[DossierVersion]:
    versions = DossierVersion.objects.filter(dossier=row.dossier_id).select_related("file__uploaded_by")
    return list(versions.defer("content").order_by("-number")[:ROWS_A_PAGE])


def report_of(file: DossierFile) -> Iterator[str]:
    """The report as lines of CSV, in the language of now: the lines are made later, while the answer is sent."""
    return _report(file, translation.get_language() or "nl")


def _report(file: DossierFile, language: str) -> Iterator[str]:
    rows = DossierRow.objects.filter(file=file).exclude(verdict="").order_by("row_number")
    lines = (line for row in rows.iterator(chunk_size=2000) for line in report_lines(row))
    with translation.override(language):
        yield from report_csv(lines, progress.totals_of(file))
