"""The permission matrix as a page of documentation, made of the table of this release. A test keeps the page equal to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from leidraad.lib.wall import PRINCIPALS, walled_tables
from partners.policy_rules import ANY_ROLE, NO_CASE, SENSITIVE, Rule, file_rules

PAGE = Path(settings.BASE_DIR) / "docs" / "access.md"
FROM = "<!-- from here: `manage.py access_matrix --write` -->\n"
CONDITIONS = {
    "": "",
    "named": "named member only",
    "consented": "with consent",
    "own_pupil": "own pupil",
    "own_flight": "own flight",
}
TESTS = "tests"


def page() -> str:
    """The whole page: what a person wrote above the line, and the matrix under it."""
    written = PAGE.read_text(encoding="utf-8").split(FROM)[0]
    return written + FROM + "\n" + "\n".join(lines())


def lines() -> Iterator[str]:
    rules = [rule for rule in file_rules() if rule.valid_until is None]  # a page that says the same tomorrow
    yield from _in_cases([rule for rule in rules if rule.part != NO_CASE])
    yield from _outside_cases([rule for rule in rules if rule.part == NO_CASE])
    yield from _walls()
    yield from _principals()


def _in_cases(rules: Iterable[Rule]) -> Iterator[str]:
    """One table per organisation: a line for each role, part and section."""
    by_organisation: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_organisation[rule.organisation].append(rule)
    yield "## In a case\n"
    yield (
        "A unit plays a part in a case; a member works in a role. Where a line is absent there is no right. A section marked *"
        " opens only with the grant of the unit on this case.\n"
    )
    for organisation, its in by_organisation.items():
        yield f"### {organisation}\n"
        yield "| Part | Role | Section | May | Condition | Ground | From |"
        yield "|---|---|---|---|---|---|---|"
        yield from sorted(_in_case_rows(its))
        yield ""


def _in_case_rows(rules: Iterable[Rule]) -> Iterator[str]:
    verbs: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for rule in rules:
        role = "everybody" if rule.role == ANY_ROLE else rule.role
        section = f"{rule.section}*" if rule.section in SENSITIVE else rule.section
        key = (rule.part, role, section, CONDITIONS[rule.condition], rule.ground, rule.valid_from.isoformat())
        verbs[key].append(rule.verb)
    for (part, role, section, condition, ground, since), may in verbs.items():
        yield f"| {part} | {role} | {section} | {', '.join(dict.fromkeys(may))} | {condition} | {ground} | {since} |"


def _outside_cases(rules: Iterable[Rule]) -> Iterator[str]:
    rights: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule in rules:
        role = "everybody" if rule.role == ANY_ROLE else rule.role
        rights[rule.organisation, role].append(f"{rule.section}.{rule.verb}")
    yield "## Outside a case\n"
    yield "What a role may do that belongs to no case; a list shows what the sections above allow, and no more.\n"
    yield "| Organisation | Role | May |"
    yield "|---|---|---|"
    yield from (f"| {org} | {role} | {', '.join(sorted(may))} |" for (org, role), may in sorted(rights.items()))
    yield ""


def _walls() -> Iterator[str]:
    yield "## Behind the second wall\n"
    yield "Tables of which the database shows the application's role only rows that the acting unit may see.\n"
    yield from (f"- `{table}`" for table in sorted(walled_tables()))
    yield ""


def _principals() -> Iterator[str]:
    """Work of the system; the principal of the test suite is known to tests only."""
    yield "## Work of the system\n"
    yield "Each acts under a name of its own and sees whole only the tables named here, their history included.\n"
    yield "| Name | What for | Tables |"
    yield "|---|---|---|"
    for name, one in sorted(PRINCIPALS.items()):
        if name != TESTS:
            tables = ", ".join(f"`{model._meta.db_table}`" for model in one.models) or "none behind the wall"
            yield f"| `{name}` | {one.purpose} | {tables} |"
    yield ""
