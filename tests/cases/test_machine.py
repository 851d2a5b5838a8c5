"""Sharing, handing over, ending, consenting and withdrawing in any order: what each member reaches is what the policy says.

The model below knows nothing of grants, keys or walls. It remembers what was done and reads the policy table line by line; the
doors of the product must agree with it after every step. `HYPOTHESIS_PROFILE=nightly` takes 10,000 steps instead of some dozens.
"""

import os
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.case import consents, emergency, openings, sharing
from cases.case.access import access_of
from cases.case.actions import change_lead, close_case, reopen_case
from cases.case.grants import end_involvement, start_involvement
from cases.case.listing import Filters, count_of
from cases.case.models import (
    CaseGrant,
    CaseSearch,
    Consent,
    InvolvementGround,
    NamedAccess,
    Part,
    ProtectedAddress,
    ReturnCase,
    SectionException,
    Signal,
)
from cases.case.models.choices import SIGNAL_SECTION, SignalKind
from cases.case.search import find, read_query
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotPossible
from leidraad.lib.who import acting
from partners.models import Member, Membership, Organisation, Unit
from partners.policy import ANY_ROLE, BY_NAME_ONLY, EMERGENCY, NO_CASE, SENSITIVE, Rule
from partners.policy_rules import file_rules
from partners.sharing import sharings
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import led_case, person

pytestmark = pytest.mark.django_db

# The same steps at each run, and no search for a shorter way to a fault: with everybody's tests it must neither differ nor wait.
settings.register_profile(
    "short", max_examples=3, stateful_step_count=14, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.register_profile("nightly", max_examples=200, stateful_step_count=50)
PROFILE = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

SURNAME = "Machinemens"
TEAMS = {"dtv-noord-2": "regievoerder", "dtv-zuid-1": "regievoerder2"}
STAYERS = (
    "manager",
    "casemanager",
    "casemanager2",
    "coa-manager",
    "ind",
    "politie",
    "politie-teamchef",
    "kmar",
    "dji",
    "dvo",
)
CONSENTED = ("iom", "nidos", "gemeente", "vwn", "dia", "ua")
USERNAMES = (*TEAMS.values(), *STAYERS, *CONSENTED)
SHARED = list(sharings())
# The table of the release, which is in force in a new database: read here by the machine itself, line by line.
FILE = file_rules()
SECTIONS = tuple(
    dict.fromkeys(
        one.section
        for one in FILE
        if one.verb == "view" and one.part not in (NO_CASE, EMERGENCY) and one.section != "case"
    )
)
# What a reporter told DT&V is the responsible unit's alone, whatever that unit arranges (decision 24).
NEVER = ("referrals",)
RULES: dict[tuple[str, str, str], list[Rule]] = defaultdict(list)
for _rule in FILE:
    if _rule.verb == "view":
        RULES[_rule.organisation, _rule.part, _rule.section].append(_rule)
AT_A_TIME = 4


@dataclass
class Known:
    """What was done so far, in the words of the policy and of nothing else."""

    parts: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    exceptions: dict[tuple[str, str], bool] = field(default_factory=dict)
    named: set[tuple[str, str]] = field(default_factory=set)
    consents: set[str] = field(default_factory=set)
    emergencies: set[str] = field(default_factory=set)
    away: dict[str, str] = field(default_factory=dict)
    closed: bool = False


@dataclass(frozen=True)
class Worker:
    username: str
    unit: str
    organisation: str
    role: str


class Oracle:
    """Reads the policy for one member, line by line."""

    def __init__(self, known: Known, worker: Worker) -> None:
        self.known, self.worker = known, worker
        self.parts = known.parts[worker.unit] if worker.username not in known.away else set()

    def _says(self, part: str, section: str, ground: str) -> bool:
        worker = self.worker
        return any(
            one.role in (worker.role, ANY_ROLE) and self._holds(one.condition, section, ground)
            for one in RULES[worker.organisation, part, section]
        )

    def _holds(self, condition: str, section: str, ground: str) -> bool:
        if condition == "named":
            return (self.worker.username, section) in self.known.named
        return (
            condition == "" or {"consented": "consent", "own_pupil": "law", "own_flight": "task"}[condition] == ground
        )

    @property
    def in_emergency(self) -> bool:
        known, name = self.known, self.worker.username
        return name in known.emergencies and name not in known.away and self._says("emergency", "case", "")

    @property
    def sees(self) -> bool:
        return bool(self.parts) or self.in_emergency

    def granted(self, section: str) -> bool:
        """A sensitive section is given to the unit for its part, whatever the role."""
        org = self.worker.organisation
        played = {part for part, _ground in self.parts}
        return any((one.organisation, one.section) == (org, section) and one.part in played for one in FILE)

    def views(self, section: str) -> bool:
        if self.in_emergency and self._says("emergency", section, ""):
            return True
        if not self.parts or (section in SENSITIVE and not self.granted(section)):
            return False
        by_role = any(self._says(part, "case", ground) for part, ground in self.parts)
        by_policy = any(self._says(part, section, ground) for part, ground in self.parts)
        if (self.worker.username, section) in self.known.named and section not in SENSITIVE and by_role:
            return True
        exception = self.known.exceptions.get((self.worker.unit, section))
        named_sensitive = (self.worker.username, section) in self.known.named and section in SENSITIVE
        if named_sensitive and by_policy:
            return True
        return by_policy if exception is None else exception and by_role

    def finds_by(self, section: str) -> bool:
        """In lists, and finding by name: by the unit's part. What is opened to a member opens on the pages of the case."""
        unit = Known(**{**vars(self.known), "named": set(), "emergencies": set()})
        return Oracle(unit, self.worker).views(section)


class Sharing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.turn = 0
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.cast, self.known = Cast(), Known()
        self.members: dict[str, Member] = {}
        self.workers = {name: self._worker(name) for name in USERNAMES}
        director = self._member("regievoerder")
        self.case = led_case(director, person(surname=SURNAME))
        self.known.parts[self.workers["regievoerder"].unit] = {(Part.LEAD, InvolvementGround.TASK)}
        today = clock.today()
        save_as(ProtectedAddress(case=self.case, street="Geheim 1", source="IND", since=today), by=PRINCIPAL)
        save_as(Signal(case=self.case, kind=SignalKind.MEDICAL, source="IND", noted_on=today), by=PRINCIPAL)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- who is who ---

    def _member(self, username: str) -> Member:
        """As if read anew for each question; read from the database again after the only step that changes who works where."""
        if username not in self.members:
            member: Member = getattr(self.cast, username.replace("-", "_"))
            _ = member.acting
            self.members[username] = member
        return copy(self.members[username])

    def _worker(self, username: str) -> Worker:
        acting_as = self._member(username).acting
        assert acting_as is not None
        return Worker(username, acting_as.unit.code, acting_as.unit.organisation.code, acting_as.role.code)

    @property
    def director(self) -> Member:
        lead = next(code for code, parts in self.known.parts.items() if any(part == Part.LEAD for part, _g in parts))
        return self._member(TEAMS[lead])

    def _unit(self, username: str) -> Unit:
        return Unit.objects.select_related("organisation").get(code=self.workers[username].unit)

    def _lose(self, code: str, *parts: tuple[str, str]) -> None:
        """The unit's parts end. With the last one end the sections opened to it and to its members, for good."""
        left = self.known.parts[code]
        if not left.intersection(parts):
            return
        left.difference_update(parts)
        if not left:
            members = {name for name, worker in self.workers.items() if worker.unit == code}
            self.known.named = {one for one in self.known.named if one[0] not in members}
            kept = {key: allowed for key, allowed in self.known.exceptions.items() if key[0] != code or not allowed}
            self.known.exceptions = kept

    def _refuses(self, expected: bool, act: Any) -> bool:
        """Runs the act in a transaction of its own and says whether it was done; it must be refused when expected."""
        try:
            with transaction.atomic():
                act()
        except NotPossible:
            assert expected, "refused what the policy allows"
            return False
        assert not expected, "did what the policy refuses"
        return True

    # --- what people do ---

    @precondition(lambda self: not self.known.closed)
    @rule(username=st.sampled_from(USERNAMES), wanted=st.sampled_from(SHARED))
    def share(self, username: str, wanted: Any) -> None:
        worker, parts = self.workers[username], self.known.parts
        has_part = wanted.part in {part for part, _ground in parts[worker.unit]}
        wrong = worker.organisation != wanted.organisation or has_part
        no_consent = wanted.needs_consent and worker.organisation not in self.known.consents
        done = self._refuses(
            wrong or no_consent,
            lambda: sharing.share_case(self.case, self._unit(username), wanted, by=self.director, reason="test"),
        )
        if done:
            parts[worker.unit].add((wanted.part, wanted.ground))

    @precondition(lambda self: not self.known.closed)
    @rule(username=st.sampled_from((*STAYERS, *CONSENTED)))
    def end(self, username: str) -> None:
        unit = self._unit(username)
        for one in self.case.involvements.running().filter(unit=unit).exclude(part__in=(Part.LEAD, Part.RECEPTION)):
            sharing.end_share(one, by=self.director, reason="test")
            self._lose(unit.code, (one.part, one.ground))

    @precondition(lambda self: not self.known.closed)
    @rule(username=st.sampled_from(("casemanager", "casemanager2")))
    def move_to_site(self, username: str) -> None:
        for one in self.case.involvements.running().filter(part=Part.RECEPTION).select_related("unit__organisation"):
            end_involvement(one, by=PRINCIPAL, reason="moved")
            self._lose(one.unit.code, (Part.RECEPTION, InvolvementGround.LOCATION))
        unit = self._unit(username)
        start_involvement(self.case, unit, Part.RECEPTION, InvolvementGround.LOCATION, by=PRINCIPAL, reason="moved")
        self.known.parts[unit.code].add((Part.RECEPTION, InvolvementGround.LOCATION))

    @precondition(lambda self: not self.known.closed)
    @rule(code=st.sampled_from(("iom", "vwn", "municipality", "police")))
    def consent(self, code: str) -> None:
        party = Organisation.objects.get(code=code)
        wrong = code == "police" or code in self.known.consents
        today = clock.today()
        done = self._refuses(
            wrong,
            lambda: consents.give_consent(
                self.case, party, given_on=today, how="on paper", original_at="file", by=self.director
            ),
        )
        if done:
            self.known.consents.add(code)

    @precondition(lambda self: not self.known.closed and self.known.consents)
    @rule(data=st.data())
    def withdraw(self, data: Any) -> None:
        code = data.draw(st.sampled_from(sorted(self.known.consents)))
        running = Consent.objects.running().get(case=self.case, party__code=code)
        consents.withdraw_consent(running, withdrawn_on=clock.today(), by=self.director, reason="test")
        self.known.consents.discard(code)
        for worker in self.workers.values():
            if worker.organisation == code:
                on_consent = [one for one in self.known.parts[worker.unit] if one[1] == InvolvementGround.CONSENT]
                self._lose(worker.unit, *on_consent)

    @precondition(lambda self: not self.known.closed)
    @rule(username=st.sampled_from((*STAYERS, *CONSENTED)), section=st.sampled_from(SECTIONS), allowed=st.booleans())
    def except_a_section(self, username: str, section: str, allowed: bool) -> None:
        unit = self._unit(username)
        parts = {part for part, _ground in self.known.parts[unit.code]}
        wrong = not parts or Part.LEAD in parts or (allowed and section in BY_NAME_ONLY) or section in NEVER
        done = self._refuses(
            wrong,
            lambda: openings.set_exception(
                self.case, unit, section, allowed=allowed, until=None, by=self.director, reason="test"
            ),
        )
        if done:
            self.known.exceptions[unit.code, section] = allowed

    @precondition(lambda self: not self.known.closed and self.known.exceptions)
    @rule(data=st.data())
    def lift(self, data: Any) -> None:
        code, section = data.draw(st.sampled_from(sorted(self.known.exceptions)))
        one = SectionException.objects.get(case=self.case, unit__code=code, section=section)
        openings.lift_exception(one, by=self.director, reason="test")
        del self.known.exceptions[code, section]

    @precondition(lambda self: not self.known.closed)
    @rule(username=st.sampled_from(USERNAMES), section=st.sampled_from((*SECTIONS, "protected_address")))
    def name(self, username: str, section: str) -> None:
        worker = self.workers[username]
        membership = Membership.objects.select_related("member", "unit__organisation", "role").get(
            member__username=username, unit__code=worker.unit
        )
        now = Oracle(self.known, worker)
        then = Oracle(Known(**{**vars(self.known), "named": self.known.named | {(username, section)}}), worker)
        if username in self.known.away:
            return
        done = self._refuses(
            now.views(section) or not then.views(section) or section in NEVER,
            lambda: openings.name_member(
                self.case, membership, section, until=clock.now() + timedelta(days=3), by=self.director, reason="test"
            ),
        )
        if done:
            self.known.named.add((username, section))

    @precondition(lambda self: not self.known.closed and self.known.named)
    @rule(data=st.data())
    def end_named(self, data: Any) -> None:
        username, section = data.draw(st.sampled_from(sorted(self.known.named)))
        running = NamedAccess.objects.running().get(
            case=self.case, member__username=username, section=section, kind="named"
        )
        openings.end_named(running, by=self.director, reason="test")
        self.known.named.discard((username, section))

    @rule(username=st.sampled_from(("manager", "politie-teamchef")))
    def emergency(self, username: str) -> None:
        if username in self.known.away or self.known.closed:
            return
        emergency.open_emergency(self.case.number, by=self._member(username), reason="test")
        self.known.emergencies.add(username)

    @precondition(lambda self: not self.known.closed)
    @rule(team=st.sampled_from(sorted(TEAMS)))
    def hand_over(self, team: str) -> None:
        for code in list(self.known.parts):
            self._lose(code, (Part.LEAD, InvolvementGround.TASK))
        unit = Unit.objects.select_related("organisation").get(code=team)
        director = self._member(TEAMS[team])
        self.case = change_lead(self.case, unit, director=director, by=PRINCIPAL, reason="test")
        self.known.parts[team].add((Part.LEAD, InvolvementGround.TASK))

    @rule()
    def close_or_reopen(self) -> None:
        if self.known.closed:
            self.case = reopen_case(self.case, by=self.director, reason="test")
            self.known.closed = False
            return
        self.case = close_case(self.case, "departed_independently", by=self.director, reason="test")
        self.known.closed = True
        for code, parts in list(self.known.parts.items()):
            self._lose(code, *[one for one in parts if one[0] != Part.LEAD])

    @rule(username=st.sampled_from((*STAYERS, *CONSENTED)), how=st.sampled_from(("account", "membership")))
    def leave_or_come_back(self, username: str, how: str) -> None:
        gone = username in self.known.away
        member = Member.objects.get(username=username)
        self.members.pop(username, None)
        if how == "account" or gone:
            member.is_active = gone
            save_as(member, by=PRINCIPAL, reason="test")
        if how == "membership" or gone:
            membership = Membership.objects.get(member=member)
            membership.valid_until = None if gone else date(2022, 1, 1)
            save_as(membership, by=PRINCIPAL, reason="test")
        if gone:
            del self.known.away[username]
        else:
            self.known.away[username] = how

    # --- what must hold after each step ---

    @invariant()
    def every_door_agrees_with_the_policy(self) -> None:
        """Rights and sight of everybody after every step; lists, search and the wall of some in turn, for they cost more."""
        workers = list(self.workers.values())
        self.turn = (self.turn + AT_A_TIME) % len(workers)
        in_turn = (workers + workers)[self.turn : self.turn + AT_A_TIME]
        for worker in workers:
            oracle, member = Oracle(self.known, worker), self._member(worker.username)
            access = access_of(member, self.case)
            said = {section for section in ("case", *SECTIONS) if access.can(f"{section}.view")}
            assert said == {section for section in ("case", *SECTIONS) if oracle.views(section)}, worker
            visible = ReturnCase.objects.visible_to(member).filter(pk=self.case.pk).exists()
            assert visible is oracle.sees, worker
            if worker in in_turn:
                self._lists_agree(member, oracle)
                self._wall_agrees(member, oracle)

    def _lists_agree(self, member: Member, oracle: Oracle) -> None:
        who, sees = oracle.worker.username, oracle.sees
        listed = bool(oracle.parts) and not self.known.closed
        assert CaseGrant.grants.listed_for(member).filter(content_object=self.case).exists() is listed, who
        assert bool(count_of(member, Filters()).value) is listed, who
        by_number = find(member, read_query(self.case.number))
        assert bool(by_number) is sees, who
        by_name = find(member, read_query(SURNAME))
        assert bool(by_name) is oracle.finds_by("identity"), who

    def _wall_agrees(self, member: Member, oracle: Oracle) -> None:
        """Raw questions behind the wall, which knows units and emergencies, not roles."""
        unit, who = bool(oracle.parts), oracle.worker.username
        on_duty = member if member.is_active and member.acting is not None else None
        keys = (on_duty.acting_unit_id, on_duty.acting_group_id, on_duty.pk) if on_duty else (None, None, None)
        with acting(*keys):
            assert ReturnCase.objects.exists() is (unit or (oracle.in_emergency and bool(on_duty))), who
            assert CaseSearch.objects.exists() is unit, who
            if not oracle.granted("protected_address"):
                assert not ProtectedAddress.objects.exists() or (who, "protected_address") in self.known.named, who
            if not oracle.granted(SIGNAL_SECTION[SignalKind.MEDICAL]) and not oracle.in_emergency:
                assert not Signal.objects.exists() or (who, "medical") in self.known.named, who

    @rule(username=st.sampled_from(USERNAMES))
    def look(self, username: str) -> None:
        """Through the browser's doors, a member at a time: pages tell the name to nobody who may not know it."""
        worker, member = self.workers[username], self._member(username)
        oracle, client = Oracle(self.known, worker), sign_in(Client(), member)
        detail = client.get(reverse("cases:detail", args=[self.case.number])).status_code
        if username in self.known.away:
            # Without an account one is not signed in; signed in and working for nobody, there are no cases.
            assert detail == (302 if self.known.away[username] == "account" else 404), username
            return
        assert detail == ((200 if oracle.views("case") else 403) if oracle.sees else 404), username
        history = client.get(reverse("cases:history", args=[self.case.number])).status_code
        assert history == ((200 if oracle.views("history") else 403) if oracle.sees else 404), username
        for address in ("pages:my-work", "pages:notices", "cases:list"):
            page = client.get(reverse(address)).content.decode()
            if not (oracle.sees and oracle.views("identity")):
                assert SURNAME.lower() not in page.lower(), (username, address)


# Ten thousand steps take longer than one test may take elsewhere.
@pytest.mark.timeout(0 if PROFILE is settings.get_profile("nightly") else 600)
def test_what_each_member_reaches_is_what_the_policy_says(cast: Cast) -> None:
    checked = settings(PROFILE, deadline=None, suppress_health_check=list(HealthCheck), database=None, print_blob=True)
    run_state_machine_as_test(Sharing, settings=checked)


@pytest.mark.parametrize("how", ["account", "membership"])
def test_who_left_finds_no_case_by_either_way_of_leaving(cast: Cast, how: str) -> None:
    """Found by the ten thousand steps: the model held leaving a unit for being signed out."""
    state = Sharing()
    state.hand_over(team="dtv-zuid-1")
    state.leave_or_come_back(how=how, username="nidos")
    state.emergency(username="manager")
    state.every_door_agrees_with_the_policy()
    state.look(username="nidos")
    state.leave_or_come_back(how=how, username="nidos")
    state.every_door_agrees_with_the_policy()
    state.look(username="nidos")
    state.teardown()


def test_what_a_reporter_told_is_opened_and_shut_for_nobody(cast: Cast) -> None:
    """Found by the ten thousand steps: the model took the section of referrals for one like the others."""
    state = Sharing()
    state.move_to_site(username="casemanager")
    for allowed in (True, False):
        state.except_a_section(allowed=allowed, section="referrals", username="casemanager")
    state.name(section="referrals", username="casemanager")
    assert not state.known.exceptions
    assert not state.known.named
    state.teardown()


def test_what_was_opened_ends_with_the_last_part_and_does_not_come_back_with_the_next(cast: Cast) -> None:
    """Found by the ten thousand steps: the model let a name and a widening live on in a later part."""
    state = Sharing()
    state.move_to_site(username="casemanager")
    state.name(section="consent", username="casemanager")
    state.except_a_section(username="casemanager", section="custody", allowed=True)
    state.except_a_section(username="casemanager", section="presence", allowed=False)
    state.every_door_agrees_with_the_policy()
    assert state.known.named
    state.move_to_site(username="casemanager")
    state.every_door_agrees_with_the_policy()
    assert not state.known.named
    assert state.known.exceptions == {("azc-veenmeer", "presence"): False}
    state.name(section="plan", username="casemanager")
    state.close_or_reopen()
    state.close_or_reopen()
    state.move_to_site(username="casemanager")
    state.every_door_agrees_with_the_policy()
    state.teardown()


def test_emergency_access_opens_the_pages_of_a_case_and_no_search_by_name(cast: Cast) -> None:
    """Found by the ten thousand steps: the model let somebody find by name what only emergency access opens."""
    state = Sharing()
    documents = next(one for one in SHARED if (one.organisation, one.part) == ("dtv", "document"))
    state.emergency(username="manager")
    state.hand_over(team="dtv-zuid-1")
    state.share(username="manager", wanted=documents)
    manager, oracle = state._member("manager"), Oracle(state.known, state.workers["manager"])
    assert oracle.parts
    assert oracle.views("identity")
    assert not oracle.finds_by("identity")
    state._lists_agree(manager, oracle)
    assert find(manager, read_query(state.case.number))
    assert not find(manager, read_query(SURNAME))
    state.teardown()
