"""What the acts on a measure share: what an officer states, the lock, the right of the family, who hears of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.case.access import Access, access_of, require
from cases.case.actions import NewAxis, lock_case, set_axis
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import Axis, Involvement, Part, ReturnCase
from cases.case.protection import is_protected
from cases.supervision.measure_rules import day_of
from cases.supervision.measure_states import REASONS, SECTIONS, Authority, Family
from cases.supervision.models import LighterMeans, Measure, MeasureKind, MeasureRung, VulnerabilityNote
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.actions import notify
from partners.models import Member, Unit
from partners.policy import roles_with


@dataclass(frozen=True)
class Weighed:
    """One lighter means as the officer weighed it."""

    means: LighterMeans
    considered: bool
    why_not: str = ""


@dataclass(frozen=True)
class Details:
    """What an officer states of a measure. `form_no` and `form_system` are of the register in which the form was made.

    `test_text` None leaves what was found as it is: who corrects a measure need not be who may read that.
    """

    kind: MeasureKind
    authority: str
    imposed_at: datetime
    officer: str = ""
    place_unit: Unit | None = None
    place_text: str = ""
    conditions: str = ""
    signs: int | None = None
    public_order: bool = False
    ground: str = ""
    form_no: str = ""
    form_system: str = ""
    heard_at: datetime | None = None
    counsel: str = ""
    interpreter: str = ""
    tested_on: date | None = None
    test_result: str = ""
    test_text: str | None = None
    planned_end: date | None = None
    rungs: tuple[Weighed, ...] = ()


PLAIN = (
    "kind", "authority", "imposed_at", "officer", "place_unit", "place_text", "conditions", "signs", "public_order",
    "ground", "form_no", "form_system", "heard_at", "counsel", "interpreter", "tested_on", "test_result", "planned_end",
)  # fmt: skip
# Whom it concerns besides the responsible unit: who keeps the person, or must let go.
TOLD_PARTS = {
    Family.CUSTODY: (Part.CUSTODY, Part.SUPERVISION, Part.DEPARTURE, Part.GUARDIAN),
    Family.AREA: (Part.RECEPTION, Part.SUPERVISION, Part.DEPARTURE, Part.GUARDIAN),
}


def locked(measure: Measure) -> tuple[ReturnCase, Measure]:
    """The case row, locked until the transaction ends, and the measure as it is stored now."""
    case = lock_case(measure.case_id)
    found = Measure.objects.for_pages().get(pk=measure.pk)
    found.case = case
    return case, found


def require_change(by: Member, case: ReturnCase, family: str) -> None:
    require(by, f"{SECTIONS[family]}.change", case)


def may_change_of(access: Access, measure: Measure) -> bool:
    """Who may not read why changes what the own unit recorded, and nothing of others: it would write over what it cannot see."""
    return access.can(f"{measure.section}.change") and reads_reasons(access, measure)


def require_change_of(by: Member, case: ReturnCase, measure: Measure) -> None:
    require_change(by, case, measure.family)
    if not may_change_of(access_of(by, case), measure):
        raise NotAllowed(f"{measure.section}.change", case)


def reads_reasons(access: Access, measure: Measure) -> bool:
    """Why it was imposed is for who weighs it, and for the unit that wrote it."""
    return access.can(f"{REASONS}.view") or measure.unit_id == access.member.acting_unit_id


def check_version(measure: Measure, version: int | None) -> None:
    if version is not None and measure.version != version:
        raise Stale(measure)


def check_standing(measure: Measure) -> None:
    if measure.voided_at is not None:
        raise NotPossible(_("This record was struck out: it should not have been there. Nothing can be added to it."))


def check_reason(reason: str) -> str:
    if not reason.strip():
        raise NotPossible(_("Write why. Colleagues read it in the history."))
    return reason.strip()[:500]


def check_past(moment: datetime, text: str) -> None:
    if moment > clock.now():
        raise NotPossible(text)


def check_details(details: Details) -> None:
    """Refuses what cannot be true. What the rules ask and is missing is recorded as it is, and warned of."""
    kind, day = details.kind, day_of(details.imposed_at)
    check_past(details.imposed_at, _("The measure lies in the future. Record it when it has been imposed."))
    if not kind.is_offered or not kind.valid_from <= day <= (kind.valid_until or date.max):
        raise NotPossible(_("This kind of measure did not exist on that day. Choose one that held then."))
    if details.authority not in Authority.values:
        raise NotPossible(_("Say which authority imposed the measure."))
    if details.heard_at is not None:
        check_past(details.heard_at, _("The hearing lies in the future. Record it when it has been held."))
    if details.tested_on is not None and details.tested_on > clock.today():
        raise NotPossible(_("The vulnerability test lies in the future. Record it when it has been done."))
    if details.planned_end is not None and details.planned_end < day:
        raise NotPossible(_("The planned end lies before the measure was imposed."))


def fill(measure: Measure, details: Details) -> Measure:
    """Write what was stated into the record, which is then no longer only stated by a dossier. Saves nothing."""
    for name in PLAIN:
        value = getattr(details, name)
        setattr(measure, name, value.strip() if isinstance(value, str) else value)
    measure.family, measure.time_known, measure.stated = details.kind.family, True, False
    return measure


def put(measure: Measure, details: Details, *, by: By, reason: str) -> Measure:
    """Fill and save. NotPossible, as a sentence, for what the table does not allow."""
    return save(fill(measure, details), by=by, reason=reason)


def save(measure: Measure, *, by: By, reason: str) -> Measure:
    try:
        measure.validate_constraints()
    except ValidationError as wrong:
        raise NotPossible(" ".join(wrong.messages)) from wrong
    return save_as(measure, by=by, reason=reason)


def put_rungs(measure: Measure, weighed: Iterable[Weighed], *, by: By, reason: str) -> None:
    """A row for each rung that was asked about; one that did not change is left as it is."""
    stored = {one.means_id: one for one in measure.rungs.all()}
    for one in weighed:
        rung = stored.get(one.means.pk) or MeasureRung(measure=measure, means=one.means)
        new = (one.considered, one.why_not.strip())
        if rung.pk is None or new != (rung.considered, rung.why_not):
            rung.considered, rung.why_not = new
            save_as(rung, by=by, reason=reason)


def put_vulnerability(measure: Measure, text: str | None, *, by: Member, reason: str) -> None:
    """What the test found, in its own narrow table. A text of another unit that this one may not read is left alone."""
    if text is None:
        return
    found = VulnerabilityNote.objects.filter(measure=measure).first()
    if found is None:
        if not text.strip():
            return
        found = VulnerabilityNote(measure=measure, case_id=measure.case_id, unit=by.acting_unit)
    if found.text != text.strip():
        found.text = text.strip()
        save_as(found, by=by, reason=reason)


def follow_residence(case: ReturnCase, measure: Measure, *, by: Member, reason: str) -> None:
    """Who is locked up at a site stays there: the axis of residence says so, unless it does already or the address is protected.

    Who may see where the person stays, reads the site; of the measure itself the axis says nothing.
    """
    site = measure.place_unit
    if site is None or not site.reception_form or measure.family != Family.CUSTODY or not measure.is_running:
        return
    if (case.residence_form, case.residence_unit_id) == (site.reception_form, site.pk) or is_protected(case):
        return
    case.residence_unit = site
    value = NewAxis(
        Axis.RESIDENCE, site.reception_form, day_of(measure.imposed_at), by.acting_unit.full_name, text=site.name
    )
    set_axis(case, value, by=by, reason=reason)


# --- who hears of it ------------------------------------------------------------------------------------------------


def hearers(case: ReturnCase, family: str, by: Member) -> list[Unit]:
    """The responsible unit, and units whose part concerns the measure and carries its section; never the unit that acts."""
    capability = f"{SECTIONS[family]}.view"
    running = Involvement.objects.in_force().filter(case=case, part__in=[Part.LEAD, *TOLD_PARTS[Family(family)]])
    units = {
        one.unit_id: one.unit
        for one in running.select_related("unit__organisation").order_by("pk")
        if one.unit_id != by.acting_unit_id and roles_with(capability, one.unit.organisation.code, one.part)
    }
    return list(units.values())


def tell(case: ReturnCase, measure: Measure, kind: str, *, by: Member) -> None:
    """The sentence names no measure: who reads it opens the page with the rights of that moment."""
    for unit in hearers(case, measure.family, by):
        member = case.director if unit.pk == case.led_by_id else None
        notify(unit, kind, member=member, case=case, by=by, url_name="cases:measures")


def publish_fact(case: ReturnCase, kind: FactKind, measure: Measure, *, by: By) -> None:
    publish(case, Fact(kind, measure.family, key=f"{kind}:{measure.pk}"), by=by)
