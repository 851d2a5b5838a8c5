"""The door through which subjects tell facts on which the responsible unit may lift a stop that somebody else placed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cases.terms.models import Stop


@dataclass(frozen=True)
class NewFact:
    """A fact of a case. `kind` is what grounds call it, `key` the record that states it, `organisation` who recorded it."""

    kind: str
    key: str
    words: str
    on: date
    organisation: str


# Asked with the key of a case and the moment after which a fact is new.
Teller = Callable[[int, datetime], Iterable[NewFact]]
_tellers: dict[str, Teller] = {}


def tell_new_facts(subject: str, teller: Teller) -> None:
    """Have `teller(case id, moment)` asked which facts were recorded after the moment. It sees what the asker may see."""
    _tellers[subject] = teller


def new_facts_for(stop: Stop) -> list[NewFact]:
    """What the ground accepts, recorded after the stop was placed by an organisation that may place it. The newest first."""
    ground = stop.ground
    if not ground.new_facts:
        return []
    found = [fact for teller in _tellers.values() for fact in teller(stop.case_id, stop.placed_at)]
    fitting = [fact for fact in found if fact.kind in ground.new_facts and fact.organisation in ground.placers]
    return sorted(fitting, key=lambda fact: (fact.on, fact.key), reverse=True)
