"""What somebody wrote about a departure, a warning that was passed by or an incident may be blanked as well."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0005_redaction_of_newer_tables")
UNWATCHED = import_module("leidraad.pages.migrations.0009_redaction_of_unwatched")

LAST = "'terms_historicalunwatched', 't.case_id = c.id', ARRAY['reason', 'end_reason'])\n"
ALLOWED = BEFORE.replaced(
    UNWATCHED.ALLOWED,
    LAST,
    LAST.rstrip("\n")
    + """,
      ('terms_keptfinding', 'terms_historicalkeptfinding', 't.case_id = c.id', ARRAY['source', 'reason']),
      ('terms_incidentreply', 'terms_historicalincidentreply', 't.case_id = c.id', ARRAY['text']),
      ('departure_departure', 'departure_historicaldeparture', 't.case_id = c.id', ARRAY['reference', 'reason'])
""",
)


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0009_redaction_of_unwatched"),
        ("terms", "0008_judgements"),
        ("departure", "0001_departures"),
    ]

    operations = [migrations.RunSQL(ALLOWED)]
