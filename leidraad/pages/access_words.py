"""Sections, effects and moments of access in the words of the work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.case.access import CAPABILITY_NAMES
from cases.case.who_sees import Effect
from leidraad.lib.display import date_time


def section_name(section: str) -> str:
    return str(CAPABILITY_NAMES.get(section, section))


def section_names(sections: Iterable[str]) -> str:
    """identiteit, adres, verblijf"""
    return ", ".join(section_name(section) for section in sections)


def until_text(until: datetime | None) -> str:
    return _("until %(moment)s") % {"moment": date_time(until)} if until else _("until it is lifted")


def effect_word(allowed: bool) -> str:
    """What an exception does."""
    return _("opened") if allowed else _("shielded")


@dataclass(frozen=True)
class Change:
    """One line of the preview: who, in which organisation, and what they get and lose."""

    organisation: str
    who: str
    gets: str
    loses: str


def changes_of(effects: Iterable[Effect]) -> list[Change]:
    return [
        Change(
            effect.unit.organisation.short_name,
            _("%(role)s of %(unit)s") % {"role": effect.role, "unit": effect.unit.full_name},
            _words(effect.gets, effect.whole_case),
            _words(effect.loses, effect.whole_case),
        )
        for effect in effects
    ]


def _words(sections: tuple[str, ...], whole_case: bool) -> str:
    if not sections:
        return ""
    names = section_names(sections)
    return _("the case, with: %(sections)s") % {"sections": names} if whole_case else names
