"""Materials: given by a coordinator, seen by delegates in their time, taken away and given again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import materials
from bookings.models import Booking
from outbox import templates
from tests.factories import BookingFactory, EventFactory, PersonFactory, SessionTrainerFactory, attended
from tests.frontend.joining import text_of
from tests.guards import Breaks, sql
from training import copying
from training.models import Material

pytestmark = pytest.mark.django_db
HANDOUT = {"title": "Handout", "link": "https://example.org/handout.pdf", "when": "after", "whose": "event"}
breaks = Breaks()


def page(event):
    return reverse("events:materials", args=[event.reference])


def given(event, when, **facts):
    return Material.objects.create(event=event, title=when, link=f"https://example.org/{when}", when=when, **facts)


def seen(booking, now=None):
    return [one.when for one in materials.of(booking, now)]


def test_each_is_seen_in_its_time_by_who_it_is_for():
    event = EventFactory()
    for when in ("after", "day", "before"):
        given(event, when)
    booking, waits = BookingFactory(event=event), BookingFactory(event=event, waiting=True)
    assert seen(booking) == ["before"]
    assert seen(waits) == []
    morning = timezone.localtime(event.starts_at).replace(hour=6)
    assert seen(booking, morning) == ["before", "day"]
    for outcome, is_for in (("attended", 3), ("part-attended", 3), ("did-not-attend", 1)):
        booking.outcome = outcome
        assert len(seen(booking, event.ends_at)) == is_for
    booking.state = Booking.State.CANCELLED
    assert seen(booking, event.ends_at) == []


def test_a_coordinator_gives_one_on_a_course_and_the_delegate_finds_it_in_booking_and_message(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    wrong = text_of(client.post(page(event), HANDOUT | {"link": "handout.pdf", "when": ""}))
    assert "Enter the whole address" in wrong
    assert "Select from when" in wrong
    done = client.post(page(event), HANDOUT | {"when": "before", "whose": "course"}, follow=True)
    assert "Handout As soon as they have a place All events of the course" in text_of(done)
    delegate = sign_in()
    booking = BookingFactory(event=EventFactory(course=event.course), delegate=delegate)
    shown = client.get(reverse("bookings:booking", args=[booking.reference])).content.decode()
    assert f'href="{HANDOUT["link"]}">Handout</a>' in shown
    assert f"Handout: {HANDOUT['link']}" in templates.make("booking_confirmed", booking.reference).body


def test_my_training_leads_to_what_is_given_by_now(client, sign_in):
    delegate = sign_in()
    coming, past, other = BookingFactory.create_batch(3, delegate=delegate)
    attended_one = attended(delegate=delegate)
    given(coming.event, "before")
    given(past.event, "day")
    given(other.event, "before", taken_away_at=timezone.now())
    given(attended_one.event, "after")
    shown = client.get(reverse("holding:my_training")).content.decode()
    leads = [f'{reverse("bookings:booking", args=[one.reference])}#materials"' in shown for one in (
        coming, past, other, attended_one
    )]  # fmt: skip
    assert leads == [True, False, False, True]
    page_of_it = client.get(reverse("bookings:booking", args=[coming.reference])).content.decode()
    assert 'id="materials"' in page_of_it


def test_what_is_taken_away_is_seen_by_nobody_and_given_again(client, sign_in):
    sign_in("coordinator")
    one = given(EventFactory(), "before")
    booking = BookingFactory(event=one.event)
    assert "give it again" in text_of(client.post(page(one.event), {"do": f"take-away:{one.pk}"}, follow=True))
    assert seen(booking) == []
    assert "is given again" in text_of(client.post(page(one.event), {"do": f"give-again:{one.pk}"}, follow=True))
    assert seen(booking) == ["before"]
    for wrong in ("take-away:x", f"take-away:{given(EventFactory(), 'day').pk}"):
        assert client.post(page(one.event), {"do": wrong}).status_code == 404


def test_a_trainer_sees_them_all_and_changes_none(client, sign_in):
    one = given(EventFactory(), "after")
    SessionTrainerFactory(session=one.event.sessions.get(), trainer__person=sign_in())
    shown = text_of(client.get(page(one.event)))
    assert ("after" in shown, "Take away" in shown, "Add one" in shown) == (True, False, False)
    assert client.post(page(one.event), HANDOUT).status_code == 403


def test_a_copied_event_has_them_too():
    one = given(EventFactory(), "after")
    given(one.event, "day", taken_away_at=timezone.now())
    day = timezone.localdate() + timedelta(days=60)
    (new,) = copying.copy(event=one.event, days=[day], by=PersonFactory())
    assert new.materials.get().link == one.link


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_five_statements_at_one_and_at_twenty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory()
    for _ in range(count):
        given(event, "before")
    with django_assert_num_queries(5):
        assert client.get(page(event)).content.decode().count("Take away<") == count


@breaks.by("material_is_of_a_course_or_of_an_event")
def one_of_both():
    event = given(EventFactory(), "day").event
    sql("update training_material set course_id = %s", event.course_id)


@breaks.by("material_says_when_it_is_given")
def one_that_is_given_at_a_time_nobody_knows():
    given(EventFactory(), "day")
    sql("update training_material set \"when\" = 'soon'")


@breaks.by("material_link_is_a_web_address")
def one_that_is_a_script():
    given(EventFactory(), "day")
    sql("update training_material set link = 'javascript:alert(1)'")


@pytest.mark.parametrize("name", breaks.ways)
def test_each_truth_is_held_by_its_guard(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_holds_it(name):
    breaks.passes_without(name)
