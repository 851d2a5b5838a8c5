"""A manager gives a choice of cases to other case directors: to whom, what it becomes, what became of it, and back."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.case.actions import directors_of
from cases.case.listing import grants, order_of
from cases.case.models import Redistribution, ReturnCase
from cases.case.redistribution import MOST, Move, plan_moves, take_back, work_on
from cases.case.tasks import go_on_redistributing
from leidraad.lib import events
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.models import EventKind
from leidraad.pages import reassign_words
from leidraad.pages.case_filters import FilterForm, chosen_tags, waiting_filter, without
from leidraad.pages.case_list import may_reassign
from leidraad.pages.dividing import Item, divide
from leidraad.pages.people import NamedCase, named_cases
from leidraad.pages.reassign_forms import DivideForm, TakeBackForm
from partners.http import UserRequest, signed_in
from partners.models import Member

SALT = "leidraad.reassign"
# A page that asks to confirm is good for a working day; every case is compared with it again anyway.
PAGE_SECONDS = 10 * 3600
# As long as a page may take; more than that goes on in the background.
IN_THE_PAGE = 4.0


@dataclass(frozen=True)
class Choice:
    """The cases to give away, in the order of the list. `is_cut` when there are more than one act may hold."""

    cases: list[NamedCase]
    left_out: int
    is_cut: bool
    filters: list[str]


def _may(member: Member) -> None:
    if not may_reassign(member):
        raise NotAllowed("case.assign")


def chosen_cases(request: UserRequest) -> Choice:
    """The ticked cases; without ticks all that the filters in the address leave, as the list shows them."""
    member = request.member
    ticked = list(dict.fromkeys(request.POST.getlist("case")))[:MOST]
    tags: list[str] = []
    if ticked or (request.method == "POST" and "all" not in request.POST):
        visible = ReturnCase.objects.visible_to(member).open().filter(number__in=ticked)
        keys = list(visible.order_by("pk").values_list("pk", flat=True))
    else:
        keys, tags = _all_of_list(member, request.GET)
    named = named_cases(member, keys[:MOST])
    found = [named[key] for key in keys[:MOST] if key in named]
    own = [one for one in found if one.case.led_by_id == member.acting_unit_id]
    return Choice(own, len(found) - len(own), len(keys) > MOST, tags)


def _all_of_list(member: Member, query: QueryDict) -> tuple[list[int], list[str]]:
    form = FilterForm(query, member)
    filters = replace(form.filters(), closed=False)
    rows = grants(member, filters, waiting=waiting_filter(member, filters)).order_by(*order_of(filters))
    keys = list(rows.values_list("content_object_id", flat=True)[: MOST + 1])
    return keys, [tag.label for tag in chosen_tags(form, query)]


@signed_in
@require_http_methods(["GET", "POST"])
def reassign(request: UserRequest) -> HttpResponse:
    """To whom and why; then the page that names each case with from and to; with its `plan` the act itself."""
    member = request.member
    _may(member)
    if "plan" in request.POST:
        return _carry_out(request)
    choice = chosen_cases(request)
    if not choice.cases:
        messages.warning(request, _("Choose at least one case first."))
        return redirect("cases:list")
    numbers = [case.number for case in choice.cases]
    events.record(EventKind.READ, member, route="pages:reassign", detail={"cases": numbers})
    directors = directors_of(member.acting_unit)
    data = request.POST if "preview" in request.POST else None
    form = DivideForm(data, count=len(numbers), directors=directors, loads=reassign_words.loads_of(member))
    context = {"choice": choice, "form": form, "most": MOST, "back_url": back_to_list(request)}
    if not form.is_valid():
        context["ticked"] = request.POST.getlist("case")
        return render(request, "pages/reassign.html", context, status=422 if form.is_bound else 200)
    return _preview(request, choice, form, context)


def back_to_list(request: UserRequest) -> str:
    query = without(request.GET)
    return reverse("cases:list") + (query if query != "?" else "")


def _preview(request: UserRequest, choice: Choice, form: DivideForm, context: dict[str, Any]) -> HttpResponse:
    member, reason = request.member, form.cleaned_data["reason"]
    dealt = divide([Item(one.case.pk, one.case.household_id) for one in choice.cases], form.shares)
    moves = [Move(one.case.pk, one.case.version, one.case.director_id, dealt[one.case.pk]) for one in choice.cases]
    kept = {
        "member": member.pk,
        "unit": member.acting_unit_id,
        "key": str(uuid4()),
        "reason": reason,
        "moves": [[move.case_id, move.seen_version, move.from_id, move.to_id] for move in moves],
    }
    context |= {
        "reason": reason,
        "plan": signing.dumps(kept, salt=SALT, compress=True),
        **reassign_words.preview(member, choice.cases, moves, form),
    }
    return render(request, "pages/reassign_preview.html", context)


def _carry_out(request: UserRequest) -> HttpResponse:
    """Plan what the page showed, do as much as a page may take, and go on in the background with the rest."""
    member = request.member
    try:
        kept = signing.loads(request.POST["plan"], salt=SALT, max_age=PAGE_SECONDS)
    except signing.BadSignature:
        kept = {}
    if (kept.get("member"), kept.get("unit")) != (member.pk, member.acting_unit_id):
        messages.error(request, _("This page is too old. Nothing was changed. Choose the cases again."))
        return redirect("cases:list")
    moves = [Move(*line) for line in kept["moves"]]
    made = plan_moves(moves, by=member, reason=kept["reason"], key=UUID(kept["key"]))
    return _work_and_show(made)


def _work_and_show(made: Redistribution) -> HttpResponse:
    if not work_on(made.pk, seconds=IN_THE_PAGE):
        go_on_redistributing.delay(made.pk)
    return redirect("pages:reassigned", pk=made.pk)


def _found(request: UserRequest, pk: int) -> Redistribution:
    _may(request.member)
    found = Redistribution.objects.of_unit(request.member).select_related("made_by", "undoes")
    return get_object_or_404(found, pk=pk)


@signed_in
@require_GET
def reassigned(request: UserRequest, pk: int) -> HttpResponse:
    """What became of each case; the page asks for itself again while the rest goes on."""
    made = _found(request, pk)
    context = reassign_words.result(request.member, made)
    events.record(EventKind.READ, request.member, route="pages:reassigned", detail={"redistribution": pk})
    return render(request, "pages/reassigned.html", context | {"form": TakeBackForm()})


@signed_in
@require_POST
def reassign_back(request: UserRequest, pk: int) -> HttpResponse:
    """Give back what is still as this act left it, with a reason of its own."""
    made = _found(request, pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            return _work_and_show(take_back(made, by=request.member, reason=form.cleaned_data["reason"]))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    context = reassign_words.result(request.member, made)
    return render(request, "pages/reassigned.html", context | {"form": form}, status=422)
