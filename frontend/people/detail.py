"""What a person's page shows: facts, where they were before, and what whoever looks may do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from bookings import agency_changes, leavers
from bookings.models import Booking
from outbox.models import Job
from people.models import Agency, Merge, Person, Role, RoleGrant
from people.permissions import Right, may, may_change_access, may_correct, may_give, may_manage, may_reset_second_factor


@dataclass(frozen=True, slots=True)
class Belonging:
    """A time with an agency; from the record of when changes were entered. None: nobody knows, or it goes on."""

    agency: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Doings:
    """What whoever looks may do with the person, whatever the state of things."""

    corrects: bool
    changes_access: bool
    manages: bool
    gives: bool
    knows_account: bool
    resets_second_step: bool


def counted(people: QuerySet[Person]) -> QuerySet[Person]:
    """With bookings and coming: how many the person ever had, and has on events that have not begun.

    And with became_part: the records that became part of this one, each with what stayed with it.
    """
    coming = leavers.coming_of(OuterRef("pk"))
    stayed = count_of(Booking.objects.filter(delegate=OuterRef("gone")))
    merges = Merge.objects.filter(kept=OuterRef("pk"), undone_at=None).order_by("-at")
    facts = JSONObject(merge="reference", name="gone__name", reference="gone__reference", stayed=stayed)
    return people.annotate(
        bookings_in_all=count_of(Booking.objects.filter(delegate=OuterRef("pk"))),
        coming=count_of(coming),
        became_part=ArraySubquery(merges.values_list(facts)),
    )


def belongings(person: Person) -> list[Belonging]:
    """The agencies in the order of time, the present one last. One query."""
    history = cast(Any, Person).history.rel.related_model.objects.filter(pgh_obj_id=person.pk, pgh_label="changed")
    found: list[Belonging] = []
    since = None
    for agency, changed_at in history.order_by("pgh_id").values_list("agency__name", "pgh_created_at"):
        if found and found[-1].agency == agency:
            found[-1] = Belonging(agency, found[-1].since, changed_at)
        else:
            found.append(Belonging(agency, since, changed_at))
        since = changed_at
    if found and found[-1].agency == person.agency.name:
        return [*found[:-1], Belonging(person.agency.name, found[-1].since, None)]
    return [*found, Belonging(person.agency.name, since, None)]


def moves(person: Person) -> QuerySet[Job]:
    """Changes of agency that wait for their day, each with agency_name."""
    agency = Agency.objects.filter(reference=OuterRef("to")).values("name")[:1]
    return agency_changes.pending(person).annotate(to=KT("arguments__agency")).annotate(agency_name=Subquery(agency))


def doings(by: Person, person: Person) -> Doings:
    return Doings(
        corrects=may_correct(by),
        changes_access=may_change_access(by, person),
        manages=may_manage(by, person),
        gives=by.pk != person.pk and bool(roles_to_give(by)),
        knows_account=may(by, Right.CHANGE_PEOPLE),
        resets_second_step=by.pk != person.pk and person.account_id is not None and may_reset_second_factor(by),
    )


def roles_to_give(by: Person) -> list[Role]:
    return [role for role in Role if may_give(by, role)]


def with_grants(people: QuerySet[Person]) -> QuerySet[Person]:
    """With all roles that they ever held, the latest first: one statement for what is shown and what may be done."""
    held = RoleGrant.objects.select_related("agency", "given_by").order_by("-starts_on", "-pk")
    return people.prefetch_related(Prefetch("roles_held", held))


def grants(person: Person, by: Person) -> Iterator[dict[str, Any]]:
    """The roles that the person holds, held or will hold, with what can be done. Takes one of with_grants()."""
    today = timezone.localdate()
    for grant in person.roles_held.all():
        ended = grant.has_ended(today)
        word = ("Ended", "grey") if ended else ("Held", "green") if grant.is_in_force(today) else ("To come", "blue")
        yield {"grant": grant, "tag": word, "takes": not ended and may_give(by, Role(grant.role))}


def count_of(rows: QuerySet[Any], by: str = "delegate") -> Coalesce:
    """How many rows there are for each person whom they are by."""
    counts = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), Value(0))
