"""The return case. It is fetched through `visible_to` or `listed_for` and in no other way."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.case.models.choices import (
    Axis,
    Ground,
    HouseholdRole,
    Outcome,
    Phase,
    Removability,
    SpecialGroup,
    TravelDocumentStage,
)
from cases.case.models.person import Household, Person
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from partners.models import Member, Unit

if TYPE_CHECKING:
    pass

PERMISSIONS: list[tuple[str, Any]] = [
    ("view_returncase", "see the case"),
    ("lead_returncase", "be responsible for the case"),
    ("medical_returncase", "see medical facts"),
    ("custody_returncase", "see custody"),
    ("protected_address_returncase", "see a protected address"),
    ("risk_returncase", "see risk"),
    ("iom_content_returncase", "see the content of assisted departure"),
]


@lru_cache(maxsize=16)
def permission_id(codename: str) -> int:
    """Key of one of our case permissions. Looked up once a process: permissions never change while it runs."""
    from django.contrib.auth.models import Permission

    return Permission.objects.get(content_type__app_label="cases", codename=f"{codename}_returncase").pk


class ReturnCaseQuerySet(models.QuerySet["ReturnCase"]):
    def visible_to(self, member: Member) -> Self:
        """Cases the acting unit of `member` may view, and those that emergency access has opened to the member.

        Ordered lists start from the grants instead: `CaseGrant.listed_for`.
        """
        from cases.case.models.access import CaseGrant, emergency_cases

        if not member.is_active or member.acting_group_id is None:
            return self.none()
        grants = CaseGrant.objects.filter(
            content_object=OuterRef("pk"), group_id=member.acting_group_id, permission_id=permission_id("view")
        )
        opened = emergency_cases(member)
        # Only then an OR: with it the planner can no longer start from the grants.
        return self.filter(Q(Exists(grants)) | Q(pk__in=opened)) if opened else self.filter(Exists(grants))

    def open(self) -> Self:
        return self.filter(closed_on=None)


class ReturnCase(models.Model):
    """One person's return. Exactly one unit is responsible for it at any time.

    The four axes are dated entries (`AxisEntry`); the columns here hold the value in force. `sort_name` and `nationality`
    are copies kept by a trigger on the person, so they have no history of their own.
    """

    number = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="cases")
    household_role = models.CharField(max_length=10, choices=HouseholdRole, blank=True)
    special_group = models.CharField(max_length=10, choices=SpecialGroup, blank=True)
    ground = models.CharField(max_length=30, choices=Ground)
    led_by = models.ForeignKey(Unit, models.PROTECT, related_name="led_cases")
    director = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="directed_cases")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)
    phase = models.CharField(max_length=30, choices=Phase)
    removability = models.CharField(max_length=20, choices=Removability, blank=True)
    residence_form = models.CharField(max_length=20, blank=True)
    residence_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="residents")
    residence_text = models.CharField(max_length=120, blank=True)
    travel_document = models.CharField(max_length=20, choices=TravelDocumentStage, blank=True)
    last_contact_on = models.DateField(null=True, blank=True)
    circumstances_asked_on = models.DateField(null=True, blank=True)
    sort_name = models.CharField(max_length=80, blank=True, editable=False)
    nationality = models.CharField(max_length=3, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = ReturnCaseQuerySet.as_manager()
    history: Any = Recorded(excluded_fields=["sort_name", "nationality"])

    class Meta:
        default_permissions = ()
        permissions = PERMISSIONS
        constraints = [
            models.CheckConstraint(
                name="case_outcome_exactly_when_closed",
                condition=Q(closed_on=None, outcome="") | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                violation_error_message=_("Only a closed case has an outcome."),
            ),
            models.CheckConstraint(
                name="case_phase_closed_exactly_when_closed",
                condition=(Q(closed_on=None) & ~Q(phase=Phase.CLOSED)) | Q(closed_on__isnull=False, phase=Phase.CLOSED),
                violation_error_message=_("Only a closed case is in the phase closed."),
            ),
            models.CheckConstraint(
                name="case_closed_after_opening",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("A case closes on or after the day it was opened."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(closed_on=None),
                name="case_one_open_per_person",
                violation_error_message=_("This person already has an open case."),
            ),
        ]
        indexes = [
            # What the reports count, by index alone: the month, whose cases, and the key that the grants are joined by.
            models.Index(fields=["opened_on"], include=["id", "led_by"], name="case_opened"),
            models.Index(
                fields=["closed_on", "outcome"],
                include=["id", "led_by"],
                condition=Q(closed_on__isnull=False),
                name="case_closed",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fill_copies",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=pgtrigger.Func(
                    """
                    SELECT cases_sort_name(p.surname, p.given_names), p.nationality
                      INTO NEW.sort_name, NEW.nationality FROM cases_person p WHERE p.id = NEW.person_id;
                    RETURN NEW;
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="add_search_row",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=pgtrigger.Func(
                    """
                    INSERT INTO cases_casesearch (case_id, names, group_ids)
                    SELECT n.id, cases_search_names(n.person_id), '{{}}' FROM new_rows n;
                    RETURN NULL;
                    """
                ),
            ),
            pgtrigger.Trigger(
                name="push_list_copies",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
                func=pgtrigger.Func(
                    """
                    UPDATE cases_casegrant g
                       SET is_listed = n.closed_on IS NULL,
                           sort_name = n.sort_name,
                           sort_contact = COALESCE(n.last_contact_on, DATE '0001-01-01'),
                           phase = n.phase, removability = n.removability, nationality = n.nationality,
                           special_group = n.special_group, location_id = n.residence_unit_id, director_id = n.director_id
                      FROM new_rows n JOIN old_rows o ON o.id = n.id
                     WHERE g.content_object_id = n.id AND g.sort_deadline IS NOT NULL
                       AND (n.closed_on, n.sort_name, n.last_contact_on, n.phase, n.removability, n.nationality,
                            n.special_group, n.residence_unit_id, n.director_id)
                           IS DISTINCT FROM
                           (o.closed_on, o.sort_name, o.last_contact_on, o.phase, o.removability, o.nationality,
                            o.special_group, o.residence_unit_id, o.director_id);
                    RETURN NULL;
                    """
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class AxisEntry(models.Model):
    """One dated value on one of the four axes, with its source. The entry without `superseded_at` is in force.

    `doubted_at` says that a later fact may have overtaken the value. It stands here so that whoever shows the value can
    warn, whichever room knows what the fact was.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="axis_entries")
    axis = models.CharField(max_length=20, choices=Axis)
    value = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=80)
    superseded_at = models.DateTimeField(null=True, blank=True)
    doubted_at = models.DateTimeField(null=True, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "axis"], condition=Q(superseded_at=None), name="axis_one_value_in_force"
            ),
            models.CheckConstraint(
                name="axis_valid_until_after_since",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("since")),
                violation_error_message=_("A value cannot expire before it starts."),
            ),
        ]

    @property
    def has_expired(self) -> bool:
        """A value that has expired is no longer known, whether or not a job has put the axis back to unknown."""
        return self.valid_until is not None and self.valid_until < clock.today()


class CaseCounter(models.Model):
    """The last case number given out in a year. Its row lock makes numbers unique; a rolled back import leaves no gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()


class CaseSearch(models.Model):
    """What name search reads: all names of the person, folded, and the groups that may view the case. Kept by triggers."""

    case = models.OneToOneField(ReturnCase, models.CASCADE, primary_key=True, related_name="search_row")
    names = models.TextField()
    group_ids = ArrayField(models.IntegerField(), default=list)

    class Meta:
        default_permissions = ()
        indexes = [GinIndex(F("group_ids"), OpClass(F("names"), name="gin_trgm_ops"), name="case_search_gin")]
