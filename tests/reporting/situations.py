"""What the report counts: events of 2018/19 and the years beside it, and bookings that ended in each way."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from bookings.models import Booking, Mark
from evaluations.models import Question, Questionnaire, Response
from invoicing.models import Charge
from reporting import rows, utilisation
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    CourseFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
)
from training.models import Course, Event

JUNE = date(2018, 6, 11)
Outcome, Source = Booking.Outcome, Booking.Source


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def event(day: date = JUNE, *, course: Course | None = None, closed: bool = True, **fields: object) -> Event:
    """An event from 9:00 to 16:00, its registers closed; sessions=2: the second one on the next day."""
    made = EventFactory(course=course or CourseFactory(), begins=at(day), **fields)
    if closed:
        for session in made.sessions.all():
            RegisterFactory(session=session, closed=True)
    return made


def cancelled_event(day: date = JUNE, **fields: object) -> Event:
    return event(day, state=Event.State.CANCELLED, cancelled_at=at(day - timedelta(days=9)), **fields)


def conference() -> Course:
    return CourseFactory(delivery=Course.Delivery.CONFERENCE)


def e_learning() -> Course:
    return CourseFactory(delivery=Course.Delivery.E_LEARNING)


def booked(on: Event, outcome: str | None = Outcome.ATTENDED, *, agency=None, delegate=None, **fields) -> Booking:
    """A booking made a month before; outcome None: its register is not closed."""
    delegate = delegate or PersonFactory(agency=agency or AgencyFactory())
    if agency:
        fields["agency"] = agency
    return BookingFactory(
        event=on, delegate=delegate, outcome=outcome, booked_at=on.starts_at - timedelta(days=30), **fields
    )


def many(number: int, on: Event, outcome: str | None = Outcome.ATTENDED, **fields) -> list[Booking]:
    agency = fields.pop("agency", None) or AgencyFactory()
    return [booked(on, outcome, agency=agency, **fields) for _ in range(number)]


def walk_in(on: Event, outcome: str | None = Outcome.ATTENDED, **fields) -> Booking:
    return booked(on, outcome, source=Source.WALK_IN, **fields)


def cancelled(on: Event, outcome: str = Outcome.CANCELLED_IN_TIME, *, days_before: int = 10, **fields) -> Booking:
    received = on.starts_at - timedelta(days=days_before)
    return booked(
        on, outcome, state=Booking.State.CANCELLED, cancelled_at=received, received_at=received,
        cancelled_by=PersonFactory(), **fields,
    )  # fmt: skip


def waiting(on: Event, *, days: int = 30, **fields) -> Booking:
    return BookingFactory(event=on, waiting=True, booked_at=on.starts_at - timedelta(days=days), **fields)


def part_attended(on: Event, **fields) -> Booking:
    """Was at the first session and not at the others."""
    booking = booked(on, Outcome.PART_ATTENDED, **fields)
    for number, session in enumerate(on.sessions.all()):
        attendance = Mark.Attendance.ABSENT if number else Mark.Attendance.LEFT_EARLY
        MarkFactory(booking=booking, session=session, attendance=attendance)
    return booking


def charge(
    booking: Booking, state: str = Charge.State.PROPOSED, amount: int | Decimal = 75, waiver: str = ""
) -> Charge:
    fields: dict[str, object] = {}
    if state == Charge.State.DISPUTED:
        fields = {"dispute": Charge.Dispute.OTHER, "disputed_at": timezone.now(), "disputed_by": booking.delegate}
    elif state != Charge.State.PROPOSED:
        fields = {"decided_at": timezone.now(), "decided_via": "test"}
    return ChargeFactory(booking=booking, state=state, net_amount=Decimal(amount), waiver=waiver, **fields)


def answered(on: Event, *pairs: tuple[int | None, int | None]) -> None:
    """Confidence before and after, one response each; None: not answered."""
    form, new = Questionnaire.objects.get_or_create(stage=Questionnaire.Stage.AFTER, version=1)
    if new:
        for position, (code, kind) in enumerate(
            [("before", Question.Kind.CONFIDENCE_BEFORE), ("now", Question.Kind.CONFIDENCE_NOW)]
        ):
            Question.objects.create(
                questionnaire=form, code=code, position=position, kind=kind, text=code, lowest=0, highest=10
            )
    for before, now in pairs:
        answers = {code: answer for code, answer in (("before", before), ("now", now)) if answer is not None}
        Response.objects.create(event=on, questionnaire=form, answers=answers)


def this_year(now: datetime | None = None) -> utilisation.YearFigures:
    return utilisation.report("2018-19", now=now).this


def by_code(cuts: tuple[utilisation.Cut, ...], code: str) -> utilisation.Cut:
    (found,) = [cut for cut in cuts if cut.code == code]
    return found


def scope(figures: utilisation.YearFigures, cut: utilisation.Cut | None = None, now: datetime | None = None):
    cut = cut or figures.whole
    return rows.Scope(figures.year, now or timezone.now(), cut.kind, cut.code)
