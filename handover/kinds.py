"""Which kind of handover a dossier asks for. Codes of grounds, suppliers and measures are those of the intake file."""

from handover.intake.columns import DETENTION_MEASURES

DUBLIN, OFFENDER, DETAINED, OWN_REQUEST = "dublin", "offender", "detained", "own_request"
REFUSED, FOUND = "refused", "found"


def kind_code_of(supplier: str, ground: str, measure: str = "") -> str:
    """The code of the `HandoverKind`. Liberty first: a detention measure decides before the ground does."""
    if measure in DETENTION_MEASURES:
        return DETAINED
    by_ground = {"dublin": DUBLIN, "vris": OFFENDER, "eigen_verzoek": OWN_REQUEST}
    return by_ground.get(ground) or (REFUSED if supplier == "IND" else FOUND)
