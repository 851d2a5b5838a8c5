"""`manage.py reset_second_factor NAME`: for who lost phone, passkeys and recovery codes. Their sessions end at once.

The service desk runs it after checking by its own rules who is calling. The member sets up a new one at the next sign-in.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from leidraad.lib import events
from leidraad.lib.models import EventKind
from partners.models import Member
from partners.sign_in import sessions

PRINCIPAL = "reset_second_factor"


class Command(BaseCommand):
    help = "Removes the second step of signing in of one member, and ends their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        member = Member.objects.filter(username__iexact=options["username"]).first()
        if member is None:
            raise CommandError(f"There is no member called {options['username']}.")
        Authenticator.objects.filter(user_id=member.pk).delete()
        sessions.end_all(member)
        events.record(EventKind.SECOND_FACTOR, member, detail={"act": "reset", "by": PRINCIPAL})
        self.stdout.write(f"{member.username} sets up a new second step at the next sign-in.")
