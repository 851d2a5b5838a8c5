"""Signing in and out is kept in the event log, failures included (without the name that was typed)."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from leidraad.lib import events
from leidraad.lib.models import EventKind


def _in(user: Any, **_: Any) -> None:
    events.record(EventKind.SIGN_IN, user)


def _out(user: Any, **_: Any) -> None:
    if user is not None:
        events.record(EventKind.SIGN_OUT, user)


def _failed(**_: Any) -> None:
    events.record(EventKind.SIGN_IN_FAILED, None)


def connect() -> None:
    user_logged_in.connect(_in, dispatch_uid="leidraad-signed-in")
    user_logged_out.connect(_out, dispatch_uid="leidraad-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="leidraad-sign-in-failed")
