"""Screen S31: asking something. Kind first, then its fields, then what the receiver will see."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.case.access import Access, access_of
from cases.case.models import ReturnCase
from cases.requests.actions import ask_request, draft
from cases.requests.forms import KindForm, RequestForm
from cases.requests.models import RequestKind
from cases.requests.presentation import badges, offer_facts, person_line, who
from leidraad.lib import clock, events
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.models import EventKind
from partners.http import UserRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: UserRequest, number: str) -> HttpResponse:
    case, access = _opened(request, number)
    events.record(EventKind.READ, request.member, case=case, route="requests:new")
    mine = RequestKind.objects.valid().filter(asked_by__contains=[request.member.acting_organisation])
    kinds = list(mine.filter(has_own_page=False))
    chosen = request.GET.get("kind", kinds[0].code if len(kinds) == 1 else "")
    kind = next((kind for kind in kinds if kind.code == chosen), None)
    if kind is None:
        return _choose_kind(request, case, kinds)
    form = RequestForm(request.POST if request.method == "POST" else None, case=case, kind=kind, access=access)
    if not form.is_bound or "change" in request.POST:
        return _form_page(request, case, kind, form, len(kinds) > 1)
    if not form.is_valid():
        return _form_page(request, case, kind, form, len(kinds) > 1, status=422)
    if "confirm" not in request.POST:
        return _preview(request, case, form)
    return _send(request, case, kind, form, len(kinds) > 1)


def _opened(request: UserRequest, number: str) -> tuple[ReturnCase, Access]:
    cases = ReturnCase.objects.visible_to(request.member)
    case = get_object_or_404(cases.select_related("person", "led_by__organisation", "residence_unit"), number=number)
    access = access_of(request.member, case)
    for capability in ("requests.ask", "identity.view"):
        if not access.can(capability):
            raise NotAllowed(capability, case)
    return case, access


def _send(
    request: UserRequest, case: ReturnCase, kind: RequestKind, form: RequestForm, several: bool
) -> HttpResponse | HttpResponseRedirect:
    try:
        asked = ask_request(case, form.new_request(), by=request.member)
    except ReturnCase.DoesNotExist as gone:  # access ended while the act waited for the lock
        raise Http404 from gone
    except NotPossible as error:
        form.add_error(None, str(error))
        return _form_page(request, case, kind, form, several, status=422)
    messages.success(request, _("Asked. %(unit)s has been told.") % {"unit": asked.to_unit.full_name})
    return redirect("requests:detail", asked.pk)


def _context(case: ReturnCase) -> dict[str, object]:
    person = case.person
    url = reverse("cases:detail", args=[case.number])
    given = " ".join(part for part in (person.given_names, person.name_prefix) if part)
    facts = [{"label": _("Case"), "value": case.number, "url": url}]
    identity = {"surname": person.surname, "given": given, "who": who(person), "facts": facts}
    return {"case": case, "case_url": url, "identity": identity, "viewed_at": clock.now()}


def _choose_kind(request: UserRequest, case: ReturnCase, kinds: list[RequestKind]) -> HttpResponse:
    form = KindForm(request.GET if "next" in request.GET else None, kinds=kinds)
    status = 422 if form.is_bound and not form.is_valid() else 200
    context = _context(case) | {"kinds": kinds, "form": form}
    return render(request, "requests/kind.html", context, status=status)


def _form_page(
    request: UserRequest, case: ReturnCase, kind: RequestKind, form: RequestForm, several: bool, status: int = 200
) -> HttpResponse:
    context = _context(case) | {"kind": kind, "form": form, "several_kinds": several}
    return render(request, "requests/new.html", context, status=status)


def _preview(request: UserRequest, case: ReturnCase, form: RequestForm) -> HttpResponse:
    asked = draft(case, form.new_request(), by=request.member)
    context = _context(case) | {
        "asked": asked,
        "person": person_line(case.person),
        "facts": offer_facts(asked),
        "badges": badges(asked),
        "hidden": form.sent_values,
    }
    return render(request, "requests/preview.html", context)
