"""What has to hold of the facts of law of the demo, in the database that a test has built."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q

from cases.case.models import Removability, ReturnCase
from cases.procedure.models import (
    Decision,
    PeriodChange,
    Postponement,
    PostponementStep,
    Procedure,
    ProcedureStep,
    Remedy,
    RemovabilityAnswer,
    TransferClaim,
)
from cases.procedure.models.postponements import IN_FORCE
from leidraad.lib import clock
from partners.models import Member

OPEN = {"case__closed_on": None}


def check_law() -> None:
    _not_ahead()
    _in_order()
    _as_the_answers_have_it()
    # Whoever was handed over with a decision has one that stands, each person of a household its own.
    delivered = ReturnCase.objects.filter(closed_on=None, dossiers__isnull=False).distinct()
    standing = Decision.objects.standing().filter(case__in=delivered)
    assert set(standing.values_list("case", flat=True)) == set(delivered.values_list("pk", flat=True))
    assert standing.filter(confirmed_at=None).exists()
    assert standing.exclude(confirmed_at=None).exclude(procedure__kind=None).exists()
    assert Decision.objects.standing().filter(ban_years__gt=0).exists()
    kinds = set(Procedure.objects.standing().exclude(kind=None).values_list("kind__code", flat=True))
    assert kinds >= {"general_6", "extended", "track_1"}
    assert not Procedure.objects.exclude(kind=None).exclude(Q(kind__scope=F("regime")) | Q(kind__scope="both")).exists()
    assert TransferClaim.objects.exclude(confirmed_at=None).exists()


def _not_ahead() -> None:
    today = clock.today()
    for model, name in (
        (Procedure, "lodged_on"),
        (Procedure, "ended_on"),
        (ProcedureStep, "on"),
        (Decision, "decided_on"),
        (Decision, "notified_on"),
        (Remedy, "lodged_on"),
        (Remedy, "ruled_on"),
        (TransferClaim, "replied_on"),
        (PostponementStep, "on"),
        (PeriodChange, "decided_on"),
    ):
        found: Any = model
        assert not found.objects.filter(**{f"{name}__gt": today}).exists(), (model, name)


def _in_order() -> None:
    assert not Decision.objects.filter(decided_on__lt=F("procedure__lodged_on")).exists()
    assert not Remedy.objects.filter(lodged_on__lt=F("decision__decided_on")).exists()
    assert not ProcedureStep.objects.filter(on__lt=F("procedure__lodged_on")).exists()
    assert not ProcedureStep.objects.filter(on__gt=F("procedure__ended_on")).exists()
    # A latest transfer date that has passed was moved.
    late = TransferClaim.objects.filter(latest_on__lt=clock.today(), **OPEN).exclude(confirmed_at=None)
    assert not late.filter(moves=None).exists()


def _as_the_answers_have_it() -> None:
    """A case that waits has the ground on which it waits; one that is removable has none that bars."""
    answers = RemovabilityAnswer.objects.in_force().filter(
        overtaken_at=None, corrects=None, valid_until__gte=clock.today()
    )
    for answer in answers.filter(case__closed_on=None).select_related("ground"):
        bars = list(_barring(answer.case_id))
        if answer.value == Removability.REMOVABLE:
            assert bars == [], (answer.case_id, bars)
        elif answer.ground is not None and answer.ground.code != "departure_period":
            assert bars, (answer.case_id, answer.ground.code)


def _barring(case: int) -> Iterator[str]:
    for remedy in Remedy.objects.standing().filter(case=case):
        if remedy.suspends and remedy.decision.is_standing:
            yield remedy.kind
    yield from (
        Postponement.objects.standing().filter(case=case, state__in=IN_FORCE).values_list("kind__code", flat=True)
    )
    yield from (
        Procedure.objects.standing()
        .filter(case=case, ended_on=None)
        .exclude(kind=None)
        .values_list("kind__code", flat=True)
    )


def kinds_seen_by(username: str) -> set[str]:
    """Of the six kinds of course, those of which the demo account may open a case."""
    seen = ReturnCase.objects.visible_to(_acting(username)).filter(closed_on=None)
    procedures = Procedure.objects.standing().filter(case__in=seen)
    found = set(procedures.exclude(kind=None).values_list("kind__code", flat=True)) & {
        "general_6",
        "extended",
        "accelerated",
    }
    if seen.filter(ground="dublin").exists():
        found.add("dublin")
    if seen.filter(residence_form__in=("dc", "pi"), person__sex="M").exists():
        found.add("detained")
    if seen.exclude(household=None).filter(special_group="family").exists():
        found.add("family")
    return found


def _acting(username: str) -> Member:
    member: Member = Member.objects.get(username=username)
    membership = member.memberships.select_related("unit__organisation", "unit__group", "role").get()
    return member.work_as(membership)
