"""Involvements and the guardian grants that follow from them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from guardian.core import ObjectPermissionChecker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.case.grants import end_involvement, grants_for, start_involvement
from cases.case.models import CaseGrant, CaseSearch, Involvement, Part, ReturnCase
from leidraad.lib.audit import save_as
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import at_site, closed_case, involve, led_case, received_case, unit

pytestmark = pytest.mark.django_db


def granted(case: ReturnCase, unit_code: str) -> set[str]:
    rows = CaseGrant.objects.filter(content_object=case, group__unit__code=unit_code)
    return {name.removesuffix("_returncase") for name in rows.values_list("permission__codename", flat=True)}


def test_the_responsible_unit_is_granted_view_lead_and_the_sensitive_sections_of_its_policy(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    assert granted(case, "dtv-noord-2") == {"view", "lead", "medical", "custody", "risk", "protected_address"}


def test_a_reception_site_is_granted_view_and_what_its_manager_may_see_and_no_medical_facts(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))

    assert granted(case, "azc-veenmeer") == {"view", "custody"}


def test_ending_an_involvement_takes_the_grants_in_the_same_transaction(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involvement = Involvement.objects.running().get(case=case, part=Part.RECEPTION)

    end_involvement(involvement, by=cast.regievoerder, reason="moved")

    assert granted(case, "azc-veenmeer") == set()
    assert not ReturnCase.objects.visible_to(cast.casemanager).exists()
    assert unit("azc-veenmeer").group_id not in CaseSearch.objects.get(case=case).group_ids


def test_a_second_part_keeps_the_access_when_the_first_ends(cast: Cast) -> None:
    case = involve(received_case(), unit("avim-noord"), Part.SUPERVISION)
    involve(case, unit("avim-noord"), Part.RECEPTION)

    end_involvement(Involvement.objects.get(case=case, part=Part.SUPERVISION), by=cast.politie, reason="done")

    assert granted(case, "avim-noord") >= {"view"}


def test_starting_the_same_part_twice_changes_nothing(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    before = CaseGrant.history.count()

    at_site(case, unit("azc-veenmeer"))

    assert CaseGrant.history.count() == before
    assert Involvement.objects.running().filter(case=case, part=Part.RECEPTION).count() == 1


def test_guardians_own_check_agrees_with_the_grants(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    checker = ObjectPermissionChecker(unit("dtv-noord-2").group)

    assert checker.has_perm("cases.view_returncase", case)
    assert not checker.has_perm("cases.iom_content_returncase", case)


def test_every_grant_and_its_removal_are_in_the_history_with_actor_and_reason(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))

    end_involvement(Involvement.objects.get(case=case, part=Part.RECEPTION), by=cast.regievoerder, reason="moved away")

    removed = CaseGrant.history.filter(content_object=case, history_type="-", group=unit("azc-veenmeer").group)
    assert {(row.history_user, row.history_organisation, row.history_change_reason) for row in removed} == {
        (cast.regievoerder, "dtv", "moved away")
    }


def test_a_case_has_one_responsible_unit_at_a_time() -> None:
    case = received_case()
    second = Involvement(
        case=case, unit=unit("dtv-zuid-1"), part=Part.LEAD, ground="task", since=case.involvements.get().since
    )

    with pytest.raises(IntegrityError, match="involvement_one_lead"), transaction.atomic():
        save_as(second, by=PRINCIPAL)


def test_closing_ends_everybody_but_the_responsible_unit(cast: Cast) -> None:
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    from cases.case.actions import close_case

    close_case(case, "departed_independently", by=cast.regievoerder, reason="exit stamp")

    assert granted(case, "azc-veenmeer") == set()
    assert "view" in granted(case, "dtv-noord-2")
    assert not CaseGrant.grants.listed_for(cast.regievoerder).filter(content_object=case).exists()


def test_a_member_of_the_auth_group_without_membership_sees_nothing(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    stranger = member_of(unit("dtv-zuid-1"), "case_director")

    stranger.groups.add(unit("dtv-noord-2").group)

    assert not ReturnCase.objects.visible_to(stranger).filter(pk=case.pk).exists()


@pytest.mark.parametrize("state", ["inactive", "no membership"])
def test_nobody_is_nobody_and_never_everybody(cast: Cast, state: str) -> None:
    led_case(cast.regievoerder)
    member = cast.regievoerder
    if state == "inactive":
        member.is_active = False
    else:
        member.acting = None

    assert not ReturnCase.objects.visible_to(member).exists()
    assert not CaseGrant.grants.listed_for(member).exists()


PARTS = st.sampled_from([Part.RECEPTION, Part.SUPERVISION, Part.DECISION])
UNITS = st.sampled_from(["azc-veenmeer", "avim-noord", "ind-noord"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), UNITS, PARTS), max_size=8))
def test_whatever_starts_and_ends_in_whatever_order_grants_equal_involvements(
    cast: Cast, steps: list[tuple[bool, str, Part]]
) -> None:
    with transaction.atomic():
        case = received_case()
        for start, code, part in steps:
            running = Involvement.objects.running().filter(case=case, unit__code=code, part=part).first()
            if start:
                start_involvement(case, unit(code), part, "task", by=PRINCIPAL, reason="")
            elif running:
                end_involvement(running, by=PRINCIPAL, reason="")
        for code in ("azc-veenmeer", "avim-noord", "ind-noord"):
            parts = Involvement.objects.running().filter(case=case, unit__code=code).values_list("part", flat=True)
            assert granted(case, code) == grants_for(unit(code).organisation.code, parts)
        expected = set(
            CaseGrant.objects.filter(content_object=case, permission__codename="view_returncase").values_list(
                "group_id", flat=True
            )
        )
        assert set(CaseSearch.objects.get(case=case).group_ids) == expected
        transaction.set_rollback(True)


def test_closed_cases_can_only_be_read(cast: Cast) -> None:
    from cases.case.access import may

    case = closed_case(cast.regievoerder)

    assert may(cast.regievoerder, "plan.view", case)
    assert not may(cast.regievoerder, "plan.change", case)
    assert may(cast.regievoerder, "case.close", case)


def test_a_widening_opens_a_section_to_the_unit_and_still_asks_for_the_role(cast: Cast) -> None:
    from cases.case.access import may
    from cases.case.models import SectionException

    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    widening = SectionException(
        case=case, unit=unit("azc-veenmeer"), section="documents", allowed=True, reason="one document"
    )
    save_as(widening, by=PRINCIPAL)
    visitor = member_of(unit("azc-veenmeer"), "auditor")

    assert may(cast.casemanager, "documents.view", case)
    assert not may(visitor, "documents.view", case)
    assert not may(cast.casemanager, "documents.change", case)


def test_a_unit_that_ended_gives_no_access(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    team = unit("dtv-noord-2")
    team.valid_from, team.valid_until = date(2020, 1, 1), date(2020, 12, 31)
    save_as(team, by=PRINCIPAL)

    assert not ReturnCase.objects.visible_to(cast.regievoerder).filter(pk=case.pk).exists()
