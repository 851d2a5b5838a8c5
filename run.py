#!/usr/bin/env python3
"""Leidraad from a bare machine: `python3 run.py` needs Python 3.11 and a package index, nothing else.

    python3 run.py                 everything up, with the demo chain, at http://127.0.0.1:8000/
    python3 run.py test [ARGS]     the whole test suite (ARGS go to pytest)
    python3 run.py check           format, lint, types, import rules, templates, migrations
    python3 run.py manage ARGS     manage.py ARGS, with the private servers up and the same settings
    python3 run.py services        only the private PostgreSQL and Valkey, until Ctrl-C
    python3 run.py bench           fill databases of its own and measure
    python3 run.py load            300 people at work at once, over a filled database

This file installs, with the standard library only, and then hands over to `leidraad/start/`. What it makes lies in
`.run/`, `.venv/` and `node_modules/`; remove those to begin anew. With DATABASE_URL (and DATABASE_OWNER_URL) and
REDIS_URL set, those servers are used and none is started.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCAL_LOCK, DEV_LOCK, NODE_LOCK = "requirements-local.txt", "requirements-dev.txt", "requirements-node.txt"
COMMANDS = {
    "run": LOCAL_LOCK,
    "manage": LOCAL_LOCK,
    "services": LOCAL_LOCK,
    "bench": LOCAL_LOCK,
    "load": DEV_LOCK,
    "test": DEV_LOCK,
    "check": DEV_LOCK,
}
PATIENCE = 15


class Stop(SystemExit):
    """Ends the command with one sentence that says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(f"Leidraad: {message}")


def say(message: str) -> None:
    print(f"· {message}", flush=True)


def end_on_signals() -> None:
    """A closed terminal and SIGTERM end us as Ctrl-C does: through every `finally`, without a traceback."""

    def end(number: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def wait_for(child: subprocess.Popen[Any]) -> int:
    """The exit code of a child. When we are told to end, the child is told too and gets some time for it."""
    try:
        return child.wait()
    except BaseException:
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
        raise


def call(command: Sequence[str | Path], *, log: str = "", **options: Any) -> None:
    """Run a command. With `log` its output goes to that file and is shown only when it fails; else its code is ours."""
    words = [str(word) for word in command]
    options.setdefault("cwd", ROOT)
    if not log:
        code = wait_for(subprocess.Popen(words, **options))
        if code:
            raise SystemExit(code if code > 0 else 128 - code)
        return
    path = RUN / f"{log}.log"
    with path.open("w") as file:
        code = wait_for(subprocess.Popen(words, stdout=file, stderr=file, **options))
    if code:
        print(path.read_text(errors="replace")[-4000:], file=sys.stderr)
        raise Stop(f"'{' '.join(words[:4])} …' failed; the lines above say why (all of it in .run/{log}.log).")


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """One process at a time does this. The lock goes with the process, however it ends."""
    with (RUN / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


# --- what must be installed -------------------------------------------------------------------------------------------


def make_environment() -> None:
    """The virtual environment: made once, and again when it is broken, half made, or was made in another folder."""
    pip = VENV / "bin" / "pip"
    if PYTHON.exists() and pip.exists() and str(VENV) in pip.read_text(errors="replace")[:400]:
        return
    try:
        import ensurepip  # noqa: F401 - only asks whether it is there
    except ImportError:
        raise Stop("Python's venv is missing. On Debian: apt-get install python3-venv") from None
    say("Making the virtual environment")
    call([sys.executable, "-m", "venv", "--clear", VENV], log="venv")


def install_python(lock: str) -> None:
    """All that the lock file names. A new lock file is installed at the next start."""
    make_environment()
    note = VENV / "leidraad-installed"
    installed = note.read_text() if note.exists() else ""
    wanted = digest(ROOT / lock)
    if installed in (wanted, digest(ROOT / DEV_LOCK)):  # the development packages include all others
        return
    say(f"Installing {lock} (once; repeated when the file changes)")
    note.unlink(missing_ok=True)
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    call([PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", ROOT / lock], log="pip")
    note.write_text(wanted)


def install_node_packages() -> None:
    """Style sheets and fonts from the lock file, with npm from the PATH or from a wheel."""
    note, wanted = ROOT / "node_modules" / ".leidraad-installed", digest(ROOT / "package-lock.json")
    if note.exists() and note.read_text() == wanted:
        return
    npm: str | Path = "npm"
    if shutil.which("npm") is None or shutil.which("node") is None:
        npm = VENV / "bin" / "npm"
        if not npm.exists():
            say("No npm here: installing Node.js from a wheel")
            call([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / NODE_LOCK], log="node")
    say("Installing style sheets and fonts")
    path = f"{os.environ.get('PATH', '')}{os.pathsep}{VENV / 'bin'}"
    call([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], log="npm", env={**os.environ, "PATH": path})
    note.write_text(wanted)


def compile_translations() -> None:
    for room in sorted(path for path in (ROOT / "locale").iterdir() if path.is_dir()):
        sources = list(room.glob("*/LC_MESSAGES/django.po"))
        if any(is_older(po.with_suffix(".mo"), po) for po in sources):
            babel: tuple[str | Path, ...] = (PYTHON, "-m", "babel.messages.frontend", "--quiet")
            call([*babel, "compile", "-D", "django", "-d", room], log="translations")


def is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def install(lock: str) -> None:
    RUN.mkdir(mode=0o700, exist_ok=True)
    if RUN.stat().st_uid != os.getuid():
        raise Stop(".run/ belongs to another user, who started Leidraad here before. Use that user or another folder.")
    with only_one("install"):
        install_python(lock)
        install_node_packages()
        compile_translations()


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this very file is what an older Python is asked to run
        raise Stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    name, *args = sys.argv[1:] or ["run"]
    if name not in COMMANDS:
        raise Stop(f"unknown command '{name}'. Known: {', '.join(COMMANDS)}.")
    end_on_signals()
    os.chdir(ROOT)
    install(COMMANDS[name])
    os.execv(PYTHON, [str(PYTHON), "-m", "leidraad.start", name, *args])  # noqa: S606 - our own program


if __name__ == "__main__":
    main()
