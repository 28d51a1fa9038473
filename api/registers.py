"""The registers of an event: reading, marking, handing in, closing, for those who may on the page."""

from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api import shapes
from api.bodies import Body
from api.models import Scope
from api.views import PersonRequest, View, require, sent
from bookings import permissions, register
from bookings.attendance import IN_THE_ROOM
from bookings.models import Booking, Mark
from bookings.models.register import MOST_MINUTES
from bookings.refusals import RegisterRefused
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session
from training.permissions import trains

MOST_MARKS = 200
WHO_MARKS = "The event’s trainers and coordinators"
# Whatever was asked, the answer is how the registers are then.
described = partial(extend_schema, responses={200: shapes.EventRegisters}, tags=["Registers"])


class CountDiffers(RegisterRefused):
    """The head count is another than the marks say, or somebody is not marked."""


class NewMark(Body):
    """One delegate's attendance."""

    booking = serializers.CharField(max_length=12, help_text="The booking's reference.")
    attendance = serializers.ChoiceField(choices=Mark.Attendance.choices)
    minutes = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="How late, or how long before the end the delegate left; for other marks it is left out.",
    )
    seen = serializers.ChoiceField(
        required=False,
        allow_null=True,
        choices=Mark.Attendance.choices,
        help_text="The mark that you saw, null for none: if somebody has marked otherwise since, theirs is kept and "
        "this is refused. Without it your mark replaces any other.",
    )


class Marks(Body):
    """Marks of one session: all are made, or none."""

    marks = serializers.ListField(child=NewMark(), min_length=1, max_length=MOST_MARKS)


class HandIn(Body):
    """What was counted in the room."""

    head_count = serializers.IntegerField(min_value=0, max_value=5000, help_text="Delegates, walk-ins included.")
    as_it_is = serializers.BooleanField(
        default=False, help_text="true: hand in although the count differs from the marks, or somebody is not marked."
    )


class Reopening(Body):
    """Why the registers are opened again."""

    reason = serializers.CharField(max_length=200, help_text="It is kept with the register.")


class Registers(View):
    scopes = {"GET": Scope.REGISTERS}

    @described(
        operation_id="read_registers",
        summary="Read the registers of an event",
        description="Every session with a line for each delegate. For the event's trainers and coordinators.",
    )
    def get(self, request: PersonRequest, reference: str) -> Response:
        event = _event(request.person, reference)
        require(may(request.person, Right.MARK_REGISTERS) or trains(request.person, event), who=WHO_MARKS)
        return Response(registers_of(event))


class MarkRegister(View):
    scopes = {"POST": Scope.REGISTERS}

    @described(
        operation_id="mark_register",
        summary="Mark delegates at a session",
        description="From the session's day on, until the register is closed. The same again changes nothing.",
        request=Marks,
        examples=[
            OpenApiExample(
                "One came, one did not",
                {"marks": [{"booking": "K7QX2MPRT4", "attendance": "present"},
                           {"booking": "W3HCJ9NTFD", "attendance": "absent", "seen": None}]},
                request_only=True,
            )
        ],
    )  # fmt: skip
    def post(self, request: PersonRequest, reference: str, number: int) -> Response:
        session = _session(request.person, reference, number)
        marks = sent(request, Marks)["marks"]
        known = session.event.bookings.all() | Booking.objects.expected_at(session)
        on_it = known.select_related("delegate").in_bulk([mark["booking"] for mark in marks], field_name="reference")
        unknown = {
            f"marks.{place}.booking": ["No booking of this event has this reference."]
            for place, mark in enumerate(marks)
            if mark["booking"] not in on_it
        }
        if unknown:
            raise serializers.ValidationError(unknown)
        with transaction.atomic():
            for mark in marks:
                seen = {"seen": mark["seen"]} if "seen" in mark else {}
                register.mark(
                    session=session,
                    booking=on_it[mark["booking"]],
                    attendance=mark["attendance"],
                    minutes=mark.get("minutes"),
                    by=request.person,
                    **seen,
                )
        return Response(registers_of(session.event))


class HandInRegister(View):
    scopes = {"POST": Scope.REGISTERS}

    @described(
        operation_id="hand_in_register",
        summary="Hand in the register of a session",
        description="With the number of people counted in the room; again until it is closed corrects that.",
        request=HandIn,
        examples=[OpenApiExample("Twelve in the room", {"head_count": 12}, request_only=True)],
    )
    def post(self, request: PersonRequest, reference: str, number: int) -> Response:
        session = _session(request.person, reference, number)
        body = sent(request, HandIn)
        if not body["as_it_is"]:
            _refuse_differences(session, body["head_count"])
        register.hand_in(session=session, head_count=body["head_count"], by=request.person)
        return Response(registers_of(session.event))


class CloseRegisters(View):
    scopes = {"POST": Scope.REGISTERS}

    @described(
        operation_id="close_registers",
        summary="Close the registers of an event",
        description="All of them, once handed in and fully marked: each booking then has its outcome. For "
        "coordinators. Again changes nothing.",
        request=None,
    )
    def post(self, request: PersonRequest, reference: str) -> Response:
        event = _event_to_close(request.person, reference)
        register.close(event=event, by=request.person)
        return Response(registers_of(event))


class ReopenRegisters(View):
    scopes = {"POST": Scope.REGISTERS}

    @described(
        operation_id="reopen_registers",
        summary="Open closed registers again",
        description="Outcomes are unknown again until they are closed once more. For coordinators.",
        request=Reopening,
    )
    def post(self, request: PersonRequest, reference: str) -> Response:
        event = _event_to_close(request.person, reference)
        register.reopen(event=event, by=request.person, reason=sent(request, Reopening)["reason"])
        return Response(registers_of(event))


def registers_of(event: Event) -> dict[str, Any]:
    """As shapes.EventRegisters, in four queries."""
    marks = {
        (session, booking): mark
        for session, booking, *mark in Mark.objects.filter(session__event=event).values_list(
            "session", "booking", "attendance", "minutes", "marked_by__name", "marked_at"
        )
    }
    delegates = list(
        event.bookings.on_the_register()
        .order_by("delegate__sort_name", "pk")
        .values_list("pk", "reference", "delegate__name", "agency__name")
    )
    making_up: dict[int | None, list[tuple[Any, ...]]] = {}
    for session, *line in (
        event.make_ups.live()
        .order_by("booking__delegate__sort_name", "booking")
        .values_list("session", "booking", "booking__reference", "booking__delegate__name", "booking__agency__name")
    ):
        making_up.setdefault(session, []).append(tuple(line))
    sessions = event.sessions.select_related("register").order_by("starts_at", "id")
    return {
        "event": event.reference,
        "registers": [
            _register(session, number, [*delegates, *making_up.get(session.pk, ())], marks)
            for number, session in enumerate(sessions, 1)
        ],
    }


def _register(
    session: Session, number: int, delegates: list[tuple[Any, ...]], marks: dict[tuple[int, int], list[Any]]
) -> dict[str, Any]:
    kept = getattr(session, "register", None)
    lines = []
    for pk, booking, delegate, agency in delegates:
        attendance, minutes, marked_by, marked_at = marks.get((session.pk, pk), (None, None, None, None))
        lines.append(
            {
                "booking": booking,
                "delegate": delegate,
                "agency": agency,
                "attendance": attendance,
                "minutes": minutes,
                "marked_by": marked_by or "",
                "marked_at": marked_at,
            }
        )
    return {
        "number": number,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "handed_in_at": kept.handed_in_at if kept else None,
        "head_count": kept.head_count if kept else None,
        "closed_at": kept.closed_at if kept else None,
        "lines": lines,
    }


def _event(person: Person, reference: str) -> Event:
    """The event, if it is one that has registers."""
    events = Event.objects.visible_to(person).filter(state=Event.State.PUBLISHED)
    return get_object_or_404(events.select_related("course"), reference=reference)


def _event_to_close(person: Person, reference: str) -> Event:
    event = _event(person, reference)
    require(permissions.may_close(person), who="A coordinator")
    return event


def _session(person: Person, reference: str, number: int) -> Session:
    event = _event(person, reference)
    sessions = list(event.sessions.select_related("register").order_by("starts_at", "id"))
    if not 1 <= number <= len(sessions):
        raise Http404
    session = sessions[number - 1]
    session.event = event
    require(permissions.may_mark(person, session), who=WHO_MARKS)
    return session


def _refuse_differences(session: Session, head_count: int) -> None:
    marked = list(session.marks.values_list("attendance", flat=True))
    unmarked = Booking.objects.expected_at(session).count() - len(marked)
    there = sum(attendance in IN_THE_ROOM for attendance in marked)
    if unmarked > 0 or there != head_count:
        not_marked = f" and {unmarked} not marked" if unmarked > 0 else ""
        raise CountDiffers(
            f"The marks say that {there} were in the room{not_marked}; you counted {head_count}. Check the register, "
            "or send as_it_is: true if that is right. Nothing was changed."
        )
