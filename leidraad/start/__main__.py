"""`python -m leidraad.start COMMAND`, called by `run.py` inside the virtual environment."""

import sys

from leidraad.start import commands, demo_chain, loading
from run import Stop, end_on_signals


def main() -> None:
    name, *args = sys.argv[1:] or ["run"]
    known = {
        "run": demo_chain.run_all,
        "test": commands.test,
        "check": commands.check,
        "manage": commands.manage_with_servers,
        "bench": commands.bench,
        "load": loading.load,
        "services": commands.services,
    }
    if args and name in ("run", "check", "services"):
        raise Stop(f"'{name}' takes no arguments.")
    end_on_signals()
    known[name](*args)


if __name__ == "__main__":
    main()
