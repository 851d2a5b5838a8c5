"""What the demo people did in the last weeks, told through the same actions that users use, each at its own moment."""

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property
from pathlib import Path

from django.db import transaction

from cases.case.actions import change_phase, close_case, lock_case, record_next_step
from cases.case.models import Outcome, Phase, ReturnCase
from cases.requests.actions import NewRequest, Place, accept_request, ask_request, confirm_request
from cases.requests.models import PlaceKind, Request, RequestKind, Risk
from cases.supervision.actions import Visit, assign_task, record_outcome, send_outcome
from cases.supervision.models import SupervisionTask
from cases.supervision.states import Outcome as VisitOutcome
from handover.actions import accept_handover, mark_opened, query, return_handover
from handover.importing import runner, store
from handover.models import Handover
from handover.states import Status
from leidraad.lib import clock
from leidraad.pages.demo.people import dossiers, write_file
from partners.models import Member, Unit

Step = Callable[[], None]
STEPS = (
    "Eerste vertrekgesprek voeren",
    "Vervolggesprek plannen",
    "Aanvraag laissez-passer voorbereiden",
    "Tolk regelen voor gesprek",
    "Contact opnemen met de gemachtigde",
    "Bespreken in lokaal ketenoverleg",
    "Informatie over steun bij terugkeer geven",
    "Documenten opvragen bij de familie",
)
TRACKS = (Phase.PLANNING, Phase.TRACK_VOLUNTARY, Phase.TRACK_VOLUNTARY, Phase.TRACK_FORCED, Phase.SUSPENDED)
REASONS = (
    "Twee meldingen gemist. Is de persoon nog op dit adres?",
    "Niet verschenen op het vertrekgesprek. Graag nagaan of hij hier woont.",
    "Post komt ongeopend terug. Verblijft de persoon hier nog?",
    "COA heeft de persoon een week niet gezien.",
)


@dataclass
class Story:
    """About `persons` dossiers: most accepted by two teams, some waiting, a few returned or queried, some closed."""

    persons: int
    closed: int
    seed: int
    today: date = field(default_factory=clock.today)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"story-{self.seed}-{self.today}")  # noqa: S311 - a story, not a secret

    @cached_property
    def people(self) -> dict[str, Member]:
        members = Member.objects.filter(is_demo=True)
        return {member.username: member for member in members}

    @contextmanager
    def moment(self, days_ago: int, hour: int, minute: int = 0) -> Iterator[None]:
        """That day's clock time; never later than now, so that nothing in the demo lies in the future."""
        wanted = clock.at(self.today - timedelta(days=days_ago), time(hour, minute))
        with clock.as_if(min(wanted, clock.now() - timedelta(minutes=5))):
            yield

    def tell(self) -> Iterator[str]:
        """Does everything; yields after each part what was done, for the progress bar."""
        rows = list(dossiers(self.persons, seed=self.seed, today=self.today))
        early = self.persons * 3 // 4
        self._import(rows[:early], days_ago=20)
        yield "dossiers"
        yield from self._judge_early()
        self._import(rows[early:], days_ago=0)
        yield "dossiers"
        yield from self._judge_late()
        yield from self._work()
        yield from self._visits()
        yield from self._closings()

    def _import(self, rows: list[dict[str, str]], *, days_ago: int) -> None:
        name = f"dossiers-{self.today - timedelta(days=days_ago)}.csv"
        with tempfile.TemporaryDirectory() as folder, self.moment(days_ago, 8, 10):
            path = Path(folder) / name
            write_file(path, iter(rows))
            file, _new = store.receive(name, [path.read_bytes()], by=self.people["intake"], started_by_hand=True)
            runner.run(file.pk)

    def _offers(self) -> list[Handover]:
        waiting = Handover.objects.filter(status=Status.OFFERED, to_unit__code="dtv-ilc").order_by("pk")
        return list(waiting.select_related("case__residence_unit"))

    def _judge_early(self) -> Iterator[str]:
        """All but three of the first delivery are accepted, a week or more ago."""
        for number, offer in enumerate(self._offers()):
            with self.moment(19 - number % 6, 9 + number % 7, 5 * (number % 12)):
                self._answer(offer, number)
            yield "answers"

    def _answer(self, offer: Handover, number: int) -> None:
        clerk = self.people["intake"]
        mark_opened(offer, by=clerk)
        if number % 17 == 9:
            text = "De beschikking is niet leesbaar. Graag opnieuw aanleveren."
            return_handover(offer, "illegible", text, by=clerk)
            return
        zuid = number % 3 == 2
        director = self.people["regievoerder2" if zuid else "regievoerder"]
        accept_handover(offer, team=director.acting_unit, director=director, by=clerk)

    def _judge_late(self) -> Iterator[str]:
        """Of today's delivery one is queried; the rest waits for the visitor."""
        offers = self._offers()
        if offers:
            with self.moment(0, 8, 40):
                query(offers[-1], "Op welke datum is de beschikking bekendgemaakt?", by=self.people["intake"])
        yield "answers"

    def _cases_of(self, username: str) -> list[ReturnCase]:
        member = self.people[username]
        return list(ReturnCase.objects.visible_to(member).open().filter(director=member).order_by("pk"))

    def _work(self) -> Iterator[str]:
        for username in ("regievoerder", "regievoerder2"):
            for number, case in enumerate(self._cases_of(username)):
                self._direct(case, self.people[username], number)
                yield "cases"

    def _direct(self, case: ReturnCase, director: Member, number: int) -> None:
        """Study the file, choose a track, set a next step; one in six is left as it came in."""
        if number % 6 == 5:
            return
        with self.moment(9, 10, number % 60):
            change_phase(case, Phase.PLANNING, by=director, reason="Dossier bestudeerd")
        track = TRACKS[number % len(TRACKS)]
        if track != Phase.PLANNING:
            with self.moment(7, 11, number % 60):
                change_phase(case, track, by=director, reason="Besproken in het eerste gesprek")
        due = self.today + timedelta(days=(-2, 0, 0, 1, 2, 3, 4, 6, 8, 12)[number % 10])
        with self.moment(6, 13, number % 60):
            record_next_step(case, STEPS[number % len(STEPS)], clock.at(due, time(9 + number % 8, 30)), by=director)

    def _visits(self) -> Iterator[str]:
        """Address checks in every state: waiting, accepted, reported, confirmed, and one overdue."""
        asked = [case for case in self._cases_of("regievoerder") if not case.is_closed][:14]
        for number, case in enumerate(asked):
            self._address_check(case, number)
            yield "requests"

    def _address_check(self, case: ReturnCase, number: int) -> None:
        director, officer = self.people["regievoerder"], self.people["politie"]
        with self.moment(5 - number % 4, 14, number):
            request = ask_request(case, self._question(case, number), by=director)
        if number % 7 in (0, 1):
            return
        with self.moment(2, 8, number):
            accept_request(request, by=officer)
            task = SupervisionTask.objects.get(request=request)
            if number % 2:
                assign_task(task, officer, by=officer)
        if number % 7 in (2, 3, 4):
            return
        with self.moment(1 if number % 7 == 6 else 0, 9, number):
            found = number % 2 == 0
            self._visit(request, VisitOutcome.FOUND if found else VisitOutcome.NOT_FOUND, officer)
        if number % 7 == 6:
            with self.moment(0, 9, 30):
                confirm_request(Request.objects.get(pk=request.pk), by=director)

    def _visit(self, request: Request, outcome: str, officer: Member) -> None:
        task = SupervisionTask.objects.get(request=request)
        note = "Zelf gesproken aan de deur." if outcome == VisitOutcome.FOUND else "Kamer leeg, geen spullen aanwezig."
        attempt = record_outcome(task, Visit(outcome=outcome, at=clock.now(), note=note), by=officer)
        send_outcome(attempt, by=officer)

    def _question(self, case: ReturnCase, number: int) -> NewRequest:
        risk = (Risk.NONE, Risk.VERBAL, Risk.NONE, Risk.PHYSICAL, Risk.NONE)[number % 5]
        due = self.today + timedelta(days=(1, 0, 2, 0, 3)[number % 5])
        return NewRequest(
            kind=RequestKind.objects.get(code="address_check"),
            to_unit=Unit.objects.get(code="avim-noord"),
            reason=REASONS[number % len(REASONS)],
            due_at=clock.at(due, time(17)),
            risk=risk,
            minors_present=case.special_group == "family",
            interpreter="fra" if number % 4 == 1 else "",
            place=self._place(case),
        )

    def _place(self, case: ReturnCase) -> Place:
        if case.residence_unit is not None:
            return Place(PlaceKind.SITE, case.residence_unit, city=case.residence_unit.city)
        address = case.addresses.filter(until=None).first()
        if address is None:
            return Place()
        return Place(PlaceKind.ADDRESS, text=f"{address.street}, {address.postcode}", city=address.city)

    def _closings(self) -> Iterator[str]:
        """A few cases that ended, one of them without proof of departure."""
        outcomes = (Outcome.DEPARTED_INDEPENDENTLY, Outcome.DEPARTED_UNSUPERVISED, Outcome.TRANSFERRED_DUBLIN)
        ended = self._cases_of("regievoerder")[-self.closed :] if self.closed else []
        for number, case in enumerate(ended):
            with self.moment(3, 15, number % 60), transaction.atomic():
                outcome = outcomes[number % len(outcomes)]
                close_case(lock_case(case), outcome, by=self.people["regievoerder"], reason="Afgerond in het dossier")
            yield "closings"
