"""Persons: anyone who trains, books, manages or works here."""

from datetime import date
from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone

from people.history import tracked
from people.models.account import Account
from people.models.agency import Agency
from people.names import sort_key
from people.references import new_reference


class StaffGroup(models.Model):
    """A kind of worker, such as social worker or midwife."""

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def employed(self) -> "PersonQuerySet":
        """Who has not left."""
        return self.filter(left_on=None)

    def standing(self) -> "PersonQuerySet":
        """Records that did not become part of another; who has left is among them."""
        return self.filter(merged_into=None)

    def visible_to(self, person: "Person") -> "PersonQuerySet":
        """All to who keeps the list of people; to an agency lead their agency's; to others none."""
        from people.permissions import Right, may  # which is about persons, and so imports this

        return self if may(person, Right.CHANGE_PEOPLE) else self.filter(agency__in=person.led_agencies)

    def with_roles_to_come(self) -> "PersonQuerySet":
        """With the codes of the roles held today or from a later day on, read in the same query."""
        held = RoleGrant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), person=OuterRef("pk"))
        return self.annotate(codes_to_come=ArraySubquery(held.order_by().values("role")))

    def with_grants(self) -> "PersonQuerySet":
        """With the role grants in force today, read in the same query: "role" or "role:agency id" each."""
        today = timezone.localdate()
        in_force = Q(roles_held__starts_on__lte=today) & (
            Q(roles_held__ends_on=None) | Q(roles_held__ends_on__gte=today)
        )
        code = models.functions.Concat(
            "roles_held__role",
            models.Value(":"),
            models.functions.Cast("roles_held__agency_id", models.TextField()),
            output_field=models.TextField(),
        )
        return self.annotate(grants=ArrayAgg(code, filter=in_force, default=models.Value([])))


@tracked("agency", "staff_group", "line_manager", "account", "left_on", "merged_into")
class Person(models.Model):
    """Someone who belongs to one agency at a time. Several persons may share one e-mail address."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    # Empty for who has no mailbox: where their mail goes says persons.mailbox_of().
    email = models.EmailField(db_index=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="people")
    staff_group = models.ForeignKey(StaffGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    line_manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="staff")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="persons")
    left_on = models.DateField(null=True, blank=True)
    # Not named on badges and printed sheets, which others see: who must not be found by somebody.
    is_off_lists = models.BooleanField("kept off printed lists", default=False, db_default=False)
    # The record of the same person that this one became part of (people/merging.py). One step: that one is not merged.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        indexes = [models.Index(fields=["sort_name", "id"], name="person_by_sort_name")]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_is_in_lower_case"),
            models.CheckConstraint(condition=~Q(line_manager=models.F("id")), name="person_is_not_their_own_manager"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="person_is_not_merged_into_itself"),
            # So who is merged is nowhere among those who are here, and nobody signs in as them.
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(left_on__isnull=False, account=None),
                name="person_merged_acts_no_more",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]  # Django's own signature
        self.sort_name = sort_key(self.name)
        super().save(*args, **kwargs)

    @cached_property
    def grants_in_force(self) -> frozenset[tuple[str, int | None]]:
        """Roles held today, each with the agency it is bound to; read by with_grants() or in one query here."""
        found = self.__dict__.get("grants")
        if found is None:
            found = Person.objects.with_grants().get(pk=self.pk).__dict__["grants"]
        pairs = (code.partition(":") for code in found)
        return frozenset((role, int(agency) if agency else None) for role, _, agency in pairs)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.grants_in_force)

    @cached_property
    def roles_to_come(self) -> frozenset["Role"]:
        """Roles held today or from a later day on; one query, unless with_roles_to_come() or roles_held was read."""
        if (codes := self.__dict__.get("codes_to_come")) is not None:
            return frozenset(map(Role, codes))
        today = timezone.localdate()
        return frozenset(Role(held.role) for held in self.roles_held.all() if not held.has_ended(today))

    @cached_property
    def is_line_manager(self) -> bool:
        """Whether somebody who is here is recorded as their staff; read with who is signed in, else in one query."""
        return self.staff.filter(left_on=None).exists()

    @property
    def led_agencies(self) -> frozenset[int]:
        """Ids of the agencies that this person is the training lead of."""
        return frozenset(agency for _, agency in self.grants_in_force if agency is not None)


class Role(models.TextChoices):
    """What a person may be beside a practitioner; what each may do is the table in permissions.py."""

    AGENCY_LEAD = "agency-lead", "Agency training lead"
    COORDINATOR = "coordinator", "L&D coordinator"
    FINANCE_OFFICER = "finance-officer", "Finance officer"
    SUBGROUP_MEMBER = "subgroup-member", "L&D sub-group member"
    CONCERNS = "concerns", "Concerns"
    ADMINISTRATOR = "administrator", "Administrator"


@tracked("person", "role", "agency", "starts_on", "ends_on", "given_by")
class RoleGrant(models.Model):
    """A role that a person holds between two dates."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles_held")
    role = models.CharField(max_length=20, choices=Role)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(
                condition=Q(role="agency-lead", agency__isnull=False) | (~Q(role="agency-lead") & Q(agency=None)),
                name="role_is_bound_to_an_agency_exactly_when_agency_lead",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="role_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(given_by=models.F("person")), name="role_is_not_given_to_oneself"),
            models.UniqueConstraint(
                fields=["person", "role", "agency"],
                condition=Q(ends_on=None),
                nulls_distinct=False,
                name="role_is_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"

    def is_in_force(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    def has_ended(self, by: date) -> bool:
        return self.ends_on is not None and self.ends_on < by
