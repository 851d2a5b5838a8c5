"""All tables of this room as they stand; a database that was made step by step goes on from its last step."""

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import leidraad.lib.migrating
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reception', '0001_initial'), ('reception', '0002_steps_say_what'), ('reception', '0003_find_misses')]

    initial = True

    dependencies = [
        ('cases', '0001_whole'),
        ('partners', '0001_whole'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='cases.returncase')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='partners.unit')),
                ('form', models.CharField(max_length=20)),
                ('room', models.CharField(blank=True, max_length=20)),
                ('legal_basis', models.CharField(blank=True, choices=[('rva', 'ordinary reception (Rva)'), ('buitenwettelijk', 'reception outside the law'), ('bewaring', 'custody'), ('gemeentelijk', 'municipal reception')], max_length=20)),
                ('status', models.CharField(choices=[('reserved', 'Reserved'), ('present', 'Present'), ('temporarily_absent', 'Temporarily absent'), ('administrative', 'Placed administratively'), ('no_show', 'Did not arrive'), ('absent_under_check', 'Absent, being checked'), ('ended', 'Ended')], max_length=20)),
                ('status_since', models.DateField()),
                ('expected_on', models.DateField(blank=True, null=True)),
                ('started_on', models.DateField(blank=True, null=True)),
                ('planned_end', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('departed', 'Departure shown'), ('unknown_destination', 'Left, destination unknown'), ('transferred', 'Moved to another site'), ('entitlement_ended', 'Right to reception ended'), ('evicted', 'Evicted'), ('custody', 'In immigration detention'), ('prison', 'In prison'), ('housed', 'Permit, or housing'), ('to_nidos', 'To Nidos'), ('deceased', 'Deceased'), ('cancelled', 'Reservation cancelled'), ('case_closed', 'Case closed')], max_length=20)),
                ('source', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('status__in', ('reserved', 'no_show', 'present', 'temporarily_absent', 'administrative', 'absent_under_check'))), fields=['site', 'case'], name='placement_of_site'), models.Index(fields=['site', 'ended_on'], name='placement_ended_site')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('started_on__isnull', False)), expressions=[('case', '='), (models.Func(models.F('started_on'), models.F('ended_on'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='placement_no_overlap', violation_error_message='This person already stays somewhere in that period. End that stay first.'), models.UniqueConstraint(condition=models.Q(('status__in', ('reserved', 'no_show'))), fields=('case',), name='placement_one_expected', violation_error_message='This person is expected at a site already. Cancel that reservation first.'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('status', 'ended'), models.Q(('end_reason', ''), _negated=True)), models.Q(models.Q(('status', 'ended'), _negated=True), ('end_reason', ''), ('ended_on', None)), _connector='OR'), name='placement_ended_exactly_when_over', violation_error_message='A stay that has ended has a last day and a reason.'), models.CheckConstraint(condition=models.Q(models.Q(('started_on__isnull', False), ('status__in', ('present', 'temporarily_absent', 'administrative', 'absent_under_check'))), models.Q(('expected_on__isnull', False), ('started_on', None), ('status__in', ('reserved', 'no_show'))), ('status', 'ended'), _connector='OR'), name='placement_started_when_staying', violation_error_message='A stay has a first day; a reservation has a day of arrival.'), models.CheckConstraint(condition=models.Q(('ended_on', None), ('started_on', None), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='placement_ends_after_start', violation_error_message='A stay cannot end before it began.')],
            },
        ),
        migrations.CreateModel(
            name='InHouseMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='cases.returncase')),
                ('due_from', models.DateField()),
                ('due_to', models.DateField()),
                ('slot', models.PositiveSmallIntegerField(default=1)),
                ('mark', models.CharField(choices=[('seen', 'Seen'), ('missed', 'Missed'), ('excused', 'Excused'), ('exempt', 'Exempt'), ('not_due', 'Not due')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('placement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='reception.placement')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('mark', 'missed')), fields=['placement', 'due_from'], name='in_house_mark_missed')],
                'constraints': [models.UniqueConstraint(fields=('placement', 'due_from', 'slot'), name='in_house_mark_once', violation_error_message='A colleague has noted this already.'), models.CheckConstraint(condition=models.Q(('due_to__gte', models.F('due_from'))), name='in_house_mark_order')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalInHouseMark',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, verbose_name='ID')),
                ('history_organisation', models.CharField(blank=True, default='', max_length=20)),
                ('history_unit_id', models.BigIntegerField(null=True)),
                ('history_principal', models.CharField(blank=True, default='', max_length=40)),
                ('history_request_id', models.CharField(blank=True, default='', max_length=36)),
                ('due_from', models.DateField()),
                ('due_to', models.DateField()),
                ('slot', models.PositiveSmallIntegerField(default=1)),
                ('mark', models.CharField(choices=[('seen', 'Seen'), ('missed', 'Missed'), ('excused', 'Excused'), ('exempt', 'Exempt'), ('not_due', 'Not due')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('history_change_reason', models.TextField(null=True)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cases.returncase')),
                ('by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('placement', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reception.placement')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical in house mark',
                'verbose_name_plural': 'historical in house marks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['id', '-history_date', '-history_id'], name='reception_h_id_764a93_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PlacementStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('placement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reception.placement')),
                ('kind', models.CharField(choices=[('reserved', 'Reserved'), ('cancelled', 'Reservation cancelled'), ('arrived', 'Arrived'), ('started', 'Stay as the sender stated it'), ('no_show', 'Did not arrive'), ('status', 'Status changed'), ('room', 'Room changed'), ('planned_end', 'Planned end changed'), ('ended', 'Stay ended'), ('corrected', 'Corrected'), ('taken_back', 'Taken back')], default='status', max_length=20)),
                ('value', models.CharField(blank=True, max_length=20)),
                ('status', models.CharField(choices=[('reserved', 'Reserved'), ('present', 'Present'), ('temporarily_absent', 'Temporarily absent'), ('administrative', 'Placed administratively'), ('no_show', 'Did not arrive'), ('absent_under_check', 'Absent, being checked'), ('ended', 'Ended')], max_length=20)),
                ('since', models.DateField()),
                ('noted_at', models.DateTimeField()),
                ('member', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.unit')),
                ('note', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReceptionForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(2021, 10, 11))),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('name_nl', models.CharField(max_length=120)),
                ('name_en', models.CharField(max_length=120)),
                ('code', models.SlugField(max_length=20, unique=True)),
                ('legal_basis', models.CharField(blank=True, choices=[('rva', 'ordinary reception (Rva)'), ('buitenwettelijk', 'reception outside the law'), ('bewaring', 'custody'), ('gemeentelijk', 'municipal reception')], max_length=20)),
                ('in_house_rhythm', models.CharField(blank=True, choices=[('weekly', 'weekly'), ('workdays', 'on working days'), ('daily', 'daily'), ('twice_daily', 'twice a day')], max_length=12)),
                ('is_established', models.BooleanField(default=True)),
                ('source', models.CharField(max_length=120)),
            ],
            options={
                'ordering': ['code'],
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='reception_receptionform_valid_order', violation_error_message='The last day must not lie before the first day.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalPlacement',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, verbose_name='ID')),
                ('history_organisation', models.CharField(blank=True, default='', max_length=20)),
                ('history_unit_id', models.BigIntegerField(null=True)),
                ('history_principal', models.CharField(blank=True, default='', max_length=40)),
                ('history_request_id', models.CharField(blank=True, default='', max_length=36)),
                ('form', models.CharField(max_length=20)),
                ('room', models.CharField(blank=True, max_length=20)),
                ('legal_basis', models.CharField(blank=True, choices=[('rva', 'ordinary reception (Rva)'), ('buitenwettelijk', 'reception outside the law'), ('bewaring', 'custody'), ('gemeentelijk', 'municipal reception')], max_length=20)),
                ('status', models.CharField(choices=[('reserved', 'Reserved'), ('present', 'Present'), ('temporarily_absent', 'Temporarily absent'), ('administrative', 'Placed administratively'), ('no_show', 'Did not arrive'), ('absent_under_check', 'Absent, being checked'), ('ended', 'Ended')], max_length=20)),
                ('status_since', models.DateField()),
                ('expected_on', models.DateField(blank=True, null=True)),
                ('started_on', models.DateField(blank=True, null=True)),
                ('planned_end', models.DateField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('departed', 'Departure shown'), ('unknown_destination', 'Left, destination unknown'), ('transferred', 'Moved to another site'), ('entitlement_ended', 'Right to reception ended'), ('evicted', 'Evicted'), ('custody', 'In immigration detention'), ('prison', 'In prison'), ('housed', 'Permit, or housing'), ('to_nidos', 'To Nidos'), ('deceased', 'Deceased'), ('cancelled', 'Reservation cancelled'), ('case_closed', 'Case closed')], max_length=20)),
                ('source', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField(default=1)),
                ('history_change_reason', models.TextField(null=True)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cases.returncase')),
                ('site', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='partners.unit')),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical placement',
                'verbose_name_plural': 'historical placements',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['id', '-history_date', '-history_id'], name='reception_h_id_1aa817_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReceptionForm',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, verbose_name='ID')),
                ('history_organisation', models.CharField(blank=True, default='', max_length=20)),
                ('history_unit_id', models.BigIntegerField(null=True)),
                ('history_principal', models.CharField(blank=True, default='', max_length=40)),
                ('history_request_id', models.CharField(blank=True, default='', max_length=36)),
                ('valid_from', models.DateField(default=datetime.date(2021, 10, 11))),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('name_nl', models.CharField(max_length=120)),
                ('name_en', models.CharField(max_length=120)),
                ('code', models.SlugField(db_index=False, max_length=20)),
                ('legal_basis', models.CharField(blank=True, choices=[('rva', 'ordinary reception (Rva)'), ('buitenwettelijk', 'reception outside the law'), ('bewaring', 'custody'), ('gemeentelijk', 'municipal reception')], max_length=20)),
                ('in_house_rhythm', models.CharField(blank=True, choices=[('weekly', 'weekly'), ('workdays', 'on working days'), ('daily', 'daily'), ('twice_daily', 'twice a day')], max_length=12)),
                ('is_established', models.BooleanField(default=True)),
                ('source', models.CharField(max_length=120)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical reception form',
                'verbose_name_plural': 'historical reception forms',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['id', '-history_date', '-history_id'], name='reception_h_id_2fa4c0_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='historicalreceptionform',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='67201f8ecb5feee3c8b4bb60722685297a418486', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0327f', table='reception_historicalreceptionform', when='BEFORE')),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='historicalplacement',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c9399f6990b4c9c04a1f65230c4276de4b23416c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0cf32', table='reception_historicalplacement', when='BEFORE')),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='historicalinhousemark',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0eb8b9524358d90c3550b11c24f10ef24d19708c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_15f00', table='reception_historicalinhousemark', when='BEFORE')),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='placementstep',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d0248d9e6c6e81b4b4c04772ce566ecc592a73bb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4f06b', table='reception_placementstep', when='BEFORE')),
        ),
    ]
