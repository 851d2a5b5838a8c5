"""Finding somebody by number or name: the one function that reads all search rows, and gives only what a group was granted."""

from django.db import migrations

# As its owner it reads past the wall, under which a LIKE would lose its index; so it answers with keys that are joined to
# grants, and nothing else. Each word is a condition of its own, in a statement made anew, so that the trigram index serves.
FIND = r"""
CREATE FUNCTION cases_find(of_group integer, words text[], alike text, digits text, born integer[], most integer)
RETURNS TABLE (case_id bigint, sort_name varchar) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    conditions text := '';
    word text;
BEGIN
    FOREACH word IN ARRAY words LOOP
        conditions := conditions || format(' AND s.names LIKE %L', '%' || regexp_replace(cases_folded(word),
            '([\\%_])', '\\\1', 'g') || '%');
    END LOOP;
    IF alike <> '' THEN
        conditions := conditions || format(' AND %L <%% s.names', cases_folded(alike));
    END IF;
    IF words <> '{}' OR alike <> '' THEN
        conditions := conditions || format(' AND s.group_ids @> ARRAY[%s]', of_group);
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
    RETURN QUERY EXECUTE format('
        SELECT c.id, c.sort_name
          FROM cases_returncase c
          JOIN cases_casesearch s ON s.case_id = c.id
          JOIN cases_person p ON p.id = c.person_id
         WHERE EXISTS (
               SELECT 1 FROM cases_casegrant g
                WHERE g.content_object_id = c.id AND g.group_id = %s
                  AND g.permission_id = (SELECT a.id FROM auth_permission a
                                           JOIN django_content_type t ON t.id = a.content_type_id
                                          WHERE t.app_label = ''cases'' AND a.codename = ''view_returncase''))
               %s LIMIT %s', of_group, conditions, most);
END $$;
REVOKE ALL ON FUNCTION cases_find(integer, text[], text, text, integer[], integer) FROM PUBLIC;
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'leidraad_app') THEN
        GRANT EXECUTE ON FUNCTION cases_find(integer, text[], text, text, integer[], integer) TO leidraad_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_involvement_of_unit")]

    operations = [
        migrations.RunSQL(FIND, "DROP FUNCTION cases_find(integer, text[], text, text, integer[], integer)"),
    ]
