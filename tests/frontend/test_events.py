"""An event's page: the public facts to everyone, counts and names to who may see them; and booking on it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking
from people.models import Person
from tests.bookings.factories import HoldFactory, NeedFactory
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    MarkFactory,
    MessageFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)

pytestmark = pytest.mark.django_db


def page_of(client, event):
    return client.get(reverse("events:event", args=[event.reference])).content.decode()


def book(event):
    return reverse("events:book", args=[event.reference])


def trained_by(person, **facts):
    event = EventFactory(**facts)
    SessionTrainerFactory(session=event.sessions.first(), trainer=TrainerFactory(person=person))
    return event


# --- the page -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_seven_statements_at_one_booking_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory(places=50)
    for _ in range(count):
        need = NeedFactory(booking__event=event)
        MessageFactory(to=need.booking.delegate.email, state="failed", finished_at=timezone.now())
        BookingFactory(event=event, waiting=True)
        BookingFactory(event=event, cancelled=True)
    with django_assert_num_queries(7):
        page = page_of(client, event)
    assert page.count(">Substitute<") == page.count("Give a place<") == page.count("Messages do not arrive<") == count


def test_a_conferences_workshops_take_one_statement_more(client, sign_in, django_assert_num_queries):
    sign_in("coordinator")
    event = EventFactory(course=CourseFactory(delivery="conference"))
    WorkshopChoiceFactory(booking__event=event, workshop=WorkshopFactory(event=event, title="County lines", places=36))
    BookingFactory(event=event, waiting=True)
    with django_assert_num_queries(8):
        page = page_of(client, event)
    assert '<td data-label="Workshops">County lines<' in page
    assert '<td data-label="Workshops">None chosen<' in page


def test_a_coordinator_sees_places_names_and_the_queue_in_its_order(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(places=2, overbooking=1, overbooking_reason="Three start that week")
    for name in ("Ann First", "Bea Second", "Cas Third"):
        BookingFactory(event=event, delegate__name=name)
    BookingFactory(event=event, waiting=True, delegate__name="Zoe Early", booked_at="2026-01-01T10:00Z")
    BookingFactory(event=event, waiting=True, delegate__name="Abe Late", booked_at="2026-01-02T10:00Z")
    page = page_of(client, event)
    assert "1 place too many" in page
    assert "Three start that week" in page
    assert page.index("Zoe Early") < page.index("Abe Late")


def test_what_is_kept_for_agencies_is_said_beside_what_is_free(client, sign_in):
    sign_in("coordinator")
    assert "20 free, 3 of them kept for agencies" in page_of(client, HoldFactory(places=3).event)
    assert "20 free, 20 of them kept for agencies" in page_of(client, HoldFactory(places=30).event)


def test_a_subgroup_member_sees_counts_and_no_names(client, sign_in):
    sign_in("subgroup-member")
    event = EventFactory()
    booking = BookingFactory(event=event, delegate__name="Jade Lewis")
    page = page_of(client, event)
    assert ">held<" in page.replace("\n", "")
    assert "Jade Lewis" not in page
    assert booking.agency.name not in page


def test_a_practitioner_sees_the_public_facts_and_the_own_booking(client, sign_in):
    jade = sign_in()
    event = EventFactory(places=20)
    BookingFactory(event=event, delegate__name="Somebody Else")
    mine = BookingFactory(event=event, delegate=jade)
    page = page_of(client, event)
    assert "You have a place on this event" in page
    assert reverse("bookings:booking", args=[mine.reference]) in page
    assert ">places left<" in page
    for word in ("Somebody Else", ">held<", "Register", ">Substitute<"):
        assert word not in page


def test_who_waits_sees_their_number(client, sign_in):
    jade = sign_in()
    event = EventFactory()
    BookingFactory(event=event, waiting=True, booked_at="2026-01-01T10:00Z")
    BookingFactory(event=event, waiting=True, booked_at="2026-01-02T10:00Z", delegate=jade)
    assert "You are number 2 on the waiting list" in page_of(client, event)


def test_a_trainer_sees_names_and_agencies_of_who_comes_and_nothing_more(client, sign_in):
    event = trained_by(sign_in())
    comes = BookingFactory(event=event, delegate__name="Jade Lewis", delegate__email="jade@example.org")
    BookingFactory(event=event, waiting=True, delegate__name="Who Waits")
    page = page_of(client, event)
    assert "Jade Lewis" in page
    assert comes.agency.name in page
    for word in ("jade@example.org", "Who Waits", comes.reference, ">Substitute<", "Booked on", "History"):
        assert word not in page


@pytest.mark.parametrize("places", [1, 20])
def test_who_gives_an_event_is_not_asked_to_book_it_but_books_others_where_they_may(client, sign_in, places):
    trainer, words = sign_in(), ("Book a place", "Join the waiting list")
    given = BookingFactory(event=trained_by(trainer, places=places)).event
    other = BookingFactory(event__places=places).event
    assert not any(word in page_of(client, given) for word in words)
    assert any(word in page_of(client, other) for word in words)
    assert "Book a delegate" in page_of(client, trained_by(sign_in("coordinator"), places=places))


def test_an_agency_lead_sees_the_own_agencys_delegates_only(client, sign_in):
    lead = sign_in("agency-lead")
    event = EventFactory()
    BookingFactory(event=event, delegate__agency=lead.agency, delegate__name="Our Own")
    BookingFactory(event=event, delegate__name="Somebody Else")
    page = page_of(client, event)
    assert "Our Own" in page
    assert "Somebody Else" not in page


def test_each_session_says_where_its_register_is(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=-4, sessions=3)
    first, second, _ = event.sessions.all()
    RegisterFactory(session=first, closed=True)
    RegisterFactory(session=second, handed_in=True)
    page = page_of(client, event)
    assert page.index("Closed") < page.index("Handed in, to close") < page.index("To hand in")
    for number in (1, 2, 3):
        assert reverse("registers:register", args=[event.reference, number]) in page


def test_before_its_day_a_register_is_a_sheet_to_sign(client, sign_in):
    event = trained_by(sign_in(), days=3)
    page = page_of(client, event)
    assert "Who is expected" in page
    assert reverse("registers:sign_in_sheet", args=[event.reference]) in page
    assert reverse("registers:register", args=[event.reference, 1]) in page
    assert ">Mark<" not in page


def test_a_cancelled_event_says_why_and_takes_no_bookings(client, sign_in):
    sign_in()
    event = EventFactory(
        state="cancelled", cancelled_at="2026-01-01T00:00Z", cancelled_by=PersonFactory(), cancelled_reason="Snow"
    )
    page = page_of(client, event)
    assert "The reason: Snow" in page
    assert "Book a place" not in page


def test_an_event_without_a_date_has_a_page(client, sign_in):
    sign_in("coordinator")
    assert "no date yet" in page_of(client, EventFactory(sessions=0))


def test_the_row_says_how_a_booking_ended(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(event=EventFactory(days=-3), outcome="did-not-attend")
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    page = page_of(client, booking.event)
    assert "Did not attend" in page
    assert ">Substitute<" not in page


def test_names_are_shown_as_text_whatever_they_hold(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    for name in ("<script>alert(1)</script>", "{{7*7}}", "\u202eevil", "W" * 200):
        BookingFactory(event=event, delegate__name=name)
    page = page_of(client, event)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for name in ("{{7*7}}", "\u202eevil", "W" * 200):
        assert name in page


# --- booking --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_the_check_page_takes_eight_statements_whatever_is_booked(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    TariffFactory()
    event = EventFactory()
    BookingFactory.create_batch(count, event=event, waiting=True)
    address = f"{book(event)}?person={PersonFactory().reference}"
    with django_assert_num_queries(8):
        client.get(address)


def test_a_practitioner_books_after_a_look_at_the_cost(client, sign_in):
    jade, event = sign_in(), EventFactory()
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    TariffFactory(policy=policy, reason="cancelled-late")
    check = client.get(book(event)).content.decode()
    assert "Free to cancel until" in check
    assert "£75" in check
    assert not Booking.objects.exists(), "looking books nothing"
    answer = client.post(book(event), follow=True).content.decode()
    booking = Booking.objects.get()
    assert (booking.delegate, booking.booked_by, booking.state) == (jade, jade, "confirmed")
    assert booking.reference in answer


def test_a_practitioner_books_nobody_else_whatever_they_send(client, sign_in):
    jade, event = sign_in(), EventFactory()
    client.post(book(event), {"person": PersonFactory().reference, "name": "X Y", "new": "1"})
    assert Booking.objects.get().delegate == jade


def test_on_a_full_event_one_joins_the_waiting_list_and_is_told_so_before(client, sign_in):
    sign_in()
    event = EventFactory(places=1)
    BookingFactory(event=event)
    assert "as number 1" in client.get(book(event)).content.decode()
    assert "You are on the waiting list" in client.post(book(event), follow=True).content.decode()


def test_a_coordinator_finds_a_person_by_some_letters_or_the_whole_address(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    sian = PersonFactory(name="Siân O’Neill", email="sian@example.org")
    PersonFactory(name="Somebody Else")
    for words in ("sian oneill", "SIÂN", "oneil", "Sian@Example.org"):
        found = client.post(book(event), {"q": words}).content.decode()
        assert sian.reference in found
        assert "Somebody Else" not in found
    chosen = {"step": "found", "q": "sian", "person": sian.reference}
    check = client.post(book(event), chosen, follow=True).content.decode()
    assert "Book this place" in check
    assert not Booking.objects.exists()
    client.post(book(event), {"person": sian.reference})
    assert Booking.objects.get().delegate == sian


def test_who_chooses_nobody_of_those_found_is_asked_again(client, sign_in):
    sign_in("coordinator")
    sian = PersonFactory(name="Siân O’Neill")
    again = client.post(book(EventFactory()), {"step": "found", "q": "sian"}).content.decode()
    assert "<title>Error: Book a delegate" in " ".join(again.split())
    assert again.count("Select who it is") == 2
    assert sian.reference in again


def test_a_search_without_words_or_finds_says_so(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    assert "Enter a name or an email address" in client.post(book(event), {"q": " "}).content.decode()
    assert "Nobody whom you can choose" in client.post(book(event), {"q": "zzz"}).content.decode()


def test_a_search_that_fits_many_shows_twenty_and_says_that_there_are_more(client, sign_in):
    sign_in("coordinator")
    for _ in range(21):
        PersonFactory(name="Jade Lewis")
    found = client.post(book(EventFactory()), {"q": "jade"}).content.decode()
    assert found.count('type="radio"') == 20
    assert "More people fit" in found


def test_a_coordinator_enters_somebody_new(client, sign_in):
    coordinator = sign_in("coordinator")
    event, agency = EventFactory(), AgencyFactory(name="West Midlands Police")
    entered = {"new": "1", "name": "Jade Lewis", "agency": agency.pk, "email": "Jade@Example.org"}
    client.post(f"{book(event)}?new=1", entered)
    booking = Booking.objects.select_related("delegate").get()
    assert (booking.delegate.name, booking.delegate.email, booking.agency) == ("Jade Lewis", "jade@example.org", agency)
    assert booking.booked_by == coordinator


def test_somebody_new_who_is_known_is_checked_before_they_are_booked(client, sign_in):
    sign_in("coordinator")
    event, dana = EventFactory(), PersonFactory(name="Dana Adeyemi", agency__name="West Midlands Police")
    entered = {"new": "1", "name": "dana adeyemi", "agency": dana.agency_id, "email": ""}
    answer = client.post(f"{book(event)}?new=1", entered, follow=True)
    assert f"person={dana.reference}" in answer.redirect_chain[-1][0]
    assert "We know a Dana Adeyemi of West Midlands Police; is it them?" in answer.content.decode()
    assert not Booking.objects.exists()
    assert "We know a" not in client.get(f"{book(event)}?person={dana.reference}").content.decode()
    client.post(answer.redirect_chain[-1][0], {"person": dana.reference})
    assert Booking.objects.get().delegate == dana


def test_what_is_missing_about_somebody_new_is_said_field_by_field(client, sign_in):
    sign_in("coordinator")
    page = client.post(f"{book(EventFactory())}?new=1", {"new": "1", "name": "!!!", "email": "x"}).content.decode()
    assert "Enter a name with letters in it" in page
    assert "Select their agency" in page
    assert "Enter a valid email address" in page


def test_nobody_is_added_when_the_booking_is_refused(client, sign_in):
    sign_in("coordinator")
    event, agency, before = EventFactory(days=-3), AgencyFactory(), Person.objects.count()
    entered = {"new": "1", "name": "Jade Lewis", "agency": agency.pk, "email": "jade@example.org"}
    answer = client.post(f"{book(event)}?new=1", entered, follow=True).content.decode()
    assert "has begun" in answer
    assert 'value="jade@example.org"' in answer
    assert Person.objects.count() == before


@pytest.mark.parametrize(("days", "is_said"), [(30, False), (0, True)])
def test_who_puts_somebody_on_the_list_of_an_event_too_near_for_offers_is_told_so(client, sign_in, days, is_said):
    sign_in("coordinator")
    event = EventFactory(places=1, begins=timezone.now() + timedelta(days=days, hours=3))
    BookingFactory(event=event)
    page = client.get(f"{book(event)}?person={PersonFactory().reference}").content.decode()
    assert "goes on the waiting list, as number 1" in page
    assert ("so near that no more places are offered" in page) == is_said


def test_an_agency_lead_books_the_own_agencys_people_and_no_others(client, sign_in):
    lead = sign_in("agency-lead")
    event, other = EventFactory(), PersonFactory(name="Jade Other", email="other@example.org")
    ours = PersonFactory(name="Jade Ours", agency=lead.agency)
    found = client.post(book(event), {"q": "jade"}).content.decode()
    assert ours.reference in found
    assert other.reference not in found
    assert client.get(f"{book(event)}?person={other.reference}").status_code == 404
    assert client.post(book(event), {"person": other.reference}).status_code == 404
    client.post(book(event), {"person": ours.reference})
    assert Booking.objects.get().delegate == ours

    known_elsewhere = {"new": "1", "name": "Jade Other", "email": "other@example.org", "agency": lead.agency_id}
    answer = client.post(f"{book(event)}?new=1", known_elsewhere, follow=True).content.decode()
    assert "recorded under another agency" in answer
    elsewhere = {"new": "1", "name": "New One", "email": "n@example.org", "agency": other.agency_id}
    assert "Select a valid choice" in client.post(f"{book(event)}?new=1", elsewhere).content.decode()
    assert Booking.objects.count() == 1


def test_marks_are_counted_beside_the_register(client, sign_in):
    sign_in("coordinator")
    mark = MarkFactory(booking__event__days=-1)
    assert "To hand in" in page_of(client, mark.booking.event)
