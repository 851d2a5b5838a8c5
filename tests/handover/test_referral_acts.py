"""Filing, correcting, withdrawing; taking up, matching, taking back: who may, what follows, and two at once."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client

from cases.case.actions import close_case
from cases.case.models import PersonAlias, ReturnCase, Task
from handover.actions import accept_handover, mark_opened
from handover.models import Referral, ReferralJudgement
from handover.referrals import actions, judging
from handover.referrals.states import Finding, Status
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import led_case, person, received_case, second_unit
from tests.handover.hand import offered
from tests.handover.referred import filed, form_data, judged, told

pytestmark = pytest.mark.django_db


def desk_tasks(referral: Referral) -> list[Task]:
    return list(Task.objects.open().filter(source=referral.source, unit=referral.desk))


def kinds(unit: object) -> list[str]:
    return list(Notice.objects.filter(unit=unit).order_by("pk").values_list("kind", flat=True))  # type: ignore[misc]


# --- the reporter ---------------------------------------------------------------------------------------------------


def test_filing_gives_intake_one_task_with_a_date_and_no_case(cast: Cast) -> None:
    referral = filed(cast.gemeente)

    (task,) = desk_tasks(referral)
    assert (task.case, task.title, task.assignee) == (None, "Judge a referral", None)
    assert task.due_at is not None
    assert referral.history.latest().history_user == cast.gemeente
    assert referral.history.latest().history_organisation == "municipality"


def test_the_same_form_sent_twice_is_one_referral(cast: Cast) -> None:
    new, key = told(cast.gemeente), uuid4()

    first = actions.file_referral(new, by=cast.gemeente, key=key)
    second = actions.file_referral(new, by=cast.gemeente, key=key)

    assert first == second
    assert Referral.objects.count() == Task.objects.filter(source=first.source).count() == 1


def test_the_key_of_another_unit_gives_nothing_away(cast: Cast) -> None:
    key = uuid4()
    theirs = actions.file_referral(told(cast.politie), by=cast.politie, key=key)

    own = actions.file_referral(told(cast.gemeente), by=cast.gemeente, key=key)

    assert own != theirs
    assert own.from_unit == cast.gemeente.acting_unit


@pytest.mark.parametrize("username", ["regievoerder", "manager", "intake", "dia", "auditor", "privacy", "beheer"])
def test_who_opens_cases_or_sees_none_refers_nobody(cast: Cast, username: str) -> None:
    new = told(cast.gemeente)

    with pytest.raises(NotAllowed):
        actions.file_referral(new, by=getattr(cast, username), key=uuid4())


def test_a_reason_of_another_organisation_is_refused(cast: Cast) -> None:
    new = told(cast.gemeente, reason="asks_reception")

    with pytest.raises(NotPossible):
        actions.file_referral(new, by=cast.politie, key=uuid4())


@pytest.mark.parametrize("username", ["iom", "vwn"])
def test_who_works_with_consent_refers_nobody_without_it(cast: Cast, username: str) -> None:
    member: Member = getattr(cast, username)

    with pytest.raises(NotPossible):
        actions.file_referral(told(member, consented=None), by=member, key=uuid4())
    assert filed(member).consented is True
    assert filed(cast.politie).consented is None


def test_withdrawing_ends_the_task_and_can_be_taken_back(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    due = desk_tasks(referral)[0].due_at

    referral = actions.withdraw(referral, "Dubbel", by=cast.gemeente, version=referral.version)
    assert (referral.status, desk_tasks(referral)) == (Status.WITHDRAWN, [])
    assert referral.history.latest().history_change_reason == "Dubbel"

    referral = actions.restore(referral, by=cast.gemeente, version=referral.version)
    assert referral.status == Status.FILED
    assert [task.due_at for task in desk_tasks(referral)] == [due]


def test_withdrawing_what_a_clerk_has_in_hand_tells_that_clerk(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    referral = judging.take_up(referral, by=cast.intake, version=referral.version)

    actions.withdraw(referral, "Dubbel", by=cast.gemeente, version=referral.version)

    notice = Notice.objects.get(kind="referral_withdrawn")
    assert (notice.unit, notice.member) == (referral.desk, cast.intake)


@pytest.mark.parametrize("finding", list(Finding))
def test_what_is_dealt_with_is_not_withdrawn_any_more(cast: Cast, finding: Finding) -> None:
    case = led_case(cast.regievoerder) if finding == Finding.MATCHED else None
    referral = judged(cast, filed(cast.gemeente), finding, case)

    with pytest.raises(NotPossible, match="DT&V heeft deze aanmelding al afgehandeld"):
        actions.withdraw(referral, "Dubbel", by=cast.gemeente, version=referral.version)


def test_a_mistake_is_put_right_by_a_new_one_that_names_the_old(cast: Cast) -> None:
    wrong = filed(cast.gemeente)

    right = actions.file_referral(told(cast.gemeente, surname="Anders"), by=cast.gemeente, key=uuid4(), corrects=wrong)

    wrong.refresh_from_db()
    assert (right.corrects, wrong.status, wrong.surname) == (wrong, Status.WITHDRAWN, "Onbekende")
    assert (desk_tasks(wrong), len(desk_tasks(right))) == ([], 1)
    with pytest.raises(NotPossible):
        actions.restore(wrong, by=cast.gemeente, version=wrong.version)
    with pytest.raises(NotPossible):
        actions.file_referral(told(cast.gemeente), by=cast.gemeente, key=uuid4(), corrects=wrong)


def test_nobody_touches_a_referral_of_another_unit(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    acts: list[Callable[[], object]] = [
        lambda: actions.withdraw(referral, "x", by=cast.politie, version=referral.version),
        lambda: actions.restore(referral, by=cast.politie, version=referral.version),
        lambda: actions.file_referral(told(cast.politie), by=cast.politie, key=uuid4(), corrects=referral),
        lambda: judging.take_up(referral, by=cast.politie, version=referral.version),
        lambda: judging.judge(referral, Finding.NO_ACTION, reason="x", by=cast.gemeente, version=referral.version),
        lambda: judging.candidates(referral, by=cast.gemeente),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


# --- intake ---------------------------------------------------------------------------------------------------------


def test_matching_tells_the_responsible_unit_and_gives_it_a_task(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    referral = judged(cast, filed(cast.gemeente), Finding.MATCHED, case)

    task = Task.objects.open().get(source=referral.source)
    assert (task.unit, task.assignee, task.case) == (case.led_by, cast.regievoerder, case)
    notice = Notice.objects.get(kind="referral_matched")
    assert (notice.member, notice.case_number) == (cast.regievoerder, case.number)
    assert referral.status == Status.DEALT_WITH
    judgement = ReferralJudgement.objects.get()
    assert judgement.history.latest().history_user == cast.intake


def test_matching_gives_the_reporter_no_part_in_the_case(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    judged(cast, filed(cast.gemeente), Finding.MATCHED, case)

    assert not ReturnCase.objects.visible_to(cast.gemeente).exists()


def test_while_another_organisation_is_responsible_it_learns_nothing(cast: Cast) -> None:
    handover = offered(received_case())

    referral = judged(cast, filed(cast.gemeente), Finding.MATCHED, handover.case)
    assert not Task.objects.open().filter(source=referral.source).exists()
    assert "referral_matched" not in kinds(handover.from_unit)

    team = cast.regievoerder.acting_unit
    handover = mark_opened(handover, by=cast.intake)
    accept_handover(handover, team=team, director=cast.regievoerder, by=cast.intake)
    assert Task.objects.open().get(source=referral.source).unit == team
    assert "referral_matched" in kinds(team)


def test_a_case_that_must_be_opened_stays_with_the_desk_until_it_is_matched(cast: Cast) -> None:
    referral = judged(cast, filed(cast.gemeente), Finding.TO_OPEN)
    assert [task.title for task in desk_tasks(referral)] == ["Open a case for a referral"]
    assert list(Referral.objects.visible_to(cast.intake).to_open()) == [referral]

    referral = judged(cast, referral, Finding.MATCHED, led_case(cast.regievoerder))

    assert desk_tasks(referral) == []
    assert list(ReferralJudgement.objects.standing().values_list("finding", flat=True)) == [Finding.MATCHED]
    assert not Referral.objects.visible_to(cast.intake).to_open().exists()


def test_no_action_needs_a_reason(cast: Cast) -> None:
    referral = filed(cast.gemeente)

    with pytest.raises(NotPossible):
        judging.judge(referral, Finding.NO_ACTION, by=cast.intake, version=referral.version, reason=" ")


def test_a_closed_case_can_be_matched_and_its_unit_reads_it(cast: Cast) -> None:
    case = close_case(led_case(cast.regievoerder), "departed_independently", by=cast.regievoerder, reason="test")

    referral = judged(cast, filed(cast.gemeente), Finding.MATCHED, case)

    client = sign_in(Client(), cast.regievoerder)
    page = client.get(f"/zaken/{case.number}/aanmeldingen/")
    assert page.status_code == 200
    judgement = ReferralJudgement.objects.get()
    client.post(f"/zaken/{case.number}/aanmeldingen/", {"referral": judgement.pk})
    assert not Task.objects.open().filter(source=referral.source).exists()


def test_taking_back_ends_what_followed_and_keeps_what_was_judged(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    referral = judged(cast, filed(cast.gemeente), Finding.MATCHED, case)

    referral = judging.take_back(referral, "Iemand anders", by=cast.intake, version=referral.version)

    assert (referral.status, referral.taken_by) == (Status.TAKEN_UP, cast.intake)
    assert [task.unit for task in Task.objects.open().filter(source=referral.source)] == [referral.desk]
    assert "referral_unmatched" in kinds(case.led_by)
    undone = ReferralJudgement.objects.get()
    assert undone.undone_at is not None
    assert undone.history.latest().history_change_reason == "Iemand anders"
    client = sign_in(Client(), cast.regievoerder)
    assert "Onbekende" not in client.get(f"/zaken/{case.number}/aanmeldingen/").content.decode()


def test_the_second_clerk_reads_who_was_first(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    colleague = member_of(referral.desk, "intake_clerk")
    judging.take_up(referral, by=cast.intake, version=referral.version)

    with pytest.raises(NotPossible, match=str(cast.intake)):
        judging.take_up(referral, by=colleague, version=referral.version)
    with pytest.raises(Stale):
        judging.judge(referral, Finding.TO_OPEN, by=colleague, version=referral.version)

    referral = judged(cast, referral, Finding.TO_OPEN)
    with pytest.raises(NotPossible, match=f"{cast.intake} heeft deze aanmelding al beoordeeld"):
        judging.judge(referral, Finding.NO_ACTION, reason="x", by=colleague, version=referral.version)


def test_another_desk_judges_nothing_of_this_one(cast: Cast) -> None:
    referral = filed(cast.gemeente)
    elsewhere = member_of(second_unit("dtv-ilc-2", "dtv-ilc"), "intake_clerk")

    with pytest.raises(NotAllowed):
        judging.take_up(referral, by=elsewhere, version=referral.version)
    assert not Referral.objects.visible_to(elsewhere).exists()


# --- who it may be --------------------------------------------------------------------------------------------------


def found(cast: Cast, **values: object) -> list[tuple[str, list[str], list[str]]]:
    referral = filed(cast.gemeente, **values)
    return [(one.case.person.surname, one.agrees, one.differs) for one in judging.candidates(referral, by=cast.intake)]


def test_the_v_number_finds_somebody_under_another_name(cast: Cast) -> None:
    led_case(cast.regievoerder2, person(surname="Zwart", v_number="9995550001", nationality="DZA"))

    assert found(cast, surname="Wit", given_names="Jan", v_number="9995550001", nationality="") == [
        ("Zwart", ["zelfde V-nummer"], ["andere naam"])
    ]


def test_a_name_finds_its_variants_and_the_birth_date_decides_the_order(cast: Cast) -> None:
    led_case(cast.regievoerder, person(surname="Benali", given_names="Karim", birth_year=1970))
    led_case(cast.regievoerder2, person(surname="Ben Ali", given_names="Kareem", birth_year=1994))

    names = found(cast, surname="Benali", given_names="Karim", born=(1994, None, None), nationality="DZA")

    assert names == [
        ("Ben Ali", ["de naam lijkt erop", "zelfde geboortedatum", "zelfde nationaliteit"], []),
        ("Benali", ["zelfde naam", "zelfde nationaliteit"], ["andere geboortedatum"]),
    ]


def test_an_alias_finds_somebody(cast: Cast) -> None:
    who = person(surname="Kowalski", given_names="Piotr")
    save_as(PersonAlias(person=who, name="Novák Petr", source="IND"), by=PRINCIPAL)
    led_case(cast.regievoerder, who)

    assert found(cast, surname="Novak", given_names="Petr", nationality="") == [
        ("Kowalski", ["ook bekend onder deze naam"], [])
    ]


def test_nobody_is_found_where_nobody_resembles(cast: Cast) -> None:
    led_case(cast.regievoerder, person(surname="Kowalski", given_names="Piotr"))

    assert found(cast, surname="Nguyen", given_names="Thi", born=(1990, 5, 4)) == []


def test_first_names_alone_count_beside_the_birth_date(cast: Cast) -> None:
    led_case(cast.regievoerder, person(surname="Kowalski", given_names="Piotr"))
    led_case(cast.regievoerder, person(surname="Nowak", given_names="Piotr", birth_year=1950))

    names = found(cast, surname="Onbekend", given_names="Piotr", born=(1990, 5, 4), nationality="")

    assert [name for name, _agrees, _differs in names] == ["Kowalski"]


# --- two at once ----------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each of them gave, or the refusal that it met."""
    barrier, results = threading.Barrier(len(acts)), list[object]([None] * len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = act()
        except NotPossible as refusal:
            results[number] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_one_judges_and_the_other_is_told(cast: Cast) -> None:
    referral, by = filed(cast.gemeente), cast.intake
    colleague = member_of(referral.desk, "intake_clerk")

    results = at_once(
        lambda: judging.judge(referral, Finding.TO_OPEN, by=by, version=referral.version),
        lambda: judging.judge(referral, Finding.NO_ACTION, by=colleague, version=referral.version, reason="x"),
    )

    assert sorted(isinstance(one, NotPossible) for one in results) == [False, True]
    assert ReferralJudgement.objects.standing().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_referral(cast: Cast) -> None:
    new, key, by = told(cast.gemeente), uuid4(), cast.gemeente

    results = at_once(*[lambda: actions.file_referral(new, by=by, key=key).pk] * 2)

    assert results[0] == results[1] == Referral.objects.get().pk
    assert Task.objects.open().filter(source=Referral.objects.get().source).count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_judging_at_once_end_as_one_of_the_two(cast: Cast) -> None:
    referral, by, clerk = filed(cast.gemeente), cast.gemeente, cast.intake

    results = at_once(
        lambda: actions.withdraw(referral, "Dubbel", by=by, version=referral.version),
        lambda: judging.judge(referral, Finding.NO_ACTION, by=clerk, version=referral.version, reason="x"),
    )

    assert sorted(isinstance(one, NotPossible) for one in results) == [False, True]
    referral.refresh_from_db()
    assert referral.status in (Status.WITHDRAWN, Status.DEALT_WITH)
    assert connection.vendor == "postgresql"


def test_the_form_makes_a_referral_of_what_was_typed(cast: Cast) -> None:
    data = form_data(cast.gemeente, born=("1994", "3", ""), v_number="9995 551 234", note="Belt graag terug")

    sign_in(Client(), cast.gemeente).post("/aanmeldingen/nieuw/", data)

    made = Referral.objects.get()
    assert (made.birth_year, made.birth_month, made.birth_day, made.v_number) == (1994, 3, None, "9995551234")
