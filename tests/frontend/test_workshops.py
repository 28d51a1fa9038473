"""A conference's workshops for coordinators: numbers, who goes where, places, moving somebody, and badges."""

import pytest
from django.urls import reverse

from tests.factories import BookingFactory, EventFactory, PersonFactory, WorkshopChoiceFactory, WorkshopFactory
from tests.frontend.joining import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    return EventFactory(course__delivery="conference", course__title="Conference")


@pytest.fixture
def neglect(conference):
    return WorkshopFactory(event=conference, title="Neglect", slot="Morning", places=2)


def address(view, event, *args):
    return reverse(f"events:{view}", args=[event.reference, *args])


def goes_to(workshop, name="Jade Lewis", **facts):
    booking = BookingFactory(event=workshop.event, delegate__name=name, **facts)
    WorkshopChoiceFactory(workshop=workshop, booking=booking)
    return booking


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_seven_statements_at_one_and_at_twenty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory(course__delivery="conference", places=50)
    for number in range(count):
        goes_to(WorkshopFactory(event=event, slot=f"Slot {number}"))
    with django_assert_num_queries(7):
        page = client.get(address("workshops", event)).content.decode()
    assert page.count("Change places<") == page.count("Move<") == count


def test_numbers_and_who_goes_where(client, sign_in, conference, neglect):
    sign_in("coordinator")
    goes_to(neglect)
    goes_to(neglect, "Sam Osei", waiting=True)
    BookingFactory(event=conference, delegate__name="Amir Khan")
    page = text_of(client.get(address("workshops", conference)))
    assert "Neglect 2 1 1 1" in page
    assert "1 delegate has not chosen for each time" in page
    only = text_of(client.get(address("workshops", conference) + f"?of={neglect.pk}"))
    assert ("Jade Lewis" in only, "Amir Khan" in only) == (True, False)
    missing = text_of(client.get(address("workshops", conference) + "?of=missing"))
    assert ("Jade Lewis" in missing, "Amir Khan" in missing) == (False, True)
    assert b"Neglect,Morning,2,1,1,1" in client.get(address("workshop_numbers", conference)).content
    assert address("workshops", conference) in client.get(address("event", conference)).content.decode()


def test_places_are_changed_after_a_look_at_what_follows(client, sign_in, conference, neglect):
    sign_in("coordinator")
    for name in ("Jade Lewis", "Amir Khan"):
        goes_to(neglect, name)
    places = address("workshop_places", conference, neglect.pk)
    assert "Move 1 of them first" in text_of(client.post(places, {"places": "1"}))
    assert "Nobody is moved or told" in text_of(client.post(places, {"places": "3"}))
    assert "Nothing is changed yet" in text_of(client.post(places, {"places": "3", "change": "1"}))
    assert "has 3 places now" in text_of(client.post(places, {"places": "3", "confirm": "1"}, follow=True))
    neglect.refresh_from_db()
    assert neglect.places == 3


def test_a_coordinator_moves_somebody_with_a_reason_and_comes_back(client, sign_in, conference, neglect):
    sign_in("coordinator")
    other = WorkshopFactory(event=conference, title="County lines", slot="Morning")
    booking = goes_to(neglect)
    move = reverse("bookings:workshops", args=[booking.reference]) + "?event=yes"
    assert "Say why: Jade Lewis is told" in text_of(client.post(move, {"slot-0": other.pk}))
    done = client.post(move, {"slot-0": other.pk, "reason": "The speaker is ill"})
    assert done.url == address("workshops", conference)
    assert booking.workshop_choices.get().workshop == other


def test_badges_leave_out_who_is_kept_off_lists_and_who_has_no_place(client, sign_in, conference, neglect):
    sign_in("coordinator")
    goes_to(neglect)
    goes_to(neglect, "Hidden Person", delegate__is_off_lists=True)
    goes_to(neglect, "Waiting Person", waiting=True)
    assert "1 delegate is kept off printed lists" in text_of(client.get(address("workshops", conference)))
    listed = client.get(address("badges", conference)).content.decode()
    assert "Name,Agency,Morning" in listed
    assert [name in listed for name in ("Jade Lewis", "Hidden", "Waiting")] == [True, False, False]
    assert client.get(address("badges", conference) + "?format=xlsx").content[:2] == b"PK"
    pdf = client.get(address("badges_pdf", conference))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_badges_of_nobody_and_of_long_names_are_made(client, sign_in, conference, neglect):
    sign_in("coordinator")
    assert client.get(address("badges_pdf", conference)).content[:5] == b"%PDF-"
    goes_to(neglect, "Maximiliana-Theodora " * 6, delegate__agency__name="Staffordshire and West Midlands " * 4)
    assert client.get(address("badges_pdf", conference)).content[:5] == b"%PDF-"


def test_one_keeps_ones_own_name_off_lists(client, sign_in):
    person = sign_in()
    own = reverse("own:change_details")
    client.post(own, {"name": person.name, "is_off_lists": "on"})
    person.refresh_from_db()
    assert person.is_off_lists
    assert "kept off them" in text_of(client.get(reverse("own:details")))


def test_a_coordinator_keeps_somebody_off_lists(client, sign_in):
    sign_in("coordinator")
    person = PersonFactory()
    correct = reverse("people:correct", args=[person.reference])
    client.post(correct, {"name": person.name, "email": person.email, "is_off_lists": "on"})
    person.refresh_from_db()
    assert person.is_off_lists
    assert "kept off badges" in text_of(client.get(reverse("people:person", args=[person.reference])))


def test_a_workshop_is_added_renamed_and_taken_out_while_nobody_has_chosen_it(client, sign_in, conference, neglect):
    sign_in("coordinator")
    add = address("add_workshop", conference)
    assert "Morning" in text_of(client.get(add))
    taken = {"title": "NEGLECT", "slot": "Morning", "places": "12"}
    assert "called “NEGLECT” already" in text_of(client.post(add, taken))
    done = client.post(add, taken | {"title": "County lines"}, follow=True)
    assert "County lines 12 0 12 0" in text_of(done)
    made = conference.workshops.get(title="County lines")
    change = address("change_workshop", conference, made.pk)
    assert client.post(change, {"title": "Exploitation", "slot": "Afternoon"}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.slot, made.places) == ("Exploitation", "Afternoon", 12)
    assert "you can add it again" in text_of(client.post(address("workshop_out", conference, made.pk), follow=True))
    assert conference.workshops.get() == neglect


def test_a_workshop_that_is_chosen_keeps_its_time_and_stays(client, sign_in, conference, neglect):
    sign_in("coordinator")
    goes_to(neglect, cancelled=True)
    change = address("change_workshop", conference, neglect.pk)
    assert "chosen in 1 booking" in text_of(client.post(change, {"title": "Neglect", "slot": "Evening"}))
    assert client.post(change, {"title": "Neglect today", "slot": "Morning"}).status_code == 302
    assert "so it stays" in text_of(client.post(address("workshop_out", conference, neglect.pk), follow=True))
    assert conference.workshops.get().title == "Neglect today"
    begun = WorkshopFactory(event=EventFactory(days=-1))
    assert "stay as they were" in text_of(client.post(address("workshop_out", begun.event, begun.pk), follow=True))
