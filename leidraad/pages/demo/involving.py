"""The other organisations of the chain, each with its part in the cases it works on. Set-based, by the responsible director.

The acts by which most of them will be invited belong to subjects that do not exist yet; part and ground are those for which the
policy has lines.

No notices are left of it: no act that starts these parts exists that would tell anybody, and what was told months ago has been
read long since. What the acts of the last days tell (story, visits, moving) is unread, as it would be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_noop

from cases.case.grants import start_many
from cases.case.models import Consent, HowGiven, Involvement, InvolvementGround, Part
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as
from leidraad.pages.demo.figures import BOOKED, DOCUMENT, FORCED, VOLUNTARY
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew

REASON = gettext_noop("Part in the case started")
CONSENTED = gettext_noop("Consent recorded")
HELD = ("dc", "ggv")


@dataclass(frozen=True)
class Partner:
    """`takes_part` says in which running cases; `every` keeps one household of so many."""

    part: str
    ground: str
    takes_part: Callable[[PlannedHousehold], bool]
    every: int = 1

    def is_in(self, one: PlannedHousehold) -> bool:
        return self.takes_part(one) and one.number % self.every == 0


TASK, LAW, CONSENT = InvolvementGround.TASK, InvolvementGround.LAW, InvolvementGround.CONSENT
PARTNERS: Mapping[str, Partner] = {
    "dtv-dia": Partner(Part.DOCUMENT, TASK, lambda one: one.phase == DOCUMENT, every=2),
    "dtv-boekingen": Partner(Part.BOOKING, TASK, lambda one: one.phase == BOOKED),
    "dtv-uitvoering": Partner(
        Part.DEPARTURE, TASK, lambda one: one.phase in (BOOKED, FORCED) and one.stay.form in (*HELD, "pi")
    ),
    "iom-noord": Partner(Part.ASSISTED, CONSENT, lambda one: one.phase == VOLUNTARY, every=2),
    "nidos-noord": Partner(Part.GUARDIAN, LAW, lambda one: one.is_alone_minor),
    "dji-dvo": Partner(Part.TRANSPORT, TASK, lambda one: one.phase == BOOKED and one.stay.form in (*HELD, "pi")),
    "kmar-maasvliet": Partner(Part.ESCORT, TASK, lambda one: one.phase == BOOKED and one.stay.form in (*HELD, "pi")),
    "gemeente-veenmeer": Partner(
        Part.MUNICIPAL, TASK, lambda one: one.stay.text == "gemeentelijke opvang Veenmeer" and not one.has_minors
    ),
    "vwn-veenmeer": Partner(Part.SUPPORT, CONSENT, lambda one: one.stay.site == "azc Veenmeer", every=5),
}


def involve(stage: Stage) -> Iterator[None]:
    """Two weeks after the plan, or yesterday when that lies ahead; all of a day at once."""
    plan_anew()
    wanted = [one for one in stage.running if _parts_in(stage, one)]
    last = stage.plan.today - timedelta(days=1)
    for day, group in grouped(wanted, lambda one: min(stage.course(one).planned + timedelta(days=14), last)).items():
        there = stage.of(group)
        with stage.at(day, 13, 40):
            parts = [part for planned in there for part in _involvements(stage, planned)]
            bulk_create_as(_consents(parts), by=stage.directors(there), reason=CONSENTED)
            start_many(parts, by=stage.directors(there), reason=REASON)
        yield


def _parts_in(stage: Stage, one: PlannedHousehold) -> list[tuple[str, str, str]]:
    found = [(code, partner.part, partner.ground) for code, partner in PARTNERS.items() if partner.is_in(one)]
    # A detention centre is the site of its own organisation.
    if one.stay.form in HELD and one.stay.site:
        found.append((stage.sites[one.stay.site].code, Part.CUSTODY, LAW))
    return found


def _involvements(stage: Stage, planned: Planned) -> Iterator[Involvement]:
    for code, part, ground in _parts_in(stage, planned.household):
        yield Involvement(case=planned.case, unit=stage.units[code], part=part, ground=ground, since=clock.now())


def _consents(parts: Iterable[Involvement]) -> list[Consent]:
    """What the person signed the day before a part on the ground of consent began."""
    return [
        Consent(
            case=part.case,
            party=part.unit.organisation,
            given_on=clock.today() - timedelta(days=1),
            how=HowGiven.SIGNED_APPLICATION if part.part == Part.ASSISTED else HowGiven.SIGNED_FORM,
            original_at=f"Papieren dossier van {part.case.led_by.full_name}",
            recorded_by_unit=part.case.led_by,
        )
        for part in parts
        if part.ground == CONSENT
    ]
