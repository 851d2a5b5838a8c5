"""Which columns may be blanked, and which texts of a case may not and why. A test goes through every model of a case.

`pages_redaction_allowed` in the database is what holds; a test compares the two.
"""

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

# What somebody said of a fact of law: where it stands, and why it was recorded or taken back.
LAW = ("source", "reason")

COLUMNS: dict[str, tuple[str, ...]] = {
    "cases_person": ("surname", "name_prefix", "given_names", "birth_year", "birth_month", "birth_day"),
    "cases_personalias": ("name",),
    "cases_identityconflict": ("stored_value", "offered_value", "resolution"),
    "cases_address": ("street", "postcode", "city"),
    "cases_protectedaddress": ("street", "postcode", "city"),
    "cases_signal": ("kind", "source"),
    "cases_axisentry": ("text",),
    "cases_returncase": ("residence_text",),
    "cases_task": ("title",),
    "cases_involvement": ("end_reason",),
    "cases_namedaccess": ("ground",),
    "cases_sectionexception": ("reason",),
    "cases_accessrequest": ("reason",),
    "cases_consent": ("original_at", "scope"),
    "identity_errorreport": ("stored_value", "proposed_value", "new_value", "explanation"),
    "requests_request": ("reason", "end_reason", "place_text", "place_city"),
    "requests_requeststep": ("text",),
    "reception_placementstep": ("note",),
    "reception_inhousemark": ("note",),
    "handover_handover": ("note", "return_text"),
    "handover_handoveritem": ("text", "remark"),
    "handover_handoverstep": ("text",),
    "handover_helddecision": ("reason",),
    "handover_referral": (
        *("surname", "given_names", "birth_year", "birth_month", "birth_day"),
        *("asked", "contact", "note"),
    ),
    "handover_referraljudgement": ("reason",),
    "supervision_attempt": ("with_whom", "note", "correction_reason"),
    "supervision_reportingduty": ("end_reason", "form_no"),
    "supervision_dutymark": ("note",),
    "supervision_measure": (
        *("officer", "place_text", "conditions", "ground", "interpreter"),
        *("form_no", "form_system", "lift_note", "lift_form_no", "void_reason", "source"),
    ),
    "supervision_measurerung": ("why_not",),
    "supervision_vulnerabilitynote": ("text",),
    "supervision_courtfact": ("court", "reference", "note", "void_reason"),
    "supervision_measureextension": ("form_no", "note", "void_reason"),
    "procedure_removabilityanswer": ("note", "correction_reason"),
    "procedure_procedure": ("regime_reason", "reference", *LAW),
    "procedure_procedurestep": ("note", *LAW),
    "procedure_decision": ("reference", "notified_to", *LAW),
    "procedure_periodchange": LAW,
    "procedure_remedy": ("court", "reference", "effect_reason", *LAW),
    "procedure_hearing": ("place", "note"),
    "procedure_transferclaim": LAW,
    "procedure_transfermove": ("note", *LAW),
    "procedure_postponement": LAW,
    "procedure_postponementstep": ("note", "source"),
    "procedure_representative": ("name", "office", "phone", "email", "end_reason", "source"),
    "procedure_representativeinformed": ("note", "struck_reason"),
    "terms_guardstatement": LAW,
    "terms_keptfinding": LAW,
    "terms_incidentreply": ("text",),
    "departure_departure": ("reference", "reason"),
    "terms_stop": (
        *("measure", "document", "document_number", "source"),
        *("lift_reason", "new_fact_words", "lift_refusal"),
    ),
    "terms_unwatched": ("reason", "end_reason"),
}
BIRTH = ("birth_year", "birth_month", "birth_day")

# Tables that the history of a case does not name by themselves.
NAMES: dict[str, StrOrPromise] = {
    "requests_requeststep": gettext_lazy("Step of a request"),
    "handover_handoverstep": gettext_lazy("Step of a handover"),
    "handover_helddecision": gettext_lazy("Decision about a held row"),
    "handover_referral": gettext_lazy("What a referral told"),
    "reception_placementstep": gettext_lazy("Step of a stay"),
    "terms_keptfinding": gettext_lazy("What a guard found at a judgement"),
    "terms_incidentreply": gettext_lazy("Answer for a step that was held back"),
}
# What their columns are called where the history has no word for them.
WORDS: dict[str, StrOrPromise] = {
    "asked": gettext_lazy("What is asked"),
    "contact": gettext_lazy("Who can be reached"),
}

CODE = "a code of a fixed list or of reference data"
PROVIDER = "the register or supplier that a value came from"
KEY = "a key, a number or a checksum, by which the record is found again"
V_NUMBER = "the number by which the person is found in every register; another number is a difference of identity"
COPY = "a copy that follows the record it was made of"
FROZEN = "blanked inside, as a frozen copy, with the record it was made of"

# Texts on records of a case that may not be blanked by themselves.
KEPT: dict[str, dict[str, str]] = {
    "cases_person": {
        **dict.fromkeys(("nationality", "language"), CODE),
        **dict.fromkeys(("source", "field_sources"), PROVIDER),
        "v_number": V_NUMBER,
    },
    "cases_personalias": {"source": PROVIDER},
    "cases_identityconflict": {"field": CODE, "stored_source": PROVIDER, "offered_source": PROVIDER},
    "cases_address": {"source": PROVIDER},
    "cases_protectedaddress": {"source": PROVIDER},
    "cases_returncase": {"number": KEY, "residence_form": CODE, "sort_name": COPY, "nationality": CODE},
    "cases_axisentry": {"value": CODE, "source": PROVIDER},
    "cases_casesearch": {"names": COPY, "group_ids": KEY},
    "cases_casegrant": {
        **dict.fromkeys(("phase", "removability", "nationality", "special_group"), CODE),
        "sort_name": COPY,
    },
    "cases_namedaccess": {"section": CODE, "case_number": KEY},
    "cases_sectionexception": {"section": CODE},
    "cases_accessrequest": {"capability": CODE},
    "cases_task": {"source": KEY, "url_name": CODE, "url_arg": KEY},
    "identity_errorreport": {"field": CODE, "stored_source": PROVIDER, "new_source": PROVIDER},
    "requests_request": {"topic": CODE, "interpreter": CODE, "frozen": FROZEN},
    "reception_placement": {"form": CODE, "room": "the number of a room, which the site gave", "source": PROVIDER},
    "reception_placementstep": {"value": CODE},
    "handover_handover": {"frozen": FROZEN},
    "handover_handoveritem": {"reason": CODE},
    "handover_handoverstep": {"changed": FROZEN},
    "handover_dossier": {"supplier": PROVIDER, "reference": KEY, "v_number": V_NUMBER, "content_hash": KEY},
    "handover_dossierversion": {"content": FROZEN, "content_hash": KEY},
    "handover_dossierrow": {
        **dict.fromkeys(("reference", "person", "household"), KEY),
        **dict.fromkeys(("verdict", "column"), CODE),
        **dict.fromkeys(("problem", "warnings"), FROZEN),
        "supplier": PROVIDER,
        "v_number": V_NUMBER,
    },
    "handover_referral": {"v_number": V_NUMBER, "nationality": CODE},
    "supervision_reportingduty": {"source": PROVIDER},
    "procedure_removabilityanswer": {
        "overtaken_by": "made by the program of the fact that overtook it",
        "overtaken_fact": KEY,
    },
    "procedure_decision": {"countries": CODE, "notified_language": CODE},
    "procedure_remedy": {"country": CODE},
    "procedure_transferclaim": {"state": CODE},
    "procedure_postponement": {"section": CODE},
    "terms_guardstatement": dict.fromkeys(("topic", "value", "section", "country"), CODE),
    "terms_reminder": {"key": KEY, **dict.fromkeys(("owner", "sees", "walled"), CODE)},
    "terms_unwatched": {"key": KEY, **dict.fromkeys(("section", "rule"), CODE)},
    "terms_stop": {**dict.fromkeys(("section", "country", "rule"), CODE), "new_fact": KEY},
    "terms_keptjudgement": {"destination": CODE},
    "terms_keptfinding": dict.fromkeys(("section", "state", "why", "country", "rules"), CODE),
    "terms_incident": {"source": KEY},
    "departure_departure": dict.fromkeys(("destination", "phase_before"), CODE),
    "terms_keptdeadline": dict.fromkeys(("key", "rule", "group", "owner", "sees", "walled"), COPY),
}
