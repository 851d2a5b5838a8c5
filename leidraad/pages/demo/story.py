"""What happened in the last days, told through the same actions that users use, each at its own moment.

It is about cases of the plan and changes none of its figures but one: a handover that went back is with its sender again.
"""

from collections.abc import Iterator
from datetime import time, timedelta

from django.utils.translation import gettext_noop

from cases.case.actions import assign_director
from cases.case.models import Part, ReturnCase
from cases.case.openings import name_member, set_exception
from cases.requests.overdue import expire_requests
from handover.actions import answer_query, offer_again, query, return_handover
from handover.actions.overdue import climb, overdue_handovers
from handover.models import Handover
from handover.states import Status
from leidraad.lib import clock
from leidraad.lib.audit import PerRecord, bulk_update_as
from leidraad.pages.demo.stage import Stage
from leidraad.pages.demo.timing import OWN
from leidraad.pages.demo.visits import visits
from partners.models import Notice

QUESTION = "Op welke datum is de beschikking bekendgemaakt?"
ANSWER = "De beschikking is op de dag na de dagtekening uitgereikt. Het bewijs is toegevoegd."
ILLEGIBLE = "De beschikking is niet leesbaar. Graag opnieuw aanleveren."
THREAT = "Dreiging op de locatie: alleen wat voor de opvang nodig is."
TOGETHER = "Bereidt het vertrek samen met de regievoerder voor."
NOT_LEGIBLE, INCOMPLETE = "illegible", "incomplete"
LACKING = "Het besluit ontbreekt. Zonder besluit kan het team niet beginnen."


def tell(stage: Stage) -> Iterator[None]:
    yield from _access(stage)
    yield from _handovers(stage)
    yield from visits(stage)
    yield from _moved_cases(stage)
    # What has passed its term has climbed already, as the jobs of the worker would have it within minutes.
    for pk in overdue_handovers():
        climb(pk)
    expire_requests()
    read_notices_of(stage)
    yield


def _access(stage: Stage) -> Iterator[None]:
    """In two cases of the account `regievoerder`: less for a reception site, and a section for one police officer by name."""
    own, officer, site = stage.people[OWN], stage.people["politie"], stage.people["casemanager"].acting_unit
    led = ReturnCase.objects.open().filter(director=own, household=None).order_by("-pk")
    taking_part = {"involvements__until": None}
    with stage.at(stage.plan.today - timedelta(days=5), 10, 15):
        until = clock.end_of(clock.today() + timedelta(days=28))
        narrowed = led.filter(**taking_part, involvements__unit=site, involvements__part=Part.RECEPTION).first()
        if narrowed is not None:
            set_exception(narrowed, site, "activity", allowed=False, until=until, by=own, reason=THREAT)
        team = officer.acting_unit
        supervised = led.filter(**taking_part, involvements__unit=team, involvements__part=Part.SUPERVISION).first()
        if supervised is not None and officer.acting is not None:
            name_member(supervised, officer.acting, "plan", until=until, by=own, reason=TOGETHER)
    yield


def _handovers(stage: Stage) -> Iterator[None]:
    """Of what IND handed over last: asked about, asked and answered, sent back, sent back and offered again."""
    clerk, sender, today = stage.people["intake"], stage.people["ind"], stage.plan.today
    waiting = Handover.objects.filter(status=Status.OFFERED, from_unit=sender.acting_unit).order_by("offered_at", "-pk")
    found = list(waiting.select_related("case")[:4])
    for number, handover in enumerate(found):
        with stage.at(today, 8, 20 + 4 * number):
            if number < 2:
                reason, text = ((INCOMPLETE, LACKING), (NOT_LEGIBLE, ILLEGIBLE))[number]
                return_handover(handover, reason, text, by=clerk)
            else:
                query(handover, QUESTION, by=clerk)
        yield
    with stage.at(today, 8, 50):
        for handover in found[1:2]:
            offer_again(
                Handover.objects.get(pk=handover.pk), note="Nieuwe scan van de beschikking toegevoegd.", by=sender
            )
        for handover in found[3:4]:
            answer_query(Handover.objects.get(pk=handover.pk), ANSWER, by=sender)
    yield


def _moved_cases(stage: Stage) -> Iterator[None]:
    """The manager moved one case to the account `regievoerder` and one away from it."""
    manager, own = stage.people["manager"], stage.people[OWN]
    team = ReturnCase.objects.visible_to(manager).open().filter(led_by=manager.acting_unit, household=None)
    with stage.at(stage.plan.today, 8, 35):
        arrived = team.exclude(director=own).select_related("director").order_by("-pk").first()
        left = team.filter(director=own).order_by("pk").first()
        if arrived is None or left is None or arrived.director is None:
            return
        assign_director(arrived, own, by=manager, reason="Verdeling van de zaken bij afwezigheid van een collega")
        assign_director(left, arrived.director, by=manager, reason="Verdeling van de zaken")
    yield


def read_notices_of(stage: Stage) -> None:
    """What was told before yesterday has been read: by the member, or at the desk by one of the unit."""
    yesterday = stage.plan.today - timedelta(days=1)
    by_key = {member.pk: member for member in stage.people.members.values()}
    at_desk = {member.acting_unit.pk: member for member in reversed([*stage.people.members.values()])}
    old = list(Notice.objects.filter(created_at__lt=clock.at(yesterday, time(0)), read_at=None).order_by("pk"))
    readers = {one.pk: by_key.get(one.member_id or 0) or at_desk[one.unit_id] for one in old}
    with stage.at(yesterday, 8, 40):
        for notice in old:
            notice.read_at, notice.read_by = clock.now(), readers[notice.pk]
        bulk_update_as(old, ["read_at", "read_by"], by=PerRecord(Notice, readers), reason=gettext_noop("Notice read"))
