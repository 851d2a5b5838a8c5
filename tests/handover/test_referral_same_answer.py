"""The reporter gets the same answer, from the same questions to the database, whether DT&V knows the person or not."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.case.actions import close_case
from cases.case.models import Part, Person, PersonAlias, ProtectedAddress
from handover.models import Referral
from handover.referrals.judging import take_up
from handover.referrals.states import Finding
from leidraad.lib.audit import save_as
from partners.models import Member, Notice
from tests.cast import PRINCIPAL, Cast, sign_in
from tests.factories import involve, led_case, person, received_case, unit
from tests.handover.referred import filed, form_data, judged
from tests.test_access import without_own_words

pytestmark = pytest.mark.django_db

# The same person in every world, so that only what DT&V knows differs.
WHO = {"surname": "Amari", "given_names": "Yacine", "nationality": "DZA"}


def _known(cast: Cast, **values: Any) -> Person:
    return person(v_number="9995551234", birth_year=1994, birth_month=3, birth_day=14, **WHO, **values)


def _nobody(cast: Cast) -> None:
    return None


def _in_a_case(cast: Cast) -> None:
    led_case(cast.regievoerder, _known(cast))


def _shared(cast: Cast) -> None:
    involve(led_case(cast.regievoerder, _known(cast)), cast.gemeente.acting_unit, Part.MUNICIPAL)


def _protected(cast: Cast) -> None:
    case = led_case(cast.regievoerder, _known(cast))
    secret = ProtectedAddress(case=case, street="Geheim 1", city="Elders", source="IND", since=date(2026, 11, 23))
    save_as(secret, by=PRINCIPAL)


def _closed(cast: Cast) -> None:
    close_case(led_case(cast.regievoerder, _known(cast)), "departed_independently", by=cast.regievoerder, reason="test")


def _merged(cast: Cast) -> None:
    """Known under another name and number: the one that is asked about became a name of that person."""
    who = person(surname="Elders", v_number="9995559999")
    save_as(PersonAlias(person=who, name="Amari Yacine", source="IND"), by=PRINCIPAL)
    led_case(cast.regievoerder, who)


def _received(cast: Cast) -> None:
    received_case(_known(cast))


WORLDS: Mapping[str, Callable[[Cast], None]] = {
    "unknown": _nobody,
    "known": _in_a_case,
    "shared with the reporter": _shared,
    "protected": _protected,
    "closed": _closed,
    "merged": _merged,
    "offered": _received,
}


def asked(client: Client, method: str, path: str, data: Mapping[str, Any] | None = None) -> tuple[str, list[str]]:
    """The page that came in the end, and the statements without their values."""
    with CaptureQueriesContext(connection) as queries:
        response = client.generic(method, path) if data is None else client.post(path, data, follow=True)
    told = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in queries]
    page = without_own_words(response.content.decode())
    page = re.sub(r'value="([0-9a-f-]{36}|\d+)"', "", page)  # the key of the form, and of a notice
    page = re.sub(r"aanmeldingen/\d+/|Aanmelding \d+", "?", page)
    return f"{response.status_code} {page}", [re.sub(r"s\d+_x\d+|_django_curs_\w+", "?", sql) for sql in told]


def all_that_a_reporter_sees(cast: Cast, world: str) -> list[tuple[str, list[str]]]:
    """Searching goes on into a form; filing, reading, the list, and the wrong form."""
    WORLDS[world](cast)
    reporter = cast.gemeente
    client = sign_in(Client(), reporter)
    client.get("/aanmeldingen/")
    data = form_data(reporter, v_number="9995551234", born=("1994", "3", "14"), **WHO)
    seen = [
        asked(client, "POST", "/aanmeldingen/nieuw/", {"gezocht": "1", "q": "Amari, Yacine", "born": "14-03-1994"}),
        asked(client, "POST", "/aanmeldingen/nieuw/", data | {"asked": ""}),
        asked(client, "POST", "/aanmeldingen/nieuw/", data),
        asked(client, "POST", "/aanmeldingen/nieuw/", data),
    ]
    referral = Referral.objects.get()
    paths = ("", f"{referral.pk}/", f"{referral.pk}/verbeteren/", f"{referral.pk}/intrekken/")
    return [*seen, *(asked(client, "GET", f"/aanmeldingen/{path}") for path in paths)]


@pytest.mark.parametrize("world", [name for name in WORLDS if name != "unknown"])
def test_filing_tells_nothing_about_what_is_known(cast: Cast, world: str) -> None:
    with transaction.atomic():
        unknown = all_that_a_reporter_sees(cast, "unknown")
        transaction.set_rollback(True)
    here = all_that_a_reporter_sees(cast, world)

    assert [page for page, _sql in here] == [page for page, _sql in unknown]
    assert [sql for _page, sql in here] == [sql for _page, sql in unknown]


def later(cast: Cast, reporter: Member, finding: Finding | None) -> list[tuple[str, list[str]]]:
    """What the reporter reads after intake took it up, and after it decided this."""
    case = led_case(cast.regievoerder, _known(cast)) if finding == Finding.MATCHED else None
    referral = filed(reporter, **WHO)
    referral = take_up(referral, by=cast.intake, version=referral.version)
    if finding is not None:
        referral = judged(cast, referral, finding, case)
    client = sign_in(Client(), reporter)
    client.get("/aanmeldingen/")
    paths = ("/aanmeldingen/", f"/aanmeldingen/{referral.pk}/", "/meldingen/", "/mijn-werk/")
    return [asked(client, "GET", path) for path in paths]


@pytest.mark.parametrize("finding", [Finding.TO_OPEN, Finding.NO_ACTION])
def test_what_intake_found_changes_no_word_of_what_the_reporter_reads(cast: Cast, finding: Finding) -> None:
    with transaction.atomic():
        matched = later(cast, cast.gemeente, Finding.MATCHED)
        transaction.set_rollback(True)
    other = later(cast, cast.gemeente, finding)

    assert other == matched
    assert "Afgehandeld: DT&amp;V neemt zo nodig contact op" in matched[1][0]


def test_notices_to_the_reporter_are_the_same_whatever_was_found(cast: Cast) -> None:
    case = led_case(cast.regievoerder)
    for finding in Finding:
        judged(cast, filed(cast.politie), finding, case if finding == Finding.MATCHED else None)

    told = Notice.objects.filter(unit=cast.politie.acting_unit).values_list("kind", "case_id", "case_number", "params")
    assert list(told) == [("referral_dealt_with", None, "", {})] * 3


def test_matching_the_case_that_was_opened_afterwards_goes_unnoticed(cast: Cast) -> None:
    referral = judged(cast, filed(cast.gemeente), Finding.TO_OPEN)
    client = sign_in(Client(), cast.gemeente)
    client.get("/aanmeldingen/")
    before = asked(client, "GET", f"/aanmeldingen/{referral.pk}/")
    notices = Notice.objects.filter(unit=cast.gemeente.acting_unit).count()

    judged(cast, referral, Finding.MATCHED, led_case(cast.regievoerder))

    assert asked(client, "GET", f"/aanmeldingen/{referral.pk}/") == before
    assert Notice.objects.filter(unit=cast.gemeente.acting_unit).count() == notices


def test_a_reporter_reads_no_name_of_who_judged(cast: Cast) -> None:
    referral = judged(cast, filed(cast.gemeente), Finding.NO_ACTION, reason="Staat al in een andere zaak")

    page = sign_in(Client(), cast.gemeente).get(f"/aanmeldingen/{referral.pk}/").content.decode()

    assert str(cast.gemeente) in page
    assert str(cast.intake) not in page
    assert "andere zaak" not in page
    assert unit("dtv-ilc").name not in page
