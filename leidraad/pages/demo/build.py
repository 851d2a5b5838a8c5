"""The demo, part by part, in the order in which things happened. Each part yields after every piece it has written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from leidraad.lib import clock
from leidraad.pages.demo import (
    answering,
    closing,
    delivering,
    disputing,
    involving,
    law,
    leaving,
    measuring,
    referring,
    representing,
    staying,
    stopping,
    story,
    taking_over,
    working,
)
from leidraad.pages.demo.colleagues import People, directors, load_colleagues
from leidraad.pages.demo.plan import make_plan
from leidraad.pages.demo.stage import Stage
from partners.reference_data import load_demo_accounts


@dataclass(frozen=True)
class Part:
    """`weight` is its share of the work, by which a progress bar moves."""

    name: str
    weight: int
    write: Callable[[Stage], Iterator[None]]


PARTS = (
    Part("Dossiers handed in", 38, delivering.deliver),
    Part("Handovers accepted", 17, taking_over.take_over),
    Part("Cases at work", 9, working.work),
    Part("Partners involved", 1, involving.involve),
    Part("Representatives", 2, representing.represent),
    Part("Stays and registers", 8, staying.stay),
    Part("Measures", 3, measuring.measure),
    Part("Questions to IND", 10, answering.ask_and_answer),
    Part("Identity in doubt", 2, disputing.dispute),
    Part("Facts of law", 4, law.record),
    Part("Stops", 1, stopping.stop),
    Part("Departures", 1, leaving.leave),
    Part("Cases closed", 6, closing.close),
    Part("Referrals", 1, referring.refer),
    Part("This week's work", 11, story.tell),
)


@dataclass(frozen=True)
class Progress:
    """Which part is being written and how far the whole is, from 0 to 1. `is_done` after the last piece of a part."""

    part: str
    share: float
    is_done: bool


def build(*, persons: int, closed: int, seed: int) -> Iterator[Progress]:
    """Writes everything into the transaction of the caller. The database holds reference data and nothing else."""
    load_demo_accounts()
    load_colleagues()
    plan = make_plan(persons, closed, seed=seed, today=clock.today(), directors=directors())
    stage = Stage(plan, seed, People.all())
    total, before = sum(part.weight for part in PARTS), 0
    for part in PARTS:
        # How many pieces a part has is not known beforehand: the bar closes in on its end.
        done = 0.0
        for _piece in part.write(stage):
            done += (1 - done) / 12
            yield Progress(part.name, (before + part.weight * done) / total, is_done=False)
        before += part.weight
        yield Progress(part.name, before / total, is_done=True)
