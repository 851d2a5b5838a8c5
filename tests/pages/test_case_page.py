"""The case page: who this is, where it stands, what next, and what each kind of viewer does not see."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.actions import NewAxis, add_task, change_phase, close_case, lock_case, record_next_step, set_axis
from cases.case.models import (
    Axis,
    Household,
    IdentityConflict,
    Part,
    PersonAlias,
    ReturnCase,
    SectionException,
    Signal,
    SignalKind,
    TaskKind,
)
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import at_site, closed_case, involve, led_case, person, unit

pytestmark = pytest.mark.django_db


def page(client: Client, case: ReturnCase, name: str = "detail", status: int = 200) -> str:
    response = client.get(reverse(f"cases:{name}", args=[case.number]))
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """A case of team Noord 2 whose person lives in azc Veenmeer and whom AVIM Noord checks."""
    somebody = person(
        surname="Amari", given_names="Yacine", v_number="9994127730", birth_year=1994, birth_month=3, birth_day=14
    )
    case = at_site(led_case(cast.regievoerder, somebody), unit("azc-veenmeer"))
    return involve(case, unit("avim-noord"), Part.SUPERVISION)


def signal(case: ReturnCase, kind: str) -> Signal:
    return save_as(Signal(case=case, kind=kind, source="COA", noted_on=clock.today()), by=PRINCIPAL)


def test_the_bar_says_who_this_is(cast: Cast, case: ReturnCase, client: Client) -> None:
    save_as(PersonAlias(person=case.person, name="Jassin Ammari", source="IND"), by=PRINCIPAL)

    text = page(sign_in(client, cast.regievoerder), case)

    assert "AMARI, Yacine" in text
    assert "geboren 14 maart 1994" in text
    assert "999 412 7730" in text
    assert "Algerijnse (gesteld)" in text
    assert "Arabisch" in text
    assert "1 alias" in text
    assert "M. Hofstra (u)" in text


@pytest.mark.parametrize(
    ("born", "text"),
    [
        ({"birth_year": 1994, "birth_month": None, "birth_day": None}, "geboren 1994"),
        ({"birth_year": 1994, "birth_month": 3, "birth_day": None}, "geboren maart 1994"),
        ({"birth_year": None, "birth_month": None, "birth_day": None}, "geboortedatum niet vastgelegd"),
    ],
)
def test_an_unknown_birth_date_is_told_as_far_as_it_is_known(
    cast: Cast, client: Client, born: dict[str, int | None], text: str
) -> None:
    case = led_case(cast.regievoerder, person(**born))

    assert text in page(sign_in(client, cast.regievoerder), case)


def test_the_special_circumstances_always_show_when_they_were_last_asked_about(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)
    assert "nog niet nagevraagd" in page(client, case)

    case.circumstances_asked_on = clock.today() - timedelta(days=3)
    save_as(case, by=cast.regievoerder)

    assert "laatst nagevraagd op" in page(client, case)


def test_at_most_three_alerts_and_three_badges(cast: Cast, case: ReturnCase, client: Client) -> None:
    for kind in SignalKind.values:
        signal(case, kind)

    text = page(sign_in(client, cast.regievoerder), case)

    shown = text.split('<template id="not-sent">')[0]
    assert shown.count('class="alert alert--') == 3
    assert text.split('class="identity-actions"')[0].count("tag--warn") == 3
    assert "Bijzondere omstandigheden" in text


def test_a_difference_with_the_register_is_an_alert(cast: Cast, case: ReturnCase, client: Client) -> None:
    conflict = IdentityConflict(
        person=case.person,
        field="birth_date",
        stored_value="1994-03-14",
        stored_source="BVV",
        offered_value="1993-03-14",
        offered_source="AVIM",
        noted_on=clock.today(),
    )
    save_as(conflict, by=PRINCIPAL)
    sign_in(client, cast.regievoerder)

    assert "Het dossier en het register verschillen: geboortedatum." in page(client, case)
    assert "14 maart 1993" in page(client, case, "person")


def test_a_case_without_next_step_says_so_to_who_can_mend_it(cast: Cast, case: ReturnCase, client: Client) -> None:
    assert "Deze zaak heeft geen volgende stap." in page(sign_in(client, cast.regievoerder), case)
    assert "Deze zaak heeft geen volgende stap." not in page(sign_in(client, cast.casemanager), case)

    record_next_step(case, "Eerste gesprek plannen", clock.end_of(clock.today()), by=cast.regievoerder)

    assert "Deze zaak heeft geen volgende stap." not in page(sign_in(client, cast.regievoerder), case)


def test_an_axis_tells_since_when_by_whom_and_until_when(cast: Cast, case: ReturnCase, client: Client) -> None:
    until = clock.today() + timedelta(days=4)
    axis = NewAxis(Axis.REMOVABILITY, "removable", clock.today(), "IND", valid_until=until)
    with transaction.atomic():
        set_axis(lock_case(case), axis, by=cast.ind, reason="Antwoord")

    text = page(sign_in(client, cast.regievoerder), case)

    axis_text = text.split(">Verwijderbaar</a></b>")[1].split("</dd>")[0]
    assert "vervalt op" in axis_text
    assert "tag--warn" in axis_text


def test_another_organisations_tasks_are_theirs(cast: Cast, case: ReturnCase, client: Client) -> None:
    record_next_step(case, "Strategie bespreken", clock.end_of(clock.today()), by=cast.regievoerder)
    with transaction.atomic():
        add_task(lock_case(case), unit("azc-veenmeer"), TaskKind.OTHER, "Kamer regelen", by=cast.casemanager)

    assert "Strategie bespreken" in page(sign_in(client, cast.regievoerder), case)
    assert "Kamer regelen" not in page(client, case)
    assert "Kamer regelen" in page(sign_in(client, cast.casemanager), case)
    assert "Strategie bespreken" not in page(client, case)


# --- who sees what --------------------------------------------------------------------------------------------------


def test_another_team_and_another_site_get_the_page_of_what_does_not_exist(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    for stranger in (cast.regievoerder2, cast.casemanager2):
        sign_in(client, stranger)
        shut = client.get(reverse("cases:detail", args=[case.number]))
        missing = client.get(reverse("cases:detail", args=["Z-2026-999999"]))

        assert (shut.status_code, missing.status_code) == (404, 404)
        assert shut.content.decode().replace(case.number, "") == missing.content.decode().replace("Z-2026-999999", "")


def test_coa_sees_residence_and_not_removability(cast: Cast, case: ReturnCase, client: Client) -> None:
    text = page(sign_in(client, cast.casemanager), case)

    axes = text.split('<dl class="axes panel">')[1].split("</dl>")[0]
    assert axes.count("Afgeschermd") == 2  # removability and travel document
    assert "azc Veenmeer" in axes


def test_a_masked_axis_is_the_same_whether_it_has_a_value_or_not(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.casemanager)
    before = page(client, case).split('<dl class="axes panel">')[1].split("</dl>")[0]

    with transaction.atomic():
        set_axis(
            lock_case(case), NewAxis(Axis.REMOVABILITY, "removable", clock.today(), "IND"), by=cast.ind, reason="x"
        )

    assert page(client, case).split('<dl class="axes panel">')[1].split("</dl>")[0] == before


@pytest.mark.parametrize("kind", [SignalKind.MEDICAL, SignalKind.PUBLIC_ORDER, SignalKind.SUICIDE_RISK])
def test_a_signal_one_may_not_know_leaves_no_trace(
    cast: Cast, case: ReturnCase, client: Client, kind: SignalKind
) -> None:
    sign_in(client, cast.casemanager)

    def without_moment(text: str) -> str:
        body = text.split('id="inhoud"')[1].split('<footer class="foot">')[0]
        return text.split('<section class="identity"')[1].split("</section>")[0] + body

    before = without_moment(page(client, case))
    signal(case, kind)

    assert without_moment(page(client, case)) == before
    assert str(kind.label) in page(sign_in(client, cast.regievoerder), case)


def test_police_sees_risk_and_no_medical_fact(cast: Cast, case: ReturnCase, client: Client) -> None:
    signal(case, SignalKind.PUBLIC_ORDER)
    signal(case, SignalKind.MEDICAL)

    text = page(sign_in(client, cast.politie), case)

    assert "Openbare orde" in text
    assert "Medisch" not in text


def test_the_intake_desk_keeps_a_case_without_sections(cast: Cast, case: ReturnCase, client: Client) -> None:
    involve(case, cast.ilc, Part.INTAKE_DESK)

    text = page(sign_in(client, cast.intake), case)

    assert case.number in text
    assert "Amari" not in text
    assert "AMARI" not in text
    assert "999 412 7730" not in text
    assert "Afgeschermd" in text
    assert client.get(reverse("cases:person", args=[case.number])).status_code == 403


def test_partners_read_organisations_and_not_persons(cast: Cast, case: ReturnCase, client: Client) -> None:
    text = page(sign_in(client, cast.casemanager), case)
    panel = text.split('id="betrokken"')[1].split("</section>")[0]

    assert "Team Noord 2" in panel
    assert "M. Hofstra" not in panel
    assert "M. Hofstra" in page(sign_in(client, cast.regievoerder), case).split('id="betrokken"')[1]


def test_a_unit_whose_presence_tells_is_not_shown_to_partners(cast: Cast, case: ReturnCase, client: Client) -> None:
    involve(case, unit("kmar-maasvliet"), Part.ESCORT)

    assert "Brigade Maasvliet" not in page(sign_in(client, cast.casemanager), case)
    assert "Brigade Maasvliet" in page(sign_in(client, cast.regievoerder), case)


def test_a_colleague_without_the_right_reads_what_is_missing_and_may_ask(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.coa_receptie)

    text = page(client, case, "history", status=403)

    assert "geschiedenis (inzien)" in text
    assert "Toegang vragen" in text
    assert f"/zaken/{case.number}/toegang-vragen/?recht=history.view" in text
    refused = Event.objects.get(kind=EventKind.REFUSED)
    assert (refused.case_number, refused.detail["capability"]) == (case.number, "history.view")


def test_the_household_is_linked_only_as_far_as_cases_are_shared(cast: Cast, client: Client) -> None:
    household = save_as(Household(supplier="IND", key="G1"), by=PRINCIPAL)
    own = led_case(cast.regievoerder, person(surname="Amari"), household=household, household_role="head")
    partner = led_case(cast.regievoerder, person(surname="Belkacem"), household=household, household_role="partner")
    led_case(cast.regievoerder2, person(surname="Verborgen"), household=household, household_role="child")

    text = page(sign_in(client, cast.regievoerder), own, "person")

    assert "BELKACEM" in text
    assert reverse("cases:detail", args=[partner.number]) in text
    assert "VERBORGEN" not in text.upper()
    assert "niet met u is gedeeld" in text
    assert "met 1 ander" in text


def test_the_activity_tells_nothing_of_a_section_that_is_closed(cast: Cast, case: ReturnCase, client: Client) -> None:
    change_phase(case, "track_forced", by=cast.regievoerder, reason="test")
    assert "Gedwongen vertrek" in page(sign_in(client, cast.casemanager), case, "activity")

    narrowed = SectionException(case=case, unit=unit("azc-veenmeer"), section="phase", allowed=False, reason="test")
    save_as(narrowed, by=PRINCIPAL)

    assert "Gedwongen vertrek" not in page(sign_in(client, cast.casemanager), case, "activity")


def test_a_member_of_the_household_is_not_named_where_the_own_case_hides_the_identity(
    cast: Cast, client: Client
) -> None:
    household = save_as(Household(supplier="IND", key="G2"), by=PRINCIPAL)
    own = led_case(cast.regievoerder, household=household, household_role="head")
    hidden = led_case(cast.regievoerder, person(surname="Verborgen"), household=household, household_role="partner")
    narrowed = SectionException(case=hidden, unit=own.led_by, section="identity", allowed=False, reason="test")
    save_as(narrowed, by=PRINCIPAL)

    assert "VERBORGEN" not in page(sign_in(client, cast.regievoerder), own, "person").upper()


# --- closed ---------------------------------------------------------------------------------------------------------


def test_a_closed_case_carries_its_outcome_and_can_be_reopened_by_the_lead(cast: Cast, client: Client) -> None:
    case = closed_case(cast.regievoerder)

    text = page(sign_in(client, cast.regievoerder), case)

    assert "Gesloten op" in text
    assert reverse("cases:reopen", args=[case.number]) in text
    assert "Vertrek niet aangetoond." not in text
    assert reverse("cases:next-step", args=[case.number]) not in text


def test_leaving_without_supervision_is_never_called_a_departure(cast: Cast, client: Client) -> None:
    case = closed_case(cast.regievoerder, "departed_unsupervised")

    assert "Vertrek niet aangetoond." in page(sign_in(client, cast.regievoerder), case)


def test_who_lost_access_by_the_closing_gets_404(cast: Cast, case: ReturnCase, client: Client) -> None:
    sign_in(client, cast.casemanager)
    page(client, case)

    close_case(case, "departed_independently", by=cast.regievoerder, reason="Uitreis bevestigd")

    page(client, case, status=404)


# --- the log and the cost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("detail", "read"), ("person", "read"), ("history", "history")])
def test_every_look_is_recorded(cast: Cast, case: ReturnCase, client: Client, name: str, kind: str) -> None:
    sign_in(client, cast.regievoerder)
    Event.objects.none()

    text = page(client, case, name)

    event = Event.objects.filter(case_id=case.pk).latest("pk")
    assert (event.kind, event.member_name, event.person_id) == (kind, "M. Hofstra", case.person_id)
    assert event.route == f"cases:{name}"
    assert "Uw inzage in deze zaak is vastgelegd op" in text


def queries(client: Client, case: ReturnCase) -> int:
    page(client, case)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        page(client, case)
    return len([query for query in seen if "SAVEPOINT" not in query["sql"]])


def test_the_case_page_costs_the_same_whatever_happened_in_the_case(
    cast: Cast, case: ReturnCase, client: Client
) -> None:
    sign_in(client, cast.regievoerder)
    record_next_step(case, "Begin", clock.end_of(clock.today()), by=cast.regievoerder)
    signal(case, SignalKind.MEDICAL)
    few = queries(client, case)

    for number in range(12):
        record_next_step(case, f"Stap {number}", clock.end_of(clock.today()), by=cast.regievoerder)
        save_as(PersonAlias(person=case.person, name=f"Naam {number}", source="IND"), by=PRINCIPAL)
        member_of(unit("dtv-noord-2"), "case_director", f"collega-{number}")
        with transaction.atomic():
            add_task(lock_case(case), unit("dtv-noord-2"), TaskKind.OTHER, f"Taak {number}", by=cast.regievoerder)
    involve(case, unit("iom-noord"), Part.ASSISTED)

    assert queries(client, case) == few
    assert few <= 30


def test_the_reception_desk_sees_who_stays_and_not_where_the_return_stands(cast: Cast, client: Client) -> None:
    case = at_site(led_case(cast.regievoerder, phase="track_forced"), unit("azc-veenmeer"))

    desk = sign_in(client, cast.coa_receptie).get(reverse("cases:detail", args=[case.number])).content.decode()
    listed = client.get(reverse("cases:list")).content.decode()

    assert case.person.surname.upper() in desk
    assert "Gedwongen vertrek" not in desk
    assert "Gedwongen vertrek" not in listed
