"""Later facts that may have overtaken an answer: heard through `cases.case.facts`, told to who relies on the answer.

Nothing is decided here: the answer and the axis keep their value, with a warning wherever they are shown, until IND answers
again.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from cases.case.axes import doubt_axis
from cases.case.facts import Fact, News
from cases.case.models import Axis, ReturnCase
from cases.procedure.common import ask_again, tell_lead
from cases.procedure.models import RemovabilityAnswer
from cases.procedure.states import OVERTAKEN_TASK_DAYS, WORDS, overtaken_values
from cases.requests.common import tell
from leidraad.lib import clock
from leidraad.lib.audit import By, save_as

REASON = gettext_noop("Answer possibly overtaken")


def hear(news: Sequence[News], by: By) -> None:
    """Judge what was published. One query when nothing is overtaken, two where something may be; the caller holds the locks."""
    wanted: dict[int, list[Fact]] = {}
    for one in news:
        if overtaken_values(one.fact):
            wanted.setdefault(one.case.pk, []).append(one.fact)
    if not wanted:
        return
    in_force = RemovabilityAnswer.objects.in_force().filter(case__in=wanted, case__closed_on=None, overtaken_at=None)
    related = ("case__led_by__organisation", "case__director", "request__kind", "request__from_unit__organisation")
    found = list(in_force.select_related(*related, "request__to_unit__organisation", "request__asked_by"))
    for answer in found:
        fact = _first(wanted[answer.case_id], answer)
        if fact is not None and not answer.has_expired:
            mark_overtaken(answer.case, answer, WORDS[fact.kind], by=by, key=fact.key)


def _first(facts: Sequence[Fact], answer: RemovabilityAnswer) -> Fact | None:
    """The first of the facts that this answer did not know; one that overtook an earlier answer was known to the next."""
    for fact in facts:
        if answer.value not in overtaken_values(fact):
            continue
        known = fact.key and RemovabilityAnswer.objects.filter(case=answer.case_id, overtaken_fact=fact.key).exists()
        if not known:
            return fact
    return None


def mark_overtaken(case: ReturnCase, answer: RemovabilityAnswer, words: str, *, by: By, key: str = "") -> None:
    """Put the answer and the axis of a locked case in doubt; tell the responsible unit and, if it is another, the asker."""
    answer.overtaken_at, answer.overtaken_by, answer.overtaken_fact = clock.now(), words, key
    save_as(answer, by=by, reason=REASON)
    doubt_axis(case, Axis.REMOVABILITY, by=by, reason=REASON)
    if not case.is_closed:
        due = clock.end_of(clock.working_days_after(clock.today(), OVERTAKEN_TASK_DAYS))
        ask_again(case, due, by=by, reason=REASON)
        tell_lead(case, "removability_overtaken", by=by)
    asked = answer.request
    if case.is_closed or asked.from_unit_id != case.led_by_id:
        tell(asked, "removability_overtaken", asked.from_unit, by=by, member=asked.asked_by)
