"""Who may do what is a version: read once per piece of work, changed by two people, and held still by the database."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.access import may
from leidraad.lib import clock
from leidraad.lib.audit import delete_as, save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners import policy, policy_actions, policy_file, policy_now
from partners.models import Member, PolicyLine, PolicyState, PolicyVersion
from partners.policy_checks import Why, sensitivity
from partners.policy_rules import file_rules, file_text, fingerprint, lines_of, merged, read_lines, rules_of
from tests.cast import PRINCIPAL, Cast, member_of, sign_in
from tests.factories import involve, led_case
from tests.partners.versions import draft, line, proposed, put_in_force, stored

pytestmark = pytest.mark.django_db

HARMLESS = line("police supervision_officer supervision", "meetings view")
PLAN = line("police supervision_officer supervision", "plan view")


# --- reading --------------------------------------------------------------------------------------------------------


def test_a_new_database_has_the_table_of_the_release_in_force_and_loading_again_changes_nothing() -> None:
    first = policy_actions.in_force()

    assert (first.number, first.rules) == (1, file_rules())
    assert set(policy.all_rules()) == set(file_rules())
    assert policy_file.load() is None
    assert PolicyVersion.objects.count() == 1


def test_without_a_version_nobody_may_anything(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE partners_policyversion DISABLE TRIGGER USER")
        cursor.execute("UPDATE partners_policyversion SET state = 'replaced'")
    policy_now.learn(None)

    assert policy.all_rules() == ()
    assert not policy.may_do(cast.regievoerder, "cases.list")
    assert sign_in(Client(), cast.regievoerder).get("/zaken/").status_code == 403


def test_a_version_whose_lines_are_not_what_was_confirmed_opens_nothing(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE partners_policyversion DISABLE TRIGGER USER")
        cursor.execute("UPDATE partners_policyversion SET fingerprint = repeat('0', 64)")
    policy_now.learn(None)

    with pytest.raises(LookupError):
        policy.may_do(cast.regievoerder, "cases.list")


def test_a_question_costs_no_query_once_the_work_has_begun(cast: Cast) -> None:
    members = [cast.regievoerder, cast.politie]
    policy.may_do(members[0], "cases.list")

    with CaptureQueriesContext(connection) as seen:
        for member in members:
            assert policy.may_do(member, "cases.list")
            assert not policy.may_do(member, "looks.view")

    assert [query["sql"] for query in seen if "policy" in query["sql"]] == []


def test_a_request_reads_the_version_with_the_membership_and_in_no_query_of_its_own(cast: Cast) -> None:
    client = sign_in(Client(), cast.regievoerder)
    client.get("/zaken/")

    with CaptureQueriesContext(connection) as seen:
        client.get("/zaken/")

    about = [query["sql"] for query in seen if "partners_policy" in query["sql"]]
    assert len(about) == 1
    assert 'FROM "partners_membership"' in about[0]


def test_a_right_that_a_new_version_takes_away_is_gone_on_the_next_request_and_one_it_gives_is_there(
    cast: Cast,
) -> None:
    client, officer = sign_in(Client(), cast.manager), sign_in(Client(), cast.politie)
    assert (client.get("/rapportages/").status_code, officer.get("/rapportages/").status_code) == (200, 403)

    give = line("police supervision_officer -", "reports view")
    put_in_force(cast, add=[give], without=["dtv dtv_manager - reports"])

    assert (client.get("/rapportages/").status_code, officer.get("/rapportages/").status_code) == (403, 200)


def test_a_section_follows_the_version_in_the_case_itself(cast: Cast) -> None:
    case = involve(led_case(cast.regievoerder), cast.politie.acting_unit, "supervision")
    assert not may(cast.politie, "plan.view", case)

    put_in_force(cast, add=[PLAN])
    assert may(cast.politie, "plan.view", case)
    put_in_force(cast, without=["police supervision_officer supervision plan"])

    assert not may(cast.politie, "plan.view", case)


def test_a_version_that_was_rolled_back_leaves_nothing_behind(cast: Cast) -> None:
    with transaction.atomic():
        put_in_force(cast, add=[PLAN])
        assert next(PLAN.rules) in policy.all_rules()
        transaction.set_rollback(True)
    policy_now.learn(None)

    assert set(policy.all_rules()) == set(file_rules())


# --- lines and files ------------------------------------------------------------------------------------------------


def test_lines_made_anew_say_the_same() -> None:
    rules = file_rules()

    assert fingerprint(rules_of(lines_of(rules))) == fingerprint(rules)
    assert fingerprint(tuple(reversed(rules))) == fingerprint(rules)
    assert fingerprint(rules[1:]) != fingerprint(rules)


def test_merging_keeps_what_both_sides_changed() -> None:
    base = rules_of(read_lines(file_text()))
    mine = (*base[2:], *PLAN.rules)
    theirs = (*base[:-1], *HARMLESS.rules)

    assert set(merged(base, mine, theirs)) == (set(base[2:-1]) | set(PLAN.rules) | set(HARMLESS.rules))


def test_the_file_of_a_new_release_is_a_draft_on_top_of_what_administrators_changed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = put_in_force(cast, add=[PLAN])
    text = file_text().replace("dtv,case_director,-,reports,view,,task,2021-10-11,\n", "")
    text += "kmar,escort_planner,-,reports,view,,task,2021-10-11,\n"
    monkeypatch.setattr(policy_file, "file_text", lambda: text)

    made = policy_file.load()

    assert made is not None
    assert (made.state, made.based_on, made.made_by) == (PolicyState.DRAFT, standing, None)
    said = {(one.organisation, one.role, one.capability) for one in made.rules}
    assert ("kmar", "escort_planner", "reports.view") in said
    assert ("dtv", "case_director", "reports.view") not in said
    assert set(PLAN.rules) <= set(made.rules)
    assert policy_actions.in_force() == standing
    assert policy_file.load() is None


# --- who may change it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["regievoerder", "auditor", "privacy", "manager"])
def test_only_the_administrator_may_begin_a_draft(cast: Cast, username: str) -> None:
    with pytest.raises(NotAllowed):
        policy_actions.start_draft(by=getattr(cast, username))


def test_a_line_must_say_what_the_program_knows(cast: Cast) -> None:
    made = draft(cast)
    wrong = [
        replace(PLAN, organisation="mi5"),
        replace(PLAN, role="Administrator"),
        replace(PLAN, role=" administrator"),
        replace(PLAN, part="everything"),
        replace(PLAN, sections=("medical ",)),
        replace(PLAN, sections=("*",)),
        replace(PLAN, verbs=("execute",)),
        replace(PLAN, condition="true"),
        replace(PLAN, condition="1"),
        replace(PLAN, ground=""),
        replace(PLAN, sections=()),
        replace(PLAN, valid_until=clock.today().replace(year=2000)),
    ]

    for one in wrong:
        with pytest.raises(NotPossible):
            policy_actions.put_line(made, one, by=cast.beheer, seen_version=made.version)
    assert stored(made).rules == file_rules()


def test_a_section_opens_only_where_the_case_does(cast: Cast) -> None:
    made = draft(cast, add=[line("ind ind_officer custody", "identity view")])

    with pytest.raises(NotPossible, match=r"IND officer|medewerker IND"):
        policy_actions.propose(made, "x", by=cast.beheer, seen_version=made.version)


def test_a_draft_that_changes_nothing_is_not_proposed(cast: Cast) -> None:
    made = draft(cast)

    with pytest.raises(NotPossible):
        policy_actions.propose(made, "x", by=cast.beheer, seen_version=made.version)


@pytest.mark.parametrize("right", ["change", "confirm"])
def test_nobody_can_be_locked_out(cast: Cast, right: str) -> None:
    made = draft(cast)
    for one in list(made.lines.all()):
        if one.sections == "policy":
            left = tuple(verb for verb in one.verbs.split() if verb != right)
            policy_actions.put_line(
                made, replace(one.as_line, verbs=left), pk=one.pk, by=cast.beheer, seen_version=stored(made).version
            )
    made = stored(made)

    with pytest.raises(NotPossible):
        policy_actions.propose(made, "x", by=cast.beheer, seen_version=made.version)


def test_nobody_can_be_locked_out_on_a_later_day_either(cast: Cast) -> None:
    made = draft(cast)
    one = made.lines.get(organisation="dtv", role="administrator", sections="policy")
    ends = replace(one.as_line, valid_until=clock.today())
    policy_actions.put_line(made, ends, pk=one.pk, by=cast.beheer, seen_version=made.version)
    made = stored(made)

    with pytest.raises(NotPossible):
        policy_actions.propose(made, "x", by=cast.beheer, seen_version=made.version)


def test_a_role_in_which_nobody_works_does_not_count_as_somebody(cast: Cast) -> None:
    for member in (cast.beheer, cast.privacy):
        assert policy.may_do(member, "policy.confirm")
    made = draft(
        cast,
        add=[line("dtv booking_officer -", "policy change,confirm")],
        without=["dtv administrator - policy", "dtv privacy_officer - policy"],
    )
    booking = cast.boekingen
    booking.is_active = False
    save_as(booking, by=PRINCIPAL)

    with pytest.raises(NotPossible):
        policy_actions.propose(made, "x", by=cast.beheer, seen_version=made.version)


# --- the second person ------------------------------------------------------------------------------------------------


SENSITIVE_CHANGES = [
    pytest.param([line("police supervision_officer supervision", "medical view")], [], Why.SECTION, id="medical"),
    pytest.param([], ["police supervision_officer supervision custody"], Why.SECTION, id="custody taken away"),
    pytest.param(
        [replace(line("coa coa_manager reception", "protected_address view"), condition="named")],
        [],
        Why.SECTION,
        id="address for named members",
    ),
    pytest.param([line("dtv dtv_manager emergency", "plan view")], [], Why.EMERGENCY, id="emergency"),
    pytest.param([line("dtv dtv_manager -", "policy view")], [], Why.POWERS, id="power for another role"),
    pytest.param([line("dtv administrator -", "reports view")], [], Why.ADMINISTRATORS, id="own role, no case"),
    pytest.param([line("dtv administrator lead", "case view")], [], Why.ADMINISTRATORS, id="own role, a case"),
    pytest.param([line("dtv * lead", "case view")], [], Why.ADMINISTRATORS, id="everybody of the own organisation"),
    pytest.param([], ["dtv administrator - reference"], Why.POWERS, id="a power taken away"),
    pytest.param([line("dtv auditor lead", "case view")], [], Why.OVERSIGHT, id="who oversees"),
    pytest.param([line("dtv privacy_officer -", "cases list")], [], Why.OVERSIGHT, id="who oversees, the list"),
]


@pytest.mark.parametrize(("add", "without", "why"), SENSITIVE_CHANGES)
def test_a_sensitive_change_needs_another_person(cast: Cast, add: Any, without: Any, why: Why) -> None:
    made = proposed(cast, add, without)
    before, after = policy_actions.in_force().rules, made.rules
    change = [*set(after) - set(before), *set(before) - set(after)]

    assert why in sensitivity(before, after, cast.beheer).why(change)
    assert made.sensitive
    with pytest.raises(NotPossible, match=r"You proposed this yourself|zelf voorgesteld"):
        policy_actions.confirm(made, by=cast.beheer, seen_version=made.version)
    assert policy_actions.in_force().number == 1
    done = policy_actions.confirm(made, by=cast.privacy, seen_version=made.version)
    assert (done.state, done.confirmed_by) == (PolicyState.IN_FORCE, cast.privacy)


def test_a_change_for_a_role_that_the_proposer_has_besides_needs_another_person(cast: Cast) -> None:
    beheer = cast.beheer
    other = member_of(cast.unit("avim-noord"), "supervision_officer")
    membership = other.acting
    assert membership is not None
    membership.pk, membership.member = None, beheer
    save_as(membership, by=PRINCIPAL)

    assert proposed(cast, [HARMLESS]).sensitive


def test_another_change_may_be_confirmed_by_who_proposed_it(cast: Cast) -> None:
    made = proposed(cast, [HARMLESS])

    assert not made.sensitive
    assert policy_actions.confirm(made, by=cast.beheer, seen_version=made.version).state == PolicyState.IN_FORCE


@pytest.mark.parametrize("username", ["auditor", "regievoerder", "manager"])
def test_who_may_not_confirm_does_not(cast: Cast, username: str) -> None:
    made = proposed(cast, [HARMLESS])

    with pytest.raises(NotAllowed):
        policy_actions.confirm(made, by=getattr(cast, username), seen_version=made.version)


def test_without_a_second_person_a_sensitive_change_is_not_proposed(cast: Cast) -> None:
    for officer in (cast.privacy, cast.privacy2):
        officer.is_active = False
        save_as(officer, by=PRINCIPAL)
    made = draft(cast, [line("police supervision_officer supervision", "medical view")])

    with pytest.raises(NotPossible):
        policy_actions.propose(made, "x", by=cast.beheer, seen_version=made.version)


def test_the_database_itself_refuses_one_person_for_a_sensitive_version(cast: Cast) -> None:
    made = proposed(cast, [line("police supervision_officer supervision", "medical view")])
    standing = policy_actions.in_force()
    standing.state = PolicyState.REPLACED
    save_as(standing, by=PRINCIPAL)

    for confirmer in (made.proposed_by, None):
        made.state, made.confirmed_by = PolicyState.IN_FORCE, confirmer
        with pytest.raises(IntegrityError), transaction.atomic():
            save_as(made, by=PRINCIPAL)


# --- stale, overtaken, withdrawn ----------------------------------------------------------------------------------------


def test_an_older_page_confirms_nothing(cast: Cast) -> None:
    made = proposed(cast, [HARMLESS])
    seen = made.version
    back = policy_actions.take_back(made, by=cast.beheer, seen_version=seen)
    policy_actions.put_line(back, PLAN, by=cast.beheer, seen_version=back.version)
    back = stored(back)
    policy_actions.propose(back, "more", by=cast.beheer, seen_version=back.version)

    with pytest.raises(Stale):
        policy_actions.confirm(made, by=cast.privacy, seen_version=seen)


def test_what_was_overtaken_is_brought_up_to_date_first(cast: Cast) -> None:
    slow = draft(cast, [HARMLESS])
    put_in_force(cast, [PLAN])
    with pytest.raises(NotPossible):
        policy_actions.propose(slow, "x", by=cast.beheer, seen_version=slow.version)

    slow = policy_actions.bring_up_to_date(slow, by=cast.beheer, seen_version=slow.version)
    slow = policy_actions.propose(slow, "x", by=cast.beheer, seen_version=slow.version)
    policy_actions.confirm(slow, by=cast.beheer, seen_version=slow.version)

    assert set(policy.all_rules()) == {*file_rules(), *HARMLESS.rules, *PLAN.rules}


def test_a_proposal_that_was_overtaken_is_not_confirmed(cast: Cast) -> None:
    slow = proposed(cast, [HARMLESS])
    put_in_force(cast, [PLAN])

    with pytest.raises(NotPossible):
        policy_actions.confirm(slow, by=cast.privacy, seen_version=slow.version)


def test_what_was_withdrawn_is_over(cast: Cast) -> None:
    made = proposed(cast, [HARMLESS])
    gone = policy_actions.withdraw(made, "Toch niet", by=cast.privacy, seen_version=made.version)

    with pytest.raises(NotPossible):
        policy_actions.confirm(gone, by=cast.privacy, seen_version=gone.version)
    assert gone.history.first().history_change_reason == "Toch niet"


# --- held still by the database -----------------------------------------------------------------------------------------


def test_lines_stand_still_from_the_proposal_on(cast: Cast) -> None:
    made = proposed(cast, [HARMLESS])
    for version in (made, policy_actions.in_force()):
        one = version.lines.all()[0]
        one.verbs = "view change close"
        with pytest.raises(DatabaseError), transaction.atomic():
            save_as(one, by=PRINCIPAL)
        with pytest.raises(DatabaseError), transaction.atomic():
            delete_as(one, by=PRINCIPAL)
        with pytest.raises(DatabaseError), transaction.atomic():
            save_as(PolicyLine.of(version, 900, PLAN), by=PRINCIPAL)


@pytest.mark.parametrize(
    ("field", "value"),
    [("state", "draft"), ("state", "withdrawn"), ("fingerprint", "1" * 64), ("sensitive", True), ("number", 9)],
)
def test_a_version_in_force_stands_still(cast: Cast, field: str, value: object) -> None:
    standing = put_in_force(cast, [HARMLESS])
    setattr(standing, field, value)

    with pytest.raises(DatabaseError), transaction.atomic():
        save_as(standing, by=PRINCIPAL)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_policyline SET verbs = 'view change close' WHERE policy_id = %s",
        "UPDATE partners_policyline SET policy_id = policy_id WHERE policy_id = %s",
        "DELETE FROM partners_policyline WHERE policy_id = %s",
        "UPDATE partners_policyversion SET state = 'draft' WHERE id = %s",
        "UPDATE partners_policyversion SET fingerprint = repeat('1', 64) WHERE id = %s",
        "UPDATE partners_policyversion SET confirmed_by_id = proposed_by_id WHERE id = %s",
        "UPDATE partners_policyversion SET number = 900 WHERE id = %s",
        "DELETE FROM partners_policyversion WHERE id = %s",
    ],
)
@pytest.mark.parametrize("role", ["leidraad_app", "NONE"])
def test_a_statement_past_the_program_changes_nothing_of_what_is_in_force(
    cast: Cast, statement: str, role: str
) -> None:
    """Also not by the owner of the tables, who would have to take the triggers away first."""
    standing = put_in_force(cast, [HARMLESS])

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement, [standing.pk])


def test_a_draft_comes_into_force_by_a_proposal_only_and_two_never_are(cast: Cast) -> None:
    made = draft(cast, [HARMLESS])
    made.state, made.fingerprint, made.confirmed_by = PolicyState.IN_FORCE, "1" * 64, cast.privacy
    with pytest.raises(DatabaseError), transaction.atomic():
        save_as(made, by=PRINCIPAL)

    two = proposed(cast, [PLAN])
    two.state, two.confirmed_by = PolicyState.IN_FORCE, cast.privacy
    with pytest.raises(IntegrityError), transaction.atomic():
        save_as(two, by=PRINCIPAL)


def test_no_version_is_ever_removed(cast: Cast) -> None:
    made = draft(cast)
    for one in made.lines.all():
        delete_as(one, by=PRINCIPAL)

    with pytest.raises(DatabaseError), transaction.atomic():
        delete_as(made, by=PRINCIPAL)


def test_every_act_is_in_the_history_with_who_did_it(cast: Cast) -> None:
    made = put_in_force(cast, [HARMLESS])
    people: list[Member | None] = [row.history_user for row in made.history.order_by("history_id")]

    assert people[0] == cast.beheer
    assert people[-1] == cast.privacy
    added = PolicyLine.history.model.objects.filter(policy=made, history_change_reason="Line added")
    assert [row.sections for row in added] == ["meetings"]
