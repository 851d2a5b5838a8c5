"""Puts what was parked back into the form on its page: the member sees the page as it is now with the own input in it."""

from collections import defaultdict
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from partners.models import Member
from partners.sign_in import parked
from partners.sign_in.parked import Parked

Attributes = list[tuple[str, str | None]]
NOT_FILLED = ("file", "password", "submit", "button", "image", "reset")


class _Forms(HTMLParser):
    """Which form of a page is the one that was sent: of those with its address the one with most of its fields."""

    def __init__(self, page: str, parked: Parked) -> None:
        super().__init__()
        self.page, self.parked = page, parked
        self.count = -1
        self.inside = False
        self.found: dict[int, set[str]] = {}

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        if tag == "form":
            self.count += 1
            action = urlsplit(given.get("action") or self.page).path
            self.inside = (given.get("method") or "").lower() == "post" and action == self.parked.action
        elif (
            self.inside and tag in ("input", "select", "textarea", "button") and given.get("name") in self.parked.names
        ):
            self.found.setdefault(self.count, set()).add(str(given["name"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False

    def best(self) -> int | None:
        return max(self.found, key=lambda number: len(self.found[number])) if self.found else None


class _Refill(HTMLParser):
    """Copies a page letter by letter but for the values in one form."""

    def __init__(self, number: int, parked: Parked) -> None:
        super().__init__(convert_charrefs=False)
        self.number, self.count = number, -1
        self.values: dict[str, list[str]] = defaultdict(list)
        for name, value in parked.fields:
            self.values[name].append(value)
        self.out: list[str] = []
        self.inside = self.dropping = False
        self.select = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        raw = self.get_starttag_text() or ""
        if tag == "form":
            self.count += 1
            self.inside = self.count == self.number
            raw = raw[:-1] + " data-unsaved>" if self.inside else raw
        if self.inside:
            raw = self._filled(tag, attrs, raw)
        self.out.append(raw)
        if self.inside and tag == "textarea" and dict(attrs).get("name") in self.values:
            self.out.append("\n" + escape(self._next(str(dict(attrs)["name"]))))
            self.dropping = True

    handle_startendtag = handle_starttag

    def _filled(self, tag: str, attrs: Attributes, raw: str) -> str:
        given = dict(attrs)
        name, kind = given.get("name") or "", (given.get("type") or "text").lower()
        if tag == "select":
            self.select = name
        if tag == "option" and self.select in self.values:
            return _tag(tag, _marked(attrs, "selected", given.get("value") in self.values[self.select]))
        if tag != "input" or kind in NOT_FILLED or name == "csrfmiddlewaretoken":
            return raw
        if kind in ("checkbox", "radio"):
            return _tag(tag, _marked(attrs, "checked", (given.get("value") or "on") in self.values.get(name, ())))
        if name not in self.values:
            return raw
        return _tag(tag, [(key, value) for key, value in attrs if key != "value"] + [("value", self._next(name))])

    def _next(self, name: str) -> str:
        """The value of the next box with this name, in the order in which they were sent."""
        values = self.values[name]
        return values.pop(0) if len(values) > 1 else values[0]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.dropping = False
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._copy(data)

    def handle_entityref(self, name: str) -> None:
        self._copy(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._copy(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._copy(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self._copy(f"<!{decl}>")

    def _copy(self, text: str) -> None:
        if not self.dropping:
            self.out.append(text)


def _marked(attrs: Attributes, mark: str, on: bool) -> Attributes:
    rest: Attributes = [(key, value) for key, value in attrs if key != mark]
    return [*rest, (mark, None)] if on else rest


def _tag(tag: str, attrs: Attributes) -> str:
    words = [key if value is None else f'{key}="{escape(value)}"' for key, value in attrs]
    return f"<{' '.join([tag, *words])}>"


def refill(html: str, page: str, kept: Parked) -> str | None:
    """The page with the input in its form; None when the form is no longer on it."""
    forms = _Forms(urlsplit(page).path, kept)
    forms.feed(html)
    number = forms.best()
    if number is None:
        return None
    filled = _Refill(number, kept)
    filled.feed(html)
    filled.close()
    return "".join(filled.out)


class RefillMiddleware:
    """Asks the database only for members who signed in with something parked, which their session knows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member: Member | None = getattr(request, "member", None)
        response = self.get_response(request)
        if member is None or not request.session.get(parked.FLAG):
            return response
        if request.method == "POST" and response.status_code < 400:
            _sent(request, member)
        elif request.method == "GET" and response.status_code == 200 and _is_page(response):
            _show(request, member, response)
        return response


def _is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def _sent(request: HttpRequest, member: Member) -> None:
    kept = list(parked.of_member(member))
    done = [one.pk for one in kept if one.action == request.path]
    parked.forget(member, done)
    if len(done) == len(kept):
        request.session.pop(parked.FLAG, None)


def _show(request: HttpRequest, member: Member, response: HttpResponse) -> None:
    page = request.get_full_path()
    kept = next((one for one in parked.of_member(member) if one.page == page), None)
    if kept is None:
        return
    html = response.content.decode()
    filled = refill(html, page, kept)
    note = render_to_string("partners/_unsaved.html", {"kept": kept, "fits": filled is not None}, request)
    before, start, rest = (filled or html).partition("<main ")
    opening, end, inside = rest.partition(">")
    response.content = f"{before}{start}{opening}{end}{note}{inside}"
