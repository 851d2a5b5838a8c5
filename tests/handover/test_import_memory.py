"""Memory does not grow with the number of rows of a file."""

import tracemalloc
from pathlib import Path

import pytest

from handover.importing import runner
from tests.cast import Cast
from tests.handover.imports import send, totals
from tests.handover.many_dossiers import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]

PIECE = 50


def peak_of(size: int, cast: Cast, folder: Path) -> int:
    """Bytes at the highest while a file of so many good rows is read in."""
    file = send(write(folder / f"{size}.csv", size).read_bytes(), cast.intake)
    tracemalloc.start()
    try:
        finished = runner.run(file.pk)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert totals(finished)["read"] == size


def test_four_times_the_rows_take_no_more_memory(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "BATCH", PIECE)
    monkeypatch.setattr(runner, "STAGED_AT_ONCE", PIECE)
    peak_of(PIECE, cast, tmp_path)  # what is loaded once

    small, large = peak_of(4 * PIECE, cast, tmp_path), peak_of(16 * PIECE, cast, tmp_path)

    assert large < small * 1.2
