"""Mail says that something waits. It holds no name and no number, and comes once."""

import pytest
from django.core.mail import EmailMessage

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member, Notice
from partners.tasks import send_notice_mail
from tests.cast import PRINCIPAL, Cast
from tests.factories import led_case

pytestmark = pytest.mark.django_db


def waiting(member: Member, number: str = "Z-2026-000001") -> Notice:
    notice = Notice(
        unit=member.acting_unit,
        member=member,
        kind="case_assigned",
        case_number=number,
        url_name="cases:detail",
        url_arg=number,
        created_at=clock.now(),
    )
    return save_as(notice, by=PRINCIPAL)


def test_the_mail_names_nobody(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    case = led_case(cast.regievoerder)
    notice = waiting(cast.regievoerder, case.number)

    send_notice_mail(notice.pk)

    (mail,) = mailoutbox
    text = f"{mail.subject} {mail.body}"
    assert mail.to == [cast.regievoerder.email]
    assert case.number not in text
    assert case.person.surname not in text
    assert case.person.v_number not in text


def test_of_several_that_wait_only_the_newest_is_mailed(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    notices = [waiting(cast.regievoerder) for _ in range(3)]

    for notice in notices:
        send_notice_mail(notice.pk)

    (mail,) = mailoutbox
    assert "3" in str(mail.body)


def test_what_was_read_is_not_mailed(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    notice = waiting(cast.regievoerder)
    notice.read_at = clock.now()
    save_as(notice, by=cast.regievoerder)

    send_notice_mail(notice.pk)

    assert mailoutbox == []


def test_telling_twice_does_no_harm(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    """The relay may send a message twice. A second mail says the same and names nobody."""
    notice = waiting(cast.regievoerder)

    send_notice_mail(notice.pk)
    send_notice_mail(notice.pk)

    assert len({str(mail.body) for mail in mailoutbox}) == 1
