"""A delegate who missed the second of two sessions, and another run of the course to make it up at."""

from datetime import timedelta

from django.utils import timezone

from bookings import cancelling, making_up, register
from bookings.models import Register
from tests.factories import BookingFactory, EventFactory, MarkFactory, PersonFactory, RegisterFactory, SessionFactory
from training.models import Session


def run_of(course=None, *, days, **facts):
    """An event with two sessions, the second a day after the first."""
    event = EventFactory(days=days, **(facts | ({"course": course} if course else {})))
    first = event.sessions.get()
    SessionFactory(event=event, starts_at=first.starts_at + timedelta(days=1))
    return event


def missed(*, closed=True, second="absent", **facts):
    """A booking present at the first session and not at the second, a week ago; facts are the booking's."""
    event = run_of(days=-7)
    booking = BookingFactory(event=event, **facts)
    for session, attendance in zip(event.sessions.order_by("starts_at"), ("present", second), strict=True):
        RegisterFactory(session=session, handed_in=True)
        MarkFactory(booking=booking, session=session, attendance=attendance)
    if closed:
        register.close(event=event, by=PersonFactory())
    booking.refresh_from_db()
    return booking


def last(event):
    return event.sessions.order_by("starts_at").last()


def arranged(booking=None, *, to=None, **facts):
    """A make-up at the second session of another run, 30 days from now; facts are that run's."""
    booking = booking or missed()
    to = to or run_of(booking.event.course, days=30, **facts)
    return making_up.arrange(booking=booking, missed=last(booking.event), at=last(to), by=PersonFactory())


def lost(booking=None):
    """What was arranged at another run, which was cancelled since."""
    made_up = arranged(booking)
    cancelling.cancel_event(event=made_up.event, by=PersonFactory(), reason="Snow")
    making_up.tend()
    return made_up


def held(made_up, attendance="present", *, close=True):
    """The other run is over: the delegate is marked there, and its register closed."""
    event, by = made_up.event, PersonFactory()
    for session in event.sessions.all():
        Session.objects.filter(pk=session.pk).update(
            starts_at=session.starts_at - timedelta(days=33), ends_at=session.ends_at - timedelta(days=33)
        )
        Register.objects.create(session=session, handed_in_at=timezone.now(), handed_in_by=by)
    event.refresh_from_db()
    mark(made_up, attendance)
    if close:
        register.close(event=event, by=by)


def mark(made_up, attendance):
    session = Session.objects.get(pk=made_up.session_id)
    return register.mark(session=session, booking=made_up.booking, attendance=attendance, by=PersonFactory())
