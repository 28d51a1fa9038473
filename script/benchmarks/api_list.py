"""The API's list of 100 bookings beside a nested ModelSerializer of REST framework with the same rows and fields.

Both behind the same address, sign-in, count and page, its rows read with select_related; whole requests, in process, in
rounds that take turns. Both must answer the same.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from script.benchmarks._database import own_database

GOAL = 0.6  # of the nested serializer's time, at most
ROWS, REQUESTS = 100, 20


def world() -> dict[str, str]:
    """Bookings of 100 events, and the header of a coordinator's token."""
    from django.utils import timezone

    from api import tokens
    from bookings.models import Booking
    from people.models import Account, Agency, Person, RoleGrant
    from training.models import Course, Event, Session

    agencies = Agency.objects.bulk_create(Agency(name=f"Agency {n}", type="other") for n in range(10))
    course = Course.objects.create(code="C", title="Course", delivery="face-to-face", duration="full-day")
    account = Account.objects.create(email="coordinator@example.org")
    officer = Person.objects.create(name="Officer", email=account.email, agency=agencies[0], account=account)
    RoleGrant.objects.create(person=officer, role="coordinator")
    persons = Person.objects.bulk_create(
        Person(name=f"Delegate {n}", sort_name=f"{n:04}", email=f"d{n}@example.org", agency=agencies[n % 10])
        for n in range(ROWS)
    )
    now = timezone.now()
    events = Event.objects.bulk_create(Event(course=course, places=20, state="published") for _ in range(ROWS))
    Session.objects.bulk_create(
        Session(event=event, starts_at=now + timedelta(days=n), ends_at=now + timedelta(days=n, hours=7))
        for n, event in enumerate(events)
    )
    Booking.objects.bulk_create(
        Booking(event=event, delegate=person, agency=person.agency, state="confirmed", booked_at=now, placed_at=now,
                booked_by=officer)
        for event, person in zip(events, persons, strict=True)
    )  # fmt: skip
    last = timezone.localdate() + timedelta(days=30)
    _, secret = tokens.make(account=account, by=officer, name="Benchmark", scopes=["read"], expires_on=last)
    return {"Authorization": f"Bearer {secret}"}


def nested() -> type[Any]:
    """The same list as REST framework's books write it."""
    from rest_framework import serializers
    from rest_framework.response import Response

    from api.bookings import BookingQuery, Bookings
    from api.views import asked
    from bookings.models import Booking
    from people.models import Agency, Person
    from training.models import Event

    class OfEvent(serializers.ModelSerializer[Event]):
        course_code = serializers.CharField(source="course.code")
        course_title = serializers.CharField(source="course.title")

        class Meta:
            model = Event
            fields = ("reference", "course_code", "course_title", "starts_at", "ends_at")

    class OfPerson(serializers.ModelSerializer[Person]):
        class Meta:
            model = Person
            fields = ("reference", "name")

    class OfAgency(serializers.ModelSerializer[Agency]):
        class Meta:
            model = Agency
            fields = ("reference", "name")

    class OfBooking(serializers.ModelSerializer[Booking]):
        event, delegate, agency = OfEvent(), OfPerson(), OfAgency()
        cancelled_at = serializers.DateTimeField(source="received_at")

        class Meta:
            model = Booking
            fields = (
                "reference", "state", "source", "outcome", "event", "delegate", "agency", "booked_at", "placed_at",
                "cancelled_at",
            )  # fmt: skip

    class Nested(Bookings):
        def get(self, request: Any) -> Response:
            query = asked(request, BookingQuery)
            rows = query.applied_to(Booking.objects.opened_by(request.person))
            found = rows.select_related("event__course", "delegate", "agency")[:ROWS]
            results = OfBooking(found, many=True).data
            return Response({"count": rows.count(), "next": None, "previous": None, "results": results})

    return Nested


def asking(view: Callable[..., Any], headers: dict[str, str]) -> Callable[[], bytes]:
    """One whole request to the view, its answer rendered."""
    from django.contrib.auth.models import AnonymousUser
    from django.test import RequestFactory

    factory = RequestFactory()

    def ask() -> bytes:
        request = factory.get("/api/v1/bookings", {"page_size": ROWS}, headers=headers)
        request.user = AnonymousUser()
        response = view(request)
        response.render()
        body: bytes = response.content
        return body

    return ask


def milliseconds(ask: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    for _ in range(REQUESTS):
        ask()
    return (time.perf_counter() - began) / REQUESTS * 1000


def statements(ask: Callable[[], bytes]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="3 or more")
    rounds = max(3, parser.parse_args().rounds)
    with own_database("api"):
        from django.conf import settings

        settings.API_REQUESTS_A_MINUTE = {"holder": 10**9, "address": 10**9}
        headers = world()
        from api.bookings import Bookings

        ours, theirs = asking(Bookings.as_view(), headers), asking(nested().as_view(), headers)
        ours(), theirs()  # the first use of the token is noted, the first query compiled
        same = json.loads(ours()) == json.loads(theirs()) and len(json.loads(ours())["results"]) == ROWS
        counts = statements(ours), statements(theirs)
        found: dict[Callable[[], bytes], list[float]] = {ours: [], theirs: []}
        for number in range(rounds):
            for ask in (ours, theirs) if number % 2 else (theirs, ours):
                found[ask].append(milliseconds(ask))
    ratios = [mine / nested for mine, nested in zip(found[ours], found[theirs], strict=True)]
    passes = same and statistics.median(ratios) <= GOAL
    print(f"milliseconds for a list of {ROWS} bookings, whole requests, median of {rounds} rounds of {REQUESTS}")
    for words, ask, count in (("nested serializer", theirs, counts[1]), ("Turnout", ours, counts[0])):
        times = found[ask]
        print(f"{words:18} {statistics.median(times):6.1f} [{min(times):.1f}, {max(times):.1f}], {count} statements")
    print(
        f"Turnout : nested {statistics.median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]; "
        f"goal: at most {GOAL}  {'pass' if passes else 'FAIL'}"
    )
    if not same:
        print("FAIL  the two do not answer the same")
    sys.exit(not passes)


if __name__ == "__main__":
    main()
