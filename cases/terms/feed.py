"""A calendar of the terms of one's unit: case number and day, and nothing else. Asked by a secret address, without signing in.

Who holds the address sees that a case has a term on a day. No name, no rule and no organisation stands in it, so that a
calendar in somebody's phone tells nothing of anybody.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from icalendar import Calendar, Event

from cases.terms.listing import for_calendar
from cases.terms.models import CalendarFeed
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from partners.models import Member, Membership
from partners.policy import require_to

BACK, AHEAD = timedelta(days=31), timedelta(days=400)
SECRET_BYTES = 32
# How often a calendar is asked to look again; clients may do as they like.
REFRESH = timedelta(hours=6)


@dataclass(frozen=True)
class Entry:
    number: str
    day: date


def fingerprint(secret: str) -> str:
    """A secret of 32 random bytes needs no slow hash: nobody can try them all."""
    return hashlib.sha256(secret.encode()).hexdigest()


def running_of(member: Member) -> CalendarFeed | None:
    return CalendarFeed.objects.running().filter(membership=member.acting).first() if member.acting else None


@transaction.atomic
def make_feed(*, by: Member) -> str:
    """A new address for the membership that the member works as; a former one ends. Returns the secret, told this once."""
    require_to(by, "cases.list")
    # Two at once: the second waits here, so that one address is left.
    membership = Membership.objects.select_for_update(no_key=True).get(pk=by.acting.pk if by.acting else 0)
    for former in CalendarFeed.objects.running().filter(membership=membership):
        _end(former, by=by)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed(member=by, membership=membership, fingerprint=fingerprint(secret), made_at=clock.now())
    save_as(feed, by=by, reason=gettext_noop("Calendar address made"))
    return secret


@transaction.atomic
def end_feed(*, by: Member) -> None:
    """Raises NotPossible when there is none any more."""
    feed = CalendarFeed.objects.running().select_for_update().filter(membership=by.acting, member=by).first()
    if feed is None:
        raise NotPossible(_("There is no calendar address any more."))
    _end(feed, by=by)


def _end(feed: CalendarFeed, *, by: Member) -> None:
    feed.ended_at = clock.now()
    save_as(feed, by=by, reason=gettext_noop("Calendar address ended"))


def feed_of(secret: str) -> CalendarFeed | None:
    """The running feed of this secret. Whether its member may still work here is the caller's question."""
    found = CalendarFeed.objects.running().select_related("member").filter(fingerprint=fingerprint(secret))
    return found.first()


def entries_of(member: Member) -> list[Entry]:
    """One for each case and day, by day: of terms that the member may know of now."""
    today = clock.today()
    rows = for_calendar(member, today - BACK, today + AHEAD)
    found = {Entry(row.case.number, row.deadline.due) for row in rows if row.deadline.due is not None}
    return sorted(found, key=lambda one: (one.day, one.number))


def as_calendar(entries: list[Entry]) -> bytes:
    """RFC 5545, titles in the language that is active."""
    calendar = Calendar()
    calendar.add("prodid", "-//Leidraad//Termijnen//NL")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Terms in Leidraad"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    # The same from one look to the next, and no guess to be made from it.
    event.add(
        "uid", salted_hmac("leidraad-calendar", f"{entry.number}:{entry.day}", algorithm="sha256").hexdigest()[:32]
    )
    event.add("dtstamp", clock.now())
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", _("Term %(number)s") % {"number": entry.number})
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
