"""Writing to the people of an event in one's own words: whom that can be, and sending it."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import CharField, F, Func, Q, QuerySet, Value

from bookings import refusals
from bookings.models import Announcement, Booking
from outbox import messages
from people import persons
from people.models import Person
from people.references import new_reference
from training.models import Event, Trainer

log = logging.getLogger(__name__)

State = Booking.State
TO_DELEGATE, TO_TRAINER = "announcement", "announcement_to_trainer"
# A message's reference is "announcement:booking" or "announcement:person"; this is whom it is about, others' too.
ABOUT = Func(F("reference"), Value(":"), Value(-1), function="split_part", output_field=CharField())


class Group(models.TextChoices):
    PLACE = "place", "Everyone with a place"
    MADE_UP = "made-up", "Those who make up a session there"
    WAITING = "waiting", "The waiting list"
    APPROVAL = "approval", "Those who await approval"
    OFF = "off", "Everyone who was on it when it was cancelled"
    TRAINERS = "trainers", "The trainers"


GROUPS = {
    State.CONFIRMED: Group.PLACE,
    State.WAITING: Group.WAITING,
    State.OFFERED: Group.WAITING,
    State.REQUESTED: Group.APPROVAL,
    State.CANCELLED: Group.OFF,
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A delegate or a trainer of an event."""

    # The booking's, or that of the trainer's person; empty for a trainer who is only a name.
    reference: str
    name: str
    # The agency; of a trainer nothing.
    of: str
    group: Group
    # Where it goes; empty: they cannot be reached.
    address: str

    @property
    def template(self) -> str:
        return TO_TRAINER if self.group == Group.TRAINERS else TO_DELEGATE


def recipients(event: Event) -> list[Recipient]:
    """All who can be written to about the event, and those who should be and have no address. Two queries."""
    off = Q(state=State.CANCELLED, event__state=Event.State.CANCELLED, cancelled_at=F("event__cancelled_at"))
    bookings = event.bookings.filter(~Q(state=State.CANCELLED) | off).and_making_up_at(event)
    delegates: QuerySet[Any] = bookings.annotate(mailbox=persons.mailbox("delegate"))
    trainers = Trainer.objects.filter(sessions__session__event=event).select_related("person").distinct()
    return [
        *(
            Recipient(
                one.reference,
                one.delegate.name,
                one.agency.name,
                GROUPS[State(one.state)] if one.event_id == event.pk else Group.MADE_UP,
                "" if one.delegate.left_on else one.mailbox,
            )
            for one in delegates.select_related("delegate", "agency").order_by("delegate__sort_name", "pk")
        ),
        *(_trainer(one) for one in trainers.annotate(mailbox=persons.mailbox("person")).order_by("name")),
    ]


def chosen(among: Iterable[Recipient], groups: Collection[str], references: Collection[str]) -> list[Recipient]:
    """Those of the groups, and those named one by one."""
    return [one for one in among if one.group in groups or (one.reference and one.reference in references)]


@transaction.atomic
def send(
    *, event: Event, by: Person, reference: str, subject: str, words: str, to: Sequence[Recipient]
) -> Announcement:
    """Post it to each who can be reached. reference was given to the page on which it was written.

    The same page sent twice sends nothing twice, and to more people only to those. Raises NobodyReached, and
    SentAlready where it was sent with other words.
    """
    reached = [one for one in to if one.address]
    if not reached:
        raise refusals.NobodyReached("None of them has an address that we know. Nothing was sent.")
    Event.objects.select_for_update(no_key=True).get(pk=event.pk)  # the second click waits for the first
    announcement = Announcement.objects.filter(reference=reference).first()
    if announcement is None:
        announcement = Announcement.objects.create(
            reference=reference, event=event, subject=subject, words=words, sent_by=by
        )
    if (announcement.event_id, announcement.subject, announcement.words) != (event.pk, subject, words):
        raise refusals.SentAlready(
            "A message was sent from this page already, with other words. Check this one, and send it as one more."
        )
    for template in (TO_DELEGATE, TO_TRAINER):
        theirs = [one for one in reached if one.template == template]
        messages.post_each(
            template=template,
            messages=[(key(reference, one.reference), one.address, about(reference, one.reference)) for one in theirs],
        )
    log.info("Announcement %s went to %s people, sent by %s.", reference, len(reached), by.reference)
    return announcement


@transaction.atomic
def send_test(*, event: Event, by: Person, subject: str, words: str, to: Recipient) -> None:
    """Post to oneself what the recipient would get. Raises NobodyReached for who has no address."""
    if not by.email:
        raise refusals.NobodyReached("We do not know your own email address, so there is nowhere to send a test.")
    test = Announcement.objects.create(event=event, subject=subject, words=words, is_test=True, sent_by=by)
    messages.post(
        key=key(test.reference, "test"),
        template=to.template,
        to=by.email,
        reference=about(test.reference, to.reference),
    )


def key(announcement: str, to: str) -> str:
    return f"announcement:{announcement}:{to}"


def about(announcement: str, to: str) -> str:
    return f"{announcement}:{to}"


def parts(reference: str) -> tuple[str, str]:
    """The announcement, empty for other messages, and the booking or person that a message is about."""
    announcement, _, to = reference.rpartition(":")
    return announcement, to


def new() -> str:
    """For a page on which somebody begins to write."""
    return new_reference()


def _trainer(trainer: Trainer) -> Recipient:
    person = trainer.person
    address = trainer.__dict__["mailbox"] if person and not person.left_on else ""
    return Recipient(person.reference if person else "", trainer.name, "", Group.TRAINERS, address)
