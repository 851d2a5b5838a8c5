"""What the answers say: requests a second, medians and percentiles, errors."""

from collections import Counter
from collections.abc import Sequence

from leidraad.pages.bench.timing import percentile
from tests.load.work import Answer

HEADS = ("page", "requests", "p50 ms", "p95 ms", "slowest ms", "errors")
MOST_ERRORS = 5


def table(answers: Sequence[Answer], seconds: float) -> str:
    acts = sorted({answer.act for answer in answers})
    rows = [_row(act, [answer for answer in answers if answer.act == act]) for act in acts]
    rows.append(_row("all", answers))
    widths = [max(len(row[n]) for row in (HEADS, *rows)) for n in range(len(HEADS))]
    lines = [_aligned(row, widths) for row in (HEADS, *rows)]
    return "\n".join([*lines, "", f"{len(answers) / seconds:.1f} requests a second", *wrong(answers)])


def wrong(answers: Sequence[Answer]) -> list[str]:
    """The kinds of error, the most frequent first."""
    found = Counter(answer.error for answer in answers if answer.error)
    return [f"error, {count} times: {error}" for error, count in found.most_common(MOST_ERRORS)]


def _row(name: str, answers: Sequence[Answer]) -> tuple[str, ...]:
    times = [answer.seconds * 1000 for answer in answers]
    errors = sum(bool(answer.error) for answer in answers)
    figures = (percentile(times, 50), percentile(times, 95), max(times)) if times else ()
    return (name, str(len(answers)), *(f"{one:,.0f}" for one in figures), str(errors))


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)])
