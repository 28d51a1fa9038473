"""Bookings: those that the person may open, booking a place, and cancelling."""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api import shapes
from api.bodies import Body
from api.events import is_tentative
from api.models import Scope
from api.queries import Query, YearField
from api.views import PersonRequest, View, asked, page_of, require, sent
from bookings import permissions, places
from bookings.cost_in_words import cost_of_booking, pounds
from bookings.models import Booking
from bookings.refusals import BookingRefused
from people.models import Person
from training.models import Event

COLUMNS = (
    "reference", "state", "source", "outcome", "booked_at", "placed_at", "received_at",
    "event__reference", "event__certainty", "event__state", "event__starts_at", "event__ends_at",
    "event__course__code", "event__course__title",
    "delegate__reference", "delegate__name", "agency__reference", "agency__name",
)  # fmt: skip
WHO_CANCELS = "The delegate, their line manager or a coordinator"


class CostNotAgreed(BookingRefused):
    """Cancelling is charged, and who asks has not said that they know."""


class BookingQuery(Query):
    event = serializers.CharField(required=False, max_length=20, help_text="An event's reference.")
    delegate = serializers.CharField(required=False, max_length=12, help_text="A person's reference.")
    agency = serializers.CharField(required=False, max_length=12, help_text="An agency's reference.")
    course = serializers.CharField(required=False, max_length=20, help_text="A course's code.")
    year = YearField(required=False, help_text="The financial year of the event's last session.")
    state = serializers.ChoiceField(required=False, choices=Booking.State.choices)
    outcome = serializers.ChoiceField(required=False, choices=Booking.Outcome.choices)

    orders = {
        "starts_at": ("event__starts_at", "delegate__sort_name", "id"),
        "booked_at": ("booked_at", "id"),
        "delegate": ("delegate__sort_name", "event__starts_at", "id"),
        "agency": ("agency__name", "event__starts_at", "id"),
    }
    conditions = {
        "event": "event__reference",
        "delegate": "delegate__reference",
        "agency": "agency__reference",
        "course": "event__course__code",
        "state": "state",
        "outcome": "outcome",
        "year": lambda year: year.holds("event__ends_at"),
    }


class NewBooking(Body):
    """Whom to book on what."""

    event = serializers.CharField(max_length=20, help_text="The event's reference.")
    delegate = serializers.CharField(
        required=False, max_length=12, help_text="The person's reference; without it you book yourself."
    )


class Cancellation(Body):
    """How a booking is cancelled."""

    cost = serializers.DecimalField(
        required=False,
        max_digits=9,
        decimal_places=2,
        min_value=Decimal(0),
        help_text="Where cancelling is charged: the sum that the booking shows as costs_now, to say that you know.",
    )
    received_at = serializers.DateTimeField(
        required=False, help_text="For coordinators: when the cancellation was received, if not now."
    )
    received_from = serializers.CharField(
        required=False, max_length=100, help_text="For coordinators: how and from whom."
    )


class Bookings(View):
    scopes = {"GET": Scope.READ, "POST": Scope.BOOK}

    @extend_schema(
        operation_id="list_bookings",
        summary="List bookings",
        description="Your own, your staff's and your agency's bookings; all of them to a coordinator.",
        parameters=[BookingQuery],
        responses={200: shapes.page_of(shapes.BookingRow)},
        tags=["Bookings"],
    )
    def get(self, request: PersonRequest) -> Response:
        query = asked(request, BookingQuery)
        rows = query.applied_to(Booking.objects.opened_by(request.person))
        return page_of(request, query, rows.values_list(*COLUMNS), booking_row)

    @extend_schema(
        operation_id="book_place",
        summary="Book a place",
        description="Gives the delegate a place, or the end of the waiting list, or where the course needs it asks for "
        "approval: state says which. cancelling says what giving it up would cost; the event shows the same before "
        "you book.",
        request=NewBooking,
        responses={201: shapes.BookingDetail},
        examples=[OpenApiExample("Book yourself", {"event": "K7QX2MPRT4"}, request_only=True)],
        tags=["Bookings"],
    )
    def post(self, request: PersonRequest) -> Response:
        body, person = sent(request, NewBooking), request.person
        event = Event.objects.visible_to(person).select_related("course").filter(reference=body["event"]).first()
        if event is None:
            raise serializers.ValidationError({"event": ["No event that you may see has this reference."]})
        booking = places.book(event=event, delegate=_delegate(person, body.get("delegate")), by=person)
        address = reverse("api:booking", args=[booking.reference], request=request)
        return Response(detail(person, booking.reference), status=201, headers={"Location": address})


class OneBooking(View):
    scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="read_booking",
        summary="Read a booking",
        description="With what cancelling it costs now, and until when it is free.",
        responses={200: shapes.BookingDetail},
        tags=["Bookings"],
    )
    def get(self, request: PersonRequest, reference: str) -> Response:
        return Response(detail(request.person, reference))


class CancelBooking(View):
    scopes = {"POST": Scope.BOOK}

    @extend_schema(
        operation_id="cancel_booking",
        summary="Cancel a booking",
        description="Gives the place back, or leaves the waiting list. For ten minutes it can be brought back on the "
        "booking's page. Where cancelling now is charged, it is refused with the sum unless cost names that sum.",
        request=Cancellation,
        responses={200: shapes.BookingDetail},
        examples=[OpenApiExample("Cancel late, knowing the cost", {"cost": "75.00"}, request_only=True)],
        tags=["Bookings"],
    )
    def post(self, request: PersonRequest, reference: str) -> Response:
        body, person = sent(request, Cancellation), request.person
        booking = _booking(person, reference)
        require(permissions.may_cancel(person, booking), who=WHO_CANCELS)
        received = {name: body[name] for name in ("received_at", "received_from") if name in body}
        if received:
            require(permissions.may_enter_cancellations(person), who="A coordinator")
        _agree_on_the_cost(booking, body)
        places.cancel(booking=booking, by=person, **received)
        return Response(detail(person, reference))


def booking_row(values: tuple[Any, ...]) -> dict[str, Any]:
    """COLUMNS as shapes.BookingRow."""
    (
        reference, state, source, outcome, booked_at, placed_at, received_at,
        event, certainty, event_state, starts_at, ends_at, code, title, delegate, name, agency, agency_name,
    ) = values  # fmt: skip
    return {
        "reference": reference,
        "state": state,
        "source": source,
        "outcome": outcome,
        "event": {
            "reference": event,
            "course_code": code,
            "course_title": title,
            "tentative": is_tentative(certainty, event_state),
            "starts_at": starts_at,
            "ends_at": ends_at,
        },
        "delegate": {"reference": delegate, "name": name},
        "agency": {"reference": agency, "name": agency_name},
        "booked_at": booked_at,
        "placed_at": placed_at,
        "cancelled_at": received_at,
    }


def detail(person: Person, reference: str) -> dict[str, Any]:
    """A booking as shapes.BookingDetail. Raises Http404, PermissionDenied."""
    booking = _booking(person, reference)
    require(permissions.may_open(person, booking), who="A coordinator")
    successor = getattr(booking, "replaced_by", None)
    return booking_row(tuple(_value(booking, column) for column in COLUMNS)) | {
        "position": _position(booking),
        "notice": booking.notice,
        "replaces": booking.replaces.reference if booking.replaces else None,
        "replaced_by": successor.reference if successor else None,
        "cancelling": _cancelling(booking),
    }


def _booking(person: Person, reference: str) -> Booking:
    seen = Booking.objects.visible_to(person).select_related(
        "event__course", "delegate", "agency", "policy", "replaces", "replaced_by"
    )
    return get_object_or_404(seen, reference=reference)


def _value(booking: Any, column: str) -> Any:
    for name in column.split("__"):
        booking = getattr(booking, name)
    return booking


def _delegate(person: Person, reference: str | None) -> Person:
    """Who is to be booked. Whom the person may not book is answered as if there were nobody."""
    if reference in (None, person.reference):
        return person
    delegate = Person.objects.employed().filter(reference=reference).first()
    if delegate is None or not permissions.may_book(person, delegate):
        raise serializers.ValidationError({"delegate": ["Nobody whom you may book has this reference."]})
    return delegate


def _position(booking: Booking) -> int | None:
    if booking.state != Booking.State.WAITING:
        return None
    earlier = Q(booked_at__lt=booking.booked_at) | Q(booked_at=booking.booked_at, pk__lt=booking.pk)
    return booking.event.bookings.waiting().filter(earlier).count() + 1


def _cancelling(booking: Booking) -> dict[str, Any] | None:
    if booking.state != Booking.State.CONFIRMED or booking.event.has_begun():
        return None
    cost = places.cost_of_cancelling(booking)
    return {
        "free_until": cost.free_until,
        "costs_now": cost.tariff.net_amount if cost.tariff else None,
        "in_words": cost_of_booking(booking, cost),
    }


def _agree_on_the_cost(booking: Booking, body: dict[str, Any]) -> None:
    """Nobody is charged for what they did not know: as on the page, the sum is seen before it is owed."""
    if booking.state != Booking.State.CONFIRMED or booking.event.has_begun():
        return
    tariff = places.cost_of_cancelling(booking, received_at=body.get("received_at")).tariff
    if tariff and tariff.net_amount != body.get("cost"):
        raise CostNotAgreed(
            f"Cancelling is charged with {pounds(tariff.net_amount)}. If that is what you want, send it as cost: "
            f"“{tariff.net_amount}”. Nothing was changed."
        )
