"""The policy table: every line names what exists, and the two keys say what the field page says."""

from datetime import date

import pytest

from cases.case.access import CAPABILITY_NAMES, GROUND_CONDITIONS
from cases.case.models import InvolvementGround, Part
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed
from leidraad.pages.navigation import MENUS, menu_of
from partners.models import Member, Organisation, Role
from partners.policy import (
    ANY_ROLE,
    EMERGENCY,
    NO_CASE,
    READING,
    SENSITIVE,
    all_rules,
    conditions,
    emergency_sections,
    may_do,
    require_to,
    sensitive_sections,
)
from partners.sharing import all_sharings
from tests.cast import PRINCIPAL, Cast

pytestmark = pytest.mark.django_db


def test_every_line_names_an_organisation_a_role_of_it_a_part_and_a_ground() -> None:
    roles = {(role.organisation.code, role.code) for role in Role.objects.select_related("organisation")}
    organisations = set(Organisation.objects.values_list("code", flat=True))

    for rule in all_rules():
        assert rule.organisation in organisations, rule
        assert rule.role == ANY_ROLE or (rule.organisation, rule.role) in roles, rule
        assert rule.part in {NO_CASE, EMERGENCY, *Part.values}, rule
        assert rule.ground in InvolvementGround.values, rule
        assert rule.condition in {"", "named", *GROUND_CONDITIONS}, rule


def test_every_section_on_a_case_has_a_name_for_who_is_refused() -> None:
    sections = {rule.section for rule in all_rules() if rule.part != NO_CASE}

    assert sections <= set(CAPABILITY_NAMES)


def test_whoever_sees_a_section_in_a_part_sees_the_case_there() -> None:
    seeing = {(rule.organisation, rule.role, rule.part) for rule in all_rules() if rule.section == "case"}

    for rule in all_rules():
        if rule.part != NO_CASE:
            assert (rule.organisation, rule.role, rule.part) in seeing, rule


def test_a_functional_administrator_has_no_case_right_at_all() -> None:
    rules = [rule for rule in all_rules() if rule.role in {"administrator", "auditor", "privacy_officer"}]

    assert {rule.part for rule in rules} <= {NO_CASE}
    assert "cases" not in {rule.section for rule in rules}


def test_emergency_access_only_reads_and_only_for_roles_that_may_open_it() -> None:
    opening = {
        (rule.organisation, rule.role) for rule in all_rules() if (rule.section, rule.verb) == ("emergency", "open")
    }
    lines = [rule for rule in all_rules() if rule.part == EMERGENCY]

    assert {(rule.organisation, rule.role) for rule in lines} == opening
    assert {rule.verb for rule in lines} <= READING
    assert "protected_address" not in {rule.section for rule in lines}
    assert emergency_sections("dtv", "case_director") == frozenset()


def test_every_way_of_sharing_gives_a_part_in_which_somebody_sees_the_case() -> None:
    seeing = {(rule.organisation, rule.part) for rule in all_rules() if rule.section == "case"}

    for one in all_sharings():
        assert (one.organisation, one.part) in seeing, one
        assert one.ground in InvolvementGround.values, one
        assert one.part != Part.LEAD, one


@pytest.mark.parametrize(
    ("organisation", "role", "part", "capability"),
    [
        ("police", "supervision_officer", "supervision", "plan.view"),
        ("police", "supervision_officer", "supervision", "talks.view"),
        ("coa", "reception_case_manager", "reception", "talks.view"),
        ("coa", "reception_desk", "reception", "custody.view"),
        ("ind", "ind_officer", "decision", "talks.view"),
        ("dtv", "intake_clerk", "intake_desk", "identity.view"),
        ("dtv", "booking_officer", "booking", "medical.view"),
        ("vwn", "refugee_counsellor", "support", "plan.view"),
    ],
)
def test_what_the_screens_hide_the_policy_does_not_carry(
    organisation: str, role: str, part: str, capability: str
) -> None:
    assert conditions(organisation, role, part, capability) is None


def test_consent_and_own_pupil_are_conditions_not_rights() -> None:
    assert conditions("iom", "counsellor", "assisted", "iom_content.view") == frozenset({"consented"})
    assert conditions("nidos", "guardian", "guardian", "medical.view") == frozenset({"own_pupil"})


def test_sensitive_sections_are_granted_only_where_the_policy_carries_them() -> None:
    assert sensitive_sections("police", "supervision") == frozenset({"risk", "protected_address", "custody"})
    assert sensitive_sections("coa", "reception") == frozenset({"custody"})
    assert sensitive_sections("dtv", "intake_desk") == frozenset()
    assert sensitive_sections("dtv", "lead") <= SENSITIVE


def test_a_line_holds_between_its_dates_only() -> None:
    rule = all_rules()[0]

    assert rule.holds_on(rule.valid_from)
    assert not rule.holds_on(date(2000, 1, 1))


def test_a_right_without_a_case_needs_a_role_that_carries_it(cast: Cast) -> None:
    assert may_do(cast.intake, "dossiers.import")
    assert not may_do(cast.regievoerder, "dossiers.import")
    with pytest.raises(NotAllowed) as refusal:
        require_to(cast.regievoerder, "dossiers.import")
    assert refusal.value.capability == "dossiers.import"


def test_nobody_without_a_membership_or_inactive_may_anything(cast: Cast) -> None:
    member = cast.intake
    member.is_active = False
    assert not may_do(member, "dossiers.import")
    newcomer = save_as(Member(username="new", display_name="New"), by=PRINCIPAL)
    assert not may_do(newcomer, "cases.list")


def test_every_role_has_a_menu_and_no_menu_is_longer_than_seven(cast: Cast) -> None:
    roles = set(Role.objects.values_list("code", flat=True))
    assert set(MENUS) <= roles

    for member in Member.objects.filter(is_demo=True):
        menu = menu_of(member)
        assert 1 <= len(menu) <= 7, member.username


def test_no_menu_entry_leads_to_a_list_the_role_may_not_open(cast: Cast) -> None:
    for member in Member.objects.filter(is_demo=True):
        for entry in menu_of(member):
            assert not entry.needs or may_do(member, entry.needs), (member.username, entry.url_name)
