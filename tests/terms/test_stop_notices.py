"""Who hears of a stop: the director and the units that may know of stops, in words that name no ground."""

import pytest
from django.test import Client

from cases.case.models import InvolvementGround, Part, ReturnCase, SectionException
from cases.terms.stop_actions import ask_to_lift, lift_stop, refuse_lift
from cases.terms.stop_notices import KINDS
from leidraad.lib.audit import save_as
from partners.models import Notice
from partners.notices import sentence_of
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import at_site, involve, unit
from tests.procedure.answered import answered
from tests.terms.placed import colleague, stopped, with_police

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[str]:
    """Units and members, sorted."""
    rows = Notice.objects.filter(kind=kind).select_related("unit", "member")
    return sorted(str(one.member.username) if one.member else one.unit.code for one in rows)


@pytest.fixture
def case(cast: Cast) -> ReturnCase:
    """Also with a site of COA, and with VluchtelingenWerk, which knows of no stops."""
    case = at_site(with_police(cast), unit("azc-veenmeer"))
    return involve(case, cast.vwn.acting_unit, Part.SUPPORT, InvolvementGround.CONSENT)


def test_placing_and_lifting_tell_the_director_and_who_may_know_but_not_who_did_it(
    cast: Cast, case: ReturnCase
) -> None:
    stop = stopped(case, cast.ind, "art64")
    heard = ["avim-noord", "azc-veenmeer", "regievoerder"]
    assert told("stop_placed") == heard
    ask_to_lift(stop, "Advies BMA", by=cast.ind)
    lift_stop(stop, by=colleague(cast.ind))
    assert told("stop_lifted") == heard


def test_the_director_hears_of_what_a_colleague_placed_and_not_of_their_own(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.regievoerder, "unfit")
    assert "regievoerder" not in told("stop_placed")
    stopped(case, colleague(cast.regievoerder), "criminal")
    assert "regievoerder" in told("stop_placed")


def test_who_must_answer_is_told_that_somebody_asks_and_that_it_was_refused(cast: Cast, case: ReturnCase) -> None:
    stop = stopped(case, cast.ind, "danger")
    one = answered(cast, case)
    ask_to_lift(stop, "IND zegt verwijderbaar", f"answer:{one.pk}", by=cast.regievoerder)
    assert told("stop_lift_asked") == ["dtv-noord-2", "ind-noord"]
    refuse_lift(stop, "Gaat over iets anders", by=cast.ind)
    assert told("stop_lift_refused") == ["dtv-noord-2", "ind-noord"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sentence_names_no_ground(kind: str) -> None:
    assert not any(word in sentence_of(kind) for word in ("medisch", "artikel", "mensenhandel", "%"))


def notices_of(cast: Cast, username: str) -> str:
    return sign_in(Client(), getattr(cast, username)).get("/meldingen/").content.decode()


def test_a_notice_is_drawn_for_who_may_know_of_stops_only(cast: Cast, case: ReturnCase) -> None:
    stopped(case, cast.ind)
    sentence = "geldt vanaf nu een stop"
    assert sentence in notices_of(cast, "casemanager")
    assert sentence not in notices_of(cast, "coa_receptie")
    assert sentence in notices_of(cast, "politie")
    narrowed = SectionException(case=case, unit=unit("avim-noord"), section="stops", allowed=False, reason="test")
    save_as(narrowed, by=PRINCIPAL)
    assert sentence not in notices_of(cast, "politie")
