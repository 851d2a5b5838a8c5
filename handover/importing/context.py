"""What every batch of one import needs, looked up once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_noop

from cases.identity.sources import Known, known_today
from cases.procedure.models import RepresentativeKind
from handover.intake.columns import required_columns
from handover.intake.judging import Rules, known_names, normal_name
from handover.models import DossierFile, HandoverKind, Supplier
from leidraad.lib import clock
from partners.models import Member, Membership, Unit, UnitKind

REASON = gettext_noop("Read in from a dossier file")


@dataclass(frozen=True)
class Context:
    """`by` is the clerk who sent the file in, acting for the unit of then; `desk` is that unit, which gets the offers."""

    file: DossierFile
    by: Member
    desk: Unit
    today: date
    rules: Rules
    senders: Mapping[str, Unit]
    kinds: Mapping[str, HandoverKind]
    sites: Mapping[str, Unit]
    lawyer: RepresentativeKind
    known: Known

    def site_of(self, location: str) -> Unit | None:
        return self.sites.get(normal_name(location)) if location else None


def context_of(file: DossierFile) -> Context:
    units = Unit.objects.valid().select_related("organisation")
    sites = {normal_name(unit.name): unit for unit in units.filter(kind=UnitKind.SITE)}
    suppliers = Supplier.objects.valid().select_related("unit__organisation")
    return Context(
        file=file,
        by=clerk_of(file),
        desk=file.uploaded_unit,
        today=clock.today(),
        rules=Rules(clock.today(), required_now(), known_names(sites)),
        senders={supplier.code: supplier.unit for supplier in suppliers},
        kinds={kind.code: kind for kind in HandoverKind.objects.valid()},
        sites=sites,
        lawyer=RepresentativeKind.objects.get(code="lawyer"),
        known=known_today(),
    )


def required_now() -> frozenset[str]:
    return required_columns(settings.LEIDRAAD_REQUIRED_COLUMNS)


def clerk_of(file: DossierFile) -> Member:
    """The member who sent the file in, acting as then. The right was asked then; that it ended since stops no import."""
    member = Member.objects.get(pk=file.uploaded_by_id)
    memberships = Membership.objects.filter(member=member, unit=file.uploaded_unit)
    chosen = (
        memberships.select_related("unit__organisation", "unit__group", "role").order_by("-valid_from", "-pk").first()
    )
    return member.work_as(chosen) if chosen else member
