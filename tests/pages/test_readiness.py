"""*Klaar voor vertrek?*: who sees the panel and what of it, the page of all guards, and recording a new fact there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.case.actions import close_case
from cases.case.models import Ground, InvolvementGround, Part, Phase, ReturnCase, Signal
from cases.case.models.choices import SignalKind
from cases.procedure.actions.postponements import NewStep, begin_postponement
from cases.terms.models import GuardStatement
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.display import date_long
from leidraad.lib.marks import mark
from leidraad.pages.case_forms import PURPOSES
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, unit
from tests.procedure.law import accepted_claim, days_ago, decided, in_procedure, postponement_kind, refusing
from tests.terms.placed import stopped

pytestmark = pytest.mark.django_db

PANEL, HIDDEN = "Klaar voor vertrek?", "Een feit in een deel dat u niet mag zien"


def read(member: Member, url: str) -> str:
    response = sign_in(Client(), member).get(url)
    assert response.status_code == 200
    return response.content.decode()


def case_url(case: ReturnCase) -> str:
    return reverse("cases:detail", args=[case.number])


def panel(member: Member, case: ReturnCase) -> str:
    """As the case page asks for it when it is shown."""
    assert f'hx-get="{page_url(case).rstrip("?")}"' in read(member, case_url(case))
    asked = {"HX-Request": "true", "HX-Target": "readiness"}
    response = sign_in(Client(), member).get(page_url(case), headers=asked)
    assert response.status_code == 200
    return response.content.decode()


def page_url(case: ReturnCase, **chosen: str) -> str:
    url = reverse("cases:readiness", args=[case.number])
    return url + "?" + "&".join(f"{name}={value}" for name, value in chosen.items())


def art64(cast: Cast, case: ReturnCase) -> None:
    begin_postponement(case, postponement_kind("art64"), NewStep("granted", days_ago(3)), by=cast.ind)


def group(page: str, title: str) -> str:
    """What stands under one heading of the page of all guards."""
    return page.partition(f'">{title}</h2>')[2].partition("</section>")[0]


def test_the_regievoerder_reads_what_holds_back_who_says_so_and_who_can_change_it(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=3, told=2))
    page = panel(cast.regievoerder, case)
    assert PANEL in page
    assert "De vertrektermijn loopt tot en met" in page
    assert "/kader/waarborgen/#G03" in page
    assert "Wie kan dit veranderen: Niemand: wachten tot de termijn eindigt" in page
    assert "Onbekend: telt als niet in orde" in page


def test_four_conditions_stand_first_and_unknown_is_not_met(cast: Cast) -> None:
    case = in_procedure(cast)
    page = panel(cast.regievoerder, case)
    for words in (
        "Juridisch verwijderbaar: onbekend",
        "In bewaring geplaatst: niet voldaan",
        "Geldig reisdocument: onbekend",
    ):
        assert words in page


def test_ones_own_departure_asks_neither_removability_nor_detention(cast: Cast) -> None:
    case = in_procedure(cast)
    case.phase = Phase.TRACK_VOLUNTARY
    save_as(case, by=PRINCIPAL)
    decided(case, cast.ind, refusing(decided=3, told=2))
    page = panel(cast.regievoerder, case)
    assert "Juridisch verwijderbaar: niet van toepassing" in page
    assert "De vertrektermijn loopt tot en met" not in page
    assert mark("warn", "Het mag doorgaan met een naam en een reden.") in page


def test_a_dublin_case_is_judged_as_a_transfer_to_the_state_that_accepted(cast: Cast) -> None:
    case = in_procedure(cast)
    case.ground = Ground.DUBLIN
    save_as(case, by=PRINCIPAL)
    accepted_claim(case, cast.ind, latest_on=clock.today() + timedelta(days=4))
    page = read(cast.regievoerder, page_url(case))
    assert "Dublinoverdracht" in page
    assert "bestemming Duitsland" in page
    assert "De uiterste overdrachtsdatum is" in group(page, "In orde")
    late = read(cast.regievoerder, page_url(case, op=f"{clock.today() + timedelta(days=5):%d-%m-%Y}"))
    assert "De uiterste overdrachtsdatum was" in group(late, "Blokkades")


def test_the_page_has_every_guard_for_the_act_that_is_chosen(cast: Cast) -> None:
    case = in_procedure(cast)
    page = read(cast.regievoerder, page_url(case, handeling="end_of_reception"))
    for number in range(1, 32):
        assert f"#G{number:02}" in page
    assert "Geldt niet voor deze handeling" in page


def test_ind_reads_the_ground_it_decides_on_and_of_other_medical_facts_only_that_something_is_there(cast: Cast) -> None:
    case = in_procedure(cast)
    art64(cast, case)
    save_as(Signal(case=case, kind=SignalKind.PREGNANT, source="GZA", noted_on=days_ago(2)), by=PRINCIPAL)
    page = read(cast.ind, page_url(case))
    assert "Het vertrek is uitgesteld" in page
    assert HIDDEN in page
    assert "#G14" not in page
    assert "signaal van dit soort" not in page
    assert "In bewaring geplaatst" not in page


def test_who_may_not_see_medical_facts_reads_the_same_line_with_or_without_them(cast: Cast) -> None:
    with_ground, without = in_procedure(cast), in_procedure(cast)
    art64(cast, with_ground)
    texts = []
    for case in (with_ground, without):
        page = read(cast.manager, page_url(case))
        assert HIDDEN in page
        assert "artikel 64" not in page.lower()
        texts.append(group(page, "Blokkades"))
    assert texts[0] == texts[1]


@pytest.mark.parametrize("username", ["politie", "casemanager", "vwn"])
def test_other_partners_see_neither_panel_nor_page(cast: Cast, username: str) -> None:
    case = at_site(in_procedure(cast), unit("azc-veenmeer"))
    involve(case, cast.politie.acting_unit, Part.SUPERVISION)
    involve(case, cast.vwn.acting_unit, Part.SUPPORT, InvolvementGround.CONSENT)
    art64(cast, case)
    member = getattr(cast, username)
    page = read(member, case_url(case))
    assert PANEL not in page
    assert "#G13" not in page
    assert sign_in(Client(), member).get(page_url(case)).status_code == 403


def test_a_closed_case_is_not_judged_on_its_page(cast: Cast) -> None:
    case = in_procedure(cast)
    close_case(case, "departed_independently", by=cast.regievoerder, reason="vertrokken")
    assert f">{PANEL}</h2>" not in read(cast.regievoerder, case_url(case))


def test_a_new_fact_is_recorded_counts_at_once_and_is_taken_back(cast: Cast) -> None:
    case = in_procedure(cast)
    client = sign_in(Client(), cast.regievoerder)
    url = reverse("cases:readiness-state", args=[case.number]) + "?over=prosecutor"
    assert client.post(url, {}).status_code == 422
    sent = {"what": "prosecutor.none_open", "on": f"{clock.today():%d-%m-%Y}", "source": "OM Noord, brief 3"}
    assert client.post(url, sent).status_code == 302
    page = read(cast.regievoerder, page_url(case))
    assert "Er staat niets open, of de officier van justitie stemt in." in group(page, "In orde")
    assert "OM Noord, brief 3" in page
    row = GuardStatement.objects.get(case=case)
    strike = reverse("cases:readiness-strike", args=[case.number, row.pk])
    assert client.post(strike, {"reason": "verkeerde zaak"}).status_code == 302
    assert "Er staat niets open" not in group(read(cast.regievoerder, page_url(case)), "In orde")


def test_another_topic_than_one_may_state_is_refused(cast: Cast) -> None:
    case = in_procedure(cast)
    url = reverse("cases:readiness-state", args=[case.number])
    sent = {"what": "fitness.fit", "on": f"{clock.today():%d-%m-%Y}", "source": "arts"}
    assert sign_in(Client(), cast.ind).post(url, sent).status_code == 422
    assert not GuardStatement.objects.exists()


def test_what_stands_in_a_closed_section_is_not_listed_nor_found_by_its_key(cast: Cast) -> None:
    case = in_procedure(cast)
    client = sign_in(Client(), cast.regievoerder)
    url = reverse("cases:readiness-state", args=[case.number])
    client.post(url, {"what": "fitness.unfit", "on": f"{clock.today():%d-%m-%Y}", "source": "Dokter Merkwoord"})
    row = GuardStatement.objects.get(case=case)
    assert "Merkwoord" not in read(cast.ind, page_url(case))
    strike = reverse("cases:readiness-strike", args=[case.number, row.pk])
    assert sign_in(Client(), cast.ind).get(strike).status_code == 404


def test_more_facts_ask_no_more_questions(cast: Cast) -> None:
    def queries(case: ReturnCase) -> int:
        client = sign_in(Client(), cast.regievoerder)
        client.get(page_url(case))
        with CaptureQueriesContext(connection) as seen:
            client.get(page_url(case))
        return len([one for one in seen if "SAVEPOINT" not in one["sql"]])

    one, many = in_procedure(cast), in_procedure(cast)
    for case, count in ((one, 1), (many, 4)):
        for number in range(count):
            decided(case, cast.ind, refusing("return_decision", decided=20 + number))
    assert queries(one) == queries(many)


def test_stops_stand_before_the_guards_and_the_verdict_names_them(cast: Cast) -> None:
    case = in_procedure(cast)
    before = read(cast.regievoerder, page_url(case, handeling="own_departure"))
    stopped(case, cast.ind)
    for text in (panel(cast.regievoerder, case), read(cast.regievoerder, page_url(case, handeling="forced_removal"))):
        assert "Nog niet: een stop verbiedt het." in text
        assert text.index("Beroep dat de uitzetting opschort") < text.index("Blokkades")
        assert "Geplaatst door IND" in text
    own = read(cast.regievoerder, page_url(case, handeling="own_departure"))
    assert "Beroep dat de uitzetting opschort" not in own
    assert "een stop verbiedt" not in before + own


def test_a_stop_in_a_closed_section_forbids_without_its_ground(cast: Cast) -> None:
    case = in_procedure(cast)
    stopped(case, cast.regievoerder, "unfit")
    text = read(cast.ind, page_url(case, handeling="own_departure"))
    assert "Nog niet: een stop verbiedt het." in text
    assert "grond afgeschermd" in text
    assert "Niet geschikt om te reizen" not in text


# --- on paper -------------------------------------------------------------------------------------------------------


def sheet(member: Member, case: ReturnCase) -> str:
    response = sign_in(Client(), member).post(reverse("cases:print", args=[case.number]), {"purpose": PURPOSES[0][0]})
    assert response.status_code == 200
    return response.content.decode()


def test_the_printed_sheet_holds_what_blocks_or_warns_with_source_day_and_moment(cast: Cast) -> None:
    case = in_procedure(cast)
    decided(case, cast.ind, refusing(decided=3, told=2))
    stopped(case, cast.ind, "appeal")

    page = sheet(cast.regievoerder, case)

    part = page.partition('id="readiness-title"')[2].partition("</section>")[0]
    assert f"stand op {date_long(clock.today())}" in part
    assert "Juridisch verwijderbaar: onbekend" in part
    assert "De vertrektermijn loopt tot en met" in part
    assert "Bron" in part
    assert "Beroep" in part
    assert "Onbekend: telt als niet in orde" in part
    assert "In orde" not in part
    assert "Nieuw feit vastleggen" not in part


def test_the_sheet_says_no_more_than_the_screen(cast: Cast) -> None:
    case = at_site(in_procedure(cast), unit("azc-veenmeer"))
    decided(case, cast.ind, refusing(decided=3, told=2))
    art64(cast, case)

    assert PANEL not in sheet(cast.casemanager, case)
    on_screen, on_paper = panel(cast.ind, case), sheet(cast.ind, case)
    for words in ("G13", HIDDEN, "Artikel 64", "In bewaring geplaatst"):
        assert (words in on_screen) is (words in on_paper), words


def test_the_sheet_of_a_closed_case_judges_nothing(cast: Cast) -> None:
    case = in_procedure(cast)
    close_case(case, "residence_granted", by=cast.regievoerder, reason="Verblijf")

    assert PANEL not in sheet(cast.regievoerder, case)
