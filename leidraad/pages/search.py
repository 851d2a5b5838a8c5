"""S22 Zoeken: one box. A number leads to its case, a name to a short list, and nothing tells "none" from "hidden".

What was typed never stands in an address: it stays in the session for ten minutes, and the address carries a signed token
that only that session can read.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from cases.case.models import ReturnCase
from cases.case.nationalities import nationality_name
from cases.case.search import Query, find, is_number, is_too_short, own_work, read_query
from leidraad.lib import events
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.models import EventKind
from leidraad.pages.people import birth_date, case_url, person_name
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import may_do, require_to

MINUTES = 10
KEPT = 5
SHOWN = 50
SESSION_KEY = "searches"
SALT = "leidraad.search"


class SearchForm(Form):
    q = TextField(
        label=_("Name, V-number or case number"),
        max_length=100,
        required_message=_("Fill in a name, a V-number or a case number."),
        help_text=_("Three letters of a name are enough. A birth date may stand behind the name: Amari 14-3-1994."),
    )
    born = DateField(label=_("Birth date"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "q" in cleaned and is_too_short(read_query(cleaned["q"], cleaned.get("born"))):
            self.add_error("q", _("Type at least three letters of the name."))
        return cleaned


class ReasonForm(Form):
    """Asked when hits lie outside the member's own work."""

    reason = TextField(
        label=_("What do you search for?"),
        max_length=200,
        required_message=_("Write what you search for."),
        help_text=_("For example: standing in for a colleague. The reason is recorded."),
    )


@dataclass(frozen=True)
class Hit:
    """One row of the results, ready to draw."""

    number: str
    url: str
    name: str
    born: str
    nationality: str
    lead: str
    is_closed: bool


@signed_in
@never_cache
def search(request: UserRequest) -> HttpResponse:
    require_to(request.member, "cases.list")
    form = SearchForm(request.POST or None)
    if request.method != "POST":
        return _page(request, {"form": form})
    if not form.is_valid():
        return _page(request, {"form": form}, status=422)
    query = read_query(form.cleaned_data["q"], form.cleaned_data["born"])
    if is_number(query.text):
        found = find(request.member, query)
        if len(found) == 1 and own_work(request.member, found):
            _record(request.member, query, found)
            return redirect(case_url(found[0].number))
    return redirect("pages:search-results", token=_remember(request, query))


@signed_in
@never_cache
def results(request: UserRequest, token: str) -> HttpResponse:
    """The list behind a result address, by today's rights. Of another session or after ten minutes: search again."""
    require_to(request.member, "cases.list")
    search = _recall(request, token)
    if search is None:
        return _page(request, {"form": SearchForm(), "is_expired": True})
    ask = ReasonForm(request.POST if request.method == "POST" else None)
    if ask.is_bound and ask.is_valid():
        _keep_reason(request, search, ask.cleaned_data["reason"])
        return redirect("pages:search-results", token=token)
    query = search.query
    found = find(request.member, query, limit=SHOWN + 1)
    own = own_work(request.member, found)
    shown = [case for case in found if search.reason or case.pk in own]
    _record(request.member, query, shown, reason=search.reason)
    if is_number(query.text) and len(found) == len(shown) == 1:
        return redirect(case_url(shown[0].number))
    context = {
        "form": SearchForm(initial={"q": query.text, "born": query.born}),
        "reason_form": ask if len(shown) < len(found) else None,
        "kept_back": len(found) - len(shown),
        "hits": [_hit(case, request.member) for case in shown[:SHOWN]],
        "has_searched": True,
        "has_more": len(found) > SHOWN,
        "shown": SHOWN,
    }
    return _page(request, context, status=422 if ask.is_bound else 200)


def _page(request: UserRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """With the ways to emergency access and to a referral for the roles that have them, whatever was found."""
    context["has_emergency"] = may_do(request.member, "emergency.open")
    context["may_refer"] = may_do(request.member, "referrals.file")
    return render(request, "pages/search.html", context, status=status)


@dataclass(frozen=True)
class Kept:
    """A search as the session holds it. Without a reason only hits in the member's own work are shown."""

    key: str
    query: Query
    reason: str


def _remember(request: UserRequest, query: Query) -> str:
    key = secrets.token_urlsafe(9)
    born = query.born.isoformat() if query.born else ""
    kept = request.session.get(SESSION_KEY, [])[-(KEPT - 1) :]
    request.session[SESSION_KEY] = [*kept, [key, query.text, born, ""]]
    return signing.dumps(key, salt=SALT)


def _recall(request: UserRequest, token: str) -> Kept | None:
    try:
        key = signing.loads(token, salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return None
    for kept, text, born, reason in request.session.get(SESSION_KEY, []):
        if kept == key:
            return Kept(key, Query(text, date.fromisoformat(born) if born else None), reason)
    return None


def _keep_reason(request: UserRequest, search: Kept, reason: str) -> None:
    kept = request.session.get(SESSION_KEY, [])
    request.session[SESSION_KEY] = [[*one[:3], reason] if one[0] == search.key else one for one in kept]


def _record(member: Member, query: Query, found: list[ReturnCase], *, reason: str = "") -> None:
    """What kind of search, by whom, for what, and which cases it showed; never the words that were typed."""
    detail = {
        "by": "number" if is_number(query.text) else "name",
        "hits": len(found),
        "cases": [case.number for case in found[:SHOWN]],
    }
    events.record(EventKind.SEARCH, member, route="pages:search", purpose=reason, detail=detail)


def _hit(case: ReturnCase, member: Member) -> Hit:
    person = case.person
    lead = case.led_by.full_name
    if case.director and case.led_by.organisation.code == member.acting_organisation:
        lead = f"{lead}, {case.director}"
    return Hit(
        number=case.number,
        url=case_url(case.number),
        name=person_name(person.surname, person.given_names, person.name_prefix),
        born=birth_date(person),
        nationality=nationality_name(person.nationality),
        lead=lead,
        is_closed=case.is_closed,
    )
