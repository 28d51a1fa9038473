"""A bare Django beside which the pages are measured: no middleware, no sign-in, no history, no guards.

It books with the least that is right (lock the event, count, insert, in one transaction) and lists 50 events with their
course through Django's own templates. Served by the same server with the same settings for the database.
"""

import os
from pathlib import Path
from typing import Any, ClassVar

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.environment import Environment

LIST = """<!doctype html><html lang="en"><head><title>Events</title></head><body><h1>Events</h1><table>
<thead><tr><th>Event</th><th>Course</th><th>Date</th><th>Places</th><th>State</th></tr></thead><tbody>
{% for event in events %}<tr><td><a href="/events/{{ event.reference }}/">{{ event.reference }}</a></td>
<td>{{ event.course.title }}</td><td>{{ event.starts_at|date:"j F Y" }}</td><td>{{ event.places }}</td>
<td>{{ event.state }}</td></tr>{% endfor %}</tbody></table></body></html>"""

VAR = Path(__file__).resolve().parent.parent.parent / "var"

if os.environ.get("BARE_SERVES"):
    settings.configure(
        SECRET_KEY="bare",  # noqa: S106  # it signs nothing
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": Environment(var=VAR).database()},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"list.html": LIST})],
                        )
                    ]
                },
            }
        ],
        USE_TZ=True,
    )
    django.setup()

from django.db import models, transaction  # noqa: E402  # models need the settings
from django.shortcuts import render  # noqa: E402


class Course(models.Model):
    title = models.CharField(max_length=200)

    objects: ClassVar[models.Manager["Course"]] = models.Manager()

    class Meta:
        app_label, db_table = "bare", "bare_course"

    def __str__(self) -> str:
        return self.title


class Event(models.Model):
    course = models.ForeignKey(Course, on_delete=models.PROTECT)
    reference = models.CharField(max_length=12)
    starts_at = models.DateTimeField()
    places = models.PositiveIntegerField()
    state = models.CharField(max_length=20)

    objects: ClassVar[models.Manager["Event"]] = models.Manager()

    class Meta:
        app_label, db_table = "bare", "bare_event"

    def __str__(self) -> str:
        return self.reference


class Booking(models.Model):
    event = models.ForeignKey(Event, on_delete=models.PROTECT)
    delegate = models.PositiveIntegerField()
    booked_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Booking"]] = models.Manager()

    class Meta:
        app_label, db_table = "bare", "bare_booking"

    def __str__(self) -> str:
        return str(self.pk)


def book(request: HttpRequest, event: int, delegate: int) -> HttpResponse:
    with transaction.atomic():
        locked = Event.objects.select_for_update().get(pk=event)
        if Booking.objects.filter(event=locked).count() >= locked.places:
            return HttpResponse("full", status=409)
        Booking.objects.create(event=locked, delegate=delegate)
    return HttpResponse("booked")


def events(request: HttpRequest) -> HttpResponse:
    return render(request, "list.html", {"events": Event.objects.select_related("course").order_by("id")[:50]})


urlpatterns = [path("book/<int:event>/<int:delegate>/", book), path("events/", events)]


def make_tables(number_of_events: int, **values: Any) -> list[int]:
    """The tables with so many events of one course; returns the events' ids."""
    from django.db import connection

    with connection.schema_editor() as editor:
        for model in (Course, Event, Booking):
            editor.create_model(model)
    course = Course.objects.create(title="Working together to safeguard children")
    made = Event.objects.bulk_create(
        Event(course=course, reference=f"E{n:09}", state="published", **values) for n in range(number_of_events)
    )
    return [event.pk for event in made]


application = get_wsgi_application() if os.environ.get("BARE_SERVES") else None
