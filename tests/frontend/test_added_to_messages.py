"""What a course adds to its messages: entered on a page, shown as it reads, and said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bookings import reminders
from outbox import templates
from tests.factories import BookingFactory, CourseFactory

pytestmark = pytest.mark.django_db
WORDS = "Please read before:\r\n\r\nthe guide to $thresholds."


def door(course):
    return reverse("finding:added_to_messages", args=[course.code])


def joining_posted(booking):
    """How many are told how to join three days before, in the morning."""
    return reminders.remind(booking.event.starts_at - timedelta(days=3))["joining_instructions"]


def test_it_is_entered_shown_and_said_in_confirmations_and_joining_instructions(client, sign_in, monkeypatch):
    sign_in("coordinator")
    booking = BookingFactory(event__days=3)
    course = booking.event.course
    assert door(course) in client.get(reverse("finding:course", args=[course.code])).content.decode()
    shown = client.post(door(course), {"words": WORDS, "preview": "1"}).content.decode()
    assert shown.count("the guide to $thresholds.") == 3  # the field, and two messages
    course.refresh_from_db()
    assert course.added_to_messages == ""
    assert client.post(door(course), {"words": WORDS}).status_code == 302
    assert client.get(door(course)).content.decode().count("the guide to $thresholds.") == 3
    monkeypatch.setattr(reminders, "is_due", lambda *_: True)
    for name in ("booking_confirmed", "joining_instructions"):
        assert "Please read before:\n\nthe guide to $thresholds.\n\n" in templates.make(name, booking.reference).body


def test_who_has_a_place_is_told_how_to_join_where_only_the_course_says_something():
    booking = BookingFactory(event__days=3, event__course__added_to_messages="Bring the guide.")
    assert joining_posted(booking) == 1


def test_a_course_that_adds_nothing_leaves_no_hole_and_nothing_to_say_about_joining():
    booking = BookingFactory(event__days=3)
    assert "\n\n\n" not in templates.make("booking_confirmed", booking.reference).body
    assert joining_posted(booking) == 0


def test_too_much_is_refused_and_kept_on_the_page(client, sign_in):
    sign_in("coordinator")
    page = client.post(door(CourseFactory()), {"words": "x" * 2001}).content.decode()
    assert "There is a problem" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_takes_six_statements(client, sign_in, django_assert_num_queries, method):
    sign_in("coordinator")
    course = CourseFactory()
    with django_assert_num_queries(6):
        getattr(client, method)(door(course), {"words": "x", "preview": "1"})
