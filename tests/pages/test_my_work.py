"""Mijn werk: the right tasks under the right moment, the right panels per role, a fixed number of queries."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from cases.case.actions import add_task, lock_case
from cases.case.models import Part, Phase, ReturnCase, Task, TaskKind
from handover.models import DossierFile
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.pages import work_panels
from leidraad.pages.work_tasks import key_of
from partners.actions import notify
from partners.models import Member, Unit
from tests import factories
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.handover import hand
from tests.procedure import answered
from tests.requests import asked

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


def task(
    case: ReturnCase | None,
    unit: Unit,
    due_at: datetime | None,
    *,
    assignee: Member | None = None,
    kind: str = TaskKind.OTHER,
    title: str = "Bel de advocaat",
    liberty: bool = False,
) -> Task:
    new = Task(
        case=case,
        unit=unit,
        assignee=assignee,
        kind=kind,
        title=title,
        due_at=due_at,
        created_at=clock.now(),
        liberty_clock=liberty,
        url_name="cases:detail" if case else "",
        url_arg=case.number if case else "",
    )
    return save_as(new, by=PRINCIPAL)


def work(client: Client, member: Member, query: str = "") -> Any:
    response = sign_in(client, member).get(f"/mijn-werk/{query}")
    assert response.status_code == 200
    return response


def groups(response: Any) -> dict[str, list[str]]:
    return {group.key: [row.title for row in group.rows] for group in response.context["groups"]}


def next_step(case: ReturnCase, due_at: datetime) -> None:
    kind, unit = TaskKind.NEXT_STEP, case.led_by
    add_task(lock_case(case), unit, kind, "Eerste gesprek", by=PRINCIPAL, due_at=due_at, assignee=case.director)


def test_tasks_stand_under_late_today_this_week_and_later(cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_TODAY = MONDAY
    unit, today = cast.regievoerder.acting_unit, clock.today()

    def moment(due_at: datetime | None) -> str:
        return key_of(Task(unit=unit, due_at=due_at))

    assert moment(clock.now() - timedelta(minutes=1)) == "late"
    assert moment(clock.end_of(today)) == "today"
    assert moment(clock.end_of(today + timedelta(days=1))) == "week"
    assert moment(clock.end_of(today + timedelta(days=6))) == "week"
    assert moment(clock.end_of(today + timedelta(days=7))) == "later"
    assert moment(None) == "later"


def test_a_regievoerder_sees_own_tasks_with_the_case_and_a_button(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case = factories.led_case(member, factories.person(surname="Amari"))
    unit = member.acting_unit
    task(case, unit, clock.end_of(clock.today()), assignee=member, title="Eigen taak")
    task(case, unit, clock.end_of(clock.today()), assignee=factories.case_director(), title="Taak van een ander")
    task(case, unit, clock.end_of(clock.today()), title="Taak van niemand")

    response = work(client, member)

    assert groups(response) == {"today": ["Eigen taak"]}
    page = response.content.decode()
    assert "AMARI, Sami" in page
    assert f'href="/zaken/{case.number}/"' in page
    assert ">Openen<" in page


def test_tasks_of_another_unit_never_show(client: Client, cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)
    site = cast.unit("azc-veenmeer")
    factories.at_site(case, site)
    task(case, site, clock.now() - timedelta(days=1), title="Intern van COA")

    response = work(client, cast.regievoerder)

    assert "Intern van COA" not in response.content.decode()
    assert response.context["counts"].late == 0


def test_the_counters_lead_to_the_tasks_they_count(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case, unit = factories.led_case(member), member.acting_unit
    for number in range(3):
        task(case, unit, clock.now() - timedelta(days=1), assignee=member, title=f"Te laat {number}")
    task(case, unit, clock.end_of(clock.today()), assignee=member, title="Vandaag")

    tiles = {tile.label: tile for tile in work(client, member).context["tiles"]}

    assert (tiles["te laat"].count, tiles["vandaag"].count) == (3, 1)
    assert set(groups(client.get(tiles["te laat"].url))) == {"late"}
    assert tiles["zaken in uw caseload"].count == 1
    assert client.get(tiles["zaken in uw caseload"].url).context["count"] == "1"


def test_a_long_group_is_cut_and_opens_whole(client: Client, cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_TODAY = MONDAY
    member = cast.regievoerder
    case = factories.led_case(member)
    for _number in range(7):
        task(case, member.acting_unit, clock.end_of(clock.today() + timedelta(days=2)), assignee=member)

    response = work(client, member)

    (group,) = response.context["groups"]
    assert (group.key, group.count, len(group.rows), group.is_cut) == ("week", 7, 5, True)
    assert "Toon alle 7 onder “Deze week”" in response.content.decode()
    assert len(groups(client.get("/mijn-werk/?deadline=week"))["week"]) == 7


def test_the_day_shows_the_hours_of_today_with_the_answers_that_others_owe(client: Client, cast: Cast) -> None:
    director, day = cast.regievoerder, clock.today()
    with clock.as_if(clock.at(day, time(8))):
        case = factories.led_case(director)
        asked.offered(cast, case, due_at=clock.at(day, time(17)))
        asked.offered(cast, factories.led_case(director), due_at=clock.at(day + timedelta(days=1), time(9)))
        hours = (time(14), "Bel de advocaat"), (time(9, 30), "Eerste gesprek"), (time(23, 59), "Dossier lezen")
        for hour, title in hours:
            task(case, director.acting_unit, clock.at(day, hour), assignee=director, title=title)
        tomorrow = clock.at(day + timedelta(days=1), time(9))
        task(case, director.acting_unit, tomorrow, assignee=director, title="Morgen")

        lines = work(client, director).context["day"]
        of_the_week = work(client, director, "?deadline=week").context["day"]

    assert [(line.time, line.text, line.who) for line in lines] == [
        ("09:30", "Eerste gesprek", ""),
        ("14:00", "Bel de advocaat", ""),
        ("17:00", "Adrescontrole", "Politie"),
    ]
    assert of_the_week == []


def test_an_answer_due_by_the_end_of_today_has_no_hour(client: Client, cast: Cast) -> None:
    with clock.as_if(clock.at(clock.today(), time(8))):
        asked.offered(cast, due_at=clock.end_of(clock.today()))

        (line,) = work(client, cast.regievoerder).context["day"]

    assert line.time == "vandaag"


def test_a_desk_has_tasks_and_no_day_of_its_own(client: Client, cast: Cast) -> None:
    with clock.as_if(clock.at(clock.today(), time(8))):
        task(None, cast.ind.acting_unit, clock.at(clock.today(), time(14)), title="Overleg")

        assert work(client, cast.ind).context["day"] == []


def test_a_question_that_is_not_opened_yet_names_whom_it_is_about(client: Client, cast: Cast) -> None:
    somebody = factories.person(surname="Halabi", given_names="Yacine")
    question = answered.asked(cast, factories.led_case(cast.regievoerder, somebody))

    page = work(client, cast.ind)

    (row,) = [row for group in page.context["groups"] for row in group.rows]
    assert (row.person, row.case) == ("HALABI, Yacine", None)
    assert question.case.number not in page.content.decode()


def test_an_offered_handover_names_whom_it_is_about(client: Client, cast: Cast) -> None:
    offered = hand.offered()

    page = work(client, cast.intake)

    (row,) = [row for group in page.context["groups"] for row in group.rows]
    surname = offered.case.person.surname.upper()
    assert row.person.startswith(surname)
    assert page.context["shared"] == []


def test_a_site_is_not_told_off_for_steps_that_who_leads_must_plan(client: Client, cast: Cast) -> None:
    factories.at_site(factories.led_case(cast.regievoerder), cast.coa_manager.acting_unit)

    context = work(client, cast.coa_manager).context

    assert "silence" not in context
    assert "loads" not in context


def test_nothing_today_names_the_next_task(client: Client, cast: Cast, settings: Any) -> None:
    settings.LEIDRAAD_TODAY = MONDAY
    member = cast.regievoerder
    wednesday = clock.end_of(MONDAY + timedelta(days=2))
    task(factories.led_case(member), member.acting_unit, wednesday, assignee=member)

    assert "Niets te doen vandaag. Volgende taak: 25 november 2026." in work(client, member).content.decode()


def test_cases_without_a_next_step_come_first(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    broken, whole = factories.led_case(member), factories.led_case(member)
    next_step(whole, clock.end_of(clock.today()))
    task(broken, member.acting_unit, clock.end_of(clock.today()), assignee=member)

    response = work(client, member)

    assert [case.number for case in response.context["silence"].lines] == [broken.number]
    page = response.content.decode()
    assert page.index("zonder volgende stap") < page.index("Nu te doen")
    assert f"/zaken/{broken.number}/volgende-stap/" in page


def test_quiet_cases_are_those_without_contact_in_thirty_days_longest_first(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    cases = [factories.led_case(member) for _number in range(3)]
    for case, days in zip(cases, (29, 31, 60), strict=True):
        locked = lock_case(case)
        locked.last_contact_on = clock.today() - timedelta(days=days)
        save_as(locked, by=PRINCIPAL)

    quiet = work(client, member).context["quiet"]

    assert [(case.number, case.days) for case in quiet] == [(cases[2].number, 60), (cases[1].number, 31)]


def test_the_caseload_by_phase_is_bars_and_a_table(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    for phase in (Phase.PLANNING, Phase.PLANNING, Phase.TRACK_FORCED):
        factories.led_case(member, phase=phase)
    factories.led_case(factories.case_director(), phase=Phase.SUSPENDED)

    response = work(client, member)

    assert [(bar.label, bar.count) for bar in response.context["bars"]] == [
        ("Vertrekplan maken", 2),
        ("Gedwongen vertrek", 1),
    ]
    assert "Als tabel" in response.content.decode()
    assert client.get(response.context["bars"][0].url).context["count"] == "2"


def test_the_caseload_of_a_large_unit_is_counted_anew_every_five_minutes_only(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_panels, "COUNTED_AT_ONCE", 1)
    caches["near"].clear()
    member = cast.regievoerder
    for _number in range(2):
        factories.led_case(member, phase=Phase.PLANNING)
    first = work(client, member)
    factories.led_case(member, phase=Phase.PLANNING)

    second = work(client, member)

    assert [bar.count for bar in first.context["bars"]] == [bar.count for bar in second.context["bars"]] == [2]
    assert "Hoogstens vijf minuten geleden geteld." in second.content.decode()


def test_a_group_begins_with_liberty_clocks_and_ends_with_what_has_no_date(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    unit, now = member.acting_unit, clock.now()
    for title, due_at, liberty in (
        ("Oud", now - timedelta(days=9), False),
        ("Vrijheid", now - timedelta(days=1), True),
        ("Ooit", None, False),
        ("Volgende maand", now + timedelta(days=30), False),
    ):
        task(factories.led_case(member), unit, due_at, assignee=member, title=title, liberty=liberty)

    assert groups(work(client, member)) == {"late": ["Vrijheid", "Oud"], "later": ["Volgende maand", "Ooit"]}
    assert groups(work(client, member, "?deadline=later")) == {"later": ["Volgende maand", "Ooit"]}


def test_changes_name_the_case_and_where_they_came_from(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    case = factories.led_case(member, factories.person(surname="Amari"))
    unit = member.acting_unit
    notify(unit, "case_assigned", by=cast.politie, member=member, case=case, url_name="cases:detail")

    (change,) = work(client, member).context["changes"]

    assert (change.organisation, change.case.short_name) == ("Politie", "Amari")


def test_a_desk_sees_what_nobody_took_and_its_own(client: Client, cast: Cast) -> None:
    member = cast.intake
    unit = member.acting_unit
    task(None, unit, clock.end_of(clock.today()), kind=TaskKind.INTAKE, title="Dossier beoordelen")
    task(None, unit, clock.end_of(clock.today()), kind=TaskKind.INTAKE, title="Mijn dossier", assignee=member)
    colleague = member_of(unit, "intake_clerk")
    task(None, unit, clock.end_of(clock.today()), kind=TaskKind.INTAKE, title="Van een collega", assignee=colleague)

    assert sorted(groups(work(client, member))["today"]) == ["Dossier beoordelen", "Mijn dossier"]


def test_the_police_desk_counts_legal_clocks_and_what_is_not_assigned(client: Client, cast: Cast) -> None:
    member = cast.politie_teamchef
    unit = member.acting_unit
    task(None, unit, clock.end_of(clock.today()), kind=TaskKind.SUPERVISION, title="Later", assignee=cast.politie)
    task(None, unit, clock.end_of(clock.today()), kind=TaskKind.SUPERVISION, title="Vrijheid", liberty=True)

    response = work(client, member)

    tiles = {tile.label: tile.count for tile in response.context["tiles"]}
    assert (tiles["wettelijke termijnen"], tiles["nog niet toegewezen"]) == (1, 1)
    assert groups(response)["today"] == ["Vrijheid", "Later"]


def test_a_manager_sees_the_load_per_case_director_by_name_and_what_nobody_has(client: Client, cast: Cast) -> None:
    member = cast.manager
    busy = factories.led_case(cast.regievoerder)
    task(busy, member.acting_unit, clock.now() - timedelta(days=1), assignee=cast.regievoerder)
    other = factories.case_director(username="aaa")
    factories.led_case(other)
    nobody = lock_case(factories.led_case(other))
    nobody.director = None
    save_as(nobody, by=PRINCIPAL)

    response = work(client, member)

    assert [(load.name, load.cases, load.late) for load in response.context["loads"]] == [
        ("Aaa", 1, 0),
        ("M. Hofstra", 1, 1),
    ]
    assert response.context["unassigned"] == 1
    assert response.context["title"] == "Mijn team"


def test_a_partner_sees_the_shared_cases(client: Client, cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)
    factories.at_site(case, cast.unit("azc-veenmeer"))

    assert [line.number for line in work(client, cast.casemanager).context["shared"]] == [case.number]


def test_a_task_names_where_a_person_stays_only_to_who_may_know(client: Client, cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder, residence_unit=cast.unit("azc-veenmeer"))
    factories.involve(case, cast.dia.acting_unit, Part.DOCUMENT)

    for member, knows in ((cast.regievoerder, True), (cast.dia, False)):
        task(case, member.acting_unit, clock.now(), assignee=member)
        details = [row.case_detail for group in work(client, member).context["groups"] for row in group.rows]
        assert [("eenmeer" in detail, "Algerijnse" in detail) for detail in details] == [(knows, True)]


def test_people_without_cases_read_what_is_there_for_them(client: Client, cast: Cast) -> None:
    case = factories.led_case(cast.regievoerder)

    for member in (cast.beheer, cast.auditor, cast.privacy):
        page = work(Client(), member).content.decode()
        assert "Wat u hier doet" in page
        assert case.number not in page


@pytest.mark.parametrize(
    ("username", "start"),
    [
        ("regievoerder", "/mijn-werk/"),
        ("intake", "/mijn-werk/"),
        ("politie", "/opdrachten/vandaag/"),
        ("politie-teamchef", "/opdrachten/vandaag/"),
        ("iom", "/mijn-werk/"),
        ("beheer", "/mijn-werk/"),
        ("privacy", "/mijn-werk/"),
    ],
)
def test_each_role_starts_at_its_own_first_screen(client: Client, cast: Cast, username: str, start: str) -> None:
    member = Member.objects.get(username=username)

    assert sign_in(client, member).get("/")["Location"] == start


def test_free_text_in_a_title_is_shown_as_text(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    title = "<script>alert(1)</script> 100% (sic)"
    task(factories.led_case(member), member.acting_unit, clock.end_of(clock.today()), assignee=member, title=title)

    page = work(client, member).content.decode()

    assert "<script>alert" not in page
    assert "100% (sic)" in page


@pytest.mark.parametrize("username", ["regievoerder", "manager", "intake", "casemanager", "politie"])
def test_the_number_of_queries_does_not_depend_on_the_work(client: Client, cast: Cast, username: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    member = Member.objects.get(username=username)
    unit = member.acting_unit
    sign_in(client, member)
    counts = []
    for more in (6, 12):
        for _number in range(more):
            case = factories.led_case(cast.regievoerder)
            if unit != cast.regievoerder.acting_unit:
                factories.at_site(case, unit)
            task(case, unit, clock.now() - timedelta(days=1), assignee=member)
            notify(unit, "case_assigned", by=PRINCIPAL, member=member, case=case, url_name="cases:detail")
        client.get("/mijn-werk/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/mijn-werk/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 27


def test_the_intake_desk_sees_its_files_and_the_rows_that_wait(client: Client, cast: Cast) -> None:
    member = cast.intake
    for unit, name in ((member.acting_unit, "dossiers.csv"), (cast.unit("dtv-noord-2"), "other.csv")):
        file = DossierFile(
            name=name,
            sha256="0" * 64,
            size=1,
            stored_as=name,
            uploaded_by=member,
            uploaded_unit=unit,
            uploaded_at=clock.now(),
            status="done",
            rows_read=3,
            created=2,
            held=1,
            finished_at=clock.now(),
        )
        save_as(file, by=PRINCIPAL)

    page = work(client, member).content.decode()

    assert "dossiers.csv" in page
    assert "1 rij aangehouden" in page
    assert "other.csv" not in page
