"""What the bench computes from what it measured: percentiles, growth, verdicts, tables. Pure: no database."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.management.base import CommandError

from leidraad.pages.bench.fill import batches
from leidraad.pages.bench.measure import Measured
from leidraad.pages.bench.report import as_markdown, as_text
from leidraad.pages.bench.subjects import ACT, CLOCK, COUNT, LIST, REQUEST, SEARCH, WORK
from leidraad.pages.bench.targets import Verdict, growth_of, verdicts
from leidraad.pages.bench.ticking import TOGETHER
from leidraad.pages.bench.timing import Times, compared, percentile
from leidraad.pages.bench.watching import Statement, buffers_in
from leidraad.pages.bench.world import shares
from leidraad.pages.management.commands.bench import sizes_from


def line(**changes: Any) -> Measured:
    base = Measured(
        rows=10_000,
        viewer="12%",
        name="list, page 1",
        kind=LIST,
        found=50,
        queries=1,
        buffers=700,
        times=Times((2.0, 3.0, 4.0)),
        hand_buffers=680,
        hand_times=Times((1.0, 1.0, 1.0)),
    )
    return replace(base, **changes)


def verdict_on(name: str, *lines: Measured) -> Verdict:
    (found,) = [verdict for verdict in verdicts(lines) if name in verdict.target.name]
    return found


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]

    assert percentile(values, 95) == 95.0
    assert percentile([5.0], 95) == 5.0
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0


def test_both_ways_run_in_turn_after_a_warm_up() -> None:
    order: list[str] = []
    ours, theirs = compared(lambda: order.append("ours"), lambda: order.append("hand"), runs=3, warm_up=1)

    assert order == ["ours", "hand"] * 4
    assert theirs is not None
    assert (len(ours.runs), len(theirs.runs)) == (3, 3)


def test_the_ratio_compares_medians() -> None:
    slow_once = line(times=Times((2.0, 3.0, 400.0)), hand_times=Times((1.0, 1.5, 90.0)))

    assert slow_once.ratio == 2.0
    assert line(hand_times=None).ratio is None


def test_the_worst_line_decides_about_a_target() -> None:
    good, bad = line(buffers=680), line(viewer="1%", buffers=1000)

    verdict = verdict_on("buffers against", good, bad)

    assert verdict.line is bad
    assert not verdict.held
    assert verdict_on("buffers against", good).held


@pytest.mark.parametrize(
    ("target", "within", "beyond"),
    [
        ("time against hand-written", {"times": Times((3.5,))}, {"times": Times((3.6,))}),
        (
            "list request: queries",
            {"name": "request, list", "kind": REQUEST, "queries": 8},
            {"name": "request, list", "kind": REQUEST, "queries": 9},
        ),
        (
            "case request: queries",
            {"name": "request, case", "kind": REQUEST, "queries": 30},
            {"name": "request, case", "kind": REQUEST, "queries": 31},
        ),
        (
            "register: queries",
            {"name": "request, register", "kind": REQUEST, "queries": 14},
            {"name": "request, register", "kind": REQUEST, "queries": 15},
        ),
        (
            "save a row: median",
            {"name": "save a row of the register", "kind": ACT, "times": Times((30.0,))},
            {"name": "save a row of the register", "kind": ACT, "times": Times((30.1,))},
        ),
        (
            "list request: median",
            {"name": "request, list", "kind": REQUEST, "times": Times((15.0,))},
            {"name": "request, list", "kind": REQUEST, "times": Times((15.1,))},
        ),
        ("search: median", {"kind": SEARCH, "times": Times((30.0,))}, {"kind": SEARCH, "times": Times((30.1,))}),
    ],
)
def test_each_target_has_its_limit(target: str, within: dict[str, Any], beyond: dict[str, Any]) -> None:
    assert verdict_on(target, line(**within)).held
    assert not verdict_on(target, line(**beyond)).held


def test_a_page_of_a_few_rows_is_not_held_to_the_ratio_of_a_full_one() -> None:
    short = line(found=3, times=Times((9.0,)), buffers=2000)

    assert not [verdict for verdict in verdicts([short]) if "hand-written" in verdict.target.name]


def test_growth_is_told_against_the_smallest_size_for_the_same_viewer() -> None:
    small, large = line(times=Times((2.0,))), line(rows=100_000, times=Times((3.2,)))
    other_viewer = line(rows=10_000, viewer="1%", times=Times((0.1,)))
    lines = [small, large, other_viewer]

    assert growth_of(large, lines) == pytest.approx(1.6)
    assert growth_of(small, lines) is None
    assert not verdict_on("against the smallest size", *lines).held


def test_a_page_that_was_shorter_among_few_cases_tells_no_growth() -> None:
    assert growth_of(line(rows=100_000), [line(found=7), line(rows=100_000)]) is None


def test_an_overview_of_all_work_may_grow_and_a_count_may_not() -> None:
    def grown(kind: str) -> list[Measured]:
        return [line(kind=kind, times=Times((1.0,))), line(kind=kind, rows=100_000, times=Times((9.0,)))]

    assert not [verdict for verdict in verdicts(grown(WORK)) if "smallest size" in verdict.target.name]
    assert not verdict_on("smallest size", *grown(COUNT)).held


def test_one_query_more_among_more_cases_misses_a_target() -> None:
    few = line(kind=REQUEST, name="request, case", queries=20)

    assert verdict_on("larger size adds", few, replace(few, rows=100_000)).held
    assert not verdict_on("larger size adds", few, replace(few, rows=100_000, queries=21)).held


def test_the_text_has_aligned_columns_and_names_what_is_missed() -> None:
    lines = [line(), line(viewer="75%", buffers=1_234, times=Times((40.0,)))]

    text = as_text(lines, verdicts(lines))
    rows = [row for row in text.splitlines() if row.startswith("list, page 1")]

    assert text.startswith("10,000 cases\nwork")
    assert len({row.index("50") for row in rows}) == 1
    assert "1,234" in rows[1]
    assert "MISSED  list, Python included: time against hand-written SQL: 40×, list, page 1, 75%, 10,000" in text


def test_the_markdown_has_as_many_cells_in_every_line_of_a_table() -> None:
    lines = [line(), line(rows=100_000), line(name="request, list", kind=REQUEST, hand_times=None, hand_buffers=None)]

    markdown = as_markdown(lines, verdicts(lines))
    tables = [part.splitlines() for part in markdown.split("\n\n") if part.startswith("|")]

    assert [heading for heading in markdown.splitlines() if heading.startswith("###")] == [
        "### 10,000 cases",
        "### 100,000 cases",
        "### Targets",
    ]
    assert all(len({row.count("|") for row in table}) == 1 for table in tables)


def test_buffers_are_those_of_the_top_of_the_plan_found_or_read() -> None:
    plan = {"Shared Hit Blocks": 40, "Shared Read Blocks": 2, "Plans": [{"Shared Hit Blocks": 40}]}

    assert buffers_in([{"Plan": plan}]) == 42
    assert buffers_in('[{"Plan": {"Shared Hit Blocks": 3}}]') == 3


def test_only_statements_that_read_are_explained() -> None:
    assert Statement("default", "  select 1", None).reads
    assert Statement("default", "(SELECT 1 LIMIT 1) UNION ALL (SELECT 2)", None).reads
    assert Statement("default", "WITH a AS (SELECT 1) SELECT * FROM a", None).reads
    assert not Statement("log", "INSERT INTO lib_event VALUES (1)", None).reads


@pytest.mark.parametrize("rows", [1, 90, 91, 9_090, 10_000, 100_000])
def test_batches_cover_every_case_once_and_split_no_household(rows: int) -> None:
    found = list(batches(rows))

    assert [number for first, last in found for number in range(first, last + 1)] == list(range(1, rows + 1))
    assert all((first - 1) % 3 == 0 for first, _last in found)


def test_shares_cover_everything_by_weight() -> None:
    found = shares([(1, "lead", "task", 3.0), (2, "lead", "task", 1.0)])

    assert [(share.unit_id, share.low, share.high) for share in found] == [(1, 0.0, 0.75), (2, 0.75, 1.0)]


def test_sizes_come_from_the_environment_with_the_smallest_one_to_tell_growth_by() -> None:
    assert sizes_from("") == [10_000, 100_000]
    assert sizes_from("1000000") == [10_000, 1_000_000]
    assert sizes_from("50_000, 20000") == [10_000, 20_000, 50_000]


@pytest.mark.parametrize("text", ["many", "9999", "10000,", "-1"])
def test_a_size_that_cannot_be_measured_is_named(text: str) -> None:
    with pytest.raises(CommandError, match="BENCH_ROWS"):
        sizes_from(text)


def test_counting_and_reminding_is_held_to_two_minutes_for_100_000_cases_whatever_the_size() -> None:
    slow = line(name=TOGETHER, kind=CLOCK, rows=10_000, queries=900, times=Times((12_100.0,)), hand_times=None)

    assert not verdict_on("remind: seconds", slow).held
    assert verdict_on("remind: seconds", replace(slow, times=Times((11_900.0,)))).held
    assert verdict_on("remind: queries", slow).held
    assert not verdict_on("remind: queries", replace(slow, queries=1_001)).held
