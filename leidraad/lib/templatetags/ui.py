"""The template vocabulary of every screen: see docs/ui-kit.md for one example of each."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leidraad.lib import clock, display, marks

register = template.Library()

BUTTON_WORDS = {
    "primary": "utrecht-button--primary-action",
    "secondary": "utrecht-button--secondary-action",
    "subtle": "utrecht-button--subtle",
    "danger": "utrecht-button--danger",
    "small": "btn--small",
    "big": "btn--big",
    "wide": "btn--wide",
}


# Dates and numbers. `date_*` take a date or a datetime.
register.filter("date_long", display.date_long, expects_localtime=True)
register.filter("date_weekday", display.date_weekday, expects_localtime=True)
register.filter("date_table", display.date_table, expects_localtime=True)
register.filter("date_short", display.date_short, expects_localtime=True)
register.filter("date_time", display.date_time, expects_localtime=True)
register.filter("clock_time", display.time_of_day, expects_localtime=True)
register.filter("moment_short", display.moment_short, expects_localtime=True)
register.filter("in_days", display.in_days, expects_localtime=True)
register.filter("days_since", display.days_since, expects_localtime=True)
register.filter("ago", display.ago, expects_localtime=True)
register.filter("number", display.number)
register.filter("v_number", display.v_number)
register.filter("shown", display.shown)


@register.filter
def age(born: date | None) -> int | str:
    """Whole years today."""
    years = display.age_on(born)
    return "" if years is None else years


@register.simple_tag
def datetime_tag(value: date | datetime | None, text: str | None = None) -> SafeString | str:
    """`<time>` with the machine-readable moment, so that a script can add a countdown."""
    if value is None:
        return ""
    shown = text or (display.date_time(value) if isinstance(value, datetime) else display.date_long(value))
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


# Status and organisations.
@register.simple_tag
def mark(kind: str, text: object, icon: str | None = None) -> SafeString:
    """A status tag: late, warn, ok, no, unknown, todo, na, planned, info, none."""
    return marks.mark(kind, text, icon)


@register.simple_tag
def shape(name: str, size: int = 16) -> SafeString:
    """A status shape alone, beside a word that says the same."""
    return marks.shape(name, size)


@register.simple_tag
def condition(state: str, size: int = 16) -> SafeString:
    """The shape of a condition: met, not_met, unknown, na, todo, done, present, absent, late, warn."""
    return marks.shape(marks.CONDITIONS[str(state)][0], size)


@register.filter
def condition_word(state: str) -> str:
    """The word of a condition: voldaan, niet voldaan, onbekend, ..."""
    return str(marks.CONDITIONS[str(state)][1])


@register.simple_tag
def org(name: object) -> SafeString:
    """An organisation as outlined text."""
    return marks.org(name)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A decorative lucide icon."""
    # `+ ""` makes a plain str of the safe string the parser hands over, which lucide's cache cannot tell apart.
    return marks.icon(name + "", size)


# Names and the kinds of nothing.
@register.simple_tag
def full_name(surname: str, given: str = "") -> SafeString:
    """SURNAME, Given, isolated from the direction of the text around it."""
    return display.name_html(surname, given)


@register.filter
def bdi(value: object) -> SafeString | str:
    """Text that may be in another script or direction."""
    return "" if value in (None, "") else format_html('<bdi dir="auto">{}</bdi>', value)


@register.simple_tag
def not_recorded() -> SafeString:
    """You may see it, nobody filled it."""
    return display.not_recorded()


@register.simple_tag
def masked() -> SafeString:
    """You may not see it."""
    return display.masked()


# Buttons.
@register.simple_tag
def btn(words: str = "secondary") -> str:
    """Class names for a button or a link that looks like one: `class="{% btn 'primary small' %}"`."""
    chosen = words.split()
    if not {"primary", "secondary", "subtle"} & set(chosen):
        chosen.insert(0, "secondary")
    return " ".join(["utrecht-button", *(BUTTON_WORDS[word] for word in chosen)])


# Bars without inline style: a bar is an SVG, so its length is an attribute.
@register.simple_tag
def bar(value: float, maximum: float) -> SafeString:
    """A horizontal bar, decoration beside the number itself."""
    share = 0.0 if not maximum else max(0.0, min(float(value) / float(maximum), 1.0))
    return format_html(
        '<svg class="bar" viewBox="0 0 100 11" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="11"/></svg>',
        f"{share * 100:.1f}",
    )


@register.filter
def has_errors(forms: object) -> bool:
    """Whether a form, formset or list of forms was sent with mistakes; never validates an unsent one."""
    many = forms if isinstance(forms, list | tuple) else [forms]
    return any(getattr(form, "is_bound", False) and getattr(form, "errors", None) for form in many if form)


@register.filter
def first_input_id(field: BoundField) -> str:
    """Where a link of the error summary leads: a group's first control, or the control itself."""
    widgets = field.subwidgets
    if field.use_fieldset and widgets:
        first = widgets[0].data.get("subwidgets", [widgets[0].data])[0]
        return str(first["attrs"].get("id", field.auto_id))
    return str(field.id_for_label or field.auto_id)


@register.simple_tag
def current_moment() -> datetime:
    """Now, by the product's one clock."""
    return clock.now()


@register.filter
def part_label(name: str) -> str:
    """The label of one box of a date or moment, by the end of its name."""
    words = {"day": _("Day"), "month": _("Month"), "year": _("Year"), "date": _("Date"), "time": _("Time")}
    return words.get(str(name).rpartition("_")[2], "")
