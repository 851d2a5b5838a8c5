"""Two people of IND act in the same moment: exactly one answers, the other reads what happened."""

import pytest
from django.db import transaction

from cases.case.models import AxisEntry, Task
from cases.procedure.actions import answer, correct_answer
from cases.procedure.common import source_of
from cases.procedure.expiry import expire_answers
from cases.procedure.models import RemovabilityAnswer
from cases.requests.actions import confirm_request, withdraw_request
from cases.requests.states import Status
from leidraad.lib import clock
from partners.models import Notice
from tests.cast import Cast
from tests.procedure.answered import NOT_YET, answered, asked, colleague, fresh, put_back, stating
from tests.requests.asked import stored
from tests.requests.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_officers_who_answer_at_once_one_wins(cast: Cast) -> None:
    request, first, second = asked(cast), cast.ind, colleague()

    won, lost = at_once(
        lambda: answer(request, stating(), by=first, version=request.version),
        lambda: answer(request, stating(*NOT_YET), by=second, version=request.version),
    )

    assert won == ""
    assert "gereedgemeld" in lost
    assert RemovabilityAnswer.objects.in_force().count() == 1
    assert AxisEntry.objects.filter(case=request.case, axis="removability", superseded_at=None).count() == 1
    assert Notice.objects.filter(kind="request_reported").count() == 1


def test_answering_and_withdrawing_at_once_ends_in_one_of_them(cast: Cast) -> None:
    request, officer, director = asked(cast), cast.ind, cast.regievoerder

    results = at_once(
        lambda: answer(request, stating(), by=officer),
        lambda: withdraw_request(request, "toch niet", by=director),
    )

    assert results[0] == ""
    assert results[1] != ""
    answered_it = stored(request).status == Status.REPORTED_READY
    assert RemovabilityAnswer.objects.exists() is answered_it


def test_two_corrections_at_once_leave_one_answer(cast: Cast) -> None:
    wrong, first, second = answered(cast), cast.ind, colleague()

    results = at_once(
        lambda: correct_answer(wrong, stating(*NOT_YET), "fout", by=first),
        lambda: correct_answer(wrong, stating(*NOT_YET), "fout", by=second),
    )

    assert results[0] == ""
    assert "later antwoord" in results[1]
    assert RemovabilityAnswer.objects.in_force().count() == 1


def test_two_jobs_at_once_expire_an_answer_once(cast: Cast) -> None:
    with transaction.atomic():
        stated = answered(cast)
        confirm_request(stated.request, by=cast.regievoerder)
        stated = put_back(fresh(stated), clock.today().replace(year=clock.today().year - 1))

    at_once(lambda: expire_answers(), lambda: expire_answers())

    assert Notice.objects.filter(kind="removability_expired").count() == 1
    assert Task.objects.filter(source=source_of(stated.case)).count() == 1
    assert (
        AxisEntry.objects.filter(case=stated.case, axis="removability", value="", source__startswith="Leid").count()
        == 1
    )
