"""The register: marked, handed in, closed, reopened."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings import places, refusals, register
from bookings.models import Booking, Mark, Register
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
)

pytestmark = pytest.mark.django_db


def taking_place(delegates=1, **fields):
    """An event of yesterday with delegates."""
    event = EventFactory(**({"days": -1} | fields))
    return event, [BookingFactory(event=event) for _ in range(delegates)]


def outcomes(event):
    return list(event.bookings.order_by("pk").values_list("outcome", flat=True))


def hand_in_all(event, by):
    for session in event.sessions.all():
        register.hand_in(session=session, head_count=1, by=by)


# --- mark -----------------------------------------------------------------------------------------------------------
def test_a_delegate_is_marked():
    event, [booking] = taking_place()
    trainer, session = PersonFactory(), event.sessions.get()
    mark = register.mark(session=session, booking=booking, attendance="late", by=trainer)
    assert (mark.booking, mark.session, mark.attendance, mark.marked_by) == (booking, session, "late", trainer)


def test_a_mark_can_be_put_right():
    event, [booking] = taking_place()
    session, second = event.sessions.get(), PersonFactory()
    register.mark(session=session, booking=booking, attendance="absent", by=PersonFactory())
    register.mark(session=session, booking=booking, attendance="late", by=second, seen="absent")
    mark = Mark.objects.get()
    assert (mark.attendance, mark.marked_by) == ("late", second)


def test_the_same_mark_twice_is_one_and_keeps_who_made_it():
    event, [booking] = taking_place()
    session, first = event.sessions.get(), PersonFactory()
    register.mark(session=session, booking=booking, attendance="present", by=first, seen=None)
    register.mark(session=session, booking=booking, attendance="present", by=PersonFactory(), seen=None)
    assert Mark.objects.get().marked_by == first


@pytest.mark.parametrize("seen", [None, "late"])
def test_a_conflict_is_shown_to_the_second_and_the_first_mark_stays(seen):
    event, [booking] = taking_place()
    session, first = event.sessions.get(), PersonFactory(name="Amal Hussain")
    register.mark(session=session, booking=booking, attendance="absent", by=first)
    with pytest.raises(refusals.MarkedOtherwise, match=r"^Amal Hussain has marked .* as absent") as refused:
        register.mark(session=session, booking=booking, attendance="present", by=PersonFactory(), seen=seen)
    assert refused.value.found.attendance == "absent"
    assert Mark.objects.get().attendance == "absent"


def test_two_people_at_one_register_both_keep_their_marks():
    event, [one, other] = taking_place(2)
    session = event.sessions.get()
    register.mark(session=session, booking=one, attendance="present", by=PersonFactory(), seen=None)
    register.mark(session=session, booking=other, attendance="absent", by=PersonFactory(), seen=None)
    assert set(Mark.objects.values_list("booking", "attendance")) == {(one.pk, "present"), (other.pk, "absent")}


def test_marking_begins_on_the_day_of_the_session():
    event = EventFactory(days=0, sessions=2)
    booking = BookingFactory(event=event)
    today, tomorrow = event.sessions.all()
    register.mark(session=today, booking=booking, attendance="present", by=PersonFactory())
    with pytest.raises(refusals.RegisterNotOpenYet, match="opens on the day"):
        register.mark(session=tomorrow, booking=booking, attendance="present", by=PersonFactory())


def test_only_who_holds_a_place_is_on_the_register():
    event, _ = taking_place()
    for booking in [
        BookingFactory(event=event, waiting=True),
        BookingFactory(event=event, cancelled=True),
        BookingFactory(event=EventFactory(days=-1)),
    ]:
        with pytest.raises(refusals.NotOnTheRegister):
            register.mark(session=event.sessions.get(), booking=booking, attendance="present", by=PersonFactory())


def test_a_cancelled_event_has_no_register():
    event, [booking] = taking_place(state="cancelled", cancelled_at=timezone.now())
    with pytest.raises(refusals.NotOpen):
        register.mark(session=event.sessions.get(), booking=booking, attendance="present", by=PersonFactory())


def test_a_closed_register_takes_no_marks():
    event, [booking] = taking_place()
    session = event.sessions.get()
    RegisterFactory(session=session, closed=True)
    for change in [
        lambda: register.mark(session=session, booking=booking, attendance="present", by=PersonFactory()),
        lambda: register.mark_remaining_present(session=session, by=PersonFactory()),
        lambda: register.hand_in(session=session, head_count=1, by=PersonFactory()),
    ]:
        with pytest.raises(refusals.RegisterClosed, match="reopen"):
            change()
    assert not Mark.objects.exists()


def test_all_remaining_present_leaves_the_marks_that_were_made():
    event, bookings = taking_place(3)
    session, trainer = event.sessions.get(), PersonFactory()
    BookingFactory(event=event, waiting=True)
    register.mark(session=session, booking=bookings[0], attendance="absent", by=PersonFactory())
    assert register.mark_remaining_present(session=session, by=trainer) == 2
    assert register.mark_remaining_present(session=session, by=trainer) == 0
    assert list(session.marks.order_by("booking").values_list("attendance", flat=True)) == [
        "absent",
        "present",
        "present",
    ]
    assert session.marks.filter(marked_by=trainer).count() == 2


def test_those_present_at_one_session_are_not_so_at_the_next():
    event, [booking] = taking_place(days=-2, sessions=2)
    first, second = event.sessions.all()
    register.mark(session=first, booking=booking, attendance="present", by=PersonFactory())
    assert register.mark_remaining_present(session=second, by=PersonFactory()) == 1


# --- hand in --------------------------------------------------------------------------------------------------------
def test_a_register_is_handed_in_with_a_head_count_and_can_be_handed_in_again():
    event, _ = taking_place()
    session, trainer = event.sessions.get(), PersonFactory()
    register.hand_in(session=session, head_count=11, by=PersonFactory())
    handed_in = register.hand_in(session=session, head_count=12, by=trainer)
    assert Register.objects.get() == handed_in
    assert (handed_in.head_count, handed_in.handed_in_by, handed_in.closed_at) == (12, trainer, None)


def test_nothing_is_handed_in_before_the_session_begins_and_the_marks_stay():
    booking = BookingFactory(event=EventFactory(days=1))
    session = booking.event.sessions.get()
    begins = session.starts_at
    with time_machine.travel(begins - timedelta(seconds=1), tick=False):
        register.mark(session=session, booking=booking, attendance="apologies", by=PersonFactory())
        with pytest.raises(refusals.RegisterNotOpenYet, match="What is marked is kept: hand the register in once"):
            register.hand_in(session=session, head_count=1, by=PersonFactory())
    assert not Register.objects.filter(handed_in_at__isnull=False).exists()
    assert Mark.objects.get().booking == booking
    with time_machine.travel(begins, tick=False):
        assert register.hand_in(session=session, head_count=1, by=PersonFactory()).head_count == 1


# --- close ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        (["present"], "attended"),
        (["late"], "attended"),
        (["absent"], "did-not-attend"),
        (["turned-away"], "did-not-attend"),
        (["apologies"], "did-not-attend"),
        (["left-early"], "part-attended"),
        (["left-wellbeing"], "part-attended"),
        (["present", "late"], "attended"),
        (["present", "absent"], "part-attended"),
        (["absent", "present"], "part-attended"),
        (["absent", "turned-away"], "did-not-attend"),
        (["left-early", "absent"], "part-attended"),
        (["left-early", "present"], "part-attended"),
        (["present", "present", "turned-away"], "part-attended"),
    ],
)
def test_closing_gives_the_outcome_that_the_marks_say(marks, outcome):
    event, [booking] = taking_place(days=-len(marks), sessions=len(marks))
    for session, attendance in zip(event.sessions.all(), marks, strict=True):
        MarkFactory(booking=booking, session=session, attendance=attendance)
    coordinator = PersonFactory()
    hand_in_all(event, PersonFactory())
    register.close(event=event, by=coordinator)
    assert outcomes(event) == [outcome]
    assert {one.closed_by for one in Register.objects.all()} == {coordinator}


def test_minutes_over_the_grace_of_the_bookings_own_policy_make_part_attendance():
    event, [strict, lenient] = taking_place(2)
    strict.policy = ChargingPolicyFactory(late_grace_minutes=15)
    strict.save()
    lenient.policy = ChargingPolicyFactory()
    lenient.save()
    for booking in (strict, lenient):
        MarkFactory(booking=booking, attendance="late", minutes=16)
    hand_in_all(event, PersonFactory())
    register.close(event=event, by=PersonFactory())
    assert outcomes(event) == ["part-attended", "attended"]


def test_walk_ins_get_outcomes_and_who_waited_or_cancelled_does_not():
    event, [booking] = taking_place()
    walked_in = BookingFactory(event=event, source="walk-in")
    BookingFactory(event=event, waiting=True)
    BookingFactory(event=event, cancelled=True)
    for one in [booking, walked_in]:
        MarkFactory(booking=one)
    hand_in_all(event, PersonFactory())
    register.close(event=event, by=PersonFactory())
    assert outcomes(event) == ["attended", "attended", None, "cancelled-in-time"]


def test_closing_one_event_leaves_others_alone():
    event, [booking] = taking_place()
    _, [elsewhere] = taking_place()
    MarkFactory(booking=booking)
    MarkFactory(booking=elsewhere)
    hand_in_all(event, PersonFactory())
    register.close(event=event, by=PersonFactory())
    elsewhere.refresh_from_db()
    assert elsewhere.outcome is None


def test_closing_twice_changes_nothing():
    event, [booking] = taking_place()
    MarkFactory(booking=booking)
    hand_in_all(event, PersonFactory())
    first = PersonFactory()
    register.close(event=event, by=first)
    former = (Booking.history.rel.related_model.objects.count(), Register.history.rel.related_model.objects.count())
    register.close(event=event, by=PersonFactory())
    assert Register.objects.get().closed_by == first
    assert former == (
        Booking.history.rel.related_model.objects.count(),
        Register.history.rel.related_model.objects.count(),
    )


def test_a_register_that_is_not_handed_in_is_not_closed():
    event, [booking] = taking_place(days=-2, sessions=2)
    for session in event.sessions.all():
        MarkFactory(booking=booking, session=session)
    first, second = event.sessions.all()
    register.hand_in(session=first, head_count=1, by=PersonFactory())
    with pytest.raises(refusals.NotReadyToClose, match=f"Not handed in yet: {second}"):
        register.close(event=event, by=PersonFactory())
    assert outcomes(event) == [None]


def test_the_refusal_names_who_is_not_marked():
    event, [booking] = taking_place()
    MarkFactory(booking=booking)
    BookingFactory(event=event, delegate=PersonFactory(name="Jade Lewis"))
    BookingFactory(event=event, delegate=PersonFactory(name="Aidan Brook"))
    hand_in_all(event, PersonFactory())
    with pytest.raises(refusals.NotReadyToClose, match=r"Nobody has marked Aidan Brook, Jade Lewis\. Mark"):
        register.close(event=event, by=PersonFactory())


def test_a_long_list_of_the_unmarked_is_cut():
    event, _ = taking_place(14)
    hand_in_all(event, PersonFactory())
    with pytest.raises(refusals.NotReadyToClose, match="and 4 more"):
        register.close(event=event, by=PersonFactory())


def test_a_register_is_not_closed_before_the_event_is_over():
    event = EventFactory(days=1)
    with pytest.raises(refusals.RegisterNotOpenYet):
        register.close(event=event, by=PersonFactory())


def test_an_event_without_delegates_can_be_closed():
    event, _ = taking_place(0)
    hand_in_all(event, PersonFactory())
    register.close(event=event, by=PersonFactory())
    assert Register.objects.get().closed_at is not None


@pytest.mark.parametrize("delegates", [1, 20])
def test_closing_takes_as_many_statements_for_one_delegate_as_for_twenty(delegates, django_assert_num_queries):
    event, bookings = taking_place(delegates)
    for booking in bookings:
        MarkFactory(booking=booking)
    hand_in_all(event, PersonFactory())
    coordinator = PersonFactory()
    with django_assert_num_queries(12):  # two of them the test's savepoint
        register.close(event=event, by=coordinator)


# --- reopen ---------------------------------------------------------------------------------------------------------
def closed_event():
    event, [booking] = taking_place()
    MarkFactory(booking=booking, attendance="absent")
    hand_in_all(event, PersonFactory())
    register.close(event=event, by=PersonFactory())
    return event, booking


def test_reopening_takes_the_outcomes_back_and_keeps_who_and_why():
    event, _ = closed_event()
    coordinator = PersonFactory()
    register.reopen(event=event, by=coordinator, reason="The paper list says otherwise")
    reopened = Register.objects.get()
    assert outcomes(event) == [None]
    assert (reopened.closed_at, reopened.closed_by) == (None, None)
    assert (reopened.reopened_by, reopened.reopened_reason) == (coordinator, "The paper list says otherwise")
    assert reopened.reopened_at is not None
    assert reopened.handed_in_at is not None


def test_what_is_put_right_on_a_reopened_register_counts_when_it_is_closed_again():
    event, booking = closed_event()
    register.reopen(event=event, by=PersonFactory(), reason="The paper list says otherwise")
    register.mark(session=event.sessions.get(), booking=booking, attendance="present", by=PersonFactory())
    walked_in = places.walk_in(event=event, delegate=PersonFactory(), by=PersonFactory())
    register.mark(session=event.sessions.get(), booking=walked_in, attendance="late", by=PersonFactory())
    register.close(event=event, by=PersonFactory())
    assert outcomes(event) == ["attended", "attended"]


def test_reopening_needs_a_reason_and_does_nothing_to_an_open_register():
    event, _ = closed_event()
    with pytest.raises(refusals.ReasonMissing):
        register.reopen(event=event, by=PersonFactory(), reason="")
    other, _ = taking_place()
    hand_in_all(other, PersonFactory())
    register.reopen(event=other, by=PersonFactory(), reason="By mistake")
    assert other.sessions.get().register.reopened_at is None


def test_reopening_leaves_outcomes_of_who_cancelled():
    event, _ = closed_event()
    cancelled = BookingFactory(event=event, cancelled=True)
    register.reopen(event=event, by=PersonFactory(), reason="The paper list says otherwise")
    cancelled.refresh_from_db()
    assert cancelled.outcome == "cancelled-in-time"


def test_a_register_closed_earlier_keeps_who_closed_it():
    event, [booking] = taking_place(days=-3, sessions=2)
    first, second = event.sessions.all()
    earlier = RegisterFactory(session=first, closed=True, closed_at=timezone.now() - timedelta(hours=1))
    for session in [first, second]:
        MarkFactory(booking=booking, session=session)
    register.hand_in(session=second, head_count=1, by=PersonFactory())
    register.close(event=event, by=PersonFactory())
    assert Register.objects.get(session=first).closed_by == earlier.closed_by
