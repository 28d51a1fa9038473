"""The people whom somebody sees, as a list: what it is filtered and sorted by, and what a row shows."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from people import persons
from people.models import Agency, Person, Role, RoleGrant
from people.names import match_key
from people.permissions import Right, may

# What the list may be filtered by; what opens it comes first.
STATES = {
    "here": "Here",
    "unsigned": "Has never signed in",
    "year": "Has not signed in for a year",
    "unreached": "Has no address",
    "unmanaged": "Has no line manager",
    "left": "Left",
}
# Those that tell of accounts, which agency leads do not see.
OF_ACCOUNTS = {"unsigned", "year"}
SORTS = {
    "name": ("sort_name", "id"),
    "agency": ("agency__name", "sort_name", "id"),
    "group": ("staff_group__name", "sort_name", "id"),
    "signed-in": ("account__last_login", "sort_name", "id"),
}


def agencies_kept_by(person: Person) -> QuerySet[Agency]:
    """The agencies whose people somebody keeps: all, or those that they lead."""
    every = Agency.objects.all()
    return every if may(person, Right.CHANGE_PEOPLE) else every.filter(pk__in=person.led_agencies)


def seen_by(person: Person) -> QuerySet[Person]:
    """With role_codes: the roles held today."""
    held = _in_force().filter(person=OuterRef("pk")).order_by("role").values("role").distinct()
    people = Person.objects.visible_to(person).standing().annotate(role_codes=ArraySubquery(held))
    return people.select_related("agency", "staff_group", "account")


def in_state(people: QuerySet[Person], state: str) -> QuerySet[Person]:
    """Cut by a key of STATES."""
    conditions = {
        "here": Q(left_on=None),
        # Also who joined an account that nobody has signed in to: by an import, or for a trial.
        "unsigned": Q(left_on=None) & (Q(account=None) | Q(account__last_login=None)),
        "year": Q(left_on=None, account__last_login__lt=persons.a_year_ago()),
        "unreached": Q(left_on=None, email=""),
        "unmanaged": Q(left_on=None, line_manager=None),
        "left": Q(left_on__isnull=False),
    }
    return people.filter(conditions[state])


def with_role(people: QuerySet[Person], role: str) -> QuerySet[Person]:
    return people.filter(Exists(_in_force().filter(person=OuterRef("pk"), role=role)))


def found(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Whose name or address has all the words in it, whatever their order, case and accents."""
    for word in words.split():
        named = Q(*[Q(sort_name__contains=part) for part in match_key(word).split()]) if match_key(word) else Q(pk=None)
        people = people.filter(named | Q(email__contains=word.lower()) | Q(reference__iexact=word))
    return people


def sorted_by(people: QuerySet[Person], key: str) -> QuerySet[Person]:
    """In the order that an address asks for: a key of SORTS, "-" before it for the other way; else by name."""
    names = SORTS.get(key.removeprefix("-"), SORTS["name"])
    backwards = key.startswith("-")
    return people.order_by(
        *[F(name).desc(nulls_last=True) if backwards else F(name).asc(nulls_last=True) for name in names]
    )


def roles_in_words(person: Any) -> str:
    return ", ".join(Role(code).label for code in person.role_codes)


def _in_force() -> QuerySet[RoleGrant]:
    today = timezone.localdate()
    return RoleGrant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
