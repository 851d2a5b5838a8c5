"""Every way out of the product is in `doors.csv`, with where it is proven that it tells nobody what is not theirs.

`read`: `test_every_door.py` reads the page as everybody gets it. `sent`: it reads the answer to what is sent there. Both look
for the persons and the marked words of cases that do not concern the reader. A new URL, kind of notice, mail or file needs
a line; `nobody: …` says why there is nothing to tell.
"""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail

from cases.case.models import Person, ReturnCase
from leidraad.lib.audit import save_as
from partners.models import Member, Notice
from partners.notices import registered_kinds, sentence_of
from partners.tasks import send_notice_mail
from tests.access.everybody import Everybody
from tests.access.ids import ROOMS
from tests.cast import PRINCIPAL, Cast
from tests.test_access import OPEN, routes
from tests.test_access import table as access

TABLE = Path(__file__).with_name("doors.csv")
MAILS = {"send_mail", "EmailMessage", "EmailMultiAlternatives", "mail_admins", "mail_managers"}
FILES = {"FileResponse", "StreamingHttpResponse", "JsonResponse"}
# Figures and codes, by which nobody is known.
HARMLESS = (int, bool, type(None))


@dataclass(frozen=True)
class Line:
    door: str
    shows: str
    proof: str


def table() -> list[Line]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Line(line["door"], line["shows"], line["proof"]) for line in csv.DictReader(file)]


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((settings.BASE_DIR / room).rglob("*.py")):
            if "/migrations/" not in str(path):
                yield str(path.relative_to(settings.BASE_DIR)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> set[str]:
    found = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {ast.unparse(one).rpartition(".")[2] for one in found if isinstance(one, ast.Name | ast.Attribute)}


def doors() -> set[str]:
    """URLs, kinds of notices, and the modules that send mail or make a file."""
    kinds = {f"notice:{kind}" for kind in registered_kinds() if not kind.startswith("test_")}
    found = set(routes()) | kinds
    for path, tree in sources():
        if calls(tree) & MAILS:
            found.add(f"mail:{path}")
        headers = any(isinstance(one, ast.Constant) and one.value == "Content-Disposition" for one in ast.walk(tree))
        if headers or calls(tree) & FILES:
            found.add(f"file:{path}")
    return found


def test_every_door_is_in_the_table() -> None:
    known = [line.door for line in table()]

    assert sorted(doors() - set(known)) == [], "say in tests/access/doors.csv what these show and where that is proven"
    assert sorted(set(known) - doors()) == [], "tests/access/doors.csv names doors that are gone"
    assert len(known) == len(set(known))


def test_what_is_said_to_prove_a_door_is_there() -> None:
    read = {door.url for door in access() if door.method == "GET" and "200" in door.answers.values()}
    sent = {door.url for door in access() if door.method == "POST" and set(door.answers.values()) - {"405"}}
    held = {"read": read, "sent": sent}
    for line in table():
        for proof in line.proof.split("; "):
            if proof in held:
                assert line.door in held[proof], line
            elif proof in ("notices", "mails"):
                assert line.door.startswith(("notice:", "mail:")), line
            elif line.proof.startswith("nobody: "):
                assert len(line.proof) > len("nobody: "), line
            else:
                path, _colons, test = proof.partition("::")
                assert f"def {test}(" in Path(settings.BASE_DIR, path).read_text(encoding="utf-8"), line
    assert {line.door for line in table() if line.proof.startswith("nobody: ")} >= OPEN


@pytest.mark.django_db
def test_no_notice_holds_more_than_a_number_and_whom_it_is_for(cast: Cast) -> None:
    """The sentence is made when it is read, by the rights of then; what is kept names nobody."""
    Everybody(cast)
    told = list(Notice.objects.all())

    assert len({notice.kind for notice in told}) > 10
    for notice in told:
        assert all(isinstance(value, HARMLESS) for value in notice.params.values()), notice.kind
        assert re.fullmatch(r"\d*|Z-\d{4}-\d{6}", notice.url_arg), notice.kind
    for kind in registered_kinds():
        holes = set(re.findall(r"%\((\w+)\)", sentence_of(kind, {})))
        assert holes <= {"count"}, kind


@pytest.mark.django_db
def test_no_mail_names_a_person_or_a_case(cast: Cast) -> None:
    """Whatever is told: the mail says that something waits, and how many."""
    Everybody(cast)
    for member in Member.objects.filter(is_active=True):
        member.email = f"{member.username}@example.org"
        save_as(member, by=PRINCIPAL)
    for notice in Notice.objects.exclude(member=None):
        send_notice_mail(notice.pk)

    secret = {case.number for case in ReturnCase.objects.all()}
    for person in Person.objects.all():
        secret |= {person.surname.lower(), person.v_number}
    assert mail.outbox
    for one in mail.outbox:
        text = f"{one.subject}\n{one.body}\n{one.extra_headers}\n{one.alternatives if hasattr(one, 'alternatives') else ''}"
        assert not [word for word in secret if word in text.lower()], text
        assert len(one.to) == 1
