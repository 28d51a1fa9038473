"""A booking's story in the order of time: booked, waiting, placed, marked, cancelled, and what is still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from bookings import attendance, making_up, places
from bookings.cut_off import CancellationCost
from bookings.models import Approval, Booking, MakeUp, Mark, Offer
from frontend import formats
from people.models import Person
from training.moments import until

State, Source, Decision = Booking.State, Booking.Source, Approval.Decision
IMPORT = "the programme workbook"
WAITED, ASKED = "On the waiting list", "Awaited approval"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, or will."""

    at: datetime
    # A workbook's dates have no times.
    has_time: bool
    text: str
    note: str = ""


def with_offered(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """With was_offered, was_made_up and has_missed, whether a place was offered, a session made up or missed: of most
    bookings none was. And is_made_up, whether one is to be made up yet."""
    made_up = MakeUp.objects.filter(booking=OuterRef("pk"))
    return bookings.annotate(
        was_offered=Exists(Offer.objects.filter(booking=OuterRef("pk"))),
        was_made_up=Exists(made_up),
        is_made_up=Exists(made_up.live().filter(event__ends_at__gt=timezone.now())),
        has_missed=making_up.has_missed(),
    )


def of(booking: Any, cost: CancellationCost | None, reader: Person) -> list[Entry]:
    """All entries. Takes the booking with who and what stands on it, and what cancelling it costs, if that is shown."""
    asked = _asked(booking)
    entries = [
        *_beginning(booking, reader, was_asked=bool(asked)), *_approvals(asked, booking, reader), *_offers(booking),
        *_cut_off(booking, cost), *_sessions(booking), *_made_up(booking, reader),
        *_end(booking, reader, asked[-1].decision if asked else None),
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: entry.at)


def cost_of(booking: Booking) -> CancellationCost | None:
    """What cancelling costs or cost, for a booking that holds or held a place on a dated event."""
    if booking.placed_at is None or booking.source == Source.WALK_IN or booking.event.starts_at is None:
        return None
    return places.cost_of_cancelling(booking, received_at=booking.received_at)


def _beginning(booking: Booking, reader: Person, *, was_asked: bool) -> Iterator[Entry]:
    by = _by(booking.booked_by, booking, reader)
    has_time = booking.imported_at is None
    waited = booking.has_waited
    if booking.source == Source.WALK_IN and not waited:
        yield Entry(booking.booked_at, has_time, f"Came without a booking, put on the register by {by}")
    elif booking.replaces and not waited:
        how = "Took over the place of" if booking.source == Source.SUBSTITUTE else "Moved here from the booking of"
        yield Entry(booking.booked_at, has_time, _linked(how, booking.replaces), f"Entered by {by}")
    else:
        yield Entry(booking.booked_at, has_time, f"Booked by {by}", _waited_for(booking, was_asked) if waited else "")
    if booking.placed_at and waited and booking.replaces:
        entered_by = _by(booking.replaces.cancelled_by, booking, reader)
        words = _linked("Took over the place of", booking.replaces)
        yield Entry(booking.placed_at, has_time, words, f"{WAITED} no more. Entered by {entered_by}")
    elif booking.placed_at and waited:
        came = "Came and was put on the register" if booking.source == Source.WALK_IN else "Given a place"
        yield Entry(booking.placed_at, has_time, came)


def _waited_for(booking: Booking, was_asked: bool) -> str:
    if booking.state == State.REQUESTED:
        return "Awaiting approval"
    return ASKED if was_asked else WAITED


def _asked(booking: Booking) -> list[Approval]:
    """The requests for its approval, in their order; one query, for courses that ask."""
    if not booking.event.course.needs_approval:
        return []
    return list(booking.approvals.select_related("asked", "decided_by").order_by("asked_at", "pk"))


def _approvals(asked: list[Approval], booking: Booking, reader: Person) -> Iterator[Entry]:
    """Who was asked to approve it, and what they said."""
    for approval in asked:
        yield Entry(approval.asked_at, True, f"Approval asked of {approval.whom}", f"Until {until(approval.ends_at)}")
        if approval.decision == Decision.LAPSED and approval.decided_at:
            yield Entry(approval.decided_at, True, "Nobody answered in time, and the request is over")
        elif approval.decision in (Decision.APPROVED, Decision.DECLINED) and approval.decided_at:
            by = _by(approval.decided_by, booking, reader) if approval.decided_by else approval.email
            reason = f"“{approval.reason}”" if approval.reason else ""
            yield Entry(approval.decided_at, True, f"{Decision(approval.decision).label} by {by}", reason)


def _offers(booking: Any) -> Iterator[Entry]:
    """What became of the places offered; the last word on one that was taken or given up is said elsewhere."""
    for offer in booking.offers.order_by("made_at") if booking.was_offered else ():
        note = "" if offer.put_off_at is None else f"Its end was put off on {formats.short_moment(offer.put_off_at)}"
        yield Entry(offer.made_at, True, f"Offered a place until {until(offer.ends_at)}", note)
        if offer.ended_at and offer.how == Offer.How.LAPSED:
            yield Entry(offer.ended_at, True, "The offer ended without an answer, and the place went to the next")
        elif offer.ended_at and offer.how:
            yield Entry(offer.ended_at, True, f"The offer was {offer.get_how_display().lower()}")


def _cut_off(booking: Booking, cost: CancellationCost | None) -> Iterator[Entry]:
    """From when on cancelling cost more; of a booking that was cancelled before, not what it then could not cost."""
    if cost is None:
        return
    for number, (moment, tariff) in enumerate(cost.steps):
        if booking.received_at and moment > booking.received_at:
            return
        note = "" if number else f"Free until {until(moment)}"
        yield Entry(moment, True, f"From here on cancelling costs {formats.money(tariff.net_amount)}", note)


def _sessions(booking: Booking) -> Iterator[Entry]:
    """One entry a session. Before the event begins that is one for all: nobody can be marked yet."""
    event = booking.event
    if event.starts_at is None or booking.state == State.CANCELLED:
        return
    if not event.has_begun():
        yield Entry(event.starts_at, True, "The event begins")
        return
    own = FilteredRelation("marks", condition=Q(marks__booking=booking))
    sessions = event.sessions.annotate(own=own).order_by("starts_at", "id")
    marks = sessions.values_list(
        "starts_at", "own__attendance", "own__minutes", "own__marked_at", "own__marked_by__name", "register__closed_at"
    )
    closed_at = None
    for number, (starts_at, *mark, session_closed_at) in enumerate(marks, 1):
        yield _marked(starts_at, f"Session {number}" if len(marks) > 1 else "Attendance", *mark)
        closed_at = session_closed_at
    # An outcome is there only when all registers are closed, which they are together.
    if booking.outcome and closed_at:
        yield Entry(closed_at, True, "Register closed", f"Outcome: {booking.get_outcome_display().lower()}")


def _made_up(booking: Any, reader: Person) -> Iterator[Entry]:
    """Where a missed session was to be made up, and what became of it."""
    found = MakeUp.objects.filter(booking=booking).select_related(
        "missed", "event", "session", "arranged_by", "ended_by"
    )
    mark = Mark.objects.filter(booking=booking, session=OuterRef("session"))
    made_up: QuerySet[Any] = found.order_by("arranged_at", "id").annotate(
        marked=Subquery(mark.values("attendance")), minutes=Subquery(mark.values("minutes"))
    )
    for one in made_up if booking.was_made_up else ():
        when = one.session.starts_at if one.session else one.event.starts_at
        address = reverse("events:event", args=[one.event.reference])
        link = '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>'
        text = format_html("Session of {} made up at event " + link, *(
            formats.short_date(one.missed.starts_at), address, one.event.reference
        ))  # fmt: skip
        said = f"On {formats.full_moment(when)}. " if when else ""
        yield Entry(one.arranged_at, True, text, f"{said}Entered by {_by(one.arranged_by, booking, reader)}")
        if one.marked and when:
            words = attendance.in_words(one.marked, one.minutes).lower()
            yield Entry(when, True, f"At the session made up: {words}")
        if one.ended_at:
            by = f"Taken back by {_by(one.ended_by, booking, reader)}" if one.ended_by else ""
            yield Entry(one.ended_at, True, "The session is not made up there after all", by)


def _marked(
    starts_at: datetime, session: str, marked: str, minutes: int | None, marked_at: datetime, marked_by: str
) -> Entry:
    if not marked:
        return Entry(starts_at, True, f"{session}: nobody has marked it yet")
    note = f"Marked by {marked_by}, {formats.short_moment(marked_at)}" if marked_by else f"Marked in {IMPORT}"
    return Entry(starts_at, True, f"{session}: {attendance.in_words(marked, minutes).lower()}", note)


def _end(booking: Booking, reader: Person, decision: str | None) -> Iterator[Entry]:
    if decision in (Decision.DECLINED, Decision.LAPSED):
        return  # the request says it
    if booking.state != State.CANCELLED or (booking.cancelled_by is None and booking.imported_at is None):
        return  # it is not cancelled, or its offer lapsed
    entered_at, received_at = cast(datetime, booking.cancelled_at), cast(datetime, booking.received_at)
    by = _by(booking.cancelled_by, booking, reader)
    has_time = booking.imported_at is None
    left = "The request was withdrawn" if decision == Decision.WITHDRAWN else "Left the waiting list"
    note = booking.get_outcome_display() or left
    if booking.notice is not None:
        days = formats.plural(booking.notice, "working day’s", "working days’")
        note += f", with {days} notice"
    successor = getattr(booking, "replaced_by", None)
    if successor:
        yield Entry(received_at, has_time, _linked("Place taken over by", successor), f"Entered by {by}")
    elif entered_at - received_at < timedelta(minutes=1):
        yield Entry(received_at, has_time, f"Cancelled by {by}", note)
    else:
        how = f" ({booking.received_from})" if booking.received_from else ""
        yield Entry(received_at, has_time, f"Cancellation received{how}", note)
        yield Entry(entered_at, True, f"Cancellation entered by {by}")


def _by(person: Person | None, booking: Booking, reader: Person) -> str:
    if person is None:
        return IMPORT
    if person.pk == reader.pk:
        return "you"
    return "the delegate" if person.pk == booking.delegate_id else person.name


def _linked(words: str, other: Booking) -> str:
    address = reverse("bookings:booking", args=[other.reference])
    link = '<a class="govuk-link govuk-link--no-visited-state" href="{}">{}</a>'
    return format_html("{} " + link, words, address, other.delegate.name)
