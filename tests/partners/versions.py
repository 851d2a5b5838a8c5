"""Versions of the policy in a named state, made by the acts that administrators use."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from partners import policy_actions as acts
from partners.models import PolicyVersion
from partners.policy_rules import Line
from tests.cast import Cast

SINCE = date(2021, 10, 11)


def line(who: str = "police supervision_officer supervision", rights: str = "plan view", **values: Any) -> Line:
    """`who`: organisation, role and part. `rights`: sections with commas between them, then verbs likewise."""
    organisation, role, part = who.split()
    sections, verbs = (tuple(words.split(",")) for words in rights.split())
    return replace(Line(organisation, role, part, sections, verbs, "", "task", SINCE, None), **values)


def of(*rights: tuple[str, str]) -> list[Line]:
    return [line(*one) for one in rights]


def draft(cast: Cast, add: Iterable[Line] = (), without: Iterable[str] = ()) -> PolicyVersion:
    """`without`: "organisation role part section"; the lines that hold it lose that section."""
    made = acts.start_draft(by=cast.beheer)
    for one in add:
        acts.put_line(made, one, by=cast.beheer, seen_version=stored(made).version)
    for words in without:
        _without(made, words.split(), cast)
    return stored(made)


def _without(made: PolicyVersion, words: list[str], cast: Cast) -> None:
    organisation, role, part, section = words
    for found in made.lines.filter(organisation=organisation, role=role, part=part):
        if section not in found.sections.split():
            continue
        left = tuple(one for one in found.sections.split() if one != section)
        seen = stored(made).version
        if left:
            changed = replace(found.as_line, sections=left)
            acts.put_line(made, changed, pk=found.pk, by=cast.beheer, seen_version=seen)
        else:
            acts.remove_line(made, found.pk, by=cast.beheer, seen_version=seen)


def proposed(cast: Cast, add: Iterable[Line] = (), without: Iterable[str] = ()) -> PolicyVersion:
    made = draft(cast, add, without)
    return acts.propose(made, "Nieuwe werkafspraak", by=cast.beheer, seen_version=made.version)


def put_in_force(cast: Cast, add: Iterable[Line] = (), without: Iterable[str] = ()) -> PolicyVersion:
    made = proposed(cast, add, without)
    return acts.confirm(made, by=cast.privacy, seen_version=made.version)


def stored(version: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.get(pk=version.pk)
