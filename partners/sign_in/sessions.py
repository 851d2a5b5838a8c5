"""The sessions of a member: where they are signed in, ending one, ending all."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession

from partners.models import Member


def end(sessions: Iterable[UserSession]) -> None:
    """Whoever holds one of these is nobody on the next request."""
    for session in sessions:
        session.end()


def end_all(member: Member, *, but: str = "") -> int:
    """All sessions of the member, but the one with this key. Returns how many."""
    ended = list(UserSession.objects.filter(user_id=member.pk).exclude(session_key=but))
    end(ended)
    return len(ended)
