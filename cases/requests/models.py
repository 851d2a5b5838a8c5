"""Work asked of another unit about a case. The responsibility for the case stays where it is."""

from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.case.access import access_of
from cases.case.models import Involvement, InvolvementGround, Part, Person, ReturnCase
from cases.requests.states import ENDED, OPEN, REFUSED, REPEATED_STEPS, RUNNING, Status, StepKind, may_follow
from leidraad.lib import clock
from leidraad.lib.audit import Recorded
from leidraad.lib.errors import NotPossible
from partners.models import Dated, Member, Named, Organisation, Unit, valid_on
from partners.policy import may_do

# The minimal identity that an offer shows: name, sex and year of birth.
SHOWN_OF_PERSON = ("surname", "given_names", "name_prefix", "sex", "birth_year")


class ValidQuerySet(models.QuerySet[Any]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))


class RequestKind(Named, Dated):
    """What may be asked: by which organisations, of which, and what follows when it is accepted.

    `section` is the section of the case whose viewers may know of such a request besides the two parties.
    """

    code = models.SlugField(max_length=40, unique=True)
    asked_by = ArrayField(models.CharField(max_length=20))
    answered_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, choices=Part)
    ground = models.CharField(max_length=10, choices=InvolvementGround)
    section = models.CharField(max_length=30)
    basis_nl = models.CharField(max_length=120)
    basis_en = models.CharField(max_length=120)
    term_working_days = models.PositiveSmallIntegerField()
    liberty_clock = models.BooleanField(default=False)
    needs_place = models.BooleanField(default=True)
    needs_risk = models.BooleanField(default=True)
    hint_nl = models.CharField(max_length=250, blank=True)
    hint_en = models.CharField(max_length=250, blank=True)
    position = models.PositiveSmallIntegerField()
    # An answer that needs no confirmation ends the request; a kind with a page of its own is not in the list of what to ask.
    needs_confirmation = models.BooleanField(default=True)
    has_own_page = models.BooleanField(default=False)
    source = models.CharField(max_length=80)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        ordering = ["position"]

    @property
    def basis(self) -> str:
        return self.basis_en if get_language() == "en" else self.basis_nl

    @property
    def hint(self) -> str:
        """What the asker must mind when writing the question, such as what the receiver may not learn; "" for most kinds."""
        return self.hint_en if get_language() == "en" else self.hint_nl

    @property
    def is_visit(self) -> bool:
        """Whether somebody goes to the person: then children and an interpreter matter."""
        return self.needs_place or self.needs_risk


class ServiceArea(Dated):
    """Which unit works in which town. Only for the unit that a form proposes; whoever asks may choose another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="service_areas")
    city = models.CharField(max_length=80)

    objects = ValidQuerySet.as_manager()
    history: Any = Recorded()

    class Meta(Dated.Meta):
        default_permissions = ()
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "city"], condition=Q(valid_until=None), name="service_area_once"),
        ]

    def __str__(self) -> str:
        return self.city


class Risk(models.TextChoices):
    """What may happen to who goes there, or to the person."""

    NONE = "none", pgettext_lazy("risk", "none known")
    VERBAL = "verbal", pgettext_lazy("risk", "verbal")
    PHYSICAL = "physical", pgettext_lazy("risk", "physical")
    WEAPON = "weapon", pgettext_lazy("risk", "weapon")
    SELF_HARM = "self_harm", pgettext_lazy("risk", "self-harm")
    MEDICAL = "medical", pgettext_lazy("risk", "medical")
    ABSCONDING = "absconding", pgettext_lazy("risk", "absconding")


class PlaceKind(models.TextChoices):
    NONE = "", _("no place")
    SITE = "site", _("reception site")
    ADDRESS = "address", pgettext_lazy("place", "address")
    PROTECTED = "protected", _("protected address")


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, member: Member) -> Self:
        """Requests that the acting unit made or received. Seeing a request opens nothing of its case.

        Nothing for a member whose role does not list requests.
        """
        if not may_do(member, "requests.list"):
            return self.none()
        unit = member.acting_unit_id
        return self.filter(Q(from_unit=unit) | Q(to_unit=unit))

    def of_case(self, case: ReturnCase, member: Member) -> Self:
        """Requests about one case, newest first: those of the own unit, and those of kinds whose section is open."""
        unit = member.acting_unit_id
        found = self.filter(case=case).order_by("-pk")
        access = access_of(member, case)
        if not access.can("requests.view"):
            return found.visible_to(member)
        sections = set(RequestKind.objects.values_list("section", flat=True))
        shown = [section for section in sections if access.can(f"{section}.view")]
        return found.filter(Q(from_unit=unit) | Q(to_unit=unit) | Q(kind__section__in=shown))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def running(self) -> Self:
        """Those that the unit asked still has to act on."""
        return self.filter(status__in=RUNNING)

    def ended(self) -> Self:
        return self.filter(status__in=ENDED)

    def asked_of(self, member: Member) -> Self:
        return self.visible_to(member).filter(to_unit=member.acting_unit_id)

    def taken_back_by(self, member: Member) -> Self:
        """What this member may see, and what they asked themselves of a kind that ends with its answer, whatever their role."""
        own = Q(asked_by=member, from_unit=member.acting_unit_id, kind__needs_confirmation=False)
        return self.filter(own) if not may_do(member, "requests.list") else self.visible_to(member)

    def asked_by_unit_of(self, member: Member) -> Self:
        return self.visible_to(member).filter(from_unit=member.acting_unit_id)

    def for_pages(self) -> Self:
        """With everything a line of a list shows, in the same query."""
        return self.select_related(
            "case__person", "kind", "from_unit__organisation", "to_unit__organisation", "place_unit"
        )


class Request(models.Model):
    """One thing asked of one unit. Only this row holds its status; work that it opens elsewhere derives from it.

    `place_text` is a street, or a room at the site. A protected address is never copied here: it stays in its own table.
    `involvement` is the receiver's part while it works on this; `began_involvement` says that this request began it.
    """

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="requests")
    kind = models.ForeignKey(RequestKind, models.PROTECT, related_name="requests")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="requests_made", db_index=False)
    asked_by = models.ForeignKey(Member, models.PROTECT, related_name="requests_made", db_index=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="requests_received", db_index=False)
    # What exactly it is about, where a unit may ask the same of another more than once: of each topic one can be open.
    topic = models.CharField(max_length=40, blank=True)
    reason = models.TextField(max_length=1000)
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    liberty_clock = models.BooleanField(default=False)
    risk = models.CharField(max_length=20, choices=Risk, blank=True)
    minors_present = models.BooleanField(default=False)
    interpreter = models.CharField(max_length=3, blank=True)
    place_kind = models.CharField(max_length=10, choices=PlaceKind, blank=True)
    place_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    place_text = models.CharField(max_length=200, blank=True)
    place_city = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.OFFERED)
    answered_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(max_length=1000, blank=True)
    # The minimal identity of the moment it ended: from then on neither side reads here what is recorded later.
    frozen = models.JSONField(default=dict, blank=True)
    involvement = models.ForeignKey(Involvement, models.PROTECT, null=True, blank=True, related_name="requests")
    began_involvement = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = RequestQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="request_of_another_unit",
                condition=~Q(from_unit=F("to_unit")),
                violation_error_message=_("Within one unit work is assigned, not requested."),
            ),
            models.CheckConstraint(
                name="request_ended_exactly_when_over",
                condition=Q(status__in=ENDED, ended_at__isnull=False) | Q(status__in=OPEN, ended_at=None),
            ),
            models.CheckConstraint(
                name="request_refused_with_reason",
                condition=~Q(status__in=REFUSED) | ~Q(end_reason=""),
                violation_error_message=_("A refusal needs a reason."),
            ),
            models.CheckConstraint(
                name="request_place_fits",
                condition=Q(place_kind=PlaceKind.SITE, place_unit__isnull=False)
                | Q(place_kind=PlaceKind.PROTECTED, place_unit=None, place_text="", place_city="")
                | Q(place_kind__in=[PlaceKind.NONE, PlaceKind.ADDRESS], place_unit=None),
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "from_unit", "to_unit", "topic"],
                condition=Q(status__in=OPEN),
                name="request_once_open",
                violation_error_message=_("Your unit has asked this of this unit already, and it is still open."),
            ),
        ]
        indexes = [
            models.Index(fields=["to_unit", "due_at", "id"], condition=Q(ended_at=None), name="request_to_open"),
            models.Index(fields=["from_unit", "due_at", "id"], condition=Q(ended_at=None), name="request_from_open"),
            models.Index(
                fields=["to_unit", "-ended_at", "-id"], condition=Q(ended_at__isnull=False), name="request_to_ended"
            ),
            models.Index(
                fields=["from_unit", "-ended_at", "-id"], condition=Q(ended_at__isnull=False), name="request_from_ended"
            ),
            models.Index(fields=["due_at"], condition=Q(ended_at=None), name="request_due"),
            models.Index(fields=["to_unit", "-offered_at", "-id"], name="request_to_all"),
            models.Index(
                fields=["to_unit", "-reported_at", "-id"],
                condition=Q(reported_at__isnull=False),
                name="request_to_reported",
            ),
        ]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def source(self) -> str:
        """The source of the tasks that stand for this request."""
        return f"request:{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def person(self) -> Person:
        """Who this is about: as recorded now while it is open, as it was when it ended afterwards. Not for saving."""
        return Person(**self.frozen) if self.frozen else self.case.person

    def freeze(self) -> None:
        """Keep the identity that an offer shows, as it is now."""
        self.frozen = {name: getattr(self.case.person, name) for name in SHOWN_OF_PERSON}

    @property
    def is_late(self) -> bool:
        return self.status in RUNNING and self.due_at < clock.now()

    @property
    def turn_unit(self) -> Unit | None:
        """Who has to act now: the unit asked until it has reported, then the asker; nobody when it is over."""
        if self.status in RUNNING:
            return self.to_unit
        return self.from_unit if self.status == Status.REPORTED_READY else None

    def move_to(self, status: Status) -> None:
        """Raises NotPossible, telling what happened instead, for a step that the table does not know."""
        if not may_follow(self.status, status):
            raise NotPossible(self.why_no_longer())
        self.status = status
        if status in ENDED:
            self.ended_at = clock.now()

    def why_no_longer(self) -> str:
        from cases.requests.words import why_no_longer

        return why_no_longer(self)


class RequestStep(models.Model):
    """One step in the course of a request. Append-only, so it is its own history. Without a member: by the program."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    at = models.DateTimeField()
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"],
                condition=~Q(kind__in=REPEATED_STEPS),
                name="request_step_once",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.get_kind_display())


def due_by_term(kind: RequestKind) -> datetime:
    """The term that a form proposes: our own planning rule, not a statutory term."""
    return clock.end_of(clock.working_days_after(clock.today(), kind.term_working_days)).replace(
        hour=17, minute=0, second=0
    )
