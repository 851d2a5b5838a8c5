"""Web and worker end at once, with one clear line, when a value of the environment is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRONG = {"LEIDRAAD_ENV": "development", "DATABASE_URL": "nonsense"}


@pytest.mark.parametrize(
    "words",
    [
        ("gunicorn", "leidraad.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket", "--log-level", "critical"),
        ("celery", "-A", "leidraad", "worker"),
    ],
    ids=["web", "worker"],
)
def test_a_wrong_value_ends_the_process_with_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    said = tmp_path / "said"
    with said.open("w") as file:
        ended = subprocess.run(
            [sys.executable, "-m", *words],
            env={"PATH": os.environ["PATH"], **WRONG},
            stdout=file,
            stderr=file,
            cwd=ROOT,
            check=False,
            timeout=60,
        )

    assert ended.returncode != 0
    assert said.read_text().startswith("Leidraad cannot start: DATABASE_URL")
    assert "Traceback" not in said.read_text()
