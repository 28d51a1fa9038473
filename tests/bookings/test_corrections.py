"""What is kept when a register is opened again and closed otherwise, and whom it concerns told of it."""

import pytest
from django.utils import timezone

from bookings import corrections, places, register
from bookings.models import Correction
from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.bookings.corrected import mark_again, marked_event, put_right
from tests.factories import MarkFactory, PersonFactory
from tests.guards import refused_by, sql

pytestmark = pytest.mark.django_db


def kept():
    return list(Correction.objects.order_by("pk").values_list("was", "became"))


def test_who_is_marked_otherwise_has_a_correction_and_nobody_else():
    event = marked_event("absent", "present", "present")
    mark_again(event.bookings.order_by("pk")[0])
    assert kept() == [("did-not-attend", "attended")]
    assert Correction.objects.to_settle().count() == 1


def test_an_open_register_has_nothing_to_settle():
    event = marked_event("absent", "present")
    mark_again(event.bookings.order_by("pk")[0], close=False)
    assert not Correction.objects.to_settle().exists()
    assert kept() == [("did-not-attend", ""), ("attended", "")]


def test_a_register_closed_for_the_first_time_corrects_nobody():
    marked_event("absent", "present")
    assert kept() == []


def test_opened_and_closed_as_it_was_nothing_is_left():
    event, by = marked_event("absent", "present"), PersonFactory()
    register.reopen(event=event, by=by, reason="A look.")
    register.close(event=event, by=by)
    assert kept() == []


def test_put_right_twice_before_anybody_was_told_it_is_one_correction():
    event = marked_event("absent")
    booking = event.bookings.get()
    mark_again(booking)
    mark_again(booking, "left-early")
    assert kept() == [("did-not-attend", "part-attended")]
    mark_again(booking, "absent")
    assert kept() == []


def test_put_right_again_after_they_were_told_it_is_another_one():
    first = put_right()
    mark_again(first.booking, "absent")
    assert kept() == [("did-not-attend", "attended"), ("attended", "did-not-attend")]
    assert list(corrections.of(first.booking.event).values_list("was", flat=True)) == ["attended"]


def test_who_is_put_on_the_register_while_it_is_open_was_nothing_before():
    event, by = marked_event("present"), PersonFactory()
    register.reopen(event=event, by=by, reason="One more came.")
    walk_in = places.walk_in(event=event, delegate=PersonFactory(), by=by)
    register.mark(session=event.sessions.get(), booking=walk_in, attendance="present", by=by)
    register.close(event=event, by=by)
    assert kept() == [("", "attended")]


def test_the_colleague_who_came_instead_and_who_sent_them_are_both_corrected():
    event, by = marked_event("absent"), PersonFactory()
    register.reopen(event=event, by=by, reason="A colleague came.")
    came = places.substitute(booking=event.bookings.get(), substitute=PersonFactory(), by=by)
    register.mark(session=event.sessions.get(), booking=came, attendance="present", by=by)
    register.close(event=event, by=by)
    assert kept() == [("did-not-attend", "substituted-out"), ("", "attended")]


def test_who_is_told_reads_what_the_register_says_now_and_what_it_said():
    correction = put_right()
    message = Message.objects.get(template=corrections.TEMPLATE)
    assert message.to == correction.booking.delegate.email
    body = templates.make(corrections.TEMPLATE, correction.booking.reference).body
    assert "It says now: attended. Before, it said: did not attend." in body
    assert "You can make a certificate of attendance" in body
    assert correction.settled_by
    assert correction.was_told


def test_what_is_not_true_any_more_is_not_sent():
    correction = put_right()
    mark_again(correction.booking, "absent", close=False)
    with pytest.raises(NoLongerNeeded):
        templates.make(corrections.TEMPLATE, correction.booking.reference)


def test_settled_without_a_message_nobody_is_told_and_nothing_is_left_to_do():
    correction = put_right(tell=False)
    event, by = correction.booking.event, PersonFactory()
    references = [correction.booking.reference]
    assert corrections.settle(event=event, references=references, by=by, tell=False) == [correction.booking]
    assert corrections.settle(event=event, references=references, by=by, tell=True) == []
    assert not Message.objects.filter(template=corrections.TEMPLATE).exists()
    assert not Correction.objects.to_settle().exists()


def test_nobody_is_mailed_about_an_event_that_a_workbook_brought_after_it_was_over():
    correction = put_right(tell=False)
    event = correction.booking.event
    event.imported_at = timezone.now()
    event.save(update_fields=["imported_at"])
    corrections.settle(event=event, references=[correction.booking.reference], by=PersonFactory(), tell=True)
    assert not Message.objects.filter(template=corrections.TEMPLATE).exists()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("became = was", "correction_is_a_change_once_closed"),
        ("became = ''", "correction_is_a_change_once_closed"),
        ("closed_at = null", "correction_is_a_change_once_closed"),
        ("settled_at = now()", "correction_settled_says_when_and_by_whom"),
        ("was_told = true", "correction_settled_says_when_and_by_whom"),
    ],
)
def test_a_correction_does_not_contradict_itself(change, constraint):
    put_right(tell=False)
    with refused_by(constraint):
        sql(f"update bookings_correction set {change}")


def test_there_is_one_correction_until_it_is_settled():
    correction = put_right(tell=False)
    with refused_by("correction_is_one_until_it_is_settled"):
        Correction.objects.create(booking=correction.booking, was="attended")


@pytest.mark.parametrize("delegates", [1, 20])
def test_closing_again_takes_as_many_statements_for_one_delegate_as_for_twenty(delegates, django_assert_num_queries):
    event, by = marked_event(*["present"] * delegates), PersonFactory()
    register.reopen(event=event, by=by, reason="A look.")
    late = places.walk_in(event=event, delegate=PersonFactory(), by=by)
    MarkFactory(booking=late, session=event.sessions.get())
    with django_assert_num_queries(16):
        register.close(event=event, by=by)
