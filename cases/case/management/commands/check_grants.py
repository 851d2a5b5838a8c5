"""Proves that access is what the running involvements call for, and that what triggers keep has not drifted."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cases.case.grants import grants_for
from cases.case.models import Part
from cases.case.models.case import permission_id
from leidraad.lib.who import principal
from partners.models import Organisation

NAMED = 20

# One row per permission that a running involvement calls for. The rule itself is Python's (`grants_for`); it comes in as
# a small table, so that the comparison with millions of grants stays one statement.
WANTED = """
    WITH rule(organisation, part, permission_id) AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::int[])),
    wanted AS (
        SELECT DISTINCT i.case_id, u.group_id, r.permission_id
          FROM cases_involvement i
          JOIN partners_unit u ON u.id = i.unit_id
          JOIN partners_organisation o ON o.id = u.organisation_id
          JOIN rule r ON r.organisation = o.code AND r.part = i.part
         WHERE i.until IS NULL),
    present AS (SELECT content_object_id AS case_id, group_id, permission_id FROM cases_casegrant)
"""
NAMES = """
    SELECT c.number, g.name || ' ' || p.codename
      FROM found f JOIN cases_returncase c ON c.id = f.case_id
      JOIN auth_group g ON g.id = f.group_id JOIN auth_permission p ON p.id = f.permission_id
     ORDER BY 1, 2
"""
# Constants of this module put together: nothing from outside comes into the text.
MISSING = WANTED + ", found AS (SELECT * FROM wanted EXCEPT SELECT * FROM present)" + NAMES  # noqa: S608
UNFOUNDED = WANTED + ", found AS (SELECT * FROM present EXCEPT SELECT * FROM wanted)" + NAMES  # noqa: S608

COPIES = """
    SELECT c.number, gr.name
      FROM cases_casegrant g
      JOIN cases_returncase c ON c.id = g.content_object_id
      JOIN auth_group gr ON gr.id = g.group_id
     WHERE g.permission_id = %s
       AND (g.is_listed, g.sort_deadline, g.sort_name, g.sort_contact, g.phase, g.removability, g.nationality,
            g.special_group, g.location_id, g.director_id)
           IS DISTINCT FROM
           (c.closed_on IS NULL, cases_unit_deadline(c.id, g.group_id), c.sort_name,
            COALESCE(c.last_contact_on, DATE '0001-01-01'), c.phase, c.removability, c.nationality,
            c.special_group, c.residence_unit_id, c.director_id)
     ORDER BY 1, 2
"""
LISTED_ELSEWHERE = """
    SELECT c.number, p.codename
      FROM cases_casegrant g JOIN cases_returncase c ON c.id = g.content_object_id
      JOIN auth_permission p ON p.id = g.permission_id
     WHERE g.permission_id <> %s AND (g.is_listed OR g.sort_deadline IS NOT NULL)
     ORDER BY 1, 2
"""
PERSON_COPIES = """
    SELECT c.number, 'name or nationality of the person'
      FROM cases_returncase c JOIN cases_person p ON p.id = c.person_id
     WHERE (c.sort_name, c.nationality) IS DISTINCT FROM (cases_sort_name(p.surname, p.given_names), p.nationality)
     ORDER BY 1
"""
# Part and consent start and end together; a part on consent without one gives no rights, and should not stand there.
NO_CONSENT = """
    SELECT c.number, u.code
      FROM cases_involvement i JOIN cases_returncase c ON c.id = i.case_id JOIN partners_unit u ON u.id = i.unit_id
     WHERE i.until IS NULL AND i.ground = 'consent'
       AND NOT EXISTS (SELECT FROM cases_consent s
                        WHERE s.case_id = i.case_id AND s.party_id = u.organisation_id AND s.withdrawn_on IS NULL)
     ORDER BY 1, 2
"""
SEARCH = """
    SELECT c.number, CASE WHEN s.case_id IS NULL THEN 'no row'
                          WHEN s.names <> cases_search_names(c.person_id) THEN 'names' ELSE 'groups' END
      FROM cases_returncase c
      LEFT JOIN cases_casesearch s ON s.case_id = c.id
      LEFT JOIN LATERAL (SELECT array_agg(g.group_id ORDER BY g.group_id) AS groups FROM cases_casegrant g
                          WHERE g.content_object_id = c.id AND g.permission_id = %s) v ON true
     WHERE s.case_id IS NULL
        OR s.names <> cases_search_names(c.person_id)
        OR COALESCE(v.groups, '{}') <> ARRAY(SELECT unnest(s.group_ids) ORDER BY 1)
     ORDER BY 1
"""


def rule_table() -> tuple[list[str], list[str], list[int]]:
    """Organisation, part and permission: what `grants_for` says of every organisation and every part."""
    rows = [
        (code, str(part), permission_id(name))
        for code in Organisation.objects.values_list("code", flat=True)
        for part in Part.values
        for name in sorted(grants_for(code, [part]))
    ]
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def findings() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What is wrong, and on which cases. Nothing is mended."""
    view = [permission_id("view")]
    checks: tuple[tuple[str, str, Any], ...] = (
        ("grant missing", MISSING, rule_table()),
        ("grant without involvement", UNFOUNDED, rule_table()),
        ("list copy drifted", COPIES, view),
        ("list copy on another row than view", LISTED_ELSEWHERE, view),
        ("part on consent without consent", NO_CONSENT, None),
        ("case copy drifted", PERSON_COPIES, None),
        ("search row drifted", SEARCH, view),
    )
    for problem, sql, parameters in checks:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found = cursor.fetchall()
        if found:
            yield problem, found


class Command(BaseCommand):
    help = "Compare grants, list copies and search rows with what the involvements and cases call for."

    @principal("check_grants")
    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for problem, cases in findings():
            total += len(cases)
            for number, what in cases[:NAMED]:
                self.stdout.write(f"{problem}: {number} ({what})")
            if len(cases) > NAMED:
                self.stdout.write(f"{problem}: and {len(cases) - NAMED} more")
        if total:
            raise CommandError(f"{total} differences")
        self.stdout.write("Grants, list copies and search rows are as the involvements call for.")
