"""Tests, checks and single commands, with the same servers and settings as the running application."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from leidraad.start.servers import servers
from run import PYTHON, ROOT, VENV, Stop, call, say, wait_for

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def manage(env: dict[str, str], *args: str, log: str = "") -> None:
    call([PYTHON, ROOT / "manage.py", *args], env=env, log=log)


def manage_with_servers(*args: str) -> None:
    with servers() as env:
        manage(env, *args)


def bench(*args: str) -> None:
    manage_with_servers("bench", *args)


def services() -> None:
    """The addresses on standard output, as a shell reads them; then waits to be ended."""
    with servers() as env:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
            print(f"export {name}='{env.get(name, '')}'", flush=True)
        signal.pause()


def require_chromium() -> None:
    """The browser tests need Chromium; it is installed where that can be done."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise Stop(
            "the browser tests need Chromium. On Debian: apt-get install chromium. "
            "Without them: python3 run.py test -m 'not browser'"
        )
    say("Installing Chromium for the browser tests")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    call(["apt-get", "update", "-qq"], log="apt", env=quiet, stdin=subprocess.DEVNULL)
    call(["apt-get", "install", "-y", "-qq", "chromium"], log="apt", env=quiet, stdin=subprocess.DEVNULL)


def leaves_browser_out(args: tuple[str, ...]) -> bool:
    return any("not browser" in arg for arg in args)


# In small portions, so that the slow tests at the end do not all fall to one worker; and in order, for a test with
# transactions of its own empties the database of its worker, and the library puts those after all that need it filled.
SPREAD = ("-n", "2", "--maxschedchunk", "8")


def test(*args: str) -> None:
    """The whole suite on two workers, in test databases made anew, so that no earlier run can colour this one."""
    if not leaves_browser_out(args):
        require_chromium()
    workers = () if any(arg.startswith(("-n", "--numprocesses")) for arg in args) else SPREAD
    fresh = () if "--reuse-db" in args else ("--create-db",)
    with servers(for_tests=True) as env:
        call([PYTHON, "-m", "pytest", *workers, *fresh, *args], env=env)


CHECKS: tuple[tuple[str | Path, ...], ...] = (
    (VENV / "bin" / "ruff", "check", "."),
    (VENV / "bin" / "ruff", "format", "--check", "."),
    (VENV / "bin" / "mypy", "."),
    (VENV / "bin" / "lint-imports",),
    (VENV / "bin" / "djlint", "templates", "--lint", "--quiet"),
    (PYTHON, "-m", "leidraad.start.texts"),
    (PYTHON, ROOT / "manage.py", "makemigrations", "--check", "--dry-run"),
    (PYTHON, ROOT / "manage.py", "check"),
)


def check() -> None:
    """All checks, also after one failed; fails at the end naming those that did."""
    failed = []
    with servers() as env:
        for command in CHECKS:
            words = [str(word) for word in command]
            title = " ".join((Path(words[0]).name, *words[1:])).replace(f"{ROOT}/", "")
            say(title)
            if wait_for(subprocess.Popen(words, cwd=ROOT, env=env)):
                failed.append(title)
    if failed:
        raise Stop("these checks failed: " + "; ".join(failed))
    say("All checks passed")
