"""What a form says, shows and understands."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms as django_forms
from django.template.loader import render_to_string
from django.utils import translation

from leidraad.lib.forms import DateField, DateTimeField, Form, TextField, TimeField


class TalkForm(Form):
    required_messages = {"kind": "Kies wat voor gesprek het was."}

    kind = django_forms.ChoiceField(label="Soort", choices=[("", "-"), ("first", "Eerste gesprek")])
    held_on = DateField(label="Datum", required_message="Vul de datum van het gesprek in.")
    born = DateField(label="Geboren", parts=True, required=False)
    due = DateTimeField(label="Uiterlijk", required=False)
    at = TimeField(label="Tijd", required=False)
    willing = django_forms.ChoiceField(
        label="Wil vertrekken", widget=django_forms.RadioSelect, choices=[("y", "Ja"), ("n", "Nee")]
    )
    note = TextField(label="Verslag", rows=3, max_length=20)


@pytest.fixture(autouse=True)
def _dutch() -> Any:
    with translation.override("nl"):
        yield


def sent(**changes: str) -> TalkForm:
    complete = {"kind": "first", "held_on": "23-11-2026", "willing": "y", "note": "Goed gesprek"}
    return TalkForm(complete | changes)


def test_a_missing_answer_says_what_to_do() -> None:
    form = sent(held_on="", kind="", note="")

    assert form.errors["held_on"] == ["Vul de datum van het gesprek in."]
    assert form.errors["kind"] == ["Kies wat voor gesprek het was."]
    assert form.errors["note"] == ["Vul in: verslag."]


def test_one_forms_sentence_does_not_leak_into_another_form() -> None:
    sent(held_on="")

    class Other(Form):
        held_on = DateField(label="Einddatum")

    assert Other({}).errors["held_on"] == ["Vul in: einddatum."]


@pytest.mark.parametrize("text", ["23-11-2026", "23/11/2026", "23.11.2026", "2026-11-23", "23 11 2026"])
def test_dates_are_understood_as_people_write_them(text: str) -> None:
    form = sent(held_on=text)

    assert form.is_valid()
    assert form.cleaned_data["held_on"] == date(2026, 11, 23)


def test_an_impossible_date_says_how_to_write_one_and_keeps_what_was_typed() -> None:
    form = sent(held_on="31-02-2026", born_day="31", born_month="2", born_year="1994")

    assert form.errors["held_on"] == ["Schrijf de datum als dag-maand-jaar, bijvoorbeeld 23-11-2026."]
    html = str(form)
    assert 'value="31-02-2026"' in html
    assert 'name="born_year" value="1994"' in html


def test_a_date_in_three_boxes_is_one_date() -> None:
    form = sent(born_day="14", born_month="3", born_year="1994")

    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1994, 3, 14)


def test_a_moment_needs_its_time_and_is_in_dutch_time() -> None:
    without_time, whole = sent(due_0="1-12-2026", due_date="1-12-2026"), sent(due_date="1-12-2026", due_time="9.30")

    assert without_time.errors["due"] == ["Vul ook de tijd in, bijvoorbeeld 09:30."]
    assert whole.is_valid()
    assert whole.cleaned_data["due"] == datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))


def test_an_empty_time_takes_the_default_where_the_form_gives_one() -> None:
    class Due(Form):
        due = DateTimeField(label="Uiterlijk", default_time=time(17))

    form = Due({"due_date": "1-12-2026", "due_time": ""})

    assert form.is_valid()
    assert form.cleaned_data["due"].hour == 17


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = str(TalkForm())

    assert html.count("(niet verplicht)") == 3
    assert " required" not in html


def test_errors_stand_at_the_field_and_are_tied_to_it() -> None:
    html = str(sent(note=""))

    assert 'id="id_note_error"' in html
    assert "id_note_error" in html.split('name="note"')[1].split(">")[0]
    assert 'aria-invalid="true"' in html


def test_radios_are_a_group_with_its_question() -> None:
    html = str(TalkForm())

    assert "<legend>Wil vertrekken" in html


def test_the_summary_links_to_each_field_that_is_wrong() -> None:
    html = render_to_string("parts/error_summary.html", {"form": sent(note="", willing="", held_on="")})

    assert 'href="#id_note"' in html
    assert 'href="#id_held_on"' in html
    assert 'href="#id_willing_0"' in html


def test_a_fresh_form_shows_no_summary() -> None:
    assert "error-summary" not in render_to_string("parts/error_summary.html", {"form": TalkForm()})
