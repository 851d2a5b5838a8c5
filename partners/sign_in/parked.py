"""Forms that were sent after the session had ended: kept sealed for the member who filled them in, shown after signing in.

Nobody else sees them: the key follows from the member, and only the rows of the member who is signed in are looked for. Nothing
is saved by itself; the member checks and sends the form again.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict

from leidraad.lib import clock
from partners.models import Member, ParkedForm
from partners.sign_in.sealing import seal, unseal

KEPT = timedelta(days=7)
MOST = 10
FLAG = "has_parked"
# Of these nothing is kept: they hold secrets, or sending them again is one click.
NOT_KEPT_ROUTES = frozenset({"pages:search", "pages:notices-read"})
NOT_KEPT_FIELDS = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Parked:
    """`page` is where the form stood, `action` where it was sent; paths on this site, the page with its question part."""

    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    pk: int = 0
    at: datetime = field(default_factory=clock.now)

    @property
    def names(self) -> set[str]:
        return {name for name, _value in self.fields}

    @property
    def texts(self) -> list[str]:
        """What a person typed, as far as can be told without the form: the longer texts."""
        return [value for _name, value in self.fields if len(value) > 20 or " " in value.strip()]


def park_request(request: HttpRequest, member_id: int, page: str) -> bool:
    match = request.resolver_match
    route = match.view_name if match else ""
    if route in NOT_KEPT_ROUTES or route.startswith(("partners:", "mfa_", "account_")):
        return False
    return park(member_id, page or request.path, request.path, request.POST)


def park(member_id: int, page: str, action: str, posted: QueryDict) -> bool:
    """Keep what was filled in. Files are not kept. Without any field there is nothing to keep."""
    fields = [(name, value) for name, values in posted.lists() for value in values if name not in NOT_KEPT_FIELDS]
    if not fields:
        return False
    content = json.dumps({"page": page, "action": action, "fields": fields}).encode()
    ParkedForm.objects.create(member_id=member_id, parked_at=clock.now(), sealed=seal(content, _purpose(member_id)))
    keys = ParkedForm.objects.filter(member_id=member_id).order_by("-pk").values_list("pk", flat=True)
    ParkedForm.objects.filter(member_id=member_id).exclude(pk__in=list(keys[:MOST])).delete()
    return True


def of_member(member: Member) -> Iterator[Parked]:
    """The newest first. What cannot be opened (another SECRET_KEY since) is passed over."""
    rows = ParkedForm.objects.filter(member=member, parked_at__gt=clock.now() - KEPT).order_by("-pk")
    for row in rows:
        opened = unseal(bytes(row.sealed), _purpose(member.pk))
        if opened is not None:
            kept = json.loads(opened)
            fields = tuple((name, value) for name, value in kept["fields"])
            yield Parked(kept["page"], kept["action"], fields, row.pk, row.parked_at)


def forget(member: Member, pks: list[int]) -> None:
    ParkedForm.objects.filter(member=member, pk__in=pks).delete()


def clear_old() -> None:
    ParkedForm.objects.filter(parked_at__lte=clock.now() - KEPT).delete()


def _purpose(member_id: int) -> str:
    return f"parked-form:{member_id}"
