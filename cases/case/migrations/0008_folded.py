"""The fold of names as a function that the planner may treat as a constant."""

from django.db import migrations

# `unaccent` itself counts as changeable, because its dictionary could be: as a condition it is computed anew for each row that
# is looked at, four thousand times for three letters. The dictionary changes only with the extension; search rows hold its words.
FOLDED = """
CREATE FUNCTION cases_folded(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN lower(unaccent(words));
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_report_indexes")]

    operations = [migrations.RunSQL(FOLDED, "DROP FUNCTION cases_folded(text)")]
