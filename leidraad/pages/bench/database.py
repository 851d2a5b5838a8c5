"""A database of its own for each size, made by the owner of the tables. The real one is never touched."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections

from cases.case.models.case import permission_id

ALIASES = ("default", "log")
NAME = "leidraad_bench"
FILLING = ("bare.py", "fill.py", "fill_sql.py", "law_sql.py", "reception_sql.py", "request_sql.py", "world.py")


def name_for(rows: int) -> str:
    return f"{NAME}_{rows}"


def fill_version() -> str:
    """Changes with the code that fills, with the tables, and with the policy the grants follow."""
    here = Path(__file__).parent
    sources = [here / name for name in FILLING]
    sources += [Path(app.path) / "migrations" / "*.py" for app in apps.get_app_configs() if _is_own(app.path)]
    found = [path for pattern in sources for path in sorted(pattern.parent.glob(pattern.name))]
    found.append(settings.BASE_DIR / "partners" / "reference" / "policy.csv")
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in found)).hexdigest()[:16]


def _is_own(path: str) -> bool:
    return Path(path).is_relative_to(settings.BASE_DIR) and "site-packages" not in path


def is_filled(rows: int) -> bool:
    """Whether the database of this size stands there, filled to the end by this version of the code."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name_for(rows)]
        )
        row = cursor.fetchone()
    return row is not None and row[0] == fill_version()


def create(rows: int) -> None:
    """An empty database of this size in place of a former one. Needs the right to create databases."""
    quoted = connection.ops.quote_name(name_for(rows))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {quoted}")


def mark_filled(rows: int, version: str) -> None:
    """Called from inside that database when it is full, with the version that the fill began with: files may have changed
    since. An interrupted fill stays unmarked and is made anew."""
    quoted = connection.ops.quote_name(name_for(rows))
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {quoted} IS '{version}'")


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("load_reference", verbosity=0, skip_checks=True, stdout=StringIO())


def tidy() -> None:
    """What autovacuum would have done by tomorrow: statistics, and the map that index-only scans need."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def connected_to(rows: int, *, role: str = "") -> AbstractContextManager[None]:
    """All connections go to the database of this size, as this role; afterwards to the real one again."""
    return connected(name_for(rows), role=role)


@contextmanager
def connected(name: str, *, role: str = "") -> Iterator[None]:
    before = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    for alias in ALIASES:
        options = dict(before[alias].get("OPTIONS", {}))
        if role:
            options["options"] = f"-c role={role}"
        _switch(alias, {"NAME": name, "OPTIONS": options})
    try:
        yield
    finally:
        for alias in ALIASES:
            _switch(alias, before[alias])


def _switch(alias: str, values: dict[str, object]) -> None:
    connections[alias].close()
    connections[alias].settings_dict.update(values)
    # Keys that a process looks up once belong to the database it looked them up in.
    permission_id.cache_clear()
    ContentType.objects.clear_cache()


def version_of_server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def application_role() -> str:
    """The role the web has; empty in an installation with one role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE])
        return settings.APP_ROLE if cursor.fetchone() else ""
