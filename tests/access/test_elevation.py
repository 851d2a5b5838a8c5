"""Nobody raises themselves: not by a field that no form has, not by a role or unit of others, not by another method or body."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.case.access import access_of
from cases.case.models import Part, ReturnCase
from leidraad.lib.audit import save_as
from partners.models import Member, Membership, Role
from partners.policy import may_do
from tests.access.drawn import Drawn
from tests.access.ways import part_of, url
from tests.access.written import taken_back
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, led_case, unit
from tests.test_access import USERNAMES, table

pytestmark = pytest.mark.django_db

# Who has something to gain: who leads a team, who keeps the reference data, who controls, and who does the work.
CLIMBERS = [
    "manager",
    "coa-manager",
    "politie-teamchef",
    "beheer",
    "auditor",
    "privacy",
    "regievoerder",
    "coa-receptie",
]
FLAGS = ["is_superuser", "is_staff", "is_demo", "is_active", "superuser"]
SPELLED = ["true", "True", "1", "on", "yes"]
OWN_FORMS = ["partners:display", "partners:work-as", "partners:language", "pages:notices-read", "partners:sessions"]


def member_of(cast: Cast, username: str) -> Member:
    found: Member = getattr(cast, username.replace("-", "_"))
    return found


def standing(username: str) -> tuple[Any, ...]:
    """What a member is and may, as it is stored."""
    member = Member.objects.get(username=username)
    memberships = list(
        Membership.objects.filter(member=member).order_by("pk").values_list("unit", "role", "valid_until")
    )
    flags = (member.is_superuser, member.is_staff, member.is_active, member.is_demo)
    return (*flags, memberships, set(member.groups.all()), set(member.user_permissions.all()))


def acting(client: Client) -> tuple[str, str]:
    """For which unit and in which role the pages are drawn now."""
    member = client.get(reverse("pages:help")).context["member"]
    return member.acting_unit.code, member.acting_role


def raising(cast: Cast) -> dict[str, Any]:
    """Every flag in every spelling, in lists and nests, and the unit, role and membership of somebody else."""
    other = cast.politie.valid_memberships.get()
    sent: dict[str, Any] = {}
    for flag in FLAGS:
        sent[flag] = SPELLED
        sent |= {f"flags[{flag}]": "true", f"member[{flag}]": "1", f"member.{flag}": "on", f"{flag}[]": SPELLED}
    sent |= {"role": other.role_id, "role_id": other.role_id, "roles": ["administrator", "dtv_manager"]}
    sent |= {"unit": other.unit_id, "unit_id": other.unit_id, "organisation": "dtv", "acting_unit": other.unit_id}
    return sent | {"acting_membership": other.pk, "acting": other.pk, "groups": [1, 2], "user_permissions": [1]}


@pytest.mark.parametrize("username", CLIMBERS)
def test_fields_that_no_form_has_raise_nobody(cast: Cast, client: Client, username: str) -> None:
    sign_in(client, member_of(cast, username))
    before, works = standing(username), acting(client)
    sent = raising(cast) | {"language": "nl", "shortcuts_on": "on"}

    for name in OWN_FORMS:
        client.post(reverse(name), sent)
        client.post(f"{reverse(name)}?is_superuser=true&role=administrator&membership={sent['acting']}", {})
        client.post(reverse(name), json.dumps(sent | {"membership": sent["acting"]}), content_type="application/json")
        assert (standing(username), acting(client)) == (before, works), name


@pytest.mark.parametrize("username", CLIMBERS)
def test_the_membership_of_another_is_taken_in_no_shape(cast: Cast, client: Client, username: str) -> None:
    sign_in(client, member_of(cast, username))
    own, works, path = member_of(cast, username).acting, acting(client), reverse("partners:work-as")
    assert own is not None
    foreign = next(one for one in Membership.objects.exclude(member=own.member) if one.role_id != own.role_id)

    shapes: list[dict[str, Any]] = [
        {"membership": foreign.pk},
        {"membership": [own.pk, foreign.pk]},
        {"membership": [foreign.pk, own.pk]},
        {"membership": f"{own.pk},{foreign.pk}"},
        {"membership[]": foreign.pk, "membership": ""},
        {"membership": json.dumps({"pk": foreign.pk})},
        {"membership": f"{foreign.pk}.0"},
        {"membership": f" {foreign.pk}"},
        {"membership": "".join(chr(ord(digit) - ord("0") + 0x660) for digit in str(foreign.pk))},
    ]
    for sent in shapes:
        client.post(path, sent)
        assert acting(client) == works, sent
    client.cookies["acting_membership"] = str(foreign.pk)
    client.get(f"{path}?membership={foreign.pk}")
    assert acting(client) == works


@pytest.mark.parametrize("role", ["case_director", "dtv_manager", "privacy_officer", "administrator", "team_chief"])
def test_a_role_of_another_organisation_carries_nothing(cast: Cast, role: str) -> None:
    """Whoever gave it by mistake: the policy has no line for that organisation and role, in a case nor outside one."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    member = cast.coa_receptie
    given = save_as(
        Membership(member=member, unit=unit("azc-veenmeer"), role=Role.objects.get(code=role)), by=PRINCIPAL
    )
    member.work_as(given)

    access = access_of(member, case)
    capabilities = ("case.view", "identity.view", "history.view", "case.change", "case.share", "case.assign")
    assert [one for one in capabilities if access.can(one)] == []
    outside = ("reports.view", "reports.all", "looks.view", "caseload.change", "reference.change", "emergency.open")
    assert [one for one in outside if may_do(member, one)] == []


def acts_of(case: ReturnCase) -> list[tuple[str, dict[str, Any]]]:
    """Acts on a case of the responsible unit, as its director would send them."""
    return [
        (url(case, "close"), {"outcome": "error", "reason": "x", "confirm": "yes"}),
        (url(case, "assign"), {"director": Member.objects.get(username="regievoerder").pk, "reason": "x"}),
        (url(case, "access-share"), {"part": "police.supervision.task", "unit": unit("avim-zuid").pk, "reason": "x"}),
        (url(case, "consent"), {"party": "iom", "given_on": "26-11-2026", "how": "signed_form", "original_at": "x"}),
        (url(case, "named-give"), {"member": 1, "section": "protected_address", "until": "26-11-2027", "reason": "x"}),
        (url(case, "phase"), {"phase": "planning", "reason": "x"}),
    ]


@pytest.mark.parametrize("username", ["beheer", "auditor", "privacy", "coa-manager", "politie-teamchef", "kmar"])
def test_no_function_beside_the_case_acts_in_it(cast: Cast, client: Client, username: str) -> None:
    """Who keeps the data, who controls, and who leads another team: what they send as if they were its director."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    sign_in(client, member_of(cast, username))

    for path, sent in acts_of(case):
        with taken_back() as written:
            response = client.post(path, sent | {"confirm": "yes"} | raising(cast))
        assert (response.status_code in (403, 404), written) == (True, []), path


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_reading_never_becomes_sending(cast: Cast, client: Client, name: str) -> None:
    case = led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    for path, sent in acts_of(case):
        with taken_back() as written:
            client.get(path, sent | {"confirm": "yes", "_method": "POST"}, headers={name: "POST"})
            client.put(path, json.dumps(sent), content_type="application/json")
            client.patch(path, json.dumps(sent), content_type="application/json")
            client.delete(path)
        assert written == [], path


def test_a_body_that_is_no_form_fills_no_form(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    sign_in(client, cast.regievoerder)

    for path, sent in acts_of(case):
        with taken_back() as written:
            response = client.post(path, json.dumps(sent | {"confirm": "yes"}), content_type="application/json")
        assert (response.status_code in (403, 409, 422), written) == (True, []), path


@pytest.mark.parametrize("name", ["Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Acting-Unit"])
def test_no_header_says_who_one_is(cast: Cast, client: Client, name: str) -> None:
    case = led_case(cast.regievoerder)
    path = url(case, "detail")

    assert client.get(path, headers={name: "regievoerder"}).status_code == 302
    assert sign_in(client, cast.regievoerder2).get(path, headers={name: "regievoerder"}).status_code == 404


def test_looking_as_another_role_gives_none_of_its_acts(cast: Cast, client: Client) -> None:
    """Before and after looking the same acts are refused, and the looker works for the same unit in the same role."""
    case = at_site(led_case(cast.regievoerder), unit("azc-veenmeer"))
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    sign_in(client, cast.regievoerder)
    works = acting(client)
    for unit_code, role in (("azc-veenmeer", "reception_case_manager"), ("avim-noord", "supervision_officer")):
        looked = client.get(f"{url(case, 'access')}{part_of(case, unit_code).pk}/bekijken/{role}/")
        assert looked.status_code == 200
        assert [
            form for form in Drawn.of("/", looked.content.decode().split("<main")[1]).forms if form.method == "post"
        ] == []

    for name, sent in (
        ("impose-reporting", {"place": unit("azc-veenmeer").pk, "rhythm": "weekly", "imposed_on": "26-11-2026"}),
        ("residence-reserve", {"site": unit("azc-veenmeer").pk, "expected_on": "30-11-2026", "reason": "x"}),
    ):
        with taken_back() as written:
            assert client.post(url(case, name), sent | {"confirm": "yes"}).status_code == 403, name
        assert written == []
    assert acting(client) == works


@pytest.mark.parametrize(
    "target", ["https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "javascript:alert(1)"]
)
@pytest.mark.parametrize("name", ["partners:work-as", "partners:language"])
def test_what_comes_next_lies_here(cast: Cast, client: Client, name: str, target: str) -> None:
    own = cast.regievoerder.acting
    assert own is not None
    sign_in(client, cast.regievoerder)

    response = client.post(reverse(name), {"membership": own.pk, "language": "nl", "next": target})

    assert response["Location"] == "/"


def test_what_comes_next_is_asked_for_by_the_rights_of_its_own_page(cast: Cast, client: Client) -> None:
    foreign = url(led_case(cast.regievoerder2), "detail")
    sign_in(client, cast.regievoerder)

    response = client.post(reverse("partners:language"), {"language": "nl", "next": foreign}, follow=True)

    assert response.redirect_chain == [(foreign, 302)]
    assert response.status_code == 404


def test_there_is_no_second_way_in(cast: Cast, client: Client) -> None:
    """No administration site, no interface beside the pages: what is not in the table of URLs is not there."""
    sign_in(client, cast.beheer)

    for path in ("/admin/", "/api/", "/django-admin/", "/beheer/admin/", "/graphql", "/__debug__/"):
        assert client.get(path).status_code == 404, path
    assert all(not door.url.startswith("admin") for door in table())
    assert set(CLIMBERS) <= set(USERNAMES)
