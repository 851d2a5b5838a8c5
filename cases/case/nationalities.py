"""Names of nationalities, countries and languages in the reader's own language, from the codes that dossiers carry."""

import csv
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from django.utils.translation import get_language
from django_countries import countries

NATIONALITIES_FILE = Path(__file__).parent / "reference" / "nationalities.csv"

# Codes that name no country: stateless, refugees, unspecified.
NO_COUNTRY = frozenset({"XXA", "XXB", "XXC", "XXX"})


@lru_cache(maxsize=1)
def _nationalities() -> dict[str, tuple[str, str]]:
    with NATIONALITIES_FILE.open(encoding="utf-8", newline="") as file:
        return {line["code"]: (line["nl"], line["en"]) for line in csv.DictReader(file)}


def nationality_codes() -> frozenset[str]:
    """Every code a nationality may have: ISO 3166-1 alpha-3 and the additions of ICAO Doc 9303."""
    return frozenset(_nationalities())


def nationality_name(code: str) -> str:
    """Algerijnse, Algerian; the code itself when it is not in the table."""
    if not code:
        return ""
    dutch, english = _nationalities().get(code, (code, code))
    return english if get_language() == "en" else dutch


def country_name(code: str) -> str:
    """Algerije, Algeria; nothing for a nationality that belongs to no country."""
    if code in NO_COUNTRY or not code:
        return ""
    return str(countries.name(countries.alpha2(code)) or code)


@lru_cache(maxsize=8)
def _language_names(locale: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(locale).languages)
    except (UnknownLocaleError, ValueError):
        return {}


def language_name(code: str) -> str:
    """Arabisch, Arabic, of an ISO 639-3 code; the code itself when nobody has named that language."""
    if not code:
        return ""
    names = _language_names((get_language() or "nl").split("-")[0])
    short = str(get_global("language_aliases").get(code, code))
    name = names.get(short) or names.get(code) or code
    return name[:1].upper() + name[1:] if name != code else code


# Where several codes have the same name: the one of ISO 639-2/T, which dossiers carry.
PREFERRED = frozenset({
    "ara", "aze", "bod", "ces", "cym", "deu", "ell", "est", "eus", "fas", "fra", "ful", "hrv", "hye", "isl", "kat", "kon",
    "kur", "lav", "mkd", "mlg", "mon", "mri", "msa", "mya", "nep", "nld", "orm", "prs", "pus", "que", "ron", "slk", "sqi",
    "srp", "swa", "syr", "uzb", "yid", "zho",
})  # fmt: skip


@lru_cache(maxsize=4)
def _languages(language: str) -> tuple[tuple[str, str], ...]:
    codes = {code for code in (*get_global("language_aliases"), *_language_names(language)) if len(code) == 3}
    by_name: dict[str, str] = {}
    for code in sorted(codes, key=lambda code: (code not in PREFERRED, code)):
        by_name.setdefault(language_name(code), code)
    return tuple(sorted(((code, name) for name, code in by_name.items() if name != code), key=lambda pair: pair[1]))


def languages() -> tuple[tuple[str, str], ...]:
    """Every language that has a name in the reader's language, as code of three letters and name, by name."""
    return _languages((get_language() or "nl").split("-")[0])
