"""The people of the tests. They are the demo accounts, so a test reads like the story it tells."""

from contextlib import AbstractContextManager
from functools import cached_property

from django.test import Client

from leidraad.lib.audit import save_as
from leidraad.lib.who import acting
from partners.models import Member, Membership, Role, Unit
from partners.reference_data import DEMO_PASSWORD

PRINCIPAL = "test"


class Cast:
    """Attribute = user name of a demo account, hyphens as underscores. Each access is a fresh Member, acting. The accounts
    stand in the test database from the start."""

    def __getattr__(self, name: str) -> Member:
        if name.startswith("_"):
            raise AttributeError(name)
        member = Member.objects.filter(username=name.replace("_", "-")).first()
        if member is None:
            raise AttributeError(name)
        return member

    @cached_property
    def ilc(self) -> Unit:
        return Unit.objects.get(code="dtv-ilc")

    def unit(self, code: str) -> Unit:
        return Unit.objects.select_related("organisation").get(code=code)


def member_of(unit: Unit, role: str, username: str = "") -> Member:
    """A new member of a unit in a role, acting in it."""
    name = username or f"{unit.code}-{role}-{Member.objects.count()}"
    member = save_as(Member(username=name, display_name=f"{name.title()}"), by=PRINCIPAL)
    membership = Membership(member=member, unit=unit, role=Role.objects.get(code=role))
    return member.work_as(save_as(membership, by=PRINCIPAL))


def as_member(member: Member) -> AbstractContextManager[None]:
    """What the database shows behind the second wall while this member acts."""
    return acting(member.acting_unit_id, member.acting_group_id, member.pk)


def sign_in(client: Client, member: Member) -> Client:
    """Signed in without the sign-in page; the page itself has tests of its own."""
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


__all__ = ["DEMO_PASSWORD", "PRINCIPAL", "Cast", "as_member", "member_of", "sign_in"]
