"""The catalogue of rules and guards: whole, in two languages, and never edited."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from cases.terms import reference_data
from cases.terms.models import Act, Effect, Guard, GuardAct, GuardVersion, Level, Rule, RuleDuration, RuleVersion
from partners.reference_data import lines

pytestmark = pytest.mark.django_db
# The ids of the tables on the page of rules and deadlines, by its sections.
IDS = """
0 count-start count-weekend count-holiday count-equated count-excluded count-rbp count-detention-month
1a scr-hold apr-admissibility apr-accelerated apr-normal border-first border-total border-return
1b rvt aa aa-8 aa-steps va-response va-decide hasa track-1 track-2
1c appeal-short appeal-mid appeal-general appeal-old higher-appeal relief-stay relief-transfer court-rule bezwaar-decide
1d ammr-request ammr-reply ammr-takeback ammr-decision transfer-latest transfer-detained dublin-latest-old dublin-period-old
2 period-std period-zero period-ext ban-std ban-1 ban-3-5 ban-10-20 ban-lift undesirable
3 art64-grant art64-provisional art64-relief pregnancy moratorium b8-reflection uam-reception uam-3y no-fault rule39 criminal
3 iom-approved unfit relapse-test
4 hold report-duty security area-56 vbl-12w htl-12w gl det-art6 det-59-4w det-59-6m det-59-ext det-59b det-59b-old
4 det-family det-uam notify-court rule-court review-68 own-appeal progress
5 rec-end rec-relief rec-uam rec-art64 rec-ban rec-absent
7 dp-need dp-ngo dp-special dp-bio-note dp-bio-keep dp-ammr dp-police-split dp-police-dtv dp-police-log dp-police-keep
7 dp-access dp-breach sec-incident sec-bio2 arch-list iom-consent
"""
LAST_FORMER = date(2026, 6, 11)
FIRST_PACT = date(2026, 6, 12)


def ids() -> list[str]:
    return [word for line in IDS.strip().splitlines() for word in line.split()[1:]]


def codes(day: date) -> set[str]:
    return set(RuleVersion.objects.in_force(day).values_list("rule__code", flat=True))


def next_version(version: RuleVersion, **changes: Any) -> RuleVersion:
    """The same rule as a new version."""
    fields = [field.attname for field in RuleVersion._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(version, name) for name in fields} | {"number": version.number + 1} | changes
    return RuleVersion.objects.create(**values)


def test_the_catalogue_holds_each_rule_of_the_page_once() -> None:
    assert list(Rule.objects.values_list("code", flat=True)) == ids()


def test_the_catalogue_holds_guards_one_to_thirty_one() -> None:
    assert list(Guard.objects.values_list("code", flat=True)) == [f"G{number:02}" for number in range(1, 32)]


def test_every_text_stands_in_both_languages() -> None:
    for version in [*RuleVersion.objects.all(), *GuardVersion.objects.all(), *RuleDuration.objects.all()]:
        names = [field.name for field in version._meta.concrete_fields]
        for name in [name.removesuffix("_nl") for name in names if name.endswith("_nl")]:
            assert bool(getattr(version, f"{name}_nl")) == bool(getattr(version, f"{name}_en")), f"{version}: {name}"


def test_every_rule_names_its_source() -> None:
    assert not RuleVersion.objects.filter(source="").exists()
    # The page of rules gives no source for G29; the catalogue says so by its confidence.
    assert list(GuardVersion.objects.filter(source="").values_list("guard__code", "confidence")) == [("G29", "L")]


def test_the_former_rules_end_and_those_of_the_pact_begin_on_twelve_june() -> None:
    before, after = codes(LAST_FORMER), codes(FIRST_PACT)

    assert {"appeal-old", "aa", "dublin-latest-old"} <= before - after
    assert {"appeal-short", "apr-normal", "transfer-latest"} <= after - before
    assert {"period-std", "det-59-6m", "art64-grant"} <= before & after
    assert "aa-8" not in before | after, "its last day is not established"


def test_the_highest_version_that_holds_on_the_day_counts() -> None:
    first = RuleVersion.objects.get(rule__code="period-std")
    second = next_version(first, valid_from=date(2027, 1, 1), note_en="New", note_nl="Nieuw")

    assert RuleVersion.objects.in_force(date(2026, 12, 31)).get(rule__code="period-std") == first
    assert RuleVersion.objects.in_force(date(2027, 1, 1)).get(rule__code="period-std") == second


@pytest.mark.parametrize("model", [RuleVersion, RuleDuration, GuardVersion, GuardAct])
def test_a_version_cannot_be_changed_or_taken_away(model: Any) -> None:
    row = model.objects.first()
    field = "when_nl" if model is RuleDuration else "reason_nl" if model is GuardAct else "source"
    for change in (lambda: model.objects.filter(pk=row.pk).update(**{field: "anders"}), row.delete):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            change()


def test_not_even_the_owner_of_the_tables_changes_a_version() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'terms_ruleversion'::regclass AND NOT tgisinternal"
        )
        names = [name for (name,) in cursor.fetchall()]

    assert any(name.startswith("pgtrigger_append_only") for name in names)


def test_loading_again_changes_nothing_and_asks_little() -> None:
    before = [model.objects.count() for model in (Rule, RuleVersion, RuleDuration, GuardVersion, GuardAct)]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        reference_data.load_reference()

    assert [model.objects.count() for model in (Rule, RuleVersion, RuleDuration, GuardVersion, GuardAct)] == before
    assert len(queries) <= 12


def test_an_edited_line_is_refused_with_the_way_to_do_it(monkeypatch: pytest.MonkeyPatch) -> None:

    def edited(name: str, folder: Path) -> Any:
        for line in lines(name, folder):
            yield line | {"plain_en": "Otherwise."} if line.get("rule") == "aa" and "plain_en" in line else line

    monkeypatch.setattr(reference_data, "lines", edited)

    with pytest.raises(ValueError, match="Add a version"):
        reference_data.load_reference()


def test_a_new_version_in_the_file_is_added(monkeypatch: pytest.MonkeyPatch) -> None:

    def longer(name: str, folder: Path) -> Any:
        for line in lines(name, folder):
            yield line
            if name == "rules.csv" and line["rule"] == "aa":
                yield line | {"version": "2", "valid_until": "2026-06-10"}

    monkeypatch.setattr(reference_data, "lines", longer)

    reference_data.load_reference()

    assert list(Rule.objects.get(code="aa").versions.values_list("number", flat=True)) == [2, 1]


def test_the_matrix_has_one_cell_for_each_guard_and_act() -> None:
    cells = set(GuardAct.objects.in_force(date(2026, 11, 26)).values_list("guard__code", "act"))

    assert cells == {(f"G{number:02}", act) for number in range(1, 32) for act in Act.values}


def test_a_warning_never_becomes_a_block() -> None:
    warns = GuardVersion.objects.filter(level=Level.WARN).values("guard")

    assert not GuardAct.objects.filter(guard__in=warns, effect=Effect.BLOCK).exists()


def test_nothing_blocks_leaving_of_ones_own_free_will() -> None:
    assert not GuardAct.objects.filter(act=Act.OWN_DEPARTURE, effect=Effect.BLOCK).exists()
    appeal = GuardAct.objects.get(guard__code="G05", act=Act.OWN_DEPARTURE)
    assert appeal.effect == Effect.NONE


def test_each_guard_holds_at_least_one_act_at_its_own_level() -> None:
    for version in GuardVersion.objects.select_related("guard"):
        assert GuardAct.objects.filter(guard=version.guard, effect=version.level).exists(), version


def test_guards_and_examples_refer_to_rules_that_exist() -> None:
    known = set(ids())
    with Path(__file__).with_name("examples.csv").open(encoding="utf-8", newline="") as file:
        examples = {line["rule"] for line in csv.DictReader(file)}

    assert examples <= known
    assert {code for version in GuardVersion.objects.all() for code in version.rules} <= known


def test_the_history_of_a_rule_says_who_loaded_it() -> None:
    assert Rule.objects.get(code="aa").history.latest().history_principal == "load_reference"
