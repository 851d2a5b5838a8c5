"""Extensions and the small SQL functions that the triggers of this app call. They stand before the tables they read."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

SORT_NAME = """
CREATE FUNCTION cases_sort_name(surname text, given_names text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN left(lower(unaccent(surname || ' ' || given_names)), 80);
END $$
"""
SEARCH_NAMES = """
CREATE FUNCTION cases_search_names(of_person bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT lower(unaccent(concat_ws(' ', p.surname, p.given_names, p.name_prefix, p.surname,
                   (SELECT string_agg(a.name, ' ' ORDER BY a.id) FROM cases_personalias a WHERE a.person_id = p.id))))
              FROM cases_person p WHERE p.id = of_person);
END $$
"""
# A unit's own next deadline on a case; 9999-12-31 when it has none, so that lists never sort on NULL.
UNIT_DEADLINE = """
CREATE FUNCTION cases_unit_deadline(of_case bigint, of_group bigint) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN COALESCE((SELECT min((t.due_at AT TIME ZONE 'Europe/Amsterdam')::date)
                       FROM cases_task t JOIN partners_unit u ON u.id = t.unit_id
                      WHERE t.case_id = of_case AND u.group_id = of_group AND t.done_at IS NULL),
                    DATE '9999-12-31');
END $$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(SORT_NAME, "DROP FUNCTION cases_sort_name(text, text)"),
        migrations.RunSQL(SEARCH_NAMES, "DROP FUNCTION cases_search_names(bigint)"),
        migrations.RunSQL(UNIT_DEADLINE, "DROP FUNCTION cases_unit_deadline(bigint, bigint)"),
    ]
