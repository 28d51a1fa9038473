"""What messages about bookings say: the facts for each template, found when the message is sent."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from bookings import (
    announcements,
    breaking_off,
    calendar_files,
    cancelling,
    changes,
    corrections,
    described,
    links,
    needs,
    places,
    queue,
    reminders,
    steps,
    tentative,
    workshop_choices,
)
from bookings.cost_in_words import cost_of_place
from bookings.facts import (
    booking_of,
    facts_at,
    facts_of,
    in_words,
    sessions_in_words,
    sessions_of,
    with_partnership,
)
from bookings.models import Announcement, Booking, Correction, EventChange, Need, Offer
from bookings.policies import Terms
from outbox import templates
from outbox.models import Message
from outbox.sender import Sender
from outbox.templates import Attached, Attachment, Facts, NoLongerNeeded, NotYet
from people.models import Person
from training import telling
from training.models import Event, Room
from training.moments import full_date, full_moment, until

# Said with each file for a calendar, whatever a coordinator writes around it.
DECLINING = "Declining it there does not tell us: if you cannot come, cancel here, or send a colleague in your place"

State, Outcome = Booking.State, Booking.Outcome


def confirmed(reference: str) -> Facts:
    booking = _placed(reference)
    return facts_of(booking) | {
        "cost": cost_of_place(booking, Terms.load()),
        "next": " ".join(filter(None, [_instead_of(booking), _next(booking)])),
        "calendar": f"The file that comes with this message puts it into your calendar. {DECLINING}.",
    }


def changed(reference: str) -> Facts:
    booking = _placed(reference)
    change = booking.event.changes.filter(told_at__isnull=False).last()
    if change is None:
        raise NoLongerNeeded("Nothing changed.")
    return (
        facts_of(booking)
        | tentative.what_changed(booking.event, change.was, _before(booking.event, change))
        | {
            "cost": cost_of_place(booking, Terms.load()),
            "calendar": f"The file that comes with this message puts your calendar right. {DECLINING}.",
        }
    )


def need_arranged(reference: str) -> Facts:
    """That something is noted, and not what: it may be about health."""
    booking = booking_of(reference)
    event = needs.event_of(booking)
    if event.is_over() or not Need.objects.arranged().filter(booking=booking).exists():
        raise NoLongerNeeded("It was taken back, or is not needed any more.")
    if booking.state == State.CANCELLED:
        raise NotYet("The booking was cancelled. If it is brought back, this goes in some minutes.")
    return facts_at(event, booking)


def reminded(name: str) -> Callable[[str], Facts]:
    """The facts of a reminder, while it is due."""

    def facts(reference: str) -> Facts:
        booking, terms = _placed(reference), Terms.load()
        if not reminders.is_due(name, booking, timezone.now(), terms):
            raise NoLongerNeeded("Its time has passed, or has not come yet: the event was moved.")
        free_until = places.cost_under(booking, terms).free_until
        return facts_of(booking) | {
            "day": full_date(booking.event.starts_at) if booking.event.starts_at else "",
            "until": until(free_until) if free_until else "",
            "cost": cost_of_place(booking, terms),
        }

    return facts


def waiting(reference: str) -> Facts:
    booking = booking_of(reference)
    if booking.state != State.WAITING or booking.event.is_over():
        raise NoLongerNeeded("The booking does not wait any more, or the event is over.")
    tentative.refuse_held(event=booking.event, since=booking.booked_at)
    return facts_of(booking) | {"standing": str(queue.standing(booking)), "link": links.address(reference)}


def offered(reference: str) -> Facts:
    booking = booking_of(reference)
    offer = booking.offers.live().first()
    if offer is None or offer.ends_at <= timezone.now():
        raise NoLongerNeeded("The offer has been answered, or has ended.")
    tentative.refuse_ending(booking.event)
    return facts_of(booking) | {
        "until": until(offer.ends_at),
        "cost": cost_of_place(booking, Terms.load()),
        "link": links.address(reference),
    }


def lapsed(reference: str) -> Facts:
    booking = booking_of(reference)
    offer = booking.offers.filter(how=Offer.How.LAPSED).latest("ended_at")
    if booking.event.is_over():
        raise NoLongerNeeded("The event is over.")
    return facts_of(booking) | {"until": until(offer.ends_at), "link": links.address(reference)}


def left(reference: str) -> Facts:
    return facts_of(_given_up(reference))


def cancelled(reference: str) -> Facts:
    booking = _given_up(reference)
    recorded = {
        Outcome.CANCELLED_IN_TIME: "You cancelled in time, so there is nothing to pay.",
        Outcome.CANCELLED_LATE: "Cancelling was no longer free at that time, so your agency may be charged.",
    }
    return facts_of(booking) | {"recorded": recorded.get(Outcome(booking.outcome), "") if booking.outcome else ""}


def substituted(reference: str) -> Facts:
    booking = booking_of(reference)
    return facts_of(booking) | {"substitute": booking.replaced_by.delegate.name}


def workshops_changed(reference: str) -> Facts:
    booking = booking_of(reference)
    if booking.state == State.CANCELLED or booking.event.is_over():
        raise NoLongerNeeded("The booking is cancelled, or the event is over.")
    moved = booking.workshop_moves.select_related("moved_by").last()
    chosen = booking.workshop_choices.order_by("workshop__pk").values_list("workshop__title", "workshop__slot")
    return facts_of(booking) | {
        "workshops": [f"{title} ({slot})" if slot else title for title, slot in chosen],
        "was": moved.was,
        "reason": moved.reason,
        "by": moved.moved_by.name,
        "change": settings.SITE_URL + reverse("bookings:workshops", args=[booking.reference]),
    }


def corrected(reference: str) -> Facts:
    booking = booking_of(reference)
    last = Correction.objects.filter(booking=booking, was_told=True).latest("settled_at")
    if booking.outcome != last.became:
        raise NoLongerNeeded("The register says something else by now, or is open again.")
    before = f" Before, it said: {last.get_was_display().lower()}." if last.was else ""
    return facts_of(booking) | {
        "said": f"It says now: {last.get_became_display().lower()}.{before}",
        "follows": corrections.FOLLOWS.get(last.became, ""),
    }


def event_cancelled(reference: str) -> Facts:
    booking = booking_of(reference)
    dates = Event.objects.open_to_all() if not booking.event.is_in_house else Event.objects.coming()
    # Who had a place there before comes first on nothing.
    first = Q(booked_at=booking.booked_at) | Q(state=State.WAITING) | Q(offers__made_at=booking.event.cancelled_at)
    there = Booking.objects.live().filter(first, delegate=booking.delegate_id)
    carried_to = cancelling.carried_from(booking.event).values("event")
    others = dates.filter(course=booking.event.course_id, pk__in=carried_to).exclude(pk=booking.event_id)
    instead = others.filter(bookings__in=there).first()
    return facts_of(booking) | {"reason": booking.event.cancelled_reason, "instead": _instead(instead)}


def broken_off(reference: str) -> Facts:
    event = booking_of(reference).event
    said = {"reason": event.broken_off_reason, "follows": breaking_off.FOLLOWS.get(event.broken_off_counts, "")}
    return {**event_cancelled(reference), **said}


def cancellation_of(reference: str, reason: str, instead: Event | None) -> templates.Text:
    """What the delegate of a booking would read if its event were cancelled for this reason."""
    facts = {**event_cancelled(reference), "reason": reason, "instead": _instead(instead)}
    return templates.filled(cancelling.TEMPLATE, facts)


def announced(template: str) -> Callable[[str], Facts]:
    """The facts of an announcement to delegates or to trainers."""

    def facts(reference: str) -> Facts:
        written, to = announcements.parts(reference)
        rows = Announcement.objects.select_related("event__course", "sent_by")
        return announcement_to(rows.get(reference=written), template, to)

    return facts


def announcement_to(announcement: Announcement, template: str, to: str) -> Facts:
    """What the announcement, which need not be saved yet, says to a booking's delegate or a trainer."""
    if template == announcements.TO_TRAINER:
        facts = _to_trainer(announcement.event, to)
    else:
        facts = facts_at(announcement.event, booking_of(to))
    email, by = facts["email"], announcement.sent_by
    asks = f"Answer this message, or write to {email}." if email else f"Write to {by.email}." if by.email else ""
    return facts | {
        "subject": f"Test: {announcement.subject}" if announcement.is_test else announcement.subject,
        "words": announcement.words.splitlines(),
        "by": by.name,
        "contact": f"Do you have a question? {asks}" if asks else "",
    }


def _to_trainer(event: Event, person: str) -> dict[str, str | list[str]]:
    trainer = with_partnership(Person.objects.all()).get(reference=person)
    return {
        "name": trainer.name,
        "course": event.course.title,
        "sessions": sessions_in_words(event),
        "page": settings.SITE_URL + reverse("events:event", args=[event.reference]),
        "email": trainer.training_email,
        "partnership": trainer.partnership_name,
    }


REMINDERS = tuple(reminders.REMINDERS)
FACTS: dict[str, Callable[[str], Facts]] = {
    "booking_confirmed": confirmed,
    changes.CHANGED: changed,
    "booking_waiting": waiting,
    "booking_offered": offered,
    "booking_lapsed": lapsed,
    "booking_left": left,
    "booking_cancelled": cancelled,
    "booking_substituted": substituted,
    workshop_choices.CHANGED: workshops_changed,
    corrections.TEMPLATE: corrected,
    cancelling.TEMPLATE: event_cancelled,
    cancelling.BROKEN_OFF: broken_off,
    needs.ARRANGED: need_arranged,
    **{name: reminded(name) for name in REMINDERS},
}


def entries(reference: str, to: str) -> list[Attachment]:
    """What puts the booking into a calendar, or right there; and takes out the one that it moved from."""
    booking = booking_of(reference)
    files = calendar_files.requests(booking, sessions_of(booking.event), _sender(booking), to, _ends(booking))
    if booking.source == Booking.Source.MOVED_IN:
        files += _taken_out(booking_of(booking.replaces.reference), to)
    return calendar_files.as_invitation(files)


def entries_taken_out(reference: str, to: str) -> list[Attachment]:
    """What takes the booking out of a calendar again. Who only waited has it in none."""
    booking = booking_of(reference)
    return calendar_files.as_invitation(_taken_out(booking, to)) if booking.placed_at else []


def _taken_out(booking: Any, to: str) -> list[Attachment]:
    return calendar_files.cancellations(booking, sessions_of(booking.event), _sender(booking), to, _ends(booking))


def _ends(booking: Any) -> int:
    """How often its cancellation was told and it was brought back since."""
    told = Message.objects.filter(key__startswith=steps.key_of("booking_cancelled", booking.reference) + ":")
    return told.exclude(key=steps.key_of("booking_cancelled", booking.reference, booking.cancelled_at)).count()


ATTACHED: dict[str, Attached] = {
    "booking_confirmed": entries,
    changes.CHANGED: entries,
    "booking_cancelled": entries_taken_out,
    "booking_substituted": entries_taken_out,
    cancelling.TEMPLATE: entries_taken_out,
}


def register() -> None:
    """Let the outbox use the templates."""
    for name, facts in FACTS.items():
        templates.register(name, facts, ATTACHED.get(name), described.DESCRIBED[name])
    for name, said in described.ANNOUNCEMENTS.items():
        templates.register(name, announced(name), described=said)


def _given_up(reference: str) -> Any:
    booking = booking_of(reference)
    if booking.state != State.CANCELLED:
        raise NoLongerNeeded("The booking was brought back.")
    return booking


def _placed(reference: str) -> Any:
    """The booking, which must hold a place still."""
    booking = booking_of(reference)
    event = booking.event
    if booking.state != State.CONFIRMED or event.state != Event.State.PUBLISHED or event.is_over():
        raise NoLongerNeeded("The booking holds no place any more, or the event is off or over.")
    tentative.refuse_held(event=event, since=booking.placed_at)
    return booking


def _instead(event: Event | None) -> str:
    if event is None or event.starts_at is None:
        return ""
    return (
        f"You come first on another date, {full_moment(event.starts_at)}. Another message says whether a place is held "
        "for you there; you may say no."
    )


def _before(event: Event, change: EventChange) -> list[str]:
    """The sessions as they were before the change, where it is they that changed."""
    was = change.was["sessions"]
    rooms = Room.objects.select_related("venue").in_bulk([one["room"] for one in was if one["room"]])
    before = [
        in_words(telling.moment(one["starts_at"]), telling.moment(one["ends_at"]), str(rooms.get(one["room"]) or ""))
        for one in was
    ]
    now = [in_words(one.starts_at, one.ends_at, str(one.room or "")) for one in sessions_of(event)]
    return ["Before, it was:", *before] if before != now else []


def _sender(booking: Any) -> Sender:
    return Sender(booking.partnership_name, booking.training_email)


def _instead_of(booking: Booking) -> str:
    """Whose place it is that a colleague took over, and that they need not wait any more if they did."""
    if booking.source != Booking.Source.SUBSTITUTE or booking.replaces is None:
        return ""
    waited = ", and are off the waiting list" if booking.has_waited else ""
    return f"You take over the place of {booking.replaces.delegate}{waited}."


def _next(booking: Booking) -> str:
    """What comes after a confirmation."""
    will = "You need not do anything now."
    return f"{will} We will write again before the day." if settings.REMINDERS else will
