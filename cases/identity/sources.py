"""Where each field of an identity comes from and how sure that is; and the one rule by which a value may replace another.

A level that is not established counts as the lowest: a value with an established level is never replaced by one without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases.case.models import Person
from cases.identity.models import IdentityLevel, IdentitySource
from leidraad.lib import clock

NOT_ESTABLISHED = 0


@dataclass(frozen=True)
class Stated:
    """Who states a value: code of the source, the number of its level (None: not established), and since when if known."""

    source: str
    level: int | None = None
    since: date | None = None


@dataclass(frozen=True)
class Known:
    """Sources and levels of today, looked up once for a page or an act. Two queries."""

    sources: Mapping[str, IdentitySource]
    levels: Mapping[int, IdentityLevel]

    def level_of(self, source: str) -> int | None:
        """The level that this source has by itself."""
        found = self.sources.get(source)
        return found.level.number if found is not None and found.level is not None else None

    def rank(self, level: int | None) -> int:
        found = self.levels.get(level or 0)
        return found.rank if found is not None else NOT_ESTABLISHED

    def may_replace(self, former: int | None, new: int | None) -> bool:
        """Whether a value of level `new` may take the place of one of level `former`: only from an equal or a higher one."""
        return self.rank(new) >= self.rank(former)

    def source_words(self, code: str) -> str:
        """IND (sender of the dossier); a code that is in no table stays as it is."""
        found = self.sources.get(code)
        return found.in_full if found is not None else code

    def level_words(self, level: int | None) -> str:
        found = self.levels.get(level or 0)
        return found.name if found is not None else _("level not established")


def known_today() -> Known:
    sources = {one.code: one for one in IdentitySource.objects.valid().select_related("level", "organisation")}
    return Known(sources, {one.number: one for one in IdentityLevel.objects.valid()})


def stated_of(person: Person, field: str, known: Known) -> Stated:
    """Who states this field now: what is kept of the field, else the source of the whole person with its own level."""
    kept = person.field_sources.get(field)
    if kept is None:
        return Stated(person.source, known.level_of(person.source))
    level = kept.get("level")
    since = date.fromisoformat(kept["since"]) if kept.get("since") else None
    return Stated(kept["source"], known.level_of(kept["source"]) if level is None else level, since)


def put_source(person: Person, field: str, stated: Stated) -> None:
    """Remember on an unsaved person who states this field from today on."""
    person.field_sources = person.field_sources | {field: kept_as(stated)}


def kept_as(stated: Stated) -> dict[str, object]:
    since = stated.since or clock.today()
    return {"source": stated.source, "level": stated.level, "since": since.isoformat()}
