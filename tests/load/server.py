"""The application as production runs it, on a copy of the measured database that goes when we go."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.db import connection

from leidraad.pages.bench import database

WORKERS = 2
COPY = "leidraad_bench_load"
PATIENCE = 30


@contextmanager
def copy_of(rows: int) -> Iterator[str]:
    """The name of a database that may be written in."""
    _run(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")
    # Its files are copied as they are; the other way writes every page to the log as well.
    _run(f"CREATE DATABASE {COPY} TEMPLATE {database.name_for(rows)} STRATEGY file_copy")
    try:
        yield COPY
    finally:
        _run(f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(name: str, log: Path) -> Iterator[int]:
    """The port that the application answers on, with the settings and the number of workers of `make run` and production."""
    port = free_port()
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    env = os.environ | {
        "DATABASE_URL": url,
        "LEIDRAAD_DB_ROLE": "app",
        "LEIDRAAD_ENV": "production",
        "LEIDRAAD_DEMO": "0",
        "LEIDRAAD_BEHIND_PROXY": "1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": "console:",
        "LEIDRAAD_SEAL_KEY": str(log.with_name("seal.key")),
        "LEIDRAAD_SEAL_DIR": str(log.with_name("seals")),
    }
    words = [sys.executable, "-m", "gunicorn", "leidraad.wsgi", "--bind", f"127.0.0.1:{port}"]
    words += ["--workers", str(WORKERS), "--no-control-socket", "--log-level", "warning"]
    with log.open("w") as file:
        server = subprocess.Popen(words, env=env, stdout=file, stderr=file)
    try:
        _wait_for(port, server, log)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The server does not answer; its last lines:\n{log.read_text()[-2000:]}")
