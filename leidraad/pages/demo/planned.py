"""Who the demo plans: persons in households, each household with one course. Plain data, filled in step by step."""

from dataclasses import dataclass, field
from datetime import date

HEAD, PARTNER, CHILD = "hoofd", "partner", "kind"
OF_AGE = 18


@dataclass
class PlannedPerson:
    """`number` decides the V-number; `role` is empty for who is alone. `partial_birth`: only the year is known."""

    number: int
    age: int
    born: date
    sex: str = "M"
    role: str = ""
    surname: str = ""
    given_names: str = ""
    aliases: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    partial_birth: bool = False
    entry_ban: bool = False

    @property
    def is_minor(self) -> bool:
        return self.age < OF_AGE


@dataclass(frozen=True)
class Stay:
    """Where a household stays. `site` is the name of a known site; `text` names a place that is none; both may be empty."""

    form: str
    site: str = ""
    text: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    protected: bool = False


@dataclass(frozen=True)
class Ending:
    """How a case ended. `kind` says by which way, `destination` where to: origin, dublin, third, or nothing known."""

    on: date
    outcome: str
    kind: str
    destination: str = ""


@dataclass
class PlannedHousehold:
    """One person or a family. `phase` is a key of `figures.PHASES`; a household with an `ending` is closed and has none.

    `step_days` is when the next step is due, in days from today: below zero it is late. `quiet_days` is how long ago somebody
    last had contact.
    """

    number: int
    persons: list[PlannedPerson]
    nationality: str = ""
    language: str = ""
    supplier: str = ""
    ground: str = ""
    phase: str = ""
    stay: Stay = field(default_factory=lambda: Stay("onbekend"))
    delivered: date = date.min
    team: str = ""
    director: str = ""
    step_days: int = 0
    quiet_days: int = 0
    ending: Ending | None = None

    @property
    def size(self) -> int:
        return len(self.persons)

    @property
    def has_minors(self) -> bool:
        return any(person.is_minor for person in self.persons)

    @property
    def is_alone(self) -> bool:
        return self.size == 1

    @property
    def is_alone_minor(self) -> bool:
        return self.is_alone and self.persons[0].is_minor

    @property
    def is_single_man(self) -> bool:
        return self.is_alone and not self.persons[0].is_minor and self.persons[0].sex == "M"

    @property
    def is_single_adult(self) -> bool:
        return self.is_alone and not self.persons[0].is_minor
