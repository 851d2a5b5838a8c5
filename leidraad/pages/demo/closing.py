"""The cases that ended in the last twelve months: what `close_case` does for one, for all of a day."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_noop

from cases.case.actions import NewAxis, set_axis_many
from cases.case.grants import end_many
from cases.case.models import Axis, Involvement, Part, Phase, Task
from leidraad.lib import clock
from leidraad.pages.demo import texts
from leidraad.pages.demo.stage import Planned, Stage, finish_many, grouped, plan_anew

REASON = gettext_noop("Case closed")


def close(stage: Stage) -> Iterator[None]:
    ended = [(household.ending.on, household) for household in stage.plan.closed if household.ending]
    plan_anew()
    for day, group in grouped(ended, lambda pair: pair[0]).items():
        with stage.at(day, 15, 10):
            _close_many(stage, stage.of(household for _day, household in group))
        yield


def _close_many(stage: Stage, ended: Sequence[Planned]) -> None:
    """Only the responsible unit's part stays, to read. How it ended stands with the phase."""
    today, keys, by = clock.today(), [planned.case.pk for planned in ended], stage.directors(ended)
    changes = []
    for planned in ended:
        ending = planned.household.ending
        assert ending is not None  # noqa: S101 - closed households are those with an ending
        planned.case.closed_on, planned.case.outcome = today, ending.outcome
        planned.case.last_contact_on = None if ending.kind == "unknown" else today
        source = stage.director(planned.household).acting_unit.full_name
        how = NewAxis(Axis.PHASE, Phase.CLOSED, today, source, text=texts.how_ended(ending))
        changes.append((planned.case, [how]))
    set_axis_many(changes, by=by, reason=texts.CLOSED, also=["closed_on", "outcome", "last_contact_on"])
    others = Involvement.objects.running().filter(case__in=keys).exclude(part=Part.LEAD)
    end_many(list(others.order_by("case")), by=by, reason=REASON)
    finish_many(Task.objects.open().filter(case__in=keys).order_by("case"), by=by, reason=REASON)
