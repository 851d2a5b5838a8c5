"""What a good row means for the person and the case. Pure: no database, no clock."""

from collections.abc import Mapping
from datetime import date

from cases.case.models import Ground, HouseholdRole, Sex, SignalKind, SpecialGroup, TravelDocumentStage
from handover.intake.judging import GoodRow

# Shorter than what the file allows; the dossier keeps the whole text.
RESIDENCE_TEXT, ALIAS, POSTCODE, CITY = 120, 200, 10, 100
OF_AGE = 18

GROUNDS: Mapping[str, Ground] = {
    "asiel_afgewezen": Ground.ASYLUM_REFUSED,
    "dublin": Ground.DUBLIN,
    "geen_rechtmatig_verblijf": Ground.NO_LAWFUL_STAY,
    "bescherming_elders_eu": Ground.PROTECTION_ELSEWHERE,
    "regulier_ingetrokken": Ground.REGULAR_WITHDRAWN,
    "vris": Ground.CRIMINAL,
    "eigen_verzoek": Ground.OWN_REQUEST,
}
ROLES: Mapping[str, str] = {
    "": "",
    "hoofd": HouseholdRole.HEAD,
    "partner": HouseholdRole.PARTNER,
    "kind": HouseholdRole.CHILD,
    "overig": HouseholdRole.OTHER,
}
SIGNALS: Mapping[str, SignalKind] = {
    "medisch": SignalKind.MEDICAL,
    "zwanger": SignalKind.PREGNANT,
    "mensenhandel": SignalKind.TRAFFICKING,
    "openbare_orde": SignalKind.PUBLIC_ORDER,
    "suicide": SignalKind.SUICIDE_RISK,
    "minderjarig": SignalKind.MINOR,
}
TRAVEL_DOCUMENTS = frozenset({"paspoort", "laissez_passer"})


def sex_of(row: GoodRow) -> str:
    return Sex.UNKNOWN if row.sex == "onbekend" else row.sex


def established(row: GoodRow) -> bool | None:
    return {"vastgesteld": True, "gesteld": False}.get(row.nationality_status)


def travel_document_of(row: GoodRow) -> TravelDocumentStage:
    """A passport or laissez-passer counts as a travel document, anything else not; nothing named says nothing."""
    if TRAVEL_DOCUMENTS & set(row.documents):
        return TravelDocumentStage.PRESENT
    return TravelDocumentStage.COPY_ONLY if row.documents else TravelDocumentStage.UNKNOWN


def signals_of(row: GoodRow) -> list[SignalKind]:
    return [SIGNALS[flag] for flag in row.flags]


def aliases_of(row: GoodRow) -> list[str]:
    return list(dict.fromkeys(name[:ALIAS] for name in row.aliases))


def is_minor(row: GoodRow, today: date) -> bool:
    """Whether this member of a household may be under age. An uncertain birth date counts in favour of the child."""
    if row.birth_date is None:
        return row.household_role == "kind" or "minderjarig" in row.flags
    year, month, day = row.birth_date
    return (year + OF_AGE, month or 12, day or 31) > (today.year, today.month, today.day)


def special_group_of(row: GoodRow, *, with_minors: bool) -> SpecialGroup:
    """One group per case. A child alone weighs heaviest, then the criminal ground, then the family."""
    if row.unaccompanied_minor:
        return SpecialGroup.UNACCOMPANIED_MINOR
    if row.ground == "vris":
        return SpecialGroup.FOREIGN_OFFENDER
    return SpecialGroup.FAMILY_WITH_MINORS if with_minors else SpecialGroup.NONE


def residence_form_of(row: GoodRow) -> str:
    """Nothing for a protected address: the form of a shelter would tell what the address must not."""
    return "" if row.address_protected else row.residence_form


def residence_text_of(row: GoodRow) -> str:
    if row.address_protected:
        return ""
    text = row.location or row.place
    return text if len(text) <= RESIDENCE_TEXT else text[: RESIDENCE_TEXT - 1] + "…"


def address_of(row: GoodRow) -> dict[str, str]:
    """Street, postcode and city; empty when the row has none of them. A postcode that is too long stands before the city."""
    if not (row.address or row.postcode or row.place):
        return {}
    if len(row.postcode) <= POSTCODE:
        return {"street": row.address, "postcode": row.postcode, "city": row.place}
    return {"street": row.address, "postcode": "", "city": f"{row.postcode} {row.place}".strip()[:CITY]}
