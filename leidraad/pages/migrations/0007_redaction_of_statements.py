"""What somebody stated about a case for the safeguards may be blanked as well: where it was read, and why it was struck out."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0005_redaction_of_newer_tables")

LAST = "ARRAY['note', 'struck_reason'])\n"
ALLOWED = BEFORE.replaced(
    BEFORE.ALLOWED,
    LAST,
    LAST.rstrip("\n")
    + """,
      ('terms_guardstatement', 'terms_historicalguardstatement', 't.case_id = c.id', ARRAY['source', 'reason'])
""",
)


class Migration(migrations.Migration):
    dependencies = [("pages", "0006_redaction_records_with_content")]

    operations = [migrations.RunSQL(ALLOWED)]
