"""Who takes part in the measured world: units with their share of the cases, and the members that are measured.

The shares are skewed as in the field: one team has an eighth of all cases, one a hundredth, one desk sees three quarters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import Group

from cases.case.models import InvolvementGround, Part
from leidraad.lib.audit import bulk_create_as, save_as
from partners.models import Member, Membership, Organisation, Role, Unit, UnitKind

PRINCIPAL = "bench"
LARGE, SMALL = 0.12, 0.01
DESK = 0.75
OTHER_TEAMS = 24
DIRECTORS = 8
# Cases of the one regievoerder of a team who is measured, whatever the size: nobody works a thousand cases.
OWN_CASES = 60
POLICE_TEAMS = 18
SITES = 50
# The residents of the site whose register is measured, whatever the size: as many as the largest sites have.
RESIDENTS, OPEN = 800, 0.94
IND_DESKS = 2

# Which unit a case has beside its team, its site, its police team and its IND desk.
FIFTH = (
    ("dtv-dia", Part.DOCUMENT, InvolvementGround.TASK, 0.45),
    ("dtv-boekingen", Part.BOOKING, InvolvementGround.TASK, 0.20),
    ("iom-noord", Part.ASSISTED, InvolvementGround.CONSENT, 0.15),
    ("gemeente-veenmeer", Part.MUNICIPAL, InvolvementGround.TASK, 0.15),
    ("kmar-maasvliet", Part.ESCORT, InvolvementGround.TASK, 0.05),
)


@dataclass(frozen=True)
class Share:
    """A unit's part in this share of the cases, as a range of the numbers from 0 to 1 that cases draw."""

    unit_id: int
    part: str
    ground: str
    low: float
    high: float


@dataclass(frozen=True)
class Viewer:
    """Somebody whose work is measured; `label` says which share of the cases the unit sees, `part` what it does in them."""

    label: str
    member: Member
    part: Part


@dataclass(frozen=True)
class World:
    """Five choices of a unit for each case, and the members that measure: `viewers` lists and searches, `workers`, one for
    each kind of work, the page that their day begins with, `readers` the reports, `registrar` the register of `register`."""

    choices: tuple[tuple[Share, ...], ...]
    viewers: tuple[Viewer, ...]
    workers: Mapping[str, Member]
    readers: Mapping[str, Member]
    intake: Member
    register: Unit
    registrar: Member


def shares(parts: Sequence[tuple[int, str, str, float]]) -> tuple[Share, ...]:
    """Ranges from 0 to 1 by weight. The last one reaches 1 whatever the weights add up to."""
    total = sum(weight for *_rest, weight in parts)
    found, low = [], 0.0
    for unit_id, part, ground, weight in parts:
        high = low + weight / total
        found.append(Share(unit_id, part, ground, low, high))
        low = high
    last = found[-1]
    return (*found[:-1], Share(last.unit_id, last.part, last.ground, last.low, 1.0))


def build(rows: int) -> World:
    """Make the units and members, on top of the reference data, and say which share of that many cases each has."""
    teams = [_unit(f"team-{n}", "dtv", UnitKind.TEAM) for n in range(OTHER_TEAMS + 2)]
    police = [_unit(f"avim-{n}", "police", UnitKind.TEAM) for n in range(POLICE_TEAMS)]
    sites = [_unit(f"azc-{n}", "coa", UnitKind.SITE) for n in range(SITES)]
    register = _unit("azc-register", "coa", UnitKind.SITE)
    desk = _unit_of("ind-noord")
    desks = [_unit(f"ind-{n}", "ind", UnitKind.DESK) for n in range(IND_DESKS)]
    directors = [_directors(team) for team in teams]
    large, small, *others = (team.pk for team in teams)
    lead = [(large, LARGE), (small, SMALL), *((pk, (1 - LARGE - SMALL) / len(others)) for pk in others)]
    intake = _member(_unit_of("dtv-ilc"), "intake_clerk", "bench-intake")
    manager = _member(teams[0], "dtv_manager", "bench-manager")
    officer = _member(desk, "ind_officer", "bench-desk")
    task, location, law = InvolvementGround.TASK, InvolvementGround.LOCATION, InvolvementGround.LAW
    return World(
        choices=(
            shares([(pk, Part.LEAD, task, weight) for pk, weight in lead]),
            shares([(pk, Part.RECEPTION, location, weight) for pk, weight in _sites(sites, register, rows)]),
            shares([(team.pk, Part.SUPERVISION, task, 1.0) for team in police]),
            shares([(one.pk, Part.DECISION, law, weight) for one, weight in _ind(desk, desks)]),
            shares([(_unit_of(code).pk, part, ground, weight) for code, part, ground, weight in FIFTH]),
        ),
        viewers=(
            Viewer("75%", officer, Part.DECISION),
            Viewer("12%", directors[0][0], Part.LEAD),
            Viewer("1%", directors[1][0], Part.LEAD),
        ),
        workers={
            "case director": directors[0][0],
            "manager": manager,
            "intake": intake,
            "case manager": _member(sites[0], "reception_case_manager", "bench-site"),
            "ind": officer,
            "police": _member(police[0], "supervision_officer", "bench-avim"),
        },
        readers={"manager": manager, "auditor": _member(_unit_of("dtv-ilc"), "auditor", "bench-auditor")},
        intake=intake,
        register=register,
        registrar=_member(register, "reception_case_manager", "bench-register"),
    )


def _ind(desk: Unit, others: Sequence[Unit]) -> list[tuple[Unit, float]]:
    return [(desk, DESK), *((other, (1 - DESK) / len(others)) for other in others)]


def _sites(sites: Sequence[Unit], register: Unit, rows: int) -> list[tuple[int, float]]:
    """Large and small ones, beside the one whose number of residents is given."""
    weights = [1 / (n + 4) for n in range(len(sites))]
    own = min(RESIDENTS / (rows * OPEN), 0.1)
    rest = [(site.pk, (1 - own) * weight / sum(weights)) for site, weight in zip(sites, weights, strict=True)]
    return [(register.pk, own), *rest]


def _unit_of(code: str) -> Unit:
    return Unit.objects.get(code=code)


def _unit(name: str, organisation: str, kind: str) -> Unit:
    code = f"bench-{name}"
    found = Unit.objects.filter(code=code).first()
    if found is not None:
        return found
    group = Group.objects.create(name=f"unit:{code}")
    unit = Unit(
        organisation=Organisation.objects.get(code=organisation),
        code=code,
        name=name.replace("-", " ").title(),
        kind=kind,
        group=group,
        reception_form="azc" if kind == UnitKind.SITE else "",
    )
    return save_as(unit, by=PRINCIPAL)


def _directors(team: Unit) -> list[Member]:
    return [_member(team, "case_director", f"{team.code}-{n}") for n in range(DIRECTORS)]


def _member(unit: Unit, role: str, username: str) -> Member:
    found = Member.objects.filter(username=username).first()
    if found is not None:
        return found
    member = Member(username=username, display_name=username.title(), email=f"{username}@leidraad.invalid")
    member.set_unusable_password()
    save_as(member, by=PRINCIPAL)
    bulk_create_as([Membership(member=member, unit=unit, role=Role.objects.get(code=role))], by=PRINCIPAL)
    return member
