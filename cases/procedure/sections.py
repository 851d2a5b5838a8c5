"""Who may know of which fact of law: the section of the policy that opens it."""

from collections.abc import Callable
from datetime import date

from partners.policy import SENSITIVE

Can = Callable[[str], bool]

SEES, DECIDES = "postponement.view", "postponement.decide"


def may_know(section: str, can: Can) -> bool:
    """Whether a ground that puts off departure may be shown.

    One that tells of an illness, a victim or a criminal case opens to who may see that section, and to who decides on it
    by law (Vw 64, Vw 8(k)); to others nothing shows that it exists.
    """
    if not can(SEES):
        return False
    return section not in SENSITIVE or can(f"{section}.view") or can(DECIDES)


def may_read(notified_on: date | None, can: Can) -> bool:
    """Whether a decision may be shown: to who follows the procedure always, to others once the person has been told of it."""
    return can("decisions.view") and (notified_on is not None or can("procedure.view"))
