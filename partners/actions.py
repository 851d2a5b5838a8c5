"""Acts on members themselves, and telling a member or a unit that something happened."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import transaction
from django.utils.translation import gettext_noop

from leidraad.lib import clock
from leidraad.lib.audit import By, bulk_create_as, save_as
from partners.models import Member, Notice, Unit
from partners.tasks import send_notice_mail

SENT = gettext_noop("Notice sent")


class CaseRef(Protocol):
    @property
    def pk(self) -> Any: ...
    @property
    def number(self) -> str: ...


def notify(
    unit: Unit,
    kind: str,
    *,
    by: By,
    url_name: str,
    member: Member | None = None,
    case: CaseRef | None = None,
    url_arg: str = "",
    params: dict[str, Any] | None = None,
) -> Notice:
    """Tell a member (or, without one, the unit's desk). A row in this transaction; the e-mail leaves through the outbox.

    `params` holds no names and no V-numbers: the sentence is made when the notice is read, by the rights of that moment.
    """
    notice = notice_of(unit, kind, url_name=url_name, member=member, case=case, url_arg=url_arg, params=params or {})
    save_as(notice, by=by, reason=SENT)
    _mail(notice)
    return notice


def notice_of(
    unit: Unit,
    kind: str,
    *,
    url_name: str,
    member: Member | None,
    case: CaseRef | None,
    url_arg: str = "",
    params: dict[str, Any],
) -> Notice:
    """A notice that was not sent yet."""
    return Notice(
        unit=unit,
        member=member,
        kind=kind,
        case_id=case.pk if case else None,
        case_number=case.number if case else "",
        url_name=url_name,
        url_arg=url_arg or (case.number if case else ""),
        params=params,
        created_at=clock.now(),
    )


@transaction.atomic
def notify_all(notices: Sequence[Notice], *, by: By) -> None:
    """Send many at once: two statements, and one for each mail."""
    for notice in bulk_create_as(notices, by=by, reason=SENT):
        _mail(notice)


def _mail(notice: Notice) -> None:
    if notice.member is not None and notice.member.email:
        send_notice_mail.delay(notice.pk)


@transaction.atomic
def read_notices(member: Member, notices: "list[Notice]") -> None:
    """Mark as read: for a desk's notice by whoever reads it first."""
    for notice in notices:
        if notice.read_at is None:
            notice.read_at, notice.read_by = clock.now(), member
            save_as(notice, by=member, reason=gettext_noop("Notice read"))
