"""`manage.py give_password NAME`: a first password, or a new one for who forgot it. Asked at the keyboard only.

The service desk runs it after checking by its own rules who is calling. The member's sessions end; the member changes it after
signing in.
"""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_noop

from leidraad.lib.audit import save_as
from partners.models import Member
from partners.sign_in import sessions

PRINCIPAL = "give_password"


class Command(BaseCommand):
    help = "Sets the password of one member, and ends their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        member = Member.objects.filter(username__iexact=options["username"], is_demo=False).first()
        if member is None:
            raise CommandError(f"There is no member called {options['username']}, or it is a demo account.")
        password = getpass("Password: ")
        if password != getpass("Once more: "):
            raise CommandError("The two differ.")
        try:
            validate_password(password, member)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        member.set_password(password)
        save_as(member, by=PRINCIPAL, reason=gettext_noop("Password changed"), update_fields=["password"])
        sessions.end_all(member)
        self.stdout.write(f"{member.username} signs in with the new password.")
