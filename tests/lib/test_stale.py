"""Two editors: nothing is written over unseen, and the page presets what is clear."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django import forms as django_forms
from django.http import QueryDict
from django.test import RequestFactory
from django.utils import translation

from leidraad.lib.errors import Stale
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.stale import VersionedForm, conflict_page, require_version

OWNERS = [("a", "M. Hofstra"), ("b", "R. Klaassen")]


@dataclass
class Plan:
    """Stands for any record with a version."""

    version: int
    goal: str
    owner: str
    due: date
    urgent: bool = False


class PlanForm(VersionedForm, Form):
    goal = TextField(label="Doel")
    owner = django_forms.ChoiceField(label="Eigenaar", choices=OWNERS)
    due = DateField(label="Datum", parts=True)
    urgent = django_forms.BooleanField(label="Spoed", required=False)


def form_over(plan: Plan, data: QueryDict | None = None) -> PlanForm:
    initial = {"goal": plan.goal, "owner": plan.owner, "due": plan.due, "urgent": plan.urgent}
    return PlanForm(data, record=plan, initial=initial)


def typed_on(plan: Plan, **changes: str) -> QueryDict:
    """What the page drawn over `plan` sends back after somebody changed some fields."""
    page = form_over(plan)
    data = QueryDict(mutable=True)
    day = plan.due
    data.update(
        {"goal": plan.goal, "owner": plan.owner, "due_day": str(day.day), "due_month": str(day.month)}
        | {"due_year": str(day.year), "seen_version": str(page.initial["seen_version"])}
        | {"seen_values": page.initial["seen_values"]}
    )
    data.update(changes)
    for name in changes:
        data.setlist(name, [changes[name]])
    return data


BEGAN = Plan(2, "Vertrek met IOM", "a", date(2026, 12, 1))
NOW = Plan(3, "Vertrek met IOM", "b", date(2026, 12, 20))


def rows(form: PlanForm) -> dict[str, str]:
    return {row.name: row.preset for row in form.conflicts()}


def test_a_form_over_the_stored_version_is_not_stale_and_hands_over_only_its_own_fields() -> None:
    form = form_over(BEGAN, typed_on(BEGAN, goal="Anders"))

    assert not form.is_stale
    assert form.is_valid(), form.errors
    assert set(form.cleaned_data) == {"goal", "owner", "due", "urgent"}
    assert form.seen_version == 2


def test_a_newer_stored_version_makes_it_stale_and_presets_what_only_one_side_changed() -> None:
    form = form_over(NOW, typed_on(BEGAN, goal="Vertrek in december", due_day="4"))

    assert form.is_stale
    assert rows(form) == {"goal": "mine", "owner": "theirs", "due": ""}


def test_the_same_day_written_otherwise_is_no_clash() -> None:
    form = form_over(Plan(3, "Nieuw doel", "a", date(2026, 12, 1)), typed_on(BEGAN, due_day="01"))

    assert rows(form) == {"goal": "theirs"}


def test_a_page_that_does_not_say_its_version_is_stale() -> None:
    data = typed_on(BEGAN)
    del data["seen_version"]

    assert form_over(BEGAN, data).is_stale


def answer(form: PlanForm, **choices: str) -> QueryDict:
    """What the conflict page sends."""
    data = QueryDict(mutable=True)
    for name, value in form.hidden_input():
        data.appendlist(name, value)
    data.update({"conflict": "1"} | {f"choose-{name}": side for name, side in choices.items()})
    return data


def test_the_choice_of_the_conflict_page_is_saved_as_chosen() -> None:
    stale = form_over(NOW, typed_on(BEGAN, goal="Vertrek in december", due_day="4"))

    form = form_over(NOW, answer(stale, goal="mine", owner="theirs", due="theirs"))

    assert not form.is_stale
    assert form.is_valid(), form.errors
    assert form.cleaned_data["goal"] == "Vertrek in december"
    assert form.cleaned_data["owner"] == "b"
    assert form.cleaned_data["due"] == date(2026, 12, 20)
    assert form.seen_version == 3


def test_an_undecided_clash_asks_again() -> None:
    stale = form_over(NOW, typed_on(BEGAN, due_day="4"))

    form = form_over(NOW, answer(stale, owner="theirs"))

    assert form.is_stale
    assert [row.name for row in form.conflicts() if row.undecided] == ["due"]


def test_a_third_editor_in_between_asks_again() -> None:
    stale = form_over(NOW, typed_on(BEGAN, due_day="4"))

    form = form_over(Plan(4, "Heel anders", "b", date(2026, 12, 20)), answer(stale, due="mine", owner="theirs"))

    assert form.is_stale


def test_tampering_with_what_was_seen_never_saves_by_itself() -> None:
    data = typed_on(BEGAN, goal="Anders")
    data["seen_values"] = "forged"

    assert form_over(NOW, data).is_stale


def test_a_ticked_box_can_be_given_back() -> None:
    data = typed_on(BEGAN)
    data["urgent"] = "on"
    stale = form_over(NOW, data)
    assert rows(stale)["urgent"] == "mine"

    form = form_over(NOW, answer(stale, urgent="theirs", owner="theirs", due="theirs"))

    assert form.is_valid(), form.errors
    assert form.cleaned_data["urgent"] is False


def test_the_action_refuses_another_version_and_says_which_is_stored() -> None:
    require_version(NOW, 3)
    with pytest.raises(Stale) as refusal:
        require_version(NOW, 2)
    assert refusal.value.current is NOW


@pytest.mark.urls("tests.frame.urls")
def test_the_page_shows_all_three_and_keeps_what_was_typed(rf: RequestFactory) -> None:
    form = form_over(NOW, typed_on(BEGAN, goal="Vertrek in december", due_day="4"))
    request: Any = rf.post("/")
    request.member = request.htmx = None

    with translation.override("nl"):
        response = conflict_page(request, form)

    html = response.content.decode()
    assert response.status_code == 409
    assert "Toen u begon" in html
    assert "Vertrek in december" in html
    assert "R. Klaassen" in html
    assert 'name="due_day" value="4"' in html
