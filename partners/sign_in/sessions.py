"""The sessions of a member: where they are signed in, ending one, ending all."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from partners.models import Member

# In this order: each of the later names stands in the words of an earlier one as well.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Shown:
    pk: int
    began: datetime
    last_seen: datetime
    device: str
    is_this: bool


def device_in_words(user_agent: str) -> str:
    """ "Firefox op Windows": enough to know one's own device by, no more than the browser told."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def of_member(member: Member, this: str | None) -> list[Shown]:
    """Those that still run, this one first, then the newest."""
    found = [
        Shown(one.pk, one.created_at, one.last_seen_at, device_in_words(one.user_agent), one.session_key == this)
        for one in UserSession.objects.purge_and_list(member)
    ]
    return sorted(found, key=lambda one: (one.is_this, one.began), reverse=True)


def end_one(member: Member, pk: int) -> bool:
    """Whoever holds it is nobody on the next request. False when the member has no such session."""
    session = UserSession.objects.filter(user_id=member.pk, pk=pk).first()
    if session is None:
        return False
    session.end()
    return True


def end_all(member: Member) -> int:
    """All sessions of the member. Returns how many."""
    ended = list(UserSession.objects.filter(user_id=member.pk))
    for session in ended:
        session.end()
    return len(ended)


def forget_ended() -> None:
    """Rows of sessions that are gone: they would tell who was signed in when, for no use."""
    running = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=running).delete()
