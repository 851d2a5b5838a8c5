"""What IND was asked and answered: an answer in force for most cases, some about to end, some overtaken, some awaited."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from cases.case.actions import NewAxis, set_axis_many
from cases.case.models import Axis, Removability
from cases.procedure.actions import not_known_yet, overtake
from cases.procedure.expiry import expire_answers
from cases.procedure.models import AnswerGround, RemovabilityAnswer
from cases.procedure.states import REMOVABILITY_CHECK
from cases.requests.actions import NewRequest, ask_request, draft
from cases.requests.models import Request, RequestKind, RequestStep, due_by_term
from cases.requests.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as
from leidraad.pages.demo.figures import BOOKED, DOCUMENT, FORCED, READY, SUSPENDED, VOLUNTARY
from leidraad.pages.demo.households import share_of
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew
from partners.models import Member

# Per thousand persons: questions that wait, of which some with a day on which the answer is expected; answers overtaken.
OPEN, EXPECTED, OVERTAKEN = 14, 4, 6
QUESTION = "Is deze persoon nu verwijderbaar? Graag het antwoord met grond en geldigheid."
CAME_LATER = "Nieuwe aanvraag ingediend, ontvangen na het antwoord"
ANSWERED = "Answer of IND"
# By phase: the value, and the codes of grounds it may rest on.
VALUES: dict[str, tuple[tuple[str, str], ...]] = {
    READY: ((Removability.REMOVABLE, "no_obstacle"), (Removability.NOT_YET, "departure_period")),
    DOCUMENT: ((Removability.REMOVABLE, "no_obstacle"), (Removability.REMOVABLE, "no_obstacle"),
               (Removability.NOT_YET, "appeal_pending")),
    VOLUNTARY: ((Removability.REMOVABLE, "no_obstacle"), (Removability.NOT_YET, "departure_period")),
    FORCED: ((Removability.REMOVABLE, "no_obstacle"),),
    BOOKED: ((Removability.REMOVABLE, "no_obstacle"),),
    SUSPENDED: ((Removability.NOT_YET, "appeal_pending"), (Removability.BARRED, "art64_granted"),
                (Removability.LAWFUL_STAY, "new_application")),
}  # fmt: skip
# How many days ago IND answered. An answer that holds 30 days and is older has ended.
DAYS_AGO = (2, 4, 6, 9, 11, 14, 17, 20, 22, 24, 26, 29, 33)


def ask_and_answer(stage: Stage) -> Iterator[None]:
    plan_anew()
    asked = [one for one in stage.running if one.phase in VALUES]
    waiting = _waiting(stage, asked)
    answered = [one for one in asked if one.number not in {household.number for household in waiting}]
    officers = [stage.people["ind"], *(m for m in stage.people.by_unit["ind-noord", "ind_officer"] if not _is_named(m))]
    for number, ((day, director), households) in enumerate(
        grouped(answered, lambda one: (_answered_on(stage, one), one.director)).items()
    ):
        _answer_many(stage, stage.of(households), day, stage.people[director], officers[number % len(officers)])
        yield
    yield from _still_open(stage, waiting)
    yield from _overtaken(stage)
    # What the hourly job would have done by now: answers that ended, and the task to ask again.
    expire_answers()
    yield


def _is_named(member: Member) -> bool:
    return member.username == "ind"


def _answered_on(stage: Stage, one: PlannedHousehold) -> date:
    ago = DAYS_AGO[one.number % len(DAYS_AGO)]
    if one.phase in (BOOKED, FORCED):  # asked again before a step that needs it
        ago = min(ago, 11)
    return max(stage.plan.today - timedelta(days=ago), stage.course(one).planned)


def _answer_many(stage: Stage, there: Sequence[Planned], day: date, director: Member, officer: Member) -> None:
    """Asked, taken on, answered, reported and confirmed, as the acts do it one by one."""
    kind = RequestKind.objects.get(code=REMOVABILITY_CHECK)
    grounds = {ground.code: ground for ground in AnswerGround.objects.all()}
    unit = stage.units["ind-noord"]
    with stage.at(day - timedelta(days=3), 9, 40):
        requests = [
            draft(planned.case, NewRequest(kind, unit, QUESTION, due_by_term(kind)), by=director) for planned in there
        ]
    with stage.at(day, 11, 20):
        for request in requests:
            request.status, request.answered_by, request.answered_at = Status.DONE, officer, clock.now()
            request.reported_at = request.ended_at = clock.now()
        bulk_create_as(requests, by=officer, reason=ANSWERED)
        RequestStep.objects.bulk_create([step for request in requests for step in _steps(request, director, officer)])
        answers = [
            _answer(planned, request, grounds, officer) for planned, request in zip(there, requests, strict=True)
        ]
        bulk_create_as(answers, by=officer, reason=ANSWERED)
        source = unit.full_name
        changes = [
            (
                planned.case,
                [NewAxis(Axis.REMOVABILITY, answer.value, clock.today(), source, valid_until=answer.valid_until)],
            )
            for planned, answer in zip(there, answers, strict=True)
        ]
        set_axis_many(changes, by=officer, reason=ANSWERED)


def _steps(request: Request, director: Member, officer: Member) -> Iterator[RequestStep]:
    for kind, member, at in (
        (StepKind.ASKED, director, request.offered_at),
        (StepKind.ACCEPTED, officer, clock.now()),
        (StepKind.REPORTED, officer, clock.now()),
        (StepKind.CONFIRMED, director, clock.now()),
    ):
        yield RequestStep(request=request, kind=kind, at=at, member=member, unit=member.acting_unit)


def _answer(
    planned: Planned, request: Request, grounds: dict[str, AnswerGround], officer: Member
) -> RemovabilityAnswer:
    choices = VALUES[planned.household.phase]
    value, code = choices[planned.household.number % len(choices)]
    ground = grounds[code]
    return RemovabilityAnswer(
        request=request,
        case=planned.case,
        value=value,
        ground=ground,
        valid_until=clock.today() + timedelta(days=ground.proposed_days or 30),
        answered_by=officer,
        answered_at=clock.now(),
    )


def _waiting(stage: Stage, asked: Sequence[PlannedHousehold]) -> list[PlannedHousehold]:
    wanted = share_of(OPEN, stage.plan.open_persons)
    chosen = [one for one in asked if one.is_alone and one.phase in (READY, DOCUMENT, VOLUNTARY)]
    chance = Random(f"asked-{stage.seed}")  # noqa: S311 - a story, not a secret
    own = [one for one in chosen if one.director == "regievoerder"][:3]
    others = [one for one in chosen if one.director != "regievoerder"]
    return own + chance.sample(others, min(max(wanted - len(own), 0), len(others)))


def _still_open(stage: Stage, waiting: Sequence[PlannedHousehold]) -> Iterator[None]:
    """Asked in the last days; of some IND said when the answer is expected."""
    kind, unit = RequestKind.objects.get(code=REMOVABILITY_CHECK), stage.units["ind-noord"]
    expected = share_of(EXPECTED, stage.plan.open_persons)
    for number, planned in enumerate(stage.of(waiting)):
        director = stage.director(planned.household)
        day = max(stage.plan.today - timedelta(days=1 + number % 7), stage.course(planned.household).planned)
        with stage.at(day, 10, number % 60):
            request = ask_request(planned.case, NewRequest(kind, unit, QUESTION, due_by_term(kind)), by=director)
        if number < expected:
            with stage.at(stage.plan.today, 8, 30 + number):
                on = stage.plan.today + timedelta(days=5 + number)
                not_known_yet(request, on, "De rechtbank doet binnenkort uitspraak.", by=stage.people["ind"])
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
