"""`make run`: everything up, with the demo chain: web, worker with schedule, and the relay of the outbox."""

import fcntl
import http.client
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leidraad.start.commands import manage
from leidraad.start.servers import MARK, servers
from run import PYTHON, ROOT, RUN, Stop, digest, say

PASSWORD_HINT = "leidraad-demo"  # noqa: S105 - the public password of the demo accounts
OFF = ("0", "false", "no", "off", "")
STATIC_LEFT_OUT = ("*.scss", "*.json", "*.less", "*.mjs", "*.cjs", "*.ts", "*.md")
PROCESSES = """\
web: exec {python} -m gunicorn leidraad.wsgi --bind 127.0.0.1:{port} --workers 2 --no-control-socket --log-level warning
worker: exec {python} -m celery --quiet -A leidraad worker --beat --concurrency 1 --loglevel warning
relay: exec {python} manage.py celery_outbox_relay --broker-outage-cooldown 5 --shutdown-timeout 3
"""
# Celery warns root at length; here root is somebody who tries it on a machine of his own.
QUIET = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
OURS = (b"gunicorn", b"celery", b"honcho")


def run_all() -> None:
    port = wanted_port()
    with only_run():
        end_left_behind()
        require_free(port)
        with servers() as env:
            prepare(env)
            run_processes(env, port)


@contextmanager
def only_run() -> Iterator[None]:
    with (RUN / "app.lock").open("a") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stop(
                "it runs already from this folder. Another copy needs another folder and another PORT."
            ) from None
        yield


def wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT is '{text}'; give a number, for instance PORT=8001.")
    return int(text)


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Stop(f"port {port} is not allowed for this user. Choose one above 1023: PORT=8001 make run") from None
        except OSError:
            raise Stop(f"port {port} is in use. Choose another one: PORT=8001 make run") from None


def left_behind() -> list[int]:
    """Our processes of an earlier run that was killed: they carry our mark in their environment (Linux)."""
    mark, own, found = f"{MARK}={ROOT}".encode(), os.getpid(), []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            marked = mark in entry.read_bytes().split(b"\0")
            command = entry.with_name("cmdline").read_bytes()
        except OSError:
            continue
        number = int(entry.parent.name)
        if marked and number != own and any(name in command for name in OURS):
            found.append(number)
    return found


def end_left_behind() -> None:
    for number, tries in ((signal.SIGTERM, 80), (signal.SIGKILL, 40)):
        for pid in left_behind():
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        for _ in range(tries):
            if not left_behind():
                return
            time.sleep(0.1)


def has_demo(env: dict[str, str]) -> bool:
    return env["LEIDRAAD_DEMO"].lower() not in OFF


def prepare(env: dict[str, str]) -> None:
    """The database brought up to date, reference data, the demo chain, static files."""
    say("Bringing the database up to date")
    manage(env, "migrate", "--no-input", log="migrate")
    manage(env, "load_reference", log="reference")
    if has_demo(env):
        manage(env, "demo", "--if-empty")
    collect_static(env)


def collect_static(env: dict[str, str]) -> None:
    """Hashed and compressed copies of style sheets, scripts and fonts; made anew when a source changed."""
    sources = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    wanted = digest(ROOT / "package-lock.json", ROOT / "requirements.txt", *sources)
    folder = Path(env.get("LEIDRAAD_DATA_DIR") or RUN) / "static"
    note = folder / ".leidraad-collected"
    if note.exists() and note.read_text() == wanted:
        return
    say("Collecting style sheets and fonts")
    left_out = [word for pattern in STATIC_LEFT_OUT for word in ("--ignore", pattern)]
    manage(env, "collectstatic", "--no-input", "--clear", *left_out, log="static")
    note.write_text(wanted)


def run_processes(env: dict[str, str], port: int) -> None:
    """Honcho keeps web, worker and relay together: when one stops, all stop. Ctrl-C and SIGTERM end them in order."""
    procfile = RUN / "Procfile"
    procfile.write_text(PROCESSES.format(python=shlex.quote(str(PYTHON)), port=port))
    command = [str(PYTHON), "-m", "honcho", "-f", str(procfile), "-d", str(ROOT), "-e", os.devnull, "start"]
    honcho = subprocess.Popen(command, cwd=ROOT, env=env | QUIET, start_new_session=True)
    asked_to_end = False

    def end(*_: object) -> None:
        nonlocal asked_to_end
        asked_to_end = True
        honcho.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    welcomed = False
    while honcho.poll() is None:
        if not welcomed and answers(port):
            welcome(env, port)
            welcomed = True
        time.sleep(0.2)
    end_left_behind()
    if not asked_to_end:
        raise Stop("one of the processes ended; the lines above say which and why.")


def answers(port: int) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        link.request("GET", "/healthz")
        link.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
    return True


def welcome(env: dict[str, str], port: int) -> None:
    print(f"\nLeidraad: http://127.0.0.1:{port}/   (Ctrl-C stops everything)")
    if has_demo(env):
        accounts = ROOT / "partners" / "reference" / "demo_accounts.csv"
        names = [line.split(",")[0] for line in accounts.read_text(encoding="utf-8").splitlines()[1:]]
        print(f"Demo accounts, password {PASSWORD_HINT}:\n  {', '.join(names)}")
    print(flush=True)
