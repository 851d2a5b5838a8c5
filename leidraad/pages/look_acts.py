"""Asking a member about a look, answering, and judging. For control only: none of it says how somebody works."""

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from leidraad.lib import clock
from leidraad.lib.audit import save_as
from leidraad.lib.errors import NotAllowed, NotPossible
from leidraad.lib.models import Event
from leidraad.lib.stale import require_version
from leidraad.pages.models import LookReview
from partners.actions import notify
from partners.models import Member, Unit
from partners.notices import register_notice
from partners.policy import require_to

CAPABILITY = "looks.change"
LOCK = 20_261  # the first half of the key of the advisory lock


def register() -> None:
    """The notices of this page. Called once when the app is ready."""
    register_notice(
        "look_asked",
        gettext_lazy("The privacy officer asks you to explain why you opened something. Read it and answer."),
    )
    register_notice("look_answered", gettext_lazy("An explanation that you asked about a look was given."))


@transaction.atomic
def ask_explanation(event: Event, text: str, *, by: Member, version: int) -> LookReview:
    """Ask the member who looked, once. Raises NotAllowed, Stale, and NotPossible when there is nobody to ask."""
    review = _locked(event, by, version)
    if review.member is None or event.unit_id is None:
        raise NotPossible(_("Nobody was signed in at this look, so nobody can be asked."))
    if review.asked_at is not None:
        raise NotPossible(_("An explanation was asked already."))
    review.question, review.asked_by, review.asked_at = text, by, clock.now()
    save_as(review, by=by, reason=gettext_noop("Explanation asked"))
    unit = Unit.objects.get(pk=event.unit_id)
    notify(unit, "look_asked", by=by, member=review.member, url_name="looks:answer", url_arg=str(review.pk))
    return review


@transaction.atomic
def answer_explanation(review: LookReview, text: str, *, by: Member) -> LookReview:
    """Only the member who looked answers, once. Raises NotAllowed and NotPossible."""
    review = LookReview.objects.select_for_update(of=("self",)).select_related("asked_by").get(event_id=review.event_id)
    if review.member_id != by.pk:
        raise NotAllowed(CAPABILITY)
    if not review.waits:
        raise NotPossible(_("You answered this already. Your answer cannot be changed."))
    review.answer, review.answered_at = text, clock.now()
    save_as(review, by=by, reason=gettext_noop("Explanation given"))
    asker = review.asked_by
    if asker is not None and asker.acting is not None:
        arg = str(review.event_id)
        notify(asker.acting_unit, "look_answered", by=by, member=asker, url_name="looks:detail", url_arg=arg)
    return review


@transaction.atomic
def judge_look(event: Event, reason: str, *, by: Member, version: int) -> LookReview:
    """Mark as judged, with the reason. Nobody judges a look of their own. Raises NotAllowed, Stale and NotPossible."""
    review = _locked(event, by, version)
    if review.judged_at is not None:
        raise NotPossible(_("This look was judged already."))
    review.judgement, review.judged_by, review.judged_at = reason, by, clock.now()
    return save_as(review, by=by, reason=gettext_noop("Look judged"))


def _locked(event: Event, by: Member, version: int) -> LookReview:
    """The review under its lock; a new one when there is none yet, which has version 0 for who saw the page without."""
    require_to(by, CAPABILITY)
    if event.member_id == by.pk:
        raise NotPossible(_("This is a look of your own. A colleague has to judge it."))
    with connection.cursor() as cursor:  # the event itself cannot be locked by a role that may not change it
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, event.pk % 2**31])
    known = (
        LookReview.objects.select_for_update(of=("self",)).select_related("member").filter(event_id=event.pk).first()
    )
    if known is not None:
        require_version(known, version)
        return known
    member = Member.objects.filter(pk=event.member_id).first() if event.member_id else None
    return LookReview(event_id=event.pk, event_at=event.at, member=member)
