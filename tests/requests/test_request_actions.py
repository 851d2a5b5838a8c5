"""What may happen to a request, by whom, and what each side has to do and may see afterwards."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases.case.actions import close_case
from cases.case.models import (
    CaseGrant,
    Involvement,
    Part,
    ProtectedAddress,
    ReturnCase,
    SectionException,
    Task,
    TaskKind,
)
from cases.requests.actions import (
    Place,
    accept_request,
    ask_request,
    confirm_request,
    decline_request,
    not_possible,
    open_request,
    report_ready,
    withdraw_request,
)
from cases.requests.models import PlaceKind, Request, RequestKind
from cases.requests.overdue import expire_requests
from cases.requests.states import Status
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import at_site as staying_at
from tests.factories import case_director, closed_case, involve, led_case, unit
from tests.requests.asked import (
    accepted,
    address_check,
    at_address,
    make_late,
    new_request,
    offered,
    officer,
    reported,
    stored,
)

pytestmark = pytest.mark.django_db


def open_tasks(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for task in Task.objects.open().filter(source=request.source).select_related("unit"):
        found.setdefault(task.unit.code, []).append(task.kind)
    return found


def sees(member: Member, case: ReturnCase) -> bool:
    return ReturnCase.objects.visible_to(member).filter(pk=case.pk).exists()


def told(member: Member) -> list[str]:
    return list(Notice.objects.for_member(member).order_by("pk").values_list("kind", flat=True))


def steps(request: Request) -> list[str]:
    return list(request.steps.order_by("pk").values_list("kind", flat=True))


# --- asking ---------------------------------------------------------------------------------------------------------


def test_asking_gives_the_receiver_a_task_and_a_notice_and_nothing_of_the_case(cast: Cast) -> None:
    request = offered(cast)

    assert (request.status, request.from_unit.code, request.asked_by) == ("offered", "dtv-noord-2", cast.regievoerder)
    assert open_tasks(request) == {"avim-noord": [TaskKind.REQUEST]}
    assert told(cast.politie) == ["request_offered"]
    assert Notice.objects.get(kind="request_offered").case_id is None
    assert not sees(cast.politie, request.case)
    newest = request.history.latest()
    assert (newest.history_user, newest.history_change_reason) == (cast.regievoerder, "Request made")


def test_the_site_where_the_person_stays_may_ask_too(cast: Cast) -> None:
    case = staying_at(led_case(cast.regievoerder), unit("azc-veenmeer"))

    request = ask_request(case, new_request(), by=cast.casemanager)

    assert request.from_unit.code == "azc-veenmeer"
    assert ReturnCase.objects.get(pk=case.pk).led_by.code == "dtv-noord-2"


def test_who_does_not_see_the_case_cannot_ask_about_it(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    with pytest.raises(ReturnCase.DoesNotExist):
        ask_request(case, new_request(), by=cast.regievoerder2)


def test_a_role_without_the_right_cannot_ask(cast: Cast) -> None:
    case = staying_at(led_case(cast.regievoerder), unit("azc-veenmeer"))

    with pytest.raises(NotAllowed):
        ask_request(case, new_request(), by=cast.coa_receptie)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": "  "}, "waarom"),
        ({"due_at": clock.now() - timedelta(minutes=1)}, "verleden"),
        ({"risk": ""}, "risico"),
        ({"risk": "bad weather"}, "risico"),
        ({"place": Place()}, "waar"),
        ({"place": Place(PlaceKind.PROTECTED)}, "recht"),
    ],
)
def test_an_incomplete_request_is_refused_with_a_sentence(cast: Cast, change: dict[str, object], sentence: str) -> None:
    case = led_case(cast.regievoerder)

    with pytest.raises((NotPossible, NotAllowed)) as refused:
        ask_request(case, new_request(**change), by=cast.regievoerder)

    assert sentence in str(refused.value).lower() or isinstance(refused.value, NotAllowed)
    assert not Request.objects.exists()


def test_only_units_that_do_the_work_can_be_asked(cast: Cast) -> None:
    case = led_case(cast.regievoerder)

    for code in ("ind-noord", "dtv-noord-2"):
        with pytest.raises(NotPossible):
            ask_request(case, new_request(to_unit=unit(code)), by=cast.regievoerder)


def test_a_kind_is_asked_by_the_organisations_it_names_while_it_is_valid(cast: Cast) -> None:
    case, kind = led_case(cast.regievoerder), address_check()
    kind.asked_by = ["coa"]
    save_as(kind, by=PRINCIPAL)
    with pytest.raises(NotPossible):
        ask_request(case, new_request(kind=kind), by=cast.regievoerder)

    kind.asked_by, kind.valid_until = ["dtv"], clock.today() - timedelta(days=1)
    save_as(kind, by=PRINCIPAL)
    with pytest.raises(NotPossible):
        ask_request(case, new_request(kind=kind), by=cast.regievoerder)


def test_the_same_thing_is_asked_of_a_unit_once_at_a_time(cast: Cast) -> None:
    request = offered(cast)

    with pytest.raises(NotPossible):
        offered(cast, request.case)
    twin = Request.objects.get(pk=request.pk)
    twin.pk, twin.id, twin._state.adding = None, None, True
    with pytest.raises(IntegrityError, match="request_once_open"), transaction.atomic():
        save_as(twin, by=PRINCIPAL)

    withdraw_request(request, "Verkeerd team", by=cast.regievoerder)
    offered(cast, request.case)


def test_nothing_is_asked_about_a_closed_case(cast: Cast) -> None:
    with pytest.raises(NotPossible):
        ask_request(closed_case(cast.regievoerder), new_request(), by=cast.regievoerder)


def test_a_protected_address_is_asked_by_name_only_and_never_copied(cast: Cast) -> None:
    from cases.case.models import NamedAccess

    case = led_case(cast.regievoerder)
    address = ProtectedAddress(case=case, street="Geheimpad 1", city="Elders", source="COA", since=clock.today())
    save_as(address, by=PRINCIPAL)
    named = NamedAccess(
        member=cast.regievoerder,
        case=case,
        section="protected_address",
        ground="named staff",
        since=clock.now() - timedelta(hours=1),
        until=clock.now() + timedelta(hours=1),
    )
    save_as(named, by=PRINCIPAL)

    request = ask_request(case, new_request(place=Place(PlaceKind.PROTECTED)), by=cast.regievoerder)

    assert (request.place_text, request.place_city) == ("", "")
    request.place_text = "Geheimpad 1"
    with pytest.raises(IntegrityError, match="request_place_fits"), transaction.atomic():
        save_as(request, by=PRINCIPAL)


# --- answering ------------------------------------------------------------------------------------------------------


def test_the_first_opening_by_the_receiver_is_noted_once(cast: Cast) -> None:
    request = offered(cast)

    open_request(request, by=cast.regievoerder)
    open_request(request, by=cast.politie)
    open_request(request, by=cast.politie_teamchef)

    opened = request.steps.get(kind="opened")
    assert opened.member == cast.politie
    assert stored(request).version == request.version  # the asker's page does not grow stale by being read


def test_accepting_starts_the_part_of_the_receiver_with_its_grants(cast: Cast) -> None:
    request = offered(cast)

    accept_request(request, by=cast.politie, version=request.version)

    request = stored(request)
    part = Involvement.objects.running().get(case=request.case, unit=request.to_unit)
    assert (request.status, part.part, part.ground) == ("accepted", Part.SUPERVISION, "task")
    assert request.involvement == part
    assert sees(cast.politie, request.case)
    assert CaseGrant.objects.filter(content_object=request.case, group=request.to_unit.group).count() > 1
    assert open_tasks(request) == {"avim-noord": [TaskKind.SUPERVISION]}
    assert told(cast.regievoerder) == ["request_accepted"]


def test_only_the_receiving_unit_answers(cast: Cast) -> None:
    request = offered(cast)

    for member in (cast.regievoerder, cast.manager, cast.ind, officer("avim-zuid")):
        with pytest.raises(NotAllowed):
            accept_request(request, by=member)
        with pytest.raises(NotAllowed):
            decline_request(request, "nee", by=member)
    assert stored(request).status == Status.OFFERED


def test_who_asked_cannot_answer_also_when_they_work_for_both_units(cast: Cast) -> None:
    from partners.models import Membership, Role

    request, asker = offered(cast), cast.regievoerder
    both = Membership(member=asker, unit=request.to_unit, role=Role.objects.get(code="supervision_officer"))
    asker.work_as(save_as(both, by=PRINCIPAL))

    with pytest.raises(NotAllowed):
        accept_request(request, by=asker)


def test_a_member_without_the_answering_role_cannot_answer(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    kind = RequestKind(
        code="stay",
        name_nl="Verblijf",
        name_en="Stay",
        asked_by=["dtv"],
        answered_by=unit("azc-veenmeer").organisation,
        part=Part.RECEPTION,
        ground="location",
        section="presence",
        basis_nl="x",
        basis_en="x",
        term_working_days=1,
        position=9,
        source="test",
    )
    save_as(kind, by=PRINCIPAL)
    request = offered(cast, case, kind=kind, to_unit=unit("azc-veenmeer"))

    with pytest.raises(NotAllowed):
        accept_request(request, by=cast.coa_receptie)
    accept_request(request, by=cast.casemanager)

    assert open_tasks(request) == {
        "azc-veenmeer": [TaskKind.REQUEST]
    }  # no subject works on it: the request is the work


def test_declining_needs_a_reason_and_gives_no_access(cast: Cast) -> None:
    request = offered(cast)
    with pytest.raises(NotPossible):
        decline_request(request, " ", by=cast.politie)

    decline_request(request, "Geen capaciteit deze week", by=cast.politie)

    request = stored(request)
    assert (request.status, request.end_reason) == ("declined", "Geen capaciteit deze week")
    assert open_tasks(request) == {}
    assert not sees(cast.politie, request.case)
    assert told(cast.regievoerder) == ["request_declined"]
    assert request.history.latest().history_change_reason == "Geen capaciteit deze week"


def test_a_stale_page_writes_nothing(cast: Cast) -> None:
    request = offered(cast)

    with pytest.raises(Stale):
        accept_request(request, by=cast.politie, version=request.version - 1)

    assert stored(request).status == Status.OFFERED


def test_an_answer_to_a_withdrawn_request_says_what_happened(cast: Cast) -> None:
    request = offered(cast)
    withdraw_request(request, "Niet meer nodig", by=cast.regievoerder)

    with pytest.raises(NotPossible, match="ingetrokken"):
        accept_request(request, by=cast.politie, version=request.version)

    assert not sees(cast.politie, request.case)
    assert told(cast.politie) == ["request_offered", "request_withdrawn"]


def test_a_request_of_a_closed_case_cannot_be_accepted(cast: Cast) -> None:
    request = offered(cast)
    close_case(request.case, "departed_independently", by=cast.regievoerder, reason="test")

    with pytest.raises(NotPossible):
        accept_request(request, by=cast.politie)


# --- the end --------------------------------------------------------------------------------------------------------


def test_reporting_gives_the_asker_the_turn_and_confirming_ends_the_part(cast: Cast) -> None:
    request = accepted(cast)
    report_ready(request, by=cast.politie, version=request.version)

    assert open_tasks(request) == {"dtv-noord-2": [TaskKind.CONFIRM]}
    assert Task.objects.open().get(source=request.source).assignee == cast.regievoerder
    assert sees(cast.politie, request.case)

    confirm_request(stored(request), by=cast.regievoerder)

    request = stored(request)
    assert (request.status, open_tasks(request)) == ("done", {})
    assert not sees(cast.politie, request.case)
    assert not CaseGrant.objects.filter(content_object=request.case, group=request.to_unit.group).exists()
    assert steps(request) == ["asked", "accepted", "reported", "confirmed"]
    assert Request.objects.visible_to(cast.politie).filter(pk=request.pk).exists()


def test_only_the_asking_unit_confirms(cast: Cast) -> None:
    request = reported(cast)

    for member in (cast.politie, cast.regievoerder2, cast.ind):
        with pytest.raises(NotAllowed):
            confirm_request(request, by=member)
    confirm_request(request, by=case_director())  # a colleague of the same team


def test_a_report_cannot_be_taken_back_by_who_asked_for_it(cast: Cast) -> None:
    with pytest.raises(NotPossible, match="gereedgemeld"):
        withdraw_request(reported(cast), "toch niet", by=cast.regievoerder)


def test_work_that_cannot_be_done_ends_with_a_reason(cast: Cast) -> None:
    request = accepted(cast)

    not_possible(request, "Het adres bestaat niet", by=cast.politie, version=request.version)

    request = stored(request)
    assert (request.status, open_tasks(request)) == ("not_possible", {})
    assert not sees(cast.politie, request.case)
    assert told(cast.regievoerder) == ["request_accepted", "request_not_possible"]


def test_withdrawing_accepted_work_ends_the_part(cast: Cast) -> None:
    request = accepted(cast)

    withdraw_request(request, "Hij heeft zich gemeld", by=cast.regievoerder, version=request.version)

    assert open_tasks(request) == {}
    assert not sees(cast.politie, request.case)


def test_the_part_stays_while_the_unit_has_other_work_on_the_case(cast: Cast) -> None:
    case = staying_at(led_case(cast.regievoerder), unit("azc-veenmeer"))
    first = accepted(cast, case)
    second = ask_request(case, new_request(), by=cast.casemanager)
    accept_request(second, by=cast.politie)

    report_ready(first, by=cast.politie)
    confirm_request(first, by=cast.regievoerder)
    assert sees(cast.politie, case)

    withdraw_request(second, "Gevonden", by=cast.casemanager)
    assert not sees(cast.politie, case)


def test_a_part_that_was_there_before_the_request_outlives_it(cast: Cast) -> None:
    case = involve(led_case(cast.regievoerder), unit("avim-noord"), Part.SUPERVISION)
    request = accepted(cast, case)

    withdraw_request(request, "Niet nodig", by=cast.regievoerder)

    assert sees(cast.politie, case)


def test_a_notice_goes_to_the_desk_when_who_asked_has_left(cast: Cast) -> None:
    director = case_director(username="vertrokken")
    request = offered(cast, led_case(director), by=director)
    membership = director.memberships.get()
    membership.valid_from, membership.valid_until = clock.today() - timedelta(days=9), clock.today() - timedelta(days=1)
    save_as(membership, by=PRINCIPAL)

    accept_request(request, by=cast.politie)

    assert Notice.objects.get(kind="request_accepted").member is None
    assert told(cast.regievoerder) == ["request_accepted"]


# --- overdue --------------------------------------------------------------------------------------------------------


def test_an_unanswered_request_expires_and_climbs_to_both_managers(cast: Cast) -> None:
    request = make_late(offered(cast))

    assert expire_requests() == 1
    assert expire_requests() == 0

    assert stored(request).status == Status.EXPIRED
    assert open_tasks(request) == {}
    assert told(cast.regievoerder) == ["request_expired"]
    assert told(cast.manager) == ["request_expired"]
    assert told(cast.politie_teamchef)[-1] == "request_expired"


def test_accepted_work_never_expires_and_its_delay_is_told_once(cast: Cast) -> None:
    request = make_late(accepted(cast))

    assert (expire_requests(), expire_requests()) == (1, 0)

    assert stored(request).status == Status.ACCEPTED
    assert told(cast.manager) == ["request_overdue"]
    assert told(cast.regievoerder) == ["request_accepted", "request_overdue"]


def test_a_request_within_its_term_is_left_alone(cast: Cast) -> None:
    request = offered(cast)

    assert expire_requests() == 0
    assert stored(request).status == Status.OFFERED


def test_requests_of_a_closed_case_end_with_it(cast: Cast) -> None:
    waiting = offered(cast)
    answered = reported(cast)
    for request in (waiting, answered):
        close_case(request.case, "departed_independently", by=cast.regievoerder, reason="test")

    assert (stored(waiting).status, stored(answered).status) == ("withdrawn", "done")
    assert open_tasks(waiting) == open_tasks(answered) == {}
    assert told(cast.politie)[-2:] == ["request_withdrawn", "request_confirmed"]
    assert waiting.steps.latest("pk").member == cast.regievoerder
    assert expire_requests() == 0


def test_a_case_that_does_not_close_keeps_its_requests(cast: Cast) -> None:
    request = offered(cast)

    with transaction.atomic():
        close_case(request.case, "departed_independently", by=cast.regievoerder, reason="test")
        transaction.set_rollback(True)

    assert stored(request).status == Status.OFFERED


# --- who sees what --------------------------------------------------------------------------------------------------


def test_both_parties_see_the_request_and_nobody_else(cast: Cast) -> None:
    request = offered(cast, place=at_address())
    seen = Request.objects.visible_to

    assert seen(cast.regievoerder).get() == seen(cast.politie).get() == request
    outsiders = (cast.regievoerder2, cast.casemanager, cast.ind, officer("avim-zuid"), cast.auditor, cast.coa_receptie)
    for member in outsiders:
        assert not seen(member).exists()


def test_others_in_the_case_see_requests_of_kinds_that_are_open_to_them(cast: Cast) -> None:
    case = staying_at(led_case(cast.regievoerder), unit("azc-veenmeer"))
    request = offered(cast, case)

    assert list(Request.objects.of_case(case, member_of(unit("dtv-noord-2"), "dtv_manager"))) == [request]
    assert not Request.objects.of_case(case, cast.casemanager).exists()  # supervision is not COA's to see


def test_asking_tells_who_it_is_about_so_it_asks_the_right_to_know(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    unit_of_asker = cast.regievoerder.acting_unit
    narrowing = SectionException(case=case, unit=unit_of_asker, section="identity", allowed=False, reason="test")
    save_as(narrowing, by=PRINCIPAL)

    with pytest.raises(NotAllowed):
        offered(cast, case)
    assert not Request.objects.exists()
