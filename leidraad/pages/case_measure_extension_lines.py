"""The decisions to extend one measure, as its page shows them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.supervision.extending import Lasting, Stretch
from cases.supervision.measure_rules import Record
from cases.supervision.models import MeasureExtension
from leidraad.lib.display import date_long
from leidraad.pages.case_frame import OpenCase


@dataclass(frozen=True)
class ExtensionLine:
    """`void_url` is there for who may strike the decision out."""

    extension: MeasureExtension
    mark: tuple[str, str]
    until: str
    void_url: str = ""

    @property
    def name(self) -> str:
        return _("decision of %(date)s") % {"date": date_long(self.extension.decided_on)}


@dataclass(frozen=True)
class ExtensionPanel:
    """`now` says until when the measure may stand; `url` is where a decision is recorded, for who may."""

    lines: list[ExtensionLine]
    now: str
    source: str
    is_former_b: bool
    url: str = ""


def panel_of(page: OpenCase, record: Record, *, may_change: bool) -> ExtensionPanel | None:
    """None for a measure that no decision extends, or that nobody has confirmed."""
    measure, known = record.measure, record.lasting
    if known is None or measure.stated:
        return None
    url = ""
    if may_change and measure.is_running:
        url = reverse("cases:measure-extend", args=[page.case.number, measure.pk])
    did = {one.extension.pk: one for one in known.stretches}
    lines = [_line(page, one, did.get(one.pk), may_change=may_change) for one in record.extensions]
    return ExtensionPanel(lines, _now(known), record.kind.source, known.rule == "det-59b-old", url)


def _now(known: Lasting) -> str:
    words = {"first": date_long(known.first), "end": date_long(known.end), "most": date_long(known.most)}
    if known.counting and known.end >= known.most:
        return _("The measure may last until and including %(end)s. No further extension is possible.") % words
    if known.counting:
        return _("The measure may last until and including %(end)s. Extended further: until %(most)s at most.") % words
    return (
        _("Without a decision to extend the measure ends after %(first)s. With one it may last until %(most)s at most.")
        % words
    )


def _line(page: OpenCase, one: MeasureExtension, did: Stretch | None, *, may_change: bool) -> ExtensionLine:
    void_url = ""
    if one.voided_at is None and may_change:
        void_url = reverse("cases:measure-extension-void", args=[page.case.number, one.measure_id, one.pk])
    until = date_long(one.until)
    if did is None:
        return ExtensionLine(one, ("na", pgettext("measure", "Struck out")), until, void_url)
    if did.end is None:
        return ExtensionLine(one, ("warn", _("Told too late: does not count")), until, void_url)
    if did.end < one.until:
        until = _("%(said)s; counted until %(end)s") % {"said": until, "end": date_long(did.end)}
    return ExtensionLine(one, ("ok", _("Told in time")), until, void_url)
