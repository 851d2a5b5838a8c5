"""What is known of one case, as plain values that the guards judge. Nothing here asks a database or a clock.

Each part says who told it (`source`), of which day it is (`on`) and whether somebody of the organisation that owns the fact
confirmed it. What nobody told is not there: an empty tuple or None means unknown, never "there is none".
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, get_args


@dataclass(frozen=True, kw_only=True)
class Told:
    """`confirmed` is false while only a dossier states it: enough to hold an act back, never to let it through."""

    source: str
    on: date | None = None
    confirmed: bool = True


class DecisionRole(StrEnum):
    RETURN = "return"
    TRANSFER = "transfer"
    ENTRY_REFUSED = "entry_refused"
    GRANTED = "granted"


class Suspension(StrEnum):
    """What a remedy does to removal. UNSURE: the sources do not say; NOT_STATED: a dossier does not say."""

    AUTO = "auto"
    UNTIL_RELIEF = "until_relief_ruling"
    NONE = "none"
    UNSURE = "unsure"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, kw_only=True)
class DecisionFact(Told):
    """A decision in force. `on` is the day on which it was taken.

    `remedy_until` is the last day of the first remedy and `suspension` what that does to removal when it is in time;
    `relief_until` the last day on which relief is in time. None: the term is not known. `countries` are of a return decision.
    """

    key: int
    roles: frozenset[DecisionRole] = frozenset()
    decided_on: date
    notified_on: date | None = None
    former_law: bool = False
    countries: frozenset[str] = frozenset()
    period_days: int | None = None
    changed_until: date | None = None
    suspension: Suspension = Suspension.UNSURE
    remedy_until: date | None = None
    relief_until: date | None = None


class RemedyType(StrEnum):
    OBJECTION = "objection"
    APPEAL = "appeal"
    HIGHER_APPEAL = "higher_appeal"
    RELIEF = "interim_relief"
    ECTHR = "ecthr_measure"


@dataclass(frozen=True, kw_only=True)
class RemedyFact(Told):
    """A remedy against the decision with that key. `ruling` is "" while there is none. `on` is the day of lodging."""

    decision: int
    kind: RemedyType
    lodged_on: date
    late: bool | None = None
    effect: Suspension
    country: str = ""
    ruled_on: date | None = None
    ruling: str = ""

    @property
    def is_open(self) -> bool:
        return self.ruled_on is None

    @property
    def is_won(self) -> bool:
        """The person was right, or it must be decided again, or nobody stated what was ruled."""
        return self.ruling in ("upheld", "remitted", "not_stated")


@dataclass(frozen=True, kw_only=True)
class ClaimFact(Told):
    """A claim on another state. `latest_on` is the latest transfer date in force."""

    state: str
    accepted: bool
    latest_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ApplicationFact(Told):
    """An application. `decided_on` is the first decision in it."""

    asylum: bool
    lodged_on: date | None = None
    ended_on: date | None = None
    decided_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PostponementFact(Told):
    """A ground that bars or puts off departure, in the words of the procedure room: `kind`, `state`, last day `until`."""

    kind: str
    state: str
    since: date
    until: date | None = None
    section: str = ""

    def is_in_force(self, day: date) -> bool:
        return self.state in ("granted", "provisional") and (self.until is None or day <= self.until)

    @property
    def is_asked(self) -> bool:
        return self.state in ("requested", "advice_asked", "advice_received")


@dataclass(frozen=True, kw_only=True)
class AnswerFact(Told):
    """IND's answer about removability that is in force. `doubted`: a later fact may have overtaken it, or it has expired."""

    value: str
    ground: str = ""
    valid_until: date | None = None
    doubted: bool = False


@dataclass(frozen=True, kw_only=True)
class CustodyFact(Told):
    """A measure that takes liberty and has not ended. `on` is the day on which it was imposed.

    `last_day` is its maximum by the reading that is best for the person, None where no term was found. `checks` are what
    must precede it. The court's days: notices, rulings and own appeals, oldest first.
    """

    kind: str
    on: date
    last_day: date | None = None
    checks: frozenset[str] = frozenset()
    heard: bool = False
    grounded: bool = False
    weighed: bool = False
    tested: bool = False
    minor_days: int | None = None
    notice_days: int = 0
    ruling_is_due: bool = False
    notices: tuple[date, ...] = ()
    rulings: tuple[date, ...] = ()
    appeals: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonFact(Told):
    """Who it is. `eighteen_from` and `eighteen_until`: the first and the last day on which the person may turn eighteen."""

    nationality: str = ""
    sex: str = ""
    eighteen_from: date | None = None
    eighteen_until: date | None = None
    unaccompanied: bool | None = None
    with_minors: bool = False
    in_household: bool = False
    ground: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberFact(Told):
    """Another member of the household. `outcome` is "" while that case is open."""

    case: int
    outcome: str = ""
    eighteen_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class SignalFact(Told):
    kind: str


@dataclass(frozen=True, kw_only=True)
class RepresentativeFact(Told):
    """A lawyer or guardian who acts for the person now; `informed_on`: of the flight or transfer."""

    kind: str
    informed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityFact(Told):
    """`differences` wait for a judgement. `rank` is the lowest source level of the identity, None where not established."""

    differences: int = 0
    rank: int | None = None


class Topic(StrEnum):
    """What somebody states in so many words, because no other room records it."""

    FRESH_TEST = "fresh_test"
    APPLICATION_EXCEPTION = "application_exception"
    INTERPRETER = "interpreter"
    FAMILY = "family"
    TRAVEL_CONDITIONS = "travel_conditions"
    FITNESS = "fitness"
    TUBERCULOSIS = "tuberculosis"
    BIRTH = "birth"
    PROSECUTOR = "prosecutor"
    IOM = "iom"
    PROTECTION = "protection"
    FINAL_CHECKS = "final_checks"
    FERREIRA = "ferreira"


@dataclass(frozen=True, kw_only=True)
class StatementFact(Told):
    """`value` is one of those that the topic knows; `until` the last day on which it may be relied on; `day` its subject's."""

    topic: Topic
    value: str
    until: date | None = None
    country: str = ""
    day: date | None = None


Part = (
    DecisionFact
    | RemedyFact
    | ClaimFact
    | ApplicationFact
    | PostponementFact
    | AnswerFact
    | CustodyFact
    | PersonFact
    | MemberFact
    | SignalFact
    | RepresentativeFact
    | IdentityFact
    | StatementFact
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything that was told of one case."""

    decisions: tuple[DecisionFact, ...] = ()
    remedies: tuple[RemedyFact, ...] = ()
    claims: tuple[ClaimFact, ...] = ()
    applications: tuple[ApplicationFact, ...] = ()
    postponements: tuple[PostponementFact, ...] = ()
    answers: tuple[AnswerFact, ...] = ()
    custody: tuple[CustodyFact, ...] = ()
    persons: tuple[PersonFact, ...] = ()
    members: tuple[MemberFact, ...] = ()
    signals: tuple[SignalFact, ...] = ()
    representatives: tuple[RepresentativeFact, ...] = ()
    identities: tuple[IdentityFact, ...] = ()
    statements: tuple[StatementFact, ...] = ()

    @classmethod
    def of(cls, parts: Iterable[Part]) -> "Known":
        told: dict[str, list[Any]] = {name: [] for name in PLACES.values()}
        for part in parts:
            told[PLACES[type(part)]].append(part)
        return cls(**{name: tuple(found) for name, found in told.items()})

    def parts(self) -> Iterator[Part]:
        for one in fields(self):
            yield from getattr(self, one.name)

    @property
    def answer(self) -> AnswerFact | None:
        return self.answers[-1] if self.answers else None

    @property
    def person(self) -> PersonFact | None:
        return self.persons[-1] if self.persons else None

    @property
    def identity(self) -> IdentityFact | None:
        return self.identities[-1] if self.identities else None

    def stated(self, topic: Topic, day: date) -> StatementFact | None:
        """The last statement on a topic that may still be relied on, on that day."""
        found = [one for one in self.statements if one.topic is topic and (one.until is None or day <= one.until)]
        return found[-1] if found else None

    def postponed(self, *kinds: str) -> list[PostponementFact]:
        return [one for one in self.postponements if one.kind in kinds]

    def has_signal(self, *kinds: str) -> SignalFact | None:
        return next((one for one in self.signals if one.kind in kinds), None)

    def only(self, keep: Callable[["Part"], bool]) -> "Known":
        """The same with the parts of which `keep` says so."""
        return Known.of(part for part in self.parts() if keep(part))


_NAMES = (
    "decisions",
    "remedies",
    "claims",
    "applications",
    "postponements",
    "answers",
    "custody",
    "persons",
    "members",
    "signals",
    "representatives",
    "identities",
    "statements",
)
PLACES: dict[type[Any], str] = dict(zip(get_args(Part), _NAMES, strict=True))

SIGNAL_SECTIONS = {
    "medical": "medical",
    "pregnant": "medical",
    "suicide_risk": "medical",
    "trafficking": "risk",
    "public_order": "risk",
}
TOPIC_SECTIONS = {
    Topic.FRESH_TEST: "procedure",
    Topic.APPLICATION_EXCEPTION: "procedure",
    Topic.INTERPRETER: "procedure",
    Topic.FAMILY: "procedure",
    Topic.TRAVEL_CONDITIONS: "medical",
    Topic.FITNESS: "medical",
    Topic.TUBERCULOSIS: "medical",
    Topic.BIRTH: "medical",
    Topic.PROSECUTOR: "risk",
    Topic.IOM: "assisted_departure",
    Topic.PROTECTION: "procedure",
    Topic.FINAL_CHECKS: "departure",
    Topic.FERREIRA: "residence",
}


def section_of(part: Part) -> str:
    """The section of the case that holds this part, where it is one that few people see; "" for what stands in many."""
    if isinstance(part, PostponementFact):
        return part.section
    if isinstance(part, SignalFact):
        return SIGNAL_SECTIONS.get(part.kind, "")
    if isinstance(part, StatementFact):
        return TOPIC_SECTIONS[part.topic]
    return "custody" if isinstance(part, CustodyFact) else ""
