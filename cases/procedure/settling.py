"""A dispute about identity that was settled by keeping what stood here: the answer that it put in doubt holds again.

Where the other value was taken the doubt stays: the answer was given about another identity, until IND answers again.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from cases.case.actions import finish_tasks_of
from cases.case.facts import FactKind, News
from cases.case.models import Axis, DifferenceDecision
from cases.procedure.common import source_of
from cases.procedure.models import RemovabilityAnswer
from leidraad.lib.audit import By, save_as

REASON = gettext_noop("Identity no longer disputed")


def hear(news: Sequence[News], by: By) -> None:
    """One query where something was settled, none else; the caller holds the locks."""
    kept = {
        one.fact.key: one.case
        for one in news
        if one.fact.kind == FactKind.IDENTITY_SETTLED and one.fact.detail == DifferenceDecision.KEEP
    }
    if not kept:
        return
    cases = {case.pk for case in kept.values()}
    doubted = RemovabilityAnswer.objects.in_force().filter(case__in=cases, overtaken_fact__in=kept)
    for answer in doubted.exclude(overtaken_at=None):
        case = kept[answer.overtaken_fact]
        # The key goes too: the same dispute, taken up again, may put the answer in doubt again.
        answer.overtaken_at, answer.overtaken_by, answer.overtaken_fact = None, "", ""
        save_as(answer, by=by, reason=REASON)
        for entry in case.axis_entries.filter(axis=Axis.REMOVABILITY, superseded_at=None).exclude(doubted_at=None):
            entry.doubted_at = None
            save_as(entry, by=by, reason=REASON)
        finish_tasks_of(source_of(case), by=by, reason=REASON)
