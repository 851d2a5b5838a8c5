"""`manage.py load_claims FILE --as NAME`: which claims of which provider give which unit and role, from day to day.

The file has the columns provider, value, unit, role, valid_from, valid_until. Loading it again changes nothing; a rule ends by
a last day. Nothing is loaded when one line is wrong.
"""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from leidraad.lib.audit import save_as
from partners.models import ClaimRule, Member, Role, Unit
from partners.reference_data import lines
from partners.sign_in.organisation import provider_of


class Command(BaseCommand):
    help = "Loads which claims of an OpenID provider give which unit and role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="the administrator who states this")

    @transaction.atomic
    def handle(self, *args: Any, file: Path, username: str, **options: Any) -> None:
        by = Member.objects.filter(username__iexact=username, is_active=True).first()
        if by is None:
            raise CommandError(f"There is no active member called {username}.")
        changed = 0
        for number, line in enumerate(lines(file.name, file.parent), start=2):
            try:
                changed += _put(line, by)
            except (KeyError, ValueError, ValidationError, Unit.DoesNotExist, Role.DoesNotExist) as error:
                raise CommandError(f"Line {number}: {error}") from error
        self.stdout.write(f"{changed} rules changed.")


def _put(line: dict[str, str], by: Member) -> bool:
    """Raises ValueError for a unit or role of another organisation: a provider speaks for its own people only."""
    provider = provider_of(line["provider"])
    if provider is None:
        raise ValueError(f"LEIDRAAD_OPENID_PROVIDERS has no {line['provider']}")
    unit, role = Unit.objects.get(code=line["unit"]), Role.objects.get(code=line["role"])
    if {unit.organisation.code, role.organisation.code} != {provider.organisation}:
        raise ValueError(f"{unit.code} and {role.code} are not both of {provider.organisation}")
    key = {"provider": provider.id, "value": line["value"], "unit": unit, "role": role}
    since, until = date.fromisoformat(line["valid_from"]), line.get("valid_until") or ""
    last = date.fromisoformat(until) if until else None
    rule = ClaimRule.objects.filter(**key, valid_from=since).first() or ClaimRule(**key, valid_from=since)
    if rule.pk is not None and rule.valid_until == last:
        return False
    rule.valid_until = last
    rule.full_clean()
    save_as(rule, by=by, reason="load_claims")
    return True
