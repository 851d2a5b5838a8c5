"""The four conditions of an enforced removal, as DT&V's picture of the process names them (2021, read from a picture)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.case.models import Axis, AxisEntry, Phase, Removability, TravelDocumentStage
from cases.terms.guards.known import Known
from cases.terms.models import Act
from leidraad.lib import clock
from leidraad.lib.display import date_long
from leidraad.pages.case_frame import OpenCase

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = "met", "not_met", "unknown", "na"


@dataclass(frozen=True)
class Condition:
    """`state` as the kit draws conditions; `note` says what it rests on, with source and day."""

    title: str
    state: str
    note: str = ""
    url: str = ""


def conditions_of(page: OpenCase, known: Known, act: Act) -> list[Condition]:
    """Each only for who may see its section; whether somebody is detained leaves no trace for others."""
    entries = {one.axis: one for one in page.case.axis_entries.filter(superseded_at=None)}
    by_choice = act is Act.OWN_DEPARTURE
    found = []
    if page.can("removability.view"):
        found.append(_removable(known, act))
    if page.can("residence.view"):
        found.append(_available(page, entries.get(Axis.RESIDENCE)))
    if page.can("custody.view"):
        found.append(_detained(known, by_choice=by_choice))
    if page.can("travel_document.view"):
        found.append(_document(page, entries.get(Axis.TRAVEL_DOCUMENT)))
    return found


def _removable(known: Known, act: Act) -> Condition:
    title, answer = _("Legally removable"), known.answer
    if act is Act.OWN_DEPARTURE:
        return Condition(title, NOT_APPLICABLE, _("Nobody is kept from leaving by choice."))
    if answer is None or answer.on is None:
        return Condition(title, UNKNOWN, _("no answer of IND yet"))
    told = _("%(value)s, %(source)s, %(date)s") % {
        "value": Removability(answer.value).label,
        "source": answer.source,
        "date": date_long(answer.on),
    }
    if answer.doubted or (answer.valid_until is not None and answer.valid_until < clock.today()):
        return Condition(title, UNKNOWN, _("%(told)s (expired or possibly overtaken)") % {"told": told})
    yes = answer.value == Removability.REMOVABLE or (act is Act.DUBLIN_TRANSFER and answer.ground == "transfer_only")
    return Condition(title, MET if yes else NOT_MET, told)


def _told(entry: AxisEntry | None) -> str:
    if entry is None:
        return ""
    return _("%(source)s, %(date)s") % {"source": entry.source, "date": date_long(entry.since)}


def _available(page: OpenCase, entry: AxisEntry | None) -> Condition:
    title, case = _("Available"), page.case
    if case.phase == Phase.WHEREABOUTS_UNKNOWN:
        return Condition(title, NOT_MET, _("whereabouts unknown"))
    if case.residence_form in ("", "unknown"):
        return Condition(title, UNKNOWN, _("where the person stays is not recorded"))
    return Condition(title, MET, _told(entry))


def _detained(known: Known, *, by_choice: bool) -> Condition:
    title = _("Placed in detention")
    if by_choice:
        return Condition(title, NOT_APPLICABLE, _("Nobody is detained to leave by choice."))
    if not known.custody:
        return Condition(title, NOT_MET, _("no measure that takes liberty is recorded"))
    last = known.custody[-1]
    told = _("%(source)s, %(date)s") % {"source": last.source, "date": date_long(last.on)}
    return Condition(title, MET if last.confirmed else UNKNOWN, told)


def _document(page: OpenCase, entry: AxisEntry | None) -> Condition:
    stage = TravelDocumentStage(page.case.travel_document)
    title = pgettext("condition", "Valid travel document")
    if stage is TravelDocumentStage.UNKNOWN:
        return Condition(title, UNKNOWN, str(stage.label))
    told = ", ".join(part for part in (str(stage.label), _told(entry)) if part)
    return Condition(title, MET if stage is TravelDocumentStage.PRESENT else NOT_MET, told)
