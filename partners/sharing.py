"""With whom a case may be shared: the dated table `reference/sharing.csv` of organisation, part and ground.

A part that is not in it starts and ends with something else: the lead with a handover, reception with a stay at the site.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from leidraad.lib import clock

SHARING_FILE = Path(__file__).parent / "reference" / "sharing.csv"
CONSENT = "consent"


@dataclass(frozen=True)
class Sharing:
    """A unit of `organisation` may be given `part` on `ground`. `source` says where that stands."""

    organisation: str
    part: str
    ground: str
    source: str
    valid_from: date
    valid_until: date | None

    @property
    def code(self) -> str:
        return f"{self.organisation}.{self.part}.{self.ground}"

    @property
    def needs_consent(self) -> bool:
        return self.ground == CONSENT

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@lru_cache(maxsize=1)
def all_sharings() -> tuple[Sharing, ...]:
    with SHARING_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Sharing(
                line["organisation"],
                line["part"],
                line["ground"],
                line["source"],
                date.fromisoformat(line["valid_from"]),
                date.fromisoformat(line["valid_until"]) if line["valid_until"] else None,
            )
            for line in csv.DictReader(file)
        )


def sharings() -> Iterator[Sharing]:
    """Those that hold today."""
    today = clock.today()
    return (one for one in all_sharings() if one.holds_on(today))


def sharing_of(organisation: str, part: str, ground: str) -> Sharing | None:
    wanted = (organisation, part, ground)
    return next((one for one in sharings() if (one.organisation, one.part, one.ground) == wanted), None)


def is_shared_by_hand(organisation: str, part: str) -> bool:
    """Whether such a part is ever started, and so may be ended, by the responsible unit itself."""
    return any((one.organisation, one.part) == (organisation, part) for one in all_sharings())


def consent_parties() -> tuple[str, ...]:
    """Organisations that may be given a part on the consent of the person."""
    return tuple(dict.fromkeys(one.organisation for one in sharings() if one.needs_consent))
