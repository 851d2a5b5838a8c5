"""What is not drawn is refused, and nothing of a case comes back to whom it does not concern, whatever is opened or sent.

A new page is here by itself as soon as `tests/access.csv` knows its URL. When it is about something that waits (a new step of
the work), make that in `Everybody.steps`; when a field needs a value that nobody would guess, put it in FILLED.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse

from cases.case.access import Access, accesses_of
from cases.case.models import Mark, ReturnCase
from cases.requests.models import Request
from handover.models import Handover
from tests.access.drawn import Field, Form
from tests.access.everybody import APART, FRAME, MARKS, SENT_ELSEWHERE, Everybody, Everything, Target, named
from tests.access.ids import plain
from tests.access.ids import table as ids
from tests.access.swaps import FOREIGN, differences
from tests.access.written import taken_back
from tests.factories import unit
from tests.test_access import USERNAMES, table

# One process, so that the pages are read once.
# A minute and a half together on a quiet machine; the first test waits for all pages.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("every_page"), pytest.mark.timeout(1800)]

# 302: back to the page that says why not. That nothing was written is asked of each.
REFUSED = {302, 403, 404, 409, 422}
# Acts on what is one's own, whoever one is: with nothing of one's own they do nothing.
OWN = {"pages:notices-read"}
# Values that a person would know and a test has to be told, by URL and field.
FILLED: dict[tuple[str, str], str | Callable[[Everybody], Any]] = {
    ("register:correct", "mark"): Mark.MISSED,
    ("pages:emergency", "number"): lambda world: world.states["other_unit"].number,
    ("pages:reassign", "number_102"): "",
    ("cases:access-share", "unit"): lambda world: unit("dtv-zuid-1").pk,
    ("cases:named-give", "section"): "talks",
    # An officer takes a task; only the chief gives it to somebody else.
    ("supervision:assign", "assignee"): lambda world: world.cast.politie_teamchef.pk,
}
# What no form in these states can send, and where it is tried instead.
ELSEWHERE = {
    "handover:import": "a file is sent in tests/handover/test_import_screen.py",
    "handover:withdraw": "only what nobody opened; the desk has opened it here: tests/handover/test_withdraw_handover.py",
    "handover:import-resume": "only a file that stands still: tests/handover/test_import_resume.py",
    "pages:reassign-back": "only after a division: tests/pages/test_dividing.py",
    "partners:discard-unsaved": "only a form that was parked: tests/partners/test_parked_forms.py",
    "cases:law-decision-new": "what hangs together is filled in by tests/pages/test_law_pages.py",
    "cases:law-notify": "what was made known changes with a reason only: tests/pages/test_law_pages.py",
    "cases:law-replace": "what hangs together is filled in by tests/pages/test_law_pages.py",
    "cases:law-confirm": "only what a dossier states: tests/pages/test_law_pages.py",
    "cases:identity-undo": "only what was decided lately: tests/identity/test_deciding.py",
    "partners:end-session": "only another session of one's own: tests/partners/test_sessions.py",
}
# Their page is the own page of whoever may do it another way, and what was sent is not what it asks.
OWN_PAGE = {"requests:new"}
# What leaves as a file or on paper changes nothing here, and its page comes back as 200.
TAKEN_OUT = {"cases:print", "pages:export", "register:print", "looks:export", "cases:protected-address"}
# Questions that stand in links and in no form.
LINKED = [("politie", reverse("supervision:today"), "open")]
# Shown again with the choices of the next page, nothing written yet.
IN_STEPS = {"pages:reassign"}


def data_of(everything: Everything, target: Target, form: Form) -> dict[str, Any]:
    """The form filled in, and confirmed at once where it asks that."""
    sent: dict[str, Any] = form.filled(target.button, target.value)
    for (url, field), value in FILLED.items():
        if url == named(target.path) and field in sent:
            sent[field] = value(everything.world) if callable(value) else value
    return sent | {"confirm": "yes"}


def test_what_is_sent_elsewhere_names_a_test_that_is_there() -> None:
    for reason in (*SENT_ELSEWHERE.values(), *ELSEWHERE.values()):
        named_test = reason.rsplit(" ", 1)[-1]
        assert Path(named_test).is_file(), reason


# --- what is not drawn ------------------------------------------------------------------------------------------------


def test_each_url_that_takes_something_is_drawn_for_somebody(every_page: Everything) -> None:
    """Else nobody would notice that the tests below try nothing."""
    takes = {door.url for door in table() if door.method == "POST" and "422" in door.answers.values()}
    drawn = {named(target.path) for target in every_page.forms()}

    elsewhere = ("mfa_", "account_", "partners:", *ELSEWHERE, *APART)
    missing = {url for url in takes if not url.startswith(elsewhere)} - drawn - FRAME
    assert not missing, f"make these wait in Everybody.steps, or say in ELSEWHERE where they are tried: {missing}"


def test_what_is_drawn_does_what_it_says_and_what_is_not_drawn_is_refused(every_page: Everything) -> None:
    works, tried, wrong, shown = set[str](), set[str](), list[str](), Shown(every_page)
    for target, drawn in every_page.forms().items():
        url = named(target.path)
        username, form = next(iter(drawn.items()))
        data = data_of(every_page, target, form)
        tried.add(url)
        with taken_back() as written:
            response = every_page.clients[username].post(target.path, data)
        shown.look(username, f"POST {target}", response)
        if written or (response.status_code == 200 and url in TAKEN_OUT | IN_STEPS):
            works.add(url)
        for other in USERNAMES:
            if other in drawn or url in OWN:
                continue
            with taken_back() as written:
                response = every_page.clients[other].post(target.path, data)
            shown.look(other, f"POST {target}", response)
            refused = response.status_code in REFUSED or (url in OWN_PAGE and response.status_code == 200)
            if written or not refused or "/aanmelden/" in response.get("Location", ""):
                wrong.append(f"{other} sent {target}: {response.status_code}, wrote {sorted(set(written))}")

    assert not wrong, "\n".join(wrong)
    hollow = {url for url in tried - works if not url.startswith(tuple(ELSEWHERE))}
    assert not hollow, f"sent as filled in, these do nothing, so that refusing proves nothing: FILLED, {hollow}"
    assert not shown.wrong, "\n".join(shown.wrong)


# --- what comes back --------------------------------------------------------------------------------------------------


class Shown:
    """Finds in what came back the persons and the marked words that this member must not read."""

    def __init__(self, everything: Everything) -> None:
        self.everything = everything
        self.wrong: list[str] = []
        self.seen: set[str] = set()
        cases = ReturnCase.objects.select_related("person")
        self.surnames = {case.person.surname.lower(): case for case in cases}
        self.numbers = {case.person.v_number: case for case in cases}
        self.marked = ReturnCase.objects.get(number=everything.world.marked.number)
        self.secret = everything.world.hidden
        self._access: dict[str, dict[int, Access]] = {}
        self._parties: dict[str, set[int]] = {}

    def access(self, username: str, case: ReturnCase) -> Access:
        if username not in self._access:
            self._access[username] = accesses_of(self.member(username), self.surnames.values())
        return self._access[username][case.pk]

    def member(self, username: str) -> Any:
        return getattr(self.everything.world.cast, username.replace("-", "_"))

    def is_party(self, username: str, case: ReturnCase) -> bool:
        """Whether the member's unit asked or was asked something about the case: that keeps the name it came with."""
        if username not in self._parties:
            key = self.member(username).acting_unit_id
            either = Q(from_unit=key) | Q(to_unit=key)
            found = {one.case_id for one in Handover.objects.filter(either)}
            self._parties[username] = found | {one.case_id for one in Request.objects.filter(either)}
        return case.pk in self._parties[username]

    def look(self, username: str, where: str, response: Any) -> None:
        headers = " ".join(f"{name}: {value}" for name, value in response.items())
        body = "" if response.streaming else response.content.decode(errors="replace")
        self.read(username, where, f"{headers}\n{body}")

    def read(self, username: str, where: str, text: str) -> None:
        for case in self.named_in(text):
            if not (self.access(username, case).can("identity.view") or self.is_party(username, case)):
                self.wrong.append(f"{username} reads in {where} who {case.number} is about")
        for mark, section in MARKS.items():
            if mark.lower() in text.lower():
                case = self.secret if section == "protected_address" else self.marked
                self.seen.add(mark)
                if not (self.access(username, case).can(f"{section}.view") or self.may_keep(username, section, case)):
                    self.wrong.append(f"{username} reads in {where} {mark}, of section {section}")

    def may_keep(self, username: str, section: str, case: ReturnCase) -> bool:
        """What one asked, or was told as the answer, one keeps."""
        return section in ("requests", "supervision", "removability") and self.is_party(username, case)

    def named_in(self, text: str) -> Iterable[ReturnCase]:
        found = {self.surnames.get(name.lower()) for name in re.findall(r"\bTestnaam\d+\b", text, re.I)}
        found |= {self.numbers.get(number) for number in re.findall(r"\b999\d{7}\b", text.replace(".", ""))}
        return [case for case in found if case is not None]


def test_no_page_tells_of_a_case_to_whom_it_does_not_concern(every_page: Everything) -> None:
    shown = Shown(every_page)
    for page in every_page.pages:
        shown.read(page.username, page.path, page.html)

    assert not shown.wrong, "\n".join(shown.wrong)
    assert shown.seen == set(MARKS) - {"Merkgeheim"}, "a word that nobody reads proves nothing"


# --- keys of others ---------------------------------------------------------------------------------------------------


def test_every_name_that_a_form_sends_is_in_the_table_of_keys(every_page: Everything) -> None:
    drawn = {plain(name) for page in every_page.pages for form in page.forms for name in form.fields}
    known = ids()
    shapes = {name for name in known if name.endswith("_*")}

    def is_known(name: str) -> bool:
        """By itself, as one box of a moment, or by its shape: item_language is item_*."""
        parts = name.removesuffix("_date").removesuffix("_time")
        return parts in known or any(name.startswith(shape[:-1]) for shape in shapes)

    new = {name for name in drawn if not is_known(name)}
    assert not new, f"say in tests/access/ids.csv what these hold: {sorted(new)}"


def test_a_key_of_another_in_a_form_does_what_a_key_of_nothing_does(every_page: Everything) -> None:
    """Refused alike, written nothing; of each form the fields one by one, as who sees it sends it."""
    wrong, tried = [], set[str]()
    for target, drawn in every_page.forms().items():
        username, form = next(iter(drawn.items()))
        data = data_of(every_page, target, form)
        for field in form.fields.values():
            if plain(field.name) not in FOREIGN:
                continue
            tried.add(plain(field.name))
            client = every_page.clients[username]
            key, foreign, nothing = differences(client, "post", target.path, data, field, every_page.world)
            if foreign != nothing or foreign.written:
                wrong.append(f"{username}, {target}, {field.name}={key}: {foreign} is not {nothing}")

    asked = {name for name, line in ids().items() if "forms" in line.swapped.split("; ")}
    assert not wrong, "\n".join(wrong)
    assert tried >= asked, f"no form that was drawn holds these: {asked - tried}"


def test_a_key_of_another_in_the_address_of_a_list_finds_what_a_key_of_nothing_finds(every_page: Everything) -> None:
    asked = {name for name, line in ids().items() if "queries" in line.swapped.split("; ")}
    found = {
        (page.username, form.action, field.name): field
        for page in every_page.pages
        for form in page.forms
        for field in form.fields.values()
        if form.method == "get" and field.name in asked
    }
    found |= {(username, path, name): Field(name, "hidden") for username, path, name in LINKED}
    wrong = []
    for (username, path, name), field in found.items():
        key, foreign, nothing = differences(every_page.clients[username], "get", path, {}, field, every_page.world)
        if foreign != nothing:
            wrong.append(f"{username}, {path}?{name}={key}: {foreign} is not {nothing}")

    assert not wrong, "\n".join(wrong)
    assert {name for _who, _path, name in found} == asked
