"""Every text that code and templates ask a translation for, with file and line."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

PYTHON_ROOMS = ("leidraad", "partners", "cases", "handover")
# Function of django.utils.translation -> where it takes the context (or nothing) and the texts.
CALLS: dict[str, tuple[int | None, tuple[int, ...]]] = {
    "gettext": (None, (0,)),
    "gettext_lazy": (None, (0,)),
    "gettext_noop": (None, (0,)),
    "ngettext": (None, (0, 1)),
    "ngettext_lazy": (None, (0, 1)),
    "pgettext": (0, (1,)),
    "pgettext_lazy": (0, (1,)),
    "npgettext": (0, (1, 2)),
    "npgettext_lazy": (0, (1, 2)),
}
TRANSLATE = re.compile(r"""^trans(?:late)?\s+(["'])(?P<text>.*?)\1(?:.*?\scontext\s+(["'])(?P<context>.*?)\3)?""")
ARGUMENT = re.compile(r"""\b_\((["'])(?P<text>.*?)\1\)""")
CONTEXT = re.compile(r"""\scontext\s+(["'])(?P<context>.*?)\1""")


@dataclass(frozen=True)
class Text:
    """What a translator gets: the English, and a context where one word has two meanings."""

    text: str
    context: str | None
    path: Path
    line: int

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


def python_files(root: Path) -> Iterator[Path]:
    for room in PYTHON_ROOMS:
        yield from sorted(path for path in root.glob(f"{room}/**/*.py") if "migrations" not in path.parts)


def python_texts(path: Path) -> Iterator[Text]:
    """Texts handed to Django's translation functions, under whatever name the module imports them."""
    source = path.read_text(encoding="utf-8")
    if "gettext" not in source:
        return
    tree = ast.parse(source)
    names = _translation_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            context_at, texts_at = CALLS[names[node.func.id]]
            context = _constant(node, context_at) if context_at is not None else None
            for at in texts_at:
                text = _constant(node, at)
                if text is not None:
                    yield Text(text, context, path, node.lineno)


def _translation_names(tree: ast.Module) -> dict[str, str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {
        alias.asname or alias.name: alias.name
        for node in imports
        if node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in CALLS
    }


def _constant(call: ast.Call, at: int) -> str | None:
    argument = call.args[at] if at < len(call.args) else None
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def template_files(root: Path) -> list[Path]:
    return sorted(root.glob("templates/**/*.html"))


def tokens_of(path: Path) -> list[Token]:
    return Lexer(path.read_text(encoding="utf-8")).tokenize()


def template_texts(path: Path) -> Iterator[Text]:
    """Texts of `translate`, of `blocktranslate` and of `_("...")` in the arguments of any tag or variable."""
    tokens = iter(tokens_of(path))
    for token in tokens:
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
            continue
        for found in ARGUMENT.finditer(token.contents):
            yield Text(found["text"], None, path, token.lineno or 0)
        if match := TRANSLATE.match(token.contents):
            yield Text(match["text"], match["context"], path, token.lineno or 0)
        elif token.contents.startswith("blocktrans"):
            yield from _block(token, tokens, path)


def _block(start: Token, tokens: Iterator[Token], path: Path) -> Iterator[Text]:
    """The one or two texts of a block, as Django itself hands them to gettext."""
    match = CONTEXT.search(start.contents)
    parts = [""]
    for token in tokens:
        if token.contents.startswith("endblocktrans"):
            break
        if token.token_type is TokenType.BLOCK and token.contents.startswith("plural"):
            parts.append("")
        elif token.token_type is TokenType.VAR:
            parts[-1] += f"%({token.contents})s"
        elif token.token_type is TokenType.TEXT:
            parts[-1] += token.contents.replace("%", "%%")
    for part in parts:
        text = re.sub(r"\s*\n\s*", " ", part).strip() if " trimmed" in start.contents else part
        yield Text(text, match["context"] if match else None, path, start.lineno or 0)


def all_texts(root: Path) -> list[Text]:
    found = [text for path in python_files(root) for text in python_texts(path)]
    return found + [text for path in template_files(root) for text in template_texts(path)]
