"""Referrals of the last days: one for each thing that can become of them, about people of the plan and people nobody knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cases.case.models import Person, ReturnCase
from handover.models import Referral, ReferralReason
from handover.referrals.actions import NewReferral, file_referral, needs_consent, withdraw
from handover.referrals.judging import judge, take_up
from handover.referrals.states import Finding
from leidraad.pages.demo.stage import Stage

# A team whose figures the wireframes do not show.
TEAM = "dtv-zuid-1"


@dataclass(frozen=True)
class Told:
    """Who told it how many days ago, why, about whom, and what is asked."""

    by: str
    days: int
    reason: str
    surname: str
    given_names: str
    nationality: str
    birth_year: int | None
    asked: str
    note: str = ""


UNKNOWN = (
    Told("gemeente", 8, "asks_reception", "Haidari", "Zohra", "AFG", 1988, "Is mevrouw bij DT&V bekend?"),
    Told("vwn", 4, "wants_to_leave", "Okoro", "Blessing", "NGA", 1991, "Wil weten hoe terugkeer kan. Wie belt haar?"),
    Told(
        "kmar", 3, "found", "Hoxha", "Ardit", "ALB", 1999, "Neemt DT&V de zaak aan?", "Spreekt Albanees en Italiaans."
    ),
    Told("casemanager", 1, "at_our_place", "Tesfay", "Selam", "ERI", None, "Welke regievoerder heeft deze persoon?"),
    Told("gemeente", 1, "asks_reception", "Rahimi", "Navid", "IRN", 1979, "Is meneer bij DT&V bekend?"),
    Told("coa-receptie", 1, "at_our_place", "Sesay", "Mohamed", "SLE", 2001, "Hoort deze persoon bij ons?"),
)


def refer(stage: Stage) -> Iterator[None]:
    known = ReturnCase.objects.open().filter(led_by=stage.units[TEAM], household=None).exclude(director=None)
    cases = list(known.select_related("person").order_by("pk")[:2])
    if cases:
        _matched(stage, cases[0])
    filed = [_file(stage, number, told) for number, told in enumerate(UNKNOWN)]
    refused, taken, new, _waiting, wrong, double = filed
    _judge(stage, refused, 7, Finding.NO_ACTION, "Heeft rechtmatig verblijf als gezinslid. Geen taak voor DT&V.")
    with stage.at(_day(stage, 3), 9, 40):
        take_up(taken, by=stage.people["intake"], version=taken.version)
    _judge(stage, new, 2, Finding.TO_OPEN, "Niet bekend in de BVV. De KMar levert het dossier aan.")
    _corrected(stage, wrong)
    with stage.at(stage.plan.today, 8, 45):
        withdraw(double, "Staat toch op de lijst van de locatie.", by=stage.people["coa-receptie"], version=1)
    if len(cases) == 2:
        _known(stage, "nidos", 2, cases[1].person, "Is er al een zaak? Wij hebben nog niets gehoord.", number=20)
    yield


def _day(stage: Stage, days: int) -> date:
    return stage.plan.today - timedelta(days=days)


def _matched(stage: Stage, case: ReturnCase) -> None:
    referral = _known(stage, "gemeente", 6, case.person, "Kan DT&V aansluiten bij het lokaal overleg?", number=10)
    _judge(stage, referral, 5, Finding.MATCHED, "Zelfde persoon, andere schrijfwijze.", case)


def _known(stage: Stage, by: str, days: int, person: Person, asked: str, *, number: int) -> Referral:
    """About somebody of the plan, as a reporter writes it: one name in the place of two, and only the year of birth."""
    surname = person.surname.replace("-", " ").title()
    told = Told(
        by, days, "other", surname, person.given_names.split(" ")[0], person.nationality, person.birth_year, asked
    )
    return _file(stage, number, told)


def _file(stage: Stage, number: int, told: Told, **more: Any) -> Referral:
    by = stage.people[told.by]
    with stage.at(_day(stage, told.days), 10, 5 + number):
        reason = ReferralReason.objects.for_member(by).select_related("desk").get(code=told.reason)
        new = NewReferral(
            surname=told.surname,
            given_names=told.given_names,
            nationality=told.nationality,
            born=(told.birth_year, None, None),
            reason=reason,
            asked=told.asked,
            contact=by.acting_unit.phone or by.email,
            note=told.note,
            consented=True if needs_consent(by) else None,
        )
        return file_referral(new, by=by, key=uuid5(NAMESPACE_URL, f"leidraad-{stage.seed}-{number}"), **more)


def _corrected(stage: Stage, wrong: Referral) -> None:
    """The year was wrong: told anew, in the place of the first one."""
    told = next(one for one in UNKNOWN if one.surname == wrong.surname)
    right = Told(told.by, 0, told.reason, told.surname, told.given_names, told.nationality, 1997, told.asked)
    _file(stage, 30, right, corrects=wrong)


def _judge(
    stage: Stage, referral: Referral, days: int, finding: Finding, reason: str, case: ReturnCase | None = None
) -> None:
    with stage.at(_day(stage, days), 14, 10):
        judge(referral, finding, by=stage.people["intake"], version=referral.version, case=case, reason=reason)
