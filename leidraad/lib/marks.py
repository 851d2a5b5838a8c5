"""Status marks: a shape plus a word, so that colour is never the only sign.

The shapes are drawn here because they carry meaning of their own (screens: "Colour and status"); general icons come
from lucide. All are inline SVG without style attributes, so they hold under a strict content security policy, print,
and take their colours from the theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import lucide
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext_lazy as _
from django_stubs_ext import StrPromise

_WHITE: Final = 'fill="none" stroke="#fff" stroke-width="2"'

SHAPES: Final[Mapping[str, str]] = {
    "late": '<rect width="16" height="16" rx="2" fill="currentColor"/>'
    '<path d="M8 3v6.4M8 11.4v1.8" fill="none" stroke="#fff" stroke-width="2.2"/>',
    "warn": '<path d="M8 1l7.6 14H.4z" fill="currentColor"/>'
    '<path d="M8 6v4.4M8 12v1.6" fill="none" stroke="#fff" stroke-width="1.8"/>',
    "ok": f'<circle cx="8" cy="8" r="8" fill="currentColor"/><path d="M4.2 8.3l2.6 2.6 5-5.4" {_WHITE}/>',
    "no": f'<rect width="16" height="16" rx="2" fill="currentColor"/><path d="M4.5 4.5l7 7m0-7l-7 7" {_WHITE}/>',
    "unknown": '<circle cx="8" cy="8" r="7" fill="#fff" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M5.9 6.3a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.4M8 11.1v1.5" '
    'fill="none" stroke="currentColor" stroke-width="1.6"/>',
    "todo": '<circle cx="8" cy="8" r="7" fill="#fff" stroke="currentColor" stroke-width="1.6"/>',
    "na": '<circle cx="8" cy="8" r="7" fill="#fff" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M4.8 8h6.4" stroke="currentColor" stroke-width="1.8"/>',
    "planned": '<rect x="1" y="2.5" width="14" height="12.5" rx="2" fill="none" stroke="currentColor" '
    'stroke-width="1.6"/><path d="M1 6.5h14M4.8.8v3M11.2.8v3" stroke="currentColor" stroke-width="1.6"/>',
    "info": f'<circle cx="8" cy="8" r="8" fill="currentColor"/><path d="M8 7v5M8 3.6v1.8" {_WHITE}/>',
    "clock": '<circle cx="8" cy="8" r="6.8" fill="none" stroke="currentColor" stroke-width="1.8"/>'
    '<path d="M8 4v4.4l2.8 1.8" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "lock": '<rect x="2.5" y="7" width="11" height="8" rx="1.5" fill="currentColor"/>'
    '<path d="M5 7V4.6a3 3 0 016 0V7" fill="none" stroke="currentColor" stroke-width="1.8"/>',
}

# Which shape a tag of this kind shows; a plain tag and a planned one need none, their word is enough.
TAG_SHAPE: Final[Mapping[str, str]] = {
    "late": "late",
    "warn": "warn",
    "ok": "ok",
    "no": "no",
    "unknown": "unknown",
    "todo": "todo",
    "na": "na",
    "info": "info",
    "planned": "",
    "none": "",
}

CONDITIONS: Final[Mapping[str, tuple[str, StrPromise]]] = {
    "met": ("ok", _("condition", "met")),
    "not_met": ("no", _("condition", "not met")),
    "unknown": ("unknown", _("condition", "unknown")),
    "na": ("na", _("condition", "not applicable")),
    "todo": ("todo", _("condition", "still to do")),
    "done": ("ok", _("condition", "done")),
    "late": ("late", _("condition", "late")),
    "warn": ("warn", _("condition", "needs attention")),
    "present": ("ok", _("condition", "present")),
    "absent": ("no", _("condition", "absent")),
}


@lru_cache(maxsize=256)
def shape(name: str, size: int = 12) -> SafeString:
    """A status shape as decoration: the word beside it says the same. KeyError for an unknown name."""
    return mark_safe(  # the shapes are constants of this module  # noqa: S308
        f'<svg class="shape shape--{name}" width="{int(size)}" height="{int(size)}" viewBox="0 0 16 16" '
        f'aria-hidden="true" focusable="false">{SHAPES[name]}</svg>'
    )


def mark(kind: str, text: object, icon: str | None = None) -> SafeString:
    """A status tag. `icon` replaces the kind's own shape. KeyError for an unknown kind."""
    name = TAG_SHAPE[kind] if icon is None else icon
    return format_html('<span class="tag tag--{}">{}{}</span>', kind, shape(name) if name else "", text)


def org(name: object) -> SafeString:
    """An organisation as outlined text."""
    return format_html('<span class="org-tag">{}</span>', name)


@lru_cache(maxsize=128)
def icon(name: str, size: int = 20) -> SafeString:
    """A general lucide icon as decoration. Raises `lucide.IconDoesNotExist` for an unknown name."""
    svg = lucide._render_icon(name, int(size), aria_hidden="true", focusable="false", stroke_width="1.8")
    return mark_safe(svg)  # comes from the installed package, no user text  # noqa: S308
