"""WHO: organisations, their units, members and the roles they act in. All of it dated reference data with history."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leidraad.lib import clock
from leidraad.lib.audit import Recorded, save_as


class Dated(models.Model):
    """Valid on a day, the last day included. Reference data is never overwritten when the world changes: it ends."""

    valid_from = models.DateField(default=date(2021, 10, 11))
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_valid_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day must not lie before the first day."),
            )
        ]


def valid_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def in_language(field: str) -> str:
    """The column of a text that reference data keeps in both languages: "name" is name_en for an English reader."""
    return f"{field}_{'en' if get_language() == 'en' else 'nl'}"


class Named(models.Model):
    name_nl = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return str(getattr(self, in_language("name")))

    def __str__(self) -> str:
        return self.name


class Organisation(Named, Dated):
    code = models.SlugField(max_length=20, unique=True)
    short_name_nl = models.CharField(max_length=30)
    short_name_en = models.CharField(max_length=30)

    history = Recorded()

    class Meta(Dated.Meta):
        ordering = ["code"]

    @property
    def short_name(self) -> str:
        """What stands on tags: COA, Police."""
        return str(getattr(self, in_language("short_name")))


class UnitKind(models.TextChoices):
    TEAM = "team", _("team")
    DESK = "desk", _("desk")
    SITE = "site", _("site")


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid(self) -> Self:
        return self.filter(valid_on(clock.today()))

    def of(self, organisation: str) -> Self:
        return self.filter(organisation__code=organisation)


class Unit(Dated):
    """A team, desk or site. Its auth group holds the guardian grants; nobody is ever a member of that group."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=UnitKind)
    reception_form = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    group = models.OneToOneField(Group, models.PROTECT, related_name="unit")

    objects = UnitQuerySet.as_manager()
    history = Recorded()

    class Meta(Dated.Meta):
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """With the organisation in front, unless the name already says it: "DT&V Team Noord 2"."""
        short = self.organisation.short_name
        return self.name if self.name.lower().startswith(short.lower()) else f"{short} {self.name}"


class Role(Named, Dated):
    code = models.SlugField(max_length=40, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles")

    history = Recorded()

    class Meta(Dated.Meta):
        ordering = ["code"]


class MemberManager(BaseUserManager["Member"]):
    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(username__iexact=username)


class Member(AbstractBaseUser, PermissionsMixin):
    """The user. May belong to several units; works as one membership at a time (`acting`), which decides every right."""

    last_login = None
    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl")
    shortcuts_on = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    objects = MemberManager()
    history = Recorded(excluded_fields=["password"])

    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="member_no_superuser",
                condition=Q(is_superuser=False),
                violation_error_message=_("There are no superusers: they would pass every right on a case."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    def check_password(self, raw_password: str | None) -> bool:
        """Like Django's, but a hash that is renewed on sign-in is written with history."""
        from django.contrib.auth.hashers import check_password

        def renew(raw: str) -> None:
            self.set_password(raw)
            self._password = None
            save_as(self, by="password-renewal", update_fields=["password"])

        return check_password(raw_password, self.password, renew)

    @property
    def may_work_here(self) -> bool:
        """Active, no superuser, and no demo account outside a demo: everybody knows their password.

        Asked on each request, for a session outlives the setting and the day that an account ends.
        """
        return self.is_active and not self.is_superuser and (settings.LEIDRAAD_DEMO or not self.is_demo)

    @cached_property
    def acting(self) -> "Membership | None":
        """The membership this member works as now. Set by `work_as`; by itself the first valid one."""
        return self.valid_memberships.first()

    @property
    def valid_memberships(self) -> "models.QuerySet[Membership]":
        today = clock.today()
        running = (
            Q(**{f"{of}__valid_until": None}) | Q(**{f"{of}__valid_until__gte": today}) for of in ("unit", "role")
        )
        found = Membership.objects.filter(valid_on(today), *running, member=self)
        return found.select_related("unit__organisation", "role").order_by("valid_from", "pk")

    def work_as(self, membership: "Membership") -> Self:
        if membership.member_id != self.pk:
            raise ValueError("A member works as one of their own memberships only.")
        self.acting = membership
        return self

    @property
    def acting_unit(self) -> "Unit":
        """The unit this member acts for. Raises LookupError without a valid membership: then nothing is allowed."""
        if self.acting is None:
            raise LookupError("no valid membership")
        return self.acting.unit

    @property
    def acting_unit_id(self) -> int | None:
        return self.acting.unit_id if self.acting else None

    @property
    def acting_group_id(self) -> int | None:
        return self.acting.unit.group_id if self.acting else None

    @property
    def acting_organisation(self) -> str:
        return self.acting.unit.organisation.code if self.acting else ""

    @property
    def acting_role(self) -> str:
        return self.acting.role.code if self.acting else ""


class Membership(Dated):
    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")
    # The provider by whose claims it was given, and ends; empty for one that an administrator gave.
    given_by = models.CharField(max_length=30, blank=True, default="")

    history = Recorded()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["member", "unit", "role"],
                condition=Q(valid_until=None),
                name="membership_once",
                violation_error_message=_("This member already has this role in this unit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.full_name}, {self.role}"


class ClaimRule(Dated):
    """Who signs in at a provider with this value of its claim works for this unit in this role. Nobody chooses it."""

    provider = models.SlugField(max_length=30)
    value = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")

    history = Recorded()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["provider", "value", "unit", "role"], condition=Q(valid_until=None), name="claim_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.value}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_member(self, member: Member) -> Self:
        """What is told to this member, or to everybody of the unit they act for."""
        return self.filter(Q(member=member) | Q(member=None), unit_id=member.acting_unit_id)


class Notice(models.Model):
    """Something told to a member or to a unit's desk. The text is rendered when shown: names never travel by e-mail.

    `url_name` and `url_arg` lead to the page; whether that page opens is decided there, by today's rights.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=40)
    case_id = models.BigIntegerField(null=True, db_index=True)
    case_number = models.CharField(max_length=20, blank=True)
    url_name = models.CharField(max_length=60)
    url_arg = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    objects = NoticeQuerySet.as_manager()
    history: Any = Recorded()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "member", "-created_at"], name="notice_inbox"),
            models.Index(fields=["unit", "member"], condition=Q(read_at=None), name="notice_unread"),
        ]


class ParkedForm(models.Model):
    """A form that was sent after its session had ended. Sealed for one member, kept until it is saved, thrown away or old.

    Nothing stated yet, so without history: it becomes a statement when the member saves the form.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    parked_at = models.DateTimeField(db_index=True)
    sealed = models.BinaryField()


# At the end: versions of the policy name members, and know them by their label only.
from partners.policy_models import PolicyLine, PolicyState, PolicyVersion  # noqa: E402

__all__ = [
    "ClaimRule",
    "Dated",
    "Member",
    "Membership",
    "Named",
    "Notice",
    "Organisation",
    "ParkedForm",
    "PolicyLine",
    "PolicyState",
    "PolicyVersion",
    "Role",
    "Unit",
    "UnitKind",
    "in_language",
    "valid_on",
]
