"""Who is involved in a case, and the guardian grants that follow from it."""

from datetime import date, datetime
from typing import Any, Self

import pgtrigger
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from cases.case.models.case import ReturnCase, permission_id
from cases.case.models.choices import InvolvementGround, Part
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit
from partners.policy import emergency_sections

COPIES = [
    "is_listed",
    "sort_deadline",
    "sort_name",
    "sort_contact",
    "phase",
    "removability",
    "nationality",
    "special_group",
    "location_id",
    "director_id",
]


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    def running(self) -> Self:
        return self.filter(until=None)

    def in_force(self) -> Self:
        """Running, and where the ground is consent: while the person's consent runs. What rights follow from."""
        from cases.case.models.consent import Consent

        consents = Consent.objects.running().filter(case=OuterRef("case"), party=OuterRef("unit__organisation"))
        return self.running().filter(~Q(ground=InvolvementGround.CONSENT) | Exists(consents))


class Involvement(models.Model):
    """One unit's part in one case. The only source of access: its grants are written and removed in the same transaction."""

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="involvements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="involvements", db_index=False)
    part = models.CharField(max_length=20, choices=Part)
    ground = models.CharField(max_length=10, choices=InvolvementGround)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects = InvolvementQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit", "part"],
                condition=Q(until=None),
                name="involvement_once_running",
                violation_error_message=_("This unit already has this part in the case."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(until=None, part=Part.LEAD),
                name="involvement_one_lead",
                violation_error_message=_("Exactly one unit is responsible for a case."),
            ),
            models.CheckConstraint(
                name="involvement_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]
        # In which cases a unit has a part: one range of this index, where lists and counts ask what may be shown by part.
        indexes = [
            models.Index(fields=["unit", "part", "case"], condition=Q(until=None), name="involvement_of_unit"),
        ]


class CaseGrantQuerySet(models.QuerySet["CaseGrant"]):
    def listed_for(self, member: Member) -> Self:
        """View rows of the acting unit's open cases: the ordered lists start here and fetch the case through the row."""
        if not member.is_active or member.acting_group_id is None:
            return self.none()
        return self.filter(group_id=member.acting_group_id, permission_id=permission_id("view"), is_listed=True)


FILL_COPIES = """
    IF NEW.permission_id = (SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
                             WHERE t.app_label = 'cases' AND t.model = 'returncase' AND p.codename = 'view_returncase') THEN
        SELECT c.closed_on IS NULL, c.sort_name, COALESCE(c.last_contact_on, DATE '0001-01-01'), c.phase,
               c.removability, c.nationality, c.special_group, c.residence_unit_id, c.director_id,
               cases_unit_deadline(c.id, NEW.group_id)
          INTO NEW.is_listed, NEW.sort_name, NEW.sort_contact, NEW.phase,
               NEW.removability, NEW.nationality, NEW.special_group, NEW.location_id, NEW.director_id,
               NEW.sort_deadline
          FROM cases_returncase c WHERE c.id = NEW.content_object_id;
    END IF;
    RETURN NEW;
"""
VIEW_ROWS = """sort_deadline IS NOT NULL"""
ADD_TO_SEARCH = """
    UPDATE cases_casesearch s SET group_ids = s.group_ids || a.groups
      FROM (SELECT content_object_id, array_agg(group_id) AS groups FROM new_rows WHERE sort_deadline IS NOT NULL
             GROUP BY content_object_id) a
     WHERE s.case_id = a.content_object_id;
    RETURN NULL;
"""
REMOVE_FROM_SEARCH = """
    UPDATE cases_casesearch s
       SET group_ids = ARRAY(SELECT unnest(s.group_ids) EXCEPT SELECT unnest(a.groups))
      FROM (SELECT content_object_id, array_agg(group_id) AS groups FROM old_rows WHERE sort_deadline IS NOT NULL
             GROUP BY content_object_id) a
     WHERE s.case_id = a.content_object_id;
    RETURN NULL;
"""


class CaseGrant(GroupObjectPermissionBase):
    """A guardian grant: one permission of one unit's group on one case.

    The *view* row carries copies of the list columns, kept by triggers, so that a unit's ordered list is one index range.
    `sort_deadline` is the unit's own next deadline, never another organisation's; it is null on every row but the view row.
    """

    group = models.ForeignKey(Group, models.CASCADE, db_index=False, related_name="+")
    permission = models.ForeignKey(Permission, models.CASCADE, db_index=False, related_name="+")
    content_object = models.ForeignKey(ReturnCase, models.CASCADE, db_index=False, related_name="grants")
    is_listed = models.BooleanField(default=False, editable=False)
    sort_deadline = models.DateField(null=True, editable=False)
    sort_name = models.CharField(max_length=80, blank=True, editable=False)
    sort_contact = models.DateField(default=date.min, editable=False)
    phase = models.CharField(max_length=30, blank=True, editable=False)
    removability = models.CharField(max_length=20, blank=True, editable=False)
    nationality = models.CharField(max_length=3, blank=True, editable=False)
    special_group = models.CharField(max_length=10, blank=True, editable=False)
    location_id = models.BigIntegerField(null=True, editable=False)
    director_id = models.BigIntegerField(null=True, editable=False)

    grants = CaseGrantQuerySet.as_manager()
    history: Any = Recorded(excluded_fields=COPIES)

    class Meta:
        default_permissions = ()
        unique_together = [("group", "permission", "content_object")]
        indexes = [
            models.Index(fields=["content_object", "permission", "group"], name="grant_who_may"),
            models.Index(
                fields=["group", "permission", "sort_deadline", "content_object"],
                include=["phase", "removability", "special_group"],
                condition=Q(is_listed=True),
                name="grant_by_deadline",
            ),
            models.Index(
                fields=["group", "permission", "sort_name", "content_object"],
                include=["phase", "removability", "special_group"],
                condition=Q(is_listed=True),
                name="grant_by_name",
            ),
            models.Index(
                fields=["group", "permission", "sort_contact", "content_object"],
                include=["phase", "removability", "special_group"],
                condition=Q(is_listed=True),
                name="grant_by_contact",
            ),
            models.Index(
                fields=["group", "permission", "nationality", "sort_deadline", "content_object"],
                condition=Q(is_listed=True),
                name="grant_nationality",
            ),
            models.Index(
                fields=["group", "permission", "location_id", "sort_deadline", "content_object"],
                condition=Q(is_listed=True),
                name="grant_location",
            ),
            models.Index(
                fields=["group", "permission", "director_id", "sort_deadline", "content_object"],
                condition=Q(is_listed=True),
                name="grant_director",
            ),
            # The other view rows: of closed cases. Only view rows have a deadline.
            models.Index(
                fields=["group", "permission", "-content_object", "-id"],
                condition=Q(is_listed=False, sort_deadline__isnull=False),
                name="grant_closed",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fill_copies",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=pgtrigger.Func(FILL_COPIES),
            ),
            pgtrigger.Trigger(
                name="add_to_search",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=pgtrigger.Func(ADD_TO_SEARCH),
            ),
            pgtrigger.Trigger(
                name="remove_from_search",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                referencing=pgtrigger.Referencing(old="old_rows"),
                func=pgtrigger.Func(REMOVE_FROM_SEARCH),
            ),
        ]


# The section that stands for the case itself; only emergency access opens it.
WHOLE_CASE = "case"


class NamedKind(models.TextChoices):
    NAMED = "named", _("named access")
    EMERGENCY = "emergency", _("emergency access")


def running_at(moment: datetime) -> Q:
    return Q(since__lte=moment, until__gt=moment, ended_at=None)


class NamedAccessQuerySet(models.QuerySet["NamedAccess"]):
    def running(self) -> Self:
        return self.filter(running_at(clock.now()))


class NamedAccess(models.Model):
    """One member, one case, one section, until a moment: for named staff, an own pupil, standing in, emergency.

    It counts while the member works for `unit`; without one, for whichever unit the member works.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="named_access")
    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="named_access")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=NamedKind, default=NamedKind.NAMED)
    section = models.CharField(max_length=30)
    ground = models.CharField(max_length=200)
    # Of emergency access, for who looks it through without any right on the case.
    case_number = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NamedAccessQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="named_access_ends_after_start",
                condition=Q(until__gt=F("since")),
                violation_error_message=_("The end must lie after the start."),
            ),
            models.CheckConstraint(
                name="named_access_case_only_in_emergency",
                condition=~Q(section=WHOLE_CASE) | Q(kind=NamedKind.EMERGENCY),
                violation_error_message=_("A case as a whole is opened by name in an emergency only."),
            ),
        ]
        indexes = [models.Index(fields=["-since", "-id"], condition=Q(section="case"), name="named_emergency")]

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.since <= clock.now() < self.until


_EMERGENCY = "_emergency_cases"


def emergency_cases(member: Member) -> list[int]:
    """Cases that running emergency access opens to the member now.

    Asks the database once for a loaded member, and never for a role that has no emergency access.
    """
    if not emergency_sections(member.acting_organisation, member.acting_role):
        return []
    kept: dict[int | None, list[tuple[int, datetime]]] = member.__dict__.setdefault(_EMERGENCY, {})
    unit = member.acting_unit_id
    if unit not in kept:
        opened = NamedAccess.objects.running().filter(member=member, unit=unit, section=WHOLE_CASE)
        kept[unit] = list(opened.values_list("case_id", "until"))
    now = clock.now()
    return [case for case, until in kept[unit] if until > now]


def forget_emergency(member: Member) -> None:
    """After opening: the member in hand reads anew."""
    member.__dict__.pop(_EMERGENCY, None)


class SectionExceptionQuerySet(models.QuerySet["SectionException"]):
    def running(self) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=clock.now()))


class SectionException(models.Model):
    """A narrowing (or widening) of what the policy gives one unit in one case. Takes effect on the next request.

    There is one row per unit and section; lifted or expired it counts as absent, and a later exception is its next version.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="section_exceptions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    section = models.CharField(max_length=30)
    allowed = models.BooleanField()
    reason = models.CharField(max_length=200)
    until = models.DateTimeField(null=True, blank=True)

    objects = SectionExceptionQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "unit", "section"], name="section_exception_once")]

    @property
    def is_running(self) -> bool:
        return self.until is None or self.until > clock.now()


class AccessRequest(models.Model):
    """A colleague without the right asks the responsible unit for it, with a reason."""

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="access_requests")
    member = models.ForeignKey(Member, models.PROTECT, related_name="access_requests")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    capability = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
