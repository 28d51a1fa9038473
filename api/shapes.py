"""What answers look like, for the description: the answers themselves are made without it, and tested against it."""

from typing import Any, TypeVar

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from bookings.models import Booking, Mark
from invoicing.models import Charge
from people.models import Role
from training.models import Course, Event

S = TypeVar("S", bound=type[serializers.Serializer[Any]])
Shape = serializers.Serializer[Any]

HIDDEN = "null where it is not yours to see"
TENTATIVE = "Whether the date is not sure yet: it may change, or the event not take place."


def text(help_text: str = "", **options: Any) -> serializers.CharField:
    # Blank, else the description would say that it never is.
    return serializers.CharField(help_text=help_text, allow_blank=True, **options)


def moment(help_text: str = "", *, null: bool = False) -> serializers.DateTimeField:
    return serializers.DateTimeField(help_text=help_text, allow_null=null)


def whole(help_text: str = "", *, null: bool = False) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=help_text, allow_null=null)


def choice(choices: Any, help_text: str = "", *, null: bool = False) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, help_text=help_text, allow_null=null)


def money(help_text: str = "", *, null: bool = False) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=10, decimal_places=2, help_text=help_text, allow_null=null)


def page_of(row: type[Shape]) -> Shape:
    """The shape of one page of such rows."""
    return inline_serializer(
        name=f"PageOf{row.__name__}s",
        fields={
            "count": whole("How many rows there are in all that you may see and the filters leave."),
            "next": serializers.URLField(allow_null=True, help_text="The address of the next page."),
            "previous": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )


class Me(Shape):
    """Who the token or the sign-in acts for."""

    reference = text()
    name = text()
    agency = text()
    roles = serializers.ListField(child=choice(Role.choices))
    scopes = serializers.ListField(
        child=text(), allow_null=True, help_text="What the token is for; null for a browser that is signed in."
    )
    expires_on = serializers.DateField(allow_null=True, help_text="The last day of the token.")


class EventCourse(Shape):
    code = text()
    title = text()
    level = text()
    delivery = choice(Course.Delivery.choices)
    duration = choice(Course.Duration.choices)


class EventRow(Shape):
    """One dated delivery of a course."""

    reference = text()
    course = EventCourse()
    state = choice(Event.State.choices)
    in_house = serializers.BooleanField(help_text="For one agency or team, not in the public programme.")
    tentative = serializers.BooleanField(help_text=TENTATIVE)
    starts_at = moment("The first session's start; null while there is no date.", null=True)
    ends_at = moment(null=True)
    venue = text("Empty while it is not known.")
    places = whole()
    places_left = whole(
        "Places that somebody who comes now can have: free, and not wanted by who waits or kept for some agencies."
    )
    has_places = serializers.BooleanField(help_text="Whether a booking made now gets a place, and does not wait.")
    booked = whole(f"Places held; {HIDDEN}.", null=True)
    waiting = whole(f"On the waiting list; {HIDDEN}.", null=True)


class EventSession(Shape):
    number = whole("From 1, in the order of time.")
    starts_at = moment()
    ends_at = moment()
    room = text("Empty while it is not known.")
    trainers = serializers.ListField(child=text())


class EventDetail(EventRow):
    """An event with its sessions, and what a place costs who does not use it."""

    cancelled_reason = text()
    sessions = EventSession(many=True)
    cost = text("What cancelling and not coming would cost who books now; empty for nothing.")


class ChargedEvent(Shape):
    reference = text()
    course_code = text()
    course_title = text()
    starts_at = moment(null=True)
    ends_at = moment(null=True)


class BookedEvent(ChargedEvent):
    tentative = serializers.BooleanField(help_text=TENTATIVE)


class Named(Shape):
    reference = text()
    name = text()


class BookingRow(Shape):
    """A delegate's claim on a place."""

    reference = text()
    state = choice(Booking.State.choices)
    source = choice(Booking.Source.choices)  # type: ignore[assignment]  # a field of this name, not of the class
    outcome = choice(Booking.Outcome.choices, "How it ended; null while that is not known.", null=True)
    event = BookedEvent()
    delegate = Named()
    agency = Named(help_text="The delegate's agency when it was booked.")
    booked_at = moment()
    placed_at = moment("When it first held a place; null for who only waits.", null=True)
    cancelled_at = moment("When the cancellation was received.", null=True)


class Cancelling(Shape):
    free_until = moment("Cancelling before this moment costs nothing; null where it never costs anything.", null=True)
    costs_now = money("What cancelling now is charged with; null for nothing.", null=True)
    in_words = text()


class BookingDetail(BookingRow):
    """A booking with what cancelling it costs."""

    position = whole("On the waiting list, from 1; null for who does not wait.", null=True)
    notice = whole("Working days of notice given by a cancellation.", null=True)
    replaces = text("The booking whose place this one took over.", allow_null=True)
    replaced_by = text(allow_null=True)
    cancelling = Cancelling(allow_null=True, help_text="null when it holds no place, or can no longer be cancelled.")


class RegisterLine(Shape):
    booking = text("The booking's reference.")
    delegate = text()
    agency = text()
    attendance = choice(Mark.Attendance.choices, "null while nobody has marked it", null=True)
    minutes = whole("How late, or how long before the end; null where nobody noted it.", null=True)
    marked_by = text("Empty for nobody, and for a programme workbook.")
    marked_at = moment(null=True)


class RegisterDetail(Shape):
    """The register of one session."""

    number = whole("The session's, from 1 in the order of time.")
    starts_at = moment()
    ends_at = moment()
    handed_in_at = moment(null=True)
    head_count = whole("How many people were counted in the room.", null=True)
    closed_at = moment(null=True)
    lines = RegisterLine(many=True)


class EventRegisters(Shape):
    """The registers of an event, session by session."""

    event = text("The event's reference.")
    registers = RegisterDetail(many=True)


class ChargeRow(Shape):
    """One sum for one booking."""

    reference = text()
    state = choice(Charge.State.choices)
    reason = choice([("did-not-attend", ""), ("cancelled-late", ""), ("part-attended", "")])
    explanation = text("What it is for, in words.")
    net_amount = money()
    vat_amount = money()
    booking = text("The booking's reference.")
    delegate = text()
    agency = Named()
    event = ChargedEvent()
    proposed_at = moment()
    answer_by = serializers.DateField(allow_null=True, help_text="The last day on which it may be answered.")
    waiver = choice([("", "Not waived"), *Charge.Waiver.choices], "Why it is waived; empty if it is not.")
    invoice = text("The invoice that it is on.", allow_null=True)


class ChargeDetail(ChargeRow):
    """A charge with what was answered and decided."""

    outcome = choice(Booking.Outcome.choices, "The booking's; null while a register is open.", null=True)
    dispute = choice([("", "Not disputed"), *Charge.Dispute.choices])
    disputed_at = moment(null=True)
    decided_at = moment(null=True)
    decided_by = text("The person's name, or what decided where no person did; empty while it is to decide.")


class InvoiceRow(Shape):
    """One or more charges to one payer, as issued."""

    reference = text()
    payer = Named()
    month = serializers.DateField(help_text="The first day of the month of the events.")
    issued_at = moment()
    due_on = serializers.DateField()
    net_amount = money()
    vat_amount = money()
    gross_amount = money("To pay.")


class InvoiceLine(Shape):
    charge = text("The charge's reference.")
    booking = text("The booking's reference.")
    event = text("The event's reference.")
    event_on = serializers.DateField()
    course = text()
    reason = text()
    net_amount = money()
    vat_rate = serializers.DecimalField(max_digits=5, decimal_places=2, help_text="In per cent.")
    vat_amount = money()


class InvoiceDetail(InvoiceRow):
    """An invoice with its lines and the parties as they were."""

    seller = text("The name of who issued it.")
    purchase_order = text()
    lines = InvoiceLine(many=True)
