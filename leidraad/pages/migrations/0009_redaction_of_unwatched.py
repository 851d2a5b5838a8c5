"""Why somebody said that a term needs no watching, and why it is watched again, may be blanked as well."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0005_redaction_of_newer_tables")
STOPS = import_module("leidraad.pages.migrations.0008_redaction_of_stops")

LAST = "'document_number', 'source', 'lift_reason', 'new_fact_words', 'lift_refusal'])\n"
ALLOWED = BEFORE.replaced(
    STOPS.ALLOWED,
    LAST,
    LAST.rstrip("\n")
    + """,
      ('terms_unwatched', 'terms_historicalunwatched', 't.case_id = c.id', ARRAY['reason', 'end_reason'])
""",
)


class Migration(migrations.Migration):
    dependencies = [("pages", "0008_redaction_of_stops")]

    operations = [migrations.RunSQL(ALLOWED)]
