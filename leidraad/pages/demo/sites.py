"""Places of the demo: which share of a form lives at which known site, and invented streets in invented towns."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from leidraad.pages.demo.figures import PROTECTED
from leidraad.pages.demo.planned import PlannedHousehold, Stay

POSTCODES = {
    "Veenmeer": "9999 XA",
    "Oosterhaar": "9999 XB",
    "Zandwijk": "9999 XC",
    "Waterhoek": "9999 XD",
    "Noorderend": "9999 XF",
    "Maasvliet": "9999 XG",
}
NORTH = frozenset({"Veenmeer", "Oosterhaar", "Noorderend"})
STREETS = (
    "Lindelaan", "Havenstraat", "Kerkpad", "Molenweg", "Esdoornstraat", "Brinkhof", "Spoorlaan", "Vaartkade", "Turfstraat",
    "Wilgenhof", "Parallelweg", "Kastanjelaan",
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A known site. `share` is its part of the form's residents; never more persons than it has places."""

    name: str
    street: str
    city: str
    places: int
    share: int = 100


# Names, streets and places as in partners/reference/sites.csv, which a test compares. What does not fit, and every form
# that is not here, is named by its town alone: the register knows no such site.
SITES: Mapping[str, tuple[Site, ...]] = {
    "azc": (
        Site("azc Veenmeer", "Dorpsweg 40", "Veenmeer", 168, 32),
        Site("azc Oosterhaar", "Kanaalkade 12", "Oosterhaar", 420, 24),
        Site("azc Zandwijk", "Heideweg 3", "Zandwijk", 800, 44),
    ),
    "no": (
        Site("noodopvang Sportlaan", "Sportlaan 8", "Veenmeer", 150, 40),
        Site("noodopvang Havenloods", "Havenstraat 1", "Waterhoek", 300, 60),
    ),
    "gl": (Site("gl Oosterhaar", "Kanaalkade 20", "Oosterhaar", 350),),
    "pol": (Site("pol Zandwijk", "Heideweg 5", "Zandwijk", 250),),
    "vbl": (Site("vbl Noorderend", "Grensweg 2", "Noorderend", 120),),
    "htl": (Site("htl Noorderend", "Grensweg 9", "Noorderend", 50),),
    "kwv": (Site("kwv Veenmeer", "Dorpsweg 44", "Veenmeer", 20),),
    "dc": (Site("dc Maasvliet", "Dijkweg 100", "Maasvliet", 300),),
    "ggv": (Site("ggv Maasvliet", "Dijkweg 104", "Maasvliet", 60),),
}
# Where the others are, in words. A name that is no known site stays a text on the case.
WORDS: Mapping[str, tuple[str, ...]] = {
    "kwv": ("kwv Waterhoek", "pol-amv Waterhoek"),
    "pi": ("PI Dijkzicht, Maasvliet",),
    "ibo": ("ibo Waterhoek",),
    "lvv": ("gemeentelijke opvang Veenmeer", "gemeentelijke opvang Zandwijk"),
    "nidos": ("Nidos opvanggezin", "Nidos kleinschalig wonen"),
    "admin": ("administratief geplaatst bij familie", "administratief geplaatst, zorginstelling"),
}
CITY_OF_WORDS = {"pi": "Maasvliet", "ibo": "Waterhoek"}


class Places:
    """Gives every household of a form its place. A household is never split between sites."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.living: dict[str, int] = {}

    def stays_of(self, form: str, households: list[PlannedHousehold]) -> None:
        total = sum(household.size for household in households)
        wanted = {site.name: min(site.places, total * site.share / 100) for site in SITES.get(form, ())}
        for household in households:
            household.stay = self._at_site(form, household, wanted) or self._elsewhere(form)

    def _at_site(self, form: str, household: PlannedHousehold, wanted: Mapping[str, float]) -> Stay | None:
        """The site that lacks most of its share and has places for all of them."""
        sites = [one for one in SITES.get(form, ()) if self._living(one) + household.size <= one.places]
        if not sites:
            return None
        site = max(sites, key=lambda one: (wanted[one.name] - self._living(one)) / max(wanted[one.name], 1))
        self.living[site.name] = self._living(site) + household.size
        return Stay(form, site.name, site.name, site.street, POSTCODES[site.city], site.city)

    def _living(self, site: Site) -> int:
        return self.living.get(site.name, 0)

    def _elsewhere(self, form: str) -> Stay:
        if form == "onbekend":
            return Stay(form, city=self._city())
        if form in (PROTECTED, "prive"):
            city = self._city()
            street = f"{self.chance.choice(STREETS)} {self.chance.randint(1, 140)}"
            # What form a protected address has is nobody's business: it would tell what the address must not.
            shown = "admin" if form == PROTECTED else form
            return Stay(shown, "", "", street, POSTCODES[city], city, protected=form == PROTECTED)
        return Stay(form, text=self.chance.choice(WORDS[form]), city=CITY_OF_WORDS.get(form) or self._city())

    def _city(self) -> str:
        return self.chance.choice(list(POSTCODES))
