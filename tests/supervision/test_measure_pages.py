"""The pages of measures: what each reader finds, and recording, confirming, ending and the court with plain forms."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.models import Part, ReturnCase
from cases.supervision.measure_actions import Lifting, NewCourtFact, StatedMeasure, lift, record_court, state_measures
from cases.supervision.models import CourtFact, Measure, VulnerabilityNote
from leidraad.lib import clock
from tests.cast import Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.supervision.measures import ago, detained, restricted, with_officer
from tests.supervision.reporting import obliged_to_report

pytestmark = pytest.mark.django_db


def get(client: Client, cast: Cast, username: str, case: ReturnCase, path: str = "") -> str:
    sign_in(client, getattr(cast, username))
    response = client.get(f"/zaken/{case.number}/maatregelen/{path}")
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def sent(**values: Any) -> dict[str, str]:
    """What an officer fills in for a detention."""
    at = clock.now() - timedelta(days=1)
    whole = {
        "kind": "art59_1a",
        "authority": "dtv_ua",
        "officer": "H. Postma",
        "imposed_at_date": at.strftime("%d-%m-%Y"),
        "imposed_at_time": "10:30",
        "place": "dc-maasvliet",
        "ground": "Onttrok zich aan het toezicht.",
        "signs": "2",
        "means_reporting": "on",
        "why_reporting": "Niet nagekomen.",
        "heard_at_date": at.strftime("%d-%m-%Y"),
        "heard_at_time": "09:00",
        "counsel": "present",
        "tested_on": at.strftime("%d-%m-%Y"),
        "test_result": "weighed",
        "test_text": "Slaapt slecht.",
        "form_no": "M109-2026-0417",
    }
    return whole | values


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_runs_first_with_authority_and_what_comes_next(cast: Cast, client: Client) -> None:
    case = obliged_to_report(cast, led_case(cast.regievoerder)).case
    lift(restricted(cast, case, at=ago(30)), Lifting(ago(4), "ground_gone"), by=cast.ua)
    detained(cast, case)

    page = get(client, cast, "regievoerder", case)

    assert page.index("artikel 59, lid 1, onder a") < page.index("Meldplicht, wekelijks") < page.index("in een vbl")
    assert "DT&amp;V (uitvoerend ambtenaar)" in page
    assert "Kennisgeving aan de rechtbank" in page
    assert "1 waarschuwing" in page  # no notice to the court


def test_custody_leaves_no_trace_for_who_may_not_see_it(cast: Cast, client: Client) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    measure = detained(cast, case)
    restricted(cast, case)

    page = get(client, cast, "casemanager", case)

    assert "in een vbl" in page
    assert "artikel 59" not in page
    assert client.get(f"/zaken/{case.number}/maatregelen/{measure.pk}/").status_code == 404
    assert "artikel 59" in get(client, cast, "coa_manager", case)


def test_dji_reads_the_facts_and_the_reasons_are_shielded(cast: Cast, client: Client) -> None:
    case = involve(led_case(cast.regievoerder), unit("dc-maasvliet"), Part.CUSTODY, "law")
    measure = detained(cast, case, test_text="Slaapt slecht.", test_result="weighed", conditions="")

    page = get(client, cast, "dji", case, f"{measure.pk}/")

    assert "M109-2026-0417" in page
    for word in ("onttrokken", "Eerder niet nagekomen", "Slaapt slecht", "Wat de kwetsbaarheidstoets opleverde"):
        assert word not in page
    assert "Afgeschermd" in page


def test_what_the_test_found_is_for_medical_readers_and_the_unit_that_wrote_it(cast: Cast, client: Client) -> None:
    case = involve(led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION)
    measure = detained(cast, case, test_text="Slaapt slecht.", test_result="weighed")

    for username, reads in (("regievoerder", True), ("ua", True), ("politie", False), ("manager", False)):
        assert ("Slaapt slecht" in get(client, cast, username, case, f"{measure.pk}/")) is reads, username


def test_a_page_of_a_measure_shows_its_course_and_its_warnings(cast: Cast, client: Client) -> None:
    measure = detained(cast, heard_at=None)
    record_court(measure, NewCourtFact("notice", ago(2.9), court="Rechtbank Den Haag"), by=cast.ua)
    record_court(measure, NewCourtFact("ruling", ago(1), result="lifted"), by=cast.regievoerder)

    page = get(client, cast, "ua", measure.case, f"{measure.pk}/")

    assert "Er is geen gehoor vastgelegd" in page
    assert "Leg vast dat hij is geëindigd" in page
    assert "Rechtbank Den Haag" in page
    assert "3 van 3 overwogen" in page


def test_where_nothing_was_imposed_the_page_says_so(cast: Cast, client: Client) -> None:
    page = get(client, cast, "regievoerder", led_case(cast.regievoerder))

    assert "Er loopt geen maatregel die u mag zien." in page
    assert "Maatregel vastleggen" not in page


def test_the_pages_ask_as_many_questions_for_many_measures_as_for_one(cast: Cast, client: Client) -> None:
    case = with_officer(cast)
    sign_in(client, cast.regievoerder)

    def one_more(days_ago: int) -> None:
        held = detained(cast, case, at=ago(days_ago))
        record_court(held, NewCourtFact("notice", ago(days_ago - 0.1)), by=cast.ua)
        for measure in (held, restricted(cast, case, at=ago(days_ago))):
            lift(measure, Lifting(ago(days_ago - 1), "released"), by=cast.ua)

    def asked(path: str = "") -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/zaken/{case.number}/maatregelen/{path}").status_code == 200
        return len([one for one in seen if "SAVEPOINT" not in one["sql"]])

    one_more(40)
    asked()
    few = asked()
    for number in range(5):
        one_more(30 - 4 * number)
    assert asked() == few


# --- recording ------------------------------------------------------------------------------------------------------


def test_an_officer_records_a_measure_after_reading_the_warnings_and_who_hears(cast: Cast, client: Client) -> None:
    case = with_officer(cast)
    sign_in(client, cast.ua)
    url = f"/zaken/{case.number}/maatregelen/vastleggen/"
    assert client.get(url).status_code == 200

    check = client.post(url, sent())

    assert check.status_code == 200
    page = check.content.decode()
    assert "Niet elk lichter middel is overwogen" in page
    assert "Team Noord 2" in page
    assert not Measure.objects.exists()
    # What the page carries is what is recorded.
    hidden = dict(check.context["hidden"])
    back = client.post(url, hidden | {"back": "yes"})
    assert back.status_code == 200
    assert "Niet nagekomen." in back.content.decode()
    done = client.post(url, hidden | {"confirm": "yes"})
    measure = Measure.objects.get()
    assert done["Location"] == f"/zaken/{case.number}/maatregelen/{measure.pk}/"
    assert (measure.kind.code, measure.officer, measure.signs) == ("art59_1a", "H. Postma", 2)
    assert VulnerabilityNote.objects.get(measure=measure).text == "Slaapt slecht."


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"kind": ""}, "Kies welke maatregel het is."),
        ({"imposed_at_date": "01-01-2099"}, "De maatregel ligt in de toekomst."),
        ({"heard_at_date": "01-01-2099"}, "Het gehoor ligt in de toekomst."),
        ({"tested_on": "01-01-2099"}, "De kwetsbaarheidstoets ligt in de toekomst."),
        ({"kind": "art59b_old"}, "bestond niet op die dag"),
        ({"planned_end": "01-01-2020"}, "geplande einddatum"),
    ],
    ids=str,
)
def test_what_cannot_be_so_is_said_before_anything_is_recorded(
    cast: Cast, client: Client, values: dict[str, str], words: str
) -> None:
    case = with_officer(cast)
    sign_in(client, cast.ua)

    response = client.post(f"/zaken/{case.number}/maatregelen/vastleggen/", sent(**values) | {"confirm": "yes"})

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Measure.objects.exists()


def test_an_overlap_is_said_and_taking_the_place_is_offered(cast: Cast, client: Client) -> None:
    first = detained(cast)
    sign_in(client, cast.ua)
    url = f"/zaken/{first.case.number}/maatregelen/vastleggen/"

    refused = client.post(url, sent(kind="art59a", confirm="yes"))
    assert refused.status_code == 422
    assert "Er geldt al een maatregel van deze soort in die periode." in refused.content.decode()

    assert client.post(url, sent(kind="art59a", replaces="on", confirm="yes")).status_code == 302
    first.refresh_from_db()
    assert first.lift_reason == "other_measure"


def test_a_measure_that_ended_already_is_recorded_beside_the_one_that_runs(cast: Cast, client: Client) -> None:
    running = detained(cast, at=ago(0.5))
    sign_in(client, cast.ua)
    url = f"/zaken/{running.case.number}/maatregelen/vastleggen/"
    long_ago = {"imposed_at_date": "01-07-2026", "heard_at_date": "01-07-2026", "confirm": "yes"}

    half = client.post(url, sent(**long_ago, ended_at_date="20-07-2026", ended_at_time="11:00"))
    assert half.status_code == 422
    whole = sent(**long_ago, ended_at_date="20-07-2026", ended_at_time="11:00", ended_why="court")
    assert client.post(url, whole).status_code == 302

    former = Measure.objects.exclude(pk=running.pk).get()
    assert (former.is_running, former.lift_reason) == (False, "court")


def test_who_may_only_restrict_is_offered_no_detention(cast: Cast, client: Client) -> None:
    case = involve(led_case(cast.regievoerder), unit("ind-noord"), Part.DECISION, "law")
    sign_in(client, cast.ind)

    page = client.get(f"/zaken/{case.number}/maatregelen/vastleggen/")

    assert page.status_code == 200
    assert "Vrijheidsbeperkende maatregel" in page.content.decode()
    assert "Bewaring (artikel" not in page.content.decode()
    refused = client.post(f"/zaken/{case.number}/maatregelen/vastleggen/", sent(kind="art59_1a", confirm="yes"))
    assert (refused.status_code, Measure.objects.exists()) == (422, False)


def test_a_dossier_s_measure_is_shown_as_stated_and_confirmed_by_an_officer(cast: Cast, client: Client) -> None:
    case = with_officer(cast)
    state_measures([StatedMeasure(case, "art59", clock.today(), unit("avim-noord"))], by=cast.intake)
    measure = Measure.objects.get()

    page = get(client, cast, "ua", case)
    assert "Niet bevestigd" in page
    assert "in het dossier genoemd door Politie AVIM Noord" in page
    assert "Bevestig deze maatregel" in get(client, cast, "ua", case, f"{measure.pk}/")
    url = f"/zaken/{case.number}/maatregelen/{measure.pk}/corrigeren/"
    form = client.get(url).context["form"]
    token = {name: str(form.initial[name]) for name in ("seen_version", "seen_values")}
    confirmed = client.post(url, sent(authority="avim", reason="Uit de M109", confirm="yes") | token)

    assert confirmed.status_code == 302
    measure.refresh_from_db()
    assert (measure.stated, measure.authority, measure.kind.code) == (False, "avim", "art59_1a")


def test_a_correction_of_an_old_page_shows_both_versions(cast: Cast, client: Client) -> None:
    measure = detained(cast)
    sign_in(client, cast.ua)
    url = f"/zaken/{measure.case.number}/maatregelen/{measure.pk}/corrigeren/"
    form = client.get(url).context["form"]
    token = {name: str(form.initial[name]) for name in ("seen_version", "seen_values")}
    client.post(url, sent(reason="Nummer", form_no="A", confirm="yes") | token)

    stale = client.post(url, sent(reason="Nummer", form_no="B", confirm="yes") | token)

    assert stale.status_code == 409
    measure.refresh_from_db()
    assert measure.form_no == "A"


# --- ending, the court ----------------------------------------------------------------------------------------------


def version(measure: Measure) -> dict[str, str]:
    measure.refresh_from_db()
    return {"seen_version": str(measure.version)}


def test_an_end_is_recorded_and_taken_back(cast: Cast, client: Client) -> None:
    measure = detained(cast)
    sign_in(client, cast.ua)
    here = f"/zaken/{measure.case.number}/maatregelen/{measure.pk}/"
    now = clock.now() - timedelta(hours=1)
    when = {"at_date": now.strftime("%d-%m-%Y"), "at_time": now.strftime("%H:%M")}
    assert "Team Noord 2" in client.get(here + "beeindigen/").content.decode()

    assert client.post(here + "beeindigen/", version(measure) | when).status_code == 422
    early = client.post(
        here + "beeindigen/", version(measure) | {"at_date": "01-01-2020", "at_time": "10:00", "reason": "court"}
    )
    assert "voordat hij is opgelegd" in early.content.decode()
    assert client.post(here + "beeindigen/", version(measure) | when | {"reason": "released"}).status_code == 302
    measure.refresh_from_db()
    assert measure.lift_reason == "released"

    assert client.post(here + "loopt-door/", version(measure) | {"reason": "Vergissing"}).status_code == 302
    measure.refresh_from_db()
    assert measure.is_running


def test_the_police_whose_last_work_this_was_go_on_at_their_own_work(cast: Cast, client: Client) -> None:
    case = involve(led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION)
    measure = detained(cast, case, by=cast.politie, authority="avim")
    sign_in(client, cast.politie)
    when = {"at_date": clock.today().strftime("%d-%m-%Y"), "at_time": "00:00", "reason": "released"}

    done = client.post(f"/zaken/{case.number}/maatregelen/{measure.pk}/beeindigen/", version(measure) | when)

    assert done["Location"] == "/mijn-werk/"


def test_a_fact_of_the_court_is_recorded_and_struck_out(cast: Cast, client: Client) -> None:
    measure = detained(cast)
    sign_in(client, cast.regievoerder)
    here = f"/zaken/{measure.case.number}/maatregelen/{measure.pk}/"
    today = clock.today().strftime("%d-%m-%Y")

    wrong = client.post(here + "rechtbank/", version(measure) | {"kind": "ruling", "on": today})
    assert wrong.status_code == 422
    before = client.post(here + "rechtbank/", version(measure) | {"kind": "notice", "on": "01-01-2026"})
    assert "Dit ligt voor het opleggen van de maatregel" in before.content.decode()
    ruled = {"kind": "ruling", "on": today, "result": "lifted", "compensation": "on"}
    assert client.post(here + "rechtbank/", version(measure) | ruled).status_code == 302
    fact = CourtFact.objects.get()
    assert (fact.result, fact.compensation, fact.time_known) == ("lifted", True, False)

    void = client.post(here + f"rechtbank/{fact.pk}/doorhalen/", version(measure) | {"reason": "Andere zaak"})
    assert void.status_code == 302
    fact.refresh_from_db()
    assert fact.void_reason == "Andere zaak"


def test_a_record_is_struck_out_and_says_why(cast: Cast, client: Client) -> None:
    measure = detained(cast)
    sign_in(client, cast.ua)
    here = f"/zaken/{measure.case.number}/maatregelen/{measure.pk}/"

    assert client.post(here + "doorhalen/", version(measure) | {"reason": "Andere persoon"}).status_code == 302

    page = client.get(here).content.decode()
    assert "Doorgehaald" in page
    assert "Andere persoon" in page
    assert client.get(here + "corrigeren/").status_code == 302
