"""What runs later for members."""

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from partners.models import Notice
from partners.sign_in import parked, sessions


@shared_task(name="partners.clear_sessions")
def clear_sessions() -> None:
    """Remove what has ended by time: sessions that nobody can use any more, and forms that nobody came back for."""
    SessionStore.clear_expired()
    sessions.forget_ended()
    parked.clear_old()


@shared_task(name="partners.send_notice_mail")
def send_notice_mail(notice_id: int) -> None:
    """Say that something waits, and nothing more: no name, no number.

    A notice that was read meanwhile is not mailed. Of several that wait, only the newest is: it counts the others.
    """
    notice = Notice.objects.select_related("member").filter(pk=notice_id, read_at=None).first()
    if notice is None or notice.member is None or not notice.member.is_active:
        return
    member = notice.member
    unread = Notice.objects.filter(member=member, unit=notice.unit, read_at=None)
    if unread.filter(pk__gt=notice.pk).exists():
        return
    count = unread.count()
    with translation.override(member.language):
        send_mail(
            subject=_("Leidraad: you have new notices"),
            message=_("You have %(count)d new notices. Sign in to Leidraad to read them.") % {"count": count},
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[member.email],
        )
