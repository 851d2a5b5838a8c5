"""The request as our views know it, and the door for signed-in members."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from partners.models import Member

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """Of a signed-in member; `signed_in` guarantees it."""

    member: Member
    htmx: HtmxDetails


def signed_in(view: Callable[Concatenate[UserRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """The decorator of every view but sign-in and health. Without a valid membership the member sees nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "member", None) is None:
            return redirect_to_login(request.get_full_path())
        return view(cast(UserRequest, request), *args, **kwargs)

    guarded.leidraad_signed_in = True  # type: ignore[attr-defined]  # read by the test that every view has a guard
    return cast(Callable[..., Any], guarded)
