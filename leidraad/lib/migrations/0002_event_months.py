"""Keeps the event log in a part per month, so that a month past its period is dropped whole and the indexes stay small.

For Django nothing changes but the indexes: it sees one table. PostgreSQL 15 knows no identity column on such a table, so the
keys come from a sequence, and its primary key has to hold the moment as well. Months begin at midnight UTC.
"""

import pgtrigger.compiler
from django.db import migrations, models

from leidraad.lib import migrating

COLUMNS = """
    id bigint NOT NULL DEFAULT nextval('lib_event_id_seq'),
    at timestamp with time zone NOT NULL,
    kind varchar(20) NOT NULL,
    member_id bigint,
    member_name varchar(150) NOT NULL,
    organisation varchar(20) NOT NULL,
    unit_id bigint,
    role varchar(40) NOT NULL,
    case_id bigint,
    case_number varchar(20) NOT NULL,
    person_id bigint,
    route varchar(80) NOT NULL,
    purpose varchar(200) NOT NULL,
    detail jsonb NOT NULL,
    request_id varchar(36) NOT NULL
"""
NAMES = (
    "id, at, kind, member_id, member_name, organisation, unit_id, role, case_id, case_number, person_id, route, purpose,"
    " detail, request_id"
)
PARTS = f"""
    ALTER TABLE lib_event RENAME TO lib_event_whole;
    ALTER TABLE lib_event_whole ALTER COLUMN id DROP IDENTITY;
    CREATE SEQUENCE lib_event_id_seq AS bigint;
    CREATE TABLE lib_event ({COLUMNS}, CONSTRAINT lib_event_months_pkey PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    ALTER SEQUENCE lib_event_id_seq OWNED BY lib_event.id;
    CREATE TABLE lib_event_default PARTITION OF lib_event DEFAULT;
"""
# Runs as the owner of the tables, so that the daily job, which owns nothing, can make the months that come. It can do no more
# than that. A month of which rows already lie in the default part is left to `manage.py read_log --move`.
AHEAD = """
    CREATE FUNCTION lib_event_ahead(first date, months integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '5s' SET timezone = 'UTC' AS $$
    DECLARE
        start timestamptz;
        upto timestamptz;
        part text;
        made integer := 0;
        busy boolean;
    BEGIN
        IF months NOT BETWEEN 0 AND 36 OR first NOT BETWEEN CURRENT_DATE - 18263 AND CURRENT_DATE + 18263 THEN
            RAISE EXCEPTION 'not a span of months for the event log: % and %', first, months;
        END IF;
        FOR number IN 0..months LOOP
            start := date_trunc('month', first::timestamptz) + make_interval(months => number);
            upto := start + interval '1 month';
            part := 'lib_event_' || to_char(start, 'YYYY_MM');
            IF to_regclass('public.' || part) IS NULL THEN
                SELECT EXISTS (SELECT FROM lib_event_default d WHERE d.at >= start AND d.at < upto) INTO busy;
                IF NOT busy THEN
                    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.lib_event FOR VALUES FROM (%L) TO (%L)',
                                   part, start, upto);
                    made := made + 1;
                END IF;
            END IF;
        END LOOP;
        RETURN made;
    END $$;
    REVOKE ALL ON FUNCTION lib_event_ahead(date, integer) FROM PUBLIC;
"""
FIRST_MONTHS = """
    DO $$
    DECLARE
        month date;
    BEGIN
        FOR month IN SELECT DISTINCT (date_trunc('month', at AT TIME ZONE 'UTC'))::date FROM lib_event_whole LOOP
            PERFORM lib_event_ahead(month, 0);
        END LOOP;
        PERFORM lib_event_ahead(CURRENT_DATE, 3);
    END $$;
"""
FILL = f"""
    INSERT INTO lib_event ({NAMES}) SELECT {NAMES} FROM lib_event_whole ORDER BY id;
    SELECT setval('lib_event_id_seq', COALESCE((SELECT max(id) FROM lib_event), 0) + 1, false);
    DROP TABLE lib_event_whole;
"""  # noqa: S608 - names of our own columns
# The fingerprint of a row, computed where the row is: who asks gets no content. The columns are those of the day the row was
# sealed, and all that decides how a value is written is fixed here.
LEAVES = r"""
    CREATE FUNCTION lib_leaves(of_table text, key text, columns text[], after bigint, upto bigint)
    RETURNS TABLE (row_id bigint, leaf bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
    SET intervalstyle = 'postgres' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
    BEGIN
        PERFORM lib_require_append_only(of_table);
        RETURN QUERY EXECUTE format(
            'SELECT t.%1$I::bigint, sha256(convert_to(%2$L || chr(10) || ROW(%3$s)::text, ''UTF8'')) FROM public.%2$I t'
            ' WHERE t.%1$I > $1 AND t.%1$I <= $2 ORDER BY t.%1$I',
            key, of_table, (SELECT string_agg(format('t.%I', name), ', ' ORDER BY place)
                              FROM unnest(columns) WITH ORDINALITY AS c(name, place)))
        USING after, upto;
    END $$;
    REVOKE ALL ON FUNCTION lib_leaves(text, text, text[], bigint, bigint) FROM PUBLIC;
"""
LAST_ROW = """
    CREATE FUNCTION lib_last_row(of_table text, key text) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        last bigint;
    BEGIN
        PERFORM lib_require_append_only(of_table);
        EXECUTE format('SELECT max(%I) FROM public.%I', key, of_table) INTO last;
        RETURN COALESCE(last, 0);
    END $$;
    REVOKE ALL ON FUNCTION lib_last_row(text, text) FROM PUBLIC;
"""
REQUIRE = """
    CREATE FUNCTION lib_require_append_only(of_table text) RETURNS void LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(format('public.%I', of_table))
                                                AND tgname LIKE 'pgtrigger_append_only_%') THEN
            RAISE EXCEPTION 'not a table that only grows: %', of_table;
        END IF;
    END $$;
"""
INDEXES = [
    models.Index(fields=["at", "id"], name="event_at"),
    models.Index(fields=["case_number", "at", "id"], name="event_case"),
    models.Index(fields=["member_id", "at", "id"], name="event_member"),
    models.Index(fields=["organisation", "at", "id"], name="event_organisation"),
    models.Index(fields=["kind", "at", "id"], name="event_kind"),
]
APPEND_ONLY = migrating.InstallTrigger(
    model_name="event",
    trigger=pgtrigger.compiler.Trigger(
        name="append_only",
        sql=pgtrigger.compiler.UpsertTriggerSql(
            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
            hash="db837d8cca92adf92f46ef69e094a9b18a6e78fe",
            operation="UPDATE OR DELETE",
            pgid="pgtrigger_append_only_fa8c1",
            table="lib_event",
            when="BEFORE",
        ),
    ),
)


class Migration(migrations.Migration):
    dependencies = [("lib", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="event", name="event_case"),
        migrations.RemoveIndex(model_name="event", name="event_member"),
        migrations.RunSQL(PARTS),
        migrations.RunSQL(AHEAD),
        migrations.RunSQL(FIRST_MONTHS),
        migrations.RunSQL(FILL),
        migrations.SeparateDatabaseAndState(database_operations=[APPEND_ONLY]),
        *(migrating.PutIndex(model_name="event", index=index) for index in INDEXES),
        migrations.RunSQL(REQUIRE),
        migrations.RunSQL(LEAVES),
        migrations.RunSQL(LAST_ROW),
    ]
