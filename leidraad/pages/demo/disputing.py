"""Identity in doubt: differences that AVIM's data brought, some decided, and errors that were reported to their owner."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from cases.case.models import DifferenceDecision, IdentityConflict, ReturnCase
from cases.identity.deciding import decide_conflict
from cases.identity.models import ErrorReport, Outcome
from cases.identity.reporting import Answer, NewReport, answer_report, report_error
from cases.requests.actions import accept_request
from leidraad.lib.audit import bulk_create_as
from leidraad.pages.demo.stage import Stage, plan_anew
from partners.models import Member

DIFFERENCES, DECIDED, REPORTED = 9, 5, 4
KEPT = "Het paspoort in het dossier heeft dezelfde schrijfwijze als het register."
TAKEN = "De geboorteakte en het gesprek bevestigen de andere schrijfwijze."
DOUBT = "Op de kopie van het paspoort staat een andere geboortedatum."
RIGHT = "De geboortedatum is met het originele document vergeleken en klopt."
MENDED = "Nagekeken in het originele document en hersteld."
FROM_FILE = "Read in from a dossier file"


def dispute(stage: Stage) -> Iterator[None]:
    plan_anew()
    found = ReturnCase.objects.open().exclude(director=None).filter(household=None).select_related("person", "director")
    cases = list(found.order_by("pk")[: (DIFFERENCES + REPORTED) * 3 : 3])
    own = list(found.filter(director=stage.people["regievoerder"]).order_by("-pk")[:3])
    rest = [one for one in cases if one not in own]
    yield from _differences(stage, [*own[:1], *rest[:DIFFERENCES]])
    yield from _reports(stage, [*own[1:], *rest[DIFFERENCES:]])


def _director(stage: Stage, case: ReturnCase) -> Member:
    return stage.people[case.director.username if case.director else "regievoerder"]


def _differences(stage: Stage, cases: Sequence[ReturnCase]) -> Iterator[None]:
    """Another spelling of the surname, or another year of birth; the first of them still to be judged."""
    day = stage.plan.today - timedelta(days=6)
    with stage.at(day, 8, 20):
        conflicts = [_difference(stage, case, number) for number, case in enumerate(cases)]
        bulk_create_as(conflicts, by=stage.people["intake"], reason=FROM_FILE)
    yield
    for number, (case, conflict) in enumerate(zip(cases, conflicts, strict=True)):
        if not 0 < number <= DECIDED:
            continue
        with stage.at(day + timedelta(days=1 + number % 3), 10, 10 + number):
            decision, reason = (DifferenceDecision.TAKE, TAKEN) if number % 2 else (DifferenceDecision.KEEP, KEPT)
            decide_conflict(case, conflict, decision, reason, by=_director(stage, case))
        yield


def _difference(stage: Stage, case: ReturnCase, number: int) -> IdentityConflict:
    person = case.person
    field, stored = "surname", person.surname
    offered = stored.replace("i", "y", 1) if "i" in stored else f"{stored}h"
    if number % 3 == 2 and person.birth_year:
        parts = (person.birth_year, person.birth_month, person.birth_day)
        stored = "-".join(f"{part:02d}" for part in parts if part)
        field, offered = "birth_date", f"{person.birth_year - 1}{stored[4:]}"
    return IdentityConflict(
        person=person,
        field=field,
        stored_value=stored,
        stored_source=person.source,
        offered_value=offered,
        offered_source="AVIM" if person.source != "AVIM" else "KMAR",
        noted_on=stage.plan.today - timedelta(days=6),
    )


def _reports(stage: Stage, cases: Sequence[ReturnCase]) -> Iterator[None]:
    """One waits, one is being looked into, one was mended, the others turned out right."""
    unit, officer = stage.units["ind-noord"], stage.people["ind"]
    for number, case in enumerate(cases):
        day = stage.plan.today - timedelta(days=1 + number)
        with stage.at(day, 9, 30 + number):
            new = NewReport("birth_date", unit, DOUBT, "Zie de kopie in het dossier")
            report = report_error(case, new, by=_director(stage, case))
        if number:
            with stage.at(day, 13, 10 + number):
                _answer(report, case, number, officer)
        yield


def _answer(report: ErrorReport, case: ReturnCase, number: int, officer: Member) -> None:
    report.request = accept_request(report.request, by=officer)
    if number == 1:
        return
    year = case.person.birth_year
    if number == 2 and year:
        answer_report(report, Answer(Outcome.MENDED, MENDED, str(year - 1), "BVV", 4), by=officer)
    else:
        answer_report(report, Answer(Outcome.NO_ERROR, RIGHT), by=officer)
