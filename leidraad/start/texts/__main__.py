"""`python -m leidraad.start.texts`: fails with one line per text that a reader of one of the two languages would miss."""

import sys
from pathlib import Path

from leidraad.start.texts.checks import problems

ROOT = Path(__file__).resolve().parents[3]


def main() -> int:
    found = problems(ROOT)
    for problem in found:
        print(problem.in_words(ROOT))
    if found:
        print(f"{len(found)} problems with texts")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
