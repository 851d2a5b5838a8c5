"""The person and what belongs to a person whatever happens in the case."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.case.models.choices import SIGNAL_SECTION, Sex, SignalKind
from leidraad.lib.audit import Recorded
from partners.models import Member

# The register's own spelling is kept; the folded form serves search and sorting only.
REFRESH_SEARCH = """
    INSERT INTO cases_casesearch (case_id, names, group_ids)
    SELECT c.id, cases_search_names(c.person_id), '{}'
      FROM cases_returncase c WHERE c.person_id IN (SELECT {key} FROM new_rows)
    ON CONFLICT (case_id) DO UPDATE SET names = EXCLUDED.names WHERE cases_casesearch.names <> EXCLUDED.names;
"""
COPY_TO_CASES = """
    UPDATE cases_returncase c SET sort_name = cases_sort_name(n.surname, n.given_names), nationality = n.nationality
      FROM new_rows n
     WHERE c.person_id = n.id
       AND (c.sort_name, c.nationality) IS DISTINCT FROM (cases_sort_name(n.surname, n.given_names), n.nationality);
"""


class Person(models.Model):
    """Somebody who has to leave, or asks help to leave. Identity is read-only here: it belongs to the BVV register."""

    v_number = models.CharField(max_length=10, unique=True)
    surname = models.CharField(max_length=200)
    name_prefix = models.CharField(max_length=50, blank=True)
    given_names = models.CharField(max_length=200, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    nationality = models.CharField(max_length=3)
    nationality_established = models.BooleanField(null=True, blank=True)
    language = models.CharField(max_length=3, blank=True)
    unaccompanied_minor = models.BooleanField(null=True, blank=True)
    # Who stated it all at first; `field_sources` names the fields that another source has filled or changed since, each with
    # the source, its level (a number of the identification protocol, or None) and the day. See `cases.identity.sources`.
    source = models.CharField(max_length=40)
    field_sources = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="person_v_number_digits",
                condition=Q(v_number__regex=r"^[0-9]{8,10}$"),
                violation_error_message=_("A V-number has 8 to 10 digits."),
            ),
            models.CheckConstraint(
                name="person_birth_date_whole",
                condition=(Q(birth_day=None) | Q(birth_month__isnull=False))
                & (Q(birth_month=None) | Q(birth_year__isnull=False)),
                violation_error_message=_("A day needs a month, and a month needs a year."),
            ),
        ]
        indexes = [models.Index(fields=["v_number"], name="person_v_number_prefix", opclasses=["varchar_pattern_ops"])]
        triggers = [
            pgtrigger.Trigger(
                name="copy_to_cases",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=pgtrigger.Func(
                    COPY_TO_CASES + REFRESH_SEARCH.replace("{key}", "id").replace("'{}'", "'{{}}'") + "RETURN NULL;"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """As partners write it: "AMARI, Yacine", the prefix after the given names."""
        rest = " ".join(part for part in (self.given_names, self.name_prefix) if part)
        return f"{self.surname.upper()}, {rest}" if rest else self.surname.upper()

    @property
    def is_established(self) -> bool:
        return self.nationality_established is True


class PersonAlias(models.Model):
    person = models.ForeignKey(Person, models.PROTECT, related_name="aliases")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=40)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="alias_once")]
        triggers = [
            pgtrigger.Trigger(
                name=name,
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=operation,
                referencing=referencing,
                func=pgtrigger.Func(
                    REFRESH_SEARCH.replace("{key}", "person_id").replace("new_rows", rows).replace("'{}'", "'{{}}'")
                    + "RETURN NULL;"
                ),
            )
            for name, operation, referencing, rows in (
                ("refresh_search", pgtrigger.Insert, pgtrigger.Referencing(new="new_rows"), "new_rows"),
                (
                    "refresh_search_changed",
                    pgtrigger.Update,
                    pgtrigger.Referencing(old="old_rows", new="new_rows"),
                    # A name may move to another person, whose row changes too.
                    "(SELECT person_id FROM old_rows UNION SELECT person_id FROM new_rows) changed",
                ),
                ("refresh_search_removed", pgtrigger.Delete, pgtrigger.Referencing(old="old_rows"), "old_rows"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """Persons who must be seen together. `key` is the sender's, unique per sender and delivery."""

    supplier = models.CharField(max_length=20)
    key = models.CharField(max_length=80)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["supplier", "key"], name="household_once")]


class AddressBase(models.Model):
    case = models.ForeignKey("cases.ReturnCase", models.PROTECT, related_name="%(class)ses")
    street = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.city}".strip()) if part)


class Address(AddressBase):
    """Where the person can be found."""

    history: Any = Recorded()

    class Meta(AddressBase.Meta):
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="address_one_current")]


class ProtectedAddress(AddressBase):
    """A secret address, in a table of its own: only named staff with the sensitive grant ever read it."""

    history: Any = Recorded()

    class Meta(AddressBase.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until=None), name="protected_address_one_current")
        ]


class Signal(models.Model):
    """Something about the person that everyone who acts must heed. Which section shows it depends on the kind."""

    case = models.ForeignKey("cases.ReturnCase", models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=20, choices=SignalKind)
    source = models.CharField(max_length=40)
    noted_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(ended_on=None), name="signal_once_open")
        ]

    @property
    def section(self) -> str:
        return SIGNAL_SECTION[SignalKind(self.kind)]


class DifferenceDecision(models.TextChoices):
    """What a person decided about a difference."""

    OPEN = "", pgettext_lazy("difference", "to be judged")
    KEEP = "keep", pgettext_lazy("difference", "the value here was kept")
    TAKE = "take", pgettext_lazy("difference", "the other value was taken")


class IdentityConflict(models.Model):
    """A value that another source states and that differs from ours. Ours stays until a person decides; both stay readable.

    The levels are those of the identification protocol, where a source states one; None where it is not established.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="identity_conflicts")
    field = models.CharField(max_length=40)
    stored_value = models.CharField(max_length=200)
    stored_source = models.CharField(max_length=40)
    offered_value = models.CharField(max_length=200)
    offered_source = models.CharField(max_length=40)
    noted_on = models.DateField()
    stored_level = models.PositiveSmallIntegerField(null=True, blank=True)
    offered_level = models.PositiveSmallIntegerField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=DifferenceDecision, blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    resolved_by = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    resolution = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    history: Any = Recorded()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="identity_conflict_decided_whole",
                condition=Q(resolved_on=None, decision="", resolution="")
                | (Q(resolved_on__isnull=False) & ~Q(decision="") & ~Q(resolution="")),
                violation_error_message=_("Choose which value holds, and say why."),
            ),
            models.UniqueConstraint(
                fields=["person", "field", "offered_value", "offered_source"],
                condition=Q(resolved_on=None),
                name="identity_conflict_once_open",
            ),
        ]
