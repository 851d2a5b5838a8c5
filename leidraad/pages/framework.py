"""*Kader*: every rule, guard and ground of a stop in plain words, with its source and how sure it is. Nobody's data.

A deadline, a stop or a guard elsewhere links here by the id of its rule or ground: `/kader/#period-std`,
`/kader/waarborgen/#G05`, `/kader/stops/#art64`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from cases.terms.models import (
    About,
    Act,
    Group,
    GuardAct,
    GuardSetting,
    GuardVersion,
    ReminderStep,
    RuleVersion,
    Scope,
    StopGround,
)
from cases.terms.words import certainty, validity_mark
from leidraad.lib import clock
from leidraad.lib.events import shows_nobody
from leidraad.lib.forms import Form, TextField
from leidraad.pages.stop_lines import acts_words
from partners.http import UserRequest, signed_in
from partners.models import Organisation
from partners.policy import SENSITIVE

SEARCHED = ("title", "plain", "starts", "at_end", "exceptions", "note", "source")
SEARCHED_GUARDS = ("title", "condition", "changed_by", "source")
SEARCHED_STOPS = ("name", "length", "ends", "reason", "source")
EFFECT_MARKS = {"block": "no", "warn": "warn", "none": "na"}


class FrameworkForm(Form):
    """A GET form; a group it does not know is no filter."""

    zoek = TextField(label=gettext_lazy("Search words"), max_length=80, required=False)
    groep = forms.ChoiceField(label=gettext_lazy("Group of rules"), required=False)
    optional_unmarked = ("zoek", "groep")

    def __init__(self, data: QueryDict, *, with_groups: bool = True) -> None:
        super().__init__(data)
        self.query = data
        self.fields["groep"].choices = [("", _("All groups")), *Group.choices]  # type: ignore[attr-defined]  # a choice field
        if not with_groups:
            del self.fields["groep"]

    @cached_property
    def words(self) -> list[str]:
        self.is_valid()
        return str(self.cleaned_data.get("zoek") or "").casefold().split()

    @cached_property
    def group(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("groep") or ""

    def finds(self, code: str, version: object, fields: Sequence[str]) -> bool:
        text = " ".join([code, *(str(getattr(version, name)) for name in fields)]).casefold()
        return all(word in text for word in self.words)

    def chosen(self, url: str) -> list[dict[str, str]]:
        """What is filtered on, each with the address without it."""
        labels = {"zoek": " ".join(self.words), "groep": str(dict(Group.choices).get(self.group, ""))}
        tags = []
        for name in [name for name, label in labels.items() if label]:
            rest = self.query.copy()
            rest.pop(name, None)
            tags.append({"label": labels[name], "remove_url": f"{url}?{rest.urlencode()}" if rest else url})
        return tags


@dataclass(frozen=True)
class RuleEntry:
    """One rule as the page shows it: the version that counts, or the last one, and the others."""

    code: str
    version: RuleVersion
    others: list[RuleVersion]

    @property
    def mark(self) -> str:
        return validity_mark(self.version)

    @property
    def certainty(self) -> list[str]:
        return certainty(self.version)


@dataclass(frozen=True)
class Section:
    key: str
    label: str
    entries: list[RuleEntry]


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix, with the act in words for the phone."""

    act: str
    mark: str
    effect: str
    reason: str


@dataclass(frozen=True)
class GuardEntry:
    code: str
    version: GuardVersion
    cells: list[Cell]
    others: list[GuardVersion]

    @property
    def mark(self) -> str:
        return EFFECT_MARKS[self.version.level]

    @property
    def certainty(self) -> list[str]:
        return certainty(self.version)


@dataclass(frozen=True)
class GroundEntry:
    """A ground of a stop, with the organisations that place it by their names."""

    one: StopGround
    names: Mapping[str, str]

    @property
    def placers(self) -> str:
        return ", ".join(self.names.get(code, code) for code in self.one.placers)

    @property
    def forbids(self) -> str:
        return acts_words(self.one.acts)

    @property
    def scopes(self) -> str:
        return ", ".join(str(Scope(scope).label) for scope in self.one.scopes)

    @property
    def is_sensitive(self) -> bool:
        return self.one.section in SENSITIVE


@require_GET
@signed_in
@shows_nobody
def rules(request: UserRequest) -> HttpResponse:
    """The rules by group, found by word."""
    form = FrameworkForm(request.GET)
    url = reverse("pages:framework")
    found = [entry for entry in rule_entries() if _is_found(entry, form)]
    context = {
        "sections": _sections(found),
        "count": len(found),
        "filter_form": form,
        "chosen": form.chosen(url),
        "clear_url": url,
        "reminders": [] if form.words or form.group else reminder_entries(),
    }
    return render(request, "pages/framework/rules.html", context)


@require_GET
@signed_in
@shows_nobody
def guards(request: UserRequest) -> HttpResponse:
    """The guards, and which act each of them holds."""
    form = FrameworkForm(request.GET, with_groups=False)
    url = reverse("pages:guards")
    entries = [entry for entry in guard_entries() if form.finds(entry.code, entry.version, SEARCHED_GUARDS)]
    context = {
        "entries": entries,
        "acts": [str(act.label) for act in Act],
        "settings": GuardSetting.objects.in_force(clock.today()),
        "filter_form": form,
        "chosen": form.chosen(url),
        "clear_url": url,
    }
    return render(request, "pages/framework/guards.html", context)


@require_GET
@signed_in
@shows_nobody
def stops(request: UserRequest) -> HttpResponse:
    """On which grounds a stop is placed: by whom, what it forbids and how it ends."""
    form = FrameworkForm(request.GET, with_groups=False)
    url = reverse("pages:stop-grounds")
    names = {one.code: one.short_name for one in Organisation.objects.all()}
    grounds = StopGround.objects.in_force(clock.today())
    found = [GroundEntry(one, names) for one in grounds if form.finds(one.code, one, SEARCHED_STOPS)]
    context = {"entries": found, "filter_form": form, "chosen": form.chosen(url), "clear_url": url}
    return render(request, "pages/framework/stops.html", context)


def _is_found(entry: RuleEntry, form: FrameworkForm) -> bool:
    in_group = form.group in ("", entry.version.rule.group)
    return in_group and form.finds(entry.code, entry.version, SEARCHED)


def rule_entries() -> list[RuleEntry]:
    """All rules in the order of the catalogue; three queries whatever their number."""
    counting = set(RuleVersion.objects.in_force(clock.today()).values_list("pk", flat=True))
    versions = RuleVersion.objects.select_related("rule").prefetch_related("durations")
    entries = []
    for code, group in groupby(versions, key=lambda version: version.rule.code):
        of_rule = list(group)
        shown = next((version for version in of_rule if version.pk in counting), of_rule[0])
        others = [version for version in of_rule if version is not shown]
        entries.append(RuleEntry(code, shown, others))
    return entries


@dataclass(frozen=True)
class ReminderEntry:
    """One step of the schedule by which people are reminded."""

    terms: str
    when: str
    audience: str
    version: int
    since: date


def reminder_entries() -> list[ReminderEntry]:
    """Liberty first, then by day, stops at the end. One query."""
    steps = ReminderStep.objects.in_force(clock.today())
    shown = sorted(
        (one for one in steps if not one.is_off),
        key=lambda one: (one.about == About.STOP, not one.is_liberty, one.days),
    )
    return [
        ReminderEntry(_what(one), _when(one), one.get_audience_display(), one.number, one.valid_from) for one in shown
    ]


def _what(step: ReminderStep) -> str:
    if step.about == About.STOP:
        return _("Stops")
    return _("Terms of liberty") if step.is_liberty else _("All other terms")


def _when(step: ReminderStep) -> str:
    if step.days == 0:
        return _("on the last day")
    words = {"count": abs(step.days)}
    if step.days < 0:
        return ngettext("%(count)s day before the last day", "%(count)s days before the last day", -step.days) % words
    if step.repeats:
        return _("each day after the last day, as long as it is not done")
    return ngettext("%(count)s day after the last day", "%(count)s days after the last day", step.days) % words


def _sections(entries: Iterable[RuleEntry]) -> list[Section]:
    labels = dict(Group.choices)
    by_group = groupby(entries, key=lambda entry: entry.version.rule.group)
    return [Section(key, str(labels[key]), list(group)) for key, group in by_group]


def guard_entries() -> list[GuardEntry]:
    today = clock.today()
    cells: dict[int, dict[str, GuardAct]] = {}
    for cell in GuardAct.objects.in_force(today):
        cells.setdefault(cell.guard_id, {})[cell.act] = cell
    counting = set(GuardVersion.objects.in_force(today).values_list("pk", flat=True))
    entries = []
    for code, group in groupby(GuardVersion.objects.select_related("guard"), key=lambda version: version.guard.code):
        of_guard = list(group)
        shown = next((version for version in of_guard if version.pk in counting), of_guard[0])
        row = cells.get(shown.guard_id, {})
        acts = [_cell(row[act]) for act in Act.values if act in row]
        entries.append(GuardEntry(code, shown, acts, [version for version in of_guard if version is not shown]))
    return entries


def _cell(cell: GuardAct) -> Cell:
    return Cell(cell.get_act_display(), EFFECT_MARKS[cell.effect], cell.get_effect_display(), cell.reason)
