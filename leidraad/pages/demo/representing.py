"""Who speaks for whom: most lawyers of the dossiers confirmed by the director, guardians of minors, a few changes, and who was
informed of what."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cases.case.models import ReturnCase
from cases.procedure.models import (
    HowInformed,
    InformedMatter,
    Representative,
    RepresentativeInformed,
    RepresentativeKind,
)
from cases.procedure.representatives import CONFIRMED, RECORDED, Details, replace_representative
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as, bulk_update_as
from leidraad.pages.demo.figures import BOOKED, FORCED
from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.stage import Planned, Stage, grouped, plan_anew

# Fictitious offices. The numbers lie in a range that is kept free for examples.
OFFICES = {
    "mr. Van Daalen": ("Van Daalen Advocaten, Utrecht", "030 555 01 77"),
    "mr. Klerks": ("Klerks & Vis, Zwolle", "038 555 01 20"),
    "mr. Blom": ("Advocatenkantoor Blom, Groningen", "050 555 01 45"),
    "mr. Osinga": ("Osinga Vreemdelingenrecht, Leeuwarden", "058 555 01 63"),
    "mr. Terpstra-Vos": ("Terpstra-Vos, Amsterdam", "020 555 01 08"),
}
GUARDIANS = ("K. de Boer", "S. Aydin", "R. Hoekstra")
CHANGED = "De advocaat heeft de zaak overgedragen aan een ander kantoor."
CHANGES = 3
# One in so many stays as the dossier states it.
UNCONFIRMED = 4


def represent(stage: Stage) -> Iterator[None]:
    plan_anew()
    last = stage.plan.today - timedelta(days=1)
    for day, households in grouped(stage.running, lambda one: min(stage.course(one).planned, last)).items():
        there = stage.of(households)
        with stage.at(day, 11, 5):
            _confirm(stage, there)
            _guardians(stage, there)
        yield
    _inform(stage, last)
    yield from _change(stage)


def _confirm(stage: Stage, there: Sequence[Planned]) -> None:
    chosen = {one.case.pk: one for one in there if one.household.number % UNCONFIRMED}
    stated = list(Representative.objects.running().filter(case__in=chosen, confirmed_at=None).order_by("pk"))
    for one in stated:
        one.office, one.phone = OFFICES.get(one.name, ("", ""))
        one.confirmed_by, one.confirmed_at = stage.director(chosen[one.case_id].household), clock.now()
        one.version += 1
    fields = ["office", "phone", "confirmed_by", "confirmed_at", "version"]
    bulk_update_as(stated, fields, by=stage.directors(there), reason=CONFIRMED)


def _guardians(stage: Stage, there: Sequence[Planned]) -> None:
    kind = RepresentativeKind.objects.get(code="guardian")
    new = [
        Representative(
            case=one.case,
            kind=kind,
            name=GUARDIANS[one.household.number % len(GUARDIANS)],
            office="Nidos",
            phone="030 555 02 10",
            source=stage.director(one.household).acting_unit.full_name,
            confirmed_by=stage.director(one.household),
            confirmed_at=clock.now(),
        )
        for one in there
        if one.household.is_alone_minor
    ]
    bulk_create_as(new, by=stage.directors(there), reason=RECORDED)


def _inform(stage: Stage, last: date) -> None:
    """Of the flight where one is booked, of the measure where somebody is held, of the decision in some other cases."""
    with stage.at(last, 14, 30):
        there = stage.of(one for one in stage.running if _matter_of(one))
        matters = {one.code: one for one in InformedMatter.objects.all()}
        main = {one.case_id: one for one in Representative.objects.running().filter(is_main=True).order_by("pk")}
        rows = [
            RepresentativeInformed(
                representative=main[planned.case.pk],
                case=planned.case,
                matter=matters[_matter_of(planned.household)],
                how=HowInformed.EMAIL if planned.household.number % 2 else HowInformed.PHONE,
                informed_on=clock.today(),
                by=stage.director(planned.household),
                unit=stage.director(planned.household).acting_unit,
                recorded_at=clock.now(),
            )
            for planned in there
            if planned.case.pk in main
        ]
        bulk_create_as(rows, by=stage.directors(there), reason="Representative informed")


def _matter_of(one: PlannedHousehold) -> str:
    if one.phase == BOOKED:
        return "flight"
    if one.phase == FORCED and one.stay.form in ("dc", "ggv"):
        return "measure"
    return "decision" if one.number % 12 == 0 else ""


def _change(stage: Stage) -> Iterator[None]:
    """A few who changed their lawyer this week, told to those who plan."""
    kind = RepresentativeKind.objects.get(code="lawyer")
    cases = ReturnCase.objects.open().exclude(director=None)
    running = Representative.objects.running().filter(case__in=cases, is_main=True).exclude(confirmed_at=None)
    for number, former in enumerate(running.exclude(name="mr. Klerks").order_by("-pk")[:CHANGES]):
        director = stage.people[former.case.director.username] if former.case.director else None
        if director is None:
            continue
        office, phone = OFFICES["mr. Klerks"]
        new = Details(kind, "mr. Klerks", office, phone, since=stage.plan.today - timedelta(days=1), is_main=True)
        with stage.at(stage.plan.today - timedelta(days=1), 15, 10 + number):
            replace_representative(former, new, CHANGED, by=director)
        yield
