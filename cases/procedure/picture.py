"""The picture of a procedure: which steps were taken, which were passed over, which one comes next. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.procedure.models import Procedure, ProcedureStep, StepKind
from leidraad.lib.display import date_long


@dataclass(frozen=True)
class PictureStep:
    """One line: `state` is done, absent (passed over), todo or na; `taken` is the record behind a step that was taken."""

    state: str
    title: str
    note: str
    current: bool
    kind: StepKind
    taken: ProcedureStep | None = None


# The step that the day of lodging of the procedure itself tells.
LODGED = "lodged"


def picture_of(
    steps: Sequence[StepKind],
    taken: Mapping[int, ProcedureStep],
    *,
    lodged_on: date | None = None,
    ended: bool = False,
) -> list[PictureStep]:
    """The steps of the kind in their order. `taken` holds those in force by the key of their kind; the lodging itself needs
    no record of its own where the procedure has its day.

    A step before the last one that was taken and not recorded itself was passed over: an optional one does not apply, another
    one is missing. The first that must still come is the current one, unless the procedure has ended.
    """
    lodged = {step.pk for step in steps if step.code == LODGED and lodged_on is not None} - set(taken)
    last = max((step.position for step in steps if step.pk in taken or step.pk in lodged), default=0)
    following = None if ended else next((one for one in steps if one.position > last and not one.optional), None)
    return [
        PictureStep("done", step.name, _noted(step, date_long(lodged_on)), False, step)
        if step.pk in lodged
        else _drawn(step, taken.get(step.pk), last, is_next=step is following, ended=ended)
        for step in steps
    ]


def _drawn(step: StepKind, taken: ProcedureStep | None, last: int, *, is_next: bool, ended: bool) -> PictureStep:
    if taken is not None:
        note = ", ".join(part for part in (step.day, date_long(taken.on), taken.note) if part)
        return PictureStep("done", step.name, note, False, step, taken)
    passed = step.position < last
    if passed and not step.optional:
        words = pgettext("step", "passed over: not recorded")
        return PictureStep("absent", step.name, _noted(step, words), False, step)
    if passed or ended:
        return PictureStep("na", step.name, _noted(step, pgettext("step", "not recorded")), False, step)
    return PictureStep("todo", step.name, _noted(step, pgettext("step", "now") if is_next else ""), is_next, step)


def _noted(step: StepKind, words: str) -> str:
    return ", ".join(part for part in (step.day, words) if part)


def sentence_of(procedure: Procedure, steps: Sequence[PictureStep]) -> str:
    """Where the procedure stands, in one sentence."""
    if procedure.ended_on is not None:
        words = {"date": date_long(procedure.ended_on), "result": procedure.get_result_display()}
        return _("Ended on %(date)s: %(result)s.") % words
    done = [step for step in steps if step.taken is not None]
    following = next((step for step in steps if step.current), None)
    parts = []
    if done:
        last = done[-1]
        date = date_long(last.taken.on) if last.taken else ""
        parts.append(_("Last step: %(step)s on %(date)s.") % {"step": last.title.lower(), "date": date})
    elif procedure.lodged_on is not None:
        parts.append(_("Lodged on %(date)s, no step recorded yet.") % {"date": date_long(procedure.lodged_on)})
    if following is not None:
        parts.append(_("Next: %(step)s.") % {"step": following.title.lower()})
    return " ".join(parts)
