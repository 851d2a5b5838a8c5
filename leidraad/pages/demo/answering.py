"""What IND was asked and answered: an answer in force for most cases, some about to end, some overtaken, some awaited."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from cases.case.actions import NewAxis, set_axis_many
from cases.case.models import Axis, Removability, ReturnCase
from cases.procedure.actions import Answer, correct_answer, not_known_yet, overtake
from cases.procedure.expiry import expire_answers
from cases.procedure.models import AnswerGround, RemovabilityAnswer
from cases.procedure.states import REMOVABILITY_CHECK
from cases.requests.actions import NewRequest, ask_request, decline_request, draft, withdraw_request
from cases.requests.models import Request, RequestKind, RequestStep, due_by_term
from cases.requests.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import PerRecord, bulk_create_as, bulk_update_as
from leidraad.pages.demo.figures import ARTICLE_64, BOOKED, DOCUMENT, FORCED, READY, SUSPENDED, VOLUNTARY
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew
from leidraad.pages.demo.timing import weekday, workday
from partners.models import Member

# Per thousand persons: questions that wait, of which some with a day on which the answer is expected, of two of these the day
# has passed; questions refused and taken back; answers overtaken and corrected.
OPEN, EXPECTED, PAST, DECLINED, WITHDRAWN, OVERTAKEN, CORRECTED = 18, 6, 2, 1, 2, 6, 2
QUESTION = "Is deze persoon nu verwijderbaar? Graag het antwoord met grond en geldigheid."
HEARING = "De rechtbank doet binnenkort uitspraak."
NOT_OURS = "Deze persoon heeft geen procedure bij ons team: stuur de vraag aan Team Terugkeer Zuid."
NO_LONGER = "Het antwoord is al ontvangen met het nieuwe besluit."
WRONG_GROUND = "Bij nader inzien loopt de vertrektermijn nog."
CAME_LATER = "Nieuwe aanvraag ingediend, ontvangen na het antwoord"
ASKED, ANSWERED = "Request made", "Answer of IND"
ENDED = ("status", "answered_by", "answered_at", "reported_at", "ended_at", "frozen", "version")
UNIT = "ind-noord"
# By phase: the value, and the codes of grounds it may rest on.
VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    READY: ((Removability.REMOVABLE, "no_obstacle"), (Removability.NOT_YET, "departure_period")),
    DOCUMENT: ((Removability.REMOVABLE, "no_obstacle"), (Removability.REMOVABLE, "no_obstacle"),
               (Removability.NOT_YET, "appeal_pending")),
    VOLUNTARY: ((Removability.REMOVABLE, "no_obstacle"), (Removability.NOT_YET, "departure_period")),
    FORCED: ((Removability.REMOVABLE, "no_obstacle"),),
    BOOKED: ((Removability.REMOVABLE, "no_obstacle"),),
    SUSPENDED: ((Removability.NOT_YET, "appeal_pending"), (Removability.NOT_YET, "relief_pending"),
                (Removability.LAWFUL_STAY, "new_application")),
}  # fmt: skip
ART_64 = (Removability.BARRED, "art64_granted"), (Removability.BARRED, "art64_provisional")
# How many days ago IND answered. Most are asked again in time: an answer that holds 30 days and is older has ended.
DAYS_AGO = (1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12, 13, 14, 15, 17, 20, 25, 33)
ASKED_BEFORE = timedelta(days=3)


def ask_and_answer(stage: Stage) -> Iterator[None]:
    plan_anew()
    asked = [one for one in stage.running if one.phase in VALUES]
    waiting = _waiting(stage, asked)
    answered = [one for one in asked if one.number not in {household.number for household in waiting}]
    for day, households in grouped(answered, lambda one: _answered_on(stage, one)).items():
        _answer_many(stage, stage.of(households), day)
        yield
    yield from _still_open(stage, waiting)
    yield from _overtaken(stage)
    yield from _corrected(stage)
    # What the hourly job would have done by now: answers that ended, and the task to ask again.
    expire_answers()
    yield


def _answered_on(stage: Stage, one: PlannedHousehold) -> date:
    ago = DAYS_AGO[one.number % len(DAYS_AGO)]
    if one.phase in (BOOKED, FORCED):  # asked again before a step that needs it
        ago = min(ago, 11)
    return max(workday(stage.plan.today - timedelta(days=ago)), stage.course(one).planned)


def officer_of(stage: Stage, one: PlannedHousehold) -> Member:
    """A household is answered by one officer."""
    officers = stage.people.by_unit[UNIT, "ind_officer"]
    return officers[one.number % len(officers)]


def _answer_many(stage: Stage, there: Sequence[Planned], day: date) -> None:
    """Asked by the directors, taken on, answered, reported and confirmed, as the acts do it one by one."""
    requests = _asked(stage, there, day - ASKED_BEFORE)
    officers = PerRecord(ReturnCase, {planned.case.pk: officer_of(stage, planned.household) for planned in there})
    with stage.at(day, 11, 20):
        for request in requests:
            request.status, request.answered_by_id = Status.DONE, officers.of(request).pk
            request.answered_at = request.reported_at = request.ended_at = clock.now()
            request.version += 1
            request.freeze()
        bulk_update_as(requests, ENDED, by=officers, reason=ANSWERED)
        RequestStep.objects.bulk_create(
            [step for planned, request in zip(there, requests, strict=True) for step in _steps(stage, planned, request)]
        )
        answers = _answers(stage, there, requests)
        bulk_create_as(answers, by=officers, reason=ANSWERED)
        source = stage.units[UNIT].full_name
        changes = []
        for planned, answer in zip(there, answers, strict=True):
            until = answer.valid_until
            axis = NewAxis(Axis.REMOVABILITY, answer.value, clock.today(), source, valid_until=until)
            changes.append((planned.case, [axis]))
        set_axis_many(changes, by=officers, reason=ANSWERED)


def _asked(stage: Stage, there: Sequence[Planned], day: date) -> list[Request]:
    kind, unit = RequestKind.objects.get(code=REMOVABILITY_CHECK), stage.units[UNIT]
    with stage.at(day, 9, 40):
        due = due_by_term(kind)
        requests = [
            draft(planned.case, NewRequest(kind, unit, QUESTION, due), by=stage.director(planned.household))
            for planned in there
        ]
        bulk_create_as(requests, by=stage.directors(there), reason=ASKED)
    return requests


def _steps(stage: Stage, planned: Planned, request: Request) -> Iterator[RequestStep]:
    director, officer = stage.director(planned.household), officer_of(stage, planned.household)
    for kind, member, at in (
        (StepKind.ASKED, director, request.offered_at),
        (StepKind.ACCEPTED, officer, clock.now()),
        (StepKind.REPORTED, officer, clock.now()),
        (StepKind.CONFIRMED, director, clock.now()),
    ):
        yield RequestStep(request=request, kind=kind, at=at, member=member, unit=member.acting_unit)


def _answers(stage: Stage, there: Sequence[Planned], requests: Sequence[Request]) -> list[RemovabilityAnswer]:
    grounds = {ground.code: ground for ground in AnswerGround.objects.all()}
    found, ill = [], _article_64(stage)
    for planned, request in zip(there, requests, strict=True):
        choices = ART_64 if planned.household.number in ill else VALUES[planned.household.phase]
        value, code = choices[planned.household.number % len(choices)]
        ground = grounds[code]
        found.append(
            RemovabilityAnswer(
                request=request,
                case=planned.case,
                value=value,
                ground=ground,
                valid_until=clock.today() + timedelta(days=ground.proposed_days or 30),
                answered_by=officer_of(stage, planned.household),
                answered_at=clock.now(),
            )
        )
    return found


def _article_64(stage: Stage) -> frozenset[int]:
    """Households, alone, of which the departure is barred for health: as many persons as the figures say."""
    alone = [one.number for one in stage.running if one.phase == SUSPENDED and one.is_alone]
    wanted = share_of(ARTICLE_64, stage.plan.open_persons)
    return frozenset(alone[:: max(len(alone) // max(wanted, 1), 1)][:wanted])


def _waiting(stage: Stage, asked: Sequence[PlannedHousehold]) -> list[PlannedHousehold]:
    wanted = share_of(OPEN, stage.plan.open_persons)
    chosen = [one for one in asked if one.is_alone and one.phase in (READY, DOCUMENT, VOLUNTARY)]
    chance = Random(f"asked-{stage.seed}")  # noqa: S311 - a story, not a secret
    own = [one for one in chosen if one.director == "regievoerder"][:3]
    others = [one for one in chosen if one.director != "regievoerder"]
    return own + chance.sample(others, min(max(wanted - len(own), 0), len(others)))


def _still_open(stage: Stage, waiting: Sequence[PlannedHousehold]) -> Iterator[None]:
    """Asked in the last days; of some IND said when the answer is expected."""
    kind, unit = RequestKind.objects.get(code=REMOVABILITY_CHECK), stage.units[UNIT]
    persons, officer = stage.plan.open_persons, stage.people["ind"]
    expected, past, declined, withdrawn = (share_of(n, persons) for n in (EXPECTED, PAST, DECLINED, WITHDRAWN))
    for number, planned in enumerate(stage.of(waiting)):
        director = stage.director(planned.household)
        # Who promised an answer by a day that has passed was asked before the others.
        ago = 14 if number < past else 1 + number % 5
        day = max(workday(stage.plan.today - timedelta(days=ago)), stage.course(planned.household).planned)
        with stage.at(day, 10, number % 60):
            request = ask_request(planned.case, NewRequest(kind, unit, QUESTION, due_by_term(kind)), by=director)
        if number < expected:
            with stage.at(day + timedelta(days=1), 8, 30 + number):
                on = stage.plan.today + timedelta(days=-2 if number < past else 5 + number)
                not_known_yet(request, max(weekday(on), clock.today()), HEARING, by=officer)
        elif number < expected + declined + withdrawn:
            with stage.at(stage.plan.today, 9, 5 + number):
                if number < expected + declined:
                    decline_request(request, NOT_OURS, by=officer)
                else:
                    withdraw_request(request, NO_LONGER, by=director)
        yield


def _overtaken(stage: Stage) -> Iterator[None]:
    """IND learned of a new application after it had answered, and said so."""
    today = stage.plan.today
    wanted = share_of(OVERTAKEN, stage.plan.open_persons)
    found = RemovabilityAnswer.objects.in_force().filter(value=Removability.REMOVABLE, valid_until__gt=today)
    spread = max(found.count() // max(wanted, 1), 1)
    for number, answer in enumerate(found.order_by("-pk")[::spread][:wanted]):
        with stage.at(today - timedelta(days=number % 2), 9, 10 + number):
            overtake(answer, CAME_LATER, by=stage.people["ind"])
        yield


def _corrected(stage: Stage) -> Iterator[None]:
    """IND answered too early, and put it right a day later, with the reason."""
    today = stage.plan.today
    ground = AnswerGround.objects.get(code="departure_period")
    wanted = share_of(CORRECTED, stage.plan.open_persons)
    found = RemovabilityAnswer.objects.in_force().filter(value=Removability.REMOVABLE, overtaken_at=None)
    fresh = found.filter(valid_until__gt=today + timedelta(days=20)).order_by("pk")
    for number, former in enumerate(fresh[:wanted]):
        new = Answer(Removability.NOT_YET, ground, today + timedelta(days=ground.proposed_days or 28))
        with stage.at(today - timedelta(days=1 + number), 15, 10 + number):
            correct_answer(former, new, WRONG_GROUND, by=stage.people["ind"])
        yield
