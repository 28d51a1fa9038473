"""Events: the programme that the person sees, and one event with its places left."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from api import shapes
from api.models import Scope
from api.queries import Query, YearField, in_reach
from api.views import PersonRequest, View, asked, page_of
from bookings import counts
from bookings.cost_in_words import cost_of_a_place
from people.models import Person
from people.permissions import Right, may
from training.models import Course, Event, Session
from training.permissions import trains

COLUMNS = (
    "pk", "reference", "state", "is_in_house", "certainty", "starts_at", "ends_at", "venue", "places", "held",
    "waiting", "places_left", "course__code", "course__title", "course__level", "course__delivery", "course__duration",
)  # fmt: skip


class EventQuery(Query):
    course = serializers.CharField(required=False, max_length=20, help_text="A course's code.")
    year = YearField(required=False, help_text="The financial year of the last session.")
    starts_from = serializers.DateField(required=False, validators=[in_reach], help_text="Starts on that day or later.")
    starts_until = serializers.DateField(
        required=False, validators=[in_reach], help_text="Starts on that day or earlier."
    )
    delivery = serializers.ChoiceField(required=False, choices=Course.Delivery.choices)
    state = serializers.ChoiceField(required=False, choices=Event.State.choices)
    has_places = serializers.BooleanField(
        required=False, help_text="true: a booking made now gets a place. false: it does not."
    )

    orders = {
        "starts_at": ("starts_at", "id"),
        "course": ("course__title", "starts_at", "id"),
        "reference": ("reference",),
        "places_left": ("places_left", "starts_at", "id"),
    }

    conditions = {
        "course": "course__code",
        "year": lambda year: year.holds(),
        "starts_from": lambda day: Q(starts_at__gte=_midnight(day)),
        "starts_until": lambda day: Q(starts_at__lt=_midnight(day + timedelta(days=1))),
        "delivery": "course__delivery",
        "state": "state",
        "has_places": lambda wanted: _has_places() if wanted else ~_has_places() | Q(starts_at=None),
    }


class Events(View):
    scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="list_events",
        summary="List events",
        description="The programme that you see: the public one, and drafts and in-house events if they are yours to "
        "see.",
        parameters=[EventQuery],
        responses={200: shapes.page_of(shapes.EventRow)},
        tags=["Events"],
    )
    def get(self, request: PersonRequest) -> Response:
        query = asked(request, EventQuery)
        counted = may(request.person, Right.READ_PROGRAMME)
        rows = query.applied_to(_events(request.person))
        return page_of(request, query, rows.values(*COLUMNS), lambda row: event_row(row, counted=counted))


class OneEvent(View):
    scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="read_event",
        summary="Read an event",
        description="With its sessions, its places left, and what cancelling and not coming would cost.",
        responses={200: shapes.EventDetail},
        tags=["Events"],
    )
    def get(self, request: PersonRequest, reference: str) -> Response:
        person = request.person
        event = _events(person).select_related("course").filter(reference=reference).first()
        if event is None:
            raise Http404
        values = {column: _value(event, column) for column in COLUMNS}
        counted = may(person, Right.READ_PROGRAMME) or trains(person, event)
        return Response(
            event_row(values, counted=counted)
            | {
                "cancelled_reason": event.cancelled_reason,
                "sessions": list(_sessions(event)),
                "cost": cost_of_a_place(event),
            }
        )


def event_row(row: dict[str, Any], *, counted: bool) -> dict[str, Any]:
    """An event as shapes.EventRow; counted: with how many are booked and wait."""
    return {
        "reference": row["reference"],
        "course": {
            "code": row["course__code"],
            "title": row["course__title"],
            "level": row["course__level"],
            "delivery": row["course__delivery"],
            "duration": row["course__duration"],
        },
        "state": row["state"],
        "in_house": row["is_in_house"],
        "tentative": is_tentative(row["certainty"], row["state"]),
        "starts_at": row["starts_at"],
        "ends_at": row["ends_at"],
        "venue": row["venue"],
        "places": row["places"],
        "places_left": row["places_left"],
        "has_places": row["state"] == Event.State.PUBLISHED
        and row["starts_at"] is not None
        and row["starts_at"] > timezone.now()
        and row["places_left"] > 0,
        "booked": row["held"] if counted else None,
        "waiting": row["waiting"] if counted else None,
    }


def is_tentative(certainty: str, state: str) -> bool:
    """As the pages and messages say it: of an event that is off nothing is to be waited for."""
    return certainty != Event.Certainty.SURE and state != Event.State.CANCELLED


def _events(person: Person) -> QuerySet[Any]:
    venues = Session.objects.filter(event=OuterRef("pk")).values("room__venue__name")
    seen = counts.counted(Event.objects.visible_to(person))
    events: QuerySet[Any] = seen.annotate(venue=Coalesce(Subquery(venues[:1]), Value("")))
    return events


def _value(event: Any, column: str) -> Any:
    for name in column.split("__"):
        event = getattr(event, name)
    return event


def _has_places() -> Q:
    return Q(state=Event.State.PUBLISHED, starts_at__gt=timezone.now(), places_left__gt=0)


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _sessions(event: Event) -> Any:
    trainers = ArrayAgg(
        "trainers__trainer__name",
        filter=Q(trainers__trainer__isnull=False),
        distinct=True,
        default=[],
        order_by="trainers__trainer__name",
    )
    # As a room's own text: the venue, and the room's name if it has one.
    room = Func(
        Value(", "),
        "room__venue__name",
        Func(F("room__name"), Value(""), function="nullif"),
        function="concat_ws",
    )
    rows = event.sessions.annotate(trainer_names=trainers, where=room).order_by("starts_at", "id")
    for number, row in enumerate(rows.values("starts_at", "ends_at", "where", "trainer_names"), 1):
        yield {
            "number": number,
            "starts_at": row["starts_at"],
            "ends_at": row["ends_at"],
            "room": row["where"],
            "trainers": row["trainer_names"],
        }
