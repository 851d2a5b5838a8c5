"""Facts of law on which the responsible unit may lift a stop: IND's answer, a ruling, a ground for postponement that ended."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases.case.models import Removability
from cases.procedure.models import Postponement, PostponementState, Remedy, RemovabilityAnswer
from cases.procedure.models.remedies import Ruling
from cases.terms.calendars.arithmetic import day_of
from cases.terms.new_facts import NewFact, tell_new_facts
from leidraad.lib.display import date_long

# Rulings after which the remedy no longer holds removal back.
LOST = (Ruling.DISMISSED, Ruling.INADMISSIBLE, Ruling.WITHDRAWN, Ruling.LIFTED)
OVER = (PostponementState.REFUSED, PostponementState.ENDED)


def register() -> None:
    tell_new_facts("procedure", tell)


def tell(case: int, since: datetime) -> Iterator[NewFact]:
    """What still stands and was recorded after the moment. Three questions for what there is, and one more for when."""
    yield from _answers(case, since)
    yield from _rulings(case, since)
    yield from _postponements(case, since)


def _answers(case: int, since: datetime) -> Iterator[NewFact]:
    found = RemovabilityAnswer.objects.in_force().for_pages()
    for one in found.filter(case=case, value=Removability.REMOVABLE, answered_at__gt=since):
        if one.holds:
            on = day_of(one.answered_at)
            words = _("IND answered on %(date)s: removable.") % {"date": date_long(on)}
            yield NewFact("answer", f"answer:{one.pk}", words, on, one.request.to_unit.organisation.code)


def _rulings(case: int, since: datetime) -> Iterator[NewFact]:
    found = Remedy.objects.standing().filter(case=case, ruling__in=LOST, confirmed_at__isnull=False)
    for one, organisation in _recorded(found, since, ruling__in=LOST):
        words = _("%(kind)s: %(ruling)s on %(date)s.") % {
            "kind": one.get_kind_display(),
            "ruling": one.get_ruling_display(),
            "date": date_long(one.ruled_on),
        }
        yield NewFact("ruling", f"ruling:{one.pk}", words, one.ruled_on, organisation)


def _postponements(case: int, since: datetime) -> Iterator[NewFact]:
    found = Postponement.objects.standing().filter(case=case, state__in=OVER).select_related("kind")
    for one, organisation in _recorded(found, since, state__in=OVER):
        on = one.until or one.since
        words = _("%(kind)s: %(state)s.") % {"kind": one.kind.name, "state": one.get_state_display()}
        yield NewFact(f"postponement:{one.kind.code}", f"postponement:{one.pk}", words, on, organisation)


def _recorded(found: Any, since: datetime, **state: Any) -> Iterator[tuple[Any, str]]:
    """Each row with who recorded its state first, where that was after the moment."""
    rows = {one.pk: one for one in found}
    if not rows:
        return
    versions = found.model.history.filter(id__in=rows, **state).order_by("id", "history_id").distinct("id")
    for pk, at, organisation in versions.values_list("id", "history_date", "history_organisation"):
        if at > since:
            yield rows[pk], organisation
