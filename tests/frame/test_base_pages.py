"""The frame renders for everybody, also when almost nothing is there to render it with."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

pytestmark = pytest.mark.urls("tests.frame.urls")

ERROR_PAGES = [
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "405.html",
    "413.html",
    "429.html",
    "500.html",
    "503.html",
]
TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.fixture(autouse=True)
def _dutch() -> Any:
    with translation.override("nl"):
        yield


def drawn(name: str, request: Any) -> str:
    return Template('{% extends "' + name + '" %}').render(Context({"request": request}))


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_need_no_context_no_request_and_no_database(name: str) -> None:
    html = get_template(name).render()

    assert html.count("<h1>") == 1
    assert 'lang="nl"' in html


def test_not_found_says_neither_that_it_exists_nor_that_it_does_not() -> None:
    assert "Deze pagina bestaat niet of is niet met u gedeeld." in render_to_string("404.html")


def test_refused_names_the_right_who_gives_it_and_asks_for_a_reason() -> None:
    context = {"missing_right": "Fase wijzigen", "granted_by": "M. Hofstra", "ask_access_url": "/vragen/"}

    html = render_to_string("403.html", context)

    assert "Fase wijzigen" in html
    assert "M. Hofstra" in html
    assert "Toegang vragen" in html
    assert 'name="reason"' in html


def test_a_fault_shows_its_reference_number() -> None:
    assert "9f1c-22" in render_to_string("500.html", {"request_id": "9f1c-22"})


def test_the_base_page_renders_for_nobody_and_shows_no_menu(rf: RequestFactory) -> None:
    request: Any = rf.get("/")
    request.member = None

    html = drawn("base.html", request)

    assert "main-nav" not in html
    assert 'role="search"' not in html


def test_a_member_with_two_memberships_is_offered_the_other_one(rf: RequestFactory) -> None:
    request: Any = rf.get("/")
    unit = SimpleNamespace(full_name="DT&V Team Noord 2", organisation=SimpleNamespace(short_name="DT&V"))
    other = SimpleNamespace(full_name="DT&V Team Zuid 1", organisation=unit.organisation)
    acting = SimpleNamespace(pk=1, unit=unit, role="regievoerder")
    choices = [acting, SimpleNamespace(pk=2, unit=other, role="regievoerder")]
    request.member = SimpleNamespace(acting=acting, choices=choices)

    html = drawn("base.html", request)

    assert "Werken als" in html
    assert 'name="membership" value="2"' in html
    assert 'name="membership" value="1"' not in html


def test_the_title_starts_with_fout_when_the_form_is_wrong() -> None:
    from leidraad.lib.forms import Form, TextField

    class Wrong(Form):
        name = TextField(label="Naam")

    html = render_to_string("base.html", {"form": Wrong({})})

    assert "<title>Fout:" in html.replace("\n", "")


def test_no_template_carries_inline_script_or_style() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert " onclick=" not in text, path
        assert "<script" not in text.replace('<script type="module" src=', ""), path


def test_every_partial_says_what_it_needs() -> None:
    for path in [*(TEMPLATES / "parts").glob("*.html"), *TEMPLATES.rglob("_*.html")]:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert "{# Needs:" in first, path
