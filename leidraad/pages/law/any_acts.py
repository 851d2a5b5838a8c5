"""Confirming what only a dossier states, and taking back what should not have been recorded: the same for each kind of fact."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from cases.procedure.actions.facts import confirm, strike
from cases.procedure.models import Postponement
from leidraad.lib.errors import NotAllowed
from leidraad.pages.case_frame import OpenCase, case_page
from leidraad.pages.law.acts import MODELS, found, over
from leidraad.pages.law.forms_course import ConfirmForm, StrikeForm
from leidraad.pages.law.page import CHANGE, POSTPONE

ANCHORS = {"procedure": "procedures", "claim": "claim", "uitstel": "uitstel"}


def _right(page: OpenCase, what: str) -> str:
    """The right that this kind of fact asks. Http404 for an address that means nothing, NotAllowed without the right."""
    if what not in MODELS:
        raise Http404
    right = POSTPONE if MODELS[what] is Postponement else CHANGE
    if not page.can(right):
        raise NotAllowed(right, page.case)
    return right


@case_page()
def take_back(page: OpenCase, what: str, pk: int) -> HttpResponse:
    right = _right(page, what)
    one = found(page, MODELS[what], pk)

    def do(form: StrikeForm) -> str:
        with transaction.atomic():
            strike(
                one, form.cleaned_data["reason"], by=page.request.member, capability=right, version=form.seen_version
            )
        return _("Taken back. It stays readable, with your reason.")

    context = {
        "title": _("Take this back?"),
        "text": _("What was recorded wrongly goes out of force. It stays on the page with your reason."),
        "facts": [(_("Record"), str(one)), (_("Source"), one.source)],
        "button": _("Take it back"),
        "danger": True,
    }
    return over(page, one, StrikeForm, do, anchor=ANCHORS.get(what, "besluiten"), **context)


@case_page()
def confirm_it(page: OpenCase, what: str, pk: int) -> HttpResponse:
    right = _right(page, what)
    one = found(page, MODELS[what], pk)

    def do(form: ConfirmForm) -> str:
        with transaction.atomic():
            confirm(one, by=page.request.member, capability=right, version=form.seen_version)
        return _("Confirmed.")

    context = {
        "title": _("Is this right?"),
        "text": _("The dossier states it. By confirming you say that it is so in your own register."),
        "facts": [(_("Record"), str(one)), (_("Source"), one.source)],
        "button": _("Confirm that it is right"),
    }
    return over(page, one, ConfirmForm, do, anchor=ANCHORS.get(what, "besluiten"), **context)
