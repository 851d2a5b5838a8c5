"""The demo in the database: what SQL counts there is what was planned, and it holds together. Small, with the same shares."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, F

from cases.case.management.commands.check_grants import findings
from cases.case.models import Axis, AxisEntry, ReturnCase, Signal, Task
from cases.procedure.models import RemovabilityAnswer
from cases.reception.models import InHouseMark, Placement
from cases.reception.states import PlacementStatus
from cases.requests.models import Request
from cases.requests.states import Status
from cases.supervision.models import CourtFact, Measure
from handover.importing.meaning import GROUNDS, SIGNALS
from handover.models import Dossier, Handover, Referral, ReferralJudgement
from leidraad.lib import clock
from leidraad.pages.demo import texts
from leidraad.pages.demo.build import build
from leidraad.pages.demo.colleagues import directors
from leidraad.pages.demo.plan import Plan, make_plan
from leidraad.pages.demo.planned import PlannedHousehold
from partners.models import Notice
from tests.pages.demo_law import check_law, kinds_seen_by

pytestmark = pytest.mark.django_db
PERSONS, CLOSED, SEED = 60, 20, 3


def planned_counts(plan: Plan, of: Callable[[PlannedHousehold], Any]) -> Counter[Any]:
    return Counter(of(one) for one in plan.open for _person in one.persons)


def counts(queryset: Any, *names: str) -> dict[Any, int]:
    rows = queryset.order_by().values_list(*names).annotate(n=Count("pk"))
    return {row[:-1] if len(names) > 1 else row[0]: row[-1] for row in rows}


def test_what_is_in_the_database_is_what_was_planned_and_holds_together(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    plan = make_plan(PERSONS, CLOSED, seed=SEED, today=clock.today(), directors=directors())

    steps = list(build(persons=PERSONS, closed=CLOSED, seed=SEED))

    assert [step.share for step in steps] == sorted(step.share for step in steps)
    assert steps[-1].share == 1
    cases = ReturnCase.objects.open()
    assert (cases.count(), ReturnCase.objects.exclude(closed_on=None).count()) == (PERSONS, CLOSED)
    assert counts(cases, "nationality") == planned_counts(plan, lambda one: one.nationality)
    assert counts(cases, "ground") == planned_counts(plan, lambda one: GROUNDS[one.ground])
    assert counts(Dossier.objects.filter(case__closed_on=None), "supplier") == {
        supplier: n for supplier, n in planned_counts(plan, lambda one: one.supplier).items() if supplier != "DTV"
    }
    stays = planned_counts(plan, lambda one: "" if one.stay.protected else one.stay.form)
    assert counts(cases, "residence_form") == stays
    signals = Counter(SIGNALS[name] for one in plan.open for who in one.persons for name in who.signals)
    assert counts(Signal.objects.filter(case__closed_on=None), "kind") == signals
    ended = Counter((one.ending.outcome, texts.how_ended(one.ending)) for one in plan.closed if one.ending)
    how = AxisEntry.objects.filter(axis=Axis.PHASE, superseded_at=None).exclude(case__closed_on=None)
    assert counts(how, "case__outcome", "text") == ended
    loads = planned_counts(plan, lambda one: one.director)
    assert counts(cases.exclude(director=None), "director__username") == {k: n for k, n in loads.items() if k}

    assert list(findings()) == []
    # Every open case has a next step or waits with its sender, and nothing that happened lies in the future.
    silent = cases.exclude(director=None).exclude(tasks__done_at=None, tasks__kind="next_step")
    assert not silent.exists()
    for model, field in (
        (Notice, "created_at"),
        (Request, "offered_at"),
        (Handover, "offered_at"),
        (Task, "created_at"),
    ):
        assert not model.objects.filter(**{f"{field}__gt": clock.now()}).exists(), model
    # Who is kept has a measure, with what belongs to it; one that nobody confirmed is said to be so.
    held = cases.filter(residence_form__in=["dc", "ggv"], led_by__organisation__code="dtv")
    assert held.exists()
    assert not held.exclude(measures__family="custody", measures__lifted_at=None).exists()
    measures = Measure.objects.all()
    assert not measures.filter(imposed_at__gt=clock.now()).exists()
    assert set(measures.filter(stated=False).values_list("kind__code", flat=True)) >= {"art59_1a", "art56_gl"}
    assert CourtFact.objects.filter(kind="ruling").exists()
    assert not CourtFact.objects.filter(at__lt=F("measure__imposed_at")).exists()
    # Each act that was written for many names the one who did it.
    kept = ReturnCase.history.model.objects.filter(history_user=None, history_principal="")
    assert not kept.exists()
    done = Request.objects.filter(status=Status.DONE, kind__code="removability_check")
    assert done.count() == RemovabilityAnswer.objects.final().filter(corrects=None).count()
    assert all(request.frozen for request in done)
    # Referrals of each kind, none of which tells its reporter what was found.
    assert counts(Referral.objects, "status") == {"filed": 3, "taken_up": 1, "dealt_with": 3, "withdrawn": 2}
    found = ReferralJudgement.objects.standing()
    assert counts(found, "finding") == {"matched": 1, "to_open": 1, "no_action": 1}
    # Somebody who missed two weeks is being checked, and has no mark of this week.
    checked = Placement.objects.filter(status=PlacementStatus.ABSENT_UNDER_CHECK)
    marks = InHouseMark.objects.filter(placement__in=checked, due_to__gte=clock.today(), mark="seen")
    assert checked.exists()
    assert not marks.exists()
    check_law()
    call_command("check_history", verbosity=0)
    # So few persons have nobody detained in the team of this account; the other two see one of another team.
    every = {"general_6", "extended", "dublin", "family"}
    assert kinds_seen_by("regievoerder") >= every
    for username in ("ind", "ua"):
        assert kinds_seen_by(username) >= every | {"detained"}, username
