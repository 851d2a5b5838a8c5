"""A request in sentences: where it stands, whose turn it is, and why an act came too late."""

from django.utils.translation import gettext as _

from cases.requests.models import Request
from cases.requests.states import Status
from leidraad.lib.display import date_time


def _facts(request: Request) -> dict[str, str]:
    return {
        "sender": request.from_unit.full_name,
        "receiver": request.to_unit.full_name,
        "answered": date_time(request.answered_at),
        "reported": date_time(request.reported_at),
        "ended": date_time(request.ended_at),
        "due": date_time(request.due_at),
    }


def status_sentence(request: Request) -> str:
    """Where the request stands, as one sentence."""
    if request.status == Status.DONE and not request.kind.needs_confirmation:
        return _("Answered by %(receiver)s on %(reported)s.") % _facts(request)
    sentence = {
        Status.OFFERED: _("Offered to %(receiver)s, not answered yet."),
        Status.ACCEPTED: _("Accepted by %(receiver)s on %(answered)s. The work is being done."),
        Status.REPORTED_READY: _("Reported ready by %(receiver)s on %(reported)s, not confirmed yet."),
        Status.DONE: _("Done. %(sender)s confirmed the report on %(ended)s."),
        Status.DECLINED: _("Declined by %(receiver)s on %(ended)s."),
        Status.NOT_POSSIBLE: _("Not possible, %(receiver)s reported on %(ended)s."),
        Status.WITHDRAWN: _("Withdrawn by %(sender)s on %(ended)s."),
        Status.EXPIRED: _("Expired on %(ended)s. %(receiver)s did not answer before %(due)s."),
    }[Status(request.status)]
    return sentence % _facts(request)


def turn_sentence(request: Request) -> str:
    """Who has to do something now; "" when it is over. The responsibility never moves with a request."""
    if request.turn_unit is None:
        return ""
    facts = _facts(request) | {"unit": request.turn_unit.full_name}
    if request.status == Status.REPORTED_READY:
        return _("It is the turn of %(unit)s: read the report and confirm it.") % facts
    if request.status == Status.ACCEPTED:
        return _("It is the turn of %(unit)s, until %(due)s. %(sender)s stays responsible for the case.") % facts
    return (
        _("It is the turn of %(unit)s: accept or decline before %(due)s. %(sender)s stays responsible for the case.")
        % facts
    )


def why_no_longer(request: Request) -> str:
    """Why an act that the state table refuses came too late or too early, for the person who tried it."""
    if request.status == Status.DONE and not request.kind.needs_confirmation:
        return _("%(receiver)s answered this on %(reported)s already.") % _facts(request)
    sentence = {
        Status.OFFERED: _("%(receiver)s has not accepted this request yet."),
        Status.ACCEPTED: _("%(receiver)s accepted this request on %(answered)s already."),
        Status.REPORTED_READY: _("%(receiver)s reported this request ready on %(reported)s."),
        Status.DONE: _("%(sender)s confirmed this request on %(ended)s. It is done."),
        Status.DECLINED: _("%(receiver)s declined this request on %(ended)s."),
        Status.NOT_POSSIBLE: _("%(receiver)s reported on %(ended)s that this request is not possible."),
        Status.WITHDRAWN: _("%(sender)s withdrew this request on %(ended)s. Nothing of yours was saved."),
        Status.EXPIRED: _("This request expired on %(ended)s. Ask %(sender)s to ask it again."),
    }[Status(request.status)]
    return sentence % _facts(request)
