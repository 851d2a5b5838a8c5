"""What a dossier says, as it is stored, and the same in words beside the checklist."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.nationalities import country_name, language_name, nationality_name
from handover.intake.cells import PartialDate
from handover.intake.judging import GoodRow
from leidraad.lib.display import date_long, full_name, v_number

# Where somebody may be found at a protected address is in no copy: only named staff read it, on the case.
PLACE_FIELDS = frozenset({"location", "address", "postcode", "place", "residence_form", "address_protected"})
NOT_CONTENT = frozenset({"row_number", "remarks"})

Content = Mapping[str, Any]

DOCUMENTS: Mapping[str, StrOrPromise] = {
    "paspoort": pgettext_lazy("identity document", "passport"),
    "id_kaart": pgettext_lazy("identity document", "identity card"),
    "geboorteakte": pgettext_lazy("identity document", "birth certificate"),
    "laissez_passer": pgettext_lazy("identity document", "laissez-passer"),
    "kopie_paspoort": pgettext_lazy("identity document", "copy of a passport"),
    "overig": pgettext_lazy("identity document", "other document"),
}
EFFECTS: Mapping[str, StrOrPromise] = {
    "auto": gettext_lazy("suspends by law"),
    "tot_vovo_uitspraak": gettext_lazy("suspends until the ruling on interim relief"),
    "geen": gettext_lazy("does not suspend"),
}
MEASURES: Mapping[str, StrOrPromise] = {
    "meldplicht": gettext_lazy("duty to report"),
    "art56": gettext_lazy("restriction of freedom (art. 56)"),
    "art59": gettext_lazy("detention (art. 59)"),
    "art59a": gettext_lazy("detention (art. 59a)"),
    "art59b": gettext_lazy("detention (art. 59b)"),
    "art6": gettext_lazy("border detention (art. 6)"),
}


def content_of(row: GoodRow) -> dict[str, Any]:
    """A good row as JSON for a `DossierVersion`. The place of a protected address is left out: it never enters a dossier."""
    hidden = NOT_CONTENT | (PLACE_FIELDS if row.address_protected else frozenset())
    return {one.name: _json(getattr(row, one.name)) for one in fields(row) if one.name not in hidden}


def open_content(content: Content) -> dict[str, Any]:
    """The content without what tells where a protected person is, or that the address is protected."""
    hidden = PLACE_FIELDS if content.get("address_protected") else frozenset({"address_protected"})
    return {name: value for name, value in content.items() if name not in hidden}


def stated(code: str, content: Content) -> str:
    """What the dossier states about one item of the checklist, in words; empty where it is not for showing here.

    Flags are sensitive: here it says only that they are there, and they open on the case after acceptance.
    """
    words = WORDS.get(code)
    return words(content) if words else ""


def _json(value: Any) -> Any:
    if isinstance(value, PartialDate | date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def day_of(content: Content, name: str) -> str:
    """A date of the dossier in words; a partly known one as it was stated."""
    text = content.get(name)
    try:
        return date_long(date.fromisoformat(text)) if text else ""
    except ValueError:
        return str(text)


def _dates(*labelled: tuple[StrOrPromise, str]) -> Callable[[Content], str]:
    def words(content: Content) -> str:
        found = [(label, day_of(content, name)) for label, name in labelled]
        return ", ".join(f"{label} {day}" for label, day in found if day)

    return words


def _period(content: Content) -> str:
    days = content.get("departure_period_days")
    return "" if days is None else ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _entry_ban(content: Content) -> str:
    years = content.get("entry_ban_years")
    if years is None:
        return ""
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years} if years else _("no entry ban")


def _documents(content: Content) -> str:
    return ", ".join(str(DOCUMENTS.get(code, code)) for code in content.get("documents") or ())


def _measure(content: Content) -> str:
    measure = content.get("measure")
    if not measure:
        return ""
    since = day_of(content, "measure_since")
    words = str(MEASURES.get(measure, measure))
    return _("%(measure)s since %(date)s") % {"measure": words, "date": since} if since else words


def _address(content: Content) -> str:
    """The town or the site only: enough to choose a team by."""
    return "" if content.get("address_protected") else str(content.get("location") or content.get("place") or "")


def _name(content: Content) -> str:
    given = " ".join(content[part] for part in ("first_names", "name_prefix") if content.get(part))
    return full_name(content.get("surname") or "", given)


def _born(content: Content) -> str:
    """As far as it is known; a whole date in words."""
    text = content.get("birth_date") or ""
    return day_of(content, "birth_date") if text.count("-") == 2 else "-".join(reversed(text.split("-")))


WORDS: Mapping[str, Callable[[Content], str]] = {
    "v_number": lambda content: v_number(content.get("v_number")),
    "names": _name,
    "birth_date": _born,
    "nationality": lambda content: nationality_name(content.get("nationality") or ""),
    "flags": lambda content: _("shown after acceptance"),
    "language": lambda content: language_name(content.get("language") or ""),
    "address": _address,
    "lawyer": lambda content: str(content.get("lawyer") or ""),
    "return_decision": _dates(
        (pgettext_lazy("on a date", "decided"), "return_decision_on"),
        (pgettext_lazy("on a date", "notified"), "notified_on"),
    ),
    "departure_period": _period,
    "entry_ban": _entry_ban,
    "procedures": _dates(
        (pgettext_lazy("on a date", "application"), "applied_on"),
        (pgettext_lazy("on a date", "appeal"), "appealed_on"),
        (pgettext_lazy("on a date", "ruling"), "ruled_on"),
    ),
    "suspensive_effect": lambda content: str(EFFECTS.get(content.get("suspensive_effect") or "", "")),
    "identity_documents": _documents,
    "measures": _measure,
    "detention_date": lambda content: day_of(content, "measure_since"),
    "responsible_state": lambda content: country_name(content.get("responsible_state") or ""),
    "claim_accepted": lambda content: day_of(content, "claim_accepted_on"),
    "transfer_deadline": lambda content: day_of(content, "transfer_deadline"),
}
