"""Makes the question that every trigger asks first ("am I switched off?") a cheap one."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

# pgtrigger's own version catches an exception each time it is asked, which is a subtransaction per row that rolls back. Each
# rollback walks all foreign keys that still wait to be checked, so that a thousand cases in one transaction cost a million.
SHOULD_IGNORE = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT COALESCE(trigger_name = ANY (NULLIF(current_setting('pgtrigger.ignore', true), '')::text[]), false)
    $$
"""
IS_SLOW = """
    SELECT 1 FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
     WHERE p.oid = to_regprocedure('public._pgtrigger_should_ignore(name)') AND l.lanname = 'plpgsql'
       AND pg_has_role(p.proowner, 'USAGE')
"""


def quicken_triggers(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Put our version in place. Asked after each migrate, because installing any trigger puts pgtrigger's back."""
    with connections[using].cursor() as cursor:
        cursor.execute(IS_SLOW)
        if cursor.fetchone() is not None:
            cursor.execute(SHOULD_IGNORE)
