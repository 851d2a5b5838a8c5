"""What a court did about a measure: who records it, what is refused, and the ruling that lifts nothing by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, transaction

from cases.case.models import Part
from cases.supervision.measure_actions import NewCourtFact, record_court, void_court
from cases.supervision.models import CourtFact
from leidraad.lib import clock
from leidraad.lib.errors import NotAllowed, NotPossible
from partners.models import Notice
from tests.cast import Cast
from tests.factories import at_site, involve, unit
from tests.supervision.measures import ago, detained, restricted

pytestmark = pytest.mark.django_db


def fact(kind: str, days: float = 1, **values: Any) -> NewCourtFact:
    return NewCourtFact(kind, ago(days), court="Rechtbank Den Haag", **values)


def test_the_officer_and_the_regievoerder_record_what_the_court_did(cast: Cast) -> None:
    measure = detained(cast)

    record_court(measure, fact("notice", 2.9), by=cast.ua)
    record_court(measure, fact("hearing", -5), by=cast.regievoerder)
    record_court(measure, fact("ruling", 0.1, result="continues"), by=cast.regievoerder)

    kinds = [one.kind for one in CourtFact.objects.filter(measure=measure)]
    assert kinds == ["notice", "ruling", "hearing"]


def test_others_read_and_record_nothing(cast: Cast) -> None:
    measure = detained(cast)
    at_site(involve(measure.case, unit("dc-maasvliet"), Part.CUSTODY, "law"), unit("azc-veenmeer"))

    for member in (cast.dji, cast.coa_manager, cast.manager):
        with pytest.raises(NotAllowed):
            record_court(measure, fact("notice"), by=member)


def test_a_ruling_is_told_and_lifts_nothing_by_itself(cast: Cast) -> None:
    measure = detained(cast)

    record_court(measure, fact("ruling", result="lifted", compensation=True), by=cast.regievoerder)

    measure.refresh_from_db()
    assert measure.is_running
    assert set(Notice.objects.filter(kind="measure_ruled").values_list("unit__code", flat=True)) == {"dtv-uitvoering"}


@pytest.mark.parametrize(
    "new",
    [
        ("ruling", 4, {"result": "continues"}),
        ("notice", 3.5, {}),
        ("ruling", -1, {"result": "continues"}),
        ("notice", -0.1, {}),
        ("ruling", 1, {}),
        ("notice", 1, {"result": "lifted"}),
        ("hearing", 1, {"compensation": True}),
        ("verdict", 1, {}),
    ],
    ids=str,
)
def test_a_ruling_before_the_measure_and_other_nonsense_is_refused(cast: Cast, new: tuple[str, float, Any]) -> None:
    measure = detained(cast, at=ago(3))

    with pytest.raises(NotPossible):
        record_court(measure, fact(new[0], new[1], **new[2]), by=cast.ua)


def test_of_a_fact_without_a_time_only_the_day_counts(cast: Cast) -> None:
    measure = detained(cast, at=ago(3))
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    same_day = start - timedelta(days=3)

    record_court(measure, NewCourtFact("notice", same_day, time_known=False), by=cast.ua)
    with pytest.raises(NotPossible):
        record_court(measure, NewCourtFact("notice", same_day - timedelta(days=1), time_known=False), by=cast.ua)


def test_what_was_recorded_wrongly_is_struck_out_with_a_reason_and_never_changed(cast: Cast) -> None:
    measure = restricted(cast)
    one = record_court(measure, fact("ruling", result="continues"), by=cast.ua)

    with pytest.raises(Error), transaction.atomic():
        CourtFact.objects.filter(pk=one.pk).update(result="lifted")
    with pytest.raises(NotPossible):
        void_court(one, " ", by=cast.ua)
    void_court(one, "Uitspraak van een andere zaak.", by=cast.regievoerder)

    assert not CourtFact.objects.standing().filter(measure=measure).exists()
    with pytest.raises(NotPossible):
        void_court(one, "nog eens", by=cast.ua)
