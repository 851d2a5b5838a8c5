"""`manage.py import_dossiers FILE --as intake`: progress, totals, and an exit code that says how it ended."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from handover.importing import batches
from handover.models import DossierFile
from tests.cast import Cast
from tests.handover.imports import EXAMPLES, csv_of
from tests.handover.intake_files import HEADER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day", "cast")]

ROWS = [{"referentie": f"IND-{number}", "v_nummer": f"99900000{number}"} for number in range(10, 20)]


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def command(path: Path, member: str = "intake", out: StringIO | None = None) -> str:
    out = out or StringIO()
    call_command("import_dossiers", str(path), "--as", member, stdout=out)
    return out.getvalue()


def fails(path: Path, member: str = "intake") -> CommandError:
    with pytest.raises(CommandError) as failed:
        command(path, member)
    return failed.value


def test_the_totals_are_told_and_refused_rows_are_no_failure() -> None:
    told = command(EXAMPLES / "dossiers-120-with-faults.csv")

    assert told.splitlines()[-1] == (
        "120 rijen gelezen = 101 aangemaakt + 0 bijgewerkt + 0 ongewijzigd + 0 aangehouden + 19 geweigerd."
    )


def test_progress_is_a_line_per_tenth_where_there_is_no_terminal(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("handover.importing.runner.BATCH", 1)

    told = command(written(tmp_path / "file.csv", csv_of(*ROWS)))

    assert "\r" not in told
    assert told.count("[") == 10
    assert "100%  10 van 10 rijen" in told


def test_progress_is_one_line_that_is_drawn_anew_in_a_terminal(tmp_path: Path) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    told = command(written(tmp_path / "file.csv", csv_of(*ROWS)), out=Terminal())

    assert told.count("\r") == 2
    assert told.splitlines()[-1].startswith("10 rijen gelezen")


def test_a_file_that_is_refused_ends_with_one_sentence_and_code_1(tmp_path: Path) -> None:
    error = fails(written(tmp_path / "file.csv", b"naam,adres\r\nx,y\r\n"))

    assert error.returncode == 1
    assert "verplichte kolommen: referentie, aanleveraar, v_nummer" in str(error)


def test_a_file_in_another_encoding_ends_with_code_1(tmp_path: Path) -> None:
    error = fails(written(tmp_path / "file.csv", csv_of({"achternaam": "Müller"}).decode().encode("latin-1")))

    assert error.returncode == 1
    assert "UTF-8" in str(error)


def test_a_file_of_60_mb_ends_with_code_1_and_is_not_kept(tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(60 * 1024 * 1024)

    error = fails(path)

    assert error.returncode == 1
    assert "Ten hoogste 50 MB" in str(error) or "hoogstens 50 MB" in str(error)
    assert not DossierFile.objects.exists()
    assert not list((settings.MEDIA_ROOT / "dossiers").iterdir())


@pytest.mark.parametrize("member", ["nobody", "regievoerder"])
def test_somebody_who_may_not_ends_with_code_2(tmp_path: Path, member: str) -> None:
    assert fails(written(tmp_path / "file.csv", csv_of(*ROWS)), member).returncode == 2
    assert not DossierFile.objects.exists()


def test_a_file_that_is_not_there_ends_with_code_2(tmp_path: Path) -> None:
    error = fails(tmp_path / "none.csv")

    assert error.returncode == 2
    assert "kan niet worden gelezen" in str(error)


def test_interrupted_it_says_how_to_go_on_and_goes_on(tmp_path: Path, monkeypatch: Any) -> None:
    path = written(tmp_path / "file.csv", csv_of(*ROWS))
    monkeypatch.setattr("handover.importing.runner.BATCH", 5)
    with monkeypatch.context() as patched:

        def interrupted(*args: Any) -> Any:
            raise KeyboardInterrupt

        patched.setattr(batches, "record_changed", interrupted)
        assert fails(path).returncode == 130

    told = command(path)

    assert "gaat verder waar het was gebleven" in told
    assert told.splitlines()[-1].startswith("10 rijen gelezen = 10 aangemaakt")
    assert DossierFile.objects.count() == 1


def test_unknown_columns_are_told_once(tmp_path: Path) -> None:
    content = csv_of(*ROWS, header=(*HEADER, "lievelingskleur"))

    assert command(written(tmp_path / "file.csv", content)).count("lievelingskleur") == 1


def test_the_clerk_is_the_one_in_history(tmp_path: Path, cast: Cast) -> None:
    command(written(tmp_path / "file.csv", csv_of(*ROWS)))

    assert DossierFile.objects.get().uploaded_by == cast.intake
