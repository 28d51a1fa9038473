"""Copying an event to other dates: looked at first, and made all or none, as drafts or published at once."""

import re
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    ClosingDayFactory,
    EventFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    at_half_past_nine,
)
from tests.frontend.joining import text_of
from training.models import Event

pytestmark = pytest.mark.django_db


def copy(event, days=60, **asked):
    day = at_half_past_nine(days)
    first = {"first-day": day.day, "first-month": day.month, "first-year": day.year}
    asked = first | {"number": 1, "every": 1, "unit": "weeks"} | asked
    return f"{reverse('planning:copy', args=[event.reference])}?{urlencode(asked)}"


def on(days):
    return at_half_past_nine(days).date().isoformat()


@pytest.mark.parametrize("count", [1, 50])
def test_the_dates_take_eight_statements_at_one_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory()
    SessionTrainerFactory(session=event.sessions.get())
    with django_assert_num_queries(8):
        page = client.get(copy(event, number=count)).content.decode()
    assert page.count('name="day"') == count


@time_machine.travel("2026-11-20 12:00")
def test_dates_are_shown_with_what_speaks_against_them_and_those_chosen_are_made(client, sign_in):
    sign_in("coordinator")
    event, room = EventFactory(days=21), RoomFactory()  # a Friday
    event.sessions.update(room=room)
    SessionFactory(room=room, starts_at=at_half_past_nine(42))
    ClosingDayFactory(day=at_half_past_nine(35).date())
    asked = copy(event, 28, number=3, further="19 December 2026")
    page = client.get(asked).content.decode()
    assert re.findall(r'value="(2026-\d\d-\d\d|2027-\d\d-\d\d)"( checked)?', page) == [
        ("2026-12-18", " checked"),
        ("2026-12-19", ""),
        ("2026-12-25", ""),
        ("2027-01-01", ""),
    ]
    assert all(words in page for words in ("A weekend.", "A bank holiday or closing day.", f"{room} is taken by"))
    refused = client.post(asked, {"day": ["2026-12-18", "2027-01-01"]})
    assert "Say why both may be" in text_of(refused)
    assert len(re.findall(r'value="202\d-\d\d-\d\d" checked', refused.content.decode())) == 2
    done = client.post(asked, {"day": ["2026-12-18", "2027-01-01"], "reason": "The wall folds away"})
    assert "2 drafts of" in text_of(client.get(done.url))
    made = Event.objects.filter(course=event.course, state="draft").order_by("starts_at")
    assert [timezone.localdate(one.starts_at).isoformat() for one in made] == ["2026-12-18", "2027-01-01"]


def test_one_copy_leads_to_it(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    done = client.post(copy(event), {"day": on(60)})
    made = Event.objects.get(state="draft")
    assert done.url == reverse("events:event", args=[made.reference])


def test_a_series_is_published_at_once(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    done = client.post(copy(event, number=3), {"day": [on(60), on(67), on(74)], "publish": "yes"})
    page = text_of(client.get(done.url))
    made = Event.objects.exclude(pk=event.pk).order_by("starts_at")
    assert [(one.state, one.first_places) for one in made] == [("published", event.places)] * 3
    said, _, listed = page.partition("They can be booked.")
    assert f"3 events of {event.course} published: {made[0].reference} to {made[2].reference}." in said
    assert all(one.reference in listed for one in made)


def test_a_series_of_which_one_clashes_without_a_reason_is_neither_made_nor_published(client, sign_in):
    sign_in("coordinator")
    event, room = EventFactory(), RoomFactory()
    event.sessions.update(room=room)
    SessionFactory(room=room, starts_at=at_half_past_nine(67))
    days = {"day": [on(60), on(67)], "publish": "yes"}
    assert "Say why both may be" in text_of(client.post(copy(event, number=2), days))
    assert not event.course.events.exclude(pk=event.pk).exists()


def test_that_the_link_to_join_is_not_copied_is_said_before(client, sign_in):
    sign_in("coordinator")
    says = "The link to join online is not"
    assert says not in text_of(client.get(copy(EventFactory())))
    assert says in text_of(client.get(copy(EventFactory(online_link="https://meet.example/1"))))


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"first-day": "31", "first-month": "2"}, "must be a real date"),
        ({"further": "sometime soon"}, "Write each date like 3 March 2027"),
        ({"further": "3 March 2020"}, "must be in the future"),
        ({"number": "90"}, "52"),
    ],
)
def test_what_is_no_date_is_told(client, sign_in, asked, problem):
    sign_in("coordinator")
    page = client.get(copy(EventFactory(), **asked))
    assert problem in text_of(page)
    assert 'name="day"' not in page.content.decode()


def test_none_chosen_is_told_and_what_has_no_session_cannot_be_copied(client, sign_in):
    sign_in("coordinator")
    assert "Choose at least one date" in text_of(client.post(copy(EventFactory()), {}))
    assert "nothing to copy" in text_of(client.get(copy(EventFactory(sessions=0, state="draft"))))
