"""What becomes of the bookings of somebody who leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import leavers, permissions, places, queue
from bookings.leavers import Choice, What
from bookings.models import Booking, Departure, Handover
from bookings.refusals import AlreadyBooked, NobodyToWriteTo
from outbox import templates
from outbox.models import Message
from people import refusals
from people.models import Person
from tests.bookings.calendars import read
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    PersonFactory,
    TariffFactory,
)
from tests.guards import passes_without, refused_by

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coordinator():
    return PersonFactory(roles=["coordinator"])


@pytest.fixture
def jade():
    return PersonFactory(name="Jade Lewis")


def test_coming_are_places_and_waits_on_events_that_have_not_begun(jade):
    place = BookingFactory(delegate=jade)
    waiting = BookingFactory(delegate=jade, waiting=True)
    BookingFactory(delegate=jade, cancelled=True)
    BookingFactory(delegate=jade, event__begins=timezone.now() - timedelta(minutes=5))
    BookingFactory()
    assert set(leavers.coming(jade)) == {place, waiting}


def leave(person, by, what="release", **more):
    choices = {one.reference: Choice(What(what), **more) for one in leavers.coming(person)}
    return leavers.leave(person=person, left_on=TODAY(), choices=choices, by=by)


def test_all_are_released_with_the_leaving(jade, coordinator):
    bookings = {BookingFactory(delegate=jade), BookingFactory(delegate=jade, waiting=True)}
    leave(jade, coordinator)
    assert set(Booking.objects.filter(state="cancelled", cancelled_by=coordinator)) == bookings
    assert Person.objects.get(pk=jade.pk).left_on == TODAY()


def test_left_as_they_are_colleagues_can_take_them_over(jade, coordinator):
    booking = BookingFactory(delegate=jade)
    leave(jade, coordinator, "leave")
    colleague = PersonFactory(agency=jade.agency)
    assert places.substitute(booking=booking, substitute=colleague, by=coordinator).delegate == colleague


def test_a_colleague_takes_over_with_the_leaving(jade, coordinator):
    booking, colleague = BookingFactory(delegate=jade), PersonFactory(agency=jade.agency)
    leave(jade, coordinator, "send", colleague=colleague)
    booking.refresh_from_db()
    assert (booking.outcome, booking.event.bookings.live().get().delegate) == ("substituted-out", colleague)


def test_where_the_leaving_is_refused_no_booking_is_released(coordinator):
    finance = PersonFactory(roles=["finance-officer"])
    booking = BookingFactory(delegate=finance)
    with pytest.raises(refusals.AddressNeedsAnAdministrator):
        leave(finance, coordinator)
    booking.refresh_from_db()
    assert booking.state == "confirmed"


def test_what_was_booked_meanwhile_is_asked_about_first(jade, coordinator):
    BookingFactory(delegate=jade)
    with pytest.raises(AlreadyBooked, match="meanwhile"):
        leavers.leave(person=jade, left_on=TODAY(), choices={}, by=coordinator)
    assert Person.objects.get(pk=jade.pk).left_on is None


def test_line_manager_and_leads_are_asked_once_for_all_the_places(coordinator):
    manager = PersonFactory()
    jade = PersonFactory(name="Jade Lewis", line_manager=manager, agency=manager.agency)
    lead = PersonFactory(agency=jade.agency, roles=["agency-lead"])
    first, _ = (BookingFactory(delegate=jade, event__course__title=title) for title in ("Neglect", "Modern Slavery"))
    leave(jade, coordinator, "ask")
    asked = Message.objects.filter(template="colleagues_asked")
    assert set(asked.values_list("to", flat=True)) == {manager.email, lead.email}
    text = templates.make("colleagues_asked", leavers.asked_about(jade.reference, lead.reference)).body
    assert f"Dear {lead.name}," in text
    assert "Neglect" in text
    assert "Modern Slavery" in text
    assert f"/bookings/?q={jade.reference}" in text
    assert permissions.may_substitute(manager, first)
    for booking in Booking.objects.live():
        places.substitute(booking=booking, substitute=lead, by=lead)
    with pytest.raises(templates.NoLongerNeeded):
        templates.make("colleagues_asked", leavers.asked_about(jade.reference, lead.reference))


def test_with_nobody_to_ask_nothing_is_done(jade, coordinator):
    BookingFactory(delegate=jade)
    with pytest.raises(NobodyToWriteTo, match="Choose something else"):
        leave(jade, coordinator, "ask")
    assert not Handover.objects.exists()
    assert Person.objects.get(pk=jade.pk).left_on is None


@pytest.fixture
def kept(coordinator):
    """A leaver's place under a policy that charges late cancellation, kept until that is not free any more."""
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    long_ago = timezone.now() - timedelta(days=60)
    jade = PersonFactory(line_manager=PersonFactory())
    booking = BookingFactory(delegate=jade, policy=policy, booked_at=long_ago)
    leave(jade, coordinator, "ask")
    return Handover.objects.select_related("booking").get(booking=booking)


def test_nobody_named_in_time_the_place_goes_to_others_without_cost(kept):
    free_until = places.cost_of_cancelling(kept.booking).free_until
    assert kept.until == free_until
    assert leavers.lapse(kept.until - timedelta(minutes=1)) == 0
    assert leavers.lapse(kept.until) == 1
    assert leavers.lapse(kept.until) == 0, "a second call changes nothing"
    kept.booking.refresh_from_db()
    assert kept.booking.outcome == "cancelled-in-time"


def test_a_colleague_named_in_time_keeps_the_place(kept, coordinator):
    places.substitute(booking=kept.booking, substitute=PersonFactory(), by=coordinator)
    assert leavers.lapse(kept.until) == 0
    assert kept.booking.event.bookings.live().count() == 1


def test_who_is_back_keeps_what_was_kept(kept, coordinator):
    assert leavers.undo(person=kept.booking.delegate, by=coordinator) == []
    assert not Handover.objects.exists()
    assert leavers.lapse(kept.until) == 0
    kept.booking.refresh_from_db()
    assert kept.booking.state == "confirmed"


def test_undone_what_was_released_comes_back_while_there_is_a_place(jade, coordinator):
    back, taken = BookingFactory(delegate=jade), BookingFactory(delegate=jade, event__places=1)
    leave(jade, coordinator)
    BookingFactory(event=taken.event)
    (said,) = leavers.undo(person=jade, by=coordinator)
    assert f"{taken.event}, whose place is taken or over" in said
    back.refresh_from_db()
    assert (back.state, back.outcome, back.cancelled_at) == ("confirmed", None, None)
    with pytest.raises(refusals.NotLeft):
        leavers.undo(person=jade, by=coordinator)


def test_what_was_told_to_be_over_is_told_to_be_back_and_told_again_when_it_ends_again(jade, coordinator):
    booking = BookingFactory(delegate=jade)
    numbers = []

    def told():
        waiting = Message.objects.filter(state="waiting", reference=booking.reference)
        found = list(waiting.values_list("template", flat=True))
        waiting.update(state="done", finished_at=timezone.now())
        for template in found:
            (file,) = templates.attachments(template, booking.reference, jade.email)
            numbers.append(read(file.content).entries[0].sequence)
        return found

    for _ in range(2):
        leave(jade, coordinator)
        assert told() == ["booking_cancelled"]
        leavers.undo(person=jade, by=coordinator)
        assert told() == ["booking_confirmed"]
    places.cancel(booking=booking, by=jade)
    assert told() == ["booking_cancelled"]
    assert numbers == sorted(set(numbers)), "else calendars would leave it as it was"


def test_who_was_offered_a_place_is_told_when_another_is_offered(jade, coordinator):
    event = EventFactory(places=1)
    first = BookingFactory(event=event)
    booking = BookingFactory(event=event, delegate=jade, waiting=True)
    places.cancel(booking=first, by=first.delegate)
    leave(jade, coordinator)
    leavers.undo(person=jade, by=coordinator)
    queue.promote(event)
    queue.promote(event)
    assert Message.objects.filter(template="booking_offered", reference=booking.reference).count() == 2


def test_who_left_before_there_was_a_note_of_it_is_brought_back_too(coordinator):
    jade = PersonFactory(left_on=TODAY())
    assert leavers.undo(person=jade, by=coordinator) == []
    leave(jade, coordinator)
    leavers.undo(person=jade, by=coordinator)
    leave(jade, coordinator)
    assert Departure.objects.filter(person=jade).count() == 2


@pytest.mark.parametrize("count", [1, 9])
def test_what_cancelling_costs_is_what_it_costs_one_by_one_and_is_known_in_two_statements(
    django_assert_num_queries, jade, count
):
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    for number in range(count):
        BookingFactory(
            delegate=jade,
            policy=policy,
            event=EventFactory(days=1 + 30 * (number % 2)),
            booked_at=timezone.now() - timedelta(days=60),
        )
    bookings = list(leavers.coming(jade))
    with django_assert_num_queries(2):
        found = leavers.with_costs(bookings)
    costs = [places.cost_of_cancelling(booking) for booking in bookings]
    assert [(one.late, one.free_until) for one in found] == [(cost.tariff, cost.free_until) for cost in costs]
    assert found[0].late is not None
    assert not found[0].can_wait


def test_who_only_waits_and_what_no_policy_charges_costs_nothing(jade):
    BookingFactory(delegate=jade, waiting=True, policy=ChargingPolicyFactory())
    BookingFactory(delegate=jade)
    assert [one.late for one in leavers.with_costs(list(leavers.coming(jade)))] == [None, None]
    assert leavers.with_costs([]) == []


def test_somebody_departs_once_until_that_is_undone(jade, coordinator):
    def again():
        for _ in range(2):
            Departure.objects.create(person=jade, by=coordinator)

    with refused_by("person_departs_once"):
        again()
    passes_without("person_departs_once", again)
