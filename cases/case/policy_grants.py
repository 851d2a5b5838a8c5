"""After a new version of the policy: the guardian grants of all cases made equal to what it calls for, batch by batch.

Taking a right away does not wait for this, for `may` asks the policy itself; what is given opens when its case had its turn.
Each batch is a transaction; a process that is killed loses one batch, which the periodic job takes up again. Whoever writes
grants meanwhile does so under the version in force (`partners.policy.hold`), so nothing passes between.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from cases.case.models import CaseGrant, GrantRun, Involvement, Part, ReturnCase
from cases.case.models.case import permission_id
from leidraad.lib import clock
from leidraad.lib.audit import bulk_delete_as, bulk_insert_as
from leidraad.lib.who import principal
from partners import policy, policy_now
from partners.models import Member, Organisation, PolicyVersion
from partners.policy import SENSITIVE, Table, hold, sensitive_sections, table
from partners.policy_actions import follow_policy, in_force

PRINCIPAL = "cases.go_on_granting"
REASON = gettext_noop("Policy changed")
BATCH = 2000
# A run whose worker gave no sign of life for so long is taken up by another.
ALIVE = timedelta(minutes=2)

# Grants on sensitive sections that are called for and not there, and that are there and not called for. The rule comes in as
# a small table, as in `check_grants`.
DIFFERENCE = """
    WITH rule(organisation, part, permission_id) AS (SELECT * FROM unnest(%(org)s::text[], %(part)s::text[], %(perm)s::int[])),
    wanted AS (
        SELECT DISTINCT i.case_id, u.group_id, r.permission_id
          FROM cases_involvement i
          JOIN partners_unit u ON u.id = i.unit_id
          JOIN partners_organisation o ON o.id = u.organisation_id
          JOIN rule r ON r.organisation = o.code AND r.part = i.part
         WHERE i.until IS NULL AND i.case_id > %(after)s AND i.case_id <= %(last)s),
    present AS (
        SELECT id, content_object_id AS case_id, group_id, permission_id FROM cases_casegrant
         WHERE permission_id = ANY(%(all)s) AND content_object_id > %(after)s AND content_object_id <= %(last)s)
    SELECT case_id, group_id, permission_id, p.id
      FROM wanted w FULL JOIN present p USING (case_id, group_id, permission_id)
     WHERE w.case_id IS NULL OR p.id IS NULL
     ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Missing:
    case_id: int
    group_id: int
    permission_id: int
    grant_id: int | None


def register() -> None:
    """Called once when the app is ready."""
    follow_policy(_follow)


def called_for(rules: Table) -> str:
    """Of which organisation gets which grant in which part, today."""
    today = clock.today()
    told = sorted(
        f"{code} {part} {section}"
        for code in {rule.organisation for rule in rules.rules}
        for part in Part.values
        for section in rules.sensitive_sections(code, part, today)
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _follow(before: Table, after: Table, version: PolicyVersion, by: Member) -> None:
    """In the transaction of the confirmation: write down that the grants have to follow, when they have to."""
    if called_for(before) != called_for(after):
        order(version, after)


def order(version: PolicyVersion, rules: Table) -> GrantRun:
    last = Involvement.objects.aggregate(last=Max("case_id"))["last"] or 0
    now = clock.now()
    return GrantRun.objects.create(
        policy=version, called_for=called_for(rules), made_at=now, worked_at=now, last_case=last
    )


def follow_the_day() -> None:
    """A run when a line of the version in force has begun or ended since the last one."""
    with transaction.atomic():
        hold()
        if not policy.in_force():
            return
        latest = GrantRun.objects.order_by("-pk").first()
        if latest is None or latest.called_for != called_for(table()):
            order(in_force(), table())


def unfinished() -> list[int]:
    """Runs that nobody seems to work on, the oldest first."""
    found = GrantRun.objects.filter(finished_at=None, worked_at__lte=clock.now() - ALIVE)
    return list(found.order_by("worked_at", "pk").values_list("pk", flat=True))


def work_on(run_id: int, *, seconds: float | None = None) -> bool:
    """Carry on, for at most so long. Says whether it is finished. Two workers on one run do no harm."""
    until = None if seconds is None else time.monotonic() + seconds
    with principal(PRINCIPAL):
        while _batch(run_id):
            if until is not None and time.monotonic() > until:
                break
    return GrantRun.objects.filter(pk=run_id, finished_at__isnull=False).exists()


def _batch(run_id: int) -> bool:
    """The next cases. False when there are none, when a newer run does them all, or when another worker has it in hand."""
    with transaction.atomic():
        run = GrantRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, finished_at=None).first()
        if run is None:
            return False
        last = min(run.done_until + BATCH, run.last_case)
        if last > run.done_until and not GrantRun.objects.filter(pk__gt=run.pk).exists():
            run.changed_cases += _equal(run.done_until, last)
            run.done_until = last
        else:
            run.finished_at = clock.now()
        run.worked_at = clock.now()
        run.save()
    return run.finished_at is None


def _equal(after: int, last: int) -> int:
    """Make the grants of these cases equal to the policy; gives in how many of them something changed.

    Only cases that differ are locked, and compared again under their locks: an act under way may have made them equal.
    """
    policy_now.learn(None)
    differing = {one.case_id for one in _differences(after, last)}
    if not differing:
        return 0
    locked = ReturnCase.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=differing).order_by("pk")
    held = set(locked.values_list("pk", flat=True))
    hold()
    found = [one for one in _differences(after, last) if one.case_id in held]
    missing = [one for one in found if one.grant_id is None]
    columns: dict[str, list[Any]] = {
        "group_id": [one.group_id for one in missing],
        "permission_id": [one.permission_id for one in missing],
        "content_object_id": [one.case_id for one in missing],
    }
    bulk_insert_as(CaseGrant, columns, by=PRINCIPAL, reason=REASON)
    unfounded = [one.grant_id for one in found if one.grant_id is not None]
    bulk_delete_as(list(CaseGrant.objects.filter(pk__in=unfounded)), by=PRINCIPAL, reason=REASON)
    return len({one.case_id for one in found})


def _differences(after: int, last: int) -> list[Missing]:
    rows = [
        (code, str(part), permission_id(section))
        for code in Organisation.objects.values_list("code", flat=True)
        for part in Part.values
        for section in sorted(sensitive_sections(code, part))
    ]
    values: dict[str, Any] = {
        "org": [row[0] for row in rows],
        "part": [row[1] for row in rows],
        "perm": [row[2] for row in rows],
        "all": [permission_id(section) for section in sorted(SENSITIVE)],
        "after": after,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCE, values)
        return [Missing(*row) for row in cursor.fetchall()]


def latest_run() -> GrantRun | None:
    return GrantRun.objects.order_by("-pk").first()
