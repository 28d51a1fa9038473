"""How messages and background work are called on pages, and where the page is that knows more."""

from django.urls import reverse
from django.utils import timezone

from bookings import agency_changes, announcements
from bookings import notices as booking_notices
from bookings import tasks as booking_tasks
from evaluations import invitations
from evaluations import tasks as evaluation_tasks
from invoicing import tasks
from outbox import templates, wordings
from outbox.models import Job, Message, Work
from people.models import Person
from people.permissions import Right, may
from training import tasks as training_tasks

TONES = {Work.State.WAITING: "blue", Work.State.DONE: "green", Work.State.FAILED: "red"}
OTHER_TONE = "grey"

# Who or what a message's reference is, by its template.
ABOUT_A_BOOKING = (
    *booking_notices.FACTS,
    invitations.INVITATION,
    invitations.REMINDER,
    invitations.LAST_REMINDER,
)
ABOUT_A_PERSON = ("invitation", "second_factor_reset")
ABOUT_A_JOINING = ("joined", "joining_declined", "joining_received")
ABOUT_AN_INVITATION = ("invited",)
KINDS = {
    tasks.RAISE: "Invoice run",
    tasks.PROPOSE: "Proposing charges",
    agency_changes.MOVE: "Change of agency",
    booking_tasks.MOVE_LISTS: "Moving waiting lists",
    booking_tasks.TELL: "Telling delegates of changes",
    booking_tasks.REMIND: "Reminding delegates",
    evaluation_tasks.ASK: "Asking delegates how it was",
    training_tasks.TELL: "Telling of new dates",
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
    return message.template in (*ABOUT_A_BOOKING, announcements.TO_DELEGATE)


def is_about_a_person(message: Message) -> bool:
    return message.template in (*ABOUT_A_PERSON, announcements.TO_TRAINER)


def reference(message: Message) -> str:
    """Of whom or what it is about: an announcement's own reference stands before it."""
    return announcements.parts(message.reference)[1]


def about(message: Message, reader: Person) -> tuple[str, str]:
    """What the message is about, in words, and its page where the reader may open it."""
    it = reference(message)
    if is_about_a_booking(message):
        address = reverse("bookings:booking", args=[it])
        return f"Booking {it}", address if may(reader, Right.SEE_BOOKINGS) else ""
    if is_about_a_person(message):
        return f"Person {it}", reverse("people:person", args=[it])
    if message.template in ABOUT_A_JOINING:
        return f"Request to join {it}", reverse("joining:decide", args=[it])
    if message.template in ABOUT_AN_INVITATION:
        return f"Invitation {it}", reverse("joining:invitations")
    return message.reference, ""


def page_of(job: Job, reader: Person) -> tuple[str, str]:
    """The page that knows more of the job, in words and as address; both empty where there is none for the reader."""
    if job.kind == tasks.RAISE and may(reader, Right.ISSUE_INVOICES):
        return "See the invoice run", reverse("invoices:run", args=[job.pk])
    if job.kind == agency_changes.MOVE and may(reader, Right.CHANGE_PEOPLE):
        return "See the person", reverse("people:person", args=[job.arguments["person"]])
    return "", ""
