"""Imposing, changing and ending the duty to report, and what that does to the part of the police in a case."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cases.case.access import NotInSight, may
from cases.case.actions import close_case
from cases.case.models import Address, Involvement, ReturnCase
from cases.requests.actions import confirm_request, report_ready
from cases.supervision.duties import Terms, change_reporting, end_reporting, impose_reporting
from cases.supervision.models import ReportingDuty
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import at_site, led_case, received_case, unit
from tests.handover.hand import accept, dossier, offered
from tests.reception.residents import TODAY, WEEK
from tests.requests.asked import accepted
from tests.supervision.reporting import SINCE, noted, obliged_to_report, supervised

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_wednesday(settings: Any) -> None:
    settings.LEIDRAAD_TODAY = TODAY


def sees(unit_code: str, case: ReturnCase) -> bool:
    return Involvement.objects.running().filter(case=case, unit=unit(unit_code)).exists()


# --- imposing -------------------------------------------------------------------------------------------------------


def test_a_unit_that_accepted_a_request_may_impose(cast: Cast) -> None:
    request = accepted(cast)

    duty = impose_reporting(request.case, Terms(form_no="M117-A 2026-11"), TODAY, by=cast.politie)

    assert (duty.unit, duty.rhythm, duty.place, duty.imposed_on) == (unit("avim-noord"), "weekly", None, TODAY)
    assert duty.source == "Politie AVIM Noord"
    assert duty.history.get().history_user == cast.politie


def test_who_has_no_part_may_not_and_other_parts_may_not_either(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    at_site(case, unit("azc-veenmeer"))

    with pytest.raises(NotInSight):
        impose_reporting(case, Terms(), TODAY, by=cast.politie)
    for member in (cast.regievoerder, cast.casemanager):
        with pytest.raises(NotAllowed):
            impose_reporting(case, Terms(), TODAY, by=member)


def test_one_duty_runs_at_a_time(cast: Cast) -> None:
    duty = obliged_to_report(cast)

    with pytest.raises(NotPossible):
        impose_reporting(duty.case, Terms(), TODAY, by=cast.politie)
    twice = ReportingDuty(case=duty.case, unit=duty.unit, imposed_on=TODAY, source="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(twice, by=PRINCIPAL)


@pytest.mark.parametrize(
    ("terms", "days"), [({"rhythm": "monthly"}, 0), ({}, 1), ({"place_code": "dc-maasvliet"}, 0)], ids=str
)
def test_nonsense_is_refused(cast: Cast, terms: dict[str, str], days: int) -> None:
    case = supervised()
    place = unit(terms.pop("place_code")) if "place_code" in terms else None

    with pytest.raises(NotPossible):
        impose_reporting(case, Terms(place=place, **terms), TODAY + timedelta(days=days), by=cast.politie)


# --- from the dossier -----------------------------------------------------------------------------------------------


def accepted_with(cast: Cast, case: ReturnCase, **content: Any) -> ReturnCase:
    return accept(offered(case, dossier=dossier(case, **content)), cast.regievoerder, by=cast.intake).case


def test_a_measure_in_the_dossier_goes_to_the_team_of_the_place_of_residence(cast: Cast) -> None:
    case = received_case(residence_unit=unit("azc-zandwijk"))

    accepted_with(cast, case, measure="meldplicht", measure_since="2026-10-01")

    duty = ReportingDuty.objects.get()
    assert (duty.unit.code, duty.place, duty.source) == ("avim-zuid", unit("azc-zandwijk"), "IND Team Terugkeer Noord")
    assert duty.imposed_on.isoformat() == "2026-10-01"
    part = Involvement.objects.running().get(case=case, unit=duty.unit)
    assert (part.part, part.ground) == ("supervision", "law")
    assert Notice.objects.get(kind="reporting_imposed").unit == duty.unit
    assert may(member_of(duty.unit, "supervision_officer"), "reporting.change", case)


def test_the_address_decides_where_there_is_no_site(cast: Cast) -> None:
    case = received_case()
    save_as(Address(case=case, street="Lindelaan 12", city="veenmeer", source="IND", since=TODAY), by=PRINCIPAL)

    accepted_with(cast, case, measure="meldplicht")

    duty = ReportingDuty.objects.get()
    assert (duty.unit.code, duty.place, duty.imposed_on) == ("avim-noord", None, TODAY)


@pytest.mark.parametrize(("city", "measure"), [("Elders", "meldplicht"), ("", "meldplicht"), ("Veenmeer", "art56")])
def test_without_a_team_for_the_place_or_with_another_measure_nothing_is_imposed(
    cast: Cast, city: str, measure: str
) -> None:
    case = received_case()
    if city:
        save_as(Address(case=case, city=city, source="IND", since=TODAY), by=PRINCIPAL)

    accepted_with(cast, case, measure=measure)

    assert not ReportingDuty.objects.exists()
    assert not Involvement.objects.filter(case=case, unit__organisation__code="police").exists()


# --- changing -------------------------------------------------------------------------------------------------------


def test_another_place_changes_the_duty_itself(cast: Cast) -> None:
    duty = obliged_to_report(cast)

    changed = change_reporting(duty, Terms(place=None), TODAY, "Woont nu elders", by=cast.politie, version=1)

    assert (changed.pk, changed.place, changed.version) == (duty.pk, None, 2)
    assert changed.history.latest().history_change_reason == "Woont nu elders"


def test_another_rhythm_is_a_new_duty_so_that_what_was_due_stays_due(cast: Cast) -> None:
    duty = obliged_to_report(cast)
    noted(duty, TODAY - WEEK)

    changed = change_reporting(duty, Terms("daily", duty.place), TODAY, "LKO-besluit", by=cast.politie, version=1)

    duty.refresh_from_db()
    assert (duty.ended_on, changed.imposed_on, changed.rhythm) == (TODAY, TODAY, "daily")
    assert duty.marks.count() == 1
    assert ReportingDuty.objects.running().get() == changed


def test_a_change_without_reason_without_difference_or_from_an_old_page_is_refused(cast: Cast) -> None:
    duty = obliged_to_report(cast)
    other = Terms("daily", duty.place)

    with pytest.raises(NotPossible):
        change_reporting(duty, other, TODAY, " ", by=cast.politie)
    with pytest.raises(NotPossible):
        change_reporting(duty, Terms("weekly", duty.place), TODAY, "Niets", by=cast.politie)
    with pytest.raises(NotPossible):
        change_reporting(duty, other, SINCE - timedelta(days=1), "Te vroeg", by=cast.politie)
    with pytest.raises(Stale):
        change_reporting(duty, other, TODAY, "LKO", by=cast.politie, version=7)
    with pytest.raises(NotInSight):
        change_reporting(duty, other, TODAY, "LKO", by=member_of(unit("avim-zuid"), "team_chief"))


# --- ending ---------------------------------------------------------------------------------------------------------


def test_ending_ends_the_part_of_the_police(cast: Cast) -> None:
    duty = obliged_to_report(cast)

    end_reporting(duty, TODAY, "Vertrokken", by=cast.politie, version=1)

    duty.refresh_from_db()
    assert (duty.ended_on, duty.end_reason) == (TODAY, "Vertrokken")
    assert not sees("avim-noord", duty.case)
    with pytest.raises(NotInSight):
        end_reporting(duty, TODAY, "Nogmaals", by=cast.politie)


def test_other_work_keeps_the_part_and_the_duty_keeps_it_when_that_work_ends(cast: Cast) -> None:
    request = accepted(cast)
    duty = impose_reporting(request.case, Terms(), TODAY, by=cast.politie)

    end_reporting(duty, TODAY, "Niet meer nodig", by=cast.politie)
    assert sees("avim-noord", request.case)

    impose_reporting(request.case, Terms(), TODAY, by=cast.politie)
    confirm_request(report_ready(request, by=cast.politie), by=cast.regievoerder)
    assert sees("avim-noord", request.case)


def test_the_part_that_a_request_began_ends_as_before_without_a_duty(cast: Cast) -> None:
    request = accepted(cast)

    confirm_request(report_ready(request, by=cast.politie), by=cast.regievoerder)

    assert not sees("avim-noord", request.case)


def test_closing_the_case_ends_the_duty(cast: Cast) -> None:
    duty = obliged_to_report(cast, led_case(cast.regievoerder))

    close_case(duty.case, "departed_independently", by=cast.regievoerder, reason="Vertrokken")

    duty.refresh_from_db()
    assert duty.ended_on == TODAY
    assert duty.history.latest().history_user == cast.regievoerder


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_police_impose_change_and_end_it_under_supervision(cast: Cast, client: Any) -> None:
    case = supervised(led_case(cast.regievoerder, residence_unit=unit("azc-veenmeer")))
    officer = sign_in(client, cast.politie)
    address = f"/zaken/{case.number}/toezicht/"
    assert "Meldplicht opleggen" in officer.get(address).content.decode()

    form = officer.get(f"{address}meldplicht/opleggen/").context["form"]
    assert (form["rhythm"].value(), form["place"].value()) == ("weekly", "azc-veenmeer")
    sent = {"rhythm": "weekly", "place": "azc-veenmeer", "form_no": "12", "imposed_on": "16-11-2026"}
    assert officer.post(f"{address}meldplicht/opleggen/", sent).headers["Location"] == address
    duty = ReportingDuty.objects.get()
    assert (duty.imposed_on.isoformat(), duty.form_no) == ("2026-11-16", "12")

    page = officer.get(f"{address}meldplicht/wijzigen/").context["form"]
    seen = {name: page[name].value() for name in ("seen_version", "seen_values")}
    changed = {"rhythm": "daily", "place": "azc-veenmeer", "form_no": "12", "from_day": "25-11-2026", "reason": "LKO"}
    assert officer.post(f"{address}meldplicht/wijzigen/", seen | changed).status_code == 302
    assert officer.post(f"{address}meldplicht/wijzigen/", seen | changed).status_code == 409

    page = officer.get(f"{address}meldplicht/beeindigen/").context["form"]
    seen = {name: page[name].value() for name in ("seen_version", "seen_values")}
    assert (
        officer.post(f"{address}meldplicht/beeindigen/", seen | {"ended_on": "26-11-2026", "reason": "x"}).status_code
        == 422
    )
    ended = officer.post(f"{address}meldplicht/beeindigen/", seen | {"ended_on": "25-11-2026", "reason": "Vertrokken"})
    assert ended.headers["Location"] == "/register/"
    assert not ReportingDuty.objects.running().exists()


def test_dtv_reads_the_duty_and_cannot_touch_it(cast: Cast, client: Any) -> None:
    duty = obliged_to_report(cast, led_case(cast.regievoerder))
    director = sign_in(client, cast.regievoerder)
    address = f"/zaken/{duty.case.number}/toezicht/"

    page = director.get(address).content.decode()

    assert "wekelijks" in page
    assert "azc Veenmeer" in page
    assert "meldplicht/wijzigen" not in page
    assert director.get(f"{address}meldplicht/wijzigen/").status_code == 403
