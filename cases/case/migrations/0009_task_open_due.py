"""An index for the groups of *Mijn werk*, and for counting them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_folded'),
        ('partners', '0002_organisation_short_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('done_at', None)), fields=['unit', 'liberty_clock', 'due_at', 'id'], include=('assignee',), name='task_open_due'),
        ),
    ]
