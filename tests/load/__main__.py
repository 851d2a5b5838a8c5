"""`python -m tests.load`, called by `run.py load`: fills where needed, copies, serves, lets everybody work, and prints."""

import asyncio
import os
import secrets
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path


def main() -> int:
    options = _options()
    # Sessions are made here and read by the server: both need one key, and production asks for a long one.
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)
    os.environ["LEIDRAAD_DB_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leidraad.settings")

    import django

    django.setup()
    return _load(options)


def _options() -> Namespace:
    parser = ArgumentParser(prog="run.py load", description=__doc__)
    parser.add_argument("--users", type=int, default=300, help="people at work at once (default 300)")
    parser.add_argument("--seconds", type=int, default=120, help="for how long (default 120)")
    parser.add_argument("--rows", type=int, default=100_000, help="cases in the database (default 100,000)")
    return parser.parse_args()


def _load(options: Namespace) -> int:
    from leidraad.pages.bench import database, world
    from leidraad.pages.bench.measure import prepare
    from tests.load import figures, people, server, work

    prepare(options.rows, _say, lambda done, rows: _say(f"  {done:,} of {rows:,}"))
    _say("Copying the database: people write in it")
    with tempfile.TemporaryDirectory() as folder, server.copy_of(options.rows) as name:
        log = Path(folder) / "server.log"
        with server.serving(name, log) as port:
            address = f"http://127.0.0.1:{port}"
            with database.connected(name):
                everybody = people.at_work(options.users, world.build(options.rows), address.replace("http", "https"))
            _say(f"{len(everybody)} people at work for {options.seconds} seconds, a page each {work.THINK:.0f} seconds")
            answers = asyncio.run(work.all_work(everybody, address, options.seconds))
        print(figures.table(answers, options.seconds))  # noqa: T201 - the answer
        if figures.wrong(answers):
            print(log.read_text()[-3000:], file=sys.stderr)  # noqa: T201
            return 1
    return 0


def _say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main())
