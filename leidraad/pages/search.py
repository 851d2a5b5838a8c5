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
from cases.case.search import Query, find, is_number, is_too_short, read_query
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
        if len(found) == 1:
            _record(request.member, query, found)
            return redirect(case_url(found[0].number))
    return redirect("pages:search-results", token=_remember(request, query))


@signed_in
@never_cache
def results(request: UserRequest, token: str) -> HttpResponse:
    """The list behind a result address, by today's rights. Of another session or after ten minutes: search again."""
    require_to(request.member, "cases.list")
    query = _recall(request, token)
    if query is None:
        context = {"form": SearchForm(), "is_expired": True}
        return _page(request, context)
    found = find(request.member, query, limit=SHOWN + 1)
    _record(request.member, query, found)
    if is_number(query.text) and len(found) == 1:
        return redirect(case_url(found[0].number))
    form = SearchForm(initial={"q": query.text, "born": query.born})
    context = {
        "form": form,
        "hits": [_hit(case, request.member) for case in found[:SHOWN]],
        "has_searched": True,
        "has_more": len(found) > SHOWN,
        "shown": SHOWN,
    }
    return _page(request, context)


def _page(request: UserRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """With the way to emergency access for the roles that have it, whatever was found."""
    context["has_emergency"] = may_do(request.member, "emergency.open")
    return render(request, "pages/search.html", context, status=status)


def _remember(request: UserRequest, query: Query) -> str:
    key = secrets.token_urlsafe(9)
    born = query.born.isoformat() if query.born else ""
    kept = request.session.get(SESSION_KEY, [])[-(KEPT - 1) :]
    request.session[SESSION_KEY] = [*kept, [key, query.text, born]]
    return signing.dumps(key, salt=SALT)


def _recall(request: UserRequest, token: str) -> Query | None:
    try:
        key = signing.loads(token, salt=SALT, max_age=MINUTES * 60)
    except signing.BadSignature:
        return None
    for kept, text, born in request.session.get(SESSION_KEY, []):
        if kept == key:
            return Query(text, date.fromisoformat(born) if born else None)
    return None


def _record(member: Member, query: Query, found: list[ReturnCase]) -> None:
    """What kind of search, by whom, and which cases it showed; never the words that were typed."""
    detail = {
        "by": "number" if is_number(query.text) else "name",
        "hits": len(found),
        "cases": [case.number for case in found[:SHOWN]],
    }
    events.record(EventKind.SEARCH, member, route="pages:search", detail=detail)


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
