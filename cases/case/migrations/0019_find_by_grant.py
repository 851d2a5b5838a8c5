"""Finding starts from the search rows and the grants alone: each grant has the name to sort by."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("cases.case.migrations.0012_find").FIND.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# The case and the person are read only for a number or a day of birth. With them in every search the planner, which takes a
# part of a name to be rarer than it is, read all rows for a unit that sees nearly all; so it took the first 500 it met.
FIND = r"""
CREATE OR REPLACE FUNCTION cases_find(
    of_group integer, words text[], alike text, digits text, born integer[], most integer)
RETURNS TABLE (case_id bigint, sort_name varchar) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    conditions text := '';
    persons text := '';
    word text;
    to_view integer := (SELECT a.id FROM auth_permission a JOIN django_content_type t ON t.id = a.content_type_id
                         WHERE t.app_label = 'cases' AND a.codename = 'view_returncase');
BEGIN
    FOREACH word IN ARRAY words LOOP
        conditions := conditions || format(' AND s.names LIKE %L', '%' || regexp_replace(cases_folded(word),
            '([\\%_])', '\\\1', 'g') || '%');
    END LOOP;
    IF alike <> '' THEN
        conditions := conditions || format(' AND %L <%% s.names', cases_folded(alike));
    END IF;
    IF digits <> '' THEN
        conditions := conditions || format(' AND p.v_number LIKE %L', digits || '%');
    END IF;
    IF born <> '{}' THEN
        conditions := conditions || format(' AND p.birth_year = %s AND COALESCE(p.birth_month, %s) = %s'
            ' AND COALESCE(p.birth_day, %s) = %s', born[1], born[2], born[2], born[3], born[3]);
    END IF;
    IF conditions = '' THEN
        RETURN;
    END IF;
    conditions := conditions || format(' AND s.group_ids @> ARRAY[%s]', of_group);
    IF digits <> '' OR born <> '{}' THEN
        persons := ' JOIN cases_returncase c ON c.id = s.case_id JOIN cases_person p ON p.id = c.person_id';
    END IF;
    RETURN QUERY EXECUTE format('
        SELECT g.content_object_id, g.sort_name
          FROM (SELECT s.case_id FROM cases_casesearch s %s WHERE true %s LIMIT %s) s
          JOIN LATERAL (SELECT g.content_object_id, g.sort_name FROM cases_casegrant g
                         WHERE g.content_object_id = s.case_id AND g.group_id = %s AND g.permission_id = %s LIMIT 1) g
            ON true', persons, conditions, most, of_group, to_view);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_silent_case")]

    operations = [migrations.RunSQL(FIND, BEFORE)]
