"""The guard of identity: G31 sources that differ, or a level that is too low."""

from cases.terms.guards.findings import Finding, Plan, Why, held, in_order, unknown
from cases.terms.guards.known import Known


def g31_identity(known: Known, plan: Plan) -> Finding:
    """Which level is required, and which source has which level, is not in the sources: unknown until somebody sets it."""
    identity, required = known.identity, plan.settings.identity_rank
    if identity is None:
        return unknown()
    if identity.differences:
        return held(Why.DIFFERENCES, identity, count=identity.differences)
    if required is None:
        return unknown(Why.NO_SETTING, identity)
    if identity.rank is None:
        return unknown(Why.LEVEL_NOT_KNOWN, identity)
    if identity.rank < required:
        return held(Why.LEVEL_TOO_LOW, identity, count=required)
    return in_order(Why.IDENTITY_AGREES, identity)
