"""Which recorded fact a term started from, who records it, and where this reader corrects it, if anywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from cases.terms.deadlines import Start
from leidraad.pages.case_frame import OpenCase

CORRECT = gettext_lazy("Correct the fact")
LAW, POSTPONED, MEASURES, STAY = "decisions.change", "postponement.change", "measures.change", "residence.change"


@dataclass(frozen=True)
class Fact:
    """`url` is empty where this reader cannot correct it; then `whose` says who can."""

    what: str
    on: date | None
    source: str
    whose: str
    url: str = ""
    button: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of fact: the right that correcting it asks, and the page for that. Without one, only who records it can."""

    what: StrPromise
    whose: StrPromise
    rights: tuple[str, ...] = ()
    url_name: str = ""
    button: StrPromise = CORRECT


IND = gettext_lazy("IND records it. A wrong day is corrected there.")
KINDS = {
    "decision": Kind(gettext_lazy("the notification of a decision, or what followed it"), IND, (LAW,), "law-notify"),
    "procedure": Kind(gettext_lazy("a procedure and its steps"), IND, (LAW,), "law-procedure-change"),
    "claim": Kind(gettext_lazy("a claim on another member state"), IND, (LAW,), "law-claim-change"),
    "postponement": Kind(
        gettext_lazy("a ground that postpones departure"), IND, (POSTPONED,), "law-postponement-step",
    ),
    "measure": Kind(
        gettext_lazy("a measure that restricts liberty, or what the court did"),
        gettext_lazy("The authority that imposed the measure records it. A wrong moment is corrected there."),
        (MEASURES, "custody.change"),
        "measure-correct",
    ),
    "absence": Kind(
        gettext_lazy("two missed moments in a row at the site"),
        gettext_lazy("COA records who was seen. A wrong mark is corrected in the register of the site."),
    ),
    "of_age": Kind(
        gettext_lazy("the birthday of the person"),
        gettext_lazy("The date of birth comes from a register. Report that it is wrong; who keeps it judges that."),
        ("identity.view",),
        "report-error",
        gettext_lazy("Report an error"),
    ),
}  # fmt: skip
OTHER = Kind(
    gettext_lazy("a recorded fact of this case"),
    gettext_lazy("Who recorded the fact corrects it on the page where it stands."),
)
WITHOUT_KEY = frozenset({"report-error"})


def fact_of(page: OpenCase, start: Start) -> Fact:
    name, _colon, rest = start.key.partition(":")
    kind = KINDS.get(name, OTHER)
    url = _address(page, kind, rest.partition(":")[0])
    return Fact(str(kind.what), start.day, start.source, str(kind.whose), url, str(kind.button) if url else "")


def _address(page: OpenCase, kind: Kind, pk: str) -> str:
    can: Callable[[str], bool] = page.can
    if not kind.url_name or page.case.is_closed or not any(can(right) for right in kind.rights):
        return ""
    keys = [] if kind.url_name in WITHOUT_KEY else [int(pk)]
    return reverse(f"cases:{kind.url_name}", args=[page.case.number, *keys])
