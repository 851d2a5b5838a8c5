"""The fields of an identity as one kind of thing: how each is read, written, put in words and read from what somebody typed.

Values are texts, as differences and reports keep them: a birth date is "1994-03-14", "1994-03" or "1994".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.history_sources import conflict_field
from cases.case.models import Person, Sex
from cases.case.nationalities import language_name, languages, nationality_codes, nationality_name
from leidraad.lib import clock
from leidraad.lib.display import date_long, v_number
from leidraad.lib.errors import NotPossible

CLAIMED, ESTABLISHED = "gesteld", "vastgesteld"
YES, NO = "ja", "nee"
EARLIEST = 1900


@dataclass(frozen=True)
class Field:
    """`clean` gives the value as kept of what was typed or sent; it raises NotPossible with a sentence for the user."""

    name: str
    read: Callable[[Person], str]
    write: Callable[[Person, str], None]
    words: Callable[[str], str]
    clean: Callable[[str], str]

    @property
    def label(self) -> str:
        label = conflict_field(self.name)
        return label[:1].upper() + label[1:]


def _text(name: str, length: int, *, may_be_empty: bool = True) -> Field:
    def clean(typed: str) -> str:
        value = " ".join(typed.split())
        if not value and not may_be_empty:
            raise NotPossible(_("Fill in the new value."))
        if len(value) > length:
            raise NotPossible(_("The new value has at most %(count)d characters.") % {"count": length})
        return value

    return Field(name, lambda one: str(getattr(one, name)), lambda one, value: setattr(one, name, value), str, clean)


# --- birth date -----------------------------------------------------------------------------------------------------


def _read_birth(person: Person) -> str:
    parts = (person.birth_year, person.birth_month, person.birth_day)
    return "-".join(f"{part:02d}" for part in parts if part is not None)


def _write_birth(person: Person, value: str) -> None:
    parts = [int(part) for part in value.split("-")] if value else []
    person.birth_year, person.birth_month, person.birth_day = (*parts, None, None, None)[:3]


def _birth_words(value: str) -> str:
    """As far as it is known: 14 maart 1994, maart 1994, 1994."""
    parts = [int(part) for part in value.split("-") if part.isdigit()]
    if len(parts) < 2:
        return value
    whole = date_long(date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1))
    return whole if len(parts) > 2 else whole.partition(" ")[2]


def _clean_birth(typed: str) -> str:
    """Takes 14-03-1994, 03-1994, 1994 and the order in which it is kept."""
    text = typed.strip().replace("/", "-").replace(".", "-")
    if re.fullmatch(r"\d{1,2}-\d{1,2}-\d{4}|\d{1,2}-\d{4}", text):
        text = "-".join(reversed(text.split("-")))
    wrong = NotPossible(_("Write the birth date as 14-03-1994. Is the day unknown? Then 03-1994, or 1994."))
    if not re.fullmatch(r"\d{4}(-\d{1,2}){0,2}", text):
        raise wrong
    parts = [int(part) for part in text.split("-")]
    try:
        day = date(*(*parts, 1, 1)[:3])
    except ValueError:
        raise wrong from None
    if day > clock.today() or parts[0] < EARLIEST:
        raise NotPossible(_("The birth date must lie in the past."))
    return "-".join(f"{part:02d}" for part in parts)


# --- choices --------------------------------------------------------------------------------------------------------


def _chosen(
    name: str,
    choices: Callable[[], Mapping[str, str]],
    read: Callable[[Person], str],
    write: Callable[[Person, str], None],
) -> Field:
    def clean(typed: str) -> str:
        if typed not in choices():
            raise NotPossible(_("Choose one of the values shown."))
        return typed

    return Field(name, read, write, lambda value: choices().get(value, value), clean)


def sexes() -> dict[str, str]:
    return {str(sex.value): str(sex.label) for sex in Sex if sex.value}


def standings() -> dict[str, str]:
    return {CLAIMED: pgettext("nationality", "claimed"), ESTABLISHED: pgettext("nationality", "established")}


def yes_or_no() -> dict[str, str]:
    return {YES: _("yes"), NO: _("no")}


def nationalities() -> dict[str, str]:
    named = {code: nationality_name(code) for code in nationality_codes()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _three(value: bool | None, yes: str, no: str) -> str:
    return "" if value is None else yes if value else no


def _clean_language(typed: str) -> str:
    value = typed.strip().lower()
    if not re.fullmatch(r"[a-z]{3}", value):
        raise NotPossible(_("Write the language as its code of three letters, for instance ara."))
    return value


def _set_standing(person: Person, value: str) -> None:
    person.nationality_established = value == ESTABLISHED if value else None


def _set_alone(person: Person, value: str) -> None:
    person.unaccompanied_minor = value == YES if value else None


def _nothing(_person: Person, _value: str) -> None:
    raise NotPossible(_("The V-number is not changed here: dossiers find the person by it."))


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        _text("surname", 200, may_be_empty=False),
        _text("name_prefix", 50),
        _text("given_names", 200),
        Field("birth_date", _read_birth, _write_birth, _birth_words, _clean_birth),
        _chosen("sex", sexes, lambda one: one.sex, lambda one, value: setattr(one, "sex", value)),
        Field("v_number", lambda one: one.v_number, _nothing, v_number, lambda typed: "".join(typed.split())),
        _chosen(
            "nationality",
            nationalities,
            lambda one: one.nationality,
            lambda one, value: setattr(one, "nationality", value),
        ),
        _chosen(
            "nationality_established",
            standings,
            lambda one: _three(one.nationality_established, ESTABLISHED, CLAIMED),
            _set_standing,
        ),
        Field(
            "language",
            lambda one: one.language,
            lambda one, value: setattr(one, "language", value),
            language_name,
            _clean_language,
        ),
        _chosen("unaccompanied_minor", yes_or_no, lambda one: _three(one.unaccompanied_minor, YES, NO), _set_alone),
    )
}
# Fields with a fixed set of values: the form offers these.
CHOICES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "sex": sexes,
    "nationality": nationalities,
    "nationality_established": standings,
    "language": lambda: dict(languages()),
    "unaccompanied_minor": yes_or_no,
}


def field_of(name: str) -> Field:
    """Raises NotPossible for a name that is no field of the identity."""
    if name not in FIELDS:
        raise NotPossible(_("Choose which fact is wrong."))
    return FIELDS[name]
