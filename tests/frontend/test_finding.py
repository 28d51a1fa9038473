"""Find training: what is found for what is asked, as a list and as a month, by visitors too."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.bookings.factories import HoldFactory, ReservationFactory
from tests.catalogue import TopicFactory
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    RoomFactory,
    SessionFactory,
    StaffGroupFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
FIND = reverse("finding:list")


def page(client, **asked):
    return client.get(FIND, asked).content.decode()


def courses(client, **asked):
    """The titles on the list, in its order."""
    return re.findall(r'app-found__title"><a [^>]+>([^<]+)<', page(client, **asked))


def dates(client, **asked):
    """The references of the dates shown, in their order."""
    return re.findall(r'href="/events/([^/"]+)/', page(client, **asked))


def here(*moment):
    return datetime(*moment, tzinfo=timezone.get_default_timezone())


# --- how much it takes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("asked", [{}, {"q": "neglekt"}, {"free": "on"}, {"view": "month"}])
def test_it_takes_seven_statements_at_one_course_and_at_fifty(client, sign_in, django_assert_num_queries, count, asked):
    sign_in()
    topic = TopicFactory()
    for _ in range(count):
        event = EventFactory(course=CourseFactory(title="Neglect", topics=[topic]))
        BookingFactory(event=event)
    with django_assert_num_queries(7):
        page(client, **asked)


@pytest.mark.parametrize("count", [1, 50])
def test_a_visitor_takes_five(client, django_assert_num_queries, count):
    EventFactory.create_batch(count)
    with django_assert_num_queries(5):
        page(client)


# --- what is there --------------------------------------------------------------------------------------------------
def test_courses_stand_by_their_next_date_and_those_without_one_at_the_end(client):
    CourseFactory(title="None yet")
    EventFactory(course__title="Later", days=40)
    EventFactory(course__title="Sooner", days=20)
    assert courses(client) == ["Sooner", "Later", "None yet"]
    assert "No date is set yet." in page(client)


def test_a_course_shows_its_next_three_dates_and_says_how_many_more(client):
    course = CourseFactory(title="Neglect")
    for days in (50, 20, 30, 40, 60):
        EventFactory(course=course, reference=f"IN-{days}", days=days)
    assert dates(client) == ["IN-20", "IN-30", "IN-40"]
    assert "2 more dates" in page(client)


def test_only_dates_that_everybody_may_book_are_shown(client):
    course = CourseFactory()
    EventFactory(course=course, reference="OPEN")
    EventFactory(course=course, reference="DRAFT", state="draft")
    EventFactory(course=course, reference="OURS", is_in_house=True)
    EventFactory(course=course, reference="OVER", days=-1)
    EventFactory(course=course, reference="OFF", state="cancelled", cancelled_at=timezone.now())
    assert dates(client) == ["OPEN"]


def test_places_left_are_those_that_nobody_waits_for(client):
    event = EventFactory(places=3)
    BookingFactory(event=event)
    assert "2 places left" in page(client)
    BookingFactory(event=event, waiting=True)
    assert "1 place left" in page(client)
    BookingFactory(event=event, waiting=True)
    assert "Waiting list" in page(client)
    assert "left<" not in page(client)


def test_twenty_courses_stand_on_a_page(client):
    CourseFactory.create_batch(21)
    assert len(courses(client)) == 20
    assert len(courses(client, page=2)) == 1


# --- words ----------------------------------------------------------------------------------------------------------
def test_words_find_by_title_abbreviation_other_name_and_topic_however_they_are_spelt(client):
    CourseFactory(title="Child Sexual Exploitation", other_names="Grooming", topics=[TopicFactory(name="Harm")])
    CourseFactory(title="Neglect")
    for words in ("CSE", "sexaul", "grooming", "harm"):
        assert courses(client, q=words) == ["Child Sexual Exploitation"], words


def test_the_best_match_comes_before_the_next_date(client):
    EventFactory(course__title="Home visits", course__summary="Seeing neglect early", days=5)
    EventFactory(course__title="Neglect", days=50)
    assert courses(client, q="neglect") == ["Neglect", "Home visits"]


def test_without_a_match_it_says_so_and_offers_the_nearest(client):
    CourseFactory(title="Child Sexual Exploitation", code="CSE")
    CourseFactory(title="Neglect")
    shown = page(client, q="CCE")
    assert "Nothing found for “CCE”" in shown
    assert "Did you mean" in shown
    assert "/courses/CSE/" in shown
    assert "Did you mean" not in page(client, q="qqqqq")


def test_what_the_filter_hides_can_be_looked_for_without_it(client):
    CourseFactory(title="Neglect", level="Level 1")
    CourseFactory(title="Slavery", level="Level 2")
    shown = page(client, q="neglect", level="Level 2")
    assert "with this filter" in shown
    assert f'href="{FIND}?q=neglect"' in shown


def test_what_is_typed_is_shown_as_text(client):
    CourseFactory()
    assert "<script>alert" not in page(client, q="<script>alert(1)</script>")
    assert "{{7*7}}" in page(client, q="{{7*7}}")


# --- filters --------------------------------------------------------------------------------------------------------
def test_by_topic_level_and_delivery(client):
    topic = TopicFactory()
    CourseFactory(title="Wanted", topics=[topic], level="Level 3", delivery="virtual")
    CourseFactory(title="Other", topics=[TopicFactory()], level="Level 1")
    for asked in ({"topic": topic.pk}, {"level": "Level 3"}, {"delivery": "virtual"}):
        assert courses(client, **asked) == ["Wanted"], asked


def test_by_staff_group_with_the_courses_for_all(client):
    midwives, police = StaffGroupFactory(), StaffGroupFactory()
    CourseFactory(title="For all")
    CourseFactory(title="For midwives", staff_groups=[midwives])
    CourseFactory(title="For the police", staff_groups=[police])
    assert set(courses(client, group=midwives.pk)) == {"For all", "For midwives"}


@time_machine.travel("2026-11-25 10:00")
def test_by_month_in_local_time_and_then_without_courses_that_have_no_date_in_it(client):
    CourseFactory(title="None yet")
    course = CourseFactory(title="Two dates")
    EventFactory(course=course, reference="DECEMBER", begins=here(2026, 12, 31, 23, 30))
    EventFactory(course=course, reference="JANUARY", begins=here(2027, 1, 1, 0, 30))
    assert dates(client, month="2026-12") == ["DECEMBER"]
    assert dates(client, month="2027-01") == ["JANUARY"]
    assert courses(client, month="2027-01") == ["Two dates"]


def test_by_venue(client):
    venue = VenueFactory()
    VenueFactory()
    event = EventFactory(sessions=0, reference="THERE", course__title="There")
    SessionFactory(event=event, room=RoomFactory(venue=venue))
    EventFactory(course__title="Elsewhere")
    assert courses(client, venue=venue.pk) == ["There"]


def test_by_places_left_counts_the_queue(client):
    room, full, queue = (EventFactory(course__title=title, places=1) for title in ("Room", "Full", "Queue"))
    BookingFactory(event=full)
    BookingFactory(event=queue, waiting=True)
    assert courses(client, free="on") == [room.course.title]


def test_by_places_left_counts_what_is_reserved_and_kept(client):
    names = ("Room", "Reserved", "Kept", "Kept no more")
    room, reserved, kept, over = (EventFactory(course__title=title, places=2) for title in names)
    for event in (room, over):
        ReservationFactory(event=event, places=1)
        HoldFactory(event=event, until=timezone.now() - timedelta(minutes=1))
    ReservationFactory(event=reserved, places=1)
    BookingFactory(event=reserved, waiting=True)
    HoldFactory(event=kept, places=2)
    assert courses(client, free="on") == [room.course.title, over.course.title]


def test_a_filter_that_makes_no_sense_is_told_and_filters_nothing(client):
    EventFactory(course__title="Neglect", course__level="Level 1")
    shown = page(client, level="Level 9")
    assert "There is a problem" in shown
    assert "Neglect" in shown


@pytest.mark.parametrize("name", ["q", "topic", "level", "delivery", "month", "venue", "group", "free", "view", "page"])
@pytest.mark.parametrize("nonsense", ["\0", "-1", "9" * 30, "2026-13", "0000-00", "'; drop", "month", "x" * 10_000])
def test_no_nonsense_in_the_address_breaks_it(client, name, nonsense):
    EventFactory.create_batch(2, course__topics=[TopicFactory()])
    assert client.get(FIND, {name: nonsense}).status_code == 200
    assert client.get(FIND, {"view": "month", name: nonsense}).status_code == 200


def test_a_filter_without_anything_to_choose_is_not_there(client):
    CourseFactory()
    assert 'name="topic"' not in page(client)
    assert 'name="month"' not in page(client)


def test_nothing_fits_and_nothing_is_there_are_told_apart(client):
    assert "There is no training in the catalogue yet" in page(client)
    CourseFactory(delivery="virtual")
    assert "No training fits this filter" in page(client, delivery="conference")


def test_the_filter_comes_back_with_its_reader(client, sign_in):
    sign_in()
    event = EventFactory(course__level="Level 1")
    CourseFactory(level="Level 2")
    shown = page(client, level="Level 1")
    there = re.search(rf'href="(/events/{event.reference}/[^"]*)"', shown)[1]
    assert f'href="{FIND}?level=Level+1"' in client.get(there).content.decode()


# --- the month ------------------------------------------------------------------------------------------------------
@time_machine.travel("2026-11-25 10:00")
def test_the_month_opens_on_the_first_in_which_there_is_something(client):
    EventFactory(course__title="Neglect", reference="NEXT", begins=here(2027, 1, 12, 9, 30))
    EventFactory(reference="LATER", begins=here(2027, 3, 2, 9, 30))
    shown = page(client, view="month")
    assert "Training in January 2027" in shown
    assert "9:30am Neglect" in shown
    assert dates(client, view="month") == ["NEXT"]
    assert dates(client, view="month", month="2027-03") == ["LATER"]
    assert "view=month&amp;month=2027-02" in shown
    assert "2026-12" not in shown


@time_machine.travel("2026-11-25 10:00")
def test_the_month_is_filtered_like_the_list_and_keeps_it(client):
    EventFactory(course__title="Neglect", course__level="Level 1", reference="ONE", begins=here(2027, 1, 12, 9, 30))
    EventFactory(course__title="Slavery", course__level="Level 2", reference="TWO", begins=here(2027, 1, 12, 9, 30))
    assert dates(client, view="month", level="Level 2") == ["TWO"]
    assert dates(client, view="month", q="neglekt") == ["ONE"]
    assert "?level=Level+2&amp;view=month" in page(client, level="Level 2")


@time_machine.travel("2026-11-25 10:00")
def test_a_month_that_has_gone_by_shows_the_first_there_is(client):
    EventFactory(reference="NEXT", begins=here(2027, 1, 12, 9, 30))
    assert dates(client, view="month", month="2026-01") == ["NEXT"]


def test_without_any_date_a_month_is_a_list(client):
    CourseFactory(title="Neglect")
    assert courses(client, view="month") == ["Neglect"]


# --- who sees it ----------------------------------------------------------------------------------------------------
def test_a_visitor_finds_training_and_the_way_in_but_no_account(client):
    EventFactory()
    shown = page(client)
    assert 'class="app-nav__link" href="/accounts/login/">Sign in<' in shown
    assert "app-menu" not in shown


@pytest.mark.parametrize(("role", "entry"), [("coordinator", "Programme"), ("agency-lead", "Find training")])
def test_who_reads_the_whole_programme_finds_it_in_its_place(client, sign_in, role, entry):
    sign_in(role)
    assert re.search(r'app-nav__link" href="[^"]+" aria-current="true">([^<]+)<', page(client))[1] == entry
