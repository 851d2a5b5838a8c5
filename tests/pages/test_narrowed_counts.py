"""Numbers on Mijn werk count what the viewer may see: a case that an exception narrows is in none that tells its value."""

from datetime import timedelta

import pytest
from django.test import Client

from cases.case.models import Phase, ReturnCase, SectionException
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.pages import work_panels
from partners.models import Member
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import led_case

pytestmark = pytest.mark.django_db


def narrow(case: ReturnCase, member: Member, section: str, *, ended: bool = False) -> None:
    until = clock.now() - timedelta(minutes=1) if ended else None
    exception = SectionException(
        case=case, unit=member.acting_unit, section=section, allowed=False, reason="test", until=until
    )
    save_as(exception, by=PRINCIPAL)


def phases(member: Member) -> dict[str, int]:
    return {bar.url.partition("phase=")[2].partition("&")[0]: bar.count for bar in work_panels.caseload(member).bars}


def test_a_hidden_phase_is_in_no_bar_and_the_case_still_counts_as_a_case(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    shown, hidden = led_case(member), led_case(member, phase=Phase.TRACK_FORCED)
    assert phases(member) == {"planning": 1, "track_forced": 1}

    narrow(hidden, member, "phase")

    assert phases(member) == {"planning": 1}
    assert phases(cast.manager) == {"planning": 1}
    tiles = {tile.label: tile.count for tile in sign_in(client, member).get("/mijn-werk/").context["tiles"]}
    assert tiles["zaken in uw caseload"] == 2
    assert shown.pk != hidden.pk


def test_a_case_with_hidden_activity_is_not_counted_as_quiet(cast: Cast) -> None:
    member = cast.regievoerder
    quiet = [led_case(member) for _number in range(6)]
    assert work_panels.quiet_cases(member)[0] == "6"

    narrow(quiet[0], member, "activity")
    count, lines = work_panels.quiet_cases(member)

    assert (count, len(lines)) == ("5", 5)
    assert quiet[0].number not in {line.number for line in lines}


def test_a_manager_counts_only_cases_whose_course_is_open(cast: Cast) -> None:
    member = cast.manager
    first, second = led_case(cast.regievoerder), led_case(cast.regievoerder)
    narrow(second, member, "case")

    (load,) = work_panels.caseload_per_director(member)

    assert load.cases == 1
    assert first.pk != second.pk


def test_an_exception_that_ended_narrows_nothing(cast: Cast) -> None:
    member = cast.regievoerder
    case = led_case(member)
    narrow(case, member, "phase", ended=True)

    assert phases(member) == {"planning": 1}
