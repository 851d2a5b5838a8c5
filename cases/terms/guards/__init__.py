"""The guards G01 to G31: pure functions from what is known of a case and a planned act to what holds it back.

`GUARDS` has one function for each guard of the catalogue. `judging.judge` asks them for cases of the database.
"""

from collections.abc import Callable, Mapping

from cases.terms.guards import (
    child,
    decision,
    departure,
    detention,
    disclosure,
    identity,
    medical,
    reception,
    remedies,
    stay,
)
from cases.terms.guards.findings import Finding, Plan
from cases.terms.guards.known import Known

GuardFunction = Callable[[Known, Plan], Finding]

GUARDS: Mapping[str, GuardFunction] = {
    "G01": decision.g01_notified_decision,
    "G02": decision.g02_country_of_return,
    "G03": decision.g03_departure_period,
    "G04": stay.g04_lawful_stay,
    "G05": remedies.g05_suspensive_appeal,
    "G06": remedies.g06_interim_relief,
    "G07": remedies.g07_later_relief,
    "G08": remedies.g08_new_application,
    "G09": remedies.g09_court_measure,
    "G10": child.g10_fresh_test,
    "G11": child.g11_unaccompanied_minor,
    "G12": child.g12_family,
    "G13": medical.g13_article_64,
    "G14": medical.g14_travel_conditions,
    "G15": medical.g15_fit_to_travel,
    "G16": stay.g16_trafficking,
    "G17": stay.g17_moratorium,
    "G18": departure.g18_prosecution,
    "G19": departure.g19_iom,
    "G20": stay.g20_protected_elsewhere,
    "G21": decision.g21_eu_citizen,
    "G22": departure.g22_latest_transfer,
    "G23": departure.g23_removability_check,
    "G24": departure.g24_final_checks,
    "G25": detention.g25_conditions,
    "G26": detention.g26_child_in_detention,
    "G27": detention.g27_court,
    "G28": reception.g28_family_shelter,
    "G29": disclosure.g29_contact_with_origin,
    "G30": disclosure.g30_sharing,
    "G31": identity.g31_identity,
}
