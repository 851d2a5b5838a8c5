"""Answering a colleague's question for access. The answer is told and kept; it opens nothing by itself."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.case.access import require
from cases.case.actions import finish_task, lock_case
from cases.case.models import AccessRequest, Task
from leidraad.lib.errors import NotPossible
from partners.actions import notify
from partners.models import Member
from partners.notices import register_notice

register_notice("access_agreed", gettext_lazy("Your question for access was agreed. The responsible unit arranges it."))
register_notice(
    "access_declined", gettext_lazy("Your question for access was declined. The responsible unit can say why.")
)


def source_of_question(asked: AccessRequest) -> str:
    """The source of the task that stands for a question."""
    return f"access:{asked.pk}"


@transaction.atomic
def answer_access(asked: AccessRequest, *, agreed: bool, by: Member, reason: str) -> None:
    """Finish the responsible unit's task, with the reason, and tell who asked.

    Rights follow from the part a unit plays and the role of its member, so a yes is carried out by giving that part or
    role; nothing is opened here. Raises NotAllowed, and NotPossible when the question was answered already.
    """
    case = lock_case(asked.case_id)
    require(by, "case.share", case)
    task = Task.objects.open().filter(source=source_of_question(asked)).first()
    if task is None:
        raise NotPossible(_("This question was answered already."))
    finish_task(task, by=by, reason=reason)
    kind = "access_agreed" if agreed else "access_declined"
    notify(asked.unit, kind, member=asked.member, case=case, by=by, url_name="cases:detail")
