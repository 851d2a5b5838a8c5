"""*Fout melden*: who sees the identity asks its owner; only the answer changes something, and only from a level that may."""

from typing import Any

import pytest

from cases.case.actions import close_case
from cases.case.models import IdentityConflict, Involvement, Part, Person, ReturnCase, Task
from cases.identity.fields import FIELDS
from cases.identity.models import ErrorReport, Outcome
from cases.identity.reporting import Answer, answer_report, owner_of
from cases.identity.sources import known_today, stated_of
from cases.procedure.models import RemovabilityAnswer
from cases.requests.actions import accept_request, decline_request
from cases.requests.models import Request, RequestKind
from cases.requests.states import Status
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from tests.cast import Cast
from tests.factories import at_site, involve, led_case, person, unit
from tests.identity.disputed import at_level, conflict, reported, taken_on
from tests.procedure.answered import answered
from tests.requests.test_two_at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return at_site(led_case(cast.regievoerder, person(surname="Amari", birth_year=1994)), unit("azc-veenmeer"))


def mended(value: str = "Benali", **values: Any) -> Answer:
    given: dict[str, Any] = {"source": "BVV", "level": None} | values
    return Answer(Outcome.MENDED, "Hersteld na controle van het paspoort.", value, **given)


NO_ERROR = Answer(Outcome.NO_ERROR, "Zo staat het in het register.")


def surname(case: ReturnCase) -> str:
    return Person.objects.get(pk=case.person_id).surname


def test_reporting_asks_the_owner_and_changes_nothing_of_the_identity(cast: Cast, case: ReturnCase) -> None:
    report = reported(case, cast.casemanager, proposed="Benali")

    assert (report.request.status, report.request.to_unit.code, report.stored_value) == (
        Status.OFFERED,
        "ind-noord",
        "Amari",
    )
    assert surname(case) == "Amari"
    assert not IdentityConflict.objects.exists()
    task = Task.objects.open().get(source=report.request.source)
    assert (task.unit.code, task.url_name) == ("ind-noord", "identity:report")


def test_whoever_sees_the_identity_may_report_also_who_asks_nothing_else(cast: Cast, case: ReturnCase) -> None:
    involve(case, cast.kmar.acting_unit, Part.ESCORT)
    for member in (cast.coa_receptie, cast.kmar, cast.regievoerder):
        assert reported(case, member).pk


def test_who_does_not_see_the_identity_reports_nothing(cast: Cast, case: ReturnCase) -> None:
    with pytest.raises(ReturnCase.DoesNotExist):
        reported(case, cast.regievoerder2)
    assert not Request.objects.exists()


def test_a_unit_reports_several_facts_but_each_of_them_once(cast: Cast, case: ReturnCase) -> None:
    reported(case, cast.regievoerder, "surname")
    reported(case, cast.regievoerder, "birth_date")

    with pytest.raises(NotPossible):
        reported(case, cast.regievoerder, "surname")
    assert ErrorReport.objects.count() == 2


def test_on_a_closed_case_or_to_who_does_not_answer_nothing_is_reported(cast: Cast, case: ReturnCase) -> None:
    with pytest.raises(NotPossible):
        reported(case, cast.regievoerder, to="nidos-noord")
    with pytest.raises(NotPossible):
        reported(case, cast.regievoerder, "schoenmaat")
    close_case(case, "other", by=cast.regievoerder, reason="test")
    with pytest.raises(NotPossible):
        reported(case, cast.regievoerder)


@pytest.mark.parametrize(("source", "owner"), [("AVIM", "police"), ("KMAR", "kmar"), ("IND", "ind"), ("DTV", "ind")])
def test_who_stated_a_fact_answers_for_it_else_the_owner_of_the_field(cast: Cast, source: str, owner: str) -> None:
    assert owner_of(led_case(cast.regievoerder, person(source=source)), "surname").code == owner


def test_the_owner_sees_who_it_is_after_accepting_only_and_loses_it_with_the_answer(
    cast: Cast, case: ReturnCase
) -> None:
    report = reported(case, cast.casemanager)
    assert not ReturnCase.objects.visible_to(cast.ind).filter(pk=case.pk).exists()

    report.request = accept_request(report.request, by=cast.ind)
    part = Involvement.objects.running().get(case=case, unit__code="ind-noord")
    assert part.part == Part.IDENTITY
    answer_report(report, NO_ERROR, by=cast.ind)

    assert not ReturnCase.objects.visible_to(cast.ind).filter(pk=case.pk).exists()


def test_not_an_error_ends_it_and_who_reported_reads_why(cast: Cast, case: ReturnCase) -> None:
    report = answer_report(taken_on(cast, case, cast.casemanager), NO_ERROR, by=cast.ind)

    assert (report.outcome, surname(case)) == (Outcome.NO_ERROR, "Amari")
    assert Request.objects.get().status == Status.DONE
    assert not Task.objects.open().filter(source=report.request.source).exists()
    told = Notice.objects.get(kind="request_answered")
    assert (told.member, told.url_name) == (cast.casemanager, "cases:person")


def test_mended_changes_the_field_with_its_source_and_level_in_one_act(cast: Cast, case: ReturnCase) -> None:
    report = answer_report(taken_on(cast, case, cast.casemanager), mended(level=4), by=cast.ind)

    now = Person.objects.get(pk=case.person_id)
    stated = stated_of(now, "surname", known_today())
    assert (now.surname, stated.source, stated.level) == ("Benali", "BVV", 4)
    version = now.history.latest()
    assert (version.history_user, version.history_change_reason) == (cast.ind, "Mended in the register")
    assert report.disputed is None


def test_mended_from_a_lower_level_is_a_difference_that_a_person_decides(cast: Cast, case: ReturnCase) -> None:
    at_level("IND", 6)
    report = answer_report(taken_on(cast, case, cast.casemanager), mended(level=5), by=cast.ind)

    one = IdentityConflict.objects.get()
    assert (surname(case), report.disputed) == ("Amari", one)
    assert (one.stored_level, one.offered_value, one.offered_source, one.offered_level) == (6, "Benali", "BVV", 5)
    task = Task.objects.open().get(source=f"identity:{one.pk}")
    assert (task.unit, task.assignee) == (case.led_by, cast.regievoerder)


def test_a_mended_v_number_is_always_a_difference(cast: Cast, case: ReturnCase) -> None:
    report = taken_on(cast, case, cast.casemanager, "v_number")
    answer_report(report, mended("9990000017", level=8), by=cast.ind)

    assert IdentityConflict.objects.get().field == "v_number"
    assert Person.objects.get(pk=case.person_id).v_number == case.person.v_number


def test_what_was_mended_settles_the_difference_from_which_the_owner_was_asked(cast: Cast, case: ReturnCase) -> None:
    one, other = conflict(case), conflict(case, offered="Ammari")
    report = taken_on(cast, case, cast.regievoerder, conflict=one)

    answer_report(report, mended(), by=cast.ind)

    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.decision, other.decision, other.stored_value) == ("take", "", "Benali")


def test_a_difference_that_the_owner_calls_no_error_is_still_a_persons_to_decide(cast: Cast, case: ReturnCase) -> None:
    one = conflict(case)
    answer_report(taken_on(cast, case, cast.regievoerder, conflict=one), NO_ERROR, by=cast.ind)

    one.refresh_from_db()
    assert one.resolved_on is None
    assert Task.objects.open().filter(source=f"identity:{one.pk}", unit=case.led_by).exists()


def test_another_nationality_puts_the_answer_about_removability_in_doubt(cast: Cast) -> None:
    answer = answered(cast)
    report = taken_on(cast, answer.case, cast.regievoerder, "nationality")

    answer_report(report, mended("MAR"), by=cast.ind)

    assert RemovabilityAnswer.objects.get(pk=answer.pk).is_overtaken


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "2199-01-01"),
        ("birth_date", "31-02-1994"),
        ("sex", "Q"),
        ("nationality", "XYZ"),
        ("surname", " "),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_answered(
    cast: Cast, case: ReturnCase, field: str, value: str
) -> None:
    report = taken_on(cast, case, cast.casemanager, field)

    with pytest.raises(NotPossible):
        answer_report(report, mended(value), by=cast.ind)
    assert ErrorReport.objects.get().outcome == ""
    assert Request.objects.get().status == Status.ACCEPTED


def test_an_answer_needs_an_explanation_a_source_and_a_known_level(cast: Cast, case: ReturnCase) -> None:
    report = taken_on(cast, case, cast.casemanager)

    for wrong in (
        Answer(Outcome.NO_ERROR, " "),
        Answer("misschien", "Toelichting"),
        mended(source="KRANT"),
        mended(level=9),
    ):
        with pytest.raises(NotPossible):
            answer_report(report, wrong, by=cast.ind)


def test_only_the_unit_that_was_asked_answers(cast: Cast, case: ReturnCase) -> None:
    report = taken_on(cast, case, cast.casemanager)

    for member in (cast.casemanager, cast.politie, cast.regievoerder):
        with pytest.raises(NotAllowed):
            answer_report(report, NO_ERROR, by=member)


def test_declining_tells_who_reported_it_and_nothing_changes(cast: Cast, case: ReturnCase) -> None:
    report = reported(case, cast.casemanager)

    decline_request(report.request, "De politie heeft dit vastgesteld.", by=cast.ind)

    assert Notice.objects.get(kind="request_declined").member == cast.casemanager
    assert surname(case) == "Amari"


def test_the_kinds_are_not_in_the_list_of_what_to_ask(cast: Cast) -> None:
    kinds = RequestKind.objects.valid().filter(code__startswith="identity_error_")

    assert {kind.answered_by.code for kind in kinds} == {"ind", "police", "kmar"}
    assert all(kind.has_own_page and not kind.needs_confirmation for kind in kinds)


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("14-03-1994", "1994-03-14", "14 maart 1994"),
        ("3-1994", "1994-03", "maart 1994"),
        ("1994", "1994", "1994"),
        ("1994-03-14", "1994-03-14", "14 maart 1994"),
    ],
)
def test_a_birth_date_is_read_as_people_write_it(typed: str, kept: str, shown: str) -> None:
    field = FIELDS["birth_date"]

    assert (field.clean(typed), field.words(kept)) == (kept, shown)


@pytest.mark.parametrize("name", list(FIELDS))
def test_what_a_field_reads_it_also_writes(cast: Cast, name: str) -> None:
    one, field = person(nationality_established=True, unaccompanied_minor=False), FIELDS[name]
    before = field.read(one)

    if name == "v_number":
        with pytest.raises(NotPossible):
            field.write(one, before)
    else:
        field.write(one, "")
        field.write(one, before)
        assert field.read(one) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_does(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder, person(surname="Amari")), unit("azc-veenmeer"))
    report, officer = taken_on(cast, case, cast.casemanager), cast.ind

    results = at_once(
        lambda: answer_report(report, mended("Benali"), by=officer),
        lambda: answer_report(report, NO_ERROR, by=officer),
    )

    assert results[0] == ""
    assert results[1] != ""
    assert ErrorReport.objects.get().answered_by == officer
