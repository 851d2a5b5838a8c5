import django.db.models.deletion
from django.db import migrations, models

# A step: the next step that was planned, or the task of who judges or completes the handover of the case. Each statement in
# here looks anew, so that after the lock it sees what others did meanwhile. Acts hold that lock already.
KEEP = """
CREATE FUNCTION cases_keep_silent(cases bigint[], today date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM cases_returncase WHERE id = ANY (cases) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM cases_silentcase s
     WHERE s.case_id = ANY (cases)
       AND (NOT EXISTS (SELECT 1 FROM cases_returncase c WHERE c.id = s.case_id AND c.closed_on IS NULL)
            OR EXISTS (SELECT 1 FROM cases_task t JOIN partners_unit u ON u.id = t.unit_id
                        WHERE t.case_id = s.case_id AND t.done_at IS NULL AND t.due_at IS NOT NULL
                          AND (t.kind IN ('next_step', 'intake') OR t.source LIKE 'handover:%')
                          AND (u.valid_until IS NULL OR u.valid_until >= today)));
    INSERT INTO cases_silentcase (case_id, since, missing)
    SELECT c.id,
           GREATEST(c.opened_on,
                    (SELECT max(a.superseded_at AT TIME ZONE 'Europe/Amsterdam')::date FROM cases_axisentry a
                      WHERE a.case_id = c.id AND a.axis = 'phase' AND a.value = 'closed'),
                    step.last_done, step.unit_ended + 1),
           CASE WHEN step.dated > 0 THEN 'unit' WHEN step.found > 0 THEN 'date' ELSE 'step' END
      FROM cases_returncase c
      CROSS JOIN LATERAL (
           SELECT max(t.done_at AT TIME ZONE 'Europe/Amsterdam')::date AS last_done,
                  max(u.valid_until) FILTER (WHERE t.done_at IS NULL AND t.due_at IS NOT NULL) AS unit_ended,
                  count(*) FILTER (WHERE t.done_at IS NULL) AS found,
                  count(*) FILTER (WHERE t.done_at IS NULL AND t.due_at IS NOT NULL) AS dated,
                  count(*) FILTER (WHERE t.done_at IS NULL AND t.due_at IS NOT NULL
                                     AND (u.valid_until IS NULL OR u.valid_until >= today)) AS good
             FROM cases_task t JOIN partners_unit u ON u.id = t.unit_id
            WHERE t.case_id = c.id AND (t.kind IN ('next_step', 'intake') OR t.source LIKE 'handover:%')) step
     WHERE c.id = ANY (cases) AND c.closed_on IS NULL AND step.good = 0
    ON CONFLICT (case_id) DO UPDATE SET since = EXCLUDED.since, missing = EXCLUDED.missing
     WHERE (cases_silentcase.since, cases_silentcase.missing) IS DISTINCT FROM (EXCLUDED.since, EXCLUDED.missing);
END $$;
CREATE FUNCTION cases_silent_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[];
BEGIN
    IF TG_TABLE_NAME = 'cases_returncase' THEN
        SELECT array_agg(id) INTO changed FROM new_rows;
    ELSE
        SELECT array_agg(DISTINCT case_id) INTO changed FROM new_rows WHERE case_id IS NOT NULL;
    END IF;
    IF changed IS NOT NULL THEN
        PERFORM cases_keep_silent(changed, (now() AT TIME ZONE 'Europe/Amsterdam')::date);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION cases_silent_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_keep_silent(ARRAY[NEW.id], (now() AT TIME ZONE 'Europe/Amsterdam')::date);
    RETURN NULL;
END $$;
CREATE TRIGGER silent_new AFTER INSERT ON cases_returncase REFERENCING NEW TABLE AS new_rows
   FOR EACH STATEMENT EXECUTE FUNCTION cases_silent_changed();
CREATE TRIGGER silent_closed AFTER UPDATE OF closed_on ON cases_returncase
   FOR EACH ROW WHEN (OLD.closed_on IS DISTINCT FROM NEW.closed_on) EXECUTE FUNCTION cases_silent_closed();
CREATE TRIGGER silent_new AFTER INSERT ON cases_task REFERENCING NEW TABLE AS new_rows
   FOR EACH STATEMENT EXECUTE FUNCTION cases_silent_changed();
CREATE TRIGGER silent_changed AFTER UPDATE ON cases_task REFERENCING NEW TABLE AS new_rows
   FOR EACH STATEMENT EXECUTE FUNCTION cases_silent_changed();
SELECT cases_keep_silent(array_agg(id), (now() AT TIME ZONE 'Europe/Amsterdam')::date) FROM cases_returncase;
"""
FORGET = """
DROP TRIGGER silent_new ON cases_returncase;
DROP TRIGGER silent_closed ON cases_returncase;
DROP TRIGGER silent_new ON cases_task;
DROP TRIGGER silent_changed ON cases_task;
DROP FUNCTION cases_silent_changed, cases_silent_closed, cases_keep_silent;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0017_identity'),
    ]

    operations = [
        migrations.CreateModel(
            name='SilentCase',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='silent', serialize=False, to='cases.returncase')),
                ('since', models.DateField()),
                ('missing', models.CharField(choices=[('step', 'no next step'), ('date', 'a next step without a date'), ('unit', 'a next step of a unit that is no more')], max_length=10)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(fields=['since', 'case'], name='silent_since')],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
