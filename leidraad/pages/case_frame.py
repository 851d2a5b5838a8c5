"""What every page under one case has: the case under the viewer's rights, its identity bar, its side menu, the log row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.case.access import Access, access_from
from cases.case.keys import all_keys_in_each, keys_in_each
from cases.case.listing import RowRights
from cases.case.models import Person, PersonAlias, ReturnCase, Sex, Signal
from cases.case.models.choices import SIGNAL_SECTION, SignalKind
from cases.case.nationalities import language_name, nationality_name
from leidraad.lib import clock, events
from leidraad.lib.display import MASKED, age_on, v_number
from leidraad.lib.errors import NotAllowed
from leidraad.lib.models import EventKind
from leidraad.pages.case_sections import add_items, more_items, side_groups
from leidraad.pages.people import birth_date
from partners.http import UserRequest, signed_in
from partners.models import Member

P = ParamSpec("P")
MOST_BADGES = 3
READING = ("GET", "HEAD")


@dataclass
class OpenCase:
    """A case as one member opened it: fetched under the visibility rule, with the rights of this moment."""

    request: UserRequest
    case: ReturnCase
    access: Access
    family: list[ReturnCase] = field(default_factory=list)
    on_paper: bool = False  # read by others: the viewer is named, not called "u"

    @property
    def member(self) -> Member:
        """Whose rights the page shows."""
        return self.access.member

    def can(self, capability: str) -> bool:
        return self.access.can(capability)

    @property
    def signals(self) -> list[dict[str, str]]:
        """Running signals that this viewer may know of; the others leave no trace."""
        found: list[dict[str, str]] = self.case.signal_rows  # type: ignore[attr-defined]  # annotated by `fetch`
        return [row for row in found if self.can(f"{SIGNAL_SECTION[SignalKind(row['kind'])]}.view")]

    @property
    def aliases(self) -> list[str]:
        names: list[str] = self.case.alias_names  # type: ignore[attr-defined]  # annotated by `fetch`
        return names

    def context(self, section: str, **more: Any) -> dict[str, Any]:
        """The context of the base template for a page of this case; a page that is an act has no `section`."""
        number = self.case.number
        return {
            "case": self.case,
            "access": self.access,
            "identity": identity_of(self) | ({} if section else {"actions": []}),  # one primary button: the form's
            "groups": side_groups(self.access, number, section),
            "viewed_at": clock.now() if self.request.method in READING else None,
            "why_url": reverse("cases:access", args=[number]),
            "print_title": f"{number} {self.case.person.full_name}" if self.can("identity.view") else number,
            **more,
        }

    def render(self, template: str, section: str, status: int = 200, **more: Any) -> HttpResponse:
        return self.render_frame(template, self.context(section, **more), status=status)

    def render_frame(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return render(self.request, template, context, status=status)


def fetch(member: Member, number: str) -> ReturnCase:
    """The case with what the identity bar needs and the member's keys to it, in one query. Http404 for an outsider and for a
    number nobody has."""
    running = Signal.objects.filter(case=OuterRef("pk"), ended_on=None).order_by("noted_on", "pk")
    row: Any = JSONObject(kind="kind", source="source", noted_on="noted_on")
    names = PersonAlias.objects.filter(person=OuterRef("person_id")).order_by("name").values("name")
    cases = ReturnCase.objects.visible_to(member).select_related(
        "person", "led_by__organisation", "director", "residence_unit"
    )
    cases = cases.annotate(signal_rows=ArraySubquery(running.values(row=row)), alias_names=ArraySubquery(names))
    cases = cases.annotate(**all_keys_in_each(member))
    return get_object_or_404(cases, number=number)


def open_case(
    request: UserRequest, number: str, capability: str = "case.view", or_else: Sequence[str] = ()
) -> OpenCase:
    """Fetch the case and ask the right, once for the whole page. Raises Http404 or NotAllowed; logs nothing yet."""
    case = fetch(request.member, number)
    access = access_from(request.member, vars(case), case_closed=case.is_closed)
    if not any(access.can(one) for one in (capability, *or_else)):
        raise NotAllowed(capability, case)
    return OpenCase(request, case, access, family_of(case, access))


def family_of(case: ReturnCase, access: Access) -> list[ReturnCase]:
    """The other members of the household whose identity the viewer may see in their own cases; others are not even named."""
    if case.household_id is None or not access.can("identity.view"):
        return []
    member = access.member
    others = ReturnCase.objects.visible_to(member).filter(household_id=case.household_id).exclude(pk=case.pk)
    found = others.select_related("person").annotate(**keys_in_each(member))
    rights = RowRights(member)
    return [other for other in found.order_by("person__birth_year", "pk") if "identity" in rights.sections(vars(other))]


def case_page(
    capability: str = "case.view", *, or_else: Sequence[str] = (), kind: EventKind | None = EventKind.READ
) -> Callable[[Callable[Concatenate[OpenCase, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A view of one case: signed in, fetched, the right asked, and the look recorded. The view gets the opened case.

    With `or_else` one of several rights opens the page, which then shows what each of them carries.
    What a form sends is an act with a history of its own; a view whose answer to it shows more logs that itself. With
    `kind` None the view records the look, with more than is known here.
    """

    def decorate(view: Callable[Concatenate[OpenCase, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: UserRequest, number: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            page = open_case(request, number, capability, or_else)
            if request.method in READING and kind is not None:
                log(page, kind)
            try:
                return view(page, *args, **kwargs)
            except ReturnCase.DoesNotExist as gone:  # access ended while the act waited for the lock
                raise Http404 from gone

        return signed_in(cast(Callable[..., HttpResponse], opened))

    return decorate


def log(page: OpenCase, kind: EventKind, *, purpose: str = "", **detail: Any) -> None:
    match = page.request.resolver_match
    route = match.view_name if match else ""
    events.record(kind, page.request.member, case=page.case, route=route, purpose=purpose, detail=detail)


# --- identity bar ---------------------------------------------------------------------------------------------------


def identity_of(page: OpenCase) -> dict[str, Any]:
    """What `parts/identity_bar.html` draws. Without the right to the identity: the number, and the rest shielded."""
    person, known = page.case.person, page.can("identity.view")
    given = " ".join(part for part in (person.given_names, person.name_prefix) if part)
    return {
        "surname": person.surname if known else _("Case %(number)s") % {"number": page.case.number},
        "given": given if known else "",
        "known": known,
        "who": who_is(person) if known else "",
        "badges": [SignalKind(row["kind"]).label for row in page.signals[:MOST_BADGES]],
        "facts": _facts(page) if known else _shielded(page),
        "menus": menus(page),
        "actions": actions(page),
    }


def who_is(person: Person) -> str:
    """man, geboren 14 maart 1994 (32 jaar)"""
    sex = str(Sex(person.sex).label)
    born = birth_date(person)
    if not born:
        return _("%(sex)s, birth date not recorded") % {"sex": sex}
    return _("%(sex)s, born %(date)s (%(age)s)") % {"sex": sex, "date": born, "age": age_text(person)}


def age_text(person: Person) -> str:
    """32 jaar; with an unknown day or month both ages that are possible: "31 of 32 jaar"."""
    year, month, day = person.birth_year, person.birth_month, person.birth_day
    if year is None:
        return ""
    today = clock.today()
    oldest = age_on(date(year, month or 1, day or 1)) or 0
    certain = day is not None or (month is not None and month != today.month)
    if certain or (month is None and (today.month, today.day) == (12, 31)):
        return ngettext("%(count)d year", "%(count)d years", oldest) % {"count": oldest}
    return _("%(low)d or %(high)d years") % {"low": oldest - 1, "high": oldest}


def nationality_text(person: Person) -> str:
    """Algerijnse (gesteld)"""
    name = nationality_name(person.nationality)
    status = {
        True: pgettext("nationality", "established"),
        False: pgettext("nationality", "claimed"),
        None: pgettext("nationality", "status unknown"),
    }[person.nationality_established]
    return f"{name} ({status})" if name else ""


def _fact(label: str, value: object, url: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "url": url}


def _facts(page: OpenCase) -> list[dict[str, Any]]:
    case, person = page.case, page.case.person
    to_person = reverse("cases:person", args=[case.number])
    facts = [
        _fact(pgettext("fact", "Case"), case.number),
        _fact(_("V-number"), v_number(person.v_number)),
        _fact(_("Nationality"), nationality_text(person)),
        _fact(_("Language"), language_name(person.language)),
        _fact(_("Household"), _family_text(page), f"{to_person}#gezin" if page.family else ""),
    ]
    if page.aliases:
        count = len(page.aliases)
        facts.append(_fact(_("Other names"), ngettext("%d alias", "%d aliases", count) % count, f"{to_person}#namen"))
    return [*facts, _director(page)]


def _director(page: OpenCase) -> dict[str, Any]:
    """The regievoerder for who may know persons; for others the responsible unit."""
    case = page.case
    if not page.can("people.view"):
        return _fact(_("Responsible"), case.led_by.full_name)
    label = _("Case director")
    if case.director is None:
        return _fact(label, _("nobody yet, %(unit)s") % {"unit": case.led_by.full_name})
    own = case.director_id == page.member.pk and not page.on_paper
    return _fact(label, _("%(name)s (you)") % {"name": case.director} if own else str(case.director))


def _family_text(page: OpenCase) -> str:
    case = page.case
    if case.household_id is None:
        return _("single")
    count = len(page.family)
    role = case.get_household_role_display() if case.household_role else _("member of a household")
    others = ngettext("with %d other", "with %d others", count) % count
    return f"{role}, {others}" if count else str(role)


def _shielded(page: OpenCase) -> list[dict[str, Any]]:
    labels = (_("V-number"), _("Nationality"), _("Language"), _("Household"))
    facts = [_fact(_("Person"), MASKED), *(_fact(label, MASKED) for label in labels)]
    return [*facts, _director(page)]


def actions(page: OpenCase) -> list[dict[str, Any]]:
    number = page.case.number
    if page.case.is_closed:
        return []
    if page.can("case.change"):
        return [{"label": _("Record next step"), "url": reverse("cases:next-step", args=[number]), "primary": True}]
    return []


def menus(page: OpenCase) -> list[dict[str, Any]]:
    drawn = []
    for label, items in (
        (_("Add"), add_items(page.access, page.case)),
        (_("More"), more_items(page.access, page.case)),
    ):
        if items:
            drawn.append({"label": label, "items_list": items})
    return drawn
