"""Charts as SVG, drawn on the server from labels, heights and ready texts. Nothing here knows a case or a rule of counting.

The picture carries no script, no style attribute and no words of its own: colours and font are the theme's tokens, every
text comes in the reader's language, and the same figures stand in a table beside it. `parts/chart.html` draws a `Chart`.

The library starts a JavaScript engine on first use, which does not survive a fork: it is imported inside the one function
that draws, so nothing may draw while a module is imported or in a process that still forks (celery's parent).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

# The grammar the drawings below are written in. Another one draws otherwise: it is part of what a drawing is kept under.
GRAMMAR: Final = "6.4"
KEPT_SECONDS: Final = 24 * 3600
TEXT_SIZE: Final = 12
DIGIT_WIDTH: Final = 6.9  # of a digit at that size: texts that stand beside each other stay apart
TITLE: Final[Mapping[str, Any]] = {
    "anchor": "start",
    "fontSize": 13,
    "fontWeight": 600,
    "color": "var(--ink)",
    "offset": 6,
}
INK, LINE, BAR, GROUND = "var(--ink)", "var(--line-strong)", "var(--bar)", "var(--panel)"


class Look(Enum):
    """How a bar is filled: by shape, so that it is told apart without colour and on paper."""

    SOLID = "solid"
    OUTLINE = "outline"
    HATCH = "hatch"


@dataclass(frozen=True)
class Series:
    """One value per label. `texts` stand at the marks as they are; a value of 0 draws no bar."""

    label: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    look: Look = Look.SOLID


@dataclass(frozen=True)
class Table:
    """The figures of a chart as text: the first head belongs to the row labels."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    is_numeric: bool = True

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row's label, and its cells with their heads."""
        return [(label, list(zip(self.heads[1:], cells, strict=True))) for label, cells in self.rows]


@dataclass(frozen=True)
class Chart:
    """What `parts/chart.html` draws. `summary` is all that a screen reader hears of the picture.

    The figures stand in `table`, folded under the chart, or elsewhere on the page under the id `table_id`. Where the frame
    is too narrow, `ends_in_sight` shows the last marks first: of months, the latest.
    """

    title: str
    summary: str
    svg: SafeString
    key: Sequence[tuple[SafeString, str]] = field(default_factory=tuple)
    note: str = ""
    table: Table | None = None
    table_id: str = ""
    ends_in_sight: bool = True


def columns(labels: Sequence[Sequence[str]], series: Sequence[Series]) -> SafeString:
    """Upright bars in groups, one group per label. A label is a list of lines."""
    panel = _panel(labels, series, height=180, top=_highest(series), has_axis=True)
    return drawn({**panel, **_labelled(labels)})


def strips(labels: Sequence[Sequence[str]], series: Sequence[Series]) -> SafeString:
    """One row of upright bars per series, each under its own name, all to the same scale."""
    top, last = _highest(series), len(series) - 1
    panels = [
        {
            **_panel(labels, [one], height=64, top=top, has_axis=number == last),
            "title": {**TITLE, "text": one.label, "aria": False},
        }
        for number, one in enumerate(series)
    ]
    return drawn({"vconcat": panels, "spacing": 14, **_labelled(labels)})


def swatch(look: Look) -> SafeString:
    """A bar's fill, small, for the words of a key."""
    return mark_safe(_SWATCHES[look])  # constants of this module  # noqa: S308


_FRAME_OF_SWATCH = '<rect x=".5" y=".5" width="17" height="11" fill="{}" stroke="var(--bar)"/>'
_SWATCHES: Final[Mapping[Look, str]] = {
    look: f'<svg class="swatch" width="18" height="12" viewBox="0 0 18 12" aria-hidden="true" focusable="false">{inside}</svg>'
    for look, inside in {
        Look.SOLID: _FRAME_OF_SWATCH.format(BAR),
        Look.OUTLINE: _FRAME_OF_SWATCH.format(GROUND),
        Look.HATCH: _FRAME_OF_SWATCH.format(GROUND)
        + '<path d="M1 7l6-6M1 12l11-11M6 12l11-11M12 12l6-6" stroke="var(--bar)" stroke-width="1.6"/>',
    }.items()
}
_HATCH: Final = (
    '<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="var(--panel)"/><path d="M1.2 0v6" stroke="var(--bar)" stroke-width="2.4"/></pattern></defs>'
)
# Stands in the drawing for the pattern, whose id is only known when the drawing is.
_HATCH_FILL: Final = "url(#hatch)"
_FILLS: Final[Mapping[Look, str]] = {Look.SOLID: BAR, Look.OUTLINE: GROUND, Look.HATCH: _HATCH_FILL}


def _highest(series: Sequence[Series]) -> float:
    return max((value for one in series for value in one.values), default=0) or 1


def _panel(
    labels: Sequence[Sequence[str]], series: Sequence[Series], *, height: int, top: float, has_axis: bool
) -> dict[str, Any]:
    """Bars with their texts above them. Widths follow the longest text, so that no two texts run into each other."""
    values = [
        {"k": f"{place:03}", "s": number, "v": one.values[place], "t": one.texts[place], "f": _FILLS[one.look]}
        for number, one in enumerate(series)
        for place in range(len(labels))
    ]
    widest = max((len(text) for one in series for text in one.texts), default=1)
    words = max((len(line) for label in labels for line in label), default=1)
    step = max(22, round(widest * DIGIT_WIDTH) + 4, -(-round(words * DIGIT_WIDTH + 6) // max(len(series), 1)))
    # Only what has several bars per label is divided again; a single one keeps the whole step.
    divided = len(series) > 1
    across: dict[str, Any] = {
        "x": {
            "field": "k",
            "type": "ordinal",
            "scale": {"paddingInner": 0.16, "paddingOuter": 0.08},
            "axis": {
                "title": None,
                "labels": has_axis,
                "labelExpr": "words[datum.value]",
                "labelAngle": 0,
                "labelOverlap": False,
                "labelLimit": 0,
                "labelPadding": 6,
                "labelLineHeight": 15,
                "labelFontSize": TEXT_SIZE,
                "labelColor": INK,
                "ticks": False,
                "domainColor": LINE,
                "grid": False,
            },
        },
        "y": {"field": "v", "type": "quantitative", "axis": None, "scale": {"domain": [0, top], "nice": False}},
    }
    if divided:
        across["xOffset"] = {"field": "s", "type": "ordinal", "scale": {"paddingInner": 0.08}}
    bar = {"type": "bar", "stroke": BAR, "strokeWidth": 1}
    text = {"type": "text", "baseline": "bottom", "dy": -3, "fontSize": TEXT_SIZE, "fill": INK}
    return {
        "data": {"values": values},
        "width": {"step": step, "for": "offset"} if divided else {"step": step + 6},
        "height": height,
        "encoding": across,
        "layer": [
            {
                "transform": [{"filter": "datum.v > 0"}],
                "mark": bar,
                "encoding": {"fill": {"field": "f", "type": "nominal", "scale": None}},
            },
            {"mark": text, "encoding": {"text": {"field": "t", "type": "nominal"}}},
        ],
    }


def _labelled(labels: Sequence[Sequence[str]]) -> dict[str, Any]:
    return frame({f"{place:03}": list(label) for place, label in enumerate(labels)})


def frame(words: Mapping[str, list[str]]) -> dict[str, Any]:
    """What every drawing has. `words` are the lines that stand for each value on the axis below."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "params": [{"name": "words", "value": words}],
        "background": None,
        "padding": {"left": 4, "right": 4, "top": 18, "bottom": 4},
        # The picture has one name, on its figure; the library's own names of marks and axes are English.
        "config": {"aria": False, "font": "var(--font)", "view": {"stroke": None}},
    }


def drawn(spec: Mapping[str, Any], *, is_shared: bool = True) -> SafeString:
    """The picture of a drawing. What tells of a person is not shared: it stays in this process."""
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True)
    return mark_safe(_svg(text, is_shared))  # the library escapes texts  # noqa: S308


@lru_cache(maxsize=256)
def _svg(spec: str, is_shared: bool) -> str:
    """Drawn once for the same content: kept in this process and, if it may be shared, a day for the other ones."""
    name = sha256(f"{GRAMMAR} {spec}".encode()).hexdigest()
    kept: str | None = cache.get(f"chart:{name}") if is_shared else None
    if kept is None:
        kept = _finished(_draw(spec), f"hatch-{name[:12]}")
        if is_shared:
            cache.set(f"chart:{name}", kept, KEPT_SECONDS)
    return kept


def _finished(svg: str, hatch: str) -> str:
    """Hidden from screen readers, for the figure around it has the name and the library leaves roles without names."""
    svg = svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    if _HATCH_FILL in svg:
        svg = svg.replace("><", f">{_HATCH.format(id=hatch)}<", 1).replace(_HATCH_FILL, f"url(#{hatch})")
    return svg


def _draw(spec: str) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, vl_version=GRAMMAR, allowed_base_urls=[])
