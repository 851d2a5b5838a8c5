"""Who may see which measure: on the page's own question, behind the wall, and in the history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases.case.access import access_of
from cases.case.history_page import case_history
from cases.case.models import Part, ReturnCase
from cases.supervision.measure_actions import (
    Lifting,
    NewCourtFact,
    correct,
    impose,
    lift,
    may_change_of,
    reads_reasons,
    record_court,
    take_back_lifting,
    void,
)
from cases.supervision.models import CourtFact, Measure, MeasureRung, VulnerabilityNote
from leidraad.lib.errors import NotAllowed
from leidraad.lib.who import acting
from partners.models import Member
from tests.cast import Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.supervision.measures import ago, details, detained, kind, restricted, restriction

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """Detained, restricted before, with everything; COA, DJI, the police and IND take part."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involve(case, unit("dc-maasvliet"), Part.CUSTODY, "law")
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    involve(case, unit("ind-noord"), Part.DECISION, "law")
    measure = detained(cast, case, test_text="Slaapt slecht.", test_result="weighed")
    record_court(measure, NewCourtFact("notice", ago(2.9)), by=cast.ua)
    restricted(cast, case, at=ago(40))
    return case


def as_member(member: Member) -> Any:
    return acting(member.acting_unit_id, member.acting_group_id, member.pk)


@pytest.mark.parametrize(
    ("username", "families"),
    [
        ("regievoerder", {"custody", "area"}),
        ("manager", {"custody", "area"}),
        ("ua", {"custody", "area"}),
        ("politie", {"custody", "area"}),
        ("coa_manager", {"custody", "area"}),
        ("casemanager", {"area"}),
        ("ind", {"area"}),
        ("dji", {"custody"}),
        ("coa_receptie", set()),
        ("intake", set()),
        ("regievoerder2", set()),
    ],
)
def test_each_reads_the_measures_that_the_task_needs(
    cast: Cast, case: ReturnCase, username: str, families: set[str]
) -> None:
    member = getattr(cast, username)

    shown = Measure.objects.shown_in(case, access_of(member, case))

    assert set(shown.values_list("family", flat=True)) == families


def test_reasons_are_for_who_weighs_them(cast: Cast, case: ReturnCase) -> None:
    can = {name: access_of(getattr(cast, name), case).can("measure_reasons.view") for name in (
        "regievoerder", "ua", "politie", "dji", "casemanager", "coa_manager", "ind",
    )}  # fmt: skip

    assert can == {
        "regievoerder": True, "ua": True, "politie": True, "dji": False, "casemanager": False, "coa_manager": False,
        "ind": False,
    }  # fmt: skip


def test_ind_records_its_own_restriction_reads_why_and_changes_nothing_of_others(cast: Cast, case: ReturnCase) -> None:
    others = Measure.objects.get(family="area")
    lift(others, Lifting(ago(20), "ground_gone"), by=cast.ua)
    own = impose(case, restriction(ago(1), kind=kind("art56_htl"), authority="ind"), by=cast.ind)

    access = access_of(cast.ind, case)
    assert [(reads_reasons(access, one), may_change_of(access, one)) for one in (own, others)] == [
        (True, True),
        (False, False),
    ]
    refused: list[Callable[[], object]] = [
        lambda: void(others, "Niet van ons", by=cast.ind),
        lambda: correct(others, restriction(ago(40)), "Anders", by=cast.ind),
        lambda: take_back_lifting(others, "Toch niet", by=cast.ind),
        lambda: impose(case, details("art59_1a", ago(1)), by=cast.ind),
    ]
    for act in refused:
        with pytest.raises(NotAllowed):
            act()
    lift(own, Lifting(ago(0.5), "ground_gone"), by=cast.ind)
    third = impose(case, restriction(ago(0.2)), by=cast.ua)
    with pytest.raises(NotAllowed):
        impose(case, restriction(ago(0.1), kind=kind("art56_htl"), authority="ind"), by=cast.ind, replaces=third)


def test_the_page_of_ind_offers_its_own_measure_and_shields_why_of_another(cast: Cast, case: ReturnCase) -> None:
    others = Measure.objects.get(family="area")
    client = sign_in(Client(), cast.ind)

    shown = client.get(reverse("cases:measure", args=[case.number, others.pk])).content.decode()

    assert "Heeft zich eerder aan het toezicht onttrokken." not in shown
    assert reverse("cases:measure-lift", args=[case.number, others.pk]) not in shown
    assert client.get(reverse("cases:measure-lift", args=[case.number, others.pk])).status_code == 403
    assert client.get(reverse("cases:measure-impose", args=[case.number])).status_code == 200
    assert "Bewaring" not in client.get(reverse("cases:measure-impose", args=[case.number])).content.decode()


def test_behind_the_wall_custody_is_for_units_with_the_grant(cast: Cast, case: ReturnCase) -> None:
    def raw(member: Member) -> tuple[int, int, int, int, int]:
        with as_member(member):
            found = (
                Measure.objects,
                Measure.history,
                MeasureRung.objects,
                CourtFact.objects,
                VulnerabilityNote.objects,
            )
            return tuple(manager.count() for manager in found)  # type: ignore[return-value]

    assert raw(cast.ua) == (2, 2, 3, 1, 1)
    assert raw(cast.regievoerder) == (2, 2, 3, 1, 1)  # may see medical facts
    assert raw(cast.politie) == (2, 2, 3, 1, 0)
    assert raw(cast.ind) == (1, 1, 0, 0, 0)
    assert raw(cast.regievoerder2) == (0, 0, 0, 0, 0)
    with acting(None, None, None):
        assert not Measure.objects.exists()


def test_what_is_behind_the_wall_cannot_be_changed_by_who_does_not_find_it(cast: Cast, case: ReturnCase) -> None:
    with as_member(cast.ind), connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_measure SET officer = 'x' WHERE family = 'custody'")
        assert cursor.rowcount == 0


def test_in_the_history_custody_leaves_no_trace_and_what_was_found_is_medical(cast: Cast, case: ReturnCase) -> None:
    def records(member: Member) -> str:
        with as_member(member):
            changes = case_history(case, access_of(member, case)).changes
        return " ".join(f"{one.record} {one.field} {one.now}" for one in changes)

    assert "Slaapt slecht" in records(cast.regievoerder)
    police = records(cast.politie)
    assert "artikel 59" in police
    assert "Slaapt slecht" not in police
    assert "Eerder niet nagekomen" in police
    coa = records(cast.casemanager)
    assert "artikel 56" in coa
    for word in ("artikel 59", "Rechtbank", "Lichter middel", "M109", "Slaapt slecht", "onttrokken"):
        assert word not in coa
