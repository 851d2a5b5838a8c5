"""What somebody wrote about a stop may be blanked as well: its paper, the measure it is about, and why it was lifted or not."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0005_redaction_of_newer_tables")
STATEMENTS = import_module("leidraad.pages.migrations.0007_redaction_of_statements")

LAST = "'terms_historicalguardstatement', 't.case_id = c.id', ARRAY['source', 'reason'])\n"
ALLOWED = BEFORE.replaced(
    STATEMENTS.ALLOWED,
    LAST,
    LAST.rstrip("\n")
    + """,
      ('terms_stop', 'terms_historicalstop', 't.case_id = c.id',
       ARRAY['measure', 'document', 'document_number', 'source', 'lift_reason', 'new_fact_words', 'lift_refusal'])
""",
)


class Migration(migrations.Migration):
    dependencies = [("pages", "0007_redaction_of_statements")]

    operations = [migrations.RunSQL(ALLOWED)]
