"""Files of dossiers are kept in a folder of the test, and today is the day of the example files."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def on_the_day(settings: Any, tmp_path: Path) -> None:
    settings.LEIDRAAD_TODAY = date(2026, 11, 23)
    settings.MEDIA_ROOT = tmp_path / "files"
