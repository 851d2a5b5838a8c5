"""*Fout melden*: whoever sees the identity doubts a field of it, and its owner answers. Identity is never changed by asking.

The course is a request of a kind of its own (`cases.requests`); the owner's answer ends it. What the owner mended in the register
comes here with its source and level, by one act, if that level is not lower than that of the value here; else the two are a
difference that a person decides.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import require
from cases.case.actions import lock_case
from cases.case.facts import Fact, FactKind, publish
from cases.case.models import IdentityConflict, ReturnCase
from cases.identity.deciding import LONGEST, dispute, set_field
from cases.identity.fields import field_of
from cases.identity.models import ErrorReport, IdentityField, IdentitySource, Outcome
from cases.identity.sources import Stated, known_today, stated_of
from cases.requests.actions import NewRequest, accept_request, mark_reported, offer_request
from cases.requests.common import check_version, locked, require_receiver
from cases.requests.models import Request, RequestKind, due_by_term
from cases.requests.states import RUNNING, Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member, Organisation, Unit

PREFIX = "identity_error_"
MENDED = gettext_noop("Mended in the register")


@dataclass(frozen=True)
class NewReport:
    """`proposed` is what it should be according to who reports it; empty when that is not known."""

    field: str
    to_unit: Unit
    reason: str
    proposed: str = ""
    conflict: IdentityConflict | None = None


@dataclass(frozen=True)
class Answer:
    """What the owner says. With `mended` the value as it stands in the register now, who states it, and its level if known."""

    outcome: str
    explanation: str
    value: str = ""
    source: str = ""
    level: int | None = None


def owner_of(case: ReturnCase, field: str) -> Organisation:
    """Who answers for a field: the organisation that stated the value, if it answers for identity, else the field's own owner."""
    known = known_today()
    source = known.sources.get(stated_of(case.person, field, known).source)
    if source is not None and source.organisation is not None and kind_for(source.organisation) is not None:
        return source.organisation
    fact: IdentityField = IdentityField.objects.valid().select_related("owner").get(code=field)
    return fact.owner


def kind_for(organisation: Organisation) -> RequestKind | None:
    found: RequestKind | None = RequestKind.objects.valid().filter(code=f"{PREFIX}{organisation.code}").first()
    return found


@transaction.atomic
def report_error(case: ReturnCase, new: NewReport, *, by: Member) -> ErrorReport:
    """Ask the owner of a field. Whoever sees the identity may; nothing of it changes. Raises NotAllowed, NotPossible."""
    case = lock_case(case)
    require(by, "identity.view", case)
    field = field_of(new.field)
    kind = kind_for(new.to_unit.organisation)
    if kind is None:
        raise NotPossible(_("%(unit)s does not answer for identity. Choose another unit.") % {"unit": new.to_unit})
    known = known_today()
    asked = offer_request(case, NewRequest(kind, new.to_unit, new.reason, due_by_term(kind), topic=field.name), by=by)
    report = ErrorReport(
        request=asked,
        case=case,
        person=case.person,
        conflict=new.conflict,
        field=field.name,
        stored_value=field.read(case.person)[:LONGEST],
        stored_source=stated_of(case.person, field.name, known).source,
        proposed_value=new.proposed.strip()[:LONGEST],
    )
    return save_as(report, by=by, reason=gettext_noop("Error in identity reported"))


@transaction.atomic
def answer_report(report: ErrorReport, answer: Answer, *, by: Member, version: int | None = None) -> ErrorReport:
    """The owner's answer: accepts the request where it was only offered, records the answer, and ends it.

    Mended: the field gets the new value, or a difference is recorded where the value here is surer. Raises NotAllowed,
    NotPossible, and Stale when the page was drawn from an older version of the request.
    """
    case, asked = locked(report.request)
    require_receiver(by, asked)
    if asked.status not in RUNNING:
        raise NotPossible(asked.why_no_longer())
    check_version(asked, version)
    if asked.status == Status.OFFERED:
        accept_request(asked, by=by)
        case, asked = locked(report.request)
    report = ErrorReport.objects.select_related("conflict").get(pk=report.pk)
    report.request, report.case = asked, case
    _write(report, answer, by)
    if report.outcome == Outcome.MENDED:
        _mend(case, report, by)
    elif report.conflict is not None and report.conflict.resolved_on is None:
        dispute(case, report.conflict, by=by)
    save_as(report, by=by, reason=MENDED if report.outcome == Outcome.MENDED else gettext_noop("Not an error"))
    mark_reported(case, asked, by=by, member=by)
    return report


def _write(report: ErrorReport, answer: Answer, by: Member) -> None:
    if answer.outcome not in (Outcome.MENDED, Outcome.NO_ERROR):
        raise NotPossible(_("Choose whether it was mended or is not an error."))
    if not answer.explanation.strip():
        raise NotPossible(_("Explain your answer. Who reported the error reads it."))
    report.outcome, report.explanation = answer.outcome, answer.explanation.strip()
    report.answered_by, report.answered_at = by, clock.now()
    if report.outcome != Outcome.MENDED:
        return
    value = field_of(report.field).clean(answer.value)
    if not value:
        raise NotPossible(_("Fill in the new value."))
    if not IdentitySource.objects.valid().filter(code=answer.source).exists():
        raise NotPossible(_("Choose on what the new value rests."))
    if answer.level is not None and answer.level not in known_today().levels:
        raise NotPossible(_("Choose the level, or that it is not established."))
    report.new_value, report.new_source, report.new_level = value, answer.source, answer.level


def _mend(case: ReturnCase, report: ErrorReport, by: Member) -> None:
    """One act: the person, or a difference. A fact that is not changed here is always a difference."""
    known, name = known_today(), report.field
    stored = stated_of(case.person, name, known)
    level = report.new_level if report.new_level is not None else known.level_of(report.new_source)
    new, field = Stated(report.new_source, level), field_of(name)
    here = field.read(case.person)
    changed_here = IdentityField.objects.valid().filter(code=name, is_changed_here=True).exists()
    if changed_here and known.may_replace(stored.level, level):
        set_field(case, name, report.new_value, new, by=by, reason=MENDED)
        if here and here != report.new_value:
            publish(case, Fact(FactKind.IDENTITY_DISPUTED, name, key=f"report:{report.pk}"), by=by)
    elif here != report.new_value:
        report.disputed = _differing(case, report, stored, new, by=by)


def _differing(case: ReturnCase, report: ErrorReport, stored: Stated, new: Stated, *, by: Member) -> IdentityConflict:
    """The difference between the two, once: the one that is open already with this value and source stays the one."""
    same = {"field": report.field, "offered_value": report.new_value, "offered_source": new.source}
    conflict = case.person.identity_conflicts.filter(resolved_on=None, **same).first()
    if conflict is None:
        conflict = IdentityConflict(
            person=case.person,
            stored_value=field_of(report.field).read(case.person),
            stored_source=stored.source,
            stored_level=stored.level,
            offered_level=new.level,
            noted_on=clock.today(),
            **same,
        )
        save_as(conflict, by=by, reason=MENDED)
    dispute(case, conflict, by=by)
    return conflict


def report_of(request: Request) -> ErrorReport | None:
    return ErrorReport.objects.filter(request=request).select_related("conflict").first()
