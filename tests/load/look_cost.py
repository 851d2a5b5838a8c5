"""What the row of the event log costs a page: `python -m tests.load.look_cost` over a database with the demo in it.

Each page is asked in turn with and without the row, so that a machine that slows down slows both.
"""

import os
import sys
from statistics import median
from time import perf_counter
from unittest.mock import patch

ROUNDS = 300
MOST = 0.05


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leidraad.settings")
    import django

    django.setup()
    from django.test import Client

    from cases.case.models import ReturnCase
    from leidraad.lib.models import Event
    from partners.models import Member

    member = Member.objects.get(username="regievoerder")
    client = Client()
    client.force_login(member)
    number = ReturnCase.objects.visible_to(member).open().values_list("number", flat=True)[0]
    too_dear = False
    for path in (f"/zaken/{number}/", "/zaken/"):
        times: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(2 * ROUNDS + 20):
            writes = bool(turn % 2)
            start = perf_counter()
            if writes:
                status = client.get(path).status_code
            else:
                with patch.object(Event, "save"):
                    status = client.get(path).status_code
            if status != 200:
                raise SystemExit(f"{path}: {status}")
            if turn >= 20:
                times[writes].append(perf_counter() - start)
        with_row, without = median(times[True]) * 1000, median(times[False]) * 1000
        share = with_row / without - 1
        too_dear |= share > MOST
        sys.stdout.write(f"{path}: {with_row:.2f} ms, without the row {without:.2f} ms: {share:+.1%}\n")
    return int(too_dear)


if __name__ == "__main__":
    sys.exit(main())
