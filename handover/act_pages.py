"""The acts as pages: each shows who is told what, asks what the act needs, and does it.

An answer that comes too late leads back to the handover, which says what happened. One that was drawn from an older
version writes nothing: the page comes back with what was typed and with what happened in between.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.protection import is_protected
from handover import actions
from handover.actions.common import require_receiver, require_sender
from handover.forms import AcceptForm, ActForm, ItemsForm, OfferAgainForm, QueryForm, ReturnForm, WithdrawForm
from handover.models import Handover
from handover.presentation import identity_of, status_sentence, steps_since
from handover.proposals import proposal_for
from handover.states import Status
from leidraad.lib import events
from leidraad.lib.errors import NotPossible, Stale
from leidraad.lib.models import EventKind
from partners.http import UserRequest
from partners.models import Member

Receiver = dict[str, str]


@dataclass(frozen=True)
class ActPage:
    """One act. `possible_in` are the states in which its page opens at all."""

    url_name: str
    possible_in: frozenset[Status]
    require: Callable[[Member, Handover], None]
    form: Callable[[Any, Handover], ActForm]
    act: Callable[[Handover, Any, Member], Handover]
    question: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    receivers: Callable[[Handover], list[Receiver]]
    template: str = "handover/act.html"
    more: Callable[[Handover], Mapping[str, Any]] = field(default=lambda handover: {})


def show(request: UserRequest, handover: Handover, page: ActPage) -> HttpResponse:
    """GET shows the page, POST does the act."""
    member = request.member
    page.require(member, handover)
    if handover.status not in page.possible_in:
        return _too_late(request, handover)
    if request.method != "POST":
        events.record(EventKind.READ, member, case=handover.case, route=f"handover:{page.url_name}")
        return _draw(request, handover, page, page.form(None, handover))
    form = page.form(request.POST, handover)
    if not form.is_valid():
        return _draw(request, handover, page, form, status=422)
    try:
        page.act(handover, form, member)
    except Stale as stale:
        return _stale(request, page, form, stale.current)
    except NotPossible as refusal:
        return _refused(request, handover, page, form, str(refusal))
    messages.success(request, str(page.done) % {"person": identity_of(handover, member).name})
    return redirect("handover:detail", handover.pk)


def _draw(
    request: UserRequest, handover: Handover, page: ActPage, form: ActForm, *, status: int = 200, **others: Any
) -> HttpResponse:
    context = {
        "handover": handover,
        "identity": identity_of(handover, request.member),
        "sentence": status_sentence(handover),
        "question": page.question,
        "button": page.button,
        "receivers": page.receivers(handover),
        "form": form,
        **page.more(handover),
        **others,
    }
    return render(request, page.template, context, status=status)


def _too_late(request: UserRequest, handover: Handover) -> HttpResponse:
    messages.error(request, handover.why_no_longer())
    return redirect("handover:detail", handover.pk)


def _stale(request: UserRequest, page: ActPage, form: ActForm, stored: Handover) -> HttpResponse:
    """Nothing was written. What was typed comes back, above it what happened since the page was opened."""
    happened = steps_since(stored, form.cleaned_data.get("seen") or 0)
    again = page.form(form.data, stored)
    again.drawn_anew()
    messages.error(request, str(Stale(stored)))
    return _draw(request, stored, page, again, status=409, happened=happened)


def _refused(request: UserRequest, handover: Handover, page: ActPage, form: ActForm, why: str) -> HttpResponse:
    """Answered by somebody else: back to the handover, which says so. Something wrong with the input: the form again."""
    handover.refresh_from_db()
    if handover.status not in page.possible_in or (page is WITHDRAW and handover.opened_at is not None):
        messages.error(request, why)
        return redirect("handover:detail", handover.pk)
    form.add_error(None, why)
    return _draw(request, handover, page, form, status=422)


def _told(unit: Any, what: str) -> Receiver:
    return {"organisation": unit.organisation.short_name, "who": unit.name, "what": what}


def _sender_told(what: StrOrPromise) -> Callable[[Handover], list[Receiver]]:
    return lambda handover: [_told(handover.from_unit, str(what))]


def _receiver_told(what: StrOrPromise) -> Callable[[Handover], list[Receiver]]:
    return lambda handover: [_told(handover.to_unit, str(what))]


def _query_receivers(handover: Handover) -> list[Receiver]:
    if handover.liberty_clock:
        what = _("Reads your question and is at turn. The term runs on, because the person is detained.")
    else:
        what = _("Reads your question and is at turn. Your term starts again with the answer.")
    return [_told(handover.from_unit, what)]


def _accept_receivers(handover: Handover) -> list[Receiver]:
    told = [
        _told(
            handover.from_unit,
            _("Reads that you accepted. It no longer sees the case and keeps a copy of the handover."),
        ),
        {
            "organisation": handover.to_unit.organisation.short_name,
            "who": _("The team and the case director you choose"),
            "what": _("Become responsible for the case and get the first next step."),
        },
    ]
    site = handover.case.residence_unit
    if site is not None and site.organisation.code == "coa" and not is_protected(handover.case):
        told.append(_told(site, _("Gets access to the case, because the person stays there.")))
    return told


def _accept_form(data: Any, handover: Handover) -> AcceptForm:
    proposal = proposal_for(handover)
    return AcceptForm(data, handover, preset=proposal.preset if proposal else "")


def _accept(handover: Handover, form: AcceptForm, by: Member) -> Handover:
    team, director = form.chosen
    version = form.cleaned_data["version"]
    return actions.accept_handover(handover, team=team, director=director, by=by, version=version)


def _return(handover: Handover, form: ReturnForm, by: Member) -> Handover:
    given = form.cleaned_data
    return actions.return_handover(
        handover, given["reason"], given["text"], item_texts=form.item_texts, by=by, version=given["version"]
    )


def _query(handover: Handover, form: QueryForm, by: Member) -> Handover:
    return actions.query(handover, form.cleaned_data["text"], by=by, version=form.cleaned_data["version"])


def _answer(handover: Handover, form: ItemsForm, by: Member) -> Handover:
    given = form.cleaned_data
    return actions.answer_query(handover, given["text"], items=form.items, by=by, version=given["version"])


def _withdraw(handover: Handover, form: WithdrawForm, by: Member) -> Handover:
    return actions.withdraw(handover, form.cleaned_data["text"], by=by, version=form.cleaned_data["version"])


def _offer_again(handover: Handover, form: OfferAgainForm, by: Member) -> Handover:
    given = form.cleaned_data
    return actions.offer_again(handover, items=form.items, note=given["text"], by=by, version=given["version"])


ACCEPT = ActPage(
    "accept",
    frozenset({Status.OFFERED}),
    require_receiver,
    _accept_form,
    _accept,
    gettext_lazy("Accept this handover?"),
    gettext_lazy("Accept the handover"),
    gettext_lazy("Accepted: %(person)s. The case director has been told."),
    _accept_receivers,
    more=lambda handover: {"proposal": proposal_for(handover)},
)
RETURN = ActPage(
    "return",
    frozenset({Status.OFFERED, Status.QUERIED}),
    require_receiver,
    ReturnForm,
    _return,
    gettext_lazy("Return this handover?"),
    gettext_lazy("Return the handover"),
    gettext_lazy("Returned: %(person)s. The sender has been told."),
    _sender_told(gettext_lazy("Reads the reason and your texts, and stays responsible for the case.")),
    template="handover/return.html",
)
QUERY = ActPage(
    "query",
    frozenset({Status.OFFERED}),
    require_receiver,
    QueryForm,
    _query,
    gettext_lazy("Ask the sender a question?"),
    gettext_lazy("Send the question"),
    gettext_lazy("Question sent about %(person)s. The sender is at turn."),
    _query_receivers,
)
ANSWER = ActPage(
    "answer",
    frozenset({Status.QUERIED}),
    require_sender,
    ItemsForm,
    _answer,
    gettext_lazy("Answer the question"),
    gettext_lazy("Send the answer"),
    gettext_lazy("Answer sent about %(person)s. The receiver is at turn."),
    _receiver_told(gettext_lazy("Reads your answer and the changed items, and is at turn.")),
    template="handover/items.html",
    more=lambda handover: {"asked": handover.steps.filter(kind="queried").order_by("-pk").first()},
)
WITHDRAW = ActPage(
    "withdraw",
    frozenset({Status.OFFERED}),
    require_sender,
    WithdrawForm,
    _withdraw,
    gettext_lazy("Withdraw this handover?"),
    gettext_lazy("Withdraw the handover"),
    gettext_lazy("Withdrawn: %(person)s."),
    _receiver_told(gettext_lazy("Reads that you withdrew the offer, and no longer has to answer.")),
)
OFFER_AGAIN = ActPage(
    "offer-again",
    frozenset({Status.RETURNED, Status.WITHDRAWN, Status.EXPIRED}),
    require_sender,
    OfferAgainForm,
    _offer_again,
    gettext_lazy("Offer the handover again"),
    gettext_lazy("Offer again"),
    gettext_lazy("Offered again: %(person)s. A new round has begun."),
    _receiver_told(gettext_lazy("Gets the offer with the items you changed. You stay responsible until it accepts.")),
    template="handover/items.html",
)
PAGES = (ACCEPT, RETURN, QUERY, ANSWER, WITHDRAW, OFFER_AGAIN)
