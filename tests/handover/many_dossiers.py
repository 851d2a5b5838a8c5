"""A large file for measuring: the example file over and over, each time other references, V-numbers and households.

python -m tests.handover.many_dossiers 50000 many.csv
"""

import csv
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

EXAMPLE = Path(__file__).parent / "data" / "dossiers-300.csv"


def rows(example: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    for turn in count():
        for number, row in enumerate(example):
            serial = turn * len(example) + number
            yield row | {
                "referentie": f"{row['aanleveraar']}-2026-9{serial:06d}",
                "v_nummer": f"98{serial:08d}",
                "gezin": f"{row['gezin']}x{turn}" if row["gezin"] else "",
            }


def write(path: Path, size: int) -> Path:
    with EXAMPLE.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        header, example = reader.fieldnames or [], list(reader)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, header)
        writer.writeheader()
        writer.writerows(islice(rows(example), size))
    return path


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
