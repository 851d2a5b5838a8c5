"""Signing in at one's own organisation, against real OpenID providers that this test starts, two at once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.core.management import CommandError, call_command
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.models import Event, EventKind
from partners.models import ClaimRule, Member, Membership, Role
from partners.sign_in import providers
from partners.sign_in.providers import Provider
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.partners.factors import app_of, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

DIRECTOR = "leidraad-regie-noord"
WORKER = "leidraad-casemanager"


class Home:
    """An organisation with its provider."""

    def __init__(self, config: Provider) -> None:
        self.config = config

    def person(self, subject: str, **claims: Any) -> None:
        """What this provider says of a person from now on."""
        answer = requests.put(f"{self.config.issuer}/users/{subject}", json=claims, timeout=5)
        answer.raise_for_status()

    def asked(self, client: Client, **query: str) -> str:
        """Where the browser is sent."""
        response = client.get(f"/aanmelden/organisatie/{self.config.id}/", query)
        assert response.status_code == 302
        return str(response["Location"])

    def answer(self, address: str, subject: str) -> str:
        """The person signs in there; the path by which the browser comes back."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302
        parts = urlsplit(answer.headers["Location"])
        return f"{parts.path}?{parts.query}"

    def sign_in(self, client: Client, subject: str, **query: str) -> Any:
        return client.get(self.answer(self.asked(client, **query), subject))


@pytest.fixture(scope="module")
def servers() -> Iterator[list[int]]:
    with ExitStack() as stack:
        yield [stack.enter_context(run_server_in_thread()).server_port for _ in range(2)]


@pytest.fixture
def homes(servers: list[int], settings: Any, cast: Cast) -> dict[str, Home]:
    settings.LEIDRAAD_DEMO = False
    settings.LEIDRAAD_SECOND_FACTOR = False
    configs = [
        Provider(code, code, name, f"http://localhost:{port}", f"leidraad-{code}", "geheim", "groups", ("mfa",))
        for port, (code, name) in zip(servers, (("dtv", "DT&V"), ("coa", "COA")), strict=True)
    ]
    settings.LEIDRAAD_OPENID_PROVIDERS = tuple(configs)
    return {config.id: Home(config) for config in configs}


@pytest.fixture
def dtv(homes: dict[str, Home], rule: Callable[..., ClaimRule]) -> Home:
    rule("dtv", DIRECTOR, "dtv-noord-2", "case_director")
    homes["dtv"].person("sub-1", name="F. Bakker", groups=[DIRECTOR])
    return homes["dtv"]


@pytest.fixture
def rule(cast: Cast) -> Callable[..., ClaimRule]:
    def make(provider: str, value: str, unit: str, role: str, **dates: Any) -> ClaimRule:
        given = ClaimRule(
            provider=provider, value=value, unit=cast.unit(unit), role=Role.objects.get(code=role), **dates
        )
        return save_as(given, by=PRINCIPAL)

    return make


def refused(response: Any) -> bool:
    return response.status_code == 403 and "geeft geen toegang tot Leidraad" in response.content.decode()


def memberships_of(member: Member) -> set[tuple[str, str]]:
    return {(one.unit.code, one.role.code) for one in member.valid_memberships}


# --- who gets in ----------------------------------------------------------------------------------------------------


def test_the_sign_in_page_has_a_button_for_each_organisation_that_is_set_up(
    client: Client, homes: dict[str, Home], settings: Any
) -> None:
    page = client.get("/aanmelden/?next=/zaken/").content.decode()
    assert "Aanmelden met DT&amp;V" in page
    assert "Aanmelden met COA" in page
    assert "/aanmelden/organisatie/coa/?next=/zaken/" in page

    settings.LEIDRAAD_OPENID_PROVIDERS = ()

    assert "Aanmelden met DT" not in client.get("/aanmelden/").content.decode()
    assert client.get("/aanmelden/organisatie/coa/").status_code == 404


def test_a_claim_that_is_tied_to_a_unit_and_a_role_opens_the_work_of_that_unit(client: Client, dtv: Home) -> None:
    assert dtv.sign_in(client, "sub-1", next="/zaken/")["Location"] == "/zaken/"

    assert client.get("/zaken/").status_code == 200
    member = Member.objects.get(socialaccount__uid="sub-1")
    assert (member.display_name, member.has_usable_password()) == ("F. Bakker", False)
    assert memberships_of(member) == {("dtv-noord-2", "case_director")}
    assert Event.objects.get(kind=EventKind.SIGN_IN).detail == {"by": ["dtv"]}


def test_the_next_time_it_is_the_same_member_and_nothing_is_written_twice(client: Client, dtv: Home) -> None:
    for _time in range(2):
        dtv.sign_in(client, "sub-1")
        client.post("/afmelden/")

    (member,) = Member.objects.filter(socialaccount__provider="dtv")
    assert Membership.objects.filter(member=member).count() == 1
    assert (member.history.count(), Membership.history.filter(member=member).count()) == (1, 1)
    assert member.history.latest().history_principal == "openid:dtv"


def test_nothing_but_who_it_is_is_kept_of_the_claims(client: Client, dtv: Home) -> None:
    for _time in range(2):
        dtv.sign_in(Client(), "sub-1")

    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("groups", [[], ["iets-anders"], None, {"x": DIRECTOR}, [[DIRECTOR]], ""])
def test_a_claim_that_is_tied_to_nothing_makes_no_account_and_says_whom_to_call(
    client: Client, dtv: Home, groups: Any
) -> None:
    before = Member.objects.count()
    dtv.person("sub-2", name="Iemand", groups=groups)

    response = dtv.sign_in(client, "sub-2")

    assert refused(response)
    assert "Bel de functioneel beheerder van uw organisatie, of de servicedesk" in response.content.decode()
    assert (Member.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert "_auth_user_id" not in client.session
    event = Event.objects.get(kind=EventKind.SIGN_IN_FAILED)
    assert (event.member_id, event.detail) == (None, {"provider": "dtv"})


@pytest.mark.parametrize(("first", "last"), [(-20, -1), (1, None)])
def test_a_rule_counts_on_its_days_only(
    client: Client, homes: dict[str, Home], rule: Callable[..., ClaimRule], first: int, last: int | None
) -> None:
    today = clock.today()
    until = None if last is None else today + timedelta(days=last)
    rule(
        "dtv", "tijdelijk", "dtv-noord-2", "case_director", valid_from=today + timedelta(days=first), valid_until=until
    )
    homes["dtv"].person("sub-3", groups=["tijdelijk"])

    assert refused(homes["dtv"].sign_in(client, "sub-3"))


def test_a_provider_speaks_for_its_own_organisation_only(
    client: Client, dtv: Home, homes: dict[str, Home], rule: Callable[..., ClaimRule]
) -> None:
    homes["coa"].person("sub-4", groups=[DIRECTOR])
    assert refused(homes["coa"].sign_in(client, "sub-4")), "the value is tied at another provider"

    rule("coa", "baas", "dtv-noord-2", "case_director")
    homes["coa"].person("sub-4", groups=["baas"])
    assert refused(homes["coa"].sign_in(client, "sub-4")), "the unit is of another organisation"


def test_the_same_subject_at_two_providers_is_two_people(
    dtv: Home, homes: dict[str, Home], rule: Callable[..., ClaimRule]
) -> None:
    rule("coa", WORKER, "azc-veenmeer", "reception_case_manager")
    homes["coa"].person("sub-1", name="F. de Boer", groups=WORKER)
    desk, site = Client(), Client()

    dtv.sign_in(desk, "sub-1")
    homes["coa"].sign_in(site, "sub-1")

    names = {one.provider: one.user.display_name for one in SocialAccount.objects.all()}
    assert names == {"dtv": "F. Bakker", "coa": "F. de Boer"}


def test_an_address_or_name_like_that_of_a_member_gives_nobody_that_account(
    client: Client, cast: Cast, homes: dict[str, Home]
) -> None:
    homes["dtv"].person(
        "regievoerder", email="regievoerder@leidraad.invalid", email_verified=True, preferred_username="regievoerder"
    )

    assert refused(homes["dtv"].sign_in(client, "regievoerder"))


def test_who_is_signed_in_cannot_tie_a_persons_claims_to_the_own_account(
    client: Client, cast: Cast, dtv: Home, settings: Any
) -> None:
    settings.LEIDRAAD_DEMO = True
    sign_in(client, cast.politie)

    assert refused(dtv.sign_in(client, "sub-1", process="connect"))
    assert not SocialAccount.objects.exists()


# --- what ends ------------------------------------------------------------------------------------------------------


def test_what_is_no_longer_claimed_has_ended_and_what_an_administrator_gave_has_not(
    client: Client, cast: Cast, dtv: Home, rule: Callable[..., ClaimRule]
) -> None:
    rule("dtv", "manager", "dtv-zuid-1", "dtv_manager")
    with clock.as_if(clock.now() - timedelta(days=3)):
        dtv.person("sub-1", name="F. Bakker", groups=[DIRECTOR, "manager"])
        dtv.sign_in(Client(), "sub-1")
    member = Member.objects.get(socialaccount__uid="sub-1")
    by_hand = Membership(
        member=member, unit=cast.unit("dtv-dia"), role=Role.objects.get(code="travel_document_officer")
    )
    save_as(by_hand, by=PRINCIPAL)

    dtv.person("sub-1", name="F. Bakker", groups=["manager"])
    dtv.sign_in(client, "sub-1")

    assert memberships_of(member) == {("dtv-zuid-1", "dtv_manager"), ("dtv-dia", "travel_document_officer")}
    ended = Membership.objects.get(member=member, unit=cast.unit("dtv-noord-2"))
    assert ended.valid_until == clock.today() - timedelta(days=1)


def test_who_claims_nothing_any_more_is_refused_and_loses_what_the_claims_gave(client: Client, dtv: Home) -> None:
    dtv.sign_in(Client(), "sub-1")
    member = Member.objects.get(socialaccount__uid="sub-1")

    dtv.person("sub-1", groups=[])

    assert refused(dtv.sign_in(client, "sub-1"))
    assert memberships_of(member) == set()


def test_a_session_that_runs_loses_the_right_on_its_next_request(dtv: Home) -> None:
    running, other = Client(), Client()
    dtv.sign_in(running, "sub-1")
    assert running.get("/zaken/").status_code == 200

    dtv.person("sub-1", groups=[])
    dtv.sign_in(other, "sub-1")

    assert running.get("/zaken/").status_code == 403


def test_a_member_who_is_inactive_here_stays_outside_whatever_is_claimed(client: Client, dtv: Home) -> None:
    dtv.sign_in(Client(), "sub-1")
    member = Member.objects.get(socialaccount__uid="sub-1")
    member.is_active = False
    save_as(member, by=PRINCIPAL)

    assert refused(dtv.sign_in(client, "sub-1"))
    assert "_auth_user_id" not in client.session


# --- the second factor ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "believed", "opens"),
    [
        ({"amr": ["pwd", "mfa"]}, ("mfa",), True),
        ({"acr": "hoog"}, ("hoog",), True),
        ({"amr": ["pwd"]}, ("mfa",), False),
        ({}, ("mfa",), False),
        ({"amr": ["pwd", "mfa"]}, (), False),
        ({"amr": "mfa"}, ("mfa",), False),
    ],
)
def test_a_second_factor_that_was_shown_there_counts_when_the_administrator_believes_it(
    client: Client, dtv: Home, settings: Any, says: dict[str, Any], believed: tuple[str, ...], opens: bool
) -> None:
    settings.LEIDRAAD_SECOND_FACTOR = True
    settings.LEIDRAAD_OPENID_PROVIDERS = (Provider(**{**vars(dtv.config), "factor_values": believed}),)
    dtv.person("sub-1", name="F. Bakker", groups=[DIRECTOR], **says)

    dtv.sign_in(client, "sub-1")

    response = client.get("/zaken/")
    assert (response.status_code, response.get("Location")) == ((200, None) if opens else (302, "/beveiliging/"))


def test_who_has_a_second_step_here_is_asked_for_it(client: Client, dtv: Home) -> None:
    dtv.sign_in(Client(), "sub-1")
    secret = app_of(Member.objects.get(socialaccount__uid="sub-1"))

    assert dtv.sign_in(client, "sub-1", next="/zaken/")["Location"] == "/aanmelden/tweede-stap/"
    assert client.post("/aanmelden/tweede-stap/", {"code": code_of(secret)})["Location"] == "/zaken/"


# --- what can go wrong ----------------------------------------------------------------------------------------------


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(dtv: Home) -> None:
    asked, other = Client(), Client()
    path = dtv.answer(dtv.asked(asked), "sub-1")

    assert other.get(path).status_code == 503
    assert "_auth_user_id" not in other.session
    assert asked.get(path).status_code == 302
    assert asked.get(path).status_code == 503, "an answer counts once"


def test_an_answer_of_one_provider_does_not_count_at_another(client: Client, dtv: Home) -> None:
    path = dtv.answer(dtv.asked(client), "sub-1").replace("/dtv/", "/coa/")

    assert client.get(path).status_code == 503
    assert "_auth_user_id" not in client.session


def test_what_is_asked_carries_a_state_and_a_proof_of_who_asks(client: Client, dtv: Home) -> None:
    query = parse_qs(urlsplit(dtv.asked(client)).query)

    assert query["client_id"] == ["leidraad-dtv"]
    assert query["redirect_uri"] == ["http://testserver/aanmelden/organisatie/dtv/terug/"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 16


def test_breaking_off_there_leads_back_with_words(client: Client, dtv: Home) -> None:
    state = parse_qs(urlsplit(dtv.asked(client)).query)["state"][0]

    response = client.get("/aanmelden/organisatie/dtv/terug/", {"error": "access_denied", "state": state})

    assert response.status_code == 503
    assert "Het aanmelden bij DT&amp;V is afgebroken" in response.content.decode()


def test_a_provider_that_does_not_answer_is_said_to_and_the_rest_works(
    client: Client, dtv: Home, homes: dict[str, Home], settings: Any
) -> None:
    away = Provider(**{**vars(dtv.config), "issuer": "http://localhost:9"})
    settings.LEIDRAAD_OPENID_PROVIDERS = (away, homes["coa"].config)

    response = client.get("/aanmelden/organisatie/dtv/")

    assert response.status_code == 503
    assert "geeft geen antwoord" in response.content.decode()
    assert homes["coa"].asked(client).startswith(homes["coa"].config.issuer)


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/"])
def test_no_way_back_leads_off_this_site(client: Client, dtv: Home, target: str) -> None:
    assert dtv.sign_in(client, "sub-1", next=target)["Location"] == "/"


def test_a_provider_that_somebody_wrote_into_the_database_is_no_way_in(client: Client, homes: dict[str, Home]) -> None:
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="vreemd",
        name="Vreemd",
        client_id="x",
        settings={"server_url": homes["dtv"].config.issuer},
    )

    assert client.get("/aanmelden/organisatie/vreemd/").status_code == 404
    assert "Vreemd" not in client.get("/aanmelden/").content.decode()


# --- setting it up --------------------------------------------------------------------------------------------------

GIVEN = (
    '{"id": "dtv", "organisation": "dtv", "name": "DT&V", "issuer": "https://id.invalid",'
    ' "client_id": "l", "secret": "zeer-geheim"'
)


def test_several_providers_are_read_from_one_setting() -> None:
    other = GIVEN.replace('"dtv"', '"coa"')

    first, second = providers.parse(f'[{GIVEN}}}, {other}, "factor_values": ["mfa"]}}]', production=True)

    assert (first.id, first.claim, first.factor_values) == ("dtv", "groups", ())
    assert (second.id, second.factor_values) == ("coa", ("mfa",))
    assert "zeer-geheim" not in repr(first), "a secret is not in what is logged"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ("{}", "list"),
        ('[{"id": "dtv"}]', "needs"),
        (f'[{GIVEN}, "group": "x"}}]', "knows no group"),
        (f"[{GIVEN}}}, {GIVEN}}}]", "once"),
        (f"[{GIVEN.replace('https', 'http')}}}]", "https"),
        (f"[{GIVEN.replace('dtv', 'DT V', 1)}}}]", "small letters"),
    ],
)
def test_a_malformed_setting_is_refused_with_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        providers.parse(text, production=True)


HEAD = "provider,value,unit,role,valid_from,valid_until\n"


def load(path: Path, *rows: str) -> None:
    file = path / "claims.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    call_command("load_claims", str(file), "--as", "beheer", verbosity=0)


def test_rules_are_loaded_by_an_administrator_with_history_and_end_by_a_day(
    homes: dict[str, Home], cast: Cast, tmp_path: Path
) -> None:
    row = f"dtv,{DIRECTOR},dtv-noord-2,case_director,2026-01-01,"
    load(tmp_path, row)
    load(tmp_path, row)
    load(tmp_path, f"{row}2026-12-31")

    found = ClaimRule.objects.get(value=DIRECTOR)
    assert str(found.valid_until) == "2026-12-31"
    assert [(one.history_user_id, one.history_type) for one in found.history.all()] == [
        (cast.beheer.pk, "~"),
        (cast.beheer.pk, "+"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        f"dtv,{DIRECTOR},azc-veenmeer,reception_case_manager,2026-01-01,",
        f"dtv,{DIRECTOR},dtv-noord-2,reception_case_manager,2026-01-01,",
        f"iom,{DIRECTOR},dtv-noord-2,case_director,2026-01-01,",
        f"dtv,{DIRECTOR},nergens,case_director,2026-01-01,",
        f"dtv,{DIRECTOR},dtv-noord-2,case_director,gisteren,",
        f"dtv,{DIRECTOR},dtv-noord-2,case_director,2026-01-02,2026-01-01",
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_loaded(homes: dict[str, Home], tmp_path: Path, row: str) -> None:
    with pytest.raises(CommandError, match="Line 3"):
        load(tmp_path, "dtv,goed,dtv-noord-2,case_director,2026-01-01,", row)

    assert not ClaimRule.objects.exists()
