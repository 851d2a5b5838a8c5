"""Reading a file in: the keys of all rows first, then the rows in batches. Goes on where an earlier run stopped.

Nothing about the progress is kept outside the rows: the first row without a verdict is where to go on. Two runners on
one file do no harm, because each batch locks the file's row and skips what has its verdict.
"""

from collections.abc import Callable, Iterator
from itertools import dropwhile, islice
from typing import TypeVar

from django.db import transaction
from django.db.models import Min

from handover.importing import batches, progress
from handover.importing.context import Context, clerk_of, context_of, required_now
from handover.importing.held import add_task_for_held
from handover.importing.patience import patiently
from handover.importing.store import path_of
from handover.intake.keys import RowKey, keys_of
from handover.intake.problems import FileRefused
from handover.intake.reading import IntakeFile, open_intake
from handover.models import DossierFile, DossierRow
from leidraad.lib.audit import request_id

BATCH = 500
STAGED_AT_ONCE = 2000
T = TypeVar("T")
Progress = Callable[[DossierFile], None]


def run(file_id: int, *, force: bool = False, tell: Progress | None = None) -> DossierFile:
    """Read the file in to its end, or as far as it is; the answer is the file as it stands then. `tell` hears of each batch.

    `force` goes on although another runner seems to be alive: for somebody who knows that it is not.
    """
    token = request_id.set(f"import:{file_id}")
    try:
        file = patiently(lambda: _claim(file_id, force=force))
        if file is None:
            return DossierFile.objects.get(pk=file_id)
        try:
            return _read_in(file, tell or (lambda _file: None))
        except FileRefused as refused:
            return _refuse(file, refused)
    finally:
        request_id.reset(token)


def _claim(file_id: int, *, force: bool) -> DossierFile | None:
    clerk = clerk_of(DossierFile.objects.select_related("uploaded_unit").get(pk=file_id))
    return progress.claim(file_id, by=clerk, force=force)


def _refuse(file: DossierFile, refused: FileRefused) -> DossierFile:
    return patiently(lambda: progress.refuse(file.pk, refused, by=clerk_of(file)))


def _read_in(file: DossierFile, tell: Progress) -> DossierFile:
    intake = open_intake(path_of(file.stored_as), required=required_now())
    context = patiently(lambda: context_of(file))
    patiently(lambda: _stage_keys(intake, context))
    first = patiently(lambda: _first_unjudged(file))
    tell(patiently(lambda: DossierFile.objects.get(pk=file.pk)))
    if first is not None:
        rows = dropwhile(lambda row: row.number < first, intake.rows())
        for batch in _in_pieces(rows, BATCH):
            batches.write_batch(batch, context)
            tell(patiently(lambda: DossierFile.objects.get(pk=file.pk)))
    patiently(lambda: add_task_for_held(context))
    return patiently(lambda: progress.finish(file.pk, by=context.by))


@transaction.atomic
def _stage_keys(intake: IntakeFile, context: Context) -> None:
    """All keys in one transaction: they are there whole or not at all. Raises FileRefused at the first row too many."""
    file = progress.locked(context.file.pk)
    if DossierRow.objects.filter(file=file).exists() or file.status in progress.ENDED:
        return
    rows_read = 0
    for piece in _in_pieces(keys_of(intake), STAGED_AT_ONCE):
        DossierRow.objects.bulk_create([_staged(file, key) for key in piece])
        rows_read += len(piece)
    progress.keys_read(file, rows_read, intake.unknown_columns, by=context.by)


def _staged(file: DossierFile, key: RowKey) -> DossierRow:
    return DossierRow(
        file=file,
        row_number=key.row_number,
        supplier=key.supplier,
        reference=key.reference,
        v_number=key.v_number,
        person=key.person,
        household=key.household,
    )


def _first_unjudged(file: DossierFile) -> int | None:
    found: int | None = DossierRow.objects.filter(file=file, verdict="").aggregate(first=Min("row_number"))["first"]
    return found


def _in_pieces(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while piece := list(islice(items, size)):
        yield piece
