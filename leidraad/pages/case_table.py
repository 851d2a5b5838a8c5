"""The markup of the rows of *Zaken*.

A page has four hundred cells: a template that decided on each one would take longer than the database. Most of them hold one
of a few thousand values, and are drawn once for everybody. Each piece is markup, so are all together.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from leidraad.lib import display, marks
from leidraad.pages.case_rows import CaseRow

TICK = '<td><input type="checkbox" name="case" value="{}" aria-label="{} {}"></td>'
NAME = '<th scope="row" data-label="{}"><a href="{}"><bdi dir="auto">{}</bdi></a>{}</th>'
NUMBER = '<td class="nowrap" data-label="{}"><a href="{}">{}</a></td>'
UNBROKEN = '<td class="nowrap" data-label="{}">{}</td>'
CELL = '<td data-label="{}">{}</td>'
BEGIN, END = SafeString("<tr>"), SafeString("</tr>\n")


def table_rows(rows: Iterable[CaseRow], columns: Iterable[tuple[str, str]], *, can_tick: bool) -> SafeString:
    """The rows, for (name, label) of each column; with a box to choose each case by where the member may."""
    table = _Table(columns, can_tick=can_tick)
    drawn: list[SafeString] = [piece for row in rows for piece in table.row(row)]
    return SafeString("".join(drawn))


class _Table:
    def __init__(self, columns: Iterable[tuple[str, str]], *, can_tick: bool) -> None:
        self.columns = tuple((name, conditional_escape(label)) for name, label in columns)
        self.choose = _("Choose") if can_tick else ""
        self.language = get_language()

    def row(self, row: CaseRow) -> Iterator[SafeString]:
        yield BEGIN
        if self.choose:
            yield format_html(TICK, row.number, self.choose, row.number)
        for name, label in self.columns:
            yield self._cell(name, label, row)
        yield END

    def _cell(self, name: str, label: SafeString, row: CaseRow) -> SafeString:
        if name == "name":
            return format_html(NAME, label, row.url, display.shown(row.name), _badge(row.badge))
        if name == "case":
            return format_html(NUMBER, label, row.url, row.number)
        value, kind = getattr(row, name), row.deadline_kind if name == "deadline" else ""
        return _common_cell(name, label, value, kind, self.language)


def _badge(word: str) -> SafeString:
    return format_html(" {}", marks.mark("warn", word)) if word else SafeString("")


@lru_cache(maxsize=8192)
def _common_cell(name: str, label: SafeString, value: object, kind: str, _language: str | None) -> SafeString:
    if name == "deadline":
        return format_html(UNBROKEN, label, _due(str(value), kind))
    content = "–" if name == "waiting" and value == "" else display.shown(value)
    return format_html(UNBROKEN if name == "contact" else CELL, label, content)


def _due(deadline: str, kind: str) -> SafeString:
    if kind == "late":
        late = pgettext("deadline", "late")
        return format_html('{} <b>{}</b><span class="vh"> {}</span>', marks.shape("late", 13), deadline, late)
    if kind == "today":
        return format_html("<b>{}</b>", deadline)
    return format_html("{}", deadline) if deadline else format_html('<span class="muted">{}</span>', _("no date"))
