"""The table of columns of an intake file. Its order decides which faulty column of a row is named first.

Column names and code values are the Dutch identifiers of the file format; they are data and are never translated.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handover.intake import cells

SUPPLIERS = ("IND", "AVIM", "KMAR")
SEXES = ("M", "V", "X", "onbekend")
NATIONALITY_STATUSES = ("gesteld", "vastgesteld")
HOUSEHOLD_ROLES = ("hoofd", "partner", "kind", "overig")
# fmt: off
RESIDENCE_FORMS = (
    "azc", "pol", "col", "no", "cno", "vbl", "gl", "htl", "vtl", "pbl", "ibo", "ggv", "dc", "pi", "lvv", "kwv",
    "nidos", "prive", "admin", "onbekend",
)
# fmt: on
GROUNDS = (
    "asiel_afgewezen",
    "dublin",
    "geen_rechtmatig_verblijf",
    "bescherming_elders_eu",
    "regulier_ingetrokken",
    "vris",
    "eigen_verzoek",
)
REGIMES = ("pact", "oud")
SUSPENSIVE_EFFECTS = ("auto", "tot_vovo_uitspraak", "geen")
ENTRY_BAN_YEARS = (0, 1, 2, 3, 5, 10, 20)
MEASURES = ("meldplicht", "art56", "art59", "art59a", "art59b", "art6")
DETENTION_MEASURES = frozenset({"art59", "art59a", "art59b", "art6"})
FLAGS = ("medisch", "zwanger", "mensenhandel", "openbare_orde", "suicide", "minderjarig")
DOCUMENTS = ("paspoort", "id_kaart", "geboorteakte", "laissez_passer", "kopie_paspoort", "overig")

Values = Mapping[str, Any]


def _for_dublin(values: Values) -> str | None:
    return "empty_for_dublin" if values.get("ground") == "dublin" else None


def _with_measure(values: Values) -> str | None:
    return "empty_with_measure" if values.get("measure") else None


def _never(values: Values) -> str | None:
    return None


@dataclass(frozen=True)
class Column:
    """`field` is the name in `GoodRow`. `empty_is` is what an empty cell becomes: not recorded.

    `needed` looks at the values of earlier columns and returns the code of the problem when this cell may not be empty.
    """

    name: str
    field: str
    meaning: str | Promise
    max_length: int | None  # None where the list or the shape of the value sets the length
    parse: Callable[[str], Any]
    empty_is: Any = ""
    required: bool = False
    needed: Callable[[Values], str | None] = _never
    in_future: bool = False  # a date after today gets a remark


def _date(name: str, field: str, meaning: str | Promise, needed: Callable[[Values], str | None] = _never) -> Column:
    return Column(name, field, meaning, None, cells.full_date, None, needed=needed, in_future=True)


COLUMNS: tuple[Column, ...] = (
    Column("referentie", "reference", _("the sender's own reference"), 64, cells.text, required=True),
    Column("aanleveraar", "supplier", _("the organisation that sends the dossier: IND, AVIM or KMAR"), None,
           cells.one_of(SUPPLIERS), required=True),
    Column("v_nummer", "v_number", _("the V-number, 8 to 10 digits"), None, cells.v_number, required=True),
    Column("achternaam", "surname", _("the surname as registered"), 200, cells.text, required=True),
    Column("voornamen", "first_names", _("the first names"), 200, cells.text),
    Column("tussenvoegsel", "name_prefix", _("the prefix of the surname"), 50, cells.text),
    Column("aliassen", "aliases", _("other names, separated by semicolons"), 2000, cells.entries, ()),
    Column("geboortedatum", "birth_date", _("the date of birth, as far as known"), None, cells.birth_date, None),
    Column("geslacht", "sex", _("the sex: M, V, X or onbekend"), None, cells.one_of(SEXES)),
    Column("nationaliteit", "nationality", _("the nationality, a code of three capital letters"), None,
           cells.country, required=True),
    Column("nationaliteit_status", "nationality_status", _("whether the nationality is claimed or established"), None,
           cells.one_of(NATIONALITY_STATUSES)),
    Column("taal", "language", _("the language, a code of three small letters"), None, cells.language),
    Column("gezin", "household_key", _("the key that the members of one household share"), 64, cells.text),
    Column("gezinsrol", "household_role", _("the role in the household"), None, cells.one_of(HOUSEHOLD_ROLES)),
    Column("alleenstaand_minderjarig", "unaccompanied_minor", _("whether the person is an unaccompanied minor"), None,
           cells.yes_or_no, None),
    Column("gemachtigde", "lawyer", _("the lawyer"), 200, cells.text),
    Column("verblijfsvorm", "residence_form", _("the form of residence"), None, cells.one_of(RESIDENCE_FORMS)),
    Column("locatie", "location", _("the name of the site"), 200, cells.text),
    Column("adres", "address", _("street and house number"), 200, cells.text),
    Column("postcode", "postcode", _("the postcode"), 20, cells.text),
    Column("plaats", "place", _("the town or village"), 100, cells.text),
    Column("adres_beschermd", "address_protected", _("whether the address is protected"), None, cells.yes_or_no, None),
    Column("grond", "ground", _("the ground of the handover"), None, cells.one_of(GROUNDS), required=True),
    _date("aanvraag_op", "applied_on", _("the date on which the application was lodged")),
    Column("regime", "regime", _("the legal regime: pact or oud"), None, cells.one_of(REGIMES)),
    _date("terugkeerbesluit_op", "return_decision_on", _("the date of the return decision")),
    _date("bekendgemaakt_op", "notified_on", _("the date on which the decision was notified")),
    Column("land_van_terugkeer", "return_country", _("the country of return, a code of three capital letters"), None,
           cells.country),
    Column("vertrektermijn_dagen", "departure_period_days", _("the departure period in days"), None,
           cells.number_between(0, 90), None),
    Column("schorsend", "suspensive_effect", _("the suspensive effect"), None, cells.one_of(SUSPENSIVE_EFFECTS)),
    _date("beroep_ingesteld_op", "appealed_on", _("the date of the appeal")),
    _date("uitspraak_op", "ruled_on", _("the date of the ruling")),
    Column("inreisverbod_jaren", "entry_ban_years", _("the entry ban in years"), None,
           cells.number_from(ENTRY_BAN_YEARS), None),
    Column("verantwoordelijke_lidstaat", "responsible_state", _("the responsible member state, three capital letters"),
           None, cells.state, needed=_for_dublin),
    _date("claimakkoord_op", "claim_accepted_on", _("the date on which the claim was accepted"), _for_dublin),
    _date("uiterste_overdrachtsdatum", "transfer_deadline", _("the latest transfer date"), _for_dublin),
    Column("maatregel", "measure", _("the measure in force"), None, cells.one_of(MEASURES)),
    _date("maatregel_sinds", "measure_since", _("the date on which the measure began"), _with_measure),
    Column("signalen", "flags", _("flags, separated by semicolons"), None, cells.several_of(FLAGS), ()),
    Column("documenten", "documents", _("identity documents, separated by semicolons"), None,
           cells.several_of(DOCUMENTS), ()),
    Column("opmerking", "comment", _("a comment"), 2000, cells.long_text),
)  # fmt: skip

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}

# Without these three a row cannot be told from another, so no configuration makes them optional.
KEY_COLUMNS = frozenset({"referentie", "aanleveraar", "v_nummer"})

REQUIRED_BY_DEFAULT = frozenset(column.name for column in COLUMNS if column.required)


def required_columns(configured: Iterable[str] | None = None) -> frozenset[str]:
    """The required columns: as configured, always with the key columns. Raises ValueError on an unknown name."""
    if configured is None:
        return REQUIRED_BY_DEFAULT
    names = frozenset(configured)
    if unknown := names - BY_NAME.keys():
        raise ValueError(f"Unknown intake columns: {', '.join(sorted(unknown))}")
    return names | KEY_COLUMNS


def in_table_order(names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return [column.name for column in COLUMNS if column.name in wanted]


def meaning_of(name: str) -> str:
    """The meaning of a column in the active language; empty for something that is no column."""
    column = BY_NAME.get(name)
    return str(column.meaning) if column else ""
