"""Address checks in every state: waiting, accepted, late, reported, confirmed, and the ways in which one ends.

The figures of the proposal are for six kinds of police work, 140 open tasks of which 20 overdue. One kind exists: its 30 open
address checks are made, and of them the same share, 4, is overdue.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import time, timedelta
from random import Random

from cases.requests.actions import (
    NewRequest,
    Place,
    accept_request,
    ask_request,
    confirm_request,
    decline_request,
    not_possible,
    withdraw_request,
)
from cases.requests.models import PlaceKind, Request, RequestKind, Risk
from cases.requests.overdue import expire_requests
from cases.supervision.actions import Visit, assign_task, record_outcome, send_outcome
from cases.supervision.models import SupervisionTask
from cases.supervision.states import NextStep, Outcome
from leidraad.lib import clock
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.stage import Planned, Stage
from leidraad.pages.demo.timing import NORTH_TEAM, OWN
from partners.models import Member

OFFERED, ACCEPTED, LATE = "offered", "accepted", "late"
REPORTED, DONE, DECLINED, NOT_POSSIBLE, WITHDRAWN, EXPIRED = (
    "reported", "done", "declined", "not_possible", "withdrawn", "expired",
)  # fmt: skip
# Per thousand persons. The first three are the open ones: 30.
STATES = {
    OFFERED: 9, ACCEPTED: 17, LATE: 4, REPORTED: 6, DONE: 8, DECLINED: 2, NOT_POSSIBLE: 2, WITHDRAWN: 2, EXPIRED: 1,
}  # fmt: skip
REASONS = (
    "Twee meldingen gemist. Is de persoon nog op dit adres?",
    "Niet verschenen op het vertrekgesprek. Graag nagaan of de persoon hier woont.",
    "Post komt ongeopend terug. Verblijft de persoon hier nog?",
    "COA heeft de persoon een week niet gezien.",
)
OUTCOMES = (
    (Outcome.FOUND, "Zelf gesproken aan de deur.", NextStep.NONE),
    (Outcome.NOT_FOUND, "Kamer leeg, geen spullen aanwezig.", NextStep.REPEAT),
    (Outcome.FOUND, "Opende zelf de deur, weet van de afspraak.", NextStep.NONE),
    (Outcome.THIRD_PARTY_STATEMENT, "Bewoner zegt dat de persoon vorige week is vertrokken.", NextStep.CONSULT),
)
INTERPRETED = 3  # of every so many
RISKS = (Risk.NONE, Risk.VERBAL, Risk.NONE, Risk.PHYSICAL, Risk.NONE, Risk.ABSCONDING)


# How many days ago it was asked and is due, where the state decides; all others were asked in the last days.
ASKED = {LATE: 9, DONE: 12, EXPIRED: 12}
DUE = {LATE: -2, DONE: -6, EXPIRED: -6}
SETTLED_DAYS = 21


@dataclass(frozen=True)
class Check:
    """One address check to be told: about whom, asked by whom, of which officer, and how far it came."""

    number: int
    state: str
    planned: Planned
    asker: Member
    officer: Member


def visits(stage: Stage) -> Iterator[None]:
    for check in checks(stage):
        Teller(stage, check).tell()
        yield


def checks(stage: Stage) -> Iterator[Check]:
    """Half are asked by the account `regievoerder`, a few by COA, the others by its colleagues."""
    persons = sum(one.size for one in stage.plan.open)
    states = [state for state, count in STATES.items() for _ in range(max(1, share_of(count, persons)))]
    for number, (state, planned) in enumerate(zip(states, _cases(stage), strict=False)):
        one = planned.household
        north = one.team == NORTH_TEAM
        officer = "politie" if north and number % 4 else "avim-noord-1" if north else "avim-zuid-1"
        site = planned.case.residence_unit  # where the person lives now: some have moved since the plan
        coa = number % 6 == 4 and site is not None and site.code == "azc-veenmeer"
        asker = stage.people["casemanager" if coa else one.director]
        yield Check(number, state, planned, asker, stage.people[officer])


def _cases(stage: Stage) -> list[Planned]:
    """One of a household, with a place that may be named; those of the account `regievoerder` at every second place."""
    since = stage.plan.today - timedelta(days=SETTLED_DAYS)
    fitting = [
        one
        for one in stage.running
        if one.delivered <= since and one.stay.street and not one.stay.protected and one.stay.form not in ("dc", "ggv")
    ]
    found = [stage.of([one])[0] for one in fitting]
    Random(f"visits-{stage.seed}-{stage.plan.today}").shuffle(found)  # noqa: S311 - a story, not a secret
    own = [planned for planned in found if planned.household.director == OWN]
    others = [planned for planned in found if planned.household.director != OWN]
    mixed = [planned for pair in zip(own, others, strict=False) for planned in pair]
    return mixed + others[len(own) :]


class Teller:
    """Tells one check, act by act, each on its own day."""

    def __init__(self, stage: Stage, check: Check) -> None:
        self.stage, self.check = stage, check
        self.request = Request()

    def tell(self) -> None:
        check = self.check
        asked = ASKED.get(check.state, 1 + check.number % 4)
        with self.at(asked, 9 + check.number % 7):
            self.request = ask_request(check.planned.case, self.question(), by=check.asker)
        acts: dict[str, Callable[[int], None]] = {
            ACCEPTED: self.accept,
            LATE: self.accept,
            REPORTED: self.report,
            DONE: self.confirm,
            DECLINED: self.decline,
            NOT_POSSIBLE: self.give_up,
            WITHDRAWN: self.withdraw,
            EXPIRED: self.expire,
        }
        if check.state in acts:
            acts[check.state](asked)

    def at(self, days_ago: int, hour: int) -> AbstractContextManager[None]:
        return self.stage.at(self.stage.plan.today - timedelta(days=max(days_ago, 0)), hour, self.check.number)

    def question(self) -> NewRequest:
        check, number = self.check, self.check.number
        days = DUE.get(check.state, (0, 1, 0, 2, 3, 1, 4)[number % 7])
        due = self.stage.plan.today + timedelta(days=days)
        return NewRequest(
            kind=RequestKind.objects.get(code="address_check"),
            to_unit=check.officer.acting_unit,
            reason=REASONS[number % len(REASONS)],
            due_at=clock.end_of(due) if days == 0 else clock.at(due, time(17)),
            risk=RISKS[number % len(RISKS)],
            minors_present=check.planned.household.has_minors,
            interpreter="" if number % INTERPRETED else check.planned.household.language,
            place=self.place(),
        )

    def place(self) -> Place:
        stay, site = self.check.planned.household.stay, self.check.planned.case.residence_unit
        if site is not None:
            return Place(PlaceKind.SITE, site, city=site.city)
        return Place(PlaceKind.ADDRESS, text=f"{stay.street}, {stay.postcode}", city=stay.city)

    def accept(self, asked: int) -> None:
        """The officer takes it; of every third the work waits to be given to somebody."""
        officer = self.check.officer
        with self.at(asked - 1, 8):
            accept_request(self.request, by=officer)
            if self.check.number % 3 == 2:
                assign_task(self.task(), None, by=self.stage.people.of(officer.acting_unit.code, "team_chief"))

    def report(self, asked: int) -> None:
        self.accept(asked)
        outcome, note, step = OUTCOMES[self.check.number % len(OUTCOMES)]
        with self.at(asked - 2, 14):
            visit = Visit(outcome=outcome, at=clock.now(), note=note, next_step=step)
            attempt = record_outcome(self.task(), visit, by=self.check.officer)
            send_outcome(attempt, by=self.check.officer)

    def confirm(self, asked: int) -> None:
        self.report(asked)
        with self.at(asked - 4, 10):
            confirm_request(self.request, by=self.check.asker)

    def decline(self, asked: int) -> None:
        with self.at(asked - 1, 9):
            decline_request(self.request, "Het adres ligt buiten ons gebied.", by=self.check.officer)

    def give_up(self, asked: int) -> None:
        self.accept(asked)
        with self.at(asked - 1, 16):
            not_possible(self.request, "Het adres bestaat niet: het huisnummer komt niet voor.", by=self.check.officer)

    def withdraw(self, asked: int) -> None:
        with self.at(asked - 1, 9):
            withdraw_request(self.request, "De persoon heeft zich zelf gemeld.", by=self.check.asker)

    def expire(self, asked: int) -> None:
        """Nobody answered: the evening it was due, the job of the worker ended it."""
        with self.at(-DUE[EXPIRED], 18):
            expire_requests()

    def task(self) -> SupervisionTask:
        return SupervisionTask.objects.get(request=self.request)
