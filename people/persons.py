"""People: finding again who is entered, adding who is new, telling them how to sign in, and where their mail goes."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone
from django.utils.crypto import salted_hmac

from outbox import messages
from people import refusals
from people.models import Agency, Person, Role, StaffGroup
from people.models.person import PersonQuerySet
from people.names import match_key

log = logging.getLogger(__name__)


def mailbox(person: str = "") -> Coalesce:
    """Where a person's mail goes, for querysets: mailbox("delegate") is that of each booking's.

    It is their own address; for who has none it is their agency's training lead's, of several the one who has led
    longest; and empty where there is none.
    """
    path = f"{person}__" if person else ""
    lead = leads_of(f"{path}agency").values("email")[:1]
    empty = Value("", output_field=CharField())
    return Coalesce(NullIf(F(f"{path}email"), empty), Subquery(lead), empty, output_field=CharField())


def leads_of(agency: str) -> PersonQuerySet:
    """For subqueries: who can be written to as training lead of the agency at this path, who has led longest first."""
    today = timezone.localdate()
    leads = Person.objects.employed().filter(
        Q(roles_held__ends_on=None) | Q(roles_held__ends_on__gte=today),
        roles_held__role=Role.AGENCY_LEAD,
        roles_held__agency=OuterRef(agency),
        roles_held__starts_on__lte=today,
    )
    return leads.exclude(email="").order_by("roles_held__starts_on", "roles_held__pk")


def mailbox_of(person: Person) -> str:
    """Where the person's mail goes, as mailbox() says; one statement for who has no address of their own."""
    if person.email:
        return person.email
    found: str = Person.objects.values_list(mailbox(), flat=True).get(pk=person.pk)
    return found


@transaction.atomic
def find_or_add(*, name: str, agency: Agency, email: str = "") -> Person:
    """The person of this name, who is added if nobody fits.

    With an address it is who has both the address and the name: several persons may share a mailbox, and a namesake
    elsewhere is somebody else. Without one it is the only person of that name in the agency. Case, accents and
    punctuation of the name do not count. A record that became part of another leads to that.
    """
    # Two entries of one person at the same moment come one after the other, and the second finds the first.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    return find(name=name, agency=agency, email=email) or Person.objects.create(
        name=" ".join(name.split()), email=email.strip().lower(), agency=agency
    )


def find(*, name: str, agency: Agency, email: str = "") -> Person | None:
    """Whom find_or_add() would find."""
    email = email.strip().lower()
    leads_on = Q(merged_into__isnull=False, merged_into__left_on=None)
    records = Person.objects.filter(Q(left_on=None) | leads_on).select_related("merged_into")
    known = records.filter(email=email) if email else records.filter(agency=agency)
    named = [person for person in known.order_by("id") if match_key(person.name) == match_key(name)]
    alike = list(dict.fromkeys(person.merged_into or person for person in named))
    return alike[0] if alike and (email or len(alike) == 1) else None


@transaction.atomic
def add(*, name: str, agency: Agency, by: Person, email: str = "", staff_group: StaffGroup | None = None) -> Person:
    """Somebody who is new here. Raises KnownAlready for who is not, and NotAName."""
    if not match_key(name):
        raise refusals.NotAName("Enter a name with letters in it.")
    before = list(Person.objects.filter(agency=agency))
    _refuse_leaver(before, name, email)
    person = find_or_add(name=name, agency=agency, email=email)
    if person in before:
        raise refusals.KnownAlready(
            f"{person} is in the list already. If this is somebody else of that name, enter another address."
        )
    if person.agency_id != agency.pk:
        raise refusals.KnownAlready(
            "Somebody of this name and address is recorded under another agency. A coordinator can change that."
        )
    person.staff_group = staff_group
    person.save(update_fields=["staff_group"])
    log.info("%s was added by %s.", person.reference, by.reference)
    return person


@transaction.atomic
def invite(*, person: Person, by: Person) -> None:
    """Tell the person by e-mail how to sign in; asked for again on the same day it is the same message.

    Raises PersonRefused for who has left, has signed in within a year, or cannot be reached.
    """
    if person.left_on:
        raise refusals.HasLeft(f"{person} has left.")
    if has_signed_in(person):
        raise refusals.ThereAlready(f"{person} has signed in already.")
    if not person.email:
        raise refusals.NoAddress(f"Nobody knows the address of {person}. Correct that first.")
    messages.post(key=_key(person), template="invitation", to=person.email, reference=person.reference)
    log.info("%s was invited by %s.", person.reference, by.reference)


@transaction.atomic
def invite_each(*, people: QuerySet[Person], by: Person) -> int:
    """Tell each of the people how to sign in who can be told, as invite() does; how many those are."""
    found = list(to_invite(people).order_by("pk"))
    messages.post_each(
        template="invitation", messages=[(_key(person), person.email, person.reference) for person in found]
    )
    log.info("%s were invited by %s.", len(found), by.reference)
    return len(found)


def to_invite(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of the people those who are here, can be reached, and have not signed in for a year."""
    lately = Q(account__isnull=False, account__last_login__gte=a_year_ago())
    return people.filter(left_on=None).exclude(email="").exclude(lately)


def has_signed_in(person: Person) -> bool:
    """Within the last year."""
    last = person.account.last_login if person.account else None
    return last is not None and last >= a_year_ago()


def a_year_ago() -> datetime:
    return timezone.now() - timedelta(days=365)


def _key(person: Person) -> str:
    """Of an invitation. Keys stand in logs, so the address is in it as a digest: another one is another message."""
    address = salted_hmac("people.persons.invite", person.email).hexdigest()[:12]
    return f"invitation:{person.reference}:{address}:{timezone.localdate():%Y%m%d}"


def _refuse_leaver(here: list[Person], name: str, email: str) -> None:
    """Who comes back has a record with all that they attended."""
    for person in here:
        if person.left_on and (match_key(person.name), person.email) == (match_key(name), email.strip().lower()):
            raise refusals.KnownAlready(
                f"{person} was here before and is recorded as having left. Open that record and undo it."
            )
