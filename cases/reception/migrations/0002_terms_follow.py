from django.db import migrations

from cases.terms.stale import follow


class Migration(migrations.Migration):
    dependencies = [("reception", "0001_whole"), ("terms", "0003_kept_deadlines")]

    operations = [
        follow("reception_placement"),
        follow("reception_inhousemark"),
    ]
