"""The act in question, and what a guard finds of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from cases.terms.guards.known import AnswerFact, Known, Told
from cases.terms.models import Act


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the law does not say and we set, as dated data. None: not set, and then the guard does not know."""

    removability_days: int | None = None
    identity_rank: int | None = None
    eu_citizens: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An act on a day. `today` is the day of judging; `destination` a country, "" where none was chosen.

    `hours_left` to the departure where its moment is known. `by_air` is None while it is not known how the person travels.
    Of a disclosure: which kinds of data are `shared` ("criminal", "biometric", "medical"), with whom ("dtv", "ngo", "origin").
    """

    act: Act
    on: date
    today: date
    destination: str = ""
    hours_left: int | None = None
    by_air: bool | None = None
    shared: frozenset[str] | None = None
    receiver: str = ""
    settings: Settings = Settings()


class State(StrEnum):
    """What a guard finds. NOTICE is what it only warns of, although its level is a block (G13)."""

    IN_ORDER = "in_order"
    HELD = "held"
    NOTICE = "notice"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """The sentence of a finding; `words` says it."""

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        return name.lower()

    # in order
    CLEARED = auto()
    NOT_CONCERNED = auto()
    NOTIFIED = auto()
    COUNTRY_NAMED = auto()
    PERIOD_OVER = auto()
    NO_PERIOD = auto()
    RULED = auto()
    NOT_SUSPENSIVE = auto()
    SUSPENDS_BY_ITSELF = auto()
    ANSWER_AFTER = auto()
    EXCEPTION_RECORDED = auto()
    OTHER_COUNTRY = auto()
    TESTED = auto()
    NO_MINOR = auto()
    CHILD_READY = auto()
    ALONE = auto()
    TOGETHER = auto()
    ENDED = auto()
    CONDITIONS_MET = auto()
    FIT = auto()
    CONSENT = auto()
    NOT_APPROVED = auto()
    GOES_THERE = auto()
    NOT_PROTECTED = auto()
    NO_EU_CITIZEN = auto()
    DECISION_RECENT = auto()
    IN_TIME = auto()
    ANSWER_RECENT = auto()
    FAR_OFF = auto()
    CHECKS_DONE = auto()
    CONDITIONS_OF_MEASURE = auto()
    WITHIN_DAYS = auto()
    COURT_IN_ORDER = auto()
    NO_FAMILY = auto()
    FIRST_DECISION = auto()
    MAY_BE_SHARED = auto()
    IDENTITY_AGREES = auto()
    # held back
    NO_DECISION = auto()
    NOT_NOTIFIED = auto()
    COUNTRY_NOT_NAMED = auto()
    PERIOD_RUNNING = auto()
    PERIOD_NOT_STARTED = auto()
    APPLICATION_PENDING = auto()
    STAY_GRANTED = auto()
    LAWFUL_STAY = auto()
    ONLY_TRANSFER = auto()
    TERM_OPEN = auto()
    TERM_NOT_STARTED = auto()
    REMEDY_PENDING = auto()
    REMEDY_WON = auto()
    RELIEF_OPEN = auto()
    RELIEF_PENDING = auto()
    RELIEF_GRANTED = auto()
    LATE_RELIEF = auto()
    NEW_APPLICATION = auto()
    COURT_MEASURE = auto()
    TEST_OLD = auto()
    TEST_DANGER = auto()
    RECEPTION_NOT_VERIFIED = auto()
    GUARDIAN_NOT_INFORMED = auto()
    LESS_THAN_WEEK = auto()
    NO_INTERPRETER = auto()
    NO_LEGAL_AID = auto()
    FAMILY_SPLIT = auto()
    POSTPONED = auto()
    POSTPONEMENT_ASKED = auto()
    JUST_REFUSED = auto()
    CONDITIONS_OPEN = auto()
    AROUND_BIRTH = auto()
    TUBERCULOSIS = auto()
    UNFIT = auto()
    CRIMINAL_OPEN = auto()
    IOM_APPROVED = auto()
    PROTECTED_ELSEWHERE = auto()
    NOT_CONSULTED = auto()
    DECISION_OLD = auto()
    TOO_LATE = auto()
    NO_ANSWER = auto()
    ANSWER_OLD = auto()
    ANSWER_DOUBTED = auto()
    CHECKS_OPEN = auto()
    NOT_HEARD = auto()
    NO_GROUNDS = auto()
    NOT_WEIGHED = auto()
    NOT_TESTED = auto()
    PAST_MAXIMUM = auto()
    CHILD_TOO_LONG = auto()
    NOTICE_MISSING = auto()
    NOTICE_LATE = auto()
    DAY_15 = auto()
    DAY_21 = auto()
    DAY_60 = auto()
    NO_FERREIRA = auto()
    BEFORE_DECISION = auto()
    CRIMINAL_DATA = auto()
    NOT_FOR_NGO = auto()
    DIFFERENCES = auto()
    LEVEL_TOO_LOW = auto()
    # unknown
    NOT_RECORDED = auto()
    NOT_CONFIRMED = auto()
    TERM_NOT_KNOWN = auto()
    NOT_STATED_NONE = auto()
    NO_DESTINATION = auto()
    AGE_NOT_KNOWN = auto()
    SAME_DAY = auto()
    NO_SETTING = auto()
    LEVEL_NOT_KNOWN = auto()
    SIGNAL_OPEN = auto()
    SOURCES_SILENT = auto()
    NOT_TOLD = auto()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a guard finds: the fact as a sentence with its days, who told it, of which day it is, and the rules it rests on."""

    state: State
    why: Why
    source: str = ""
    on: date | None = None
    until: date | None = None
    country: str = ""
    count: int = 0
    rules: tuple[str, ...] = ()
    confirmed: bool = True


def _finding(state: State, why: Why, fact: Told | None, rules: tuple[str, ...], **more: object) -> Finding:
    told: dict[str, object] = (
        {} if fact is None else {"source": fact.source, "on": fact.on, "confirmed": fact.confirmed}
    )
    return Finding(state=state, why=why, rules=rules, **(told | more))  # type: ignore[arg-type]  # named by the callers


def in_order(why: Why, fact: Told | None = None, *rules: str, **more: object) -> Finding:
    return _finding(State.IN_ORDER, why, fact, rules, **more)


def held(why: Why, fact: Told | None = None, *rules: str, **more: object) -> Finding:
    return _finding(State.HELD, why, fact, rules, **more)


def notice(why: Why, fact: Told | None = None, *rules: str, **more: object) -> Finding:
    return _finding(State.NOTICE, why, fact, rules, **more)


def unknown(why: Why = Why.NOT_RECORDED, fact: Told | None = None, *rules: str, **more: object) -> Finding:
    return _finding(State.UNKNOWN, why, fact, rules, **more)


def clearing(known: Known, plan: Plan, since: date | None = None) -> AnswerFact | None:
    """IND's answer that nothing stands in the way, where it holds on the planned day and is not older than `since`.

    It is the one statement that there is no obstacle: that none is recorded says nothing. For a transfer the answer "only
    transfer" says the same.
    """
    answer = known.answer
    if answer is None or answer.on is None or answer.doubted or not answer.confirmed:
        return None
    says = answer.value == "removable" or (answer.ground == "transfer_only" and plan.act is Act.DUBLIN_TRANSFER)
    holds = answer.valid_until is None or plan.on <= answer.valid_until
    return answer if says and holds and (since is None or answer.on >= since) else None


def none_recorded(known: Known, plan: Plan, since: date | None = None, *rules: str) -> Finding:
    """Nothing of the kind is recorded: in order where IND says so, else unknown."""
    answer = clearing(known, plan, since)
    return unknown(Why.NOT_STATED_NONE, None, *rules) if answer is None else in_order(Why.CLEARED, answer, *rules)
