from django.db import migrations

from cases.terms.stale import follow


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_measures"), ("terms", "0003_kept_deadlines")]

    operations = [
        follow("supervision_measure"),
        follow("supervision_courtfact", "supervision_measure", "measure_id"),
    ]
