"""What a page draws: its forms, with their fields and buttons, as a browser would send them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from leidraad.lib import clock

VOID = ("input", "button", "select", "textarea", "option")
TYPED = "Reden van de proef"


@dataclass
class Field:
    """One name of a form. `offered` are the values that stand in it to choose from; `chosen` those that stand chosen."""

    name: str
    kind: str
    offered: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    words: str = ""


@dataclass
class Form:
    """One form on one page. `buttons` are (address, name, value) of each way to send it."""

    page: str
    method: str
    action: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def filled(self, name: str = "", value: str = "") -> dict[str, list[str]]:
        """What is sent when somebody fills in what is empty and presses the button with this name and value."""
        sent = {one.name: _value(one) for one in self.fields.values() if one.kind != "file"}
        sent.pop("csrfmiddlewaretoken", None)
        if name:
            sent[name] = [value]
        return {key: values for key, values in sent.items() if values}


def _value(one: Field) -> list[str]:
    if one.kind in ("checkbox", "radio", "select"):
        first = [value for value in one.offered if value][:1]
        return [value for value in one.chosen if value] or first
    if one.kind == "hidden" or any(one.chosen):
        return one.chosen
    if "w-date" in one.words:
        return [clock.today().strftime("%d-%m-%Y")]
    if "w-time" in one.words:
        return ["12:00"]
    return ["1" if "numeric" in one.words else TYPED]


class Drawn(HTMLParser):
    """Reads the forms of one page; buttons and fields that name another form by its id are put there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.links = page, list[Form](), list[str]()
        self.open: Form | None = None
        self.ids: dict[str, Form] = {}
        self.loose: list[tuple[str, str, dict[str, str]]] = []
        self.select: Field | None = None
        self.area: Field | None = None

    @classmethod
    def of(cls, page: str, html: str) -> "Drawn":
        found = cls(page)
        found.feed(html)
        for form_id, tag, given in found.loose:
            if form_id in found.ids:
                found._put(found.ids[form_id], tag, given)
        for form in found.forms:
            form.buttons = form.buttons or [(form.action, "", "")]
        return found

    def address(self, given: str) -> str:
        """As asked of the server: path and query, without the host."""
        parts = urlsplit(urljoin(self.page, given))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(self.page, given.get("method", "get").lower(), self.address(given.get("action", "")))
            self.forms.append(self.open)
            self.ids[given.get("id", "")] = self.open
        elif tag == "a" and "href" in given:
            self.links.append(self.address(given["href"]))
        elif tag in VOID:
            if "form" in given:
                self.loose.append((given["form"], tag, given))
            elif self.open is not None:
                self._put(self.open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None and data.strip():
            self.area.chosen = [*self.area.chosen, data.strip()]

    def _put(self, form: Form, tag: str, given: dict[str, str]) -> None:
        if tag == "option":
            self._option(given)
            return
        kind = given.get("type", "submit" if tag == "button" else "text").lower() if tag != "select" else "select"
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "button" or kind in ("submit", "image"):
            where = given.get("hx-post") or given.get("formaction")
            if kind == "submit":
                form.buttons.append((self.address(where) if where else form.action, name, value))
            return
        if not name:
            return
        one = form.fields.setdefault(name, Field(name, kind, words=f"{given.get('class')} {given.get('inputmode')}"))
        if tag == "select":
            self.select = one
        elif tag == "textarea":
            self.area = one
        elif kind in ("radio", "checkbox"):
            one.offered.append(value or "on")
            one.chosen += [value or "on"] if "checked" in given else []
        else:
            one.chosen.append(value)

    def _option(self, given: dict[str, str]) -> None:
        if self.select is not None:
            self.select.offered.append(given.get("value", ""))
            if "selected" in given:
                self.select.chosen.append(given.get("value", ""))


def posts(forms: list[Form]) -> Iterator[tuple[Form, str, str, str]]:
    """Each way to send something: the form, the address, and the name and value of the button."""
    for form in forms:
        for address, name, value in form.buttons:
            if form.method == "post" or address != form.action:
                yield form, address, name, value
