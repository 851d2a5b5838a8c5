from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        migrations.RenameField("organisation", "short_name", "short_name_nl"),
        migrations.RenameField("historicalorganisation", "short_name", "short_name_nl"),
        # Until the reference data is loaded anew, an English reader sees the Dutch name's place empty; it is loaded on every start.
        migrations.AddField("organisation", "short_name_en", models.CharField(default="", max_length=30), preserve_default=False),
        migrations.AddField(
            "historicalorganisation", "short_name_en", models.CharField(default="", max_length=30), preserve_default=False
        ),
    ]
