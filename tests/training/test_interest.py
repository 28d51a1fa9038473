"""Who asked for a date is told once when there is one."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from outbox import templates
from outbox.models import Job, Message
from outbox.templates import NoLongerNeeded
from tests.catalogue import InterestFactory
from tests.factories import CourseFactory, EventFactory, PartnershipFactory, PersonFactory
from training import events, interest, refusals, tasks
from training.models import Interest

pytestmark = pytest.mark.django_db


def test_a_second_call_changes_nothing():
    course, person = CourseFactory(), PersonFactory()
    assert interest.register(course=course, person=person) == interest.register(course=course, person=person)


def test_with_a_date_there_is_nothing_to_wait_for_but_with_one_that_is_not_for_all_there_is():
    course = EventFactory(is_in_house=True).course
    EventFactory(course=course, state="draft")
    EventFactory(course=course, days=-1)
    interest.register(course=course, person=PersonFactory())
    EventFactory(course=course)
    with pytest.raises(refusals.HasADate):
        interest.register(course=course, person=PersonFactory())


def test_who_waits_is_told_when_an_event_of_the_course_is_published_and_nobody_else():
    event = EventFactory(state="draft")
    waiting = InterestFactory(course=event.course)
    InterestFactory()
    events.publish(event=event, by=PersonFactory())
    told = Message.objects.get()
    assert (told.to, told.template) == (waiting.person.email, "course_has_date")
    waiting.refresh_from_db()
    assert waiting.told_of == event
    assert waiting.told_at is not None


def test_they_are_told_once():
    waiting = InterestFactory()
    EventFactory(course=waiting.course, days=40)
    assert interest.tell() == 1
    EventFactory(course=waiting.course, days=20)
    assert interest.tell() == 0
    assert Message.objects.count() == 1


def test_who_was_told_may_ask_again_later_and_is_told_again():
    told = EventFactory(days=-1)
    before = InterestFactory(course=told.course, told_at=timezone.now(), told_of=told)
    again = interest.register(course=told.course, person=before.person)
    EventFactory(course=told.course)
    assert (again.pk != before.pk, interest.tell()) == (True, 1)


def test_who_has_left_or_has_no_address_is_not_told():
    course = EventFactory().course
    InterestFactory(course=course, person__left_on=timezone.localdate())
    InterestFactory(course=course, person__email="")
    assert interest.tell() == 0


def test_what_is_taken_back_is_gone_but_not_what_was_told():
    event = EventFactory()
    before = InterestFactory(course=event.course, told_at=timezone.now(), told_of=event)
    InterestFactory(course=event.course, person=before.person)
    assert interest.withdraw(course=event.course, person=before.person)
    assert not interest.withdraw(course=event.course, person=before.person)
    assert Interest.objects.get() == before


def test_every_hour_those_are_told_whose_date_an_import_brought():
    EventFactory(course=InterestFactory().course)
    assert tasks.tell(Job(), None) == {"told": 1}


@pytest.mark.parametrize("count", [1, 50])
def test_telling_takes_as_many_statements_for_one_as_for_fifty(django_assert_num_queries, count):
    course = EventFactory().course
    InterestFactory.create_batch(count, course=course)
    with django_assert_num_queries(5):  # a savepoint, who, noting it, the messages
        assert interest.tell() == count


# --- the message ----------------------------------------------------------------------------------------------------
def test_the_message_names_the_course_its_first_date_and_its_page():
    PartnershipFactory(training_email="training@example.org")
    waiting = InterestFactory(course__title="Neglect", course__code="NEG", person__name="Jade Lewis")
    event = EventFactory(course=waiting.course)
    EventFactory(course=waiting.course, days=60)
    text = templates.make("course_has_date", waiting.reference)
    assert text.subject == "Neglect has a date"
    assert "Dear Jade Lewis," in text.body
    assert f"{timezone.localtime(event.starts_at):%-d %B %Y}, 9:30am" in text.body
    assert "/courses/NEG/" in text.body
    assert "Write to training@example.org" in text.body


def test_the_message_is_dropped_when_the_date_is_off_by_then():
    waiting = InterestFactory()
    with pytest.raises(NoLongerNeeded):
        templates.make("course_has_date", waiting.reference)


# --- at the same time -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_two_who_tell_at_once_tell_each_person_once():
    """Without the lock on the rows both count all of them; the message's key still lets only one be sent."""
    course = EventFactory().course
    InterestFactory.create_batch(20, course=course)
    told, ready = [], threading.Barrier(4)

    def tell():
        ready.wait()
        told.append(interest.tell())
        connection.close()

    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(told) == 20
    assert Message.objects.count() == 20
