"""Notices: by case, new first, only one's own, with names by today's rights."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.grants import end_involvement
from cases.case.models import Part, ReturnCase, SectionException
from cases.terms import stop_notices
from leidraad.lib.audit import save_as
from partners.actions import notify
from partners.models import Member, Notice
from partners.notices import register_notice, registered_kinds, sentence_of
from tests import factories
from tests.cast import PRINCIPAL, Cast, sign_in

pytestmark = pytest.mark.django_db

ASSIGNED = "Deze zaak is aan u toegewezen."


def tell(member: Member, case: ReturnCase | None = None, *, desk: bool = False, kind: str = "case_assigned") -> Notice:
    return notify(
        member.acting_unit,
        kind,
        by=PRINCIPAL,
        member=None if desk else member,
        case=case,
        url_name="cases:detail" if case else "pages:my-work",
    )


def lines(response: Any, which: str = "new_groups") -> list[str]:
    return [line.text for group in response.context[which] for line in group.lines]


def test_nothing_new_is_said_in_words(client: Client, cast: Cast) -> None:
    assert "Geen nieuwe meldingen." in sign_in(client, cast.regievoerder).get("/meldingen/").content.decode()


def test_notices_stand_under_their_case_newest_case_first(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    first, second = factories.led_case(member), factories.led_case(member)
    for case in (first, second, first):
        tell(member, case)
    sign_in(client, member)

    response = client.get("/meldingen/")

    groups = [(group.case_number, len(group.lines)) for group in response.context["new_groups"]]
    assert groups == [(first.number, 2), (second.number, 1)]
    assert set(lines(response)) == {ASSIGNED}
    assert str(response.context["unread_count"]) == "3"


def test_only_ones_own_notices_and_those_of_the_desk_are_shown(client: Client, cast: Cast) -> None:
    member, colleague = cast.regievoerder, factories.case_director()
    tell(member)
    tell(member, desk=True)
    tell(colleague)
    tell(cast.regievoerder2, desk=True)

    assert len(lines(sign_in(client, member).get("/meldingen/"))) == 2


def test_the_name_goes_when_access_goes(client: Client, cast: Cast) -> None:
    member = cast.casemanager
    case = factories.led_case(cast.regievoerder, factories.person(surname="Amari"))
    factories.at_site(case, member.acting_unit)
    tell(member, case)
    sign_in(client, member)
    assert "AMARI, Sami" in client.get("/meldingen/").content.decode()

    for involvement in case.involvements.running().filter(unit=member.acting_unit):
        end_involvement(involvement, by=PRINCIPAL, reason="moved")

    page = client.get("/meldingen/").content.decode()
    assert "AMARI" not in page
    assert ASSIGNED in page


def test_one_notice_is_marked_as_read_with_history(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    notice, other = tell(member), tell(member)
    sign_in(client, member)

    assert client.post("/meldingen/gelezen/", {"notice": notice.pk})["Location"] == "/meldingen/"

    notice.refresh_from_db()
    assert notice.read_by == member
    assert notice.history.latest().history_user == member
    assert Notice.objects.get(pk=other.pk).read_at is None
    response = client.get("/meldingen/")
    assert (len(lines(response)), len(lines(response, "read_groups"))) == (1, 1)


def test_all_are_marked_as_read_at_once(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    tell(member)
    tell(member, desk=True)
    sign_in(client, member)

    client.post("/meldingen/gelezen/", {"all": "yes"})

    assert not Notice.objects.for_member(member).filter(read_at=None).exists()


def test_nobody_reads_the_notice_of_another(client: Client, cast: Cast) -> None:
    foreign = tell(cast.regievoerder2)
    sign_in(client, cast.regievoerder)

    client.post("/meldingen/gelezen/", {"notice": [str(foreign.pk), "x", "9" * 30]})

    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert client.get("/meldingen/gelezen/").status_code == 405


def test_the_number_beside_the_menu_is_that_of_the_list(client: Client, cast: Cast) -> None:
    case = factories.involve(factories.led_case(cast.regievoerder), cast.politie.acting_unit, Part.SUPERVISION)
    member = cast.politie
    tell(member, case)
    tell(member, case, kind=stop_notices.PLACED)
    sign_in(client, member)
    assert (number_in(client), len(lines(client.get("/meldingen/")))) == ("2", 2)

    narrowed = SectionException(case=case, unit=member.acting_unit, section="stops", allowed=False, reason="test")
    save_as(narrowed, by=PRINCIPAL)

    assert (number_in(client), len(lines(client.get("/meldingen/")))) == ("1", 1)


@pytest.mark.parametrize(("count", "words"), [(99, "99"), (100, "99+")])
@pytest.mark.parametrize("kind", ["case_assigned", stop_notices.PLACED])
def test_more_than_ninety_nine_are_not_counted_out(
    client: Client, cast: Cast, count: int, words: str, kind: str
) -> None:
    member, case = cast.regievoerder, factories.led_case(cast.regievoerder)
    one = tell(member, case, kind=kind)
    Notice.objects.bulk_create([copied(one) for _number in range(count - 1)])

    assert number_in(sign_in(client, member)) == words


def test_the_number_asks_as_many_queries_for_many_notices_as_for_one(client: Client, cast: Cast) -> None:
    member = cast.regievoerder
    tell(member, factories.led_case(member), kind=stop_notices.PLACED)
    sign_in(client, member)
    client.get("/hulp/")
    with CaptureQueriesContext(connection) as one:
        client.get("/hulp/")
    for _number in range(5):
        tell(member, factories.led_case(member), kind=stop_notices.PLACED)
    with CaptureQueriesContext(connection) as many:
        client.get("/hulp/")

    assert len(one) == len(many)


def test_what_somebody_at_the_desk_may_not_read_stays_new_for_the_colleague_who_may(client: Client, cast: Cast) -> None:
    member = cast.coa_receptie
    case = factories.at_site(factories.led_case(cast.regievoerder), member.acting_unit)
    hidden = tell(member, case, desk=True, kind=stop_notices.PLACED)
    shown = tell(member, case, desk=True)

    sign_in(client, member).post("/meldingen/gelezen/", {"all": "yes"})
    client.post("/meldingen/gelezen/", {"notice": hidden.pk})

    assert [one.read_at is None for one in (fresh(hidden), fresh(shown))] == [True, False]


def number_in(client: Client) -> str:
    return str(client.get("/hulp/").context["unread_count"])


def fresh(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def copied(notice: Notice) -> Notice:
    other = fresh(notice)
    other.pk = None
    return other


def test_a_sentence_is_made_when_it_is_read_and_never_breaks() -> None:
    register_notice("test_kind", "%(count)s of %(all)s")

    assert "test_kind" in registered_kinds()
    assert sentence_of("test_kind", {"count": 2, "all": 3}) == "2 of 3"
    assert sentence_of("test_kind", {"count": 2}) == "2 of –"
    assert sentence_of("a_kind_nobody_knows") == "Er is iets gewijzigd."


def test_a_notice_whose_address_is_gone_is_still_readable(client: Client, cast: Cast) -> None:
    notice = tell(cast.regievoerder)
    notice.url_name = "gone:page"
    save_as(notice, by=PRINCIPAL)

    assert ASSIGNED in sign_in(client, cast.regievoerder).get("/meldingen/").content.decode()


def test_the_number_of_queries_does_not_depend_on_the_notices(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    member = cast.regievoerder
    sign_in(client, member)
    counts = []
    for more in (1, 6):
        for _number in range(more):
            tell(member, factories.led_case(member))
        with django_assert_max_num_queries(11) as queries:
            client.get("/meldingen/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
