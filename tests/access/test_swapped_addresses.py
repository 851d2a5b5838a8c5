"""Addresses with two keys: a record of one case under the number of another is not there, also for who may open both."""

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest
from django.test import Client

from cases.case.access_questions import ask_access
from cases.case.models import ReturnCase
from tests.access.written import taken_back
from tests.cast import Cast, sign_in
from tests.factories import involve
from tests.test_access import KEYS_OF_CASE, address, routes
from tests.world import NOTHING, PARTS, Keys, World

pytestmark = pytest.mark.django_db

# What stands in the address beside the keys of records.
WORDS = {"what", "role", "table", "week"}
# No second record: the number of a row within the file, and a mark that any page of the same site may correct
# (that of another site: tests/reception).
WITHIN = {"handover:import-row", "register:correct"}
# Who between them may open all of these, the first that comes in tries.
TRIED = ("regievoerder", "ind", "politie", "casemanager", "ua", "beheer", "privacy", "manager", "intake")
# Says that the record is not in this case, and goes back to the list.
BACK = {"privacy:ask"}


class TwoCases:
    """Two cases of one team with a record of every kind in each, and everybody has the same part in both."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.first, self.second = self._keys(), self._keys()

    def _keys(self) -> Keys:
        keys = Own(self.cast, "casemanager").own
        case = ReturnCase.objects.get(number=keys.number)
        for name, (part, ground) in PARTS.items():
            if part != "reception":
                involve(case, getattr(self.cast, name.replace("-", "_")).acting_unit, part, ground)
        question = ask_access(case, "documents.view", "Brief zoeken", by=self.cast.coa_receptie)
        return replace(keys, access=question.pk)


class Own(World):
    """Only the own case."""

    def __post_init__(self) -> None:
        self.own = self._own()

    def _represented(self, case: ReturnCase) -> dict[str, int]:
        """Informed by the regievoerder, who may strike that out."""
        self.username, kept = "regievoerder", self.username
        try:
            return super()._represented(case)
        finally:
            self.username = kept

    def _saved(self, team: str) -> int:
        return NOTHING  # one of the same name for the whole team is enough, and none of these addresses has it


def mixtures(url: str, two: TwoCases) -> Iterator[Keys]:
    """Every way to take some keys of this address from the first case and the others from the second."""
    names = used(url)
    for chosen in product((two.first, two.second), repeat=len(names)):
        if chosen[0] is two.first and two.second in chosen:
            mixed: Any = {name: getattr(keys, name) for name, keys in zip(names, chosen, strict=True)}
            yield replace(two.first, **mixed)


def used(url: str) -> list[str]:
    """The fields of Keys that this address is made of, the case first."""
    base = Keys()
    found = []
    for one in fields(Keys):
        marked: Any = {one.name: "z" if isinstance(getattr(base, one.name), str) else 424242}
        if address(url, replace(base, **marked)) != address(url, base) and one.name not in WORDS:
            found.append(one.name)
    return found


URLS = sorted(
    url for url, one in routes().items() if len(set(one.pattern.converters) - WORDS) > 1 and url not in WITHIN
)


def test_every_second_key_of_a_case_is_tried_here() -> None:
    assert set(KEYS_OF_CASE) <= set(URLS)
    assert all(len(used(url)) > 1 for url in URLS)


def test_a_record_of_another_case_is_not_found_under_this_number(cast: Cast) -> None:
    two, clients = TwoCases(cast), {}
    for username in TRIED:
        clients[username] = sign_in(Client(), getattr(cast, username.replace("-", "_")))
    wrong, hollow = [], []
    for url in URLS:
        name = next((one for one in TRIED if opens(clients[one], address(url, two.second))), "")
        if not name:
            hollow.append(url)
            continue
        for keys in mixtures(url, two):
            path = address(url, keys)
            for method in ("get", "post"):
                with taken_back() as written:
                    status = getattr(clients[name], method)(path, {}).status_code
                if status not in (404, 405, *((302,) if url in BACK else ())) or written:
                    wrong.append(f"{name} {method} {path}: {status} {written}")

    assert not wrong, "\n".join(wrong)
    assert not hollow, f"nobody opens these in the second case itself, so that refusing proves nothing: {hollow}"


def opens(client: Client, path: str) -> bool:
    """Whether the member comes in where the keys belong together, to see or to do something."""
    for method in ("get", "post"):
        with taken_back():
            if getattr(client, method)(path, {}).status_code in (200, 302, 409, 422):
                return True
    return False
