"""The second wall: what the database itself shows, whatever question the application asks."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from cases.case.models import InvolvementGround, Part, ProtectedAddress, ReturnCase, Signal
from cases.case.models.choices import SignalKind
from cases.departure.actions import Left, record_left
from cases.procedure.models import Postponement, PostponementKind, PostponementStep
from cases.supervision.measure_actions import NewCourtFact, NewExtension, extend, record_court
from cases.terms.actions import Statement, state_for_guards
from cases.terms.incidents import reply
from cases.terms.keeping import keep_stale
from cases.terms.models import Incident, KeptDeadline, Reminder
from cases.terms.watching import stop_watching
from handover.referrals.states import Finding
from leidraad.celery import app
from leidraad.lib import clock, wall
from leidraad.lib.audit import save_as
from leidraad.lib.jobs import NamedTask
from leidraad.lib.who import acting, principal
from partners.middleware import behind_the_wall
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, as_member
from tests.factories import at_site, involve, led_case, received_case, unit
from tests.handover.referred import filed, judged
from tests.supervision.measures import ago, detained
from tests.terms.placed import stopped

pytestmark = pytest.mark.django_db
TABLES = sorted(wall.walled_tables())

# Names under which something stands that is nobody's business but a few people's; `cases/case/walls.py` tells how to wall it.
TELLING = re.compile(
    r"medical|health|measure|vulnerab|court|custody|detention|risk|protected|iom|talk|interview|document|incident|signal",
    re.I,
)
OPEN = {
    "MeasureKind": "reference data: kinds of measures and their rules",
    "ReceptionForm": "reference data: names of forms of reception",
    "SectionException": "says that a section is open or shut for a unit, nothing of what stands in it",
}


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """Led by a regievoerder, at a site of COA, with a protected address, a signal of each kind and a detention before the
    court, a stop, a removal that was held back, beside it a referral about somebody else that was judged, and history of all."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    today = date(2026, 11, 23)
    save_as(ProtectedAddress(case=case, street="Geheim 1", city="Elders", source="IND", since=today), by=PRINCIPAL)
    for kind in (SignalKind.MEDICAL, SignalKind.PUBLIC_ORDER, SignalKind.MINOR):
        save_as(Signal(case=case, kind=kind, source="IND", noted_on=today), by=PRINCIPAL)
    measure = detained(cast, case, test_text="x")
    record_court(measure, NewCourtFact("notice", ago(1)), by=cast.ua)
    today = clock.today()
    extend(measure, NewExtension(today, today, "foreign_papers", today + timedelta(days=300)), by=cast.ua)
    kind_of_postponement = PostponementKind.objects.get(code="art64")
    postponement = Postponement(case=case, kind=kind_of_postponement, section="medical", state="granted", since=today)
    postponement.source, postponement.recorded_at = "IND", clock.now()
    save_as(postponement, by=PRINCIPAL)
    save_as(PostponementStep(postponement=postponement, state="granted", on=today, source="IND"), by=PRINCIPAL)
    state_for_guards(case, Statement("fitness", "unfit", today, source="arts"), by=cast.regievoerder)
    stopped(case, cast.regievoerder, "unfit")
    left = record_left(case, Left("forced_removal", "DZA", clock.today()), by=cast.regievoerder)
    reply(Incident.objects.get(source=f"departure:{left.pk}"), "Dit ging mis.", by=cast.manager)
    judged(cast, filed(cast.gemeente), Finding.NO_ACTION)
    keep_stale()
    for term in KeptDeadline.objects.filter(case=case).exclude(due=None)[:1]:
        copied = {name: getattr(term, name) for name in ("key", "due", "is_liberty", "owner", "sees", "walled")}
        Reminder.objects.create(case=case, days=0, audience="unit", made_at=clock.now(), **copied)
        stop_watching(case, term.key, term.due, "test", by=cast.regievoerder)
    return case


@pytest.mark.parametrize("table", TABLES)
def test_where_nobody_acts_a_raw_question_finds_nothing(case: ReturnCase, table: str) -> None:
    assert count(table) > 0
    with acting(None, None, None):
        assert count(table) == 0


def test_the_application_reads_behind_the_wall_as_a_role_that_does_not_own_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("leidraad_app", False, False)
        cursor.execute("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchall() == []


def test_a_unit_finds_its_own_case_and_no_other_however_it_asks(cast: Cast, case: ReturnCase) -> None:
    elsewhere = led_case(cast.regievoerder2)

    with as_member(cast.regievoerder):
        assert list(ReturnCase.objects.values_list("pk", flat=True)) == [case.pk]
        assert set(ReturnCase.history.values_list("id", flat=True)) == {case.pk}
    with as_member(cast.regievoerder2):
        assert list(ReturnCase.objects.values_list("pk", flat=True)) == [elsewhere.pk]
        assert not ProtectedAddress.objects.exists()


def test_a_unit_without_the_grant_reads_no_protected_address_and_no_sensitive_signal(
    cast: Cast, case: ReturnCase
) -> None:
    with as_member(cast.casemanager):
        assert ReturnCase.objects.filter(pk=case.pk).exists()
        assert not ProtectedAddress.objects.exists()
        assert not ProtectedAddress.history.exists()
        assert list(Signal.objects.values_list("kind", flat=True)) == [SignalKind.MINOR]
        assert set(Signal.history.values_list("kind", flat=True)) == {SignalKind.MINOR}
    with as_member(cast.regievoerder):
        assert ProtectedAddress.objects.count() == 1
        assert Signal.objects.count() == 3


def test_a_right_that_ended_ends_behind_the_wall_too(cast: Cast, case: ReturnCase) -> None:
    from cases.case.grants import end_involvement

    end_involvement(case.involvements.get(part=Part.RECEPTION, until=None), by=PRINCIPAL, reason="moved")

    with as_member(cast.casemanager):
        assert not ReturnCase.objects.exists()
        assert not ReturnCase.history.exists()


def test_what_one_does_not_see_one_cannot_change(cast: Cast, case: ReturnCase) -> None:
    with as_member(cast.regievoerder2), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_returncase SET residence_text = 'x' WHERE id = %s", [case.pk])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM cases_signal WHERE case_id = %s", [case.pk])
        assert cursor.rowcount == 0


def test_who_is_asked_finds_the_case_before_having_a_part_in_it(cast: Cast) -> None:
    from tests.requests.asked import offered

    request = offered(cast)
    with as_member(cast.politie):
        assert ReturnCase.objects.filter(pk=request.case_id).exists() is True
    with as_member(cast.kmar):
        assert not ReturnCase.objects.exists()


def test_a_principal_sees_its_own_tables_and_no_others(case: ReturnCase) -> None:
    with acting(None, None, None):
        with principal("figures"):
            assert (count("cases_returncase"), count("cases_protectedaddress")) == (1, 0)
        with principal("protection"):
            assert (count("cases_returncase"), count("cases_protectedaddress")) == (0, 1)
        with principal("nobody-registered-this"):
            assert (count("cases_returncase"), count("cases_protectedaddress")) == (0, 0)
        assert count("cases_returncase") == 0


def test_what_a_principal_sees_is_over_when_its_work_is(cast: Cast, case: ReturnCase) -> None:
    with as_member(cast.regievoerder2):
        with principal("figures"):
            assert ReturnCase.objects.exists()
        assert not ReturnCase.objects.exists()
        with pytest.raises(RuntimeError), principal("figures"):
            raise RuntimeError
        assert not ReturnCase.objects.exists()


def test_after_a_statement_that_failed_the_unit_still_is_who_acts(cast: Cast, case: ReturnCase) -> None:
    with as_member(cast.regievoerder2):
        with pytest.raises(Exception, match="does not exist"), transaction.atomic(), principal("figures"):
            connection.cursor().execute("SELECT no_such_column FROM cases_returncase")
        assert not ReturnCase.objects.exists()


def test_a_request_is_answered_behind_the_wall_of_its_member(cast: Cast, case: ReturnCase) -> None:
    def careless(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(ReturnCase.objects.count()))

    def answer(member: Member | None, method: str) -> bytes:
        request = RequestFactory().generic(method, "/")
        with behind_the_wall(request, member):
            return bytes(careless(request).content)

    for method in ("GET", "POST"):
        assert answer(cast.regievoerder, method) == b"1"
        assert answer(cast.regievoerder2, method) == b"0"
        assert answer(None, method) == b"0"


@pytest.mark.django_db(transaction=True)
def test_the_next_borrower_of_the_connection_is_nobody(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    with as_member(cast.regievoerder):
        assert ReturnCase.objects.filter(pk=case.pk).exists()
        with transaction.atomic():
            assert ReturnCase.objects.filter(pk=case.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('leidraad.unit', true), current_setting('leidraad.group', true)")
        assert set(cursor.fetchone()) <= {"", None}


@pytest.mark.django_db(transaction=True)
def test_statements_between_the_acts_of_a_form_are_behind_the_wall_too(cast: Cast) -> None:
    mine, other = led_case(cast.regievoerder), led_case(cast.regievoerder2)

    with as_member(cast.regievoerder):
        before = set(ReturnCase.objects.values_list("pk", flat=True))
        with transaction.atomic():
            during = set(ReturnCase.objects.values_list("pk", flat=True))
        after = set(ReturnCase.objects.filter(pk__in=[mine.pk, other.pk]).values_list("pk", flat=True).iterator())

    assert before == during == after == {mine.pk}


def test_copies_that_triggers_keep_do_not_depend_on_who_set_them_going(cast: Cast) -> None:
    case = received_case()
    with as_member(cast.kmar):  # sees nothing of this case
        involve(case, unit("avim-noord"), Part.SUPERVISION, InvolvementGround.TASK)
        case.person.surname = "Anders"
        save_as(case.person, by=cast.kmar)

    grant = case.grants.get(group_id=unit("avim-noord").group_id, permission__codename="view_returncase")
    assert (grant.is_listed, grant.sort_name) == (True, "anders sami")


def test_the_wall_stands_before_every_table_that_is_registered() -> None:
    assert wall.standing() == set(wall.walled_tables())


def test_no_table_with_a_telling_name_comes_without_a_wall() -> None:
    def is_ours(model: type[models.Model]) -> bool:
        return model.__module__.split(".")[0] in ("cases", "handover", "partners") and not hasattr(
            model, "instance_type"
        )

    bare = [
        model.__name__
        for model in apps.get_models()
        if is_ours(model)
        and TELLING.search(model.__name__)
        and model not in wall.CONDITIONS
        and model.__name__ not in OPEN
    ]
    assert bare == []


@pytest.mark.parametrize("name", ["verify_log", "bench"])
def test_who_must_see_everything_is_let_past_every_wall(name: str) -> None:
    assert set(wall.PRINCIPALS[name].tables) == set(wall.walled_tables())


def test_whether_an_address_is_protected_is_asked_past_the_wall_or_by_who_may_see_it() -> None:
    """Behind the wall no row reads as "not protected"; who asks there must have the right, or use `is_protected`."""
    asking = {
        str(path.relative_to(settings.BASE_DIR))
        for room in ("cases", "handover", "leidraad")
        for path in (settings.BASE_DIR / room).rglob("*.py")
        if re.search(r"ProtectedAddress\.objects|\.protectedaddresses", path.read_text(encoding="utf-8"))
    }
    asks_the_right_first = {"cases/requests/actions.py", "cases/requests/places.py", "leidraad/pages/case_person.py"}

    assert asking == {"cases/case/protection.py", "cases/reception/register.py", *asks_the_right_first}


def test_every_job_says_who_it_is(cast: Cast) -> None:
    """A job of ours that is registered for nothing sees nothing; those that read cases are registered with a purpose."""
    ours = {
        name
        for name in app.tasks
        if name.split(".")[0] in ("cases", "requests", "procedure", "supervision", "handover")
    }

    assert ours <= set(wall.PRINCIPALS)
    assert all(wall.PRINCIPALS[name].purpose for name in ours)
    assert all(isinstance(app.tasks[name], NamedTask) for name in ours)


def test_a_job_works_as_its_principal_and_an_unknown_one_sees_nothing(case: ReturnCase) -> None:
    seen: list[int] = []

    @app.task(name="cases.resume_redistributions_of_a_test", base=NamedTask)  # type: ignore[untyped-decorator]
    def look() -> None:
        seen.append(ReturnCase.objects.count())

    with acting(None, None, None):
        look()
        wall.PRINCIPALS[look.name] = wall.Principal("figures", "a test", ())
        try:
            look()
        finally:
            del wall.PRINCIPALS[look.name]
            app.tasks.pop(look.name)

    assert seen == [0, 1]
