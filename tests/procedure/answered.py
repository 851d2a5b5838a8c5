"""Questions about removability in a named state, made by the same actions that users use."""

from datetime import date, timedelta
from typing import Any

from cases.case.models import Axis, AxisEntry, ReturnCase
from cases.procedure.actions import Answer, answer
from cases.procedure.models import AnswerGround, RemovabilityAnswer
from cases.procedure.states import REMOVABILITY_CHECK
from cases.requests.actions import NewRequest, accept_request, ask_request
from cases.requests.models import Request, RequestKind
from leidraad.lib import clock
from leidraad.lib.audit import save_as
from partners.models import Member, Unit
from tests.cast import PRINCIPAL, Cast, member_of
from tests.factories import led_case, second_unit, unit
from tests.requests.asked import stored


def ground(code: str = "no_obstacle") -> AnswerGround:
    found: AnswerGround = AnswerGround.objects.get(code=code)
    return found


def stating(value: str = "removable", code: str = "no_obstacle", days: int | None = 30, note: str = "") -> Answer:
    until = None if days is None else clock.today() + timedelta(days=days)
    return Answer(value, ground(code), until, note)


NOT_YET = ("not_yet", "appeal_pending")
BARRED = ("barred_temporarily", "art64_granted")
LAWFUL = ("lawful_stay", "new_application")


def asked(cast: Cast, case: ReturnCase | None = None, *, by: Member | None = None, **more: Any) -> Request:
    """Offered to IND, not opened yet."""
    director = by or cast.regievoerder
    values: dict[str, Any] = {
        "kind": RequestKind.objects.get(code=REMOVABILITY_CHECK),
        "to_unit": unit("ind-noord"),
        "reason": "Is deze persoon verwijderbaar?",
        "due_at": clock.now() + timedelta(days=7),
    }
    return stored(ask_request(case or led_case(director), NewRequest(**(values | more)), by=director))


def taken_on(cast: Cast, case: ReturnCase | None = None, **more: Any) -> Request:
    return stored(accept_request(asked(cast, case, **more), by=cast.ind))


def answered(cast: Cast, case: ReturnCase | None = None, new: Answer | None = None, **more: Any) -> RemovabilityAnswer:
    return fresh(answer(asked(cast, case, **more), new or stating(), by=cast.ind))


def fresh(stated: RemovabilityAnswer) -> RemovabilityAnswer:
    found: RemovabilityAnswer = RemovabilityAnswer.objects.select_related("request__kind", "case", "ground").get(
        pk=stated.pk
    )
    return found


def axis_of(case: ReturnCase) -> AxisEntry:
    return AxisEntry.objects.get(case=case, axis=Axis.REMOVABILITY, superseded_at=None)


def other_ind_unit() -> Unit:
    """A second team of IND, which was not asked."""
    return second_unit("ind-zuid", "ind-noord")


def colleague(of: Unit | None = None) -> Member:
    return member_of(of or unit("ind-noord"), "ind_officer")


def put_back(stated: RemovabilityAnswer, valid_until: date) -> RemovabilityAnswer:
    """As if it was answered so long ago that it ends on this day: what is stated never changes, so it is made anew."""
    case, request = stated.case, stated.request
    stated.replaced_at = clock.now()
    save_as(stated, by=PRINCIPAL)
    made = RemovabilityAnswer(
        request=request,
        case=case,
        value=stated.value,
        ground=stated.ground,
        valid_until=valid_until,
        answered_by=stated.answered_by,
        answered_at=clock.now() - timedelta(days=30),
    )
    return fresh(save_as(made, by=PRINCIPAL))
