"""What somebody wrote about a decision to extend a detention may be blanked as well."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0005_redaction_of_newer_tables")
DEPARTURES = import_module("leidraad.pages.migrations.0010_redaction_of_departures")

LAST = "'departure_historicaldeparture', 't.case_id = c.id', ARRAY['reference', 'reason'])\n"
OF_MEASURE = "t.measure_id IN (SELECT m.id FROM supervision_measure m WHERE m.case_id = c.id)"
ALLOWED = BEFORE.replaced(
    DEPARTURES.ALLOWED,
    LAST,
    LAST.rstrip("\n")
    + f""",
      ('supervision_measureextension', 'supervision_historicalmeasureextension', '{OF_MEASURE}',
        ARRAY['form_no', 'note', 'void_reason'])
""",
)


class Migration(migrations.Migration):
    dependencies = [("pages", "0010_redaction_of_departures"), ("supervision", "0004_extensions")]

    operations = [migrations.RunSQL(ALLOWED)]
