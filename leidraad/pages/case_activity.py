"""What happened lately on a case, in sentences, from the versions that this viewer may see."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.case.history import Can, Step, changed_fields, steps_of_case
from leidraad.pages.case_frame import OpenCase
from partners.models import Organisation, Unit

ON_OVERVIEW = 6
PER_PAGE = 50
READ_PER_SOURCE = 40


@dataclass(frozen=True)
class Happening:
    when: datetime
    who: str
    organisation: str
    code: str
    text: str


@dataclass(frozen=True)
class Activity:
    """`organisations` are those that did something the viewer may see, for the filter."""

    lines: list[Happening]
    organisations: list[tuple[str, str]]
    older: datetime | None = None


def activity_of(
    page: OpenCase, *, organisation: str = "", before: datetime | None = None, limit: int = PER_PAGE
) -> Activity:
    """One query per kind of record that tells something, and one for the units. The caller has asked the right."""
    told = told_steps(page, before=before)
    units = _units({step.row.history_unit_id for step, _text in told})
    lines = [_line(page, step, text, units) for step, text in told]
    names = {line.code: line.organisation for line in lines if line.code}
    chosen = [line for line in lines if not organisation or line.code == organisation]
    shown = chosen[:limit]
    older = shown[-1].when if len(chosen) > len(shown) else None
    return Activity(shown, sorted(names.items(), key=lambda pair: pair[1]), older)


def told_steps(page: OpenCase, *, before: datetime | None = None) -> list[tuple[Step, str]]:
    member, can = page.member, page.can
    steps = steps_of_case(page.case, member, can, before=before, limit=READ_PER_SOURCE, told=True)
    found = []
    for step in steps:
        if step.source.activity is None or not can(f"{step.source.section_of(step.row)}.view"):
            continue
        if step.before is not None and not all(_is_open(step, one.name, can) for one in changed_fields(step)):
            continue  # the sentence may tell what the history masks
        text = step.source.activity(step)
        if text:
            found.append((step, text))
    return found


def _is_open(step: Step, name: str, can: Can) -> bool:
    own = step.source.field_sections.get(name)
    return own is None or can(f"{own}.view")


def _units(keys: set[int | None]) -> dict[int, Unit]:
    return Unit.objects.select_related("organisation").in_bulk([key for key in keys if key is not None])


def _line(page: OpenCase, step: Step, text: str, units: dict[int, Unit]) -> Happening:
    row = step.row
    unit = units.get(row.history_unit_id)
    organisation: Organisation | None = unit.organisation if unit else None
    return Happening(
        when=step.when,
        who=_who(page, step, unit),
        organisation=organisation.short_name if organisation else "",
        code=organisation.code if organisation else "",
        text=text,
    )


def _who(page: OpenCase, step: Step, unit: Unit | None) -> str:
    """The viewer is "U"; partners read the unit of another organisation's member; a job of the program is "Leidraad"."""
    row, member = step.row, page.member
    if row.history_user_id is None:
        return "Leidraad"
    if row.history_user_id == member.pk and not page.on_paper:
        return _("You")
    if page.access.leads or row.history_organisation == member.acting_organisation:
        return str(row.history_user)
    return unit.name if unit else ""
