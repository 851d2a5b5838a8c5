"""A planned household as rows of a dossier file, in the format that senders use. V-numbers that cannot exist: 9995…"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from handover.intake.columns import COLUMNS
from leidraad.pages.demo.figures import BOOKED, DOCUMENT, FORCED, PLANNING, READY, RECEIVED
from leidraad.pages.demo.placing import ASYLUM, CRIMINAL, DUBLIN, FOUND
from leidraad.pages.demo.plan import lacks_document, v_number
from leidraad.pages.demo.planned import PlannedHousehold, PlannedPerson

HEADER = [column.name for column in COLUMNS]
PACT_FROM = date(2026, 6, 12)
MEMBER_STATES = ("DEU", "BEL", "FRA", "ITA", "ESP", "BGR", "HRV", "AUT")
LAWYERS = ("", "", "mr. Van Daalen", "mr. Klerks", "mr. Blom", "mr. Osinga", "mr. Terpstra-Vos")
HELD = ("dc", "ggv")
NO_COUNTRY = ("XXA", "XXX")
# Days from application to decision in a procedure of at most three months.
SHORTEST, LONGEST = 28, 84
# Days between lodging and a transfer decision: the request and the reply lie between them.
SHORTEST_DUBLIN, DAYS_DUBLIN = 60, 90
COPIES = ("kopie_paspoort", "id_kaart", "geboorteakte;kopie_paspoort")


def rows_of(household: PlannedHousehold, *, seed: int) -> Iterator[dict[str, str]]:
    """One row a person. Everything that chance decides follows from the seed and the number of the household."""
    chance = Random(f"dossier-{seed}-{household.number}")  # noqa: S311 - invented people, not secrets
    shared = _shared(household, chance)
    for person in household.persons:
        yield shared | _personal(household, person, chance)


def _shared(household: PlannedHousehold, chance: Random) -> dict[str, str]:
    stay = household.stay
    row = dict.fromkeys(HEADER, "") | {
        "aanleveraar": household.supplier,
        "nationaliteit": household.nationality,
        "nationaliteit_status": chance.choice(("gesteld", "gesteld", "vastgesteld")),
        "taal": household.language,
        "gezin": "" if household.is_alone else f"G{household.number}",
        "verblijfsvorm": stay.form,
        "locatie": stay.text,
        "adres": stay.street,
        "postcode": stay.postcode,
        "plaats": stay.city,
        "adres_beschermd": "ja" if stay.protected else "nee",
        "grond": household.ground,
        "gemachtigde": _lawyer(household, chance),
    }
    return row | law_of(household, chance) | _measure(household)


def _lawyer(household: PlannedHousehold, chance: Random) -> str:
    """Who is detained always has one; of the others the dossier does not always name one."""
    named = chance.choice(LAWYERS)
    return named or (LAWYERS[-1 - household.number % 5] if household.stay.form in HELD else "")


def _personal(household: PlannedHousehold, person: PlannedPerson, chance: Random) -> dict[str, str]:
    return {
        "referentie": f"{household.supplier}-{household.delivered:%Y}-{person.number + 1:06d}",
        "v_nummer": v_number(person),
        "achternaam": person.surname,
        "voornamen": person.given_names,
        "aliassen": ";".join(person.aliases),
        "geboortedatum": str(person.born.year) if person.partial_birth else person.born.isoformat(),
        "geslacht": person.sex,
        "gezinsrol": person.role,
        "alleenstaand_minderjarig": "ja" if household.is_alone_minor else "nee",
        "inreisverbod_jaren": "2" if person.entry_ban else chance.choice(("", "0")),
        "signalen": ";".join(person.signals),
        "documenten": documents_of(household, chance),
    }


def documents_of(household: PlannedHousehold, chance: Random) -> str:
    """What the phase calls for: a passport when the documents are complete, nothing while the plan is being made."""
    if household.phase == READY:
        return chance.choice(("paspoort", "paspoort", "laissez_passer"))
    if household.phase == PLANNING or lacks_document(household):
        return ""
    if household.phase == DOCUMENT:
        return chance.choice(COPIES)
    return chance.choice(("paspoort", "", *COPIES))


def _measure(household: PlannedHousehold) -> dict[str, str]:
    since = (household.delivered - timedelta(days=1)).isoformat()
    if household.stay.form in HELD:
        return {"maatregel": "art59a" if household.ground == DUBLIN else "art59", "maatregel_sinds": since}
    return {"maatregel": "art56", "maatregel_sinds": since} if household.stay.form in ("vbl", "gl") else {}


def law_of(household: PlannedHousehold, chance: Random) -> dict[str, str]:
    """What is stated of the law, by column. A decision to return names the country of nationality, if there is one."""
    decided = household.delivered - timedelta(days=chance.randint(12, 90))
    facts = {"terugkeerbesluit_op": decided.isoformat(), "bekendgemaakt_op": (decided + timedelta(days=3)).isoformat()}
    to = {} if household.nationality in NO_COUNTRY else {"land_van_terugkeer": household.nationality}
    if household.ground in (FOUND, CRIMINAL):
        return facts | to | {"vertrektermijn_dagen": "0"}
    applied = _applied(household, decided, chance)
    facts |= {"aanvraag_op": applied.isoformat(), "regime": "pact" if applied >= PACT_FROM else "oud"}
    if household.ground == DUBLIN:
        agreed = decided - timedelta(days=10)
        return facts | {
            "verantwoordelijke_lidstaat": chance.choice(MEMBER_STATES),
            "claimakkoord_op": agreed.isoformat(),
            "uiterste_overdrachtsdatum": (agreed + timedelta(days=183)).isoformat(),
        }
    facts |= to | {"vertrektermijn_dagen": "28", "schorsend": chance.choice(("geen", "auto", ""))}
    return facts | _appeal(household, decided)


def _applied(household: PlannedHousehold, decided: date, chance: Random) -> date:
    """Half of those who were refused soon enough after the Pact began went through a procedure of at most three months."""
    days, since = chance.randint(90, 400), (decided - PACT_FROM).days
    if household.ground == DUBLIN:
        days = SHORTEST_DUBLIN + days % DAYS_DUBLIN
    if household.ground == ASYLUM and household.number % 2 and since >= SHORTEST:
        days = SHORTEST + days % (min(since, LONGEST) - SHORTEST + 1)
    return decided - timedelta(days=days)


def _appeal(household: PlannedHousehold, decided: date) -> dict[str, str]:
    """Some dossiers tell of an appeal: of which the court has ruled where the case went on."""
    if household.phase not in (RECEIVED, PLANNING, FORCED, BOOKED) or household.number % 4:
        return {}
    lodged = {"beroep_ingesteld_op": (decided + timedelta(days=8)).isoformat()}
    if household.phase in (FORCED, BOOKED):
        lodged["uitspraak_op"] = (household.delivered - timedelta(days=3)).isoformat()
    return lodged


def write_file(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
