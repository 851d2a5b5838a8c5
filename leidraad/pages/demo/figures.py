"""What the demo population looks like: the proposal for a thousand persons with an open case, and for the closed ones.

Counts are per 1,000 persons unless a table says otherwise; another size takes its share by largest remainder. Shares that
stand in no source are choices of the demo, not facts.
"""

from collections.abc import Mapping

PERSONS = 1000
CLOSED = 1586

NATIONALITIES: Mapping[str, int] = {
    "SYR": 130, "DZA": 90, "TUR": 80, "MAR": 75, "NGA": 65, "MDA": 35, "TUN": 25,
    "IRN": 30, "IRQ": 40, "AFG": 35, "SOM": 30, "ERI": 25, "YEM": 20, "PAK": 20,
    "GEO": 25, "ALB": 20, "GHA": 15, "SUR": 15, "BRA": 15,
    # Stateless and unknown: 30.
    "XXA": 18, "XXX": 12,
    # Twenty other countries: 180.
    "GIN": 14, "EGY": 14, "ARM": 12, "RUS": 11, "LBY": 10, "AZE": 9, "CHN": 9, "BGD": 9, "COL": 9, "ETH": 9,
    "UKR": 8, "GMB": 8, "SLE": 8, "IND": 8, "SRB": 8, "MKD": 8, "VNM": 7, "LKA": 7, "MNG": 6, "VEN": 6,
}  # fmt: skip

OWN_INTAKE = "DTV"
# Supplier and ground together, so that both tables come out whole: IND 640, police 165, KMar 50, own intake 145; asylum 460,
# Dublin 220, no lawful stay 180, protection elsewhere 50, regular 40, criminal 30, own request 20.
ORIGINS: Mapping[tuple[str, str], int] = {
    ("AVIM", "vris"): 30,
    (OWN_INTAKE, "eigen_verzoek"): 20,
    ("AVIM", "geen_rechtmatig_verblijf"): 135,
    ("KMAR", "geen_rechtmatig_verblijf"): 45,
    ("KMAR", "dublin"): 5,
    (OWN_INTAKE, "regulier_ingetrokken"): 25,
    ("IND", "regulier_ingetrokken"): 15,
    ("IND", "bescherming_elders_eu"): 50,
    (OWN_INTAKE, "asiel_afgewezen"): 100,
    ("IND", "dublin"): 215,
    ("IND", "asiel_afgewezen"): 360,
}

# Per 780 households, whose members share the phase.
RECEIVED, PLANNING, READY, DOCUMENT = "received", "planning", "guidance_documents_ready", "travel_document_pending"
VOLUNTARY, FORCED, BOOKED, SUSPENDED = "voluntary_preparing", "forced_preparing", "departure_booked", "suspended"
PHASES: Mapping[str, int] = {
    RECEIVED: 40,
    BOOKED: 40,
    FORCED: 70,
    VOLUNTARY: 90,
    SUSPENDED: 110,
    READY: 120,
    PLANNING: 110,
    DOCUMENT: 200,
}

# Where persons stay, by the code that a dossier file uses; "beschermd" is a protected address, which has no form.
PROTECTED = "beschermd"
STAYS: Mapping[str, int] = {
    "kwv": 30, "nidos": 10, "pi": 22, "dc": 45, "ggv": 3, PROTECTED: 5, "gl": 110, "htl": 8, "ibo": 5, "onbekend": 20,
    "lvv": 25, "vbl": 25, "prive": 132, "admin": 25, "pol": 45, "no": 150, "azc": 340,
}  # fmt: skip

SINGLES = 640
FAMILIES = 140
# Per 140 families: how many have this many members (360 persons), and how many have one parent.
FAMILY_SIZES: Mapping[int, int] = {2: 91, 3: 30, 4: 11, 5: 5, 6: 2, 7: 1}
ONE_PARENT = 50

ALONE_MINORS = 40
# Of the children in families, and of the adults: years of age, both included, and how many of a thousand persons.
CHILD_BANDS: Mapping[tuple[int, int], int] = {(0, 11): 90, (12, 17): 40}
ADULT_BANDS: Mapping[tuple[int, int], int] = {(18, 29): 360, (30, 44): 330, (45, 59): 110, (60, 74): 30}
WOMEN = 240

# Special flags for which there is a kind of signal; entry bans, which stand in the dossier; art. 64, which is the ground of an
# answer of IND. Absconding and no removal prospect have no record of their own. Single parents are those of the households:
# 130 children among 360 members of 140 families leave 50 with one parent, where the proposal's flag counts 35 persons.
SIGNALS: Mapping[str, int] = {"zwanger": 6, "mensenhandel": 8, "openbare_orde": 20, "medisch": 45}
ENTRY_BANS = 160
ARTICLE_64 = 30

# Cases of the account `regievoerder`, as in the wireframe of Mijn werk; the other regievoerders share the rest.
OWN_CASELOAD = 47

# Per 1,586 closed cases: outcome, and how it came. 324 left independently (IOM 175, DT&V 110, others 25, own means 14) and 275
# forced (from detention 165, prison 50, otherwise 60). Of these 599, 37% went to a Dublin state: by which ways is our choice.
ENDINGS: Mapping[tuple[str, str], int] = {
    ("transferred_dublin", "detention"): 100,
    ("transferred_dublin", "dtv"): 70,
    ("transferred_dublin", "other"): 42,
    ("transferred_dublin", "own"): 10,
    ("departed_independently", "iom"): 175,
    ("departed_independently", "dtv"): 40,
    ("departed_independently", "ngo"): 25,
    ("departed_independently", "own"): 4,
    ("departed_forced", "detention"): 65,
    ("departed_forced", "prison"): 50,
    ("departed_forced", "other"): 18,
    ("departed_unsupervised", "unknown"): 574,
    ("residence_granted", "permit"): 120,
    ("other", "procedure"): 180,
    ("other", "track"): 50,
    ("other", "administrative"): 40,
    ("other", "rest"): 23,
}
# Of the departures that were shown: how many went to a country that is neither that of origin nor a Dublin state.
THIRD_COUNTRY = 18
