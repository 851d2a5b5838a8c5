#!/usr/bin/env python
"""Django's command line. Commands that change tables connect as their owner."""

import os
import sys

OWNER_COMMANDS = frozenset({"migrate", "makemigrations", "sqlmigrate", "pgtrigger", "bench", "read_log", "verify_log"})


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leidraad.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("LEIDRAAD_DB_ROLE", "owner")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from partners.policy_now import one_policy

    try:
        with one_policy():
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Leidraad cannot start: {error}")


if __name__ == "__main__":
    main()
