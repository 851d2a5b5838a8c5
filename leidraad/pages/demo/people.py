"""Invented people as rows of a dossier file, the same for the same seed and day. V-numbers that cannot exist: 9995…"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from handover.intake.columns import COLUMNS

T = TypeVar("T")
FIRST_V_NUMBER = 9_995_000_000
HEADER = [column.name for column in COLUMNS]
SUPPLIERS = (("IND", 76), ("AVIM", 18), ("KMAR", 6))
GROUNDS = {
    "IND": (("asiel_afgewezen", 60), ("dublin", 28), ("bescherming_elders_eu", 6), ("regulier_ingetrokken", 6)),
    "AVIM": (("geen_rechtmatig_verblijf", 85), ("vris", 15)),
    "KMAR": (("geen_rechtmatig_verblijf", 100),),
}
PLACES = (
    (("azc", "azc Veenmeer", "Dorpsweg 40", "9999 XA", "Veenmeer"), 34),
    (("azc", "azc Oosterhaar", "Kanaalkade 12", "9999 XB", "Oosterhaar"), 14),
    (("gl", "gl Oosterhaar", "Kanaalkade 20", "9999 XB", "Oosterhaar"), 10),
    (("no", "noodopvang Sportlaan", "Sportlaan 8", "9999 XE", "Veenmeer"), 10),
    (("vbl", "vbl Noorderend", "Grensweg 2", "9999 XF", "Noorderend"), 6),
    (("dc", "dc Maasvliet", "Dijkweg 100", "9999 XG", "Maasvliet"), 5),
    (("prive", "", "Lindelaan {number}", "9999 XA", "Veenmeer"), 15),
    (("prive", "", "Havenstraat {number}", "9999 XD", "Waterhoek"), 6),
)
MEMBER_STATES = ("DEU", "BEL", "FRA", "ITA", "ESP", "BGR")
SIGNALS = ("", "", "", "", "", "", "medisch", "", "openbare_orde", "medisch;suicide", "", "zwanger")
DOCUMENTS = ("paspoort", "", "", "kopie_paspoort", "id_kaart", "", "laissez_passer", "geboorteakte;kopie_paspoort")


@dataclass
class Names:
    nationality: str
    language: str
    surnames: list[str]
    men: list[str]
    women: list[str]


@dataclass
class Maker:
    """One seeded source of chance; the order of calls is the order of the file."""

    seed: int
    today: date
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}-{self.today}")  # noqa: S311 - invented people, not secrets
        with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
            self.names = [
                Names(
                    line["nationality"],
                    line["language"],
                    *(line[key].split(";") for key in ("surnames", "men", "women")),
                )
                for line in csv.DictReader(file)
            ]

    def weighted(self, choices: tuple[tuple[T, int], ...]) -> T:
        return self.chance.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]

    def days_ago(self, least: int, most: int) -> date:
        return self.today - timedelta(days=self.chance.randint(least, most))


def dossiers(count: int, *, seed: int, today: date) -> Iterator[dict[str, str]]:
    """`count` persons: mostly alone, some families that share surname, place, ground and reference series."""
    maker = Maker(seed, today)
    made = 0
    while made < count:
        size = min(maker.weighted(((1, 82), (2, 5), (3, 6), (4, 7))), count - made)
        for row in _household(maker, made, size):
            made += 1
            yield row


def _household(maker: Maker, first: int, size: int) -> Iterator[dict[str, str]]:
    names = maker.chance.choice(maker.names)
    shared = _shared(maker, names)
    key = f"G{first + 1}" if size > 1 else ""
    roles = ("hoofd", "partner", "kind", "kind") if size > 1 else ("",)
    for place, role in zip(range(size), roles, strict=False):
        woman = role == "partner" or (role != "hoofd" and maker.chance.random() < 0.24)
        young = role == "kind" or (not role and maker.chance.random() < 0.04)
        born = maker.days_ago(365 * 5, 365 * 17) if young else maker.days_ago(365 * 19, 365 * 55)
        yield shared | {
            "referentie": f"{shared['aanleveraar']}-DEMO-{first + place + 1:06d}",
            "v_nummer": str(FIRST_V_NUMBER + first + place),
            "voornamen": maker.chance.choice(names.women if woman else names.men),
            "geboortedatum": born.isoformat() if maker.chance.random() < 0.9 else str(born.year),
            "geslacht": "V" if woman else "M",
            "gezin": key,
            "gezinsrol": role,
            "alleenstaand_minderjarig": "ja" if young and not role else "nee",
            "signalen": "minderjarig" if young else maker.chance.choice(SIGNALS),
            "documenten": maker.chance.choice(DOCUMENTS),
        }


def _shared(maker: Maker, names: Names) -> dict[str, str]:
    supplier = maker.weighted(SUPPLIERS)
    ground = maker.weighted(GROUNDS[supplier])
    form, site, street, postcode, city = maker.weighted(PLACES)
    row = dict.fromkeys(HEADER, "") | {
        "aanleveraar": supplier,
        "achternaam": maker.chance.choice(names.surnames),
        "nationaliteit": names.nationality,
        "nationaliteit_status": maker.chance.choice(("gesteld", "gesteld", "vastgesteld")),
        "taal": names.language,
        "verblijfsvorm": form,
        "locatie": site,
        "adres": street.format(number=maker.chance.randint(1, 90)),
        "postcode": postcode,
        "plaats": city,
        "adres_beschermd": "nee",
        "grond": ground,
        "inreisverbod_jaren": maker.chance.choice(("", "0", "2")),
        "gemachtigde": maker.chance.choice(("", "mr. Van Daalen", "mr. Klerks", "mr. Blom")),
    }
    return row | _law(maker, ground)


def _law(maker: Maker, ground: str) -> dict[str, str]:
    decided = maker.days_ago(30, 150)
    facts = {"terugkeerbesluit_op": decided.isoformat(), "bekendgemaakt_op": (decided + timedelta(days=3)).isoformat()}
    if ground in ("geen_rechtmatig_verblijf", "vris"):
        return facts | {"vertrektermijn_dagen": "0"}
    applied = decided - timedelta(days=maker.chance.randint(90, 400))
    facts |= {"aanvraag_op": applied.isoformat(), "regime": "pact" if applied >= date(2026, 6, 12) else "oud"}
    if ground == "dublin":
        agreed = decided - timedelta(days=10)
        latest = agreed + timedelta(days=183)
        return facts | {
            "verantwoordelijke_lidstaat": maker.chance.choice(MEMBER_STATES),
            "claimakkoord_op": agreed.isoformat(),
            "uiterste_overdrachtsdatum": latest.isoformat(),
        }
    return facts | {"vertrektermijn_dagen": "28", "schorsend": maker.chance.choice(("geen", "auto", ""))}


def write_file(path: Path, rows: Iterator[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(rows)
