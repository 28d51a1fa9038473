"""Who is asked to approve a booking, and whom that reaches."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from bookings import refusals
from bookings.models import Approval, Deputy
from bookings.permissions import may_approve_for, may_decide
from people import domains
from people.models import Agency, Person, Role
from people.names import match_key
from training.models import Course


@dataclass(frozen=True, slots=True)
class Approver:
    """Whom a request is sent to: somebody, or an address; neither: the agency's training leads or the coordinators."""

    person: Person | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a message about a request goes; without a reference where only the address is known."""

    email: str
    reference: str = ""


def is_needed(course: Course, delegate: Person, by: Person) -> bool:
    """Whether somebody else has to approve what by books for the delegate. No query for most courses."""
    return course.needs_approval and not may_approve_for(by, delegate)


def refuse_without(course: Course, delegate: Person, by: Person) -> None:
    """Raise NeedsApproval where a place would be taken that nobody has approved."""
    if is_needed(course, delegate, by):
        raise refusals.NeedsApproval(
            f"A place on {course} needs the approval of {delegate}’s line manager. The agency’s training lead and the "
            "training team can do this without asking."
        )


def usual(delegate: Person) -> Approver:
    """Who is asked when nobody is named: the line manager, if their mail is read by nobody but them."""
    manager = delegate.line_manager
    if manager is None or manager.left_on or not manager.email or manager.email == delegate.email:
        return Approver()
    return Approver(person=manager)


def find(*, delegate: Person, email: str, name: str = "") -> Approver:
    """Who has this work address, in the delegate's own agency; nobody is listed, and nothing said of other people.

    Somebody known there; else the address, where only people of the agency have such addresses. Where several share
    it, the name says who. Raises NobodyToAsk.
    """
    email = email.strip().lower()
    if email == delegate.email:
        raise refusals.NobodyToAsk(
            "This is your own address. Enter your line manager’s own, or ask your agency’s training lead instead."
        )
    found, is_shared = colleague(delegate, email, name)
    if found:
        return Approver(person=found)
    if is_shared:
        raise refusals.NobodyToAsk(
            "Several people share this address. Enter your line manager’s name as well, as it is on their certificates."
        )
    if not _is_of(delegate.agency, email) or Person.objects.filter(email=email, left_on__isnull=False).exists():
        raise refusals.NobodyToAsk(
            "We do not know this address as one of your agency’s. Check it, or ask your agency’s training lead instead."
        )
    return Approver(email=email)


def colleague(person: Person, email: str, name: str) -> tuple[Person | None, bool]:
    """Who else of the person's agency has exactly this address; and whether several have, and the name fits not one."""
    there = Person.objects.employed().filter(agency=person.agency_id, email=email).exclude(email="")
    known = list(there.exclude(pk=person.pk).order_by("pk"))
    fits = [one for one in known if match_key(one.name) == match_key(name)] if len(known) > 1 else known
    return (fits[0], False) if len(fits) == 1 else (None, bool(known))


def leads_of(agency: int) -> QuerySet[Person]:
    today = timezone.localdate()
    return _holding(Q(roles_held__role=Role.AGENCY_LEAD, roles_held__agency=agency), today)


def recipients(approval: Approval) -> list[Recipient]:
    """Whom the request reaches now: who was asked with their deputy; else the training leads; else the coordinators.

    Never whoever reads the delegate's own mail.
    """
    if approval.email:
        return [Recipient(approval.email)]
    delegate = approval.booking.delegate
    for people in (_asked(approval), leads_of(approval.booking.agency_id), _coordinators()):
        found = [
            Recipient(one.email, one.reference)
            for one in people.exclude(pk=delegate.pk).order_by("pk")
            if one.email != delegate.email
        ]
        if found:
            return found
    return []


def may_answer(sent_to: str, approval: Approval) -> tuple[bool, Person | None]:
    """Whether who has the link that was sent to them may decide still, and who that is."""
    if not sent_to:
        return bool(approval.email), None
    person = Person.objects.employed().filter(reference=sent_to).first()
    if person is None:
        return False, None
    return may_decide(person, approval), person


def _is_of(agency: Agency, email: str) -> bool:
    """Whether only people of the agency have such addresses, or of its neighbours in one house."""
    domain = domains.of(email)
    return domain not in domains.SHARED and agency.domains.filter(domain=domain).exists()


def _asked(approval: Approval) -> QuerySet[Person]:
    deputies = Deputy.objects.in_force().filter(manager=approval.asked_id).values("deputy")
    asked = Q(pk=approval.asked_id) | Q(pk__in=deputies)
    return Person.objects.employed().exclude(email="").filter(asked)


def _coordinators() -> QuerySet[Person]:
    return _holding(Q(roles_held__role=Role.COORDINATOR), timezone.localdate())


def _holding(role: Q, today: object) -> QuerySet[Person]:
    in_force = Q(roles_held__ends_on=None) | Q(roles_held__ends_on__gte=today)
    held = Person.objects.filter(role & in_force, roles_held__starts_on__lte=today)
    return Person.objects.employed().exclude(email="").filter(pk__in=held.values("pk"))
