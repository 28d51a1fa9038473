"""Each booking with its story; substituting, and giving places from the waiting list."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models import AbsenceReason, Booking
from people.models import Person
from tests.bookings.factories import CapFactory, HoldFactory
from tests.catalogue import PrerequisiteFactory
from tests.factories import (
    BookingFactory,
    ChargeFactory,
    EventFactory,
    ExemptionReasonFactory,
    MarkFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    RoomFactory,
    SessionTrainerFactory,
    TrainerFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)

pytestmark = pytest.mark.django_db


def address(view, booking):
    return reverse(f"bookings:{view}", args=[booking.reference])


def page_of(client, booking):
    return client.get(address("booking", booking)).content.decode()


# --- one booking ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_a_coming_bookings_page_takes_seven_statements(client, sign_in, policy, django_assert_num_queries, count):
    sign_in("coordinator")
    booking = BookingFactory(policy=policy, event__sessions=3)
    BookingFactory.create_batch(count, event=booking.event, waiting=True)
    with django_assert_num_queries(7):
        page_of(client, booking)


@pytest.mark.parametrize("sessions", [1, 20])
def test_a_past_bookings_page_takes_seven_statements(client, sign_in, policy, django_assert_num_queries, sessions):
    sign_in("coordinator")
    booking = BookingFactory(policy=policy, event__days=-30, event__sessions=sessions)
    for session in booking.event.sessions.all():
        MarkFactory(booking=booking, session=session)
    with django_assert_num_queries(7):
        page = page_of(client, booking)
    assert page.count("present") == sessions


def test_who_waits_reads_where_they_stand_and_why(client, sign_in):
    booking = BookingFactory(delegate=sign_in(), event__places=1, waiting=True)
    BookingFactory(event=booking.event)
    page = page_of(client, booking)
    assert "You are number 1 of 1 on the waiting list." in page
    assert "Every place is taken. When one becomes free the first on the list is offered it." in page
    assert "Leave the waiting list" in page
    assert "waiting list." not in page_of(client, BookingFactory(delegate=booking.delegate))
    sign_in("coordinator")
    assert f"{booking.delegate.name} is number 1 of 1 on the waiting list." in page_of(client, booking)
    assert "The delegate is told: “Every place is taken." in page_of(client, booking)
    assert (
        "The delegate is told: “Every place is taken."
        in client.get(reverse("offers:offer", args=[booking.reference])).content.decode()
    )


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_of_who_waits_takes_at_most_eight_statements(
    client, sign_in, policy, django_assert_num_queries, count
):
    workshop = WorkshopFactory(event__course__needs_approval=True, event__course__delivery="conference")
    BookingFactory.create_batch(count, event=workshop.event, waiting=True)
    booking = BookingFactory(delegate=sign_in(), event=workshop.event, waiting=True, policy=policy)
    WorkshopChoiceFactory(workshop=workshop, booking=booking)
    with django_assert_num_queries(8):
        assert f"number {count + 1} of {count + 1}" in page_of(client, booking)


def test_the_delegate_reads_until_when_cancelling_is_free(client, sign_in, policy):
    jade = sign_in()
    page = page_of(client, BookingFactory(delegate=jade, policy=policy))
    assert "Free to cancel until the end of" in page
    assert "your agency is charged £75" in page
    assert "Booked by you" in page


@time_machine.travel("2026-11-22 12:00")
def test_a_cancelled_bookings_story_tells_when_it_came_and_when_it_was_entered(client, sign_in, policy):
    sign_in("coordinator")
    booking = BookingFactory(
        policy=policy,
        event__begins=datetime(2026, 11, 16, 9, 30, tzinfo=UTC),
        booked_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
        state="cancelled",
        outcome="cancelled-late",
        received_at=datetime(2026, 11, 12, 14, 5, tzinfo=UTC),
        received_from="by telephone from the delegate",
        cancelled_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
        cancelled_by=PersonFactory(name="Casey Coordinator"),
        notice=1,
    )
    page = page_of(client, booking)
    told = [
        "Thursday 1 October 2026, 10am",
        "Booked by the delegate",
        "Free until the end of Sunday 8 November 2026",
        "Cancellation received (by telephone from the delegate)",
        "Cancelled late, with 1 working day’s notice",
        "Friday 20 November 2026, 10am",
        "Cancellation entered by Casey Coordinator",
    ]
    places = [page.index(words) for words in told]
    assert places == sorted(places)


def test_the_story_of_who_waited_and_then_got_a_place(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(booked_at=timezone.now() - timedelta(days=5), placed_at=timezone.now())
    page = page_of(client, booking)
    assert page.index("On the waiting list") < page.index("Given a place")


def test_the_story_of_an_imported_booking_has_days_without_times(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(
        booked_by=None, imported_at=timezone.now(), booked_at=datetime(2026, 1, 5, tzinfo=UTC), event__days=-3
    )
    page = page_of(client, booking)
    assert "Booked by the programme workbook" in page
    assert "Monday 5 January 2026" in page
    assert "midnight" not in page


@pytest.mark.parametrize("role", ["", "coordinator"])
def test_a_booking_says_where_it_is_and_leads_to_its_charge(client, sign_in, role):
    person = sign_in(*filter(None, [role]))
    room = RoomFactory(venue__name="Council House")
    booking = BookingFactory(delegate=person, event__days=-4, outcome="did-not-attend")
    booking.event.sessions.update(room=room)
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    assert "Council House" in page_of(client, booking)
    charge = ChargeFactory(booking=booking)
    assert reverse("charges:charge", args=[charge.reference]) in page_of(client, booking)


def test_a_booking_leads_to_its_event_and_who_keeps_people_to_the_delegate(client, sign_in):
    booking = BookingFactory(delegate=sign_in())
    delegate = reverse("people:person", args=[booking.delegate.reference])
    event = reverse("events:event", args=[booking.event.reference])
    assert delegate not in (page := page_of(client, booking))
    assert f'href="{event}">See' in page
    sign_in("coordinator")
    assert delegate in (page := page_of(client, booking))
    assert booking.delegate.email in page


def test_the_story_of_a_booking_cancelled_in_time_says_nothing_of_what_cancelling_costs_later(client, sign_in, policy):
    booking = BookingFactory(delegate=sign_in(), policy=policy)
    assert "From here on cancelling costs £75" in page_of(client, booking)
    client.post(address("cancel", booking))
    page = page_of(client, booking)
    assert "Cancelled in time" in page
    assert "cancelling costs" not in page


def test_marks_and_outcome_stand_in_the_story(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(event__days=-4, event__sessions=2, outcome="part-attended")
    first, second = booking.event.sessions.all()
    MarkFactory(booking=booking, session=first, marked_by__name="Terry Trainer")
    MarkFactory(booking=booking, session=second, attendance="absent")
    for session in (first, second):
        RegisterFactory(session=session, closed=True)
    page = page_of(client, booking)
    assert page.index("Session 1: present") < page.index("Marked by Terry Trainer")
    assert page.index("Session 2: absent") < page.index("Outcome: part attended")


def test_who_took_over_and_whose_place_it_was_link_to_each_other(client, sign_in):
    sign_in("coordinator")
    original = BookingFactory(cancelled=True, outcome="substituted-out", delegate__name="Jade <b>Lewis</b>")
    taken = BookingFactory(event=original.event, source="substitute", replaces=original, delegate__name="Sean Foster")
    assert address("booking", taken) in page_of(client, original)
    page = page_of(client, taken)
    assert "Took over the place of" in page
    assert "Jade &lt;b&gt;Lewis&lt;/b&gt;" in page


def test_why_somebody_did_not_come_is_for_coordinators_and_who_read_it_is_logged(client, sign_in, caplog):
    lead = PersonFactory(roles=["agency-lead"])
    jade = PersonFactory(agency=lead.agency)
    booking = BookingFactory(delegate=jade, event__days=-3)
    AbsenceReason.objects.create(
        booking=booking, reason="An operation", exemption=ExemptionReasonFactory(name="Sickness")
    )
    for person in (lead, jade):
        sign_in(person=person)
        assert "An operation" not in page_of(client, booking)
    coordinator = sign_in("coordinator")
    with caplog.at_level("INFO", logger="frontend.bookings.reasons"):
        assert "Sickness, An operation, exempt." in page_of(client, booking)
    assert f"{booking.reference} read by person {coordinator.reference}" in caplog.text
    assert "operation" not in caplog.text


def test_a_trainer_does_not_open_bookings(client, sign_in):
    trainer = sign_in()
    booking = BookingFactory()
    SessionTrainerFactory(session=booking.event.sessions.get(), trainer=TrainerFactory(person=trainer))
    assert client.get(address("booking", booking)).status_code == 403


# --- substituting ---------------------------------------------------------------------------------------------------
def test_a_colleague_takes_over_after_a_check_page(client, sign_in):
    jade = sign_in()
    sean = PersonFactory(name="Sean Foster", agency=jade.agency, email="sean@example.org")
    PersonFactory(name="Sean Other")
    booking = BookingFactory(delegate=jade)
    found = client.post(address("substitute", booking), {"q": "sean"}).content.decode()
    assert sean.reference in found
    assert "Sean Other" not in found
    assert "sean@example.org" not in found, "a colleague's address is not a colleague's to read"
    check = client.get(f"{address('substitute', booking)}?person={sean.reference}").content.decode()
    assert "Send this substitute" in check
    assert Booking.objects.count() == 1, "looking sends nobody"
    answer = client.post(address("substitute", booking), {"person": sean.reference}, follow=True).content.decode()
    assert "Sean Foster takes over the place of" in answer
    booking.refresh_from_db()
    assert (booking.outcome, booking.replaced_by.delegate) == ("substituted-out", sean)


def test_a_substitute_of_another_agency_is_not_found(client, sign_in):
    jade = sign_in()
    booking, other = BookingFactory(delegate=jade), PersonFactory()
    assert client.post(address("substitute", booking), {"person": other.reference}).status_code == 404


def test_a_substitute_may_be_new_here(client, sign_in):
    jade = sign_in()
    booking = BookingFactory(delegate=jade)
    entered = {"new": "1", "name": "New Colleague", "agency": jade.agency_id, "email": "new@example.org"}
    client.post(f"{address('substitute', booking)}?new=1", entered)
    booking.refresh_from_db()
    assert booking.replaced_by.delegate.name == "New Colleague"


def words(response):
    return " ".join(response.content.decode().split())


def test_who_cannot_be_sent_without_approval_is_said_when_they_are_chosen(client, sign_in):
    PartnershipFactory(training_email="training@anytown.example")
    jade = sign_in()
    sean = PersonFactory(name="Sean Foster", agency=jade.agency)
    booking = BookingFactory(delegate=jade, event__course__needs_approval=True)
    search = words(client.get(address("substitute", booking)))
    assert "only who may approve a colleague’s can send them" in search
    assert "Enter somebody who is new here" not in search
    check = words(client.get(f"{address('substitute', booking)}?person={sean.reference}"))
    assert "needs the approval of Sean Foster’s line manager. The agency’s training lead and the training team" in check
    assert "Send this substitute" not in check
    assert "training@anytown.example" in check
    assert "Nothing was changed" in check
    sean.line_manager = sign_in(person=PersonFactory(agency=jade.agency))
    sean.save()
    jade.line_manager = sean.line_manager
    jade.save()
    assert "Send this substitute" in words(client.get(f"{address('substitute', booking)}?person={sean.reference}"))


@pytest.mark.parametrize("role", ["agency-lead", "coordinator"])
def test_who_may_approve_for_everybody_sends_anybody(client, sign_in, role):
    lead = sign_in(role)
    jade, sean = PersonFactory.create_batch(2, agency=lead.agency)
    booking = BookingFactory(delegate=jade, event__course__needs_approval=True)
    assert "Enter somebody who is new here" in words(client.get(address("substitute", booking)))
    assert "Send this substitute" in words(client.get(f"{address('substitute', booking)}?person={sean.reference}"))


def test_who_lacks_what_the_course_insists_on_is_said_when_they_are_chosen_or_entered(client, sign_in):
    jade = sign_in()
    booking = BookingFactory(delegate=jade, event__course__on_missing="block")
    PrerequisiteFactory(course=booking.event.course, required__title="Working Together")
    sean = PersonFactory(name="Sean Foster", agency=jade.agency)
    check = words(client.get(f"{address('substitute', booking)}?person={sean.reference}"))
    assert "not recorded of Sean Foster: Attended Working Together" in check
    assert "Send this substitute" not in check
    entered = {"new": "1", "name": "New Colleague", "agency": jade.agency_id, "email": "new@example.org"}
    page = words(client.post(f"{address('substitute', booking)}?new=1", entered))
    assert "not recorded of New Colleague: Attended Working Together" in page
    assert 'value="new@example.org"' in page, "what was typed is not lost"
    assert not Person.objects.filter(name="New Colleague").exists()


def test_who_is_on_the_event_already_is_said_when_they_are_chosen(client, sign_in):
    booking = BookingFactory(delegate=sign_in())
    sean = BookingFactory(event=booking.event, delegate__agency=booking.agency).delegate
    check = words(client.get(f"{address('substitute', booking)}?person={sean.reference}"))
    assert "already has a booking on" in check
    assert "Send this substitute" not in check


@pytest.mark.parametrize(("role", "statements"), [(None, 7), ("agency-lead", 8)])
def test_checking_a_substitute_takes_at_most_eight_statements(
    client, sign_in, role, statements, django_assert_num_queries
):
    person = sign_in(role) if role else sign_in()
    booking = BookingFactory(
        event__course__on_missing="block",
        event__course__needs_approval=True,
        delegate=PersonFactory(agency=person.agency) if role else person,
    )
    sean = PersonFactory(agency=person.agency, line_manager=PersonFactory())
    with django_assert_num_queries(statements):
        client.get(f"{address('substitute', booking)}?person={sean.reference}")


def test_a_place_given_up_already_is_told_in_words(client, sign_in):
    jade = sign_in()
    booking = BookingFactory(delegate=jade, cancelled=True)
    sean = PersonFactory(agency=jade.agency)
    answer = client.post(address("substitute", booking), {"person": sean.reference}, follow=True).content.decode()
    assert "has been given up already" in answer


# --- giving places --------------------------------------------------------------------------------------------------
def test_a_free_place_is_given_after_a_check_page_that_tells_who_waited_longer(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(places=2)
    BookingFactory(event=event, waiting=True, booked_at="2026-01-01T10:00Z")
    later = BookingFactory(event=event, waiting=True, booked_at="2026-01-02T10:00Z")
    check = client.get(address("give_place", later)).content.decode()
    assert "0 of 2 held" in check
    assert "1 person has waited longer" in check
    client.post(address("give_place", later))
    later.refresh_from_db()
    assert later.state == "confirmed"


def test_without_a_free_place_a_reason_is_asked_and_kept(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(places=1)
    BookingFactory(event=event)
    waiting = BookingFactory(event=event, waiting=True)
    assert "All places are held" in client.get(address("give_place", waiting)).content.decode()
    assert "Enter why there is room" in client.post(address("give_place", waiting), {"reason": ""}).content.decode()
    client.post(address("give_place", waiting), {"reason": "A bigger room"})
    waiting.refresh_from_db()
    event.refresh_from_db()
    assert (waiting.state, event.overbooking, event.overbooking_reason) == ("confirmed", 1, "A bigger room")


def test_a_place_that_is_gone_meanwhile_is_told_in_words(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(places=1)
    waiting = BookingFactory(event=event, waiting=True)
    BookingFactory(event=event)
    answer = client.post(address("give_place", waiting), follow=True).content.decode()
    assert "All 1 places" in answer


def test_who_is_told_by_email_and_who_is_not_is_said(client, sign_in):
    sign_in("coordinator")
    by_lead = PersonFactory(name="Tom by the Lead", email="")
    PersonFactory(roles=["agency-lead"], agency=by_lead.agency)
    for delegate, words in (
        (PersonFactory(name="Jade Lewis"), "Jade Lewis is told by email."),
        (by_lead, "Tom by the Lead is told by email."),
        (PersonFactory(name="Ann Alone", email=""), "No email reaches Ann Alone: tell them yourself."),
    ):
        waiting = BookingFactory(waiting=True, delegate=delegate)
        answer = client.post(reverse("bookings:give_place", args=[waiting.reference]), follow=True).content.decode()
        assert words in answer


def test_giving_what_is_kept_for_others_or_more_than_the_cap_is_warned_of(client, sign_in):
    sign_in("coordinator")
    kept = BookingFactory(event=HoldFactory(event__places=1).event, waiting=True)
    capped = BookingFactory(event=CapFactory().event)
    second = BookingFactory(event=capped.event, delegate__agency=capped.agency, waiting=True)
    for waiting, words in ((kept, "kept for other agencies"), (second, "as many places as one agency may have")):
        page = client.get(reverse("bookings:give_place", args=[waiting.reference])).content.decode()
        assert words in page
        assert "Give this place" in page
