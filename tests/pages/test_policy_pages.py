"""S28: the administrator reads who may do what, changes it as a version, sees what that does, and needs a second person."""

import re
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case
from cases.case.models import CaseGrant, GrantRun, Part
from cases.case.models.case import permission_id
from leidraad.pages import policy_words
from leidraad.pages.policy_pages import SALT
from leidraad.pages.refusals import VERBS
from partners import policy, policy_actions
from partners.models import Notice, PolicyState, PolicyVersion
from partners.policy_rules import file_rules
from tests.cast import Cast, sign_in
from tests.factories import consented, involve, led_case
from tests.partners.versions import draft, line, proposed, put_in_force, stored

pytestmark = pytest.mark.django_db

BASE = "/beheer/bevoegdheden/"
MEDICAL = line("police supervision_officer supervision", "medical view")
MEETINGS = line("police supervision_officer supervision", "meetings view")


@pytest.fixture
def beheer(cast: Cast) -> Client:
    return sign_in(Client(), cast.beheer)


@pytest.fixture
def privacy(cast: Cast) -> Client:
    return sign_in(Client(), cast.privacy)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def preview(version: PolicyVersion) -> str:
    return f"{BASE}{version.number}/gevolg/"


def confirming(client: Client, version: PolicyVersion) -> dict[str, str]:
    """What the button of the page sends."""
    page = client.get(preview(version)).content.decode()
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found is not None, "no button to confirm"
    return {"act": "confirm", "seen_version": str(version.version), "shown": found[1]}


def sent(**values: Any) -> dict[str, Any]:
    """A line as the form sends it."""
    return {
        "seen_version": "1",
        "who": "police:supervision_officer",
        "part": "supervision",
        "sections": ["meetings"],
        "verbs": ["view"],
        "condition": "",
        "ground": "task",
        "valid_from": "11-10-2021",
        "valid_until": "",
    } | values


# --- reading ----------------------------------------------------------------------------------------------------------


def test_the_table_reads_in_the_words_of_the_work_and_can_be_narrowed(cast: Cast, privacy: Client) -> None:
    whole = text(privacy.get(f"{BASE}1/"))
    police = text(privacy.get(f"{BASE}1/?organisatie=police&onderdeel=risk"))

    assert "medewerker AVIM" in whole
    assert "risico (gevoelig)" in whole
    assert "alleen wie bij naam is toegelaten" in whole
    assert "buiten een zaak" in whole
    for word in ("supervision_officer", "protected_address", "own_pupil"):
        assert word not in whole
    lines = [one for one in file_rules() if (one.organisation, one.section) == ("police", "risk")]
    assert f"{len(lines)} van" in police
    assert police.count("risico (gevoelig)") >= len(lines)


def test_every_word_of_the_table_has_one_of_the_work() -> None:
    for rule in file_rules():
        assert rule.section in policy_words.SECTIONS, rule
        assert rule.verb in {*VERBS, *policy_words.MORE_VERBS}, rule
        assert rule.part in policy_words.PARTS, rule
        assert rule.condition in policy_words.CONDITIONS, rule
        assert rule.ground in policy_words.GROUNDS, rule


def test_a_line_for_everybody_is_found_under_each_role(cast: Cast, beheer: Client) -> None:
    assert "1 van" not in text(beheer.get(f"{BASE}1/?organisatie=dji"))
    assert "iedereen" in text(beheer.get(f"{BASE}1/?rol=dji:custody_officer"))


@pytest.mark.parametrize("username", ["regievoerder", "manager", "politie", "coa_manager"])
def test_who_works_on_cases_does_not_see_it(cast: Cast, username: str) -> None:
    client = sign_in(Client(), getattr(cast, username))

    assert client.get(BASE).status_code == 403
    assert client.get(f"{BASE}1/").status_code == 403
    assert client.post(f"{BASE}nieuw/").status_code == 403
    assert PolicyVersion.objects.count() == 1


# --- changing a draft -------------------------------------------------------------------------------------------------


def test_an_administrator_adds_changes_and_takes_out_lines_and_nothing_holds_yet(cast: Cast, beheer: Client) -> None:
    beheer.post(f"{BASE}nieuw/")
    made = PolicyVersion.objects.get(number=2)

    assert beheer.post(f"{BASE}2/regel/", sent()).status_code == 302
    added = made.lines.get(sections="meetings", role="supervision_officer")
    changed = sent(seen_version="2", sections=["meetings", "people"], valid_until="31-12-2030")
    assert beheer.post(f"{BASE}2/regel/{added.pk}/", changed).status_code == 302
    added.refresh_from_db()
    assert (added.sections, str(added.valid_until)) == ("meetings people", "2030-12-31")
    gone = made.lines.get(organisation="kmar", sections="custody escort_need")
    beheer.post(f"{BASE}2/regel/{gone.pk}/", {"act": "remove", "seen_version": "3"})

    assert not made.lines.filter(pk=gone.pk).exists()
    assert set(policy.all_rules()) == set(file_rules())


@pytest.mark.parametrize(
    "odd",
    [
        {"who": "dtv:Administrator"},
        {"who": "dtv"},
        {"who": ["dtv:administrator", "police:nobody"]},
        {"part": "*"},
        {"sections": ["medical "]},
        {"sections": '["medical"]'},
        {"sections": ["true"]},
        {"verbs": ["1"]},
        {"condition": "null"},
        {"ground": "true"},
        {"verbs": ["execute"]},
        {"valid_from": "gisteren"},
    ],
)
def test_a_line_of_words_that_the_program_does_not_know_is_refused(
    cast: Cast, beheer: Client, odd: dict[str, Any]
) -> None:
    made = draft(cast)

    assert beheer.post(f"{BASE}{made.number}/regel/", sent(**odd)).status_code == 422
    assert stored(made).version == made.version


def test_a_verb_that_a_section_does_not_have_is_named(cast: Cast, beheer: Client) -> None:
    made = draft(cast)

    answer = beheer.post(f"{BASE}{made.number}/regel/", sent(sections=["identity"], verbs=["view", "confirm"]))

    assert "identiteit, bevestigen: dit bestaat niet in deze rol." in text(answer)


def test_an_older_page_of_a_draft_saves_nothing_and_keeps_what_was_typed(cast: Cast, beheer: Client) -> None:
    made = draft(cast)
    beheer.post(f"{BASE}{made.number}/regel/", sent())

    answer = beheer.post(f"{BASE}{made.number}/regel/", sent(sections=["people"]))

    assert answer.status_code == 409
    assert "heeft dit gewijzigd nadat" in text(answer)
    assert re.search(r'value="people"[^>]*checked', answer.content.decode())
    again = beheer.post(f"{BASE}{made.number}/regel/", sent(sections=["people"], seen_version="2"))
    assert again.status_code == 302


def test_lines_of_what_was_proposed_have_no_page_to_change_them(cast: Cast, beheer: Client) -> None:
    made = proposed(cast, [MEETINGS])
    one = made.lines.all()[0]

    assert beheer.get(f"{BASE}{made.number}/regel/{one.pk}/").status_code == 404
    assert beheer.post(f"{BASE}{made.number}/regel/", sent()).status_code == 404


# --- what it does -----------------------------------------------------------------------------------------------------


def cases(cast: Cast, count: int, part: str = Part.SUPERVISION) -> list[Any]:
    return [involve(led_case(cast.regievoerder), cast.politie.acting_unit, part) for _ in range(count)]


def test_the_preview_says_how_many_cases_get_other_access_and_names_none(cast: Cast, beheer: Client) -> None:
    found = cases(cast, 3)
    close_case(found.pop(), "departed_independently", by=cast.regievoerder, reason="test")
    led_case(cast.regievoerder)
    made = draft(cast, [MEETINGS], without=["police team_chief supervision custody"])

    answer = beheer.get(preview(made))
    page = text(answer)

    assert "2 zaken krijgen andere toegang" in page
    rows = {(one.role, one.gains, one.loses) for one in answer.context["effects"]}
    assert rows == {("medewerker AVIM", 2, 0), ("teamchef AVIM", 0, 2)}
    for case in found:
        assert case.number not in page
        assert case.person.surname not in page


def effect(beheer: Client, made: PolicyVersion) -> tuple[int, set[tuple[str, int, int]]]:
    answer = beheer.get(preview(made))
    return answer.context["cases"], {(one.role, one.gains, one.loses) for one in answer.context["effects"]}


def test_what_another_part_gives_already_is_no_gain(cast: Cast, beheer: Client) -> None:
    (both,) = cases(cast, 1)
    involve(both, cast.politie.acting_unit, Part.ESCORT)
    cases(cast, 1, Part.ESCORT)
    escort = [line("police supervision_officer escort", "case,people view")]

    assert effect(beheer, draft(cast, escort)) == (1, {("medewerker AVIM", 1, 0)})


def test_a_condition_counts_where_it_holds(cast: Cast, beheer: Client) -> None:
    iom = cast.iom.acting_unit
    involve(consented(led_case(cast.regievoerder), "iom").case, iom, Part.ASSISTED, "consent")
    involve(led_case(cast.regievoerder), iom, Part.ASSISTED, "task")
    more = line("iom counsellor assisted", "meetings view", condition="consented", ground="consent")

    assert effect(beheer, draft(cast, [more])) == (1, {("counsellor", 1, 0)})


def test_a_right_outside_cases_counts_members_and_no_cases(cast: Cast, beheer: Client) -> None:
    cases(cast, 1)
    made = draft(cast, [line("police supervision_officer -", "reports view")])

    assert effect(beheer, made)[0] == 0
    assert [one.members for one in beheer.get(preview(made)).context["effects"]] == [1]


def test_the_preview_asks_as_much_for_many_cases_as_for_few(cast: Cast, beheer: Client) -> None:
    made = draft(cast, [MEETINGS])
    cases(cast, 1)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            beheer.get(preview(made))
        return len(seen)

    asked()
    few = asked()
    cases(cast, 12)
    assert asked() == few


def test_what_changed_is_told_in_words(cast: Cast, beheer: Client) -> None:
    made = draft(cast, [MEETINGS], without=["police team_chief supervision risk"])
    one = made.lines.get(organisation="coa", role="coa_manager", sections="custody")
    ends = sent(
        who="coa:coa_manager",
        part="reception",
        sections=["custody"],
        ground="location",
        valid_until="31-12-2030",
        seen_version=str(made.version),
    )
    assert beheer.post(f"{BASE}{made.number}/regel/{one.pk}/", ends).status_code == 302

    told = beheer.get(preview(made)).context["told"]

    assert [(row.who, row.part, row.sections) for row in told.added] == [
        ("Politie, medewerker AVIM", "toezicht", "overleg")
    ]
    assert [(row.who, row.sections) for row in told.removed] == [("Politie, teamchef AVIM", "risico (gevoelig)")]
    assert [(one.row.who, "2030" in one.was, "31 december 2030" in one.now) for one in told.changed] == [
        ("COA, locatiemanager", False, True)
    ]


# --- proposing and confirming -----------------------------------------------------------------------------------------


def propose(client: Client, made: PolicyVersion, **more: Any) -> Any:
    values = {"act": "propose", "propose-seen_version": str(made.version), "propose-reason": "Nieuwe afspraak"}
    return client.post(preview(made), values | more)


def test_a_sensitive_change_goes_through_two_people_and_its_grants_follow(
    cast: Cast, beheer: Client, privacy: Client
) -> None:
    (case,) = cases(cast, 1)
    made = draft(cast, [MEDICAL])
    assert propose(beheer, made).status_code == 302
    made = stored(made)
    assert 'value="confirm"' not in beheer.get(preview(made)).content.decode()
    assert Notice.objects.filter(kind="policy_proposed", member=cast.privacy).count() == 1

    answer = privacy.post(preview(made), confirming(privacy, made))

    assert answer.status_code == 302
    made = stored(made)
    assert (made.state, made.proposed_by, made.confirmed_by) == (PolicyState.IN_FORCE, cast.beheer, cast.privacy)
    grants = CaseGrant.objects.filter(content_object=case, permission_id=permission_id("medical"))
    assert grants.filter(group_id=cast.politie.acting_group_id).exists()
    assert GrantRun.objects.get().finished_at is not None
    page = text(privacy.get(BASE))
    assert "versie 2 geldt nu" in page
    assert "Nieuwe afspraak" in page


@pytest.mark.parametrize(
    "flags",
    [
        {},
        {"sensitive": ""},
        {"sensitive": "false"},
        {"sensitive": ["0", "false"]},
        {"second": "true", "confirmed_by": "1"},
        {"proposed_by": "0", "by": "privacy"},
        {"confirm": "1", "is_own": "false"},
    ],
)
def test_an_administrator_gives_their_own_role_nothing_alone(cast: Cast, beheer: Client, flags: dict[str, Any]) -> None:
    made = draft(cast, [line("dtv administrator lead", "case,medical,identity view")])
    propose(beheer, made, **flags)
    made = stored(made)
    # A page that does show the button lends its words; the act looks at who sends them.
    shown = signing.dumps([made.pk, made.fingerprint, cast.beheer.pk], salt=SALT)

    answer = beheer.post(preview(made), {"act": "confirm", "seen_version": str(made.version), "shown": shown, **flags})

    assert answer.status_code == 422
    assert made.sensitive
    assert policy_actions.in_force().number == 1
    assert not any(one.role == "administrator" and one.section == "medical" for one in policy.all_rules())


def test_another_change_is_confirmed_by_the_same_person_from_the_page_that_shows_its_effect(
    cast: Cast, beheer: Client
) -> None:
    made = draft(cast, [MEETINGS])
    propose(beheer, made)
    made = stored(made)
    blind = {"act": "confirm", "seen_version": str(made.version)}
    of_other = signing.dumps([made.pk, made.fingerprint, cast.privacy.pk], salt=SALT)
    for odd in ("", "true", "1", "[]", of_other):
        assert beheer.post(preview(made), blind | {"shown": odd}).status_code == 422
    assert policy_actions.in_force().number == 1

    assert beheer.post(preview(made), confirming(beheer, made)).status_code == 302
    assert policy_actions.in_force().number == made.number


def test_an_older_page_confirms_nothing(cast: Cast, beheer: Client, privacy: Client) -> None:
    made = proposed(cast, [MEDICAL])
    old = confirming(privacy, made)
    beheer.post(preview(made), {"act": "back", "seen_version": str(made.version)})
    made = stored(made)
    propose(beheer, made)

    answer = privacy.post(preview(made), old)

    assert answer.status_code == 409
    assert policy_actions.in_force().number == 1


def test_a_proposal_without_a_reason_is_not_sent(cast: Cast, beheer: Client) -> None:
    made = draft(cast, [MEETINGS])

    answer = propose(beheer, made, **{"propose-reason": " "})

    assert answer.status_code == 422
    assert "Schrijf waarom de bevoegdheden moeten wijzigen." in text(answer)
    assert stored(made).state == PolicyState.DRAFT


def test_a_draft_that_was_overtaken_says_so_and_is_brought_up_to_date(cast: Cast, beheer: Client) -> None:
    slow = draft(cast, [MEETINGS])
    put_in_force(cast, [line("police supervision_officer supervision", "plan view")])

    assert "Versie 3 ging intussen gelden" in text(beheer.get(preview(slow)))
    beheer.post(preview(slow), {"act": "update", "seen_version": str(slow.version)})

    slow = stored(slow)
    assert slow.based_on == policy_actions.in_force()
    assert {one.section for one in set(slow.rules) - set(policy.all_rules())} == {"meetings"}


def test_a_second_person_says_no_with_a_reason(cast: Cast, beheer: Client, privacy: Client) -> None:
    made = proposed(cast, [MEDICAL])
    no = {"act": "withdraw", "withdraw-seen_version": str(made.version), "withdraw-reason": "Niet nodig voor de taak"}

    assert privacy.post(preview(made), no).status_code == 302

    assert stored(made).state == PolicyState.WITHDRAWN
    assert Notice.objects.filter(kind="policy_withdrawn", member=cast.beheer).exists()
    assert "ingetrokken" in text(beheer.get(BASE))


def test_who_only_reads_changes_nothing(cast: Cast) -> None:
    auditor, made = sign_in(Client(), cast.auditor), proposed(cast, [MEETINGS])
    for act in ("back", "confirm"):
        answer = auditor.post(preview(made), {"act": act, "seen_version": str(made.version)})
        assert answer.status_code == 403
    no = {"act": "withdraw", "withdraw-seen_version": str(made.version), "withdraw-reason": "x"}
    assert auditor.post(preview(made), no).status_code == 403
    assert stored(made).state == PolicyState.PROPOSED


def test_every_version_and_what_it_changed_can_be_read_afterwards(cast: Cast, privacy: Client) -> None:
    first = put_in_force(cast, [MEETINGS])
    put_in_force(cast, [line("police supervision_officer supervision", "plan view")])

    listed, page = text(privacy.get(BASE)), text(privacy.get(preview(first)))

    assert "Versie 1" in listed
    assert "vervangen" in listed
    assert "overleg" in page
    assert "U. Scholten" in page
    assert "Q. Meijer" in page
