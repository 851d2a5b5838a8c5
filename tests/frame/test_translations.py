"""Every text that a user can read has its Dutch, in the catalog of its room."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PYTHON_ROOMS = ("leidraad", "partners", "cases", "handover")
TAG = re.compile(
    r"""{%\s*(?:translate|trans)\s+(["'])(?P<text>.*?)\1(?:\s+context\s+(["'])(?P<context>.*?)\3)?""", re.DOTALL
)
BLOCK = re.compile(
    r"""{%\s*blocktranslate(?P<options>[^%]*)%}(?P<text>.*?)(?:{%\s*plural\s*%}(?P<plural>.*?))?{%\s*endblocktranslate\s*%}""",
    re.DOTALL,
)


def catalog() -> dict[tuple[str | None, str], bool]:
    """(context, text) -> is it whole and sure?"""
    found: dict[tuple[str | None, str], bool] = {}
    for path in ROOT.glob("locale/*/nl/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="nl"):
                texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
                done = message.string if isinstance(message.string, tuple | list) else (message.string,)
                for text in texts:
                    whole = all(done) and not message.fuzzy
                    found[(message.context, text)] = found.get((message.context, text), True) and whole
    return found


def template_texts() -> set[tuple[str | None, str]]:
    texts: set[tuple[str | None, str]] = set()
    for path in ROOT.glob("templates/**/*.html"):
        source = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"))
        texts |= {(match["context"], match["text"]) for match in TAG.finditer(source)}
        for match in BLOCK.finditer(source):
            context = re.search(r"""context\s+["'](.*?)["']""", match["options"])
            for text in (match["text"], match["plural"]):
                if text is not None:
                    plain = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", text.replace("%", "%%"))
                    plain = re.sub(r"\s*\n\s*", " ", plain).strip() if "trimmed" in match["options"] else plain
                    texts.add((context[1] if context else None, plain))
    return texts


def python_texts(folder: Path) -> set[tuple[str | None, str]]:
    """What Babel's own Python extractor finds; it knows strings that go on over lines."""
    target = folder / "texts.pot"
    keywords = ("gettext_noop", "gettext_lazy", "pgettext:1c,2", "pgettext_lazy:1c,2", "ngettext_lazy:1,2")
    options = [word for keyword in keywords for word in ("-k", keyword)]
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        *options,
        "-o",
        str(target),
        *PYTHON_ROOMS,
    ]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    texts: set[tuple[str | None, str]] = set()
    for message in read_po(BytesIO(target.read_bytes())):
        for text in message.id if isinstance(message.id, tuple | list) else (message.id,):
            if text:
                texts.add((message.context, text))
    return texts


def test_every_text_in_templates_and_code_has_its_dutch(tmp_path: Path) -> None:
    known = catalog()

    missing = sorted(
        f"{context or ''}|{text}"
        for context, text in template_texts() | python_texts(tmp_path)
        if not known.get((context, text))
    )

    assert not missing, f"{len(missing)} without Dutch:\n" + "\n".join(missing)


def test_the_extraction_sees_both_kinds_of_texts(tmp_path: Path) -> None:
    assert len(template_texts()) > 100
    assert len(python_texts(tmp_path)) > 100


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("locale/*/nl/LC_MESSAGES/django.po")), ids=lambda path: path.parts[-4]
)
def test_placeholders_are_the_same_in_both_languages(path: Path) -> None:
    names = re.compile(r"%\((\w+)\)")
    wrong = []
    with path.open("rb") as file:
        for message in read_po(file, locale="nl"):
            sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
            targets = message.string if isinstance(message.string, tuple | list) else (message.string,)
            allowed = {name for source in sources for name in names.findall(source)}
            wrong += [target for target in targets if target and not set(names.findall(target)) <= allowed]

    assert not wrong
