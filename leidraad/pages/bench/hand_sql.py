"""The measure to compare with: for each piece of work the one statement that somebody would write by hand for the same rows.

It takes no rights for granted that the tables do not show: it starts from the same grant rows. It leaves out what only our
code knows: which sections a role may see, what the log keeps, objects and forms.
"""

from typing import Final

CELLS: Final = """
    g.content_object_id, g.id, g.sort_deadline, g.sort_name, g.sort_contact, g.phase, g.removability, g.nationality,
    g.special_group, g.location_id, g.director_id, c.number, c.closed_on, c.outcome, c.residence_form, c.residence_text,
    p.surname, p.given_names, p.name_prefix,
    ARRAY(SELECT i.part || '|' || i.ground FROM cases_involvement i
           WHERE i.case_id = g.content_object_id AND i.unit_id = %(unit)s AND i.until IS NULL ORDER BY i.part),
    ARRAY(SELECT e.section || '|' || e.allowed FROM cases_sectionexception e
           WHERE e.case_id = g.content_object_id AND e.unit_id = %(unit)s AND (e.until IS NULL OR e.until > now())
           ORDER BY e.section),
    ARRAY(SELECT o.code FROM requests_request r JOIN partners_unit u ON u.id = r.to_unit_id
            JOIN partners_organisation o ON o.id = u.organisation_id
           WHERE r.case_id = g.content_object_id AND r.from_unit_id = %(unit)s AND r.status IN ('offered', 'accepted')
           ORDER BY r.offered_at, r.id)
"""
SEEN: Final = "g.group_id = %(group)s AND g.permission_id = %(view)s"
LISTED: Final = f"{SEEN} AND g.is_listed"


def page(*, where: str = "", order: str = "g.sort_deadline, g.content_object_id", seen: str = LISTED) -> str:
    """A page of the list: fifty rows, and one more that tells whether there is another page."""
    narrowed = f" AND {where}" if where else ""
    # Constants of this module and of `subjects` put together.
    return f"""
        SELECT {CELLS}
          FROM cases_casegrant g JOIN cases_returncase c ON c.id = g.content_object_id JOIN cases_person p ON p.id = c.person_id
         WHERE {seen}{narrowed}
         ORDER BY {order} LIMIT 51
    """  # noqa: S608


COUNT: Final = f"SELECT count(*) FROM (SELECT 1 FROM cases_casegrant g WHERE {LISTED} LIMIT 1001) s"  # noqa: S608

FOUND: Final = """
    SELECT c.id, c.number, c.sort_name, c.closed_on, p.surname, p.given_names, p.name_prefix, p.birth_year, p.birth_month,
           p.birth_day, p.nationality, d.display_name, u.name, o.short_name_nl
      FROM {source} JOIN cases_person p ON p.id = c.person_id JOIN partners_unit u ON u.id = c.led_by_id
      JOIN partners_organisation o ON o.id = u.organisation_id LEFT JOIN partners_member d ON d.id = c.director_id
     WHERE {where} LIMIT 500
"""


def by_name(words: int) -> str:
    """Cases whose names hold every word, from the search rows of the unit's group."""
    like = " AND ".join(f"s.names LIKE %(word{n})s" for n in range(words))
    return FOUND.format(
        source="cases_casesearch s JOIN cases_returncase c ON c.id = s.case_id",
        where=f"s.group_ids @> ARRAY[%(group)s]::int[] AND {like}",
    )


MAY_VIEW: Final = f"EXISTS (SELECT 1 FROM cases_casegrant g WHERE g.content_object_id = c.id AND {SEEN})"  # noqa: S608
BY_V_NUMBER: Final = FOUND.format(source="cases_returncase c", where=f"p.v_number LIKE %(prefix)s AND {MAY_VIEW}")
