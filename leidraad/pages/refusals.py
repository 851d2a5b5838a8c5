"""The 403 page: which right is missing, who gives it, and how to ask for it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.case.access import CAPABILITY_NAMES, may
from cases.case.models import ReturnCase
from leidraad.lib.errors import NotAllowed
from leidraad.pages.faults import words_of
from partners.models import Member

VERBS = {
    "view": gettext_noop("see"),
    "change": gettext_noop("change"),
    "close": gettext_noop("close and reopen"),
    "assign": gettext_noop("assign"),
    "share": gettext_noop("share"),
    "ask": gettext_noop("ask"),
    "answer": gettext_noop("answer"),
    "confirm": gettext_noop("confirm"),
    "list": gettext_noop("see the list"),
    "offer": gettext_noop("offer"),
    "import": gettext_noop("read in"),
    "withdraw": gettext_noop("withdraw"),
    "open": gettext_noop("open"),
    "review": gettext_noop("look through"),
    "prepare": gettext_noop("prepare"),
    "execute": gettext_noop("carry out"),
    "export": gettext_noop("export"),
    "note": gettext_noop("note down"),
    "file": gettext_noop("file"),
    "judge": gettext_noop("judge"),
    "decide": gettext_noop("decide"),
    "record": gettext_noop("write down"),
    "place": gettext_noop("put in place"),
    "lift": gettext_noop("take away again"),
}


def right_in_words(capability: str) -> str:
    """As in "geschiedenis (inzien)", what a colleague without the right reads."""
    section, _dot, verb = capability.partition(".")
    name = str(CAPABILITY_NAMES.get(section, section))
    return f"{name} ({_(VERBS[verb])})" if verb in VERBS else name


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answers every NotAllowed. The capability goes to the event log with the refusal."""
    context = words_of(request) | (_explain(request, exception) if isinstance(exception, NotAllowed) else {})
    response = render(request, "403.html", context, status=403)
    if isinstance(exception, NotAllowed):
        response.capability = exception.capability  # type: ignore[attr-defined]  # read by RefusalLogMiddleware
    return response


def _explain(request: HttpRequest, refusal: NotAllowed) -> dict[str, str]:
    context = {"missing_right": right_in_words(refusal.capability)}
    case, member = refusal.case, getattr(request, "member", None)
    if not isinstance(case, ReturnCase):
        return context | {"granted_by": _("your manager, through the functional administrator")}
    context["granted_by"] = _granted_by(case)
    if isinstance(member, Member) and may(member, "case.view", case):
        question = urlencode({"recht": refusal.capability})
        context["ask_access_url"] = f"{reverse('cases:ask-access', args=[case.number])}?{question}"
    return context


def _granted_by(case: ReturnCase) -> str:
    return _("the unit responsible for this case, %(unit)s") % {"unit": case.led_by.full_name}
