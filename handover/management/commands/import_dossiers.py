"""Reads a file of dossiers in, as the screen does: `manage.py import_dossiers FILE --as intake`."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from handover.importing import progress, runner, store
from handover.intake.limits import MEGABYTE
from handover.models import DossierFile, FileStatus
from leidraad.lib.display import number
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.who import principal
from partners.models import Member

WIDTH = 30
USAGE, REFUSED = 2, 1


class Command(BaseCommand):
    help = "Reads a file of handover dossiers (CSV or XLSX) into Leidraad."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="member", required=True, help="user name of the member who is recorded")

    @principal("handover.import_file")
    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with 0 when the file was read, 1 when it was refused as a whole, 2 when the command was wrong."""
        member = _member(options["member"])
        with override(member.language):
            file = self._receive(options["file"], member)
            bar = Bar(self)
            try:
                file = runner.run(file.pk, force=True, tell=bar.show)
            except KeyboardInterrupt:
                bar.end()
                message = _("Interrupted. Give the same command again: it goes on where it stopped.")
                raise CommandError(message, returncode=130) from None
            bar.end()
            self._tell_end(file)

    def _receive(self, path: Path, member: Member) -> DossierFile:
        try:
            with path.open("rb") as source:
                chunks: Iterator[bytes] = iter(lambda: source.read(MEGABYTE), b"")
                file, is_new = store.receive(path.name, chunks, by=member, started_by_hand=True)
        except OSError:
            raise CommandError(_("The file “%(path)s” cannot be read.") % {"path": path}, returncode=USAGE) from None
        except NotPossible as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        except NotAllowed:
            text = _("%(member)s may not read dossiers in. Name an intake clerk.") % {"member": member}
            raise CommandError(text, returncode=USAGE) from None
        if not is_new:
            self.stdout.write(_("This file came in before and was not finished. It goes on where it stopped."))
        return file

    def _tell_end(self, file: DossierFile) -> None:
        if file.status == FileStatus.FAILED:
            raise CommandError(progress.refusal_text(file), returncode=REFUSED)
        if file.unknown_columns:
            names = ", ".join(file.unknown_columns)
            self.stdout.write(_("Unknown columns were ignored: %(columns)s.") % {"columns": names})
        self.stdout.write(progress.totals_of(file).sentence())


class Bar:
    """Progress in the terminal: one line that is drawn anew, or a line per tenth where the output is no terminal."""

    def __init__(self, command: BaseCommand) -> None:
        self._out = command.stdout
        self._is_terminal = self._out.isatty()
        self._began: float | None = None
        self._done_before = 0
        self._tenth = 0

    def show(self, file: DossierFile) -> None:
        if self._began is None:
            self._began, self._done_before = time.monotonic(), file.judged
        share = file.judged / file.rows_read if file.rows_read else 1.0
        if self._is_terminal:
            self._out.write(f"\r{self._line(file, share)}", ending="")
            self._out.flush()
        elif int(share * 10) > self._tenth:
            self._tenth = int(share * 10)
            self._out.write(self._line(file, share))

    def end(self) -> None:
        if self._is_terminal and self._began is not None:
            self._out.write("")

    def _line(self, file: DossierFile, share: float) -> str:
        elapsed = time.monotonic() - (self._began or time.monotonic())
        speed = round((file.judged - self._done_before) / elapsed) if elapsed > 0.1 else 0
        filled = int(share * WIDTH)
        words = {"done": number(file.judged), "all": number(file.rows_read), "speed": number(speed)}
        text = _("%(done)s of %(all)s rows, %(speed)s per second") % words
        return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}  {text}"


def _member(username: str) -> Member:
    member = Member.objects.filter(username=username, is_active=True).first()
    if member is None or member.acting is None:
        text = _("There is no member “%(name)s” with a place in a unit.") % {"name": username}
        raise CommandError(text, returncode=USAGE)
    return member
