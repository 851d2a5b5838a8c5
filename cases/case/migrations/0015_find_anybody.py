"""Finding who a description may be about, among all cases: for intake, which must not open a second case for one person."""

from django.db import migrations

# As its owner it reads past the wall, so it answers only where work runs that may see the search rows whole, and with keys
# only. A name counts where a part of somebody's names resembles it, further off than in the search of daily work: Benali is
# Ben Ali. First names alone count only beside the birth date.
FIND = r"""
-- An owner who is no superuser may set a parameter of the extension only once its library is loaded in this session.
SELECT show_limit();
CREATE FUNCTION cases_find_anybody(digits text, surname text, given text, born integer[], most integer)
RETURNS TABLE (case_id bigint, likeness real) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET pg_trgm.word_similarity_threshold = 0.4
AS $$
DECLARE
    arms text := '';
    same_day text := 'false';
BEGIN
    IF NOT leidraad_works_on('cases_casesearch') THEN
        RETURN;
    END IF;
    IF born[1] IS NOT NULL THEN
        same_day := format('p.birth_year = %s', born[1]);
        IF born[2] IS NOT NULL THEN
            same_day := same_day || format(' AND COALESCE(p.birth_month, %1$s) = %1$s', born[2]);
        END IF;
        IF born[3] IS NOT NULL THEN
            same_day := same_day || format(' AND COALESCE(p.birth_day, %1$s) = %1$s', born[3]);
        END IF;
    END IF;
    IF digits <> '' THEN
        arms := arms || format('(SELECT c.id, 2::real AS likeness FROM cases_person p'
            ' JOIN cases_returncase c ON c.person_id = p.id WHERE p.v_number = %L) UNION ALL ', digits);
    END IF;
    IF given <> '' AND born[1] IS NOT NULL THEN
        arms := arms || format('(SELECT c.id, word_similarity(%1$L, s.names) - 0.5::real FROM cases_casesearch s'
            ' JOIN cases_returncase c ON c.id = s.case_id JOIN cases_person p ON p.id = c.person_id'
            ' WHERE %1$L <%% s.names AND %2$s ORDER BY 2 DESC LIMIT %3$s) UNION ALL ', cases_folded(given), same_day, most);
    END IF;
    RETURN QUERY EXECUTE format('SELECT a.id, max(a.likeness) FROM (%1$s'
        '(SELECT c.id, word_similarity(%2$L, s.names) + CASE WHEN %3$s THEN 1 ELSE 0 END::real FROM cases_casesearch s'
        ' JOIN cases_returncase c ON c.id = s.case_id JOIN cases_person p ON p.id = c.person_id'
        ' WHERE %2$L <%% s.names ORDER BY 2 DESC LIMIT %4$s)) a(id, likeness)'
        ' GROUP BY a.id ORDER BY 2 DESC, 1 LIMIT %4$s', arms, cases_folded(surname), same_day, most);
END $$;
REVOKE ALL ON FUNCTION cases_find_anybody(text, text, text, integer[], integer) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_grant_run")]

    operations = [
        migrations.RunSQL(FIND, "DROP FUNCTION cases_find_anybody(text, text, text, integer[], integer)"),
    ]
