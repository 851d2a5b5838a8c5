"""Who speaks for the person: one main one at a time, changes in one act with a reason, and who hears of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from cases.case.actions import close_case
from cases.case.models import InvolvementGround, Part, ReturnCase
from cases.procedure.models import InformedMatter, Representative, RepresentativeInformed, RepresentativeKind
from cases.procedure.representatives import (
    Details,
    Informed,
    confirm_representative,
    correct_representative,
    end_representative,
    record_informed,
    replace_representative,
    start_representative,
    strike_informed,
)
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Notice
from tests.cast import PRINCIPAL, Cast
from tests.factories import at_site, involve, led_case, unit
from tests.requests.test_two_at_once import at_once

pytestmark = pytest.mark.django_db


def details(name: str = "mr. F. van Daalen", *, kind: str = "lawyer", **values: Any) -> Details:
    given: dict[str, Any] = {"is_main": True, "office": "Daalen Advocaten", "phone": "030 555 01 77"}
    return Details(RepresentativeKind.objects.get(code=kind), name, **(given | values))


def stated(case: ReturnCase, name: str = "mr. Wilmont") -> Representative:
    """As the dossier of a sender states it."""
    kind = RepresentativeKind.objects.get(code="lawyer")
    return save_as(Representative(case=case, kind=kind, is_main=True, name=name, source="IND"), by=PRINCIPAL)


def matter(code: str) -> InformedMatter:
    return InformedMatter.objects.get(code=code)


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    return led_case(cast.regievoerder)


def test_a_recorded_representative_is_confirmed_with_the_unit_as_source(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details(), by=cast.regievoerder)

    assert (one.is_running, one.is_confirmed, one.source) == (True, True, cast.regievoerder.acting_unit.full_name)
    assert one.history.latest().history_user == cast.regievoerder


def test_a_case_has_one_main_representative_and_any_number_of_others(cast: Cast, case: ReturnCase) -> None:
    start_representative(case, details(), by=cast.regievoerder)
    start_representative(case, details("B. Voogd", kind="guardian", is_main=False), by=cast.regievoerder)

    with pytest.raises(NotPossible, match="van Daalen"):
        start_representative(case, details("mr. Ander"), by=cast.regievoerder)
    with pytest.raises(NotPossible):
        start_representative(case, details("B. Voogd", kind="guardian"), by=cast.regievoerder)
    assert Representative.objects.running().filter(case=case).count() == 2


def test_the_database_itself_keeps_it_at_one_main_representative(case: ReturnCase) -> None:
    stated(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        stated(case, "mr. Tweede")


def test_replacing_ends_the_old_and_starts_the_new_one_in_one_act_with_the_reason(cast: Cast, case: ReturnCase) -> None:
    today = clock.today()
    former = start_representative(case, details(since=today - timedelta(days=40)), by=cast.regievoerder)

    new = replace_representative(former, details("mr. Nieuw", since=today), "Kantoor gestopt", by=cast.regievoerder)

    former.refresh_from_db()
    assert (former.until, former.end_reason) == (today - timedelta(days=1), "Kantoor gestopt")
    assert (new.replaces, new.is_main, new.is_running) == (former, True, True)
    assert new.history.latest().history_change_reason == "Kantoor gestopt"


def test_replacing_that_cannot_be_leaves_the_former_one_in_place(cast: Cast, case: ReturnCase) -> None:
    former = start_representative(case, details(since=clock.today()), by=cast.regievoerder)

    with pytest.raises(NotPossible):
        replace_representative(former, details("mr. Nieuw", since=clock.today()), "Fout", by=cast.regievoerder)
    with pytest.raises(NotPossible):
        replace_representative(former, details("mr. Nieuw"), " ", by=cast.regievoerder)
    former.refresh_from_db()
    assert former.is_running


def test_ending_needs_a_reason_and_a_day_that_has_come(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details(since=clock.today() - timedelta(days=3)), by=cast.regievoerder)

    for until, reason in (
        (clock.today() + timedelta(days=1), "Opgezegd"),
        (clock.today() - timedelta(days=9), "Opgezegd"),
        (clock.today(), ""),
    ):
        with pytest.raises(NotPossible):
            end_representative(one, until, reason, by=cast.regievoerder)
    end_representative(one, clock.today(), "Opgezegd", by=cast.regievoerder)
    with pytest.raises(NotPossible):
        end_representative(one, clock.today(), "Nog eens", by=cast.regievoerder)


def test_what_the_dossier_states_is_not_confirmed_until_somebody_does(cast: Cast, case: ReturnCase) -> None:
    one = stated(case)
    assert not one.is_confirmed

    confirm_representative(one, details("mr. Wilmont", office="Wilmont & Co"), by=cast.regievoerder)

    one.refresh_from_db()
    assert (one.is_confirmed, one.office, one.source, one.confirmed_by) == (
        True,
        "Wilmont & Co",
        "IND",
        cast.regievoerder,
    )
    with pytest.raises(NotPossible):
        confirm_representative(one, details("mr. Wilmont"), by=cast.regievoerder)


def test_a_correction_keeps_the_former_version_and_the_reason(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details("mr. F. van Dalen"), by=cast.regievoerder)

    correct_representative(one, details(), "Naam verkeerd gespeld", by=cast.regievoerder, version=one.version)

    names = list(one.history.order_by("pk").values_list("name", "history_change_reason"))
    assert names[0][0] == "mr. F. van Dalen"
    assert names[1] == ("mr. F. van Daalen", "Naam verkeerd gespeld")


def test_a_page_that_is_older_than_the_record_changes_nothing(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details(), by=cast.regievoerder)
    seen = one.version
    correct_representative(one, details(phone="030 555 00 00"), "Nieuw nummer", by=cast.regievoerder, version=seen)

    with pytest.raises(Stale):
        end_representative(one, clock.today(), "Opgezegd", by=cast.regievoerder, version=seen)


def test_a_change_is_told_to_who_leads_and_who_plans_and_to_nobody_else(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)
    involve(case, unit("avim-noord"), Part.SUPERVISION)
    involve(case, cast.boekingen.acting_unit, Part.BOOKING)
    involve(case, cast.kmar.acting_unit, Part.ESCORT)
    at_site(case, unit("azc-veenmeer"))

    start_representative(case, details(), by=cast.ind)

    told = Notice.objects.filter(kind="representative_changed")
    assert set(told.values_list("unit__code", flat=True)) == {
        "dtv-noord-2",
        "avim-noord",
        cast.boekingen.acting_unit.code,
    }
    assert told.get(unit__code="dtv-noord-2").member == cast.regievoerder


def test_who_made_the_change_is_not_told_of_it(cast: Cast, case: ReturnCase) -> None:
    start_representative(case, details(), by=cast.regievoerder)

    assert not Notice.objects.filter(kind="representative_changed").exists()


@pytest.mark.parametrize("username", ["casemanager", "coa_receptie", "boekingen", "manager"])
def test_who_may_only_read_changes_nothing(cast: Cast, case: ReturnCase, username: str) -> None:
    at_site(case, unit("azc-veenmeer"))
    involve(case, cast.boekingen.acting_unit, Part.BOOKING)

    with pytest.raises(NotAllowed):
        start_representative(case, details(), by=getattr(cast, username))


def test_on_a_closed_case_nothing_is_recorded_any_more(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details(), by=cast.regievoerder)
    close_case(case, "other", by=cast.regievoerder, reason="test")

    with pytest.raises(NotAllowed):
        end_representative(one, clock.today(), "Zaak klaar", by=cast.regievoerder)


# --- informed -------------------------------------------------------------------------------------------------------


def test_that_somebody_was_informed_is_recorded_with_whom_how_when_and_by_whom(cast: Cast, case: ReturnCase) -> None:
    one = start_representative(case, details(), by=cast.regievoerder)

    row = record_informed(one, Informed(matter("decision"), "letter", clock.today()), by=cast.regievoerder)

    assert (row.representative, row.by, row.unit) == (one, cast.regievoerder, cast.regievoerder.acting_unit)


def test_informing_in_the_future_or_outside_the_term_is_refused(cast: Cast, case: ReturnCase) -> None:
    today = clock.today()
    one = start_representative(case, details(since=today - timedelta(days=5)), by=cast.regievoerder)
    end_representative(one, today - timedelta(days=2), "Opgezegd", by=cast.regievoerder)

    for day in (today + timedelta(days=1), today - timedelta(days=6), today):
        with pytest.raises(NotPossible):
            record_informed(one, Informed(matter("decision"), "phone", day), by=cast.regievoerder)
    record_informed(one, Informed(matter("decision"), "phone", today - timedelta(days=2)), by=cast.regievoerder)


def test_nobody_records_a_matter_that_they_may_not_know_of(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)
    one = start_representative(case, details(), by=cast.regievoerder)

    with pytest.raises(NotAllowed):
        record_informed(one, Informed(matter("flight"), "phone", clock.today()), by=cast.ind)
    record_informed(one, Informed(matter("decision"), "phone", clock.today()), by=cast.ind)


def test_only_the_unit_that_recorded_it_strikes_it_and_it_stays_readable(cast: Cast, case: ReturnCase) -> None:
    involve(case, unit("ind-noord"), Part.DECISION, InvolvementGround.LAW)
    one = start_representative(case, details(), by=cast.regievoerder)
    row = record_informed(one, Informed(matter("decision"), "letter", clock.today()), by=cast.ind)

    with pytest.raises(NotPossible):
        strike_informed(row, "Niet zo", by=cast.regievoerder)
    strike_informed(row, "Verkeerde zaak", by=cast.ind, version=row.version)

    kept = RepresentativeInformed.objects.get()
    assert (kept.struck_reason, kept.informed_on) == ("Verkeerde zaak", clock.today())
    with pytest.raises(DatabaseError), transaction.atomic():
        RepresentativeInformed.objects.filter(pk=row.pk).update(note="anders")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_replace_at_once_one_succeeds(cast: Cast) -> None:
    case, director = led_case(cast.regievoerder), cast.regievoerder
    former = stated(case)

    def replaced_by(name: str) -> Callable[[], object]:
        return lambda: replace_representative(former, details(name), "Weg", by=director, version=former.version)

    results = at_once(replaced_by("mr. Een"), replaced_by("mr. Twee"))

    assert results[0] == ""
    assert results[1] != ""
    assert Representative.objects.running().filter(case=case).count() == 1
