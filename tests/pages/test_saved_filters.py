"""Filters that people keep: their own and the team's, with counts, under the rights of who looks."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.models import Phase, SavedFilter
from cases.case.saved_filters import MOST, save_filter
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.pages.saved_beside import shown_filters
from partners.models import Member, Membership
from tests import factories
from tests.cast import PRINCIPAL, Cast, member_of, sign_in

pytestmark = pytest.mark.django_db

ADDRESS = "/zaken/filters/"


def keep(by: Member, name: str = "Mijn keuze", *, team: bool = False, **values: str) -> SavedFilter:
    return save_filter(name, values or {"phase": Phase.PLANNING}, for_team=team, by=by)


def seen(member: Member) -> dict[str, str]:
    return {one.name: one.count for one in shown_filters(member, {})}


def test_the_chosen_filters_are_kept_under_a_name_and_stand_beside_the_list_with_their_count(
    client: Client, cast: Cast
) -> None:
    member = cast.regievoerder
    factories.led_case(member, phase=Phase.TRACK_FORCED)
    factories.led_case(member)
    sign_in(client, member)
    assert "/zaken/filters/bewaren/?phase=track_forced" in client.get("/zaken/?phase=track_forced").content.decode()

    page = client.post(
        f"{ADDRESS}bewaren/?phase=track_forced&location=abc", {"name": " Gedwongen  spoor "}, follow=True
    )

    saved = SavedFilter.objects.get()
    assert (saved.name, saved.values, saved.owner) == ("Gedwongen spoor", {"phase": "track_forced"}, member)
    assert saved.history.get().history_user == member
    (shown,) = page.context["saved_filters"]
    assert (shown.url, shown.count, shown.current) == ("/zaken/?phase=track_forced", "1", True)
    assert "/zaken/filters/bewaren/" not in page.content.decode()


def test_own_filters_are_for_their_owner_and_team_filters_for_the_team(cast: Cast) -> None:
    keep(cast.regievoerder, "Van mij")
    keep(cast.manager, "Van het team", team=True)

    assert set(seen(cast.regievoerder)) == {"Van mij", "Van het team"}
    assert set(seen(factories.case_director())) == {"Van het team"}
    assert seen(cast.regievoerder2) == {}


def test_an_own_filter_stays_in_the_unit_it_was_made_in(cast: Cast) -> None:
    member = cast.regievoerder
    keep(member)
    role = member.memberships.get().role
    elsewhere = save_as(Membership(member=member, unit=cast.unit("dtv-zuid-1"), role=role), by=PRINCIPAL)

    assert seen(Member.objects.get(pk=member.pk).work_as(elsewhere)) == {}


def test_counts_are_what_the_reader_sees(cast: Cast) -> None:
    factories.led_case(cast.regievoerder)
    keep(cast.manager, "Plan", team=True)
    keep(cast.manager, "Geen directeur", team=True, director="nobody")

    assert seen(cast.regievoerder) == {"Plan": "1", "Geen directeur": "0"}


def test_a_filter_on_a_section_that_the_reader_may_not_see_is_not_shown(client: Client, cast: Cast) -> None:
    team = cast.manager.acting_unit
    keep(cast.manager, "Nationaliteit", team=True, nationality="NGA")
    keep(cast.manager, "Fase", team=True)
    clerk = member_of(team, "intake_clerk")

    assert "Nationaliteit" not in seen(clerk)
    page = sign_in(client, clerk).get(ADDRESS).content.decode()
    assert "Nationaliteit" not in page
    assert "Nigeria" not in page


def test_criminal_content_is_no_saved_filter_for_who_may_not_see_risk(cast: Cast) -> None:
    site = cast.coa_manager
    saved = keep(site, "Groep", team=True, special_group="uam")
    assert "Groep" in seen(cast.casemanager)

    saved.values = {"special_group": "offender"}
    save_as(saved, by=PRINCIPAL)

    assert seen(cast.casemanager) == {}


def test_a_choice_that_is_gone_hides_the_filter_and_lets_its_owner_delete_it(client: Client, cast: Cast) -> None:
    saved = keep(cast.regievoerder, "Oud-collega", director="999999")
    sign_in(client, cast.regievoerder)

    assert client.get("/zaken/").context["saved_filters"] == []
    assert "Oud-collega" in client.get(ADDRESS).content.decode()
    client.post(f"{ADDRESS}{saved.pk}/verwijderen/", {"seen_version": "1"})

    assert not SavedFilter.objects.exists()
    assert SavedFilter.history.filter(history_type="-", history_user=cast.regievoerder).count() == 1


def test_only_who_divides_the_caseload_keeps_a_filter_for_the_team(client: Client, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        keep(cast.regievoerder, team=True)
    sign_in(client, cast.regievoerder)

    page = client.get(f"{ADDRESS}bewaren/?phase=planning")
    assert "whose" not in page.context["form"].fields
    client.post(f"{ADDRESS}bewaren/?phase=planning", {"name": "Van mij", "whose": "team"})

    assert SavedFilter.objects.get().owner == cast.regievoerder


def test_a_team_filter_is_changed_by_who_divides_the_caseload_only(client: Client, cast: Cast) -> None:
    saved = keep(cast.manager, "Team", team=True)
    address = f"{ADDRESS}{saved.pk}/"
    sign_in(client, cast.regievoerder)

    assert client.get(address).status_code == 403
    assert client.post(f"{address}verwijderen/", {"seen_version": "1"}).status_code == 403
    sign_in(client, cast.manager)
    form = client.get(address).context["form"]
    sent = {"name": "Ander team", "seen_version": "1", "seen_values": form.initial["seen_values"]}
    assert client.post(address, sent).status_code == 302

    assert SavedFilter.objects.get().name == "Ander team"


def test_anothers_own_filter_does_not_exist(client: Client, cast: Cast) -> None:
    saved = keep(cast.regievoerder)
    sign_in(client, factories.case_director())

    assert client.get(f"{ADDRESS}{saved.pk}/").status_code == 404
    assert client.post(f"{ADDRESS}{saved.pk}/verwijderen/").status_code == 404


@pytest.mark.parametrize("version", ["", "0", "x", "2"])
def test_an_older_page_deletes_nothing(client: Client, cast: Cast, version: str) -> None:
    saved = keep(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    client.post(f"{ADDRESS}{saved.pk}/verwijderen/", {"seen_version": version})

    assert SavedFilter.objects.filter(pk=saved.pk).exists()


def test_a_name_is_used_once_and_no_more_than_ten_are_kept(cast: Cast) -> None:
    member = cast.regievoerder
    keep(member, "Stil")
    with pytest.raises(NotPossible):
        keep(member, " stil ")
    for number in range(MOST - 1):
        keep(member, f"Nog {number}")

    with pytest.raises(NotPossible):
        keep(member, "Een te veel")
    assert len(seen(member)) == MOST


def test_an_empty_choice_is_not_kept(client: Client, cast: Cast) -> None:
    sign_in(client, cast.regievoerder)

    page = client.get(f"{ADDRESS}bewaren/?phase=nonsense")

    assert "Er zijn nog geen filters gekozen." in page.content.decode()
    assert client.post(f"{ADDRESS}bewaren/", {"name": "Leeg"}).status_code == 422


def test_each_saved_filter_costs_the_list_one_query(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    sign_in(client, member).get("/zaken/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/zaken/")
        return len(queries)

    counts: list[Any] = [asked()]
    for number in range(2):
        keep(member, f"Filter {number}")
        counts.append(asked())

    assert [count - counts[0] for count in counts] == [0, 1, 2]
