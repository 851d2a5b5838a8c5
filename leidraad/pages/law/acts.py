"""What the acts on facts of law share: finding the fact in this case, the two pages of an act that others hear of."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.case.access import accesses_of
from cases.case.models import ReturnCase
from cases.procedure.models import (
    Decision,
    LegalFact,
    PeriodChange,
    Postponement,
    Procedure,
    Remedy,
    TransferClaim,
)
from cases.procedure.sections import may_know, may_read
from leidraad.lib.errors import NotPossible
from leidraad.pages.case_acts import act
from leidraad.pages.case_frame import OpenCase
from leidraad.pages.case_page import to_url
from leidraad.pages.law.page import CHANGE

ACT = "pages/case/residence_act.html"
CONFIRM = "pages/law/confirm.html"
F = TypeVar("F", bound=LegalFact)

# What a fact is called in an address.
MODELS: Mapping[str, type[LegalFact]] = {
    "procedure": Procedure,
    "besluit": Decision,
    "termijn": PeriodChange,
    "rechtsmiddel": Remedy,
    "claim": TransferClaim,
    "uitstel": Postponement,
}
RELATED: Mapping[type[LegalFact], tuple[str, ...]] = {
    Procedure: ("kind",),
    Decision: ("kind", "procedure__kind"),
    Remedy: ("decision__kind", "decision__procedure__kind", "suspension"),
    Postponement: ("kind",),
}


def here(page: OpenCase, anchor: str = "") -> str:
    url = reverse("cases:decisions", args=[page.case.number])
    return f"{url}#{anchor}" if anchor else url


def found(page: OpenCase, model: type[F], pk: int) -> F:
    """The fact of this case. Http404 for another case's, for one that does not exist, and for one that must leave no trace."""
    rows = model._default_manager.filter(case=page.case).select_related(*RELATED.get(model, ()))
    one = rows.filter(pk=pk).first()
    if one is None or not _shows(page, one):
        raise Http404
    one.case = page.case
    return one


def _shows(page: OpenCase, one: LegalFact) -> bool:
    if isinstance(one, Postponement):
        return may_know(one.section, page.can)
    return may_read(one.notified_on, page.can) if isinstance(one, Decision) else True


def relatives(page: OpenCase) -> list[ReturnCase]:
    """Members of the household in whose cases the viewer may record as well."""
    accesses = accesses_of(page.member, page.family)
    return [case for case in page.family if not case.is_closed and accesses[case.pk].can(CHANGE)]


def over(
    page: OpenCase,
    one: LegalFact,
    make: Callable[[Any, Any], Any],
    do: Callable[[Any], str],
    *,
    anchor: str = "",
    **context: Any,
) -> HttpResponse:
    """One act over one fact; what is no longer in force is said so by the act itself."""
    back = here(page, anchor)
    return act(page, make, do, ACT, record=one, back_url=back, cancel_url=back, **context)


def adding(page: OpenCase, form: Any, do: Callable[[Any], str], *, anchor: str = "", **context: Any) -> HttpResponse:
    """An act that adds something: nobody can have changed it meanwhile."""
    if form.is_bound and form.is_valid():
        try:
            return to_url(here(page, anchor), page.request, do(form))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return page.render(ACT, "", status=status, form=form, cancel_url=here(page, anchor), **context)


def sent(data: QueryDict) -> list[tuple[str, str]]:
    """What was filled in, for the page on which it is confirmed."""
    skip = {"csrfmiddlewaretoken", "confirm", "back"}
    return [(name, value) for name, values in data.lists() if name not in skip for value in values]


def hears(page: OpenCase, cases: Sequence[ReturnCase]) -> list[dict[str, str]]:
    """Who is told: the responsible unit of each case, when that is another than the viewer's."""
    told = {case.led_by_id: case.led_by for case in cases if case.led_by_id != page.member.acting_unit_id}
    what = _("Is told that there is something to read. The notice holds no content.")
    return [{"organisation": unit.organisation.short_name, "who": unit.name, "what": what} for unit in told.values()]
