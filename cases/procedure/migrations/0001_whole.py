"""All tables of this room as they stand; a database that was made step by step goes on from its last step."""

import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import leidraad.lib.migrating
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('procedure', '0001_initial'), ('procedure', '0002_corrections')]

    initial = True

    dependencies = [
        ('cases', '0001_whole'),
        ('requests', '0001_whole'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerGround',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(2021, 10, 11))),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('name_nl', models.CharField(max_length=120)),
                ('name_en', models.CharField(max_length=120)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('', 'Unknown'), ('not_yet', 'Not yet removable'), ('removable', 'Removable'), ('barred_temporarily', 'Temporarily barred'), ('lawful_stay', 'Lawful stay')], max_length=20), size=None)),
                ('proposed_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('rule_nl', models.CharField(blank=True, max_length=120)),
                ('rule_en', models.CharField(blank=True, max_length=120)),
                ('position', models.PositiveSmallIntegerField()),
                ('source', models.CharField(max_length=120)),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='procedure_answerground_valid_order', violation_error_message='The last day must not lie before the first day.')],
            },
        ),
        migrations.CreateModel(
            name='RemovabilityAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='removability_answers', to='requests.request')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='removability_answers', to='cases.returncase')),
                ('value', models.CharField(blank=True, choices=[('', 'Unknown'), ('not_yet', 'Not yet removable'), ('removable', 'Removable'), ('barred_temporarily', 'Temporarily barred'), ('lawful_stay', 'Lawful stay')], max_length=20)),
                ('ground', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedure.answerground')),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('expected_on', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, max_length=1000)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='procedure.removabilityanswer')),
                ('correction_reason', models.TextField(blank=True, max_length=500)),
                ('answered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('expired_at', models.DateTimeField(blank=True, null=True)),
                ('overtaken_at', models.DateTimeField(blank=True, null=True)),
                ('overtaken_by', models.CharField(blank=True, max_length=200)),
                ('overtaken_fact', models.CharField(blank=True, max_length=80)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['case', '-id'], name='answer_of_case'), models.Index(condition=models.Q(models.Q(('value', ''), _negated=True), ('expired_at', None), ('replaced_at', None), ('valid_until__isnull', False)), fields=['valid_until'], name='answer_expiring'), models.Index(condition=models.Q(models.Q(('value', ''), _negated=True), ('overtaken_at__isnull', False), ('replaced_at', None)), fields=['-overtaken_at', '-id'], name='answer_overtaken')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('value', ''), ('expected_on__isnull', False), ('ground', None), ('valid_until', None)), models.Q(models.Q(('value', ''), _negated=True), ('expected_on', None), ('ground__isnull', False)), _connector='OR'), name='answer_value_or_expected_day', violation_error_message='Give an answer with its ground, or the day on which you expect one.'), models.CheckConstraint(condition=models.Q(models.Q(('overtaken_at', None), ('overtaken_by', '')), models.Q(('overtaken_at__isnull', False), models.Q(('overtaken_by', ''), _negated=True)), _connector='OR'), name='answer_overtaken_with_fact'), models.CheckConstraint(condition=models.Q(models.Q(('correction_reason', ''), ('corrects', None)), models.Q(('corrects__isnull', False), models.Q(('correction_reason', ''), _negated=True)), _connector='OR'), name='answer_corrected_with_reason', violation_error_message='Say why the answer is corrected.'), models.UniqueConstraint(condition=models.Q(models.Q(('value', ''), _negated=True), ('replaced_at', None)), fields=('case',), name='answer_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalRemovabilityAnswer',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, verbose_name='ID')),
                ('history_organisation', models.CharField(blank=True, default='', max_length=20)),
                ('history_unit_id', models.BigIntegerField(null=True)),
                ('history_principal', models.CharField(blank=True, default='', max_length=40)),
                ('history_request_id', models.CharField(blank=True, default='', max_length=36)),
                ('value', models.CharField(blank=True, choices=[('', 'Unknown'), ('not_yet', 'Not yet removable'), ('removable', 'Removable'), ('barred_temporarily', 'Temporarily barred'), ('lawful_stay', 'Lawful stay')], max_length=20)),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('expected_on', models.DateField(blank=True, null=True)),
                ('note', models.TextField(blank=True, max_length=1000)),
                ('correction_reason', models.TextField(blank=True, max_length=500)),
                ('answered_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('expired_at', models.DateTimeField(blank=True, null=True)),
                ('overtaken_at', models.DateTimeField(blank=True, null=True)),
                ('overtaken_by', models.CharField(blank=True, max_length=200)),
                ('overtaken_fact', models.CharField(blank=True, max_length=80)),
                ('version', models.PositiveIntegerField(default=1)),
                ('history_change_reason', models.TextField(null=True)),
                ('request', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='requests.request')),
                ('case', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cases.returncase')),
                ('ground', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='procedure.answerground')),
                ('corrects', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='procedure.removabilityanswer')),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical removability answer',
                'verbose_name_plural': 'historical removability answers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['id', '-history_date', '-history_id'], name='procedure_h_id_83e075_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalAnswerGround',
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
                ('code', models.SlugField(db_index=False, max_length=40)),
                ('values', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('', 'Unknown'), ('not_yet', 'Not yet removable'), ('removable', 'Removable'), ('barred_temporarily', 'Temporarily barred'), ('lawful_stay', 'Lawful stay')], max_length=20), size=None)),
                ('proposed_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('rule_nl', models.CharField(blank=True, max_length=120)),
                ('rule_en', models.CharField(blank=True, max_length=120)),
                ('position', models.PositiveSmallIntegerField()),
                ('source', models.CharField(max_length=120)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField()),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical answer ground',
                'verbose_name_plural': 'historical answer grounds',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
                'default_permissions': (),
                'indexes': [models.Index(fields=['id', '-history_date', '-history_id'], name='procedure_h_id_706d60_idx')],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='historicalanswerground',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b673121aaada7e9683a4481423200bddd150de0a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8f6bc', table='procedure_historicalanswerground', when='BEFORE')),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='historicalremovabilityanswer',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='34c52ea45a9956437a176b3e69202bb7b43c8686', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dd1cd', table='procedure_historicalremovabilityanswer', when='BEFORE')),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='removabilityanswer',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='09730f9b08ede7134921b00a10e539e1894fb7a1', operation='DELETE', pgid='pgtrigger_no_delete_cb397', table='procedure_removabilityanswer', when='BEFORE')),
        ),
        leidraad.lib.migrating.InstallTrigger(
            model_name='removabilityanswer',
            trigger=pgtrigger.compiler.Trigger(name='stated_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."request_id" IS DISTINCT FROM (NEW."request_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."ground_id" IS DISTINCT FROM (NEW."ground_id") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until") OR OLD."expected_on" IS DISTINCT FROM (NEW."expected_on") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."correction_reason" IS DISTINCT FROM (NEW."correction_reason") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."answered_at" IS DISTINCT FROM (NEW."answered_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e1a27c6ef7e03ee9b69ce5c654f3d5c2065b5952', operation='UPDATE', pgid='pgtrigger_stated_once_b5217', table='procedure_removabilityanswer', when='BEFORE')),
        ),
    ]
