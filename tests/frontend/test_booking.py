"""Booking for oneself, in steps that are asked only when they have something to ask; and for others."""

import pytest
from django.urls import reverse

from bookings import needs
from bookings.models import Booking, KeptNeed, Need
from bookings.needs import Needs
from frontend.booking.journey import DRAFTS
from tests.bookings.factories import CapFactory
from tests.catalogue import CourseFeeFactory, PrerequisiteFactory
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    StaffGroupFactory,
    TariffFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from training.models import Workshop

pytestmark = pytest.mark.django_db
CONCERNS, WORKSHOPS = "before-you-book", "workshops"


@pytest.fixture
def jade(sign_in):
    return sign_in()


@pytest.fixture
def conference():
    """With a workshop in the morning that has one place, another that has two, and one in the afternoon."""
    event = EventFactory(course=CourseFactory(title="The conference", delivery="conference"))
    WorkshopFactory(event=event, title="County lines", slot="Morning", places=1)
    WorkshopFactory(event=event, title="Neglect", slot="Morning", places=2)
    WorkshopFactory(event=event, title="Online harm", slot="Afternoon", places=2)
    return event


def book(event):
    return reverse("events:book", args=[event.reference])


def step(event, name):
    return reverse("events:book_step", args=[event.reference, name])


def booked():
    return reverse("bookings:booked", args=[Booking.objects.latest("pk").reference])


def words(response):
    return " ".join(response.content.decode().split())


def key(title):
    return {f"slot-{0 if title != 'Online harm' else 1}": workshop(title).pk}


def workshop(title):
    return Workshop.objects.get(title=title)


def choose(client, event, *titles):
    chosen = {name: value for title in titles for name, value in key(title).items()}
    return client.post(step(event, WORKSHOPS), chosen)


# --- nothing to ask -------------------------------------------------------------------------------------------------
def test_where_there_is_nothing_to_ask_all_is_on_one_page_and_one_button_books(client, jade):
    event = EventFactory()
    page = words(client.get(book(event)))
    for said in (event.course.title, jade.agency.name, "Free for your agency", "What you need on the day"):
        assert said in page
    response = client.post(book(event))
    assert response.url == booked()
    done = words(client.get(response.url))
    for said in ("You have a place", Booking.objects.get().reference, "Calendar file", "how to join"):
        assert said in done


def test_the_fee_is_that_of_ones_agencys_type_with_who_gets_the_invoice(client, jade):
    jade.agency.type, jade.agency.payer = "voluntary", AgencyFactory(name="The Trust")
    jade.agency.save()
    fee = CourseFeeFactory(agency_type="voluntary", net_amount=20)
    CourseFeeFactory(course=fee.course, agency_type="private", net_amount=75)
    page = words(client.get(book(EventFactory(course=fee.course))))
    assert "£20 a place, without VAT, invoiced to The Trust" in page


@pytest.mark.parametrize(
    ("course", "kind", "said", "button"),
    [
        ({}, {"places": 1}, "as number 1", "Join the waiting list"),
        ({}, {"places": 2}, "", "Book this place"),
        ({"needs_approval": True}, {"places": 2}, "Your line manager approves", "Ask for this place"),
    ],
)
def test_what_follows_is_said_before(client, jade, course, kind, said, button):
    event = EventFactory(course=CourseFactory(**course), **kind)
    BookingFactory(event=event)
    jade.line_manager = PersonFactory()
    jade.save()
    page = words(client.get(book(event)))
    assert said in page
    assert f">{button}<" in page.replace("> ", ">").replace(" <", "<")


def test_where_places_are_shared_out_it_says_that_the_next_page_tells(client, jade):
    assert "Some places are kept for particular agencies" in words(client.get(book(CapFactory().event)))


def test_who_waits_is_told_where_and_why(client, jade):
    event = EventFactory(places=1)
    BookingFactory(event=event)
    page = words(client.post(book(event), follow=True))
    assert "You are on the waiting list" in page
    assert "number 1 of 1" in page
    assert "Every place is taken" in page


# --- what one needs -------------------------------------------------------------------------------------------------
def test_what_one_needs_is_noted_and_kept_only_if_one_says_so(client, jade):
    typed = {"access": "A ramp", "dietary": "Vegan"}
    client.post(book(EventFactory()), typed)
    assert Need.objects.get().access == "A ramp"
    assert not KeptNeed.objects.exists()
    client.post(book(EventFactory(days=60)), typed | {"keep": "on"})
    assert needs.kept_by(jade) == Needs("A ramp", "Vegan")


def test_what_one_keeps_is_filled_in(client, jade):
    needs.keep(person=jade, needs=Needs(dietary="No nuts"))
    assert "No nuts</textarea>" in words(client.get(book(EventFactory())))


def test_what_is_too_long_is_refused_and_nothing_typed_is_lost(client, jade):
    page = words(client.post(book(EventFactory()), {"access": "x" * 1001, "dietary": "Vegan"}))
    assert "Error: Book a place" in page
    assert "Vegan</textarea>" in page
    assert not Booking.objects.exists()


def test_what_one_needs_is_never_in_the_session(client, jade, conference):
    choose(client, conference, "Neglect", "Online harm")
    client.post(step(conference, WORKSHOPS), {"change": "workshops", "access": "A ramp"})
    client.post(step(conference, WORKSHOPS), key("County lines") | key("Online harm") | {"access": "A ramp"})
    assert "A ramp" not in str(dict(client.session))
    assert client.session[DRAFTS][conference.reference]["workshops"]


# --- before one books -----------------------------------------------------------------------------------------------
@pytest.fixture
def level_three():
    needed = PrerequisiteFactory(required__title="Working Together", valid_months=36)
    return EventFactory(course=needed.course)


def test_what_is_missing_and_what_clashes_is_said_first_and_one_may_go_on(client, jade, level_three):
    other = BookingFactory(event=EventFactory(course__title="Neglect"), delegate=jade)
    response = client.get(book(level_three))
    assert response.url == step(level_three, CONCERNS)
    page = words(client.get(response.url))
    assert "Attended Working Together in the last 3 years" in page
    assert f"A place on {other.event.course.title}" in page
    assert client.post(response.url).url == book(level_three)
    check = words(client.get(book(level_three)))
    assert "Attended Working Together in the last 3 years" in check
    assert client.post(book(level_three)).url == booked()


def test_what_comes_up_meanwhile_is_said_too(client, jade, level_three):
    client.post(step(level_three, CONCERNS))
    BookingFactory(event=EventFactory(), delegate=jade)
    assert client.get(book(level_three)).url == step(level_three, CONCERNS)


def test_where_the_course_blocks_one_is_told_what_to_do(client, jade, level_three):
    level_three.course.on_missing = "block"
    level_three.course.save()
    for response in (
        client.get(book(level_three)),
        client.post(book(level_three)),
        client.get(step(level_three, CONCERNS)),
    ):
        assert "You cannot book this course yet" in words(response)
        assert "Attended Working Together" in words(response)
    assert not Booking.objects.exists()


@pytest.fixture
def for_midwives():
    event = EventFactory()
    event.course.staff_groups.add(StaffGroupFactory(name="Midwife"))
    return event


def test_ones_staff_group_is_asked_where_it_is_not_known_and_kept(client, jade, for_midwives):
    midwives = for_midwives.course.staff_groups.get()
    address = client.get(book(for_midwives)).url
    assert "We do not know yours" in words(client.get(address))
    assert "Error" in words(client.post(address, {"staff_group": ""}))
    assert client.post(address, {"staff_group": midwives.pk}).url == book(for_midwives)
    jade.refresh_from_db()
    assert jade.staff_group == midwives
    assert client.get(book(for_midwives)).status_code == 200


@pytest.mark.parametrize("answer", ["none", "another"])
def test_who_is_in_none_of_the_groups_is_told_so_and_may_go_on(client, jade, for_midwives, answer):
    address = step(for_midwives, CONCERNS)
    chosen = StaffGroupFactory().pk if answer == "another" else "none"
    assert client.post(address, {"staff_group": chosen}).url == address
    assert "In one of the staff groups that it is for: Midwife" in words(client.get(address))
    again = {} if answer == "another" else {"staff_group": "none"}
    assert client.post(address, again).url == book(for_midwives)
    assert client.post(book(for_midwives)).url == booked()


def test_who_says_none_where_the_course_blocks_cannot_book_and_may_think_better_of_it(client, jade, for_midwives):
    for_midwives.course.on_missing = "block"
    for_midwives.course.save()
    address = step(for_midwives, CONCERNS)
    client.post(address, {"staff_group": "none"})
    page = words(client.get(book(for_midwives)))
    assert "You cannot book this course yet" in page
    assert address in page
    assert client.post(book(for_midwives)).status_code == 200
    assert not Booking.objects.exists()
    assert "Your staff group" in words(client.get(address))
    client.post(address, {"staff_group": for_midwives.course.staff_groups.get().pk})
    assert client.post(book(for_midwives)).url == booked()


# --- workshops ------------------------------------------------------------------------------------------------------
def test_a_conferences_workshops_are_chosen_slot_by_slot_and_taken_with_the_place(client, jade, conference):
    assert client.get(book(conference)).url == step(conference, WORKSHOPS)
    page = words(client.get(step(conference, WORKSHOPS)))
    for said in ("Morning", "County lines (1 left)", "Neglect (2 left)", "Afternoon", "Online harm (2 left)"):
        assert said in page
    missed = words(client.post(step(conference, WORKSHOPS), key("Neglect")))
    assert "Choose a workshop: Afternoon" in missed
    assert choose(client, conference, "Neglect", "Online harm").url == book(conference)
    assert "Neglect and Online harm" in words(client.get(book(conference)))
    client.post(book(conference))
    titles = Booking.objects.get().workshop_choices.values_list("workshop__title", flat=True)
    assert set(titles) == {"Neglect", "Online harm"}


def test_where_a_workshop_fills_meanwhile_nothing_is_booked_the_page_says_so_and_keeps_the_rest(
    client, jade, conference
):
    choose(client, conference, "County lines", "Online harm")
    WorkshopChoiceFactory(workshop=workshop("County lines"))
    page = words(client.post(book(conference), {"access": "A ramp"}))
    assert "County lines has filled up since you chose" in page
    assert "Online harm (2 left)" in page
    assert page.count("checked") == 1
    assert 'name="access" value="A ramp"' in page
    assert f'action="{step(conference, WORKSHOPS)}"' in page
    assert not Booking.objects.filter(delegate=jade).exists()
    check = client.post(step(conference, WORKSHOPS), key("Neglect") | key("Online harm") | {"access": "A ramp"})
    assert "A ramp</textarea>" in words(check)
    assert f'action="{book(conference)}"' in words(check)
    client.post(book(conference), {"access": "A ramp"})
    assert Need.objects.get().booking.delegate == jade


def test_what_is_changed_from_the_last_page_brings_back_what_was_typed_there(client, jade, conference):
    choose(client, conference, "Neglect", "Online harm")
    page = words(client.post(step(conference, WORKSHOPS), {"change": "workshops", "dietary": "Vegan", "keep": "on"}))
    assert page.count("checked") == 2
    assert 'name="dietary" value="Vegan"' in page
    typed = {"dietary": "Vegan", "keep": "on"}
    check = words(client.post(step(conference, WORKSHOPS), key("County lines") | key("Online harm") | typed))
    assert "County lines and Online harm" in check
    assert "Vegan</textarea>" in check


def test_where_all_workshops_are_full_the_place_can_be_had_without(client, jade):
    event = EventFactory(course=CourseFactory(delivery="conference"))
    WorkshopChoiceFactory(workshop=WorkshopFactory(event=event, places=1))
    assert client.post(book(event)).url == booked()


def test_two_tabs_with_two_events_keep_their_answers_apart(client, jade, conference):
    other = EventFactory(course=CourseFactory(delivery="conference"), days=60)
    WorkshopFactory(event=other, title="Other one")
    choose(client, conference, "Neglect", "Online harm")
    client.post(step(other, WORKSHOPS), {"slot-0": workshop("Other one").pk})
    client.post(book(conference))
    client.post(book(other))
    assert [one.workshop_choices.count() for one in Booking.objects.order_by("pk")] == [2, 1]


def test_a_step_that_has_nothing_to_ask_leads_on_and_one_that_is_none_is_not_found(client, jade):
    event = EventFactory()
    assert client.get(step(event, CONCERNS)).url == book(event)
    assert client.get(step(event, "no-such-step")).status_code == 404


# --- who books for others -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["coordinator", "agency-lead"])
def test_who_books_for_others_books_for_themselves_by_a_link(client, sign_in, role):
    person, event = sign_in(role), EventFactory()
    own = f"{book(event)}?for=me"
    assert own in words(client.get(book(event)))
    assert "What you need on the day" in words(client.get(own))
    client.post(own)
    assert Booking.objects.get().delegate == person


def test_the_way_for_oneself_stays_that_through_the_steps(client, sign_in, conference):
    sign_in("coordinator")
    first = client.get(f"{book(conference)}?for=me")
    assert first.url == f"{step(conference, WORKSHOPS)}?for=me"
    chosen = key("Neglect") | key("Online harm")
    assert client.post(first.url, chosen).url == f"{book(conference)}?for=me"


@pytest.mark.parametrize(("role", "may"), [("coordinator", True), ("agency-lead", False)])
def test_what_a_delegate_lacks_is_said_to_who_books_them_and_stops_a_lead_only(client, sign_in, level_three, role, may):
    level_three.course.on_missing = "block"
    level_three.course.save()
    delegate = PersonFactory(name="Jade Lewis", agency=sign_in(role).agency)
    BookingFactory(event=EventFactory(course__title="Neglect"), delegate=delegate)
    page = words(client.get(f"{book(level_three)}?person={delegate.reference}"))
    assert "Attended Working Together in the last 3 years" in page
    assert "Jade Lewis is booked at the same time" in page
    assert ("Book this place" in page) == may
    client.post(book(level_three), {"person": delegate.reference})
    assert level_three.bookings.exists() == may


@pytest.mark.parametrize(("role", "sees"), [("coordinator", True), ("agency-lead", True), (None, False)])
def test_of_a_substitute_that_is_said_to_who_books_for_others_and_not_to_a_colleague(
    client, sign_in, level_three, role, sees
):
    person = sign_in(role) if role else sign_in()
    booking = BookingFactory(event=level_three, delegate=PersonFactory(agency=person.agency) if role else person)
    colleague = PersonFactory(name="Sean Foster", agency=person.agency)
    BookingFactory(event=EventFactory(), delegate=colleague)
    address = reverse("bookings:substitute", args=[booking.reference])
    page = words(client.get(f"{address}?person={colleague.reference}"))
    assert ("Sean Foster is booked at the same time" in page) == sees
    assert ("That is not recorded of Sean Foster" in page) == sees


def test_after_booking_somebody_on_a_conference_their_workshops_come_next(client, sign_in, conference):
    sign_in("coordinator")
    response = client.post(book(conference), {"person": PersonFactory().reference})
    assert response.url == reverse("bookings:workshops", args=[Booking.objects.get().reference])


# --- statements -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_no_page_takes_more_than_eight_statements(client, jade, conference, django_assert_num_queries, count):
    TariffFactory()
    BookingFactory.create_batch(count, event=conference, waiting=True)
    needed = PrerequisiteFactory(course=conference.course)
    needs.keep(person=jade, needs=Needs("A ramp"))
    with django_assert_num_queries(5):
        client.get(step(conference, CONCERNS))
    client.post(step(conference, CONCERNS))
    with django_assert_num_queries(6):
        client.get(step(conference, WORKSHOPS))
    choose(client, conference, "Neglect", "Online harm")
    with django_assert_num_queries(8):
        assert needed.required.title in words(client.get(book(conference)))


def test_the_last_page_takes_six_statements_and_seven_for_who_waits(client, jade, django_assert_num_queries):
    TariffFactory()
    placed = BookingFactory(event__places=1, delegate=jade)
    with django_assert_num_queries(6):
        client.get(reverse("bookings:booked", args=[placed.reference]))
    waiting = BookingFactory(event__places=1, delegate=jade, waiting=True)
    BookingFactory(event=waiting.event)
    with django_assert_num_queries(7):
        client.get(reverse("bookings:booked", args=[waiting.reference]))


def test_a_course_that_asks_for_approval_takes_no_more(client, jade, conference, django_assert_num_queries):
    TariffFactory()
    conference.course.needs_approval = True
    conference.course.save()
    PrerequisiteFactory(course=conference.course)
    client.post(step(conference, CONCERNS))
    choose(client, conference, "Neglect", "Online harm")
    client.post(step(conference, "approval"), {"who": "lead"})
    with django_assert_num_queries(8):
        assert "Ask for this place" in words(client.get(book(conference)))
