"""The people whom the wireframes show, in the caseload of the account `regievoerder`, as far as somebody there fits."""

from leidraad.pages.demo.planned import PlannedHousehold
from leidraad.pages.demo.timing import OWN

# Nationality, sex, surname, given names.
KNOWN = (
    ("DZA", "M", "Amari", "Yacine"),
    ("NGA", "M", "Okonkwo", "Chidi"),
    ("TUR", "V", "Özdemir", "Ayşe"),
    ("ERI", "M", "Gebremedhin", "Selam"),
    ("SYR", "M", "Haddad", "Karim"),
    ("MDA", "M", "Cebotari", "Ion"),
    ("GIN", "M", "Barry", "Mamadou"),
    ("IRN", "M", "Rahimi", "Farid"),
    ("GEO", "V", "Shengelia", "Nino"),
    ("GHA", "M", "Mensah", "Kofi"),
    ("NGA", "V", "Adeyemi", "Grace"),
    ("UKR", "M", "Kovalenko", "Oleh"),
)


def name_as_in_the_wireframe(households: list[PlannedHousehold]) -> None:
    own = [household for household in households if household.director == OWN]
    for nationality, sex, surname, given in KNOWN:
        found = next((one for one in own if (one.nationality, one.persons[0].sex) == (nationality, sex)), None)
        if found is None:
            continue
        own.remove(found)
        for person in found.persons:
            person.surname, person.aliases = surname, ()
        found.persons[0].given_names = given
