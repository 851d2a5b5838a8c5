"""Terms as copies keep them, put there as they are needed: what made them is not what these tests are about."""

from datetime import date, timedelta
from typing import Any

from cases.case.models import ReturnCase
from cases.terms.deadlines import Owner
from cases.terms.keeping import keep_stale
from cases.terms.models import Group, KeptDeadline
from leidraad.lib import clock


def term(case: ReturnCase, days: int, *, liberty: bool = False, **values: Any) -> KeptDeadline:
    """A term of the case whose last day is `days` from today; negative: it has passed, and an authority had to act."""
    due: date = clock.today() + timedelta(days=days)
    plain: dict[str, Any] = {
        "key": f"test:{KeptDeadline.objects.count() + 1}",
        "rule": "period-std",
        "version": 1,
        "group": Group.FREEDOM if liberty else Group.RETURN,
        "owner": Owner.DTV,
        "sees": ["procedure.view"],
        "due": due,
        "until": due,
        "obliges": True,
    }
    keep_stale()
    made: KeptDeadline = KeptDeadline.objects.create(case=case, is_liberty=liberty, **(plain | values))
    return made
