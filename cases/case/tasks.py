"""What runs later for cases."""

from celery import shared_task

from cases.case import policy_grants, redistribution, silence


@shared_task(name="cases.go_on_redistributing")
def go_on_redistributing(redistribution_id: int) -> None:
    """What was left of a large redistribution. Delivered twice it does nothing the second time."""
    redistribution.work_on(redistribution_id)


@shared_task(name="cases.resume_redistributions")
def resume_redistributions() -> None:
    """Take up what a killed process left; a redistribution that fails holds up no other on the next run."""
    for redistribution_id in redistribution.unfinished():
        go_on_redistributing.delay(redistribution_id)


@shared_task(name="cases.go_on_granting")
def go_on_granting(run_id: int) -> None:
    """What was left of making grants equal to the policy. Delivered twice it does nothing the second time."""
    policy_grants.work_on(run_id)


@shared_task(name="cases.follow_policy")
def follow_policy() -> None:
    """Take up what a killed process left, and follow lines of the policy that began or ended with the day."""
    policy_grants.follow_the_day()
    for run_id in policy_grants.unfinished():
        go_on_granting.delay(run_id)


@shared_task(name=silence.PRINCIPAL)
def keep_silent() -> None:
    """Each night: a unit that ended leaves a step with nobody, and no task changed."""
    silence.keep_all()
