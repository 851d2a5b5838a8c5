"""The rows of the register of looks: which ones a filter leaves, and each in words. Never what stood on the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import URLResolver, get_resolver, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from leidraad.lib import clock
from leidraad.lib.forms import DateField, Form, TextField
from leidraad.lib.models import Event, EventKind
from leidraad.pages.case_filters import organisation_choices
from leidraad.pages.models import LookReview
from partners.models import Member

DAYS_SHOWN = 7
MOST_MEMBERS = 50
ORDER = ("-at", "-id")


class LookFilterForm(Form):
    """A GET form; what it does not know is no filter. Without a period: the last seven days."""

    lid = TextField(label=gettext_lazy("Member"), max_length=150, required=False)
    organisatie = forms.ChoiceField(label=gettext_lazy("Organisation"), required=False)
    zaak = TextField(label=gettext_lazy("Case number"), max_length=20, required=False)
    soort = forms.ChoiceField(label=pgettext_lazy("look", "Kind"), required=False)
    van = DateField(label=gettext_lazy("From day"), required=False, help_text="")
    tot = DateField(label=gettext_lazy("Up to and including"), required=False, help_text="")
    optional_unmarked = ("lid", "organisatie", "zaak", "soort", "van", "tot")

    def __init__(self, data: Mapping[str, Any]) -> None:
        values = {name: str(data.get(name, "")) for name in self.base_fields}
        self.member_key = int(values["lid"]) if values["lid"].isdecimal() and len(values["lid"]) < 18 else None
        if self.member_key is not None:  # a link from a signal names the key; people read the name
            values["lid"] = (
                Member.objects.filter(pk=self.member_key).values_list("display_name", flat=True).first() or ""
            )
        today = clock.today()
        if not values["van"] and not values["tot"]:
            values["van"] = (today - timedelta(days=DAYS_SHOWN - 1)).strftime("%d-%m-%Y")
        super().__init__(values)
        kinds = sorted(((value, str(label)) for value, label in EventKind.choices), key=lambda pair: pair[1])
        self.fields["organisatie"].choices = [("", _("All")), *organisation_choices()]  # type: ignore[attr-defined]
        self.fields["soort"].choices = [("", _("All")), *kinds]  # type: ignore[attr-defined]
        self.is_valid()

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    @property
    def period(self) -> tuple[datetime | None, datetime | None]:
        first, last = self.value("van"), self.value("tot")
        return (_midnight(first) if first else None, _midnight(last + timedelta(days=1)) if last else None)

    def rows_in_period(self) -> QuerySet[Event]:
        found = Event.objects.all()
        start, upto = self.period
        if start:
            found = found.filter(at__gte=start)
        return found.filter(at__lt=upto) if upto else found

    def rows(self) -> QuerySet[Event]:
        """The looks that pass. One query more when a name was typed."""
        found = self.rows_in_period()
        for name, column in (("organisatie", "organisation"), ("zaak", "case_number"), ("soort", "kind")):
            if self.value(name):
                found = found.filter(**{column: self.value(name)})
        return found.filter(self._members())

    def _members(self) -> Q:
        name = self.value("lid")
        if not name:
            return Q()
        if self.member_key is not None:
            return Q(member_id=self.member_key)
        keys = list(Member.objects.filter(display_name__icontains=name).values_list("pk", flat=True)[:MOST_MEMBERS])
        return Q(member_id=keys[0]) if len(keys) == 1 else Q(member_id__in=keys)


def _midnight(day: date) -> datetime:
    return clock.at(day, datetime.min.time())


@dataclass(frozen=True)
class Look:
    """One line. `where` is the address of the page with its keys left out, as it stands in the address bar."""

    event: Event
    kind: str
    where: str
    details: str
    review: LookReview | None
    organisation: str
    url: str = ""

    @property
    def state(self) -> str:
        """What control came to: "" while nobody asked or judged."""
        if self.review is None:
            return ""
        if self.review.judged_at:
            return _("Judged")
        return _("Waits for explanation") if self.review.waits else _("Explained")


def looks_of(events: Sequence[Event], *, linked: bool) -> list[Look]:
    """The lines of a page. One query, for what control has done with them."""
    reviews = {review.event_id: review for review in LookReview.objects.filter(event_id__in=[one.pk for one in events])}
    return [look_of(event, reviews.get(event.pk), linked=linked) for event in events]


def look_of(event: Event, review: LookReview | None, *, linked: bool) -> Look:
    return Look(
        event=event,
        kind=str(EventKind(event.kind).label),
        where=path_of(event.route),
        details=", ".join(_details(event.detail)),
        review=review,
        organisation=dict(organisation_choices()).get(event.organisation, event.organisation),
        url=reverse("looks:detail", args=[event.pk]) if linked else "",
    )


def _details(detail: Mapping[str, Any]) -> Iterable[str]:
    """How much was shown and how it was chosen, from the parts of the row that cannot name a person."""
    cases = detail.get("cases")
    shown = detail.get("shown", detail.get("hits", len(cases) if isinstance(cases, list) else cases))
    if isinstance(shown, int):
        yield ngettext("%(count)d line", "%(count)d lines", shown) % {"count": shown}
    if detail.get("filters"):
        yield _("filters: %(names)s") % {"names": ", ".join(map(str, detail["filters"]))}
    if detail.get("status"):
        yield _("answer %(status)s") % {"status": detail["status"]}
    if detail.get("opened") == "protected_address":
        yield _("protected address")


@lru_cache(maxsize=1)
def _paths() -> Mapping[str, str]:
    found: dict[str, str] = {}

    def walk(resolver: URLResolver, namespace: str, before: str) -> None:
        for pattern in resolver.url_patterns:
            path = before + "".join(_step(part) for part in str(pattern.pattern).split("<"))
            if isinstance(pattern, URLResolver):
                walk(pattern, f"{pattern.app_name}:" if pattern.app_name else namespace, path)
            elif pattern.name:
                found[f"{namespace}{pattern.name}"] = path

    walk(get_resolver(), "", "/")
    return found


def _step(part: str) -> str:
    """ "str:number>/verblijf/" becomes "…/verblijf/"."""
    _key, closed, rest = part.partition(">")
    return f"…{rest}" if closed else part


def path_of(route: str) -> str:
    """The address of a page without its keys; the name itself for a page that has gone."""
    return _paths().get(route, route).replace("//", "/")
