"""The service desk gives a first password."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from leidraad.lib.audit import save_as
from partners.models import Member
from tests.cast import PRINCIPAL, Cast
from tests.partners.factors import give_password

pytestmark = pytest.mark.django_db

GOOD = "fiets-kelder-wolk-7"


@pytest.fixture
def member(cast: Cast, settings: Any) -> Member:
    settings.LEIDRAAD_DEMO, settings.LEIDRAAD_SECOND_FACTOR = False, False
    member = cast.regievoerder
    member.is_demo = False
    return save_as(member, by=PRINCIPAL)


def typing(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    answers = iter(typed)
    monkeypatch.setattr("partners.management.commands.give_password.getpass", lambda _prompt: next(answers))


def test_the_new_password_works_and_running_sessions_end(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Client()
    give_password(running, "regievoerder")
    typing(monkeypatch, GOOD, GOOD)

    call_command("give_password", "Regievoerder", verbosity=0)

    assert running.get("/mijn-werk/")["Location"].startswith("/aanmelden/")
    assert give_password(Client(), "regievoerder", GOOD).status_code == 302
    assert Member.objects.get(pk=member.pk).history.latest().history_principal == "give_password"


@pytest.mark.parametrize("typed", [(GOOD, "iets-anders-nog-8"), ("kort", "kort"), ("Welkom01!!!!", "Welkom01!!!!")])
def test_a_slip_or_a_weak_password_changes_nothing(
    member: Member, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, str]
) -> None:
    typing(monkeypatch, *typed)

    with pytest.raises(CommandError):
        call_command("give_password", "regievoerder", verbosity=0)

    assert Member.objects.get(pk=member.pk).password == member.password


def test_demo_accounts_keep_theirs(cast: Cast) -> None:
    with pytest.raises(CommandError):
        call_command("give_password", "regievoerder", verbosity=0)
