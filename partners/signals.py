"""Signing in and out, second steps included, is kept in the event log; failures without the name that was typed. And a job
that begins reads which policy is in force."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as factor_signals
from celery.signals import task_prerun
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from leidraad.lib import events
from leidraad.lib.models import EventKind
from partners import policy_now
from partners.sign_in import idle
from partners.sign_in.factor import pass_gate, proved_at_sign_in
from partners.sign_in.organisation import BY_ORGANISATION


def _in(request: Any, user: Any, **_: Any) -> None:
    records = get_authentication_records(request, user)
    by = [str(record.get("type") or record.get("provider") or record.get("method")) for record in records]
    idle.begin(request)
    by_organisation = request.session.pop(BY_ORGANISATION, None) == user.pk
    if by_organisation or proved_at_sign_in(request, user):
        pass_gate(request, user)
    events.record(EventKind.SIGN_IN, user, detail={"by": by} if by else {})


def _out(user: Any, **_: Any) -> None:
    if user is not None:
        events.record(EventKind.SIGN_OUT, user)


def _failed(**_: Any) -> None:
    events.record(EventKind.SIGN_IN_FAILED, None)


def _second_step_failed(user: Any, authenticator: Any, **_: Any) -> None:
    events.record(EventKind.SIGN_IN_FAILED, user, detail={"second_step": str(authenticator.type)})


def _factor(act: str) -> Any:
    def changed(user: Any, authenticator: Any, **_: Any) -> None:
        events.record(EventKind.SECOND_FACTOR, user, detail={"act": act, "type": str(authenticator.type)})

    return changed


_added, _removed, _renewed = _factor("added"), _factor("removed"), _factor("renewed")


def _job_begins(**_: Any) -> None:
    policy_now.begin()


def connect() -> None:
    task_prerun.connect(_job_begins, weak=False, dispatch_uid="leidraad-policy-of-a-job")
    user_logged_in.connect(_in, dispatch_uid="leidraad-signed-in")
    user_logged_out.connect(_out, dispatch_uid="leidraad-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="leidraad-sign-in-failed")
    factor_signals.authentication_failed.connect(_second_step_failed, dispatch_uid="leidraad-second-step-failed")
    factor_signals.authenticator_added.connect(_added, dispatch_uid="leidraad-factor-added")
    factor_signals.authenticator_removed.connect(_removed, dispatch_uid="leidraad-factor-removed")
    factor_signals.authenticator_reset.connect(_renewed, dispatch_uid="leidraad-factor-renewed")
