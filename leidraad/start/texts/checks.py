"""What can be wrong with a text. Each check yields problems with file and line; together they take a second or two."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.template.base import TokenType

from leidraad.start.texts.sources import Text, all_texts, template_files, tokens_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that Dutch and English write alike. A text equal to its own Dutch that is not here is an untranslated or a Dutch one.
SAME_IN_BOTH = _words("""
    alias code demo document dossier dublin filter filters in kosovo laissez leidraad later man min moment open partner passer
    passkey postcode privacy procedure procedures register start status stop stops team was week wk
""")
# Small words of Dutch that no English sentence has. A text in the code with one of them is Dutch.
DUTCH = _words("""
    aan als bij dat de deze dit een en geen heeft het hebt kan kunt maar moet naar niet nog nu ook om onder sinds te tot uit
    uw van vanaf voor wat welke werd wie wordt worden zijn zonder zaak zaken
""")
# Names that are the same in every language and need no translation where they stand in a template.
NAMES = frozenset({"Leidraad", "SHA"})
READ_ALOUD = frozenset({"alt", "aria-label", "data-failed", "data-label", "data-template", "placeholder", "title"})
LETTERS = re.compile(r"[^\W\d_]{2,}|[^\W\d_]+ [^\W\d_]+")
WORDS = re.compile(r"[^\W\d_]+")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]")
NAMED = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True, order=True)
class Problem:
    path: Path
    line: int
    what: str

    def in_words(self, root: Path) -> str:
        return f"{self.path.relative_to(root)}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Entry:
    """One message of a catalog; a message with a plural has two texts."""

    context: str | None
    texts: tuple[str, ...]
    dutch: tuple[str, ...]
    fuzzy: bool
    path: Path
    line: int


def catalog_entries(root: Path) -> list[Entry]:
    found = []
    for path in sorted(root.glob("locale/*/nl/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            found += [_entry(message, path) for message in read_po(file, locale="nl") if message.id]
    return found


def _entry(message: Message, path: Path) -> Entry:
    texts = tuple(message.id) if isinstance(message.id, list | tuple) else (str(message.id),)
    string = message.string
    dutch = tuple(string) if isinstance(string, list | tuple) else (str(string or ""),)
    return Entry(message.context, texts, dutch, message.fuzzy, path, message.lineno or 0)


def missing_dutch(texts: list[Text], entries: list[Entry]) -> Iterator[Problem]:
    known = {(entry.context, text) for entry in entries for text in entry.texts}
    for text in texts:
        if text.key not in known:
            yield Problem(text.path, text.line, f"no Dutch in locale/: {text.text!r}")
    for entry in entries:
        if entry.fuzzy:
            yield Problem(entry.path, entry.line, f"unsure (fuzzy) Dutch: {entry.texts[0]!r}")
        elif not all(entry.dutch):
            yield Problem(entry.path, entry.line, f"empty Dutch: {entry.texts[0]!r}")


def dead_texts(texts: list[Text], entries: list[Entry]) -> Iterator[Problem]:
    used = {text.key for text in texts}
    for entry in entries:
        if not any((entry.context, text) in used for text in entry.texts):
            yield Problem(entry.path, entry.line, f"no code uses this text any more: {entry.texts[0]!r}")


def other_placeholders(entries: list[Entry]) -> Iterator[Problem]:
    for entry in entries:
        allowed = {name for text in entry.texts for name in NAMED.findall(text)}
        for name in sorted({name for dutch in entry.dutch for name in NAMED.findall(dutch)} - allowed):
            yield Problem(
                entry.path, entry.line, f"the Dutch names %({name})s, the English does not: {entry.texts[0]!r}"
            )


def two_translations(entries: list[Entry]) -> Iterator[Problem]:
    """All catalogs are one to Django: of a text that two rooms translate, one room's Dutch shows on the other's screens."""
    first: dict[tuple[str | None, tuple[str, ...]], Entry] = {}
    for entry in entries:
        known = first.setdefault((entry.context, entry.texts), entry)
        if known.dutch != entry.dutch:
            other = f"{known.path.parts[-4]} has {known.dutch[0]!r}: give one of them a context"
            yield Problem(entry.path, entry.line, f"a second Dutch for {entry.texts[0]!r}; {other}")


def dutch_sources(entries: list[Entry]) -> Iterator[Problem]:
    """A text in the code must be English, or English readers meet Dutch."""
    for entry in entries:
        for text in entry.texts:
            words = {word.lower() for word in WORDS.findall(PLACEHOLDER.sub("", text))}
            if words & DUTCH:
                yield Problem(entry.path, entry.line, f"this text in the code is Dutch: {text!r}")
            elif text in entry.dutch and not words <= SAME_IN_BOTH:
                where = "SAME_IN_BOTH of leidraad/start/texts/checks.py"
                yield Problem(entry.path, entry.line, f"same text in both languages, and not in {where}: {text!r}")


class _Literals(HTMLParser):
    """Collects what a reader would read of a template from which every tag has been blanked out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in READ_ALOUD and value:
                self._note(value)
        # Keys are no words; an element that names its own language is meant to stay in it.
        own_language = tag != "html" and any(name == "lang" for name, _value in attrs)
        if tag in ("kbd", "style", "script") or own_language:
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._note(data)

    def _note(self, text: str) -> None:
        first = self.getpos()[0] + len(text[: len(text) - len(text.lstrip())].splitlines()[1:])
        plain = " ".join(text.split())
        if LETTERS.search(plain) and not set(WORDS.findall(plain)) <= NAMES:
            self.found.append((first, plain))


def literal_texts(root: Path) -> Iterator[Problem]:
    """Text in a template that no translation tag holds."""
    for path in template_files(root):
        parser = _Literals()
        parser.feed(_without_tags(path))
        parser.close()
        for line, text in parser.found:
            yield Problem(path, line, f"text outside translate tags: {text!r}")


def _without_tags(path: Path) -> str:
    """The plain HTML between the tags; each tag, and all that a translated or commented block holds, leaves a blank."""
    parts, inside = [], ""
    line = 1
    for token in tokens_of(path):
        at = token.lineno or line
        parts.append("\n" * (at - line))
        line = at
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split(maxsplit=1)[0]
            if not inside and (name.startswith("blocktrans") or name == "comment"):
                inside = f"end{name}"
            elif not inside and re.match(r"block \w+_class$", token.contents):  # holds names of styles, no words
                inside = "endblock"
            elif name == inside:
                inside = ""
        if token.token_type is TokenType.TEXT and not inside:
            parts.append(token.contents)
            line += token.contents.count("\n")
        else:
            parts.append(" ")
    return "".join(parts)


def half_named_rows(root: Path) -> Iterator[Problem]:
    """Reference data that has a name in one language only."""
    for path in sorted(root.glob("*/**/reference/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            columns = rows.fieldnames or []
            pairs = [(name, re.sub(r"nl$", "en", name)) for name in columns if name == "nl" or name.endswith("_nl")]
            for _dutch, english in pairs:
                if english not in columns:
                    yield Problem(path, 1, f"column {english} is missing")
            for row in rows:
                for pair in pairs:
                    empty = [name for name in pair if name in columns and not (row[name] or "").strip()]
                    if empty and (len(empty) == 1 or pair[0] in ("nl", "name_nl")):
                        yield Problem(path, rows.line_num, f"{' and '.join(empty)} is empty")


def problems(root: Path) -> list[Problem]:
    texts, entries = all_texts(root), catalog_entries(root)
    found = [
        *missing_dutch(texts, entries),
        *dead_texts(texts, entries),
        *other_placeholders(entries),
        *two_translations(entries),
        *dutch_sources(entries),
        *literal_texts(root),
        *half_named_rows(root),
    ]
    return sorted(set(found))
