"""The intake desk accepts what was handed over: what `accept_handover` does for one, for all of a delivery at once.

No notices: whoever was told of it months ago has read it long since.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cases.case.actions import NewAxis, set_axis_many
from cases.case.grants import end_many, start_many
from cases.case.models import Axis, Involvement, InvolvementGround, Part, Phase, Task
from handover.actions.accepting import REASON
from handover.actions.common import new_step
from handover.frozen import ItemLine, frozen_from
from handover.models import DossierVersion, Handover, HandoverItem, HandoverStep
from handover.states import Status, StepKind
from leidraad.lib import clock
from leidraad.lib.audit import bulk_create_as, bulk_update_as
from leidraad.pages.demo.delivering import parts_beside_the_lead
from leidraad.pages.demo.stage import Planned, Stage, finish_many, first_steps, grouped, plan_anew
from leidraad.pages.demo.timing import is_delivered

ANSWER = ("status", "team", "director", "answered_at", "answered_by", "frozen", "version")


def take_over(stage: Stage) -> Iterator[None]:
    led = [household for household in stage.led if is_delivered(household)]
    for day, households in grouped(led, lambda one: stage.course(one).taken_over).items():
        plan_anew()
        with stage.at(day, 10, 30):
            accept_many(stage, stage.of(households))
        yield


def accept_many(stage: Stage, led: Sequence[Planned]) -> None:
    """Each handover answered, the lead moved with its access, the first next step given. Nobody else works meanwhile."""
    clerk, now = stage.people["intake"], clock.now()
    keys = [planned.case.pk for planned in led]
    handovers = _handovers(keys)
    _answer(stage, led, handovers)
    HandoverStep.objects.bulk_create([new_step(one, StepKind.ACCEPTED, by=clerk) for one in handovers.values()])
    finish_many(Task.objects.open().filter(case__in=keys), by=clerk, reason=REASON)
    former = Involvement.objects.running().filter(case__in=keys, part=Part.LEAD)
    end_many(list(former.order_by("case")), by=clerk, reason=REASON)
    for planned in led:
        planned.case.led_by = stage.units[planned.household.team]
        planned.case.director = stage.director(planned.household)
    assigned = NewAxis(Axis.PHASE, Phase.ASSIGNED, clock.today(), clerk.acting_unit.full_name)
    changes = [(planned.case, [assigned]) for planned in led]
    set_axis_many(changes, by=clerk, reason=REASON, also=["led_by", "director"])
    parts = [
        Involvement(
            case=planned.case, unit=planned.case.led_by, part=Part.LEAD, ground=InvolvementGround.TASK, since=now
        )
        for planned in led
    ]
    parts += [part for planned in led for part in parts_beside_the_lead(stage, planned)]
    start_many(parts, by=clerk, reason=REASON)
    bulk_create_as(first_steps([planned.case for planned in led]), by=clerk, reason=REASON)


def _handovers(case_ids: Sequence[int]) -> Mapping[int, Handover]:
    found = Handover.objects.filter(case__in=case_ids, status=Status.OFFERED).order_by("pk")
    related = found.select_related("kind", "from_unit__organisation", "to_unit__organisation", "dossier")
    return {handover.case_id: handover for handover in related}


def _answer(stage: Stage, led: Sequence[Planned], handovers: Mapping[int, Handover]) -> None:
    """The answer on each handover, with the frozen copy of what was handed over."""
    clerk = stage.people["intake"]
    items: dict[int, list[ItemLine]] = defaultdict(list)
    lines = HandoverItem.objects.filter(handover__in=[one.pk for one in handovers.values()]).order_by("item__position")
    for handover_id, *line in lines.values_list("handover_id", "item__code", "state", "reason", "text"):
        code, state, reason, text = map(str, line)
        items[handover_id].append((code, state, reason, text))
    versions = DossierVersion.objects.filter(dossier__in=[one.dossier_id for one in handovers.values()])
    version_of = {(one.dossier_id, one.number): one for one in versions.select_related("dossier")}
    for planned in led:
        handover = handovers[planned.case.pk]
        handover.move_to(Status.ACCEPTED)
        handover.team, handover.director = stage.units[planned.household.team], stage.director(planned.household)
        handover.answered_at, handover.answered_by = clock.now(), clerk
        version = version_of.get((handover.dossier_id, handover.dossier_version))  # type: ignore[arg-type]  # None finds none
        handover.frozen = frozen_from(planned.case, handover, items[handover.pk], version)
        handover.version += 1
    bulk_update_as(list(handovers.values()), ANSWER, by=clerk, reason=REASON)
