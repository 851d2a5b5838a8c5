"""S26: the register of looks. Who may read it, what it leaves out, its signals, and asking and judging."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.case.models import NamedAccess, Part
from leidraad.lib import clock, events
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible, Stale
from leidraad.lib.models import Event, EventKind
from leidraad.pages import look_acts
from leidraad.pages.look_signals import signals_of
from leidraad.pages.models import LookReview
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import involve, led_case, unit
from tests.partners.versions import line, put_in_force

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 30, tzinfo=timezone.get_default_timezone())


def look(member: Member, moment: datetime = NOON, kind: EventKind = EventKind.READ, **more: Any) -> Event:
    with clock.as_if(moment):
        events.record(kind, member, **{"route": "cases:detail", **more})
    return Event.objects.latest("pk")


def listed(client: Client, query: str = "van=20-11-2026&tot=30-11-2026") -> list[int]:
    page = client.get(f"/inzagen/?{query}")
    assert page.status_code == 200
    return [one.event.pk for one in page.context["looks"] if one.event.route != "looks:list"]


# --- who, and what it leaves out --------------------------------------------------------------------------------------


def test_the_list_names_members_and_case_numbers_and_never_the_person(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    look(cast.regievoerder, case=case)

    page = sign_in(client, cast.privacy).get("/inzagen/?van=20-11-2026").content.decode()

    assert "M. Hofstra" in page
    assert case.number in page
    assert "/zaken/…/" in page
    assert case.person.surname not in page
    assert case.person.v_number not in page
    assert "Alleen voor controle" in page


def test_each_filter_narrows_the_list(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    one = look(cast.regievoerder, case=case)
    other = look(cast.casemanager, kind=EventKind.REFUSED, case_number="Z-2026-000777")
    old = look(cast.regievoerder, NOON - timedelta(days=30))
    sign_in(client, cast.auditor)
    period = "van=20-11-2026&tot=23-11-2026"

    assert listed(client, period) == [other.pk, one.pk]
    assert listed(client, f"{period}&lid=hofstra") == [one.pk]
    assert listed(client, f"{period}&lid={cast.casemanager.pk}") == [other.pk]
    assert listed(client, f"{period}&organisatie=coa") == [other.pk]
    assert listed(client, f"{period}&zaak={case.number}") == [one.pk]
    assert listed(client, f"{period}&soort=refused") == [other.pk]
    assert listed(client, "tot=01-11-2026") == [old.pk]


def test_a_page_of_a_list_of_looks_is_a_look(cast: Cast, client: Client) -> None:
    look(cast.regievoerder)

    sign_in(client, cast.privacy).get("/inzagen/?van=20-11-2026&lid=hofstra")

    detail = Event.objects.get(route="looks:list").detail
    assert detail == {"shown": 1, "filters": ["lid", "van"]}


def test_the_number_of_queries_does_not_depend_on_the_number_of_looks(cast: Cast, client: Client) -> None:
    sign_in(client, cast.privacy)
    counts = []
    for many in (2, 60):
        for _ in range(many):
            review_of(look(cast.regievoerder))
        for path in ("/inzagen/?van=20-11-2026", "/inzagen/signalen/?van=20-11-2026", "/inzagen/eigen/"):
            client.get(path)
            with CaptureQueriesContext(connection) as seen:
                client.get(path)
            counts.append((path, len(seen)))

    assert counts[:3] == counts[3:]


def review_of(event: Event, **values: Any) -> LookReview:
    member = Member.objects.get(pk=event.member_id or 0)
    review = LookReview(event_id=event.pk, event_at=event.at, member=member, **values)
    return save_as(review, by=PRINCIPAL)


def test_everybody_sees_their_own_looks_and_nobody_elses(cast: Cast, client: Client) -> None:
    mine = look(cast.regievoerder)
    look(cast.regievoerder2)

    page = sign_in(client, cast.regievoerder).get("/inzagen/eigen/")

    looks = [one.event for one in page.context["looks"] if one.event.kind == EventKind.READ]
    assert [event.pk for event in looks] == [mine.pk]
    assert "/inzagen/eigen/" in client.get("/zaken/").content.decode()


def test_the_menu_of_privacy_officer_and_auditor_leads_here(cast: Cast, client: Client) -> None:
    for member in (cast.privacy, cast.auditor):
        assert 'href="/inzagen/"' in sign_in(Client(), member).get("/mijn-werk/").content.decode()


# --- export -----------------------------------------------------------------------------------------------------------


def test_the_file_asks_a_purpose_is_logged_and_holds_no_formula(cast: Cast, client: Client) -> None:
    look(cast.regievoerder, purpose="=cmd|calc")
    sign_in(client, cast.privacy)
    address = "/inzagen/uitvoer/?van=20-11-2026&lid=hofstra"

    assert client.post(address, {"purpose": ""}).status_code == 422
    answer = client.post(address, {"purpose": "Steekproef"})

    assert "'=cmd|calc" in answer.content.decode()
    assert "Alleen voor controle" in answer.content.decode()
    event = Event.objects.get(kind=EventKind.EXPORT)
    assert (event.purpose, event.detail) == ("Steekproef", {"shown": 1, "filters": ["lid", "van"]})


def test_who_may_read_the_looks_and_not_take_them_out_gets_no_file(cast: Cast, client: Client) -> None:
    put_in_force(cast, without=["dtv privacy_officer - looks"])
    put_in_force(cast, add=[line("dtv privacy_officer -", "looks view")])
    sign_in(client, cast.privacy)

    page = client.get("/inzagen/")
    taken = client.post("/inzagen/uitvoer/", {"purpose": "Steekproef"})

    assert page.status_code == 200
    assert "/inzagen/uitvoer/" not in page.content.decode()
    assert (client.get("/inzagen/uitvoer/").status_code, taken.status_code) == (403, 403)
    assert not Event.objects.filter(kind=EventKind.EXPORT).exists()


# --- signals ----------------------------------------------------------------------------------------------------------


def found(title: str) -> list[str]:
    signals = {one.title: one for one in signals_of(Event.objects.all())}
    return [line.text for line in signals[title].lines]


@pytest.fixture
def english() -> Any:
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
class TestSignals:
    def test_a_look_without_a_part_in_the_case_and_not_one_with(self, cast: Cast) -> None:
        with clock.as_if(NOON - timedelta(days=5)):
            case = led_case(cast.regievoerder)
            involve(case, unit("azc-veenmeer"), Part.RECEPTION, "location")
        look(cast.regievoerder, case=case)
        look(cast.casemanager, case=case)
        look(cast.iom, case=case)
        look(cast.iom, case=case)

        assert found("No relation with the case") == [f"case {case.number}, 2 looks"]

    def test_access_by_name_an_offer_and_a_refusal_are_a_relation_or_none_is_needed(self, cast: Cast) -> None:
        case = led_case(cast.regievoerder)
        access = NamedAccess(
            member=cast.iom, case=case, section="plan", ground="waarnemen", since=NOON - timedelta(days=1),
            until=NOON + timedelta(days=1),
        )  # fmt: skip
        save_as(access, by=PRINCIPAL)
        look(cast.iom, case=case)
        look(cast.dji, case=case, route="handover:detail")
        look(cast.dji, case=case, kind=EventKind.REFUSED)

        assert found("No relation with the case") == []

    def test_a_look_before_the_part_began_counts(self, cast: Cast) -> None:
        with clock.as_if(NOON):
            case = led_case(cast.regievoerder)
        look(cast.regievoerder, NOON - timedelta(hours=1), case=case)

        assert found("No relation with the case") == [f"case {case.number}, 1 look"]

    def test_many_searches_within_an_hour(self, cast: Cast, settings: Any) -> None:
        settings.LEIDRAAD_SIGNAL_SEARCHES = 3
        for minutes in (0, 1, 2, 45):  # the last one is in the next hour
            look(cast.regievoerder, NOON + timedelta(minutes=minutes), kind=EventKind.SEARCH)

        assert found("Many searches") == ["3 searches in one hour"]

    @pytest.mark.parametrize(("hour", "told"), [(21, 0), (22, 1), (3, 1), (6, 0)])
    def test_taking_something_away_at_night(self, cast: Cast, hour: int, told: int) -> None:
        look(cast.regievoerder, NOON.replace(hour=hour), kind=EventKind.PRINT)
        look(cast.regievoerder, NOON.replace(hour=hour))

        assert len(found("Printing or exporting at night")) == told

    def test_many_refusals_on_a_day(self, cast: Cast, settings: Any) -> None:
        settings.LEIDRAAD_SIGNAL_REFUSALS = 2
        for hours in (0, 1, 30):
            look(cast.regievoerder, NOON + timedelta(hours=hours), kind=EventKind.REFUSED)

        assert found("Many refusals") == ["2 refusals on one day"]

    def test_each_signal_can_be_switched_off(self, settings: Any) -> None:
        settings.LEIDRAAD_SIGNAL_SEARCHES = settings.LEIDRAAD_SIGNAL_REFUSALS = 0
        settings.LEIDRAAD_SIGNAL_NIGHT, settings.LEIDRAAD_SIGNAL_NO_RELATION = "", False

        assert signals_of(Event.objects.all()) == []


def test_the_page_of_signals_explains_each_and_links_to_the_looks(cast: Cast, client: Client) -> None:
    case = led_case(cast.regievoerder)
    event = look(cast.iom, case=case)
    sign_in(client, cast.privacy)

    page = client.get("/inzagen/signalen/?van=20-11-2026")
    line = page.context["signals"][0].lines[0]

    assert "Geen relatie met de zaak" in page.content.decode()
    assert listed(client, line.url.partition("?")[2]) == [event.pk]


# --- asking and judging -----------------------------------------------------------------------------------------------


def test_an_explanation_is_asked_answered_and_judged(cast: Cast, client: Client) -> None:
    event = look(cast.regievoerder, case=led_case(cast.regievoerder))
    officer, asked = sign_in(Client(), cast.privacy), sign_in(client, cast.regievoerder)
    address = f"/inzagen/{event.pk}/"

    officer.post(address, {"act": "ask", "ask-words": "Waarom deze zaak?", "seen_version": 0})
    review = LookReview.objects.get(event_id=event.pk)
    notice = Notice.objects.get(kind="look_asked")
    assert (notice.member, notice.url_arg, notice.params) == (cast.regievoerder, str(review.pk), {})
    assert "Waarom deze zaak?" in asked.get(f"/inzagen/eigen/{review.pk}/").content.decode()

    asked.post(f"/inzagen/eigen/{review.pk}/", {"words": "Ik nam waar voor een collega."})
    assert Notice.objects.get(kind="look_answered").member == cast.privacy
    assert "Ik nam waar" in officer.get(address).content.decode()

    officer.post(address, {"act": "judge", "judge-words": "Past bij waarneming.", "seen_version": 2})
    review.refresh_from_db()
    assert (review.judged_by, review.judgement) == (cast.privacy, "Past bij waarneming.")
    assert review.history.count() == 3
    assert listed(officer, "van=20-11-2026&lid=hofstra&tot=23-11-2026") == [event.pk]


def test_nobody_judges_or_questions_a_look_of_their_own(cast: Cast) -> None:
    event = look(cast.privacy)

    for act in (look_acts.ask_explanation, look_acts.judge_look):
        with pytest.raises(NotPossible, match=r"look of your own|inzage van uzelf"):
            act(event, "ok", by=cast.privacy, version=0)


def test_only_who_has_the_right_asks_and_only_who_was_asked_answers(cast: Cast) -> None:
    event = look(cast.regievoerder)
    with pytest.raises(NotAllowed):
        look_acts.ask_explanation(event, "?", by=cast.manager, version=0)
    review = look_acts.ask_explanation(event, "?", by=cast.privacy, version=0)

    with pytest.raises(NotAllowed):
        look_acts.answer_explanation(review, "!", by=cast.regievoerder2)


def test_an_answer_and_a_judgement_are_given_once(cast: Cast) -> None:
    event = look(cast.regievoerder)
    review = look_acts.ask_explanation(event, "?", by=cast.privacy, version=0)
    look_acts.answer_explanation(review, "!", by=cast.regievoerder)
    look_acts.judge_look(event, "ok", by=cast.privacy, version=2)

    with pytest.raises(NotPossible):
        look_acts.answer_explanation(review, "!!", by=cast.regievoerder)
    with pytest.raises(NotPossible):
        look_acts.judge_look(event, "not ok", by=cast.auditor, version=3)
    with pytest.raises(Stale):
        look_acts.judge_look(event, "not ok", by=cast.auditor, version=2)


def test_a_failed_sign_in_can_be_judged_but_nobody_can_be_asked(cast: Cast) -> None:
    with clock.as_if(NOON):
        events.record(EventKind.SIGN_IN_FAILED, None)
    event = Event.objects.get()

    with pytest.raises(NotPossible):
        look_acts.ask_explanation(event, "?", by=cast.privacy, version=0)
    assert look_acts.judge_look(event, "typing error", by=cast.privacy, version=0).judged_by == cast.privacy


@pytest.mark.django_db(transaction=True)
def test_of_two_who_judge_at_once_one_is_told(cast: Cast) -> None:
    event = look(cast.regievoerder)
    officers, answers, start = [cast.privacy, cast.auditor], [], Barrier(2)

    def judge(member: Member) -> None:
        start.wait()
        try:
            look_acts.judge_look(event, "ok", by=member, version=0)
            answers.append("judged")
        except (NotPossible, Stale) as refusal:
            answers.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=judge, args=[member]) for member in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["Stale", "judged"]
