"""Which names in addresses and forms carry the key of something, by `ids.csv`, and where in the code names come in."""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.conf import settings

from partners.sign_in import forms as sign_in_forms
from tests.test_access import routes

TABLE = Path(__file__).with_name("ids.csv")
ROOMS = ("leidraad", "partners", "cases", "handover")
# What is no page: programs that are started by hand, and files that are read in.
NO_PAGES = re.compile(r"/(migrations|management|demo|bench|start|intake|importing)/")
SENT = re.compile(r"(GET|POST|COOKIES|sent|asked|data|query|_typed)$")
READING = ("get", "getlist")


@dataclass(frozen=True)
class Line:
    """What a name holds: the kind of thing whose key it is, "" for words; and where a key of another is tried in it."""

    holds: str
    swapped: str


def table() -> dict[str, Line]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {line["name"]: Line(line["holds"], line["swapped"]) for line in csv.DictReader(file)}


def plain(name: str) -> str:
    """The name with the keys in it left out: m-14-1 is m-*-*."""
    return re.sub(r"\d+", "*", name)


def names_in_code() -> set[str]:
    """Keys of addresses, fields of forms, and names that code reads from a request."""
    assert sign_in_forms  # the library asks for them late; a subclass that is not imported yet is not seen
    keys = {name for pattern in routes().values() for name in pattern.pattern.converters}
    fields = {name for form in _forms(forms.BaseForm) for name in getattr(form, "base_fields", {})}
    return keys | fields | set(_read_from_requests())


def _forms(base: type) -> Iterator[type]:
    one: type
    for one in base.__subclasses__():
        if one.__module__.split(".")[0] in ROOMS:
            yield one
        yield from _forms(one)


def _read_from_requests() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if not NO_PAGES.search(str(path)):
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    yield from _read_by(node)


def _read_by(node: ast.AST) -> Iterator[str]:
    """sent.get("x"), sent["x"], "x" in sent, _number(request, "x"): x."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READING:
        source, word = node.func.value, node.args[0] if node.args else None
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_number" and len(node.args) == 2:
        source, word = ast.parse("request.POST", mode="eval").body, node.args[1]
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        source, word = node.value, node.slice
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        source, word = node.comparators[0], node.left
    else:
        return
    if isinstance(word, ast.Constant) and isinstance(word.value, str) and SENT.search(ast.unparse(source)):
        yield word.value
