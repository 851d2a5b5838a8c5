"""Differences in identity that a person decides: keep what stands here, take the other value, and taking a decision back.

Everything runs under the case row's lock. A value goes before another only from an equal or a higher level (`sources`). Both
values stay readable with who decided and why.
"""

from collections.abc import Collection, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import add_task, finish_tasks_of, lock_case
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import DifferenceDecision, IdentityConflict, Part, Person, ReturnCase, Task, TaskKind
from cases.identity.fields import field_of
from cases.identity.models import DECIDE
from cases.identity.sources import Known, Stated, known_today, put_source, stated_of
from cases.requests.common import people_there, still_there
from leidraad.lib import clock
from leidraad.lib.audit import By, ByMany, bulk_create_as, save_as
from leidraad.lib.errors import NotPossible, Stale
from partners.actions import notify
from partners.models import Member, Unit
from partners.policy import roles_with

JUDGE = gettext_noop("Judge a difference in identity")
TASK_DAYS = 5  # working days
LONGEST = 200


def source_of(conflict: IdentityConflict) -> str:
    """The source of the task to judge it; the same text is the key of the fact."""
    return f"identity:{conflict.pk}"


@transaction.atomic
def decide_conflict(
    case: ReturnCase,
    conflict: IdentityConflict,
    decision: str,
    reason: str,
    *,
    by: Member,
    version: int | None = None,
) -> IdentityConflict:
    """Keep the value here or take the other one, with a reason. Raises NotAllowed, NotPossible, and Stale.

    Taking it changes the person, settles other differences with that same value, and leaves the rest to be judged against it.
    """
    case, conflict = _locked(case, conflict, by, version)
    reason = _needed(reason)
    if conflict.resolved_on is not None:
        raise NotPossible(
            _("This difference was decided on %(date)s already.") % {"date": f"{conflict.resolved_on:%d-%m-%Y}"}
        )
    if decision not in (DifferenceDecision.KEEP, DifferenceDecision.TAKE):
        raise NotPossible(_("Choose which value holds."))
    known = known_today()
    stored = stated_of(case.person, conflict.field, known)
    offered = offered_of(conflict, known)
    conflict.stored_value = field_of(conflict.field).read(case.person)
    conflict.stored_source, conflict.stored_level = stored.source, stored.level
    conflict.offered_level = offered.level
    if decision == DifferenceDecision.TAKE:
        check_level(known, stored, offered)
        _settle(case, conflict, decision, reason, by=by)
        set_field(case, conflict.field, conflict.offered_value, offered, by=by, reason=reason)
    else:
        _settle(case, conflict, decision, reason, by=by)
    _tell_lead(case, by=by)
    return conflict


@transaction.atomic
def undo_decision(
    case: ReturnCase, conflict: IdentityConflict, reason: str, *, by: Member, version: int | None = None
) -> IdentityConflict:
    """Take a decision back, with a reason, while the field still says what was decided. The difference is open again."""
    case, conflict = _locked(case, conflict, by, version)
    reason = _needed(reason)
    if conflict.resolved_on is None:
        raise NotPossible(_("Nothing was decided about this difference."))
    field, took = field_of(conflict.field), conflict.decision == DifferenceDecision.TAKE
    if field.read(case.person) != (conflict.offered_value if took else conflict.stored_value):
        raise NotPossible(_("This fact was changed since. Report an error if it is wrong now."))
    if took:
        former = Stated(conflict.stored_source, conflict.stored_level)
        set_field(case, conflict.field, conflict.stored_value, former, by=by, reason=reason)
    conflict.decision, conflict.resolution, conflict.resolved_on, conflict.resolved_by = (
        DifferenceDecision.OPEN,
        "",
        None,
        None,
    )
    try:
        with transaction.atomic():
            save_as(conflict, by=by, reason=reason)
    except IntegrityError as twice:
        raise NotPossible(_("The same difference is open already. Judge that one.")) from twice
    dispute(case, conflict, by=by)
    _tell_lead(case, by=by)
    return conflict


def offered_of(conflict: IdentityConflict, known: Known) -> Stated:
    level = conflict.offered_level
    return Stated(conflict.offered_source, known.level_of(conflict.offered_source) if level is None else level)


def check_level(known: Known, stored: Stated, offered: Stated) -> None:
    """Raises NotPossible where the value here is surer than the one that would take its place."""
    if not known.may_replace(stored.level, offered.level):
        words = {"stored": known.level_words(stored.level), "offered": known.level_words(offered.level)}
        raise NotPossible(
            _(
                "Of the value here: %(stored)s. Of the other one: %(offered)s. Only a value from an equal or a higher "
                "level may take the place of one. Ask the owner of the fact."
            )
            % words
        )


def set_field(case: ReturnCase, name: str, value: str, stated: Stated, *, by: By, reason: str) -> None:
    """Give a field of the person of a locked case its new value and source; open differences are judged against it anew.

    The list and search copies follow by triggers. Asks no right and no level: the caller has.
    """
    field, person = field_of(name), Person.objects.get(pk=case.person_id)
    field.write(person, value)
    put_source(person, name, stated)
    save_as(person, by=by, reason=reason)
    case.person = person
    for other in person.identity_conflicts.filter(field=name, resolved_on=None):
        other.stored_value, other.stored_source, other.stored_level = value, stated.source, stated.level
        if other.offered_value == value:
            _settle(case, other, DifferenceDecision.TAKE, reason[:LONGEST], by=by)
        else:
            save_as(other, by=by, reason=reason)


def dispute(case: ReturnCase, conflict: IdentityConflict, *, by: By) -> None:
    """Tell who depends on it that a field of a locked case is in doubt, and give the responsible unit the task to judge it."""
    publish(case, Fact(FactKind.IDENTITY_DISPUTED, conflict.field, key=source_of(conflict)), by=by)
    if case.is_closed:
        return
    add_task(
        case,
        case.led_by,
        TaskKind.OTHER,
        JUDGE,
        by=by,
        due_at=clock.end_of(clock.working_days_after(clock.today(), TASK_DAYS)),
        assignee=still_there(case.director, case.led_by),
        source=source_of(conflict),
        url_name="cases:person",
        url_arg=case.number,
    )


def task_for(conflicts: Sequence[IdentityConflict], cases: Mapping[int, ReturnCase], *, by: ByMany) -> list[Task]:
    """The task to judge each of these open differences, for the responsible unit. Three queries, however many there are.

    `cases` are locked and by person. None comes of a person without one, of a closed case, and while a unit is responsible
    that may not decide: who takes the case over gets it then. Nobody is told: the caller does.
    """
    told = [(one, cases[one.person_id]) for one in conflicts if one.person_id in cases]
    deciding = _deciding({case.led_by_id for _one, case in told if not case.is_closed})
    running = [(one, case) for one, case in told if case.led_by_id in deciding and not case.is_closed]
    if not running:
        return []
    there = people_there(case for _one, case in running)
    due_at = clock.end_of(clock.working_days_after(clock.today(), TASK_DAYS))
    tasks = [
        Task(
            case=case,
            unit_id=case.led_by_id,
            kind=TaskKind.OTHER,
            title=JUDGE,
            due_at=due_at,
            assignee_id=case.director_id if (case.director_id, case.led_by_id) in there else None,
            source=source_of(one),
            url_name="cases:person",
            url_arg=case.number,
            created_at=clock.now(),
        )
        for one, case in running
    ]
    return bulk_create_as(tasks, by=by, reason=gettext_noop("Task added"))


def task_for_new_lead(case: ReturnCase, *, by: Member) -> None:
    """Who took over a locked case judges the differences that are open."""
    task_for(list(case.person.identity_conflicts.filter(resolved_on=None)), {case.person_id: case}, by=by)


def _deciding(units: Collection[int]) -> frozenset[int]:
    if not units:
        return frozenset()
    of = Unit.objects.filter(pk__in=units).values_list("pk", "organisation__code")
    return frozenset(unit for unit, organisation in of if roles_with(DECIDE, organisation, Part.LEAD))


def _settle(case: ReturnCase, conflict: IdentityConflict, decision: str, reason: str, *, by: By) -> None:
    conflict.decision, conflict.resolution, conflict.resolved_on = decision, reason, clock.today()
    conflict.resolved_by = by if isinstance(by, Member) else None
    save_as(conflict, by=by, reason=reason)
    finish_tasks_of(source_of(conflict), by=by, reason=gettext_noop("Difference in identity decided"))
    publish(case, Fact(FactKind.IDENTITY_SETTLED, decision, key=source_of(conflict)), by=by)


def _locked(
    case: ReturnCase, conflict: IdentityConflict, by: Member, version: int | None
) -> tuple[ReturnCase, IdentityConflict]:
    case = lock_case(case)
    require(by, DECIDE, case)
    found = IdentityConflict.objects.get(pk=conflict.pk, person=case.person_id)
    if version is not None and found.version != version:
        raise Stale(found)
    return case, found


def _needed(reason: str) -> str:
    if not reason.strip():
        raise NotPossible(_("Say why. The reason stays in the history."))
    return reason.strip()[:LONGEST]


def _tell_lead(case: ReturnCase, *, by: Member) -> None:
    """The director, or the desk of the responsible unit; not who decided it."""
    director = still_there(case.director, case.led_by)
    if by != director and (director is not None or by.acting_unit_id != case.led_by_id):
        notify(case.led_by, "identity_decided", by=by, member=director, case=case, url_name="cases:person")
