"""S9 and S10: what was offered, one handover with its course, and the acts on it."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from cases.case.history import FieldChange, history_of
from handover import act_pages, presentation
from handover.act_pages import ActPage
from handover.actions import mark_opened
from handover.buttons import buttons_of
from handover.listing import inbox_of
from handover.models import Handover
from handover.states import Status
from leidraad.lib import events
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in
from partners.models import Member
from partners.policy import may_do, require_to


def visible(member: Member, pk: int) -> Handover:
    """The handover, or 404 for whoever is not of its two sides."""
    related = ("team__organisation", "director", "answered_by", "opened_by", "return_reason", "dossier")
    found = (
        Handover.objects.visible_to(member).for_pages().select_related(*related, "case__residence_unit__organisation")
    )
    return get_object_or_404(found, pk=pk)


@signed_in
@require_GET
def inbox(request: UserRequest) -> HttpResponse:
    require_to(request.member, "handovers.list")
    inbox = inbox_of(request.member, request.GET)
    shown = sum(len(group.rows) for group in inbox.groups)
    events.record_list(request, shown, filters=("tab", *inbox.form.fields))
    return render(request, "handover/inbox.html", {"inbox": inbox})


@signed_in
@require_GET
def detail(request: UserRequest, pk: int) -> HttpResponse:
    member, handover = request.member, visible(request.member, pk)
    events.record(EventKind.READ, member, case=handover.case, route="handover:detail")
    if _opens(member, handover):
        mark_opened(handover, by=member)
        handover = visible(member, pk)
    return render(request, "handover/detail.html", _detail(handover, member))


def _opens(member: Member, handover: Handover) -> bool:
    """Reading by somebody who may answer counts as opening: the sender can no longer withdraw."""
    waits = handover.status == Status.OFFERED and handover.opened_at is None
    return waits and member.acting_unit_id == handover.to_unit_id and may_do(member, "handovers.answer")


def _detail(handover: Handover, member: Member) -> dict[str, Any]:
    lines = presentation.checklist(handover, member)
    rounds = presentation.course(handover, lines)
    return {
        "handover": handover,
        "identity": presentation.identity_of(handover, member),
        "side": presentation.side_of(handover, member),
        "sentence": presentation.status_sentence(handover),
        "sentence_kind": presentation.status_kind(handover, member),
        "groups": presentation.grouped(lines),
        "rounds": rounds,
        "buttons": buttons_of(handover, member),
        "siblings": presentation.siblings(handover, member),
        "case": presentation.link_to_case(handover, member),
        "newer": rounds[0].handover if rounds else None,
        "print_title": handover.case.number,
    }


@signed_in
@require_GET
def history(request: UserRequest, pk: int) -> HttpResponse:
    member, handover = request.member, visible(request.member, pk)
    events.record(EventKind.HISTORY, member, case=handover.case, route="handover:history")
    context = {
        "handover": handover,
        "identity": presentation.identity_of(handover, member),
        "changes": _changes(handover, member),
        "title": _("History of this handover"),
    }
    return render(request, "handover/history.html", context)


def _changes(handover: Handover, member: Member) -> list[FieldChange]:
    """Of the handover, and of its items after they were first stated: the checklist itself stands on the page before."""
    can = _opens_to(handover, member)
    changes = history_of(handover, member, can=can, sees_persons=True)
    of_items = history_of(list(handover.items.all()), member, can=can, sees_persons=True)
    stated = min((change.when for change in of_items), default=None)
    later = [replace(one, field=f"{one.record}: {one.field}") for one in of_items if one.when != stated]
    return sorted(changes + later, key=attrgetter("when"), reverse=True)


def _opens_to(handover: Handover, member: Member) -> Any:
    """Both sides read the handover's own history; whom the receiver named stays with the receiver."""
    people = set() if presentation.side_of(handover, member) == "sender" else {"people.view"}
    return lambda capability: capability in {"handovers.view"} | people


def _act(request: UserRequest, pk: int, page: ActPage) -> HttpResponse:
    return act_pages.show(request, visible(request.member, pk), page)


@signed_in
@require_http_methods(["GET", "POST"])
def accept(request: UserRequest, pk: int) -> HttpResponse:
    return _act(request, pk, act_pages.ACCEPT)


@signed_in
@require_http_methods(["GET", "POST"])
def return_(request: UserRequest, pk: int) -> HttpResponse:
    return _act(request, pk, act_pages.RETURN)


@signed_in
@require_http_methods(["GET", "POST"])
def query(request: UserRequest, pk: int) -> HttpResponse:
    return _act(request, pk, act_pages.QUERY)


@signed_in
@require_http_methods(["GET", "POST"])
def answer(request: UserRequest, pk: int) -> HttpResponse:
    return _act(request, pk, act_pages.ANSWER)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: UserRequest, pk: int) -> HttpResponse:
    return _act(request, pk, act_pages.WITHDRAW)


@signed_in
@require_http_methods(["GET", "POST"])
def offer_again(request: UserRequest, pk: int) -> HttpResponse:
    return _act(request, pk, act_pages.OFFER_AGAIN)
