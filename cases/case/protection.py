"""Whether somebody lives at a protected address. Who may not see the address must still not tell the place by another way.

The address stands behind the wall, where "no row" would read as "not protected": so this is asked here and nowhere else.
"""

from cases.case.models import ProtectedAddress, ReturnCase
from leidraad.lib.who import principal


@principal("protection")
def is_protected(case: ReturnCase) -> bool:
    """Then nothing shows or proposes by where the person stays. For everybody the same answer, whatever they may see."""
    return ProtectedAddress.objects.filter(case=case, until=None).exists()
