"""Two people change one record: nothing is written over unseen.

A form that inherits `VersionedForm` carries the version its page was drawn from, and what its fields held then. The
action compares versions under its lock with `require_version`; the view answers `Stale` with `conflict_page`, which shows
per field what it was, what is stored now and what was typed, and sends the choice to the same form and address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol, cast

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict

from leidraad.lib.errors import Stale

MINE: Final = "mine"
THEIRS: Final = "theirs"
VERSION: Final = "seen_version"
VALUES: Final = "seen_values"
_SALT: Final = "leidraad.stale"


class Versioned(Protocol):
    """A record with an integer that grows with every save."""

    version: int


def require_version(current: Versioned, seen: int) -> None:
    """Raises `Stale` when `current`, read under the action's lock, is another version than the page showed."""
    if current.version != seen:
        raise Stale(current)


def version_sent(data: Mapping[str, Any], name: str = VERSION) -> int:
    """The version a sent page says it was drawn from; -1, older than every record, when it says nothing or nonsense."""
    sent = str(data.get(name, ""))
    # Ten digits are more than any column of versions holds.
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 10 else -1


def last_change(record: Any) -> tuple[str, datetime | None]:
    """Who saved the record last, and when, from its history; blank without history."""
    history = getattr(record, "history", None)
    row = history.select_related("history_user").first() if history is not None else None
    return ("", None) if row is None else (str(row.history_user or ""), row.history_date)


@dataclass(frozen=True)
class FieldConflict:
    """One row of the conflict page. `preset` is "mine", "theirs", or "" where a person must choose."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str
    preset: str
    undecided: bool


def preset(base: str, theirs: str, mine: str) -> str:
    """Fields only you changed are yours, fields only they changed theirs; a true clash needs a choice."""
    if theirs in (mine, base):
        return MINE
    return THEIRS if mine == base else ""


class VersionedForm(forms.BaseForm):
    """Mixin for a form over one record: `class PlanForm(VersionedForm, ModelForm[Plan])`.

    Works over `instance` (model forms), or `record=` with `initial=` (plain forms). A view asks `is_stale` before
    `is_valid()`, and hands `seen_version` to the action. `cleaned_data` holds only the form's own fields.
    """

    unversioned: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, data: Any = None, *args: Any, record: Any = None, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.record = record if record is not None else getattr(self, "instance", None)
        self.stored_version = int(getattr(self.record, "version", 0) or 0)
        self.initial[VERSION] = self.stored_version
        self.initial[VALUES] = signing.dumps(
            {name: self._text_of(name) for name in self.versioned_names()}, salt=_SALT, compress=True
        )
        for name in (VERSION, VALUES):
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.is_answer = self.is_bound and "conflict" in self.data
        self._typed = cast(QueryDict, self.data)
        if self.is_answer:
            self.data = self._resolved()

    def full_clean(self) -> None:
        super().full_clean()
        for name in (VERSION, VALUES):
            getattr(self, "cleaned_data", {}).pop(name, None)

    def versioned_names(self) -> list[str]:
        """The fields two people may both change."""
        hidden = {VERSION, VALUES, *self.unversioned}
        return [name for name, field in self.fields.items() if name not in hidden and not field.disabled]

    @property
    def seen_version(self) -> int:
        """The version the sent page was drawn from; -1 when it does not say."""
        return version_sent(self.data, self.add_prefix(VERSION))

    @property
    def is_stale(self) -> bool:
        """Whether the stored record is newer than the page, or an answered conflict leaves a clash undecided."""
        if not self.is_bound:
            return False
        return self.seen_version != self.stored_version or any(row.undecided for row in self.conflicts())

    def conflicts(self) -> list[FieldConflict]:
        """The fields that are not the same on every side, in the order of the form."""
        base_values = self._base_values()
        rows = (self._conflict(name, base_values) for name in self.versioned_names())
        return [row for row in rows if not row.base == row.theirs == row.mine]

    def hidden_input(self) -> Iterator[tuple[str, str]]:
        """What was typed, as names and values for the conflict page's own form."""
        skip = {"csrfmiddlewaretoken", "conflict", self.add_prefix(VERSION)}
        for key, values in self._typed.lists():
            if key not in skip and not key.startswith("choose-"):
                yield from ((key, value) for value in values)
        yield self.add_prefix(VERSION), str(self.stored_version)

    def _conflict(self, name: str, base_values: Mapping[str, str]) -> FieldConflict:
        theirs, mine = self._text_of(name), self._typed_text(name)
        base = base_values.get(name, theirs)
        chosen = self._choice(name)
        return FieldConflict(
            name=name,
            label=str(self.fields[name].label or self[name].label),
            base=self._words(name, base),
            theirs=self._words(name, theirs),
            mine=self._words(name, mine),
            preset=chosen or preset(base, theirs, mine),
            undecided=self.is_answer and not chosen and theirs != mine and not preset(base, theirs, mine),
        )

    def _choice(self, name: str) -> str:
        chosen = str(self._typed.get(f"choose-{name}", "")) if self.is_answer else ""
        return chosen if chosen in (MINE, THEIRS) else ""

    def _base_values(self) -> Mapping[str, str]:
        try:
            values = signing.loads(str(self._typed.get(self.add_prefix(VALUES), "")), salt=_SALT)
        except signing.BadSignature:
            return {}
        return values if isinstance(values, dict) else {}

    # Values as a browser sends them, so that stored and typed can be compared and swapped.

    def _keys(self, name: str) -> list[str]:
        key, widget = self.add_prefix(name), self.fields[name].widget
        if isinstance(widget, forms.MultiWidget):
            return [key + suffix for suffix in getattr(widget, "widgets_names", ())]
        return [key]

    def _sent(self, name: str) -> MultiValueDict[str, str]:
        """The stored value of a field as form data."""
        return self._as_sent(name, self.get_initial_for_field(self.fields[name], name))

    def _as_sent(self, name: str, value: Any) -> MultiValueDict[str, str]:
        data: MultiValueDict[str, str] = MultiValueDict()
        field, keys = self.fields[name], self._keys(name)
        widget = field.widget
        if isinstance(widget, forms.MultiWidget):
            for key, sub, part in zip(keys, widget.widgets, widget.decompress(value) or (), strict=True):
                data[key] = str(sub.format_value(part) or "")
        elif isinstance(widget, forms.CheckboxInput):
            data.setlist(keys[0], ["on"] if value else [])
        else:
            shown = widget.format_value(field.prepare_value(value))
            data.setlist(keys[0], [str(part) for part in shown] if isinstance(shown, list) else [str(shown or "")])
        return data

    def _text_of(self, name: str) -> str:
        return self._text(name, self._sent(name))

    def _typed_text(self, name: str) -> str:
        """What was typed, in the form a stored value has: 4-12-2026 is 04-12-2026. As typed when it makes no sense."""
        field = self.fields[name]
        raw = field.widget.value_from_datadict(self._typed, self.files, self.add_prefix(name))
        try:
            return self._text(name, self._as_sent(name, field.clean(raw)))
        except forms.ValidationError:
            return self._text(name, self._typed)

    def _text(self, name: str, data: Any) -> str:
        parts = [str(part).replace("\r\n", "\n").strip() for key in self._keys(name) for part in data.getlist(key)]
        if not isinstance(self.fields[name].widget, forms.MultiWidget):
            parts = sorted(part for part in parts if part)
        return "\x1f".join(parts).strip("\x1f")

    def _words(self, name: str, text: str) -> str:
        """Form text as a person reads it: choices by their label."""
        field, parts = self.fields[name], text.split("\x1f")
        if isinstance(field, forms.BooleanField):
            return "✓" if text else "–"
        if hasattr(field, "choices"):
            labels = {str(value): str(label) for value, label in field.choices if not isinstance(label, list | tuple)}
            parts = [labels.get(part, part) for part in parts]
        return str(getattr(field.widget, "joined_by", ", ")).join(part for part in parts if part)

    def _resolved(self) -> QueryDict:
        """The answer of the conflict page as plain input: their value wherever theirs was chosen."""
        data: QueryDict = self._typed.copy()
        for name in self.versioned_names():
            if self._choice(name) == THEIRS:
                sent = self._sent(name)
                for key in self._keys(name):
                    data.setlist(key, sent.getlist(key))
        return data


def conflict_page(
    request: HttpRequest, form: VersionedForm, *, title: str = "", back_url: str = "", **context: Any
) -> HttpResponse:
    """409 with both versions side by side. Nothing was written. The answer goes to the address of this request."""
    who, when = last_change(form.record)
    values = {"form": None, "conflict_form": form, "rows": form.conflicts(), "changed_by": who, "changed_at": when}
    page = {"conflict_title": title, "back_url": back_url, "undecided": form.is_answer}
    return render(request, "conflict.html", values | page | context, status=409)
