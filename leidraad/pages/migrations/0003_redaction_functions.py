"""The database functions of a redaction. They run as the owner of the tables: the web has no right to change what is remembered.

The web may call three of them. Two give no content, only which records there are and in how many places they stand. The third
blanks, and believes nobody: it reads the request and the approval itself, and who gave them.
"""

from django.db import migrations

# Which tables and columns may be blanked, how a record belongs to a case (with c for the case), and the table of its history.
ALLOWED = r"""
    CREATE FUNCTION pages_redaction_allowed() RETURNS TABLE (tbl text, history text, joined text, columns text[])
    LANGUAGE sql IMMUTABLE AS $$ VALUES
      ('cases_person', 'cases_historicalperson', 't.id = c.person_id',
       ARRAY['surname', 'name_prefix', 'given_names', 'birth_year', 'birth_month', 'birth_day']),
      ('cases_personalias', 'cases_historicalpersonalias', 't.person_id = c.person_id', ARRAY['name']),
      ('cases_identityconflict', 'cases_historicalidentityconflict', 't.person_id = c.person_id',
       ARRAY['stored_value', 'offered_value', 'resolution']),
      ('cases_address', 'cases_historicaladdress', 't.case_id = c.id', ARRAY['street', 'postcode', 'city']),
      ('cases_protectedaddress', 'cases_historicalprotectedaddress', 't.case_id = c.id',
       ARRAY['street', 'postcode', 'city']),
      ('cases_signal', 'cases_historicalsignal', 't.case_id = c.id', ARRAY['kind', 'source']),
      ('cases_axisentry', 'cases_historicalaxisentry', 't.case_id = c.id', ARRAY['text']),
      ('cases_task', 'cases_historicaltask', 't.case_id = c.id', ARRAY['title']),
      ('requests_request', 'requests_historicalrequest', 't.case_id = c.id',
       ARRAY['reason', 'end_reason', 'place_text', 'place_city']),
      ('requests_requeststep', NULL,
       't.request_id IN (SELECT r.id FROM requests_request r WHERE r.case_id = c.id)', ARRAY['text']),
      ('handover_handover', 'handover_historicalhandover', 't.case_id = c.id', ARRAY['note', 'return_text']),
      ('handover_handoverstep', NULL,
       't.handover_id IN (SELECT h.id FROM handover_handover h WHERE h.case_id = c.id)', ARRAY['text']),
      ('supervision_attempt', 'supervision_historicalattempt',
       't.task_id IN (SELECT s.id FROM supervision_supervisiontask s JOIN requests_request r ON r.id = s.request_id'
       ' WHERE r.case_id = c.id)', ARRAY['with_whom', 'note']),
      ('procedure_removabilityanswer', 'procedure_historicalremovabilityanswer', 't.case_id = c.id',
       ARRAY['note', 'correction_reason'])
    $$
"""
# A text that names one of the old values as a word, or a field of that name, is blanked whole.
BLANK_JSON = r"""
    CREATE FUNCTION pages_blank_json(j jsonb, pattern text, keys text[]) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN
        CASE jsonb_typeof(j)
            WHEN 'string' THEN
                RETURN CASE WHEN pattern <> '' AND (j #>> '{}') ~* pattern THEN to_jsonb('[…]'::text) ELSE j END;
            WHEN 'array' THEN
                RETURN (SELECT COALESCE(jsonb_agg(pages_blank_json(e, pattern, keys) ORDER BY n), '[]')
                          FROM jsonb_array_elements(j) WITH ORDINALITY AS a(e, n));
            WHEN 'object' THEN
                RETURN (SELECT COALESCE(jsonb_object_agg(k, CASE
                            WHEN NOT k = ANY(keys) THEN pages_blank_json(v, pattern, keys)
                            WHEN jsonb_typeof(v) = 'string' AND v <> '""' THEN to_jsonb('[…]'::text)
                            WHEN jsonb_typeof(v) IN ('number', 'boolean') THEN 'null'
                            ELSE v END), '{}')
                          FROM jsonb_each(j) AS o(k, v));
            ELSE RETURN j;
        END CASE;
    END $$
"""
# The old values as one pattern of whole words; "" when there are none. Two letters are too few to look for elsewhere.
PATTERN = r"""
    CREATE FUNCTION pages_redaction_pattern(of_table text, of_key bigint, of_columns text[]) RETURNS text
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        rule record;
        texts text;
        found text;
        source text;
    BEGIN
        SELECT * INTO rule FROM public.pages_redaction_allowed() a WHERE a.tbl = of_table;
        SELECT string_agg(format('%I::text', a.attname), ', ') INTO texts FROM pg_attribute a
         WHERE a.attrelid = format('public.%I', of_table)::regclass AND a.attname = ANY(of_columns)
           AND a.atttypid IN ('text'::regtype, 'varchar'::regtype);
        IF texts IS NULL THEN
            RETURN '';
        END IF;
        source := format('SELECT unnest(ARRAY[%s]) AS v FROM public.%I WHERE id = $1', texts, of_table);
        IF rule.history IS NOT NULL THEN
            source := source || format(' UNION SELECT unnest(ARRAY[%s]) FROM public.%I WHERE id = $1', texts, rule.history);
        END IF;
        EXECUTE format($q$SELECT string_agg(regexp_replace(v, '([^[:alnum:][:space:]_])', '\\\1', 'g'), '|') FROM (%s) o
                          WHERE length(v) > 2 AND v NOT LIKE '[…]%%'$q$, source) INTO found USING of_key;
        RETURN COALESCE('(^|\W)(' || found || ')($|\W)', '');
    END $$
"""
# Every place where the content stands: the record, its history, and the copies made of it in all cases of the same person.
PLACES = r"""
    CREATE FUNCTION pages_redaction_rows(of_table text, of_key bigint, of_columns text[])
    RETURNS TABLE (place text, tbl text, key text, of_column text, ids bigint[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        rule record;
        copy record;
        pattern text;
        keys text[] := '{}';
        cases bigint[];
    BEGIN
        SELECT * INTO rule FROM public.pages_redaction_allowed() a WHERE a.tbl = of_table;
        IF rule.tbl IS NULL OR NOT of_columns <@ rule.columns OR cardinality(of_columns) = 0 THEN
            RAISE EXCEPTION 'this may not be blanked: % %', of_table, of_columns;
        END IF;
        EXECUTE format('SELECT array_agg(DISTINCT o.id) FROM public.%I t JOIN public.cases_returncase c ON %s'
                       ' JOIN public.cases_returncase o ON o.person_id = c.person_id WHERE t.id = $1',
                       of_table, rule.joined) INTO cases USING of_key;
        pattern := public.pages_redaction_pattern(of_table, of_key, of_columns);
        IF of_table = 'cases_person' THEN
            keys := of_columns || ARRAY(SELECT x FROM unnest(ARRAY['first_names', 'birth_date']) x
                                         WHERE (x = 'first_names' AND 'given_names' = ANY(of_columns))
                                            OR (x = 'birth_date' AND of_columns && ARRAY['birth_year', 'birth_month', 'birth_day']));
        END IF;
        RETURN QUERY EXECUTE format('SELECT ''row'', %L, ''id'', NULL::text, array_agg(id) FROM public.%I WHERE id = $1'
                                    ' HAVING count(*) > 0', of_table, of_table) USING of_key;
        IF rule.history IS NOT NULL THEN
            RETURN QUERY EXECUTE format('SELECT ''history'', %L, ''history_id'', NULL::text, array_agg(history_id)'
                                        ' FROM public.%I WHERE id = $1 HAVING count(*) > 0', rule.history, rule.history)
                   USING of_key;
        END IF;
        IF of_table IN ('cases_person', 'cases_personalias') THEN
            RETURN QUERY SELECT 'search'::text, 'cases_casesearch'::text, 'case_id'::text, NULL::text, array_agg(s.case_id)
                           FROM public.cases_casesearch s WHERE s.case_id = ANY(cases) HAVING count(*) > 0;
        END IF;
        FOR copy IN SELECT * FROM (VALUES
            ('copy', 'handover_handover', 'id', 'frozen', 'case_id = ANY($3)'),
            ('copy', 'handover_historicalhandover', 'history_id', 'frozen', 'case_id = ANY($3)'),
            ('copy', 'handover_handoverstep', 'id', 'changed',
             'handover_id IN (SELECT h.id FROM public.handover_handover h WHERE h.case_id = ANY($3))'),
            ('copy', 'handover_dossierversion', 'id', 'content',
             'dossier_id IN (SELECT d.id FROM public.handover_dossier d WHERE d.case_id = ANY($3))'),
            ('copy', 'requests_request', 'id', 'frozen', 'case_id = ANY($3)'),
            ('copy', 'requests_historicalrequest', 'history_id', 'frozen', 'case_id = ANY($3)'),
            ('notice', 'partners_notice', 'id', 'params', 'case_id = ANY($3)'),
            ('notice', 'partners_historicalnotice', 'history_id', 'params', 'case_id = ANY($3)'),
            ('outbox', 'celery_outbox', 'id', 'args', '$3 IS NOT NULL'),
            ('outbox', 'celery_outbox', 'id', 'kwargs', '$3 IS NOT NULL'),
            ('outbox', 'celery_outbox_dead_letter', 'id', 'args', '$3 IS NOT NULL'),
            ('outbox', 'celery_outbox_dead_letter', 'id', 'kwargs', '$3 IS NOT NULL')
        ) AS v(place, tbl, key, of_column, condition) LOOP
            RETURN QUERY EXECUTE format(
                'SELECT %L, %L, %L, %L, array_agg(%I::bigint) FROM public.%I WHERE %s'
                ' AND public.pages_blank_json(%I, $1, $2) <> %I HAVING count(*) > 0',
                copy.place, copy.tbl, copy.key, copy.of_column, copy.key, copy.tbl, copy.condition,
                copy.of_column, copy.of_column) USING pattern, CASE WHEN copy.place = 'copy' THEN keys ELSE '{}'::text[] END, cases;
        END LOOP;
    END $$
"""
RECORDS = r"""
    CREATE FUNCTION pages_redaction_records(of_case text) RETURNS TABLE (tbl text, key bigint, recorded timestamptz, versions bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        rule record;
    BEGIN
        FOR rule IN SELECT * FROM public.pages_redaction_allowed() LOOP
            IF rule.history IS NULL THEN
                RETURN QUERY EXECUTE format('SELECT %L, t.id, t.at, 1::bigint FROM public.%I t JOIN public.cases_returncase c ON %s'
                                            ' WHERE c.number = $1', rule.tbl, rule.tbl, rule.joined) USING of_case;
            ELSE
                RETURN QUERY EXECUTE format(
                    'SELECT %L, t.id, min(h.history_date), count(*) FROM public.%I t'
                    ' JOIN public.cases_returncase c ON %s JOIN public.%I h ON h.id = t.id WHERE c.number = $1 GROUP BY t.id',
                    rule.tbl, rule.tbl, rule.joined, rule.history) USING of_case;
            END IF;
        END LOOP;
    END $$
"""
COUNTS = r"""
    CREATE FUNCTION pages_redaction_places(of_table text, of_key bigint, of_columns text[])
    RETURNS TABLE (place text, tbl text, rows bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT r.place, r.tbl, count(DISTINCT i) FROM public.pages_redaction_rows(of_table, of_key, of_columns) r,
                            unnest(r.ids) AS i GROUP BY r.place, r.tbl ORDER BY 1, 2;
    END $$
"""
OFFICER = r"""
    CREATE FUNCTION pages_is_privacy_officer(of_member bigint) RETURNS boolean LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RETURN EXISTS (
            SELECT FROM public.partners_membership ms JOIN public.partners_role r ON r.id = ms.role_id
              JOIN public.partners_member m ON m.id = ms.member_id
             WHERE ms.member_id = of_member AND m.is_active AND r.code = 'privacy_officer'
               AND ms.valid_from <= CURRENT_DATE AND (ms.valid_until IS NULL OR ms.valid_until >= CURRENT_DATE));
    END $$
"""
# The leaves of these rows, over each list of columns under which the table was ever sealed, and over the present one.
LEAVES = r"""
    CREATE FUNCTION pages_redaction_leaves(of_table text, of_key text, of_ids bigint[])
    RETURNS TABLE (columns text, row_id bigint, leaf bytea) LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
    SET intervalstyle = 'postgres' SET extra_float_digits = 1 SET bytea_output = 'hex' AS $$
    DECLARE
        listed text;
    BEGIN
        FOR listed IN
            SELECT DISTINCT (SELECT string_agg(format('t.%I', x.name), ', ' ORDER BY x.n)
                               FROM jsonb_array_elements_text(s.columns -> of_table) WITH ORDINALITY AS x(name, n))
              FROM public.lib_seal s WHERE s.columns ? of_table
        LOOP
            RETURN QUERY EXECUTE format(
                'SELECT $1, t.%1$I::bigint, sha256(convert_to(%2$L || chr(10) || ROW(%3$s)::text, ''UTF8'')) FROM public.%2$I t'
                ' WHERE t.%1$I = ANY($2)', of_key, of_table, listed) USING listed, of_ids;
        END LOOP;
    END $$
"""
REDACT = r"""
    CREATE FUNCTION pages_redact(of_redaction bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        asked record;
        reader record;
        rule record;
        spot record;
        of_columns text[];
        pattern text;
        keys text[] := '{}';
        belongs boolean;
        certificate bigint;
        total integer := 0;
        told jsonb;
        before jsonb;
        ignored text;
        tombstone text := '[…]';
    BEGIN
        SELECT r.*, m.display_name INTO asked FROM public.pages_redaction r JOIN public.partners_member m ON m.id = r.asked_by_id
         WHERE r.id = of_redaction;
        PERFORM pg_advisory_xact_lock(20263, (of_redaction % 2147483647)::integer);
        SELECT s.*, m.display_name INTO reader FROM public.pages_redactionstep s JOIN public.partners_member m ON m.id = s.member_id
         WHERE s.redaction_id = of_redaction AND s.act = 'approved';
        IF asked.id IS NULL OR reader.id IS NULL THEN
            RAISE EXCEPTION 'redaction %: not asked, or not approved', of_redaction;
        END IF;
        IF reader.member_id = asked.asked_by_id THEN
            RAISE EXCEPTION 'redaction %: asked and approved by the same person', of_redaction;
        END IF;
        IF NOT public.pages_is_privacy_officer(asked.asked_by_id) OR NOT public.pages_is_privacy_officer(reader.member_id) THEN
            RAISE EXCEPTION 'redaction %: not two privacy officers', of_redaction;
        END IF;
        IF EXISTS (SELECT FROM public.pages_redactionstep s WHERE s.redaction_id = of_redaction AND s.act = 'done') THEN
            RAISE EXCEPTION 'redaction %: done already', of_redaction;
        END IF;
        SELECT * INTO rule FROM public.pages_redaction_allowed() a WHERE a.tbl = asked."table";
        of_columns := ARRAY(SELECT jsonb_array_elements_text(asked.columns));
        IF rule.tbl IS NULL OR NOT of_columns <@ rule.columns OR cardinality(of_columns) = 0 THEN
            RAISE EXCEPTION 'this may not be blanked: % %', asked."table", of_columns;
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I t JOIN public.cases_returncase c ON %s WHERE t.id = $1 AND c.number = $2)',
                       asked."table", rule.joined) INTO belongs USING asked.key, asked.case_number;
        IF NOT belongs THEN
            RAISE EXCEPTION 'redaction %: not a record of this case', of_redaction;
        END IF;
        IF asked."table" = 'cases_personalias' THEN  -- a person has each other name once
            tombstone := '[…] ' || asked.key;
        END IF;
        pattern := public.pages_redaction_pattern(asked."table", asked.key, of_columns);
        IF asked."table" = 'cases_person' THEN
            keys := of_columns || ARRAY(SELECT x FROM unnest(ARRAY['first_names', 'birth_date']) x
                                         WHERE (x = 'first_names' AND 'given_names' = ANY(of_columns))
                                            OR (x = 'birth_date' AND of_columns && ARRAY['birth_year', 'birth_month', 'birth_day']));
        END IF;
        INSERT INTO public.lib_certificate (at, kind, subject, ground, done_by, rows)
        SELECT now(), 'redaction', left(asked.case_number || ' ' || asked."table" || ' ' || asked.key, 120), asked.ground,
               left(asked.display_name || ', ' || reader.display_name, 150), count(*)
          FROM public.pages_redaction_rows(asked."table", asked.key, of_columns) r, unnest(r.ids) i
        RETURNING id INTO certificate;
        SELECT jsonb_agg(jsonb_build_object('place', p.place, 'table', p.tbl, 'rows', p.rows)) INTO told
          FROM public.pages_redaction_places(asked."table", asked.key, of_columns) p;
        IF asked."table" = 'cases_signal' THEN  -- that a signal was there tells enough: the row goes, its versions stay blank
            INSERT INTO public.cases_historicalsignal (id, case_id, kind, source, noted_on, ended_on, history_date, history_type,
                history_change_reason, history_user_id, history_organisation, history_unit_id, history_principal, history_request_id)
            SELECT s.id, s.case_id, '', '', s.noted_on, s.ended_on, now(), '-', '', reader.member_id, '', NULL, '', ''
              FROM public.cases_signal s WHERE s.id = asked.key;
        END IF;
        ignored := current_setting('pgtrigger.ignore', true);
        PERFORM set_config('pgtrigger.ignore', ARRAY(SELECT DISTINCT tgname FROM pg_trigger
                            WHERE tgname LIKE 'pgtrigger_append_only_%')::text, true);
        FOR spot IN SELECT * FROM public.pages_redaction_rows(asked."table", asked.key, of_columns) LOOP
            before := (SELECT jsonb_agg(jsonb_build_array(l.columns, l.row_id, encode(l.leaf, 'hex')))
                         FROM public.pages_redaction_leaves(spot.tbl, spot.key, spot.ids) l);
            IF spot.of_column IS NOT NULL THEN
                EXECUTE format('UPDATE public.%I SET %I = public.pages_blank_json(%I, $1, $2) WHERE %I = ANY($3)',
                               spot.tbl, spot.of_column, spot.of_column, spot.key)
                  USING pattern, CASE WHEN spot.place = 'copy' THEN keys ELSE '{}'::text[] END, spot.ids;
            ELSIF spot.place = 'row' AND spot.tbl = 'cases_signal' THEN
                DELETE FROM public.cases_signal WHERE id = asked.key;
            ELSIF spot.place = 'search' THEN
                UPDATE public.cases_casesearch s SET names = public.cases_search_names(c.person_id)
                  FROM public.cases_returncase c WHERE c.id = s.case_id AND s.case_id = ANY(spot.ids);
            ELSIF spot.place IN ('row', 'history') THEN
                EXECUTE (SELECT format('UPDATE public.%I SET %s WHERE %I = ANY($1)', spot.tbl, string_agg(
                            CASE WHEN asked."table" = 'cases_signal' THEN format('%I = ''''', a.attname)
                                 WHEN a.atttypid IN ('text'::regtype, 'varchar'::regtype)
                                 THEN format('%1$I = CASE WHEN COALESCE(%1$I, '''') = '''' THEN %1$I ELSE %2$L END', a.attname, tombstone)
                                 ELSE format('%I = NULL', a.attname) END, ', '), spot.key)
                           FROM pg_attribute a WHERE a.attrelid = format('public.%I', spot.tbl)::regclass
                            AND (a.attname = ANY(of_columns) OR (spot.place = 'history' AND a.attname = 'history_change_reason'
                                                                 AND asked."table" <> 'cases_signal')))
                  USING spot.ids;
            END IF;
            INSERT INTO public.lib_certificateleaves (certificate_id, "table", first_id, last_id, leaves)
            SELECT certificate, spot.tbl, min(o.id), max(o.id),
                   string_agg(int8send(o.id) || o.leaf || l.leaf, ''::bytea ORDER BY o.id)
              FROM (SELECT e ->> 0 AS columns, (e ->> 1)::bigint AS id, decode(e ->> 2, 'hex') AS leaf
                      FROM jsonb_array_elements(before) e) o
              JOIN public.pages_redaction_leaves(spot.tbl, spot.key, spot.ids) l ON l.columns = o.columns AND l.row_id = o.id
             WHERE o.leaf <> l.leaf GROUP BY o.columns;
        END LOOP;
        PERFORM set_config('pgtrigger.ignore', COALESCE(ignored, ''), true);
        INSERT INTO public.pages_redactionstep (redaction_id, act, member_id, at, reason, certificate_id, places)
        VALUES (of_redaction, 'done', reader.member_id, now(), '', certificate, COALESCE(told, '[]'));
        RETURN certificate;
    END $$
"""
SHUT = """
    REVOKE ALL ON FUNCTION pages_redact(bigint), pages_redaction_records(text), pages_redaction_places(text, bigint, text[]),
        pages_redaction_rows(text, bigint, text[]), pages_redaction_pattern(text, bigint, text[]),
        pages_redaction_leaves(text, text, bigint[]) FROM PUBLIC
"""


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_redaction"), ("lib", "0006_seal_columns")]

    operations = [
        migrations.RunSQL(statement)
        for statement in (
            ALLOWED, BLANK_JSON, PATTERN, PLACES, RECORDS, COUNTS, OFFICER, LEAVES, REDACT, SHUT
        )
    ]  # fmt: skip
