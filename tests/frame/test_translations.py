"""Both languages are whole: the check that `make check` runs finds nothing here, and finds each kind of fault elsewhere."""

from pathlib import Path

import pytest

from leidraad.start.commands import CHECKS
from leidraad.start.texts.checks import catalog_entries, problems, two_translations
from leidraad.start.texts.sources import all_texts

ROOT = Path(__file__).resolve().parents[2]
PO = "locale/pages/nl/LC_MESSAGES/django.po"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_no_reader_of_either_language_misses_a_text() -> None:
    found = [problem.in_words(ROOT) for problem in problems(ROOT)]

    assert not found, f"{len(found)} problems:\n" + "\n".join(found)


def test_make_check_runs_the_same_check() -> None:
    assert any("leidraad.start.texts" in command for command in CHECKS)


def test_the_check_reads_code_templates_and_both_shapes_of_a_block() -> None:
    kinds = {text.path.suffix for text in all_texts(ROOT)}

    assert kinds == {".py", ".html"}
    assert len(all_texts(ROOT)) > 1000


def found_in(root: Path, **files: str) -> list[str]:
    """The problems of a product that consists of these files only; `po` is the body of its one catalog."""
    names = {"po": PO, "html": "templates/page.html", "py": "cases/words.py", "csv": "partners/reference/roles.csv"}
    files = {"po": ""} | files
    for kind, text in files.items():
        path = root / names[kind]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text if kind == "po" else text, encoding="utf-8")
    return [problem.in_words(root) for problem in problems(root)]


SAVE = 'msgid "Save it"\nmsgstr "Opslaan"\n\n'
USE = '{% translate "Save it" %}\n'


def test_a_whole_product_has_no_problems(tmp_path: Path) -> None:
    assert found_in(tmp_path, po=SAVE, html=USE) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"html": f"\n{USE}"}, "templates/page.html:2: no Dutch in locale/: 'Save it'"),
        ({"html": '{% include "x" with title=_("Save it") %}'}, "templates/page.html:1: no Dutch"),
        (
            {"html": "\n{% blocktranslate trimmed %}\nSave\nit{% endblocktranslate %}"},
            "templates/page.html:2: no Dutch",
        ),
        (
            {"py": "from django.utils.translation import gettext_lazy as _\n\nTITLE = _(\n    'Save'\n    ' it'\n)\n"},
            "cases/words.py:3: no Dutch in locale/: 'Save it'",
        ),
        ({"html": USE, "po": 'msgid "Save it"\nmsgstr ""\n'}, f"{PO}:5: empty Dutch: 'Save it'"),
        ({"html": USE, "po": f"#, fuzzy\n{SAVE}"}, f"{PO}:6: unsure (fuzzy) Dutch: 'Save it'"),
        ({"po": SAVE}, f"{PO}:5: no code uses this text any more: 'Save it'"),
        (
            {"html": '{% translate "Uw zaken" %}', "po": 'msgid "Uw zaken"\nmsgstr "Uw zaken"\n'},
            f"{PO}:5: this text in the code is Dutch: 'Uw zaken'",
        ),
        (
            {"html": '{% translate "Afspraak" %}', "po": 'msgid "Afspraak"\nmsgstr "Afspraak"\n'},
            f"{PO}:5: same text in both languages",
        ),
        (
            {
                "html": "{% blocktranslate %}By {{ who }}{% endblocktranslate %}",
                "po": 'msgid "By %(who)s"\nmsgstr "%(wie)s"\n',
            },
            f"{PO}:5: the Dutch names %(wie)s",
        ),
        ({"html": "<p>\n{{ n }} zaken</p>"}, "templates/page.html:2: text outside translate tags: 'zaken'"),
        ({"html": '\n<nav aria-label="Menu"></nav>'}, "templates/page.html:2: text outside translate tags: 'Menu'"),
        (
            {"csv": "code,name_nl,name_en\na,manager,manager\nb,arts,\n"},
            "partners/reference/roles.csv:3: name_en is empty",
        ),
        ({"csv": "code,name_nl\na,arts\n"}, "partners/reference/roles.csv:1: column name_en is missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_fault_is_named_with_file_and_line(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    found = found_in(tmp_path, **files)

    assert len(found) == 1, found
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    "html",
    [
        '<span lang="en">English</span>',
        "<kbd>Esc</kbd>",
        "{# Dutch remark #}{% comment %}remark{% endcomment %}",
        "{% block body_class %}day list{% endblock %}",
        '<p class="muted">{{ a }} · {{ b }}</p>',
        "<title>{{ title }} – Leidraad</title>",
    ],
)
def test_what_is_no_text_for_the_reader_is_left_alone(tmp_path: Path, html: str) -> None:
    assert found_in(tmp_path, html=html) == []


def test_one_text_has_one_dutch_in_whichever_room(tmp_path: Path) -> None:
    for room, dutch in (("case", "Vastleggen"), ("pages", "Gegeven"), ("frame", "Vastleggen")):
        po = tmp_path / "locale" / room / "nl" / "LC_MESSAGES" / "django.po"
        po.parent.mkdir(parents=True)
        po.write_text(f'msgid ""\nmsgstr "Language: nl\\n"\n\nmsgid "Record"\nmsgstr "{dutch}"\n', encoding="utf-8")

    found = [problem.what for problem in two_translations(catalog_entries(tmp_path))]

    assert found == ["a second Dutch for 'Record'; case has 'Vastleggen': give one of them a context"]
