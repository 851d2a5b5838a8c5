"""What a change of the policy does to the open cases, as counts: no case and no key leaves here.

Counted set-based over the running involvements, for the rights that change only. A case counts for a role when a unit of its
organisation has a part in the case with which the role holds a right that it did not hold before, or no longer. Exceptions that
a case has for one unit are left out, and named access counts where it runs today: so a count is never too low for long.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from cases.case.access import GROUND_CONDITIONS
from leidraad.lib import clock
from leidraad.lib.who import principal
from partners.policy_rules import ANY_ROLE, EMERGENCY, NO_CASE, Difference, Rule

# A rule of before and of after, for each role. `ground` is what its condition asks of the involvement, `named` whether a
# member must have been named. Roles of the same unit are judged apart.
COUNT = """
    WITH rule AS MATERIALIZED (
        SELECT * FROM unnest(%(after)s::bool[], %(organisation)s::text[], %(role)s::text[], %(part)s::text[],
                             %(section)s::text[], %(verb)s::text[], %(ground)s::text[], %(named)s::bool[])
               AS r(after, organisation, role, part, section, verb, ground, named)),
    held AS (
        SELECT r.organisation, r.role, r.section, r.verb, i.case_id, i.unit_id,
               bool_or(r.after) AS later, bool_or(NOT r.after) AS earlier
          FROM rule r
          JOIN partners_organisation o ON o.code = r.organisation
          JOIN partners_unit u ON u.organisation_id = o.id
          JOIN cases_involvement i ON i.unit_id = u.id AND i.part = r.part AND i.until IS NULL
          JOIN cases_returncase c ON c.id = i.case_id AND c.closed_on IS NULL
         WHERE (r.ground = '' OR r.ground = i.ground)
           AND (i.ground <> 'consent' OR EXISTS (
                SELECT FROM cases_consent s WHERE s.case_id = i.case_id AND s.party_id = o.id AND s.withdrawn_on IS NULL))
           AND (NOT r.named OR EXISTS (
                SELECT FROM cases_namedaccess n
                 WHERE n.case_id = i.case_id AND n.unit_id = i.unit_id AND n.section = r.section
                   AND n.since <= %(now)s AND n.until > %(now)s AND n.ended_at IS NULL))
         GROUP BY 1, 2, 3, 4, 5, 6)
    SELECT organisation, role,
           count(DISTINCT case_id) FILTER (WHERE later AND NOT earlier),
           count(DISTINCT case_id) FILTER (WHERE earlier AND NOT later),
           count(DISTINCT case_id) FILTER (WHERE later <> earlier)
      FROM held GROUP BY GROUPING SETS ((organisation, role), ())
"""


@dataclass(frozen=True)
class RoleEffect:
    """Open cases in which a role of an organisation gets and loses something."""

    organisation: str
    role: str
    gains: int
    loses: int


@dataclass(frozen=True)
class Effect:
    """`cases` counts a case once, whatever the number of roles."""

    cases: int
    roles: tuple[RoleEffect, ...]


def effect_of(
    change: Difference, before: Iterable[Rule], after: Iterable[Rule], roles: Iterable[tuple[str, str]]
) -> Effect:
    """`roles`: pairs of organisation and role that exist, for lines that hold for everybody. One query, none for no case."""
    roles = sorted(roles)
    touched = {
        (organisation, role, rule.section, rule.verb)
        for rule in change.rules
        if rule.part not in (NO_CASE, EMERGENCY)
        for organisation, role in _roles_of(rule, roles)
    }
    rows = [*_rows(before, roles, touched, later=False), *_rows(after, roles, touched, later=True)]
    if not rows:
        return Effect(0, ())
    names = ("after", "organisation", "role", "part", "section", "verb", "ground", "named")
    values: dict[str, Any] = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    with principal("figures"), connection.cursor() as cursor:
        cursor.execute(COUNT, values | {"now": clock.now()})
        counted = cursor.fetchall()
    whole = next((row[4] for row in counted if row[0] is None), 0)
    each = [RoleEffect(row[0], row[1], row[2], row[3]) for row in counted if row[0] is not None]
    return Effect(whole, tuple(sorted((one for one in each if one.gains or one.loses), key=_order)))


def _order(one: RoleEffect) -> tuple[str, str]:
    return (one.organisation, one.role)


def _roles_of(rule: Rule, roles: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    if rule.role != ANY_ROLE:
        yield rule.organisation, rule.role
        return
    yield from (one for one in roles if one[0] == rule.organisation)


def _rows(
    rules: Iterable[Rule], roles: list[tuple[str, str]], touched: set[tuple[str, str, str, str]], *, later: bool
) -> Iterator[tuple[Any, ...]]:
    today = clock.today()
    for rule in rules:
        if rule.part in (NO_CASE, EMERGENCY) or not rule.holds_on(today):
            continue
        for organisation, role in _roles_of(rule, roles):
            if (organisation, role, rule.section, rule.verb) in touched:
                ground = GROUND_CONDITIONS.get(rule.condition, "")
                yield (later, organisation, role, rule.part, rule.section, rule.verb, ground, rule.condition == "named")
