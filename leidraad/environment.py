"""Reading the environment: a missing or malformed value stops the start and is named."""

from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

env = Env(eager=True)


def read(reader: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    try:
        return reader(name, *args, **kwargs)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


def retention(text: str) -> tuple[tuple[date, int], ...]:
    """The days from which a period holds, with its whole months, oldest first."""
    try:
        found = sorted((date.fromisoformat(day), int(months)) for day, months in _pairs(text))
    except ValueError as error:
        raise ImproperlyConfigured(f"LEIDRAAD_READ_LOG_RETENTION: write 2027-01-01=60, not {text!r}") from error
    if any(months < 1 for _day, months in found):
        raise ImproperlyConfigured("LEIDRAAD_READ_LOG_RETENTION: keep looks for at least one month.")
    return tuple(found)


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [part.strip().partition("=") for part in text.split(",") if part.strip()]
    return [(day.strip(), months.strip()) for day, _equals, months in parts]
