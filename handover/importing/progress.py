"""Where an import stands: claimed by a runner, alive, interrupted, ended. Each act locks the row of the file."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from handover.importing.outcomes import Outcome
from handover.intake.problems import FileRefused
from handover.intake.report import Totals, Verdict
from handover.models import DossierFile, DossierRow, FileStatus
from handover.models.files import RUNNING
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as

# A runner gives a sign of life with each batch, so every second or two; opening a large workbook takes longest.
ALIVE = timedelta(minutes=2)
PRINCIPAL = "resume_imports"
ENDED = (FileStatus.DONE, FileStatus.FAILED)


def locked(file_id: int) -> DossierFile:
    files = DossierFile.objects.select_for_update(no_key=True, of=("self",))
    return files.select_related("uploaded_unit__organisation").get(pk=file_id)


def is_alive(file: DossierFile) -> bool:
    return file.heartbeat_at is not None and clock.now() - file.heartbeat_at < ALIVE


def is_interrupted(file: DossierFile) -> bool:
    """Running according to its status, but nothing was heard of it for a while."""
    return file.status == FileStatus.INTERRUPTED or (file.is_running and not is_alive(file))


@transaction.atomic
def claim(file_id: int, *, by: By, force: bool = False) -> DossierFile | None:
    """Take the file in hand; None when it has ended, or when another runner is alive (`force` joins in: that does no harm)."""
    file = locked(file_id)
    if file.status in ENDED or (file.is_running and is_alive(file) and not force):
        return None
    file.status = FileStatus.WRITING if file.rows_read else FileStatus.READING
    file.started_at = file.started_at or clock.now()
    file.heartbeat_at = clock.now()
    return save_as(file, by=by, reason=gettext_noop("Reading in started"))


def keys_read(file: DossierFile, rows_read: int, unknown_columns: Iterable[str], *, by: By) -> None:
    """The key pass is done, in the transaction of the caller: from here on rows are recorded."""
    suppliers = DossierRow.objects.filter(file=file).exclude(supplier="").order_by("supplier")
    file.suppliers = list(suppliers.values_list("supplier", flat=True).distinct())
    file.unknown_columns = list(unknown_columns)
    file.rows_read = rows_read
    file.status = FileStatus.WRITING
    file.heartbeat_at = clock.now()
    save_as(file, by=by, reason=gettext_noop("Rows counted"))


def count(file: DossierFile, outcomes: Iterable[Outcome]) -> None:
    """Add a batch to the totals, in the batch's transaction, with a sign of life. None of these columns has history."""
    by_verdict = Counter(outcome.verdict for outcome in outcomes)
    counts = {verdict.value: F(verdict.value) + by_verdict[verdict] for verdict in Verdict if by_verdict[verdict]}
    DossierFile.objects.filter(pk=file.pk).update(heartbeat_at=clock.now(), **counts)


@transaction.atomic
def finish(file_id: int, *, by: By) -> DossierFile:
    """Every row has its verdict. The constraint on the table proves that the totals add up."""
    file = locked(file_id)
    if file.status in ENDED:
        return file
    file.status, file.finished_at = FileStatus.DONE, clock.now()
    return save_as(file, by=by, reason=gettext_noop("Reading in finished"))


@transaction.atomic
def refuse(file_id: int, refused: FileRefused, *, by: By) -> DossierFile:
    """The file as a whole; nothing of it was recorded."""
    file = locked(file_id)
    if file.status in ENDED:
        return file
    file.status, file.finished_at = FileStatus.FAILED, clock.now()
    file.refusal = {"code": refused.code, "details": refused.details}
    return save_as(file, by=by, reason=gettext_noop("File refused"))


def set_aside_as_interrupted(file: DossierFile, *, by: By, reason: str) -> None:
    """On the locked row, before it is ordered anew: the fresh sign of life keeps the periodic job from ordering it twice.

    A file that nobody took in hand yet keeps waiting.
    """
    if file.is_running:
        file.status = FileStatus.INTERRUPTED
    file.heartbeat_at = clock.now()
    save_as(file, by=by, reason=reason)


def silent_files() -> list[int]:
    """Files that wait or run while nothing was heard of them for a while, the oldest first."""
    waiting = DossierFile.objects.filter(status__in=[FileStatus.UPLOADED, FileStatus.INTERRUPTED, *RUNNING])
    return [file.pk for file in waiting.order_by("pk") if is_silent(file)]


def is_silent(file: DossierFile) -> bool:
    """Neither ended nor heard of for a while, since it came in or since its last sign of life."""
    if file.status in ENDED:
        return False
    return clock.now() - (file.heartbeat_at or file.uploaded_at) >= ALIVE


def refusal_text(file: DossierFile) -> str:
    """Why the whole file was refused, one sentence in the reader's language; empty otherwise."""
    refusal = file.refusal
    return str(FileRefused(refusal["code"], **refusal["details"])) if refusal else ""


def totals_of(file: DossierFile) -> Totals:
    return Totals(
        read=file.rows_read,
        created=file.created,
        updated=file.updated,
        unchanged=file.unchanged,
        held=file.held,
        refused=file.refused,
    )
