"""The doors of a redaction open for who is acting only: lists and counts for the officers, blanking for the second reader.

That a record is there tells something by itself, so also the functions that give no content ask who is acting, as the wall in
front of the case does.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("leidraad.pages.migrations.0003_redaction_functions")

ACTING = r"""
    CREATE FUNCTION pages_require_acting(roles text[]) RETURNS void LANGUAGE plpgsql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM public.partners_membership ms JOIN public.partners_role r ON r.id = ms.role_id
              JOIN public.partners_member m ON m.id = ms.member_id
             WHERE ms.member_id = NULLIF(current_setting('leidraad.member', true), '')::bigint
               AND ms.unit_id = NULLIF(current_setting('leidraad.unit', true), '')::bigint
               AND m.is_active AND r.code = ANY(roles)
               AND ms.valid_from <= CURRENT_DATE AND (ms.valid_until IS NULL OR ms.valid_until >= CURRENT_DATE)) THEN
            RAISE EXCEPTION 'no privacy officer is acting';
        END IF;
    END $$;
    REVOKE ALL ON FUNCTION pages_require_acting(text[]) FROM PUBLIC;
"""


def replaced(statement: str, first: str, then: str) -> str:
    """The function anew, with `then` before the first time that `first` stands in its body."""
    anew = statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    if first not in anew:
        raise ValueError(first)
    return anew.replace(first, then + first, 1)


RECORDS = replaced(
    BEFORE.RECORDS,
    "FOR rule IN SELECT",
    "PERFORM public.pages_require_acting(ARRAY['privacy_officer']);\n        ",
)
COUNTS = replaced(
    BEFORE.COUNTS,
    "RETURN QUERY SELECT r.place",
    "PERFORM public.pages_require_acting(ARRAY['privacy_officer', 'auditor']);\n        ",
)
REDACT = replaced(
    BEFORE.REDACT,
    "IF NOT public.pages_is_privacy_officer(asked.asked_by_id)",
    "IF reader.member_id IS DISTINCT FROM NULLIF(current_setting('leidraad.member', true), '')::bigint THEN\n"
    "            RAISE EXCEPTION 'redaction %: the second reader is not who is acting', of_redaction;\n"
    "        END IF;\n        ",
)


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_redaction_functions")]

    operations = [migrations.RunSQL(statement) for statement in (ACTING, RECORDS, COUNTS, REDACT)]
