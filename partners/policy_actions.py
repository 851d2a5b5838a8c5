"""Changing who may do what: a draft of the whole table, a proposal with a reason, and confirming it.

Every act locks the versions (`policy_file.lock`), so two of them never cross. What another room must do when a version comes
into force it says once (`follow_policy`): that runs in the transaction of the confirmation.
"""

from collections.abc import Callable, Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from leidraad.lib import clock
from leidraad.lib.audit import bulk_delete_as, delete_as, save_as
from leidraad.lib.errors import NotPossible
from leidraad.lib.stale import require_version
from partners import policy_now
from partners.actions import notify
from partners.models import Member, PolicyLine, PolicyState, PolicyVersion, Unit, valid_on
from partners.notices import register_notice
from partners.policy import Rule, Table, require_to
from partners.policy_checks import (
    CHANGE,
    CONFIRM,
    fault_of,
    members_by_role,
    problems,
    sensitivity,
    vocabulary,
    who_may,
)
from partners.policy_file import lock, lock_followers, next_number, write_lines
from partners.policy_models import OPEN
from partners.policy_rules import Line, difference, fingerprint, lines_of, merged

Follower = Callable[[Table, Table, PolicyVersion, Member], None]
_followers: list[Follower] = []

register_notice("policy_proposed", gettext_lazy("A change of who may do what waits for somebody who confirms it."))
register_notice("policy_in_force", gettext_lazy("A new version of who may do what is in force."))
register_notice("policy_withdrawn", gettext_lazy("A change of who may do what that you proposed was withdrawn."))


def follow_policy(follower: Follower) -> None:
    """Have this called with the old and the new table, the version and who confirmed it. Registering twice does nothing."""
    if follower not in _followers:
        _followers.append(follower)


def in_force() -> PolicyVersion:
    return PolicyVersion.objects.in_force().get()


def _locked(version: PolicyVersion, seen_version: int | None, *states: PolicyState) -> PolicyVersion:
    """Anew, under the lock. Raises Stale for an older page and NotPossible in another state."""
    lock()
    found = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if seen_version is not None:
        require_version(found, seen_version)
    if found.state not in states:
        raise NotPossible(_("This version is %(state)s.") % {"state": found.get_state_display()})
    return found


# --- a draft --------------------------------------------------------------------------------------------------------


@transaction.atomic
def start_draft(*, by: Member) -> PolicyVersion:
    """A copy of the version in force, to be changed. Raises NotAllowed."""
    require_to(by, CHANGE)
    lock()
    standing = in_force()
    made = PolicyVersion(number=next_number(), based_on=standing, made_by=by, made_at=clock.now())
    save_as(made, by=by, reason=gettext_noop("Draft begun"))
    write_lines(made, [line.as_line for line in standing.lines.all()], by=by, reason=gettext_noop("Draft begun"))
    return made


@transaction.atomic
def put_line(draft: PolicyVersion, line: Line, *, by: Member, seen_version: int, pk: int | None = None) -> PolicyLine:
    """Add a line at the end, or change the one with this key. Raises NotAllowed, Stale and NotPossible."""
    require_to(by, CHANGE)
    draft = _locked(draft, seen_version, PolicyState.DRAFT)
    fault = fault_of(line, vocabulary(in_force().rules))
    if fault:
        raise NotPossible(fault)
    lines = list(draft.lines.all())
    found = next((one for one in lines if one.pk == pk), None)
    if pk is not None and found is None:
        raise NotPossible(_("This line is not in the draft any more."))
    if any(one.as_line == line and one.pk != pk for one in lines):
        raise NotPossible(_("The same line stands in the draft already."))
    new = PolicyLine.of(draft, found.position if found else (lines[-1].position if lines else 0) + 1, line)
    new.pk = pk
    save_as(new, by=by, reason=gettext_noop("Line changed") if found else gettext_noop("Line added"))
    save_as(draft, by=by)
    return new


@transaction.atomic
def remove_line(draft: PolicyVersion, pk: int, *, by: Member, seen_version: int) -> None:
    """Take a line out of the draft: the right ends when the version comes into force. Raises as `put_line`."""
    require_to(by, CHANGE)
    draft = _locked(draft, seen_version, PolicyState.DRAFT)
    line = draft.lines.filter(pk=pk).first()
    if line is None:
        raise NotPossible(_("This line is not in the draft any more."))
    delete_as(line, by=by, reason=gettext_noop("Line removed"))
    save_as(draft, by=by)


@transaction.atomic
def bring_up_to_date(draft: PolicyVersion, *, by: Member, seen_version: int) -> PolicyVersion:
    """Put the changes of this draft on top of the version that is in force by now. Raises NotAllowed, Stale, NotPossible."""
    require_to(by, CHANGE)
    draft = _locked(draft, seen_version, PolicyState.DRAFT)
    standing, base = in_force(), draft.based_on
    if base is None or base.pk == standing.pk:
        raise NotPossible(_("This draft is up to date."))
    found = lines_of(merged(base.rules, draft.rules, standing.rules))
    bulk_delete_as(list(draft.lines.all()), by=by, reason=gettext_noop("Brought up to date"))
    write_lines(draft, found, by=by, reason=gettext_noop("Brought up to date"))
    draft.based_on = standing
    return save_as(draft, by=by, reason=gettext_noop("Brought up to date"))


# --- proposing and confirming -----------------------------------------------------------------------------------------


@transaction.atomic
def propose(draft: PolicyVersion, reason: str, *, by: Member, seen_version: int) -> PolicyVersion:
    """From here on the lines stay as they are. Raises NotAllowed, Stale, and NotPossible for what may not come into force."""
    require_to(by, CHANGE)
    draft = _locked(draft, seen_version, PolicyState.DRAFT)
    if not reason.strip():
        raise NotPossible(_("Write why the policy has to change."))
    before, after = _checked(draft)
    draft.sensitive = bool(sensitivity(before, after, by).why(difference(before, after).rules))
    others = who_may(Table(before), CONFIRM, clock.today(), members_by_role()) - {by.pk}
    if draft.sensitive and not others:
        raise NotPossible(_("This change needs a second person, and nobody else may confirm it. Ask for a second one."))
    draft.state, draft.reason, draft.fingerprint = PolicyState.PROPOSED, reason.strip()[:500], fingerprint(after)
    draft.proposed_by, draft.proposed_at = by, clock.now()
    save_as(draft, by=by, reason=draft.reason)
    if draft.sensitive:
        _tell(draft, "policy_proposed", others, by)
    return draft


def _checked(version: PolicyVersion) -> tuple[Collection[Rule], Collection[Rule]]:
    """The rules in force and those of the version, which may follow them. Raises NotPossible."""
    standing = in_force()
    if version.based_on_id != standing.pk:
        raise NotPossible(
            _("Version %(number)s came into force after this draft was begun. Bring the draft up to date first.")
            % {"number": standing.number}
        )
    before, after = standing.rules, version.rules
    wrong = problems(before, after)
    if wrong:
        raise NotPossible(wrong[0])
    return before, after


@transaction.atomic
def take_back(proposal: PolicyVersion, *, by: Member, seen_version: int) -> PolicyVersion:
    """A proposal becomes a draft again, to be changed. Raises NotAllowed, Stale and NotPossible."""
    require_to(by, CHANGE)
    proposal = _locked(proposal, seen_version, PolicyState.PROPOSED)
    proposal.state, proposal.fingerprint, proposal.sensitive = PolicyState.DRAFT, "", False
    proposal.proposed_by = proposal.proposed_at = None
    return save_as(proposal, by=by, reason=gettext_noop("Taken back to be changed"))


@transaction.atomic
def withdraw(version: PolicyVersion, reason: str, *, by: Member, seen_version: int) -> PolicyVersion:
    """A draft or proposal that does not come into force. Who may confirm may say no too. Raises as the others."""
    version = _locked(version, seen_version, *OPEN)
    require_to(by, CHANGE if version.state == PolicyState.DRAFT or version.proposed_by_id == by.pk else CONFIRM)
    if not reason.strip():
        raise NotPossible(_("Write why it does not come into force."))
    version.state, version.ended_at = PolicyState.WITHDRAWN, clock.now()
    save_as(version, by=by, reason=reason.strip()[:500])
    if version.proposed_by_id is not None and version.proposed_by_id != by.pk:
        _tell(version, "policy_withdrawn", frozenset({version.proposed_by_id}), by)
    return version


@transaction.atomic
def confirm(proposal: PolicyVersion, *, by: Member, seen_version: int) -> PolicyVersion:
    """Put it in force, for everybody from their next request. Waits for acts under way that write grants.

    Raises NotAllowed, Stale, and NotPossible for who proposed a sensitive change and for what was overtaken.
    """
    require_to(by, CONFIRM)
    proposal = _locked(proposal, seen_version, PolicyState.PROPOSED)
    lock_followers()
    policy_now.learn(None)  # the wait may have been for another confirmation
    require_to(by, CONFIRM)
    before, after = _checked(proposal)
    change = difference(before, after)
    if by.pk == proposal.proposed_by_id and (proposal.sensitive or sensitivity(before, after, by).why(change.rules)):
        raise NotPossible(_("You proposed this yourself. Another person has to confirm it."))
    standing = in_force()
    standing.state, standing.ended_at = PolicyState.REPLACED, clock.now()
    save_as(standing, by=by, reason=proposal.reason)
    proposal.state, proposal.confirmed_by, proposal.in_force_from = PolicyState.IN_FORCE, by, clock.now()
    save_as(proposal, by=by, reason=proposal.reason)
    policy_now.learn(proposal.fingerprint)
    for follower in _followers:
        follower(Table(before), Table(after), proposal, by)
    if proposal.proposed_by_id is not None and proposal.proposed_by_id != by.pk:
        _tell(proposal, "policy_in_force", frozenset({proposal.proposed_by_id}), by)
    return proposal


def _tell(version: PolicyVersion, kind: str, members: Collection[int], by: Member) -> None:
    """Each member once, in the first unit they work for."""
    found = Member.objects.filter(pk__in=members, is_active=True).order_by("pk")
    for member in found:
        unit = _unit_of(member)
        if unit is not None:
            notify(unit, kind, by=by, member=member, url_name="policy:version", url_arg=str(version.number))


def _unit_of(member: Member) -> Unit | None:
    running = Unit.objects.filter(valid_on(clock.today()), memberships__in=member.valid_memberships)
    return running.order_by("memberships__valid_from", "pk").first()


__all__: Sequence[str] = (
    "bring_up_to_date",
    "confirm",
    "follow_policy",
    "in_force",
    "propose",
    "put_line",
    "remove_line",
    "start_draft",
    "take_back",
    "withdraw",
)
