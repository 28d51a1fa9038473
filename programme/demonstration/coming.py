"""Events of the days around the demonstration's first start: something to mark, to close, to book and to wait for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from bookings import making_up, places, policies, register, working_days
from bookings.models import Booking, Mark
from bookings.needs import Needs
from bookings.workshop_choices import by_slot
from evaluations import invitations
from people.models import Person
from programme.demonstration import sign_ins
from training import inviting, preparing
from training.models import Course, Event, Room, Session, SessionTrainer, Trainer, Workshop

REFERENCE = "DEMO-"
HALF_DAY = time(9, 30), time(12, 45)
FULL_DAY = time(9, 30), time(16, 30)
BOOKED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Coming:
    """An event so many days from today."""

    days: int
    course: str
    venue: str
    places: int
    bookings: int
    trainer: str = sign_ins.TRAINER
    is_draft: bool = False
    # Its register is closed, and delegates are asked how it was.
    is_closed: bool = False
    # So many days later it has a second session.
    second_after: int = 0


EVENTS = (
    Coming(-1, "RHRT", "Lloyd House", 16, 14),
    Coming(0, "CSE", "Council House Extension", 16, 15),
    Coming(9, "NEG", "Lancaster Circus training suite", 12, 16),
    Coming(16, "DA", "Erdington Library", 20, 11, "D. Marsh"),
    Coming(23, "WT1", "Lloyd House", 24, 18, "K. Doyle"),
    Coming(30, "FGM", "Sparkbrook Health Centre", 18, 6, "S. Patel"),
    Coming(37, "VOC", "The Pavilion, Stechford", 20, 2, "M. Osei"),
    Coming(51, "TTT", "Council House Extension", 16, 0, "A. Rahman", is_draft=True),
    Coming(-3, "VOC", "The Pavilion, Stechford", 20, 12, "M. Osei", is_closed=True),
    # Its course asks for approval.
    Coming(44, "TTT", "Council House Extension", 12, 4, "A. Rahman"),
    Coming(58, "CONF", "Council House Extension", 60, 7, "S. Patel"),
    # Somebody missed its second session, and makes it up at the other run.
    Coming(-16, "CPC", "Villa Park", 12, 6, "J. Okoro", is_closed=True, second_after=7),
    Coming(18, "CPC", "Villa Park", 12, 5, "J. Okoro", second_after=7),
)
MISSED, MADE_UP_AT = "DEMO-12", "DEMO-13"

# Those of the conference: when, what, and for how many. One is nearly full.
WORKSHOPS = (
    ("Morning, 11am", "County lines: what children say", 5),
    ("Morning, 11am", "Neglect: using the Graded Care Profile", 30),
    ("Afternoon, 2pm", "Online harm and what parents can do", 30),
    ("Afternoon, 2pm", "Learning from a practice review", 30),
)
# Of the first delegates of each event to come: what they need for access, and to eat and drink.
NEEDS = (
    Needs(access="A step-free room, and a seat near the door."),
    Needs(dietary="Vegetarian."),
    Needs(access="Slides in large print, please.", dietary="No nuts: I carry an adrenaline pen."),
)


def are_made() -> bool:
    return Event.objects.filter(reference__startswith=REFERENCE).exists()


@transaction.atomic
def make() -> None:
    """Yesterday's register is handed in and waits to be closed, today's waits to be marked, one event is full; an
    earlier one is closed, and its delegates are asked how it was. A line manager is asked to approve a place, and who
    missed a session makes it up elsewhere."""
    working_days.load_bank_holidays("england-and-wales")
    coordinator = sign_ins.person_of("coordinator")
    delegates = _delegates()
    for number, coming in enumerate(EVENTS, start=1):
        event = _event(f"{REFERENCE}{number}", coming)
        here = [next(delegates) for _ in range(coming.bookings)]
        if coming.days > 0:
            workshops = _workshops(event)
            for place, delegate in enumerate(here):
                needs = NEEDS[place] if place < len(NEEDS) else None
                chosen = [several[place % 2] for several in workshops]
                places.book(event=event, delegate=delegate, by=coordinator, workshops=chosen, needs=needs)
        else:
            _book_earlier(event, here, coordinator)
    practitioner = sign_ins.busiest_delegate()
    for number, coming in enumerate(EVENTS, start=1):
        if coming.is_closed:
            event = Event.objects.get(reference=f"{REFERENCE}{number}")
            _book_earlier(event, [practitioner], coordinator)
            for skipped, session in enumerate(event.sessions.order_by("starts_at")):
                _hand_in(session, 2 * skipped)
            register.close(event=event, by=coordinator)
    _make_up(coordinator)
    for reference in ("DEMO-3", "DEMO-4", "DEMO-10"):
        places.book(event=Event.objects.get(reference=reference), delegate=practitioner, by=practitioner)
    preparing.begin_with_usual(by=coordinator)
    # One event needs a second trainer, and the demonstration's trainer has yet to say whether they can give another.
    Event.objects.filter(reference="DEMO-6").update(trainers_wanted=2)
    inviting.ask(
        event=Event.objects.get(reference="DEMO-3"), trainer=Trainer.objects.get(name=sign_ins.TRAINER), by=coordinator
    )
    _hand_in(Session.objects.get(event__reference="DEMO-1"))
    invitations.ask()


def _event(reference: str, coming: Coming) -> Event:
    course = Course.objects.get(code=coming.course)
    event = Event.objects.create(
        reference=reference,
        course=course,
        state=Event.State.DRAFT if coming.is_draft else Event.State.PUBLISHED,
        places=coming.places,
        first_places=None if coming.is_draft else coming.places,
    )
    starts, ends = HALF_DAY if course.duration == Course.Duration.HALF_DAY else FULL_DAY
    for later in (0, coming.second_after) if coming.second_after else (0,):
        day = _day(coming.days + later)
        session = Session.objects.create(
            event=event,
            starts_at=_at(day, starts),
            ends_at=_at(day, ends),
            room=Room.objects.get(venue__name=coming.venue, name=""),
        )
        SessionTrainer.objects.create(session=session, trainer=Trainer.objects.get(name=coming.trainer))
    event.refresh_from_db()
    return event


def _workshops(event: Event) -> list[list[int]]:
    """The keys of a conference's workshops, slot by slot."""
    if event.course.delivery != Course.Delivery.CONFERENCE:
        return []
    made = Workshop.objects.bulk_create(
        Workshop(event=event, slot=slot, title=title, places=places) for slot, title, places in WORKSHOPS
    )
    return [[workshop.pk for workshop in several] for _, several in by_slot(made)]


def _day(days: int) -> date:
    """So many days from today; what is to come, and what is some days ago, is on a working day."""
    day, closing = timezone.localdate() + timedelta(days=days), working_days.closing_days()
    if days in {-1, 0} or working_days.is_working_day(day, closing):
        return day
    return (working_days.next_working_day if days > 0 else working_days.previous_working_day)(day, closing)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


def _delegates() -> Iterator[Person]:
    """People of all agencies, each once; not those with a sign-in."""
    return Person.objects.filter(bookings__isnull=False, account=None).order_by("reference").distinct().iterator()


def _book_earlier(event: Event, delegates: list[Person], coordinator: Person) -> None:
    """Bookings made a month ago: places.book would make them now, on an event that has begun."""
    booked_at = timezone.now() - BOOKED_BEFORE
    policy = policies.in_force(timezone.localdate(booked_at))
    Booking.objects.bulk_create(
        Booking(
            event=event,
            delegate=delegate,
            agency_id=delegate.agency_id,
            state=Booking.State.CONFIRMED,
            booked_at=booked_at,
            placed_at=booked_at,
            booked_by=coordinator,
            policy=policy,
        )
        for delegate in delegates
    )


def _hand_in(session: Session, skipped: int = 0) -> None:
    """The trainer's marks: one absent, one late, all others there; the first so many are among the others."""
    trainer = sign_ins.person_of("trainer")
    bookings = list(session.event.bookings.on_the_register().order_by("id"))
    absent, late = bookings[skipped : skipped + 2]
    register.mark(session=session, booking=absent, attendance=Mark.Attendance.ABSENT, by=trainer)
    register.mark(session=session, booking=late, attendance=Mark.Attendance.LATE, by=trainer)
    register.mark_remaining_present(session=session, by=trainer)
    register.hand_in(session=session, head_count=len(bookings) - 1, by=trainer)


def _make_up(coordinator: Person) -> None:
    missed = Mark.objects.filter(session__event__reference=MISSED, attendance=Mark.Attendance.ABSENT).latest(
        "session__starts_at"
    )
    to = Session.objects.filter(event__reference=MADE_UP_AT).latest("starts_at")
    making_up.arrange(booking=missed.booking, missed=missed.session, at=to, by=coordinator)
