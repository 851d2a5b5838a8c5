"""What decides a member's rights in the case of a row, as annotations: then no case asks a query of its own.

Written as SQL, because building these subqueries as querysets takes longer than the whole query.
"""

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, DateTimeField, F, Func, Value

from leidraad.lib import clock
from partners.models import Member


class KeysOfRow(Func):
    """The keys of one kind as texts, two that belong together as "one|two"."""

    output_field = ArrayField(CharField())


# A part on the ground of consent counts while the person's consent for that organisation runs (`Involvement.in_force`).
PARTS = """
    ARRAY(SELECT i.part || '|' || i.ground FROM cases_involvement i
           WHERE (i.case_id, i.unit_id) = (%(expressions)s) AND i.until IS NULL
             AND (i.ground <> 'consent'
                  OR EXISTS (SELECT FROM cases_consent c JOIN partners_unit u ON u.organisation_id = c.party_id
                              WHERE c.case_id = i.case_id AND u.id = i.unit_id AND c.withdrawn_on IS NULL))
           ORDER BY i.part)
"""
EXCEPTIONS = """
    ARRAY(SELECT e.section || '|' || e.allowed
            FROM cases_sectionexception e, (VALUES (%(expressions)s)) asked(case_id, unit_id, at)
           WHERE e.case_id = asked.case_id AND e.unit_id = asked.unit_id AND (e.until IS NULL OR e.until > asked.at)
           ORDER BY e.section)
"""
GRANTED = """
    ARRAY(SELECT p.codename FROM cases_casegrant g JOIN auth_permission p ON p.id = g.permission_id
           WHERE (g.content_object_id, g.group_id) = (%(expressions)s) ORDER BY p.codename)
"""
NAMED = """
    ARRAY(SELECT n.section || CASE n.kind WHEN 'emergency' THEN '|emergency' ELSE '' END
            FROM cases_namedaccess n, (VALUES (%(expressions)s)) asked(case_id, member_id, unit_id, at)
           WHERE n.case_id = asked.case_id AND n.member_id = asked.member_id
             AND (n.unit_id IS NULL OR n.unit_id = asked.unit_id)
             AND n.since <= asked.at AND n.until > asked.at AND n.ended_at IS NULL ORDER BY n.section)
"""


def keys_in_each(member: Member, case: str = "pk") -> dict[str, KeysOfRow]:
    """`parts` of the acting unit in the case of each row, and the `exceptions` to what these open."""
    key = (F(case), Value(member.acting_unit_id))
    now = Value(clock.now(), output_field=DateTimeField())
    return {
        "parts": KeysOfRow(*key, template=PARTS),
        "exceptions": KeysOfRow(*key, now, template=EXCEPTIONS),
    }


def all_keys_in_each(member: Member, case: str = "pk") -> dict[str, KeysOfRow]:
    """Those, and what is `granted` to the unit's group and `named` for the member: all that `access_from` needs."""
    now = Value(clock.now(), output_field=DateTimeField())
    return keys_in_each(member, case) | {
        "granted": KeysOfRow(F(case), Value(member.acting_group_id), template=GRANTED),
        "named": KeysOfRow(F(case), Value(member.pk), Value(member.acting_unit_id), now, template=NAMED),
    }
