"""Access and dietary needs: who may see them and when, what they follow, and when they are gone."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from bookings import cancelling, moving, needs, permissions, places, refusals, tasks
from bookings.models import Booking, KeptNeed, Need
from bookings.needs import Needs
from bookings.steps import UNDO_FOR
from outbox import templates
from outbox.models import Job, Message
from tests.bookings.factories import NeedFactory
from tests.factories import (
    BookingFactory,
    EventFactory,
    JobFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from tests.guards import Breaks, check_now, sql, take_out

pytestmark = pytest.mark.django_db
breaks = Breaks()
CANARY = Needs(access="A quiet room, zwitscherling", dietary="No nuts, zwitscherling")


def said(booking):
    return [(need.access, need.dietary) for need in Need.objects.filter(booking=booking)]


def book(event, delegate, needed=CANARY):
    return places.book(event=event, delegate=delegate, by=delegate, needs=needed)


# --- said with a booking --------------------------------------------------------------------------------------------
def test_they_are_noted_with_the_booking_and_only_where_there_are_any():
    assert said(book(EventFactory(), PersonFactory())) == [(CANARY.access, CANARY.dietary)]
    for nothing in (None, Needs()):
        assert said(book(EventFactory(), PersonFactory(), nothing)) == []


def test_they_are_changed_and_taken_back_while_there_is_somebody_to_arrange_them():
    booking = book(EventFactory(), PersonFactory())
    needs.change(booking=booking, needs=Needs(access="A ramp"), by=booking.delegate)
    assert said(booking) == [("A ramp", "")]
    needs.change(booking=booking, needs=Needs(), by=booking.delegate)
    assert said(booking) == []


@pytest.mark.parametrize("booking", [{"cancelled": True}, {"event__days": -2}])
def test_of_a_booking_that_is_cancelled_or_over_they_are_not_changed(booking):
    with pytest.raises(refusals.BookingRefused):
        needs.change(booking=BookingFactory(**booking), needs=CANARY, by=PersonFactory())


def test_what_a_person_keeps_is_replaced_and_forgotten():
    person = PersonFactory()
    needs.keep(person=person, needs=CANARY)
    needs.keep(person=person, needs=Needs(dietary="Vegan"))
    assert needs.kept_by(person) == Needs(dietary="Vegan")
    needs.keep(person=person, needs=Needs())
    assert needs.kept_by(person) == Needs()
    assert not KeptNeed.objects.exists()


# --- arranged -------------------------------------------------------------------------------------------------------
def arrange(need, **facts):
    given = {"arranged": "A ramp is there", "is_instead": False, "chairs": 0, "by": PersonFactory()}
    return needs.arrange(booking=need.booking, **{"seen": need.said_at} | given | facts)


def told():
    return list(Message.objects.filter(template=needs.ARRANGED).values_list("to", "reference"))


def test_what_is_arranged_is_noted_with_who_and_when_and_the_delegate_is_told_once_it_stands():
    need, coordinator = NeedFactory(), PersonFactory()
    arrange(need, by=coordinator, chairs=1)
    need.refresh_from_db()
    assert need.is_arranged
    assert (need.arranged, need.arranged_by, need.chairs, need.is_instead) == ("A ramp is there", coordinator, 1, False)
    arrange(need, arranged="Two ramps are there")
    assert told() == [(need.booking.delegate.email, need.booking.reference)]
    message = Message.objects.get(template=needs.ARRANGED)
    assert message.due_at > timezone.now() + timedelta(minutes=4)
    text = templates.make(needs.ARRANGED, message.reference)
    assert "ramp" not in text.subject + text.body
    assert f"/bookings/{need.booking.reference}/" in text.body


def test_what_is_taken_back_is_to_be_arranged_again_and_nobody_is_told():
    need = NeedFactory()
    arrange(need, is_instead=True, chairs=2)
    for _ in range(2):
        needs.take_back(booking=need.booking, by=PersonFactory())
        need.refresh_from_db()
        assert not need.is_arranged
        assert (need.arranged, need.chairs) == ("", 0)
    with pytest.raises(templates.NoLongerNeeded):
        templates.make(needs.ARRANGED, need.booking.reference)


def test_who_needs_something_else_is_to_be_arranged_anew_and_what_was_arranged_is_still_known():
    need = NeedFactory()
    arrange(need)
    needs.change(booking=need.booking, needs=Needs(access="An interpreter"), by=need.booking.delegate)
    need.refresh_from_db()
    assert not need.is_arranged
    assert need.arranged == "A ramp is there"
    assert list(Need.objects.to_arrange()) == [need]
    needs.change(booking=need.booking, needs=Needs(access="An interpreter"), by=need.booking.delegate)
    said_at = need.said_at
    need.refresh_from_db()
    assert need.said_at == said_at, "saying the same again changes nothing"


def test_what_was_read_before_it_changed_is_not_arranged():
    need = NeedFactory()
    needs.change(booking=need.booking, needs=Needs(access="An interpreter"), by=need.booking.delegate)
    with pytest.raises(refusals.NeedChanged):
        arrange(need)
    needs.change(booking=need.booking, needs=Needs(), by=need.booking.delegate)
    for act in (lambda: arrange(need), lambda: needs.take_back(booking=need.booking, by=PersonFactory())):
        with pytest.raises(refusals.NeedChanged):
            act()
    assert told() == []


def test_after_the_event_nothing_is_arranged():
    with pytest.raises(refusals.HasBegun):
        arrange(NeedFactory(booking__event__days=-2))


def test_whoever_gets_the_agencys_mail_is_not_told():
    lead = PersonFactory(roles=["agency-lead"])
    arrange(NeedFactory(booking__delegate__email="", booking__delegate__agency=lead.agency))
    assert told() == []


def test_need_said_anew_is_to_arrange_whoever_changes_it():
    need = NeedFactory(is_arranged=True)
    sql("update bookings_need set dietary = 'Vegan' where id = %s", need.pk)
    assert list(Need.objects.to_arrange()) == [need]
    sql("update bookings_need set arranged_at = clock_timestamp() + interval '1 hour' where id = %s", need.pk)
    sql("update bookings_need set dietary = 'Halal' where id = %s", need.pk)
    assert list(Need.objects.to_arrange()) == [need], "also where a clock is ahead"
    check_now()
    take_out("need_said_anew_is_to_arrange")
    sql("update bookings_need set arranged_at = clock_timestamp() + interval '2 hours' where id = %s", need.pk)
    sql("update bookings_need set dietary = '' where id = %s", need.pk)
    assert not Need.objects.to_arrange().exists()


# --- what they follow -----------------------------------------------------------------------------------------------
def test_they_go_with_a_cancelled_booking_when_it_cannot_be_brought_back_any_more():
    booking = book(EventFactory(), PersonFactory())
    places.cancel(booking=booking, by=booking.delegate)
    assert needs.forget() == 0
    assert said(booking) == [(CANARY.access, CANARY.dietary)]
    with pytest.raises(refusals.NeedChanged):
        needs.take_back(booking=booking, by=booking.delegate)
    with time_machine.travel(timezone.now() + UNDO_FOR):
        assert needs.forget() == 1


def test_they_follow_a_move_and_not_a_substitute():
    booking = book(EventFactory(), PersonFactory())
    moved = moving.move(booking=booking, to=EventFactory(course=booking.event.course), by=booking.delegate)
    assert (said(booking), said(moved)) == ([], [(CANARY.access, CANARY.dietary)])
    substitute = places.substitute(booking=moved, substitute=PersonFactory(), by=booking.delegate)
    assert (said(moved), said(substitute)) == ([], [])


def test_they_follow_to_the_date_that_comes_instead_of_a_cancelled_one():
    booking, other = book(EventFactory(), PersonFactory()), BookingFactory()
    instead = EventFactory(course=booking.event.course)
    cancelling.cancel_event(event=booking.event, by=other.delegate, reason="Snow", instead=instead)
    assert said(booking) == []
    assert said(Booking.objects.get(event=instead)) == [(CANARY.access, CANARY.dietary)]


# --- gone after the event -------------------------------------------------------------------------------------------
def test_thirty_days_after_the_event_they_are_forgotten_and_a_second_run_finds_nothing():
    over, lately, coming = (NeedFactory(booking__event__days=days) for days in (-31, -29, 5))
    job = JobFactory(kind=tasks.MOVE_LISTS)
    assert tasks.move_lists(job, None)["needs"] == 1
    assert set(Need.objects.all()) == {lately, coming}
    assert over not in Need.objects.all()
    assert tasks.move_lists(job, None)["needs"] == 0


# --- who may see them -----------------------------------------------------------------------------------------------
def trained_by(person, starts_in):
    event = EventFactory(begins=timezone.now() + starts_in)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=person))
    return event


@pytest.mark.parametrize(
    ("starts_in", "sees"),
    [
        (timedelta(days=7, minutes=1), False),
        (timedelta(days=6, hours=23), True),
        (timedelta(hours=-30), True),  # it took seven of these
        (timedelta(hours=-32), False),
    ],
)
def test_a_trainer_sees_those_of_the_own_event_from_a_week_before_to_the_day_after(starts_in, sees):
    trainer = PersonFactory()
    assert permissions.may_see_needs(trainer, trained_by(trainer, starts_in)) == sees
    assert not permissions.may_see_needs(trainer, trained_by(PersonFactory(), starts_in))


def test_a_coordinator_sees_them_always_and_nobody_else_ever():
    event = EventFactory(days=1)
    assert permissions.may_see_needs(PersonFactory(roles=["coordinator"]), EventFactory(days=90))
    for role in ("agency-lead", "finance-officer", "subgroup-member", "concerns", "administrator"):
        assert not permissions.may_see_needs(PersonFactory(roles=[role]), event)
    assert not permissions.may_see_needs(PersonFactory(), EventFactory(sessions=0))


def test_those_of_who_comes_are_shown_by_name_and_not_those_of_who_waits():
    event = EventFactory()
    NeedFactory(booking__event=event, booking__delegate__name="Zoe Last")
    NeedFactory(booking__event=event, booking__delegate__name="Ann First")
    NeedFactory(booking__event=event, booking__waiting=True)
    NeedFactory()
    assert [need.booking.delegate.name for need in needs.of_event(event)] == ["Ann First", "Zoe Last"]


# --- where they are not ---------------------------------------------------------------------------------------------
def test_their_words_are_in_no_message_history_job_or_log(caplog):
    caplog.set_level("DEBUG")
    booking = book(EventFactory(), PersonFactory())
    needs.change(booking=booking, needs=Needs(access="Another zwitscherling"), by=booking.delegate)
    needs.arrange(
        booking=booking, seen=Need.objects.get().said_at, arranged="A zwitscherling is there, zwitscherling",
        is_instead=False, chairs=1, by=PersonFactory(),
    )  # fmt: skip
    needs.keep(person=booking.delegate, needs=CANARY)
    moved = moving.move(booking=booking, to=EventFactory(course=booking.event.course), by=booking.delegate)
    places.cancel(booking=moved, by=booking.delegate)
    with time_machine.travel(timezone.now() + UNDO_FOR):
        needs.forget()
    with connection.cursor() as cursor:
        cursor.execute("select table_name from information_schema.tables where table_schema = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        assert any(name.endswith("history") for name in tables)
        found = []
        for name in tables:
            cursor.execute(f'select to_jsonb(t)::text from "{name}" t')
            found += [name for (row,) in cursor.fetchall() if "zwitscherling" in row]
    assert set(found) == {"bookings_keptneed"}
    assert Message.objects.exists()
    assert "zwitscherling" not in json.dumps(list(Job.objects.values_list("arguments", flat=True)), default=str)
    assert "zwitscherling" not in caplog.text


# --- the database ---------------------------------------------------------------------------------------------------
@breaks.by("need_says_something")
def a_need_of_nothing():
    NeedFactory(access="", dietary="")


@breaks.by("need_arranged_says_what_when_and_by_whom")
def arranged_by_nobody():
    NeedFactory(arranged="A ramp is there", arranged_at=timezone.now())


@breaks.by("kept_need_says_something")
def nothing_kept():
    KeptNeed.objects.create(person=PersonFactory())


@breaks.by("need_is_of_a_live_booking")
def a_need_after_the_booking_ended():
    NeedFactory(booking__cancelled=True)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_that_guard_which_refuses(name):
    breaks.passes_without(name)


def test_need_goes_with_its_booking_whoever_ends_it():
    need = NeedFactory()
    sql(
        "update bookings_booking set state = 'cancelled', outcome = 'event-cancelled', "
        "cancelled_at = clock_timestamp(), received_at = clock_timestamp(), "
        "cancelled_by_id = delegate_id where id = %s",
        need.booking_id,
    )
    assert not Need.objects.exists()
