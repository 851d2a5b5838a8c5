"""Stating what no other room records yet, for the guards, and taking back what was stated wrongly."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import Access, access_of, require
from cases.case.actions import lock_case
from cases.case.models import ReturnCase
from cases.case.nationalities import nationality_codes
from cases.terms.guards.known import TOPIC_SECTIONS, Topic
from cases.terms.models import GuardStatement
from cases.terms.models.statements import MOST_REASON
from cases.terms.statement_words import VALUES
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Member
from partners.policy import SENSITIVE

CHANGE = "postponement.change"
STATED = gettext_noop("Stated before departure")
WITH_COUNTRY = frozenset({"protected", "consulted"})
WITH_DAY = frozenset({"expected", "born"})


@dataclass(frozen=True)
class Statement:
    """What somebody states. `on` is the day on which it was so, `until` the last day on which it may be relied on."""

    topic: str
    value: str
    on: date
    source: str
    until: date | None = None
    country: str = ""
    subject_day: date | None = None


def may_state(access: Access, topic: Topic) -> bool:
    """Who records grounds for postponement states these too; about a sensitive topic only who may see its section."""
    section = TOPIC_SECTIONS[topic]
    return access.can(CHANGE) and (section not in SENSITIVE or access.can(f"{section}.view"))


@transaction.atomic
def state_for_guards(case: ReturnCase, statement: Statement, *, by: Member) -> GuardStatement:
    """Record a statement in a case. It takes the place of an older one on its topic, which stays readable."""
    case = lock_case(case)
    require(by, CHANGE, case)
    topic = _checked(statement)
    section = TOPIC_SECTIONS[topic]
    if not may_state(access_of(by, case), topic):
        raise NotAllowed(f"{section}.view", case)
    if case.is_closed:
        raise NotPossible(_("This case is closed. Reopen it first."))
    row = GuardStatement(
        case=case,
        topic=topic,
        value=statement.value,
        section=section,
        on=statement.on,
        until=statement.until,
        country=statement.country,
        subject_day=statement.subject_day,
        source=statement.source.strip()[:80],
        recorded_by=by,
        unit=by.acting_unit,
        recorded_at=clock.now(),
    )
    return save_as(row, by=by, reason=STATED)


def _checked(statement: Statement) -> Topic:
    """Raises NotPossible with a sentence for the user."""
    if statement.topic not in list(Topic) or statement.value not in VALUES[Topic(statement.topic)]:
        raise NotPossible(_("Choose what you state."))
    if statement.on > clock.today():
        raise NotPossible(_("State what is so now: the day cannot lie in the future."))
    if statement.until is not None and statement.until < statement.on:
        raise NotPossible(_("The last day must not lie before the first day."))
    if not statement.source.strip():
        raise NotPossible(_("Write who says so, or in which document it stands."))
    if statement.value in WITH_COUNTRY and statement.country not in nationality_codes():
        raise NotPossible(_("Choose the member state."))
    if statement.value in WITH_DAY and statement.subject_day is None:
        raise NotPossible(_("Fill in the day of the birth."))
    return Topic(statement.topic)


@transaction.atomic
def strike_statement(statement: GuardStatement, reason: str, *, by: Member) -> GuardStatement:
    """Take back what was stated wrongly. It stays readable with the reason; an older statement counts again."""
    case = lock_case(statement.case_id)
    require(by, CHANGE, case)
    if not may_state(access_of(by, case), Topic(statement.topic)):
        raise NotAllowed(f"{statement.section}.view", case)
    if not reason.strip():
        raise NotPossible(_("Say why this was recorded wrongly."))
    if len(reason.strip()) > MOST_REASON:
        raise NotPossible(_("Say why in at most %(count)d characters.") % {"count": MOST_REASON})
    row = GuardStatement.objects.standing().filter(pk=statement.pk, case=case).first()
    if row is None:
        raise NotPossible(_("This was taken back already."))
    row.struck_at, row.reason = clock.now(), reason.strip()
    return save_as(row, by=by, reason=row.reason)
