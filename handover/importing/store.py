"""Keeping a file that was sent in: the bytes, their fingerprint, who sent them, and the order to read them in."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handover.importing import progress
from handover.intake.limits import DEFAULT_LIMITS, MEGABYTE
from handover.intake.problems import FileRefused
from handover.intake.reading import ZIP_SIGNATURE
from handover.models import DossierFile, FileStatus
from leidraad.lib import clock, events
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from leidraad.lib.models import EventKind
from partners.models import Member
from partners.policy import require_to

FOLDER = "dossiers"
CAPABILITY = "dossiers.import"
MAX_BYTES = DEFAULT_LIMITS.max_bytes
NAME_LENGTH = 255


def receive(
    name: str, chunks: Iterable[bytes], *, by: Member, started_by_hand: bool = False
) -> tuple[DossierFile, bool]:
    """Keep the file and order its import; the order leaves with this transaction.

    A file of the same unit with the same content that is not finished yet is returned instead of a new one, with False:
    it goes on where it stopped. A finished file may be sent in again. With `started_by_hand` the caller runs the import.
    Raises NotAllowed, and NotPossible for a file that is too large.
    """
    require_to(by, CAPABILITY)
    stored_as, sha256, size = _write(chunks)
    with transaction.atomic():
        waiting = _unfinished(sha256, by)
        if waiting is not None:
            path_of(stored_as).unlink(missing_ok=True)
            if progress.is_interrupted(waiting) and not started_by_hand:
                _order_interrupted(waiting, by=by)
            return waiting, False
        file = DossierFile(
            name=name[-NAME_LENGTH:],
            sha256=sha256,
            size=size,
            stored_as=stored_as,
            uploaded_by=by,
            uploaded_unit=by.acting_unit,
            uploaded_at=clock.now(),
        )
        save_as(file, by=by, reason=gettext_noop("Dossier file sent in"))
        events.record(EventKind.UPLOAD, by, route="handover:import", detail={"file": file.pk, "sha256": sha256})
        if not started_by_hand:
            order(file)
    return file, True


def order(file: DossierFile) -> None:
    """Have a worker read the file in. A row in this transaction: nothing is lost while the broker is away."""
    from handover.tasks import import_file

    import_file.delay(file.pk)


def path_of(stored_as: str) -> Path:
    return Path(settings.MEDIA_ROOT) / stored_as


def too_large(size: int) -> str:
    """The sentence about a file that is too large."""
    limit = str(MAX_BYTES // MEGABYTE)
    return str(FileRefused("too_large", size=str(-(-size // MEGABYTE)), limit=limit))


def _unfinished(sha256: str, by: Member) -> DossierFile | None:
    ended = (FileStatus.DONE, FileStatus.FAILED)
    same = DossierFile.objects.filter(sha256=sha256, uploaded_unit_id=by.acting_unit_id).exclude(status__in=ended)
    return same.select_for_update(no_key=True).order_by("pk").first()


def _write(chunks: Iterable[bytes]) -> tuple[str, str, int]:
    """Stream to disk and fingerprint on the way. The name on disk is ours: nothing of the sender's name is trusted."""
    source = iter(chunks)
    first = next(source, b"")
    # Many kinds of files are zip archives inside; the ending tells the recogniser which one to look for.
    ending = "xlsx" if first.startswith(ZIP_SIGNATURE) else "csv"
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}.{ending}"
    path = path_of(stored_as)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            for chunk in chain([first], source):
                size += len(chunk)
                if size > MAX_BYTES:
                    raise NotPossible(too_large(size))
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return stored_as, digest.hexdigest(), size


def resume(file: DossierFile, *, by: Member) -> None:
    """Order an interrupted import anew. Raises NotAllowed, and NotPossible when nothing was interrupted."""
    require_to(by, CAPABILITY)
    with transaction.atomic():
        file = DossierFile.objects.select_for_update(no_key=True).get(pk=file.pk)
        if not progress.is_interrupted(file):
            raise NotPossible(_("This import was not interrupted. There is nothing to resume."))
        _order_interrupted(file, by=by)


def _order_interrupted(file: DossierFile, *, by: Member) -> None:
    progress.set_aside_as_interrupted(file, by=by, reason=gettext_noop("Import resumed by hand"))
    order(file)


@transaction.atomic
def order_again(file_id: int) -> None:
    """For the periodic job: nothing happens when somebody took the file in hand meanwhile."""
    file = progress.locked(file_id)
    if not progress.is_silent(file):
        return
    progress.set_aside_as_interrupted(file, by=progress.PRINCIPAL, reason=gettext_noop("Import resumed by itself"))
    order(file)
