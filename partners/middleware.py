"""Who is asking, for which unit, in which language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_cache_control

from leidraad.lib.who import acting
from partners import policy_now
from partners.models import Member, PolicyVersion

READING = ("GET", "HEAD")
SESSION_KEY = "acting_membership"


class MemberMiddleware:
    """Sets `request.member` (or None). Membership and policy are read anew on each request: an ended right ends at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with policy_now.one_policy():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        # The member itself, not the lazy stand-in: a page asks it some hundred times who it is.
        user = get_user(request)
        member = user if isinstance(user, Member) and user.may_work_here else None
        request.user = AnonymousUser() if member is None else member
        if member is not None:
            choose_membership(member, request.session.get(SESSION_KEY))
        request.member = member  # type: ignore[attr-defined]  # declared on UserRequest
        with translation.override(language_of(request)), behind_the_wall(request, member):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "nl")
        if member is not None:  # nothing stays in the browser: the back button after signing out asks again
            patch_cache_control(response, private=True, no_store=True)
            if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "nl") != member.language:
                keep_language(response, member.language)
        return response


@contextmanager
def behind_the_wall(request: HttpRequest, member: Member | None) -> Iterator[None]:
    """The database shows what the acting unit may see; without a member nothing. A page that is only read is one transaction,
    whose start tells it so once. What a form sends keeps the transactions of its acts, and each statement between them has
    one of its own."""
    keys = (member.acting_unit_id, member.acting_group_id, member.pk) if member is not None else (None, None, None)
    with acting(*keys):
        if member is None or request.method not in READING or connection.in_atomic_block:
            yield
            return
        with transaction.atomic():
            yield


def language_of(request: HttpRequest) -> str:
    """The member's own; for who has not signed in, or cannot be known now, the cookie's or the browser's. Else Dutch."""
    member: Member | None = getattr(request, "member", None)
    return member.language if member is not None else translation.get_language_from_request(request)


def keep_language(response: HttpResponse, language: str) -> None:
    """In a cookie, for the pages that are drawn without a member: sign-in, and those of a fault."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


def choose_membership(member: Member, chosen: int | None) -> None:
    """Work as the chosen membership when it is still valid, otherwise as the first valid one, or as nobody. The same query
    tells which version of the policy is in force."""
    in_force = PolicyVersion.objects.in_force().order_by().values("fingerprint")
    valid = list(member.valid_memberships.annotate(policy=Subquery(in_force[:1])))
    member.acting = next((m for m in valid if m.pk == chosen), valid[0] if valid else None)
    if valid:  # who works as nobody may nothing, whatever the policy says
        policy_now.learn(valid[0].policy or "")
    member.choices = valid  # type: ignore[attr-defined]  # for the "Werken als" menu
