"""The pages that build the programme: a new event, with what speaks against it shown before it is made."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings import changes
from frontend.formats import full_date
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
    at_half_past_nine,
)
from tests.frontend.joining import text_of
from training.models import Event

pytestmark = pytest.mark.django_db
NEW = reverse("planning:new")


def day(days, prefix="s0"):
    on = at_half_past_nine(days)
    return {f"{prefix}-day-day": on.day, f"{prefix}-day-month": on.month, f"{prefix}-day-year": on.year}


def said(days=30, **more):
    """What the form of a new event is sent with; names of the first session without its prefix."""
    own = {name if "-" in name or name in OF_THE_EVENT else f"s0-{name}": value for name, value in more.items()}
    return day(days) | {"s0-starts": "9:30", "s0-ends": "16:30", "new-starts": "9:30", "new-ends": "16:30"} | own


OF_THE_EVENT = ("places", "publish", "reason", "seen", "back", "minimum", "opens_days", "closes_days", "online_link")


def new(client, course, **more):
    return client.post(f"{NEW}?course={course.code}", said(**more))


def seen(response):
    """What the check that is shown wants to be sent again."""
    return re.search(r'name="seen" value="(\w+)"', response.content.decode())[1]


# --- a new event ----------------------------------------------------------------------------------------------------
def test_the_course_is_asked_for_first(client, sign_in):
    sign_in("coordinator")
    assert "There is no course yet" in text_of(client.get(NEW))
    CourseFactory(title="Neglect", code="N/1")
    options = re.findall(r'<option value="(.*?)"( selected)?>(.*?)</option>', client.get(NEW).content.decode())
    assert options == [("", " selected", "Choose a course"), ("N/1", "", "Neglect (N/1)")]
    assert "There is a problem" not in text_of(client.get(NEW))
    assert "There is a problem Choose a course" in text_of(client.get(NEW, {"course": ""}))
    assert client.get(NEW, {"course": "none"}).status_code == 404


@pytest.mark.parametrize("count", [1, 50])
def test_the_form_takes_six_statements_at_one_room_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    course = CourseFactory(duration="two-days")
    RoomFactory.create_batch(count)
    TrainerFactory.create_batch(count)
    with django_assert_num_queries(6):
        page = client.get(NEW, {"course": course.code}).content.decode()
    assert page.count("(holds") == 0
    assert page.count("Session 1") == page.count("Session 2") == 1


@pytest.mark.parametrize(
    ("duration", "hours"),
    [("half-day", ("09:30", "12:45")), ("full-day", ("09:30", "16:30")), ("briefing", ("10:00", "11:00"))],
)
def test_it_offers_the_usual_hours_and_places_of_the_course(client, sign_in, duration, hours):
    sign_in("coordinator")
    course = CourseFactory(duration=duration)
    EventFactory(course=course, days=-300, places=16)
    EventFactory(course=course, days=-30, places=18)
    page = client.get(NEW, {"course": course.code}).content.decode()
    assert tuple(re.findall(r'name="s0-(?:starts|ends)" [^>]*value="([^"]+)"', page)) == hours
    assert "Leave it empty for 18" in page


def test_a_draft_is_saved_with_the_usual_places_or_as_many_as_the_room_holds(client, sign_in):
    sign_in("coordinator")
    course, room, trainer = CourseFactory(), RoomFactory(capacity=14), TrainerFactory()
    response = new(client, course, room=room.pk, trainer0=trainer.pk, trainer1=trainer.pk)
    event = Event.objects.get()
    assert response.url == reverse("events:event", args=[event.reference])
    assert (event.state, event.places, event.course) == ("draft", 14, course)
    session = event.sessions.get()
    assert (session.starts_at, session.room, session.trainers.get().trainer) == (at_half_past_nine(30), room, trainer)
    assert "is saved as a draft" in text_of(client.get(response.url))
    new(client, course, days=40)
    assert Event.objects.latest("pk").places == 14  # as last time


def test_it_is_published_at_once(client, sign_in):
    sign_in("coordinator")
    page = text_of(
        client.get(new(client, CourseFactory(), places=12, publish="yes", online_link="https://a.example/b").url)
    )
    event = Event.objects.get()
    assert (event.state, event.first_places, event.online_link) == ("published", 12, "https://a.example/b")
    assert "it can be booked" in page


def test_a_second_session_is_added_where_it_has_a_date(client, sign_in):
    sign_in("coordinator")
    new(client, CourseFactory(), **day(31, "new"))
    assert Event.objects.get().sessions.count() == 2


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_made(client, sign_in):
    sign_in("coordinator")
    page = text_of(new(client, CourseFactory(), starts="nine", places="0", minimum="5", **{"new-day-day": "3"}))
    for problem in (
        "The start must be written like 9:30 or 2:15pm",
        "Date must include a month and year",
        "Enter by when you decide",
    ):
        assert problem in page
    assert "must end after it starts" in text_of(new(client, CourseFactory(), ends="9:00"))
    assert not Event.objects.exists()


def test_a_clash_is_shown_first_and_made_all_the_same_with_a_reason(client, sign_in):
    sign_in("coordinator")
    taken = SessionFactory(room=RoomFactory())
    asked = {"course": CourseFactory(), "room": taken.room.pk}
    check = new(client, **asked)
    assert f"{taken.room} is taken by {taken.event.course} ({taken.event.reference})" in text_of(check)
    assert not Event.objects.exclude(pk=taken.event.pk).exists()
    unsaid = new(client, **asked, seen=seen(check))
    assert "Enter why both may be" in text_of(unsaid)
    back = new(client, **asked, seen=seen(check), back="yes")
    assert f'<option value="{taken.room.pk}" selected' in back.content.decode()
    new(client, **asked, seen=seen(check), reason="The wall folds away")
    made = Event.objects.exclude(pk=taken.event.pk).get()
    assert made.sessions.get().room_override == "The wall folds away"


def test_a_warning_is_shown_first_and_needs_no_reason(client, sign_in):
    sign_in("coordinator")
    asked = {"course": CourseFactory(), "room": RoomFactory(capacity=10).pk, "places": 12}
    check = new(client, **asked)
    assert "holds 10" in text_of(check)
    assert "Why both may be" not in text_of(check)
    new(client, **asked, seen=seen(check))
    assert Event.objects.get().places == 12


def test_what_changed_between_the_check_and_saving_is_shown_again(client, sign_in):
    sign_in("coordinator")
    taken = SessionFactory(room=RoomFactory())
    asked = {"course": CourseFactory(), "room": taken.room.pk, "trainer0": TrainerFactory().pk}
    check = new(client, **asked)
    taken.event.course.title = "Another"
    taken.event.course.save()
    again = new(client, **asked, seen=seen(check), reason="The wall folds away")
    assert "Another" in text_of(again)
    assert Event.objects.count() == 1


def test_rooms_and_trainers_that_are_not_used_any_more_are_not_offered(client, sign_in):
    sign_in("coordinator")
    RoomFactory(name="Old room", is_retired=True)
    RoomFactory(name="Room of an old venue", venue__is_retired=True)
    TrainerFactory(name="Old hand", is_retired=True)
    page = text_of(client.get(NEW, {"course": CourseFactory().code}))
    assert not any(name in page for name in ("Old room", "Room of an old venue", "Old hand"))


def test_the_way_there_is_on_the_programme_and_on_the_courses_page_for_coordinators_only(client, sign_in):
    course = CourseFactory()
    sign_in("subgroup-member")
    for page in (reverse("programme:list"), reverse("finding:course", args=[course.code])):
        assert "New event" not in client.get(page).content.decode()
    sign_in("coordinator")
    for page in (reverse("programme:list"), reverse("finding:course", args=[course.code])):
        assert "New event" in client.get(page).content.decode()


# --- changing one ---------------------------------------------------------------------------------------------------
def change(event):
    return reverse("planning:change", args=[event.reference])


def as_it_is(event, **more):
    """What the form of an event is sent with when nothing is changed; more: sN_field for its Nth session."""
    found = {"new-starts": "9:30", "new-ends": "16:30"}
    if event.state == "draft":
        found["places"] = event.places
    for number, session in enumerate(event.sessions.all()):
        prefix = f"s{session.pk}"
        starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        found |= {
            f"{prefix}-day-day": starts.day,
            f"{prefix}-day-month": starts.month,
            f"{prefix}-day-year": starts.year,
            f"{prefix}-starts": f"{starts:%H:%M}",
            f"{prefix}-ends": f"{ends:%H:%M}",
            f"{prefix}-room": session.room_id or "",
        }
        own = {name: value for name, value in more.items() if name.startswith(f"s{number}_")}
        found |= {f"{prefix}-{name.partition('_')[2]}": value for name, value in own.items()}
    return found | {name: value for name, value in more.items() if not re.match(r"s\d_", name)}


@pytest.mark.parametrize("count", [1, 20])
def test_the_form_of_an_event_takes_eight_statements_at_one_session_and_at_twenty(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    event = EventFactory(sessions=count)
    for session in event.sessions.all():
        SessionTrainerFactory(session=session)
    with django_assert_num_queries(8):
        page = client.get(change(event)).content.decode()
    assert page.count("Take this session out") == count


def test_a_session_is_moved_and_who_has_a_place_is_told_as_many_as_were_said(client, sign_in):
    sign_in("coordinator")
    event, room = EventFactory(), RoomFactory()
    BookingFactory.create_batch(2, event=event)
    BookingFactory(event=event, waiting=True)
    BookingFactory(event=event, delegate=PersonFactory(email=""))
    asked = as_it_is(event, s0_starts="10am", s0_room=room.pk)
    check = client.post(change(event), asked)
    assert "2 people with a place are told" in text_of(check)
    assert f"9:30am to 4:30pm becomes {full_date(event.starts_at)}, 10am to 4:30pm, {room}." in text_of(check)
    assert event.sessions.get().room is None
    done = client.post(change(event), asked | {"seen": seen(check)})
    assert "2 people are told in five minutes" in text_of(client.get(done.url))
    assert event.sessions.get().room == room
    assert changes.tell(timezone.now() + changes.SETTLED_AFTER)["told"] == 2


def test_what_an_event_that_moves_to_another_day_means_for_who_has_a_place_is_said_first(client, sign_in):
    sign_in("coordinator")
    event = BookingFactory().event
    later = timezone.localtime(event.starts_at) + timedelta(days=40)
    day = {"s0_day-day": later.day, "s0_day-month": later.month, "s0_day-year": later.year}
    check = client.post(change(event), as_it_is(event, **day))
    assert "whoever cannot come cancels free of charge until it begins" in text_of(check)
    assert reverse("events:cancel", args=[event.reference]) in check.content.decode()


def test_what_nobody_is_told_of_is_saved_at_once(client, sign_in):
    sign_in("coordinator")
    event, trainer = EventFactory(), TrainerFactory()
    BookingFactory(event=event)
    client.post(change(event), as_it_is(event, s0_trainer0=trainer.pk, minimum=8, **decide(event)))
    assert event.sessions.get().trainers.get().trainer == trainer
    event.refresh_from_db()
    assert (event.minimum, event.decide_on) == (8, timezone.localdate(event.starts_at))
    assert "Minimum numbers" in text_of(client.get(change(event)))


def decide(event):
    on = timezone.localtime(event.starts_at)
    return {"decide_on-day": on.day, "decide_on-month": on.month, "decide_on-year": on.year}


def test_sessions_are_added_and_taken_out(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(sessions=2, state="draft")
    client.post(change(event), as_it_is(event, s1_takes_out="on", places=14, **day(45, "new")))
    assert [session.starts_at for session in event.sessions.all()] == [at_half_past_nine(30), at_half_past_nine(45)]
    event.refresh_from_db()
    assert event.places == 14
    only = as_it_is(event, s0_takes_out="on", s1_takes_out="on")
    assert "has at least one session" in text_of(client.post(change(event), only))


def test_what_a_form_does_not_say_of_a_session_stays_as_it_is(client, sign_in):
    sign_in("coordinator")
    begins = at_half_past_nine(30).replace(hour=22, second=7)
    event, trainer = EventFactory(begins=begins), TrainerFactory()  # until five in the morning
    client.post(change(event), as_it_is(event, s0_trainer0=trainer.pk))
    session = event.sessions.get()
    assert (session.starts_at, session.ends_at, session.trainers.get().trainer) == (begins, event.ends_at, trainer)


@time_machine.travel("2026-11-20 12:00")
def test_what_has_begun_is_not_moved(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(begins=timezone.now() - timedelta(hours=1))
    page = client.post(change(event), as_it_is(event, **day(40, f"s{event.sessions.get().pk}")))
    assert "has begun, so its times stay" in text_of(page)


def test_what_is_off_cannot_be_changed(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(state="cancelled", cancelled_at=timezone.now())
    assert client.get(change(event)).url == reverse("events:event", args=[event.reference])
    assert (
        reverse("planning:change", args=[event.reference])
        not in client.get(reverse("events:event", args=[event.reference])).content.decode()
    )


# --- when it is booked ---------------------------------------------------------------------------------------------
def test_pages_that_find_training_say_when_booking_opens(client, sign_in):
    event = EventFactory(booking_opens_at=at_half_past_nine(5).replace(hour=0, minute=0))
    says = f"Booking opens on {full_date(event.booking_opens_at)}"
    pages = [reverse("finding:list"), reverse("finding:course", args=[event.course.code])]
    assert all(says in text_of(client.get(page)) for page in [*pages, f"{pages[0]}?view=month"])
    assert event.reference not in client.get(pages[0], {"free": "on"}).content.decode()
    sign_in()
    page = text_of(client.get(reverse("events:event", args=[event.reference])))
    assert says in page
    assert "Book a place" not in page
    assert says in text_of(client.get(reverse("programme:list")))
    sign_in("coordinator")
    assert "Book a delegate" in text_of(client.get(reverse("events:event", args=[event.reference])))
