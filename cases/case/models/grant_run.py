"""How far the grants of all cases have been made equal to a version of the policy."""

from django.db import models
from django.db.models import Q

from partners.models import PolicyVersion


class GrantRun(models.Model):
    """One pass over all cases, in the order of their keys. Progress of a derivation, so without history: grants have theirs.

    `called_for` is the fingerprint of which organisation in which part is to have which grant: on a day on which it changes
    without a new version, because a line begins or ends, there is a run as well.
    """

    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    called_for = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    worked_at = models.DateTimeField()
    last_case = models.BigIntegerField()
    done_until = models.BigIntegerField(default=0)
    changed_cases = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["worked_at"], condition=Q(finished_at=None), name="grant_run_unfinished")]
