"""How messages and background work are called on pages, and where the page is that knows more."""

from collections.abc import Callable

from django.urls import reverse
from django.utils import timezone

from bookings import agency_changes, announcements, approval_notices, calling_off, leavers, make_up_notices, naming
from bookings import notices as booking_notices
from bookings import tasks as booking_tasks
from bookings.approval_links import Sent
from evaluations import invitations
from evaluations import tasks as evaluation_tasks
from invoicing import tasks
from outbox import kept, templates, wordings
from outbox.models import Job, Message, Work
from people import tasks as people_tasks
from people.models import Person
from people.permissions import Right, may
from training import interest
from training import tasks as training_tasks
from training.models import Interest

TONES = {Work.State.WAITING: "blue", Work.State.DONE: "green", Work.State.FAILED: "red"}
OTHER_TONE = "grey"

# Who or what a message's reference is, by its template.
ABOUT_A_BOOKING = (
    *booking_notices.FACTS,
    *approval_notices.FACTS,
    invitations.INVITATION,
    invitations.REMINDER,
    invitations.LAST_REMINDER,
)
ABOUT_A_PERSON = ("invitation", "second_factor_reset")
ABOUT_A_JOINING = ("joined", "joining_declined", "joining_received")
ABOUT_AN_INVITATION = ("invited",)
ABOUT_RESERVED_PLACES = tuple(naming.FACTS)
KINDS = {
    tasks.RAISE: "Invoice run",
    tasks.PROPOSE: "Proposing charges",
    agency_changes.MOVE: "Change of agency",
    calling_off.CARRY_OUT: "Cancelling an event",
    booking_tasks.MOVE_LISTS: "Moving waiting lists",
    booking_tasks.TELL: "Telling delegates of changes",
    booking_tasks.REMIND: "Reminding delegates",
    evaluation_tasks.ASK: "Asking delegates how it was",
    training_tasks.TELL: "Telling of new dates",
    people_tasks.FORGET: "Forgetting accounts that nobody signed in to",
    kept.FORGET: "Forgetting what old messages said",
}


def state(row: Work) -> tuple[str, str]:
    """The row's state as a tag's word and tone."""
    is_message = isinstance(row, Message)
    if row.state == Work.State.WAITING and row.claimed_until and row.claimed_until > timezone.now():
        return ("Being sent" if is_message else "Running"), "yellow"
    word = "Sent" if is_message and row.state == Work.State.DONE else Work.State(row.state).label
    return word, TONES.get(Work.State(row.state), OTHER_TONE)


def template(name: str) -> str:
    """What coordinators are told that it is called, else Booking confirmed from booking_confirmed."""
    if name == wordings.TRIAL:
        return "Test of a text"
    if described := templates.described().get(name):
        return described.title
    return name.replace("_", " ").capitalize()


def kind(name: str) -> str:
    """Invoice run; of a kind without words here what its name says."""
    return KINDS.get(name) or name.replace("-", " ").capitalize()


def is_about_a_booking(message: Message) -> bool:
    return message.template in (*ABOUT_A_BOOKING, *make_up_notices.FACTS_OF, announcements.TO_DELEGATE)


def is_about_a_person(message: Message) -> bool:
    return message.template in (*ABOUT_A_PERSON, announcements.TO_TRAINER)


def about_whom(message: Message) -> str:
    """Of whom or what it is about: an announcement's own reference stands before it."""
    return announcements.parts(message.reference)[1]


def about(message: Message, reader: Person) -> tuple[str, str]:
    """What the message is about, in words, and its page where the reader may open it."""
    reference = message.reference
    if is_about_a_booking(message):
        return _booking(about_whom(message), reader)
    if message.template == announcements.TO_TRAINER:
        reference = about_whom(message)
    if message.template in approval_notices.TO_DECIDERS:
        return _booking(Sent.parse(reference).booking, reader)
    if message.template == interest.TEMPLATE:
        return _interest(reference)
    return next((found(reference) for templates, found in _OTHERS if message.template in templates), (reference, ""))


def _booking(reference: str, reader: Person) -> tuple[str, str]:
    address = reverse("bookings:booking", args=[reference])
    return f"Booking {reference}", address if may(reader, Right.SEE_BOOKINGS) else ""


def _interest(reference: str) -> tuple[str, str]:
    asked = Interest.objects.select_related("course", "person").filter(reference=reference).first()
    if asked is None:
        return reference, ""
    return f"{asked.course}, asked for by {asked.person}", reverse("finding:course", args=[asked.course.code])


_OTHERS: tuple[tuple[tuple[str, ...], Callable[[str], tuple[str, str]]], ...] = (
    ((*ABOUT_A_PERSON, announcements.TO_TRAINER), lambda one: (f"Person {one}", reverse("people:person", args=[one]))),
    (ABOUT_A_JOINING, lambda one: (f"Request to join {one}", reverse("joining:decide", args=[one]))),
    # Of two references the leaver's comes first.
    ((leavers.ASKED,), lambda one: (f"Person {one.split(':')[0]}", reverse("people:person", args=[one.split(":")[0]]))),
    (ABOUT_AN_INVITATION, lambda one: (f"Invitation {one}", reverse("joining:invitations"))),
    (ABOUT_RESERVED_PLACES, lambda _: ("Reserved places", "")),
)


def page_of(job: Job, reader: Person) -> tuple[str, str]:
    """The page that knows more of the job, in words and as address; both empty where there is none for the reader."""
    if job.kind == tasks.RAISE and may(reader, Right.ISSUE_INVOICES):
        return "See the invoice run", reverse("invoices:run", args=[job.pk])
    if job.kind == agency_changes.MOVE and may(reader, Right.CHANGE_PEOPLE):
        return "See the person", reverse("people:person", args=[job.arguments["person"]])
    return "", ""
