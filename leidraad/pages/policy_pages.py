"""S28, who may do what: its versions, the table, a draft that is changed, what it does, and the second person who confirms."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.case.policy_effect import effect_of
from cases.case.policy_grants import latest_run, work_on
from cases.case.tasks import go_on_granting
from leidraad.lib import clock
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.events import shows_nobody
from leidraad.lib.stale import version_sent
from leidraad.pages import policy_words
from leidraad.pages.policy_forms import FilterForm, LineForm, ReasonForm, proposing, withdrawing
from partners import policy_actions as acts
from partners.http import UserRequest, signed_in
from partners.models import Member, PolicyLine, PolicyState, PolicyVersion
from partners.policy import ANY_ROLE, EMERGENCY, may_do, require_to
from partners.policy_checks import CHANGE, CONFIRM, VIEW, members_by_role, problems, sensitivity, vocabulary
from partners.policy_models import OPEN
from partners.policy_rules import Rule, difference

SALT = "leidraad.policy.preview"
# A confirmation makes the grants of a small installation equal before its page is shown.
IN_THE_PAGE = 2.0


@dataclass(frozen=True)
class EffectLine:
    """One role: how many work in it, and in how many open cases it gets or loses something."""

    organisation: str
    role: str
    members: int
    gains: int
    loses: int


def _versions() -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.select_related("made_by", "proposed_by", "confirmed_by", "based_on")


def _found(number: int) -> PolicyVersion:
    return get_object_or_404(_versions(), number=number)


@require_GET
@signed_in
@shows_nobody
def version_list(request: UserRequest) -> HttpResponse:
    require_to(request.member, VIEW)
    found = list(_versions().annotate(size=Count("lines")))
    context = {
        "open": [one for one in found if one.state in OPEN],
        "standing": next((one for one in found if one.state == PolicyState.IN_FORCE), None),
        "past": [one for one in found if one.state in (PolicyState.REPLACED, PolicyState.WITHDRAWN)],
        "run": latest_run(),
        "may_change": may_do(request.member, CHANGE),
    }
    return render(request, "pages/policy/list.html", context)


@require_POST
@signed_in
def new(request: UserRequest) -> HttpResponse:
    made = acts.start_draft(by=request.member)
    messages.success(request, _("The draft is a copy of what holds now. Change its lines; nothing holds yet."))
    return redirect("policy:version", made.number)


@require_GET
@signed_in
@shows_nobody
def version(request: UserRequest, version: int) -> HttpResponse:
    """The whole table, narrowed by organisation, role and section."""
    require_to(request.member, VIEW)
    found = _found(version)
    words, lines = policy_words.names(), list(found.lines.all())
    form = FilterForm(request.GET, lines, words)
    shown = [line for line in lines if form.keeps(line)]
    context = {
        "version": found,
        "groups": policy_words.groups_of(shown, words),
        "shown": len(shown),
        "all": len(lines),
        "filter_form": form,
        "chosen": list(form.chosen),
        "is_draft": found.state == PolicyState.DRAFT,
        "is_open": found.state in OPEN,
        "may_change": may_do(request.member, CHANGE),
        "run": latest_run() if found.state == PolicyState.IN_FORCE else None,
        "print_title": _print_title(found),
    }
    return render(request, "pages/policy/version.html", context)


def _print_title(found: PolicyVersion) -> str:
    return _("Who may do what, version %(number)s (%(state)s)") % {
        "number": found.number,
        "state": found.get_state_display(),
    }


# --- a line -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
@shows_nobody
def add_line(request: UserRequest, version: int) -> HttpResponse:
    require_to(request.member, CHANGE)
    return _line_page(request, _draft(version), None)


@require_http_methods(["GET", "POST"])
@signed_in
@shows_nobody
def line(request: UserRequest, version: int, line: int) -> HttpResponse:
    """Change a line of a draft, or take it out."""
    require_to(request.member, CHANGE)
    draft = _draft(version)
    return _line_page(request, draft, get_object_or_404(draft.lines.all(), pk=line))


def _draft(number: int) -> PolicyVersion:
    """Lines of what is no draft have no page: there is nothing to change."""
    return get_object_or_404(_versions().filter(state=PolicyState.DRAFT), number=number)


def _line_page(request: UserRequest, draft: PolicyVersion, found: PolicyLine | None) -> HttpResponse:
    if request.POST.get("act") == "remove" and found is not None:
        return _removed(request, draft, found)
    names = policy_words.names()
    data = request.POST if request.method == "POST" else None
    form = LineForm(data, draft=draft, words=vocabulary(acts.in_force().rules), names=names, line=found)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        seen, pk = form.cleaned_data["seen_version"], found.pk if found else None
        try:
            acts.put_line(draft, form.line, by=request.member, seen_version=seen, pk=pk)
        except Stale as stale:
            form.drawn_anew(stale.current)
            form.add_error(None, str(stale))
            status = 409
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The line is in the draft. Nothing holds yet."))
            return redirect("policy:version", draft.number)
    row = policy_words.row_of(found.as_line, names) if found else None
    context = {"form": form, "version": draft, "line": found, "row": row}
    return render(request, "pages/policy/line.html", context, status=status)


def _removed(request: UserRequest, draft: PolicyVersion, found: PolicyLine) -> HttpResponse:
    try:
        acts.remove_line(draft, found.pk, by=request.member, seen_version=version_sent(request.POST))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("policy:line", draft.number, found.pk)
    messages.success(request, _("The line is taken out of the draft. Nothing has ended yet."))
    return redirect("policy:version", draft.number)


# --- what it does, and the acts on it ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@signed_in
@shows_nobody
def preview(request: UserRequest, version: int) -> HttpResponse:
    """What the version changes, in words and in counts; from here it is proposed, confirmed, taken back or withdrawn."""
    require_to(request.member, VIEW)
    found = _found(version)
    act = request.POST.get("act", "")
    sent = request.POST if request.method == "POST" else None
    forms = {
        "propose": proposing(sent if act == "propose" else None, found),
        "withdraw": withdrawing(sent if act == "withdraw" else None, found),
    }
    status = 200
    if request.method == "POST":
        try:
            done = _act(request, found, act, forms)
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            status = 409 if isinstance(refusal, Stale) else 422
            found = _found(version)
        else:
            if done:
                messages.success(request, done)
                return redirect("policy:preview", version)
            status = 422
    context = _preview(found, request.member) | {f"{name}_form": form for name, form in forms.items()}
    context["forms"] = [form for form in forms.values() if form.is_bound]
    return render(request, "pages/policy/preview.html", context, status=status)


def _act(request: UserRequest, found: PolicyVersion, act: str, forms: dict[str, ReasonForm]) -> str:
    """Does it and says so; "" for a form that is not right yet. Raises what the act raises."""
    member, seen = request.member, version_sent(request.POST)
    if act in forms:
        return _with_a_reason(found, act, forms[act], member) if forms[act].is_valid() else ""
    if act == "update":
        acts.bring_up_to_date(found, by=member, seen_version=seen)
        return _("The changes of this draft now stand on top of what holds.")
    if act == "back":
        acts.take_back(found, by=member, seen_version=seen)
        return _("This is a draft again. Change its lines and propose it anew.")
    if act == "confirm":
        require_to(member, CONFIRM)
        _require_previewed(request, found)
        acts.confirm(found, by=member, seen_version=seen)
        _follow()
        return _("This version is in force. It holds for everybody from their next page on.")
    return ""


def _with_a_reason(found: PolicyVersion, act: str, form: ReasonForm, member: Member) -> str:
    reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen_version"]
    if act == "propose":
        made = acts.propose(found, reason, by=member, seen_version=seen)
        if made.sensitive:
            return _("Proposed. Another person has to confirm it; who may do that was told.")
        return _("Proposed. Read what it does, and confirm it.")
    acts.withdraw(found, reason, by=member, seen_version=seen)
    return _("Withdrawn. Nothing changed.")


def _require_previewed(request: UserRequest, found: PolicyVersion) -> None:
    """Who confirms has had this page before them, with what this very version does. Raises NotPossible."""
    try:
        shown = signing.loads(request.POST.get("shown", ""), salt=SALT)
    except signing.BadSignature:
        shown = None
    if shown != [found.pk, found.fingerprint, request.member.pk]:
        raise NotPossible(_("Read first what this version does. Then confirm it."))


def _follow() -> None:
    run = latest_run()
    if run is not None and run.finished_at is None and not work_on(run.pk, seconds=IN_THE_PAGE):
        go_on_granting.delay(run.pk)


def _preview(found: PolicyVersion, member: Member) -> dict[str, Any]:
    base, is_open = found.based_on, found.state in OPEN
    before, after = base.rules if base is not None else (), found.rules
    standing = acts.in_force()
    overtaken = is_open and found.based_on_id != standing.pk
    change = difference(before, after) if base is not None else difference((), ())
    judge = sensitivity(before, after, found.proposed_by or member)
    words = policy_words.names()
    is_proposed = found.state == PolicyState.PROPOSED
    why = {rule: judge.of(rule) for rule in change.rules}
    second = found.sensitive or any(why.values())
    is_own = found.proposed_by_id == member.pk
    context: dict[str, Any] = {
        "version": found,
        "standing": standing,
        "told": policy_words.told(change, words, why),
        "why": [policy_words.WHY[one] for one in judge.why(change.rules)],
        "second": second,
        "is_open": is_open,
        "is_draft": found.state == PolicyState.DRAFT,
        "is_proposed": is_proposed,
        "is_own": is_own,
        "overtaken": overtaken,
        "may_change": may_do(member, CHANGE),
        "may_confirm": may_do(member, CONFIRM),
        "confirms": is_proposed and not overtaken and may_do(member, CONFIRM) and not (second and is_own),
        "print_title": _print_title(found),
    }
    if is_open and not overtaken:
        context["wrong"] = problems(before, after)
        context |= _effect(before, after, words)
    if context["confirms"]:
        context["shown"] = signing.dumps([found.pk, found.fingerprint, member.pk], salt=SALT)
    return context


def _effect(before: Collection[Rule], after: Collection[Rule], words: policy_words.Names) -> dict[str, Any]:
    """Counts only: an administrator learns how many cases, never which."""
    change = difference(before, after)
    effect = effect_of(change, before, after, words.roles)
    counted = {(one.organisation, one.role): one for one in effect.roles}
    members = members_by_role()
    touched = {
        one
        for rule in change.rules
        for one in words.roles
        if rule.organisation == one[0] and rule.role in (one[1], ANY_ROLE)
    }
    lines = [
        EffectLine(
            organisation=words.organisation(org),
            role=words.role(org, role),
            members=len(members.get((org, role), ())),
            gains=counted[org, role].gains if (org, role) in counted else 0,
            loses=counted[org, role].loses if (org, role) in counted else 0,
        )
        for org, role in sorted(touched)
    ]
    today = clock.today()
    return {
        "cases": effect.cases,
        "effects": lines,
        "emergency": any(rule.part == EMERGENCY for rule in change.rules),
        "later": any(rule.valid_from > today for rule in change.added),
    }
