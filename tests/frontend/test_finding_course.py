"""A course's page: what everybody may know of it, and how people ask to be told of a date."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from tests.catalogue import CourseFeeFactory, InterestFactory, PrerequisiteFactory, TopicFactory
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    StaffGroupFactory,
)
from training.models import Interest

pytestmark = pytest.mark.django_db


def address(course, name="course"):
    return reverse(f"finding:{name}", args=[course.code])


def page(client, course):
    return client.get(address(course)).content.decode()


def described(course, number):
    for _ in range(number):
        BookingFactory(event=EventFactory(course=course))
        PrerequisiteFactory(course=course)
        InterestFactory(course=course)
        course.topics.add(TopicFactory())
        course.staff_groups.add(StaffGroupFactory())


# --- how much it takes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize("role", ["coordinator", "agency-lead"])
def test_it_takes_seven_statements_at_one_of_everything_and_at_twenty(
    client, sign_in, policy, django_assert_num_queries, count, role
):
    sign_in(role)
    described(course := CourseFactory(), count)
    with django_assert_num_queries(7):
        page(client, course)


# --- what is there --------------------------------------------------------------------------------------------------
def test_it_says_for_whom_it_is_what_it_teaches_and_what_it_costs(client):
    course = CourseFactory(
        title="Neglect",
        level="Level 2",
        summary="Seeing it early.",
        audience="Who visits families.",
        learning_aims="Know the signs\n\nShow change\n",
        topics=[TopicFactory(name="Harm")],
        staff_groups=[StaffGroupFactory(name="Midwives"), StaffGroupFactory(name="Teachers")],
        refresh_months=36,
        needs_approval=True,
    )
    CourseFeeFactory(course=course, agency_type="private", net_amount=95)
    CourseFeeFactory(course=course, agency_type="voluntary", net_amount="19.50")
    CourseFeeFactory(course=course, agency_type="other", net_amount=95)
    CourseFeeFactory(course=course, agency_type="police", net_amount=0)
    shown = page(client, course)
    for words in (
        "Seeing it early.",
        "Who visits families.",
        "<li>Know the signs</li><li>Show change</li>",
        "Staff groups: Midwives and Teachers.",
        "Harm",
        "Level 2",
        "Face to face",
        "Full day",
        "£19.50 for Voluntary and community; £95 for Other and Private; free for all others",
        "Every 3 years",
        "Your line manager approves your booking",
    ):
        assert words in shown


def test_of_a_course_that_says_little_it_says_what_that_means(client):
    shown = page(client, CourseFactory())
    assert "Everybody who works with children and their families." in shown
    assert "Free" in shown
    for words in ("What you will learn", "What comes before", "Approval", "Refresh", "Level"):
        assert words not in shown


def test_what_comes_before_is_said_in_words_with_or_within_a_group(client):
    course = CourseFactory()
    for group, title, months in ((1, "Basics", 36), (1, "Old basics", None), (2, "Neglect", 18), (2, "Abuse", 12)):
        PrerequisiteFactory(course=course, group=group, required__title=title, valid_months=months)
    text = " ".join(page(client, course).replace("\n", " ").split())
    assert "You should have attended all of these:" in text
    assert "Basics</a> in the last 3 years, or <a" in text
    assert "Old basics</a> </li>" in text or "Old basics</a></li>" in text
    assert "Neglect</a> in the last 18 months, or" in text
    assert "Abuse</a> in the last year" in text
    assert "you can still book" in text


def test_a_course_that_blocks_says_so(client):
    course = CourseFactory(on_missing="block")
    PrerequisiteFactory(course=course)
    assert "Without that you cannot book." in page(client, course)


def test_each_date_says_its_places_left_and_until_when_cancelling_is_free(client, policy):
    event = EventFactory(places=3)
    BookingFactory(event=event)
    BookingFactory(event=event, waiting=True)
    EventFactory(course=event.course, days=60)
    shown = page(client, event.course)
    assert "1 place left" in shown
    assert shown.count("Free to cancel until") == 2
    assert "After that your agency is charged £75." in shown


def test_a_date_says_when_it_ends_and_one_of_several_days_its_last_day(client):
    one = EventFactory(begins=datetime(2031, 3, 4, 9, 30, tzinfo=timezone.get_default_timezone()))
    EventFactory(course=one.course, sessions=3, begins=one.starts_at + timedelta(days=7))
    shown = page(client, one.course)
    assert "Tuesday 4 March 2031, 9:30am to 4:30pm" in shown
    assert "Tuesday 11 March 2031, 9:30am to Thursday 13 March 2031" in shown


def test_a_code_may_have_a_stroke_in_it(client, sign_in):
    sign_in()
    course = CourseFactory(code="WT/1 a", title="Working together")
    assert client.get(reverse("finding:list")).status_code == 200
    assert "Working together" in page(client, course)
    assert client.post(address(course, "tell_me")).url == address(course)


def test_text_is_shown_as_text(client):
    shown = page(client, CourseFactory(summary="<script>alert(1)</script>", audience="{{7*7}}", learning_aims="<b>"))
    assert "<script>alert" not in shown
    assert "{{7*7}}" in shown
    assert "<li>&lt;b&gt;</li>" in shown


# --- interest -------------------------------------------------------------------------------------------------------
def test_who_asks_is_noted_once_and_may_think_better_of_it(client, sign_in):
    person, course = sign_in(), CourseFactory(title="Neglect")
    assert "Tell me when there is a date" in page(client, course)
    for _ in range(2):
        client.post(address(course, "tell_me"))
    assert Interest.objects.get().person == person
    assert "We will write to you when Neglect has a date." in page(client, course)
    assert "Do not tell me" in page(client, course)
    for _ in range(2):
        client.post(address(course, "do_not_tell_me"))
    assert not Interest.objects.exists()
    assert "Tell me when there is a date" in page(client, course)


def test_where_there_is_a_date_there_is_nothing_to_wait_for(client, sign_in):
    sign_in()
    course = EventFactory().course
    assert "Tell me" not in page(client, course)
    client.post(address(course, "tell_me"))
    assert not Interest.objects.exists()
    assert "You can book it below." in page(client, course)


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    course = CourseFactory(code="NEG")
    assert "/accounts/login/?next=%2Fcourses%2FNEG%2F" in page(client, course)


def test_a_coordinator_sees_which_agencies_ask_and_nobody_sees_who(client, sign_in):
    course, person = CourseFactory(), PersonFactory(name="Jade Lewis", agency__name="Police")
    InterestFactory(course=course, person=person)
    InterestFactory(course=course, person__agency=person.agency)
    InterestFactory(course=course, person__agency__name="Probation")
    assert "Who asked for a date" not in page(client, course)
    sign_in("agency-lead")
    assert "Who asked for a date" not in page(client, course)
    sign_in("coordinator")
    shown = page(client, course)
    assert "Jade Lewis" not in shown
    assert 'Police</th>\n          <td class="app-number">2</td>' in shown.replace("            ", "          ")
    assert "Probation" in shown


def test_what_was_asked_for_before_is_counted_apart(client, sign_in):
    event = EventFactory(days=-1)
    InterestFactory(course=event.course, told_at=event.ends_at, told_of=event)
    sign_in("coordinator")
    assert "Told of one before" in page(client, event.course)
    assert "You asked us" not in page(client, event.course)
    assert not Message.objects.exists()
