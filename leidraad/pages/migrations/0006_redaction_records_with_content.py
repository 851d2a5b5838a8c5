"""Only records that hold or held something to blank are listed: without content on the page nobody could tell the others apart."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0005_redaction_of_newer_tables")

DECLARED = "        rule record;\n    BEGIN\n"
DECLARES = "        rule record;\n        something text;\n    BEGIN\n"
LOOP = "FOR rule IN SELECT * FROM public.pages_redaction_allowed() LOOP\n"
ASKED = """            SELECT 'COALESCE(' || string_agg(format('NULLIF(%s.%I::text, '''')', CASE WHEN rule.history IS NULL THEN 't' ELSE 'v' END, x),
                                             ', ') || ') IS NOT NULL' INTO something FROM unnest(rule.columns) x;
            IF rule.history IS NOT NULL THEN
                something := format('EXISTS (SELECT FROM public.%I v WHERE v.id = t.id AND %s)', rule.history, something);
            END IF;
"""
TOLD = LOOP + ASKED
STEP = "' WHERE c.number = $1', rule.tbl, CASE"
STEP_WITH = "' WHERE c.number = $1 AND ' || something, rule.tbl, CASE"
RECORD = "JOIN public.%I h ON h.id = t.id WHERE c.number = $1 GROUP BY t.id',"
RECORD_WITH = "JOIN public.%I h ON h.id = t.id WHERE c.number = $1 AND ' || something || ' GROUP BY t.id',"

RECORDS = BEFORE.RECORDS
for first, then in ((DECLARED, DECLARES), (LOOP, TOLD), (STEP, STEP_WITH), (RECORD, RECORD_WITH)):
    RECORDS = BEFORE.replaced(RECORDS, first, then)


class Migration(migrations.Migration):
    dependencies = [("pages", "0005_redaction_of_newer_tables")]

    operations = [migrations.RunSQL(RECORDS)]
