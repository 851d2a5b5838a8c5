"""Two officers act on one measure at the same time: exactly one of them succeeds, the other reads why not."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from cases.supervision.measure_actions import Lifting, impose, lift
from cases.supervision.models import Measure
from leidraad.lib.errors import NotPossible
from tests.cast import Cast
from tests.supervision.measures import ago, details, detained, with_officer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """What came of each: "" or the refusal."""
    barrier, outcomes = Barrier(2), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            act()
            outcomes.append("")
        except NotPossible as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_one_of_two_liftings_stands(cast: Cast) -> None:
    measure = detained(cast)
    officer, when = cast.ua, ago(1)

    outcomes = at_once(
        lambda: lift(Measure.objects.get(pk=measure.pk), Lifting(when, "released"), by=officer),
        lambda: lift(Measure.objects.get(pk=measure.pk), Lifting(when, "court"), by=officer),
    )

    assert outcomes[0] == ""
    assert "al beëindigd" in outcomes[1]
    assert measure.history.count() == 2


def test_one_of_two_overlapping_measures_stands(cast: Cast) -> None:
    case, officer = with_officer(cast), cast.ua
    one, other = details("art59_1a", ago(2)), details("art59a", ago(1))

    outcomes = at_once(lambda: impose(case, one, by=officer), lambda: impose(case, other, by=officer))

    assert outcomes[0] == ""
    assert "geldt al" in outcomes[1]
    assert Measure.objects.count() == 1
