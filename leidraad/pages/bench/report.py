"""The figures as a table: for the terminal, and as Markdown for the documentation."""

from collections.abc import Iterable, Sequence

from leidraad.pages.bench.measure import Measured
from leidraad.pages.bench.targets import Verdict, growth_of

HEADS = (
    "work",
    "sees / role",
    "found",
    "queries",
    "buffers",
    "by hand",
    "×",
    "median ms",
    "p95 ms",
    "by hand ms",
    "×",
    "growth",
)
LEFT = {0, 1}


def cells(line: Measured, lines: Sequence[Measured]) -> tuple[str, ...]:
    growth = growth_of(line, lines)
    return (
        line.name,
        line.viewer,
        f"{line.found:,}" if line.found else "",
        str(line.queries),
        f"{line.buffers:,}",
        f"{line.hand_buffers:,}" if line.hand_buffers is not None else "",
        _times(line.buffer_ratio),
        f"{line.times.median:.1f}",
        f"{line.times.p95:.1f}",
        f"{line.hand_times.median:.1f}" if line.hand_times else "",
        _times(line.ratio),
        _times(growth),
    )


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def as_text(lines: Sequence[Measured], verdicts: Sequence[Verdict]) -> str:
    """Aligned columns, a block per size, then the verdict on each target."""
    blocks = []
    for rows in sorted({line.rows for line in lines}):
        table = [HEADS, *(cells(line, lines) for line in lines if line.rows == rows)]
        widths = [max(len(row[column]) for row in table) for column in range(len(HEADS))]
        blocks.append(f"{rows:,} cases\n" + "\n".join(_aligned(row, widths) for row in table))
    blocks.append("\n".join(_verdict(verdict) for verdict in verdicts))
    return "\n\n".join(blocks)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    pairs = enumerate(zip(row, widths, strict=True))
    return "  ".join(cell.ljust(width) if n in LEFT else cell.rjust(width) for n, (cell, width) in pairs).rstrip()


def _verdict(verdict: Verdict) -> str:
    mark = "held  " if verdict.held else "MISSED"
    return f"{mark}  {verdict.target.name}: {_value(verdict)} (limit {verdict.target.limit:g}{verdict.target.unit})"


def _value(verdict: Verdict) -> str:
    line = verdict.line
    return (
        f"{verdict.worst:.2f}".rstrip("0").rstrip(".")
        + f"{verdict.target.unit}, {line.name}, {line.viewer}, {line.rows:,}"
    )


def as_markdown(lines: Sequence[Measured], verdicts: Sequence[Verdict]) -> str:
    """The same as tables for the documentation."""
    parts = []
    for rows in sorted({line.rows for line in lines}):
        parts.append(f"### {rows:,} cases\n")
        parts.append(_table(HEADS, (cells(line, lines) for line in lines if line.rows == rows)))
    parts.append("### Targets\n")
    judged = (
        (one.target.name, f"{one.target.limit:g}{one.target.unit}", _value(one), "yes" if one.held else "**no**")
        for one in verdicts
    )
    parts.append(_table(("target", "limit", "worst", "held"), judged))
    return "\n".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---" if n in LEFT else "--:" for n in range(len(heads))], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
