"""The one place where an act is let through, whatever the door: judged by everything that is known, kept, and only then allowed.

Whoever calls has locked the case in this transaction: facts of the case change under that lock only, so that what was judged
is what holds when permission is given. Recording what happened asks nothing here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from cases.case.models import ReturnCase
from cases.terms.calendars.arithmetic import day_of
from cases.terms.guards.findings import Plan
from cases.terms.guards.judging import Judged, Judgement, judge_each
from cases.terms.guards.showing import SECTIONS, Can, is_drawn
from cases.terms.models import Effect, KeptFinding, KeptJudgement, Purpose, Stop
from cases.terms.walls import PRINCIPAL
from leidraad.lib import clock
from leidraad.lib.audit import By, bulk_create_as, save_as
from leidraad.lib.errors import NotPossible
from leidraad.lib.who import principal
from partners.models import Member

JUDGED = gettext_noop("Judged before the act")
MOST_REASON = 500


class Held(NotPossible):
    """The act is held back; nothing was authorised. `kept` is the judgement that says by what."""

    def __init__(self, kept: KeptJudgement) -> None:
        super().__init__(
            ngettext(
                "This may not go ahead: %(count)d guard or stop holds it back. Only a new fact can change that.",
                "This may not go ahead: %(count)d guards or stops hold it back. Only a new fact can change that.",
                kept.blocks,
            )
            % {"count": kept.blocks}
        )
        self.kept = kept


class AskedForReason(NotPossible):
    """Warnings stand that were not answered with a reason. `codes` are the guards."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(_("Write for each warning why it may go ahead nevertheless. Your name stands beside it."))


@dataclass(frozen=True)
class Asked:
    """Who asks, what they may see, and why each warning may be passed by (guard code to reason)."""

    by: Member
    can: Can
    reasons: Mapping[str, str]


def judge_now(case: ReturnCase, plan: Plan) -> Judgement:
    """Everything that is known now. Reads past the second wall."""
    return judge_each({case.pk: [plan]})[0][case.pk]


def authorise(case: ReturnCase, plan: Plan, purpose: Purpose, asked: Asked) -> KeptJudgement:
    """Judge an act on a locked case and keep the judgement. The caller goes on only when it `passes`.

    Raises AskedForReason, and then nothing is kept, while a warning has no reason. A warning about a part of the case that
    the asker may not see cannot be answered by them: it holds the act until a colleague who may see that part asks.
    """
    judgement = judge_now(case, plan)
    reasons = {code: text.strip()[:MOST_REASON] for code, text in asked.reasons.items() if text.strip()}
    unseen = {one.code for one in judgement.warnings if not is_drawn(one.code, asked.can)}
    open_ = [one.code for one in judgement.warnings if one.code not in unseen and one.code not in reasons]
    if judgement.passes and not unseen and open_:
        raise AskedForReason(open_)
    passes = judgement.passes and not unseen and not open_
    return keep_judgement(judgement, purpose, passes=passes, reasons=reasons, unseen=unseen, by=asked.by)


def keep_judgement(
    judgement: Judgement,
    purpose: Purpose,
    *,
    passes: bool,
    by: By,
    reasons: Mapping[str, str] | None = None,
    unseen: Iterable[str] = (),
) -> KeptJudgement:
    """Write down what was known at this moment. Three statements and their history."""
    plan, member, held = judgement.plan, by if isinstance(by, Member) else None, set(unseen)
    kept = KeptJudgement(
        case_id=judgement.case,
        act=plan.act,
        on=plan.on,
        destination=plan.destination,
        purpose=purpose,
        passes=passes,
        blocks=len(judgement.blocks) + len(judgement.stops) + len(held),
        warnings=len(judgement.warnings) - len(held),
        judged_at=clock.now(),
        member=member,
        unit=member.acting_unit if member else None,
        transaction=this_transaction(),
    )
    save_as(kept, by=by, reason=JUDGED)
    why = reasons or {}
    rows = [
        _finding(kept, one, why.get(one.code, ""), is_held=one.code in held)
        for one in judgement.judged
        if one.applies is not Effect.NONE
    ]
    # What is found about a part that the asker may not see is kept all the same.
    with principal(PRINCIPAL):
        bulk_create_as([*rows, *(_stop(kept, stop) for stop in judgement.stops)], by=by, reason=JUDGED)
    return kept


def this_transaction() -> int:
    """What the database calls the transaction that runs now. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _finding(kept: KeptJudgement, one: Judged, reason: str, *, is_held: bool) -> KeptFinding:
    finding = one.finding
    return KeptFinding(
        judgement=kept,
        case_id=kept.case_id,
        section=SECTIONS.get(one.code, ""),
        guard=one.guard,
        applies=one.applies,
        effect=Effect.BLOCK if is_held else one.effect,
        state=finding.state,
        why=finding.why,
        source=finding.source[:80],
        on=finding.on,
        until=finding.until,
        country=finding.country,
        count=finding.count,
        rules=list(one.rules),
        confirmed=finding.confirmed,
        reason=reason if one.effect is Effect.WARN else "",
    )


def _stop(kept: KeptJudgement, stop: Stop) -> KeptFinding:
    return KeptFinding(
        judgement=kept,
        case_id=kept.case_id,
        section=stop.section,
        stop=stop.pk,
        applies=Effect.BLOCK,
        effect=Effect.BLOCK,
        state="held",
        source=stop.source[:80],
        on=day_of(stop.placed_at),
        until=stop.until,
    )
