"""The pages of access and dietary needs, and of changed workshops: who sees what, what is recorded, what is refused."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import needs, workshop_choices
from bookings.models import Need, NeedReading
from bookings.needs import Needs
from people.models import Person
from tests.bookings.factories import NeedFactory
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionTrainerFactory,
    TrainerFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)

pytestmark = pytest.mark.django_db


def shown(response):
    return " ".join(response.content.decode().split())


def of_event(event):
    return reverse("events:needs", args=[event.reference])


def of_booking(booking):
    return reverse("bookings:needs", args=[booking.reference])


def workshops(booking):
    return reverse("bookings:workshops", args=[booking.reference])


# --- of an event ----------------------------------------------------------------------------------------------------
def test_a_coordinator_sees_who_needs_what_and_that_is_recorded(client, sign_in):
    coordinator = sign_in("coordinator")
    need = NeedFactory(booking__delegate__name="Jade Lewis", dietary="<b>Vegan</b>")
    page = shown(client.get(of_event(need.booking.event)))
    for said in ("Jade Lewis", need.booking.agency.name, "A ramp", "&lt;b&gt;Vegan"):
        assert said in page
    reading = NeedReading.objects.get()
    assert (reading.event, reading.reader) == (need.booking.event, coordinator)
    client.get(of_event(need.booking.event))
    assert NeedReading.objects.count() == 2


def test_where_nobody_needs_anything_the_page_says_so(client, sign_in):
    sign_in("coordinator")
    assert "Nobody who comes has said that they need anything" in shown(client.get(of_event(EventFactory())))


@pytest.mark.parametrize(("days", "status"), [(6, 200), (9, 403)])
def test_a_trainer_is_let_in_only_around_the_day_and_is_shown_a_link_only_then(client, sign_in, days, status):
    event = EventFactory(begins=timezone.now() + timedelta(days=days))
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=sign_in()))
    NeedFactory(booking__event=event)
    assert client.get(of_event(event)).status_code == status
    assert NeedReading.objects.exists() == (status == 200)
    page = shown(client.get(reverse("events:event", args=[event.reference])))
    assert (of_event(event) in page) == (status == 200)
    assert "A ramp" not in page


@pytest.mark.parametrize("role", ["agency-lead", "finance-officer", "subgroup-member"])
def test_nobody_else_is_let_in_or_shown_that_there_are_any(client, sign_in, role):
    person, event = sign_in(role), EventFactory(days=2)
    NeedFactory(booking__event=event, booking__delegate__agency=person.agency)
    assert client.get(of_event(event)).status_code == 403
    assert "dietary" not in shown(client.get(reverse("events:event", args=[event.reference])))


def test_the_events_page_says_how_many_need_something(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    address = reverse("events:event", args=[event.reference])
    assert "nobody has said any" in shown(client.get(address))
    NeedFactory.create_batch(2, booking__event=event)
    NeedFactory(booking__event=event, booking__waiting=True)
    assert "2 delegates with some" in shown(client.get(address))


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_six_statements_at_one_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory(places=50)
    NeedFactory.create_batch(count, booking__event=event)
    with django_assert_num_queries(6):
        assert shown(client.get(of_event(event))).count("A ramp") == count


# --- arranged -------------------------------------------------------------------------------------------------------
def to_arrange(booking):
    return reverse("bookings:arrange_need", args=[booking.reference])


def arrangement(need, **facts):
    return {"seen": need.said_at.isoformat(), "arranged": "The <b>ground floor</b>", "how": "arranged"} | facts


def test_a_coordinator_says_what_is_arranged_and_the_delegate_reads_it(client, sign_in):
    jade = sign_in()
    need = NeedFactory(booking__delegate=jade)
    sign_in("coordinator")
    page = shown(client.get(of_event(need.booking.event)))
    assert "To arrange" in page
    assert to_arrange(need.booking) in page
    assert "A ramp" in shown(client.get(to_arrange(need.booking)))
    assert NeedReading.objects.count() == 2
    page = shown(client.post(to_arrange(need.booking), arrangement(need, chairs="2"), follow=True))
    assert "is told by email in five minutes" in page
    assert "The &lt;b&gt;ground floor" in page
    assert "2 chairs beside the places" in page
    address = reverse("bookings:booking", args=[need.booking.reference])
    assert "ground floor" not in shown(client.get(address)), "it is read where that is recorded"
    client.force_login(jade.account)
    page = shown(client.get(address))
    assert "Arranged for you" in page
    assert "The &lt;b&gt;ground floor" in page


def test_what_there_is_instead_is_said_as_that_and_can_be_changed_and_taken_back(client, sign_in):
    jade = sign_in()
    need = NeedFactory(booking__delegate=jade)
    Person.objects.filter(pk=jade.pk).update(email="")
    sign_in("coordinator")
    page = shown(client.post(to_arrange(need.booking), arrangement(need, how="instead"), follow=True))
    assert "has no email address here: tell them yourself" in page
    assert "Something instead" in page
    page = shown(client.get(to_arrange(need.booking)))
    assert "ground floor" in page
    assert 'value="instead" checked' in page
    take_back = reverse("bookings:take_back_need", args=[need.booking.reference])
    address = reverse("bookings:booking", args=[need.booking.reference])
    client.force_login(jade.account)
    assert "Instead of what you need" in shown(client.get(address))
    sign_in("coordinator")
    for _ in range(2):
        assert "is to be arranged" in shown(client.post(take_back, follow=True))
    need.refresh_from_db()
    assert not need.is_arranged


def test_of_a_need_that_changed_meanwhile_it_is_refused_in_words_and_what_was_arranged_is_shown(client, sign_in):
    coordinator = sign_in("coordinator")
    need = NeedFactory(is_arranged=True)
    needs.change(booking=need.booking, needs=Needs("An interpreter"), by=coordinator)
    for page in (shown(client.get(of_event(need.booking.event))), shown(client.get(to_arrange(need.booking)))):
        assert "The room on the ground floor" in page
        assert "An interpreter" in page
    page = shown(client.post(to_arrange(need.booking), arrangement(need), follow=True))
    assert "They need something else since you opened this page" in page
    needs.change(booking=need.booking, needs=Needs(), by=coordinator)
    page = shown(client.post(to_arrange(need.booking), arrangement(need), follow=True))
    assert "needs nothing any more" in page


def test_it_is_asked_for_what_is_missing(client, sign_in):
    sign_in("coordinator")
    need = NeedFactory()
    page = shown(client.post(to_arrange(need.booking), arrangement(need, arranged="", how="", chairs="9")))
    assert "Enter what is arranged, or what there is instead" in page
    assert "Select whether this is what they asked for" in page
    assert not Need.objects.get().is_arranged


def test_food_is_ordered_for_all_who_need_nothing_else(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    food = NeedFactory.create_batch(2, booking__event=event, access="", dietary="Vegan")
    both = NeedFactory(booking__event=event, dietary="Vegan")
    page = shown(client.get(of_event(event)))
    assert "ordered for the 2 delegates who need nothing else" in page
    seen = re.search('name="seen" value="([^"]+)"', page)[1]
    later = NeedFactory(booking__event=event, access="", dietary="No nuts")
    address = reverse("events:order_food", args=[event.reference])
    assert "as ordered for 2 delegates" in shown(client.post(address, {"seen": seen}, follow=True))
    assert set(Need.objects.arranged()) == set(food)
    assert set(Need.objects.to_arrange()) == {both, later}
    assert "as ordered for 0 delegates" in shown(client.post(address, {"seen": seen}, follow=True))
    client.post(address, {"seen": "nonsense"})
    assert Need.objects.to_arrange().count() == 2


def test_trainers_see_what_is_arranged_and_cannot_change_it(client, sign_in):
    event = EventFactory(days=3)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=sign_in()))
    need = NeedFactory(booking__event=event, is_arranged=True)
    page = shown(client.get(of_event(event)))
    assert "The room on the ground floor" in page
    assert to_arrange(need.booking) not in page


def test_the_event_says_what_is_to_arrange_and_which_room_holds_the_chairs_no_more(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(places=10)
    event.sessions.update(room=RoomFactory(name="Oak", capacity=11))
    address = reverse("events:event", args=[event.reference])
    NeedFactory(booking__event=event)
    NeedFactory(booking__event=event, is_arranged=True, chairs=1)
    page = shown(client.get(address))
    assert "2 delegates with some, 1 to arrange" in page
    assert "1 chair beside the places" in page
    assert "more people than" not in page
    Need.objects.to_arrange().update(
        arranged="An interpreter", arranged_at=timezone.now(), arranged_by=PersonFactory(), chairs=2
    )
    page = shown(client.get(address))
    assert "2 delegates with some, all arranged" in page
    assert "3 chairs beside the places" in page
    assert "more people than" in page
    assert "Oak holds" in page


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_of_events_with_needs_counts_them_in_as_many_statements(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    for _ in range(count):
        event = EventFactory()
        NeedFactory.create_batch(2, booking__event=event)
        NeedFactory(booking__event=event, is_arranged=True)
    with django_assert_num_queries(5):
        page = shown(client.get(reverse("events:needs_coming")))
    assert page.count('data-label="To arrange">2<') == count
    assert page.count('data-label="Arranged">1<') == count


def test_without_needs_the_list_says_so(client, sign_in):
    sign_in("coordinator")
    assert "Nobody who comes needs anything" in shown(client.get(reverse("events:needs_coming")))


# --- of one's own booking, and kept ---------------------------------------------------------------------------------
def test_one_says_changes_and_takes_back_what_one_needs(client, sign_in):
    booking = BookingFactory(delegate=sign_in())
    assert of_booking(booking) in shown(client.get(reverse("bookings:booking", args=[booking.reference])))
    assert "The needs are noted" in shown(client.post(of_booking(booking), {"access": "A ramp"}, follow=True))
    assert "A ramp</textarea>" in shown(client.get(of_booking(booking)))
    assert "there are no needs" in shown(client.post(of_booking(booking), {"access": ""}, follow=True))
    assert not Need.objects.exists()


def test_of_a_booking_that_is_cancelled_meanwhile_it_is_refused_in_words(client, sign_in):
    booking = BookingFactory(delegate=sign_in(), cancelled=True)
    page = shown(client.post(of_booking(booking), {"access": "A ramp"}, follow=True))
    assert "This booking is cancelled, so nothing is arranged for it." in page
    address = reverse("bookings:booking", args=[booking.reference])
    assert "Say what you need" not in shown(client.get(address))


def test_a_coordinator_notes_it_for_who_rings_up_and_that_they_looked_is_recorded(client, sign_in):
    need = NeedFactory()
    coordinator = sign_in("coordinator")
    page = shown(client.get(reverse("bookings:booking", args=[need.booking.reference])))
    assert of_booking(need.booking) in page
    assert "A ramp" not in page
    assert "A ramp</textarea>" in shown(client.get(of_booking(need.booking)))
    assert NeedReading.objects.get().reader == coordinator
    client.post(of_booking(need.booking), {"access": "A hearing loop"})
    need.refresh_from_db()
    assert need.access == "A hearing loop"


def test_ones_line_manager_and_agency_lead_neither_see_nor_say_it(client, sign_in):
    need = NeedFactory(booking__delegate__line_manager=sign_in())
    assert client.get(of_booking(need.booking)).status_code == 403
    assert "on the day" not in shown(client.get(reverse("bookings:booking", args=[need.booking.reference])))
    need = NeedFactory(booking__delegate__agency=sign_in("agency-lead").agency)
    assert client.get(of_booking(need.booking)).status_code == 403
    assert not NeedReading.objects.exists()


def test_what_one_keeps_is_seen_changed_and_removed_in_ones_details(client, sign_in):
    jade = sign_in()
    address = reverse("own:needs")
    assert "None are kept" in shown(client.get(reverse("own:details")))
    page = shown(client.post(address, {"access": "A ramp", "dietary": "Vegan"}, follow=True))
    assert "Your needs are kept for the next time you book" in page
    assert "A ramp</textarea>" in shown(client.get(address))
    assert needs.kept_by(jade) == Needs("A ramp", "Vegan")
    assert "not kept any more" in shown(client.post(address, {}, follow=True))
    assert needs.kept_by(jade) == Needs()


# --- workshops ------------------------------------------------------------------------------------------------------
@pytest.fixture
def booked(sign_in):
    """One's own booking on a conference, with one of its two workshops, the other being full."""
    event = EventFactory(course=CourseFactory(delivery="conference"))
    booking = BookingFactory(event=event, delegate=sign_in())
    WorkshopChoiceFactory(booking=booking, workshop=WorkshopFactory(event=event, title="Neglect"))
    WorkshopFactory(event=event, title="County lines", places=1)
    return booking


def titles(booking):
    return list(booking.workshop_choices.values_list("workshop__title", flat=True))


def key(title, booking):
    return {"slot-0": booking.event.workshops.get(title=title).pk}


def test_workshops_are_shown_with_the_booking_and_changed_from_there(client, booked):
    address = reverse("bookings:booking", args=[booked.reference])
    assert workshops(booked) in shown(client.get(address))
    page = shown(client.post(workshops(booked), key("County lines", booked), follow=True))
    assert "The workshops are changed" in page
    assert "County lines" in page
    assert titles(booked) == ["County lines"]


def test_one_that_is_full_by_now_is_refused_with_what_is_left(client, booked):
    WorkshopChoiceFactory(workshop=booked.event.workshops.get(title="County lines"))
    page = shown(client.post(workshops(booked), key("County lines", booked)))
    assert "The one that you chose is full by now, choose another" in page
    assert "Full: County lines" in page
    assert "Neglect (10 left)" in page
    assert titles(booked) == ["Neglect"]


def test_one_that_fills_between_look_and_lock_is_refused_as_well(client, booked, monkeypatch):
    real, lines = workshop_choices.change, booked.event.workshops.get(title="County lines")

    def too_late(**facts):
        WorkshopChoiceFactory(workshop=lines)
        return real(**facts)

    monkeypatch.setattr(workshop_choices, "change", too_late)
    page = shown(client.post(workshops(booked), key("County lines", booked)))
    assert "is full by now" in page
    assert titles(booked) == ["Neglect"]


def test_of_a_cancelled_booking_or_without_workshops_there_is_nothing_to_choose(client, sign_in, booked):
    other = BookingFactory(delegate=booked.delegate)
    assert "There is no workshop to choose" in shown(client.get(workshops(other)))
    gone = BookingFactory(event=booked.event, delegate=PersonFactory(line_manager=booked.delegate), cancelled=True)
    page = shown(client.post(workshops(gone), key("Neglect", booked), follow=True))
    assert "is cancelled" in page


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_takes_six_statements_whatever_is_chosen(client, booked, django_assert_num_queries, count):
    neglect = booked.event.workshops.get(title="Neglect")
    neglect.places = 50
    neglect.save()
    WorkshopChoiceFactory.create_batch(count, workshop=neglect)
    with django_assert_num_queries(6):
        client.get(workshops(booked))
