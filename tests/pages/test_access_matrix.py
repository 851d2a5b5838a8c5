"""docs/access.md says what the code does."""

from leidraad.pages.access_matrix import PAGE, lines, page
from partners.policy_rules import NO_CASE, file_rules


def test_the_page_holds_the_matrix_of_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python3 run.py manage access_matrix --write"


def test_every_right_in_a_case_is_told() -> None:
    told = "\n".join(lines())

    for rule in file_rules():
        if rule.part != NO_CASE and rule.valid_until is None:
            assert any(
                line.startswith(f"| {rule.part} |") and f" {rule.section}" in line and rule.verb in line
                for line in told.splitlines()
            ), rule
