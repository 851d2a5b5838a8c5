"""What the dossiers of a case state about its procedure, for the rooms below that ask: registered with `cases.procedure`."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from cases.case.models import ReturnCase
from cases.case.nationalities import country_name
from cases.procedure.stated import StatedProcedure, register_reader
from handover.content import day_of, stated
from handover.models import DossierVersion

REGIMES: Mapping[str, StrOrPromise] = {
    "pact": gettext_lazy("current law (Pact)"),
    "oud": gettext_lazy("former law"),
}
EFFECT_SENTENCES: Mapping[str, StrOrPromise] = {
    "auto": gettext_lazy(
        "An appeal suspends removal by law until its term has passed or the court has ruled (Vw 82; objection: Vw 73)."
    ),
    "tot_vovo_uitspraak": gettext_lazy(
        "No removal until the term for interim relief has passed or, if it was asked in time, the ruling on it"
        " (Vw 82; Vb 7.3)."
    ),
    "geen": gettext_lazy("An appeal does not suspend removal (Vw 82)."),
}
DATES: tuple[tuple[StrOrPromise, str], ...] = (
    (pgettext_lazy("procedure", "Application lodged"), "applied_on"),
    (pgettext_lazy("procedure", "Return decision"), "return_decision_on"),
    (pgettext_lazy("procedure", "Decision notified"), "notified_on"),
)
COURT: tuple[tuple[StrOrPromise, str], ...] = (
    (pgettext_lazy("procedure", "Appeal lodged"), "appealed_on"),
    (pgettext_lazy("procedure", "Ruling"), "ruled_on"),
)


def register() -> None:
    """Called once when the app is ready."""
    register_reader(procedure_of)


def procedure_of(case: ReturnCase) -> StatedProcedure | None:
    """The latest version of the case's dossiers, in words. One query. No place, no flag and no comment is read."""
    current = DossierVersion.objects.filter(dossier__case=case, number=F("dossier__version_number"))
    version = current.select_related("dossier").order_by("-created_at", "-pk").first()
    if version is None:
        return None
    content: Mapping[str, Any] = version.content
    return StatedProcedure(
        sender=version.dossier.supplier,
        handed_in_at=version.created_at,
        facts=_facts(content),
        effect=str(EFFECT_SENTENCES.get(content.get("suspensive_effect") or "", "")),
    )


def _facts(content: Mapping[str, Any]) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [(_("Applicable law"), str(REGIMES.get(content.get("regime") or "", "")))]
    facts += [(str(label), day_of(content, name)) for label, name in DATES]
    facts.append((_("Country of return"), country_name(content.get("return_country") or "")))
    facts.append((_("Departure period"), stated("departure_period", content)))
    return facts + [(str(label), day_of(content, name)) for label, name in COURT]
