"""Booking several people at once from a list: what is shown before, and what is booked."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from bookings.several import MOST
from outbox.models import Message
from people.models import Person
from tests.bookings.factories import CapFactory, HoldFactory, ReservationFactory
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RoleGrantFactory,
    StaffGroupFactory,
)
from training.models import Course, Prerequisite

pytestmark = pytest.mark.django_db


def address(event):
    return f"/events/{event.reference}/book-several/"


def rows(page):
    """The text of each row of the check page."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>")[:-1]]
    return [unescape(text) for text in texts]


class Desk:
    """A lead at the pages of an event."""

    def __init__(self, client, event, of=""):
        self.client, self.event, self.query = client, event, f"?of={of}" if of else ""

    def post(self, **data):
        response = self.client.post(address(self.event) + self.query, data)
        assert response.status_code == 200
        return response.content.decode()

    def check(self, text="", people=()):
        """The check page, and what its form holds: as a browser would send it."""
        self.page = self.post(list=text, people=list(people))
        fields = re.findall(r'<input type="hidden" name="(list|shown_at|people)" value="([^"]*)">', self.page)
        self.form = {"list": text, "people": [value for name, value in fields if name == "people"]}
        self.form["shown_at"] = next(unescape(value) for name, value in fields if name == "shown_at")
        self.form["take"] = re.findall(r'name="take" value="(\d+)" id="take-\d+" checked', self.page)
        return rows(self.page)

    def book(self, **more):
        return self.post(**self.form | {"book": "yes"} | more)


@pytest.fixture
def lead(sign_in):
    return sign_in("agency-lead", agency=AgencyFactory(name="Anytown Council"), name="Lea Lead")


@pytest.fixture
def desk(client, lead):
    return Desk(client, EventFactory(places=3, course__title="Modern Slavery"))


def booked(event):
    return {booking.delegate.name: booking.state for booking in event.bookings.select_related("delegate")}


def test_a_pasted_list_is_booked_in_its_order_the_last_of_it_on_the_waiting_list(desk, lead):
    jade, tom = (PersonFactory(name=name, agency=lead.agency) for name in ("Jade Lewis", "Tom Hill"))
    found = desk.check(f"Name\tEmail\nJade Lewis\t{jade.email}\nTom Hill\nAnn New\tann@anytown.gov.uk\nBo New\tbo@a.uk")
    ends = ["A place", "A place", "A place", "Waiting list, number 1"]
    assert [row[-len(end) :] for row, end in zip(found, ends, strict=True)] == ends
    assert "3 get a place and 1 goes on the waiting list" in re.sub(r"\s+", " ", desk.page)
    assert not desk.event.bookings.exists()
    assert Person.objects.filter(name="Ann New").count() == 0
    page = desk.book()
    assert "4 people are booked" in page
    assert booked(desk.event) == {
        "Jade Lewis": "confirmed",
        "Tom Hill": "confirmed",
        "Ann New": "confirmed",
        "Bo New": "waiting",
    }
    ann = Person.objects.get(name="Ann New")
    assert (ann.agency, ann.email) == (lead.agency, "ann@anytown.gov.uk")
    assert {booking.booked_by for booking in desk.event.bookings.all()} == {lead}
    assert Message.objects.filter(template="booking_confirmed", to=tom.email).count() == 1


def test_sent_twice_or_from_two_windows_nobody_is_booked_twice_and_the_second_says_the_same(desk, lead):
    PersonFactory(name="Jade Lewis", agency=lead.agency)
    text = "Jade Lewis\nNew Person, new@anytown.gov.uk"
    other = Desk(desk.client, desk.event)
    desk.check(text)
    other.check(text)
    first, again, window = desk.book(), desk.book(), other.book()
    for page in (first, again, window):
        assert "2 people are booked" in page
        assert "Not booked" not in page
    assert desk.event.bookings.count() == 2
    assert Person.objects.filter(name="New Person").count() == 1


def test_who_was_booked_by_somebody_else_meanwhile_is_told_and_the_others_are_booked(desk, lead):
    jade, tom = (PersonFactory(name=name, agency=lead.agency) for name in ("Jade Lewis", "Tom Hill"))
    desk.check("Jade Lewis\nTom Hill")
    BookingFactory(event=desk.event, delegate=jade)
    page = desk.book()
    assert "1 person is booked" in page
    assert "Jade Lewis already has a booking" in page
    assert desk.event.bookings.get(delegate=tom).state == "confirmed"


def test_who_was_not_booked_is_named_with_why_and_comes_back_in_the_list(desk, lead):
    for name in ("Jade Lewis", "Tom Hill", "Sam Jones", "Sam Jones"):
        PersonFactory(name=name, agency=lead.agency)
    ann = PersonFactory(name="Ann Bell", agency=lead.agency)
    there = BookingFactory(event=desk.event, delegate__agency=lead.agency, delegate__name="There Already")
    PersonFactory(name="Left Long", agency=lead.agency, left_on="2026-01-31")
    lines = ["Tom Hill", "Jade Lewis", "Tom Hill", "Sam Jones", "Nobody Known", "There Already", "jade@", "Left Long"]
    desk.check("\n".join(lines), people=[ann.reference])
    page = desk.book(take=["1"])
    assert "1 person is booked" in page
    assert rows(page.split("<caption>")[-1]) == [
        "Tom Hill Not ticked",
        "Tom Hill Twice in the list",
        "Sam Jones Not ticked",
        "Nobody Known Not ticked",
        f"There Already Booked already: {there.reference}",
        "jade@ The email address is not whole. Correct it, or take it out.",
        "Left Long Has left",
        "Ann Bell Not ticked",
    ]
    again = re.search(r'name="list" value="([^"]*)"', page)[1]
    assert again.split("\n") == ["Tom Hill", "Sam Jones", "Nobody Known", "jade@", "Left Long"]
    assert f'name="people" value="{ann.reference}"' in page
    assert "Go on with who is not booked" in page


def test_a_list_with_columns_comes_back_with_their_heads(desk):
    desk.check("Surname\tFirst name\nLewis\tJade\nHill\tTom")
    page = desk.book(take=["0"])
    assert re.search(r'name="list" value="([^"]*)"', page)[1] == "Surname\tFirst name\nHill\tTom"
    assert 'name="list" value=""' in desk.book(take=["0", "1"])


def test_several_who_fit_are_chosen_from_and_nothing_is_lost_until_then(desk, lead):
    for group in ("Midwife", "Social worker"):
        staff_group = StaffGroupFactory(name=group)
        PersonFactory(name="Sam Jones", agency=lead.agency, staff_group=staff_group)
    PersonFactory(name="Jade Lewis", agency=lead.agency)
    (sam, _) = desk.check("Sam Jones\nJade Lewis")
    assert "Who is meant?" in sam
    assert "Midwife" in sam
    assert desk.form["take"] == ["1"]
    page = desk.book(take=["0", "1"])
    assert "Select who is meant" in page
    assert 'value="0" id="take-0" checked' in page
    assert not desk.event.bookings.exists()
    social = Person.objects.get(staff_group__name="Social worker")
    desk.book(**{"take": ["0", "1"], "who-0": social.reference})
    assert {booking.delegate.name for booking in desk.event.bookings.all()} == {"Sam Jones", "Jade Lewis"}
    assert desk.event.bookings.get(delegate=social)


def test_a_name_known_under_another_address_may_be_the_same_or_somebody_new(desk, lead):
    known = PersonFactory(name="Jade Lewis", agency=lead.agency)
    desk.check("Jade Lewis, jade.lewis@new.uk\nLewis Jade")
    assert desk.form["take"] == []
    assert f'value="{known.reference}"' in desk.page
    desk.book(**{"take": ["0", "1"], "who-0": "new", "who-1": known.reference})
    assert sorted(Person.objects.filter(bookings__event=desk.event).values_list("name", "email")) == sorted(
        [("Jade Lewis", known.email), ("Jade Lewis", "jade.lewis@new.uk")]
    )


def test_who_shares_a_mailbox_is_told_apart_by_name(desk, lead):
    for name in ("Ann Bell", "Bo Bell"):
        PersonFactory(name=name, email="office@nursery.uk", agency=lead.agency)
    ann, alone, other = desk.check("Ann Bell, office@nursery.uk\noffice@nursery.uk\nCy Bell, office@nursery.uk")
    assert "Who is meant?" not in ann
    assert "Who is meant?" in alone
    assert "Somebody new" not in alone
    assert "Somebody new: Cy Bell" in other


def test_each_line_that_cannot_be_booked_says_why_and_what_to_do(desk, lead):
    elsewhere = PersonFactory(name="Canary Person", agency__name="Canary Trust")
    PersonFactory(name="Left Long", agency=lead.agency, left_on="2026-01-31")
    there = BookingFactory(event=desk.event, delegate__agency=lead.agency, delegate__name="There Already")
    found = desk.check(
        f"{elsewhere.email}\nLeft Long\nThere Already\nnobody@a.uk\njade@\nThere Already\n{'x' * 10_000}\n\u202eevil"
    )
    words = (
        "Another agency", "Has left", f"Booked already Booking {there.reference}", "Name missing", "Not understood",
        "Twice in the list", "10,000 characters", "New",
    )  # fmt: skip
    for row, word in zip(found, words, strict=True):
        assert word in row
    assert "Canary" not in desk.page
    assert desk.form["take"] == []
    assert "Tick whom you want to book" in desk.book()
    assert desk.event.bookings.count() == 1


def test_who_is_new_without_an_address_is_added_where_they_are_ticked(desk, lead):
    (row,) = desk.check("Nobody Known")
    assert "Tick them to add them without an email address" in row
    desk.book(take=["0"])
    person = Person.objects.get(name="Nobody Known")
    assert (person.email, person.agency) == ("", lead.agency)
    assert Message.objects.get().to == lead.email


def test_what_is_missing_and_what_clashes_is_seen_before(client, lead, desk):
    course = desk.event.course
    before = CourseFactory(title="First Steps")
    Prerequisite.objects.create(course=course, required=before, group=1)
    person = PersonFactory(name="Jade Lewis", agency=lead.agency)
    clash = EventFactory(course__title="Clashing Course")
    BookingFactory(event=clash, delegate=person)
    (row,) = desk.check("Jade Lewis")
    assert "Attended First Steps" in row
    assert "A place on Clashing Course" in row
    assert desk.form["take"] == []
    course.on_missing = Course.OnMissing.BLOCK
    course.save()
    (row,) = desk.check("Jade Lewis")
    assert "Cannot be booked" in row
    assert "Tick whom you want to book" in desk.book(take=[])
    assert "asks for something that is not recorded" in desk.book(take=["0"])
    assert not desk.event.bookings.exists()


def test_a_coordinator_decides_otherwise_where_a_course_blocks(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(course=CourseFactory(on_missing=Course.OnMissing.BLOCK))
    Prerequisite.objects.create(course=event.course, required=CourseFactory(title="First Steps"), group=1)
    person = PersonFactory(name="Jade Lewis")
    desk = Desk(client, event, of=person.agency.reference)
    (row,) = desk.check("Jade Lewis")
    assert "unless you decide otherwise" in row
    assert desk.form["take"] == []
    desk.book(take=["0"])
    assert booked(event) == {"Jade Lewis": "confirmed"}


def test_places_kept_for_others_and_caps_count_in_what_is_foretold(desk, lead):
    for name in ("Ann Bell", "Bo Bell", "Cy Bell"):
        PersonFactory(name=name, agency=lead.agency)
    HoldFactory(event=desk.event, places=1)
    CapFactory(event=desk.event, places=1)
    found = desk.check("Ann Bell\nBo Bell\nCy Bell")
    assert [("number" in row) for row in found] == [False, True, True]
    desk.book()
    assert sorted(booked(desk.event).values()) == ["confirmed", "waiting", "waiting"]


def test_places_that_the_agency_has_reserved_are_named_first(desk, lead):
    for name in ("Ann Bell", "Bo Bell"):
        PersonFactory(name=name, agency=lead.agency)
    BookingFactory.create_batch(2, event=desk.event)
    reservation = ReservationFactory(event=desk.event, agency=lead.agency, places=1)
    found = desk.check("Ann Bell\nBo Bell")
    assert "One of your reserved places" in found[0]
    assert "Waiting list, number 1" in found[1]
    desk.book()
    reservation.refresh_from_db()
    assert reservation.places == 0
    assert (booked(desk.event)["Ann Bell"], booked(desk.event)["Bo Bell"]) == ("confirmed", "waiting")


def test_people_are_ticked_in_the_list_of_the_agency(desk, lead):
    ann, canary = PersonFactory(name="Ann Bell", agency=lead.agency), PersonFactory(name="Canary Bell")
    page = desk.client.get(address(desk.event)).content.decode()
    assert "Ann Bell" in page
    assert "Canary" not in page
    page = desk.client.get(f"{address(desk.event)}?people={ann.reference}").content.decode()
    assert f'id="tick-{ann.reference}" checked' in page
    (row,) = desk.check("", people=[ann.reference, canary.reference, "NOBODY"])
    assert "Ann Bell" in row
    desk.book()
    assert booked(desk.event) == {"Ann Bell": "confirmed"}


def test_the_list_is_kept_when_it_is_changed_or_is_too_long(desk):
    page = desk.post(list="Jade Lewis\n<b>Tom</b>", edit="yes")
    assert "Jade Lewis\n&lt;b&gt;Tom&lt;/b&gt;" in page
    long = "\n".join(f"Person {number}x" for number in range(MOST + 1))
    page = desk.post(list=long)
    assert f"{MOST + 1} people are in the list, and {MOST} at most" in page
    assert f"Person {MOST}x" in page
    assert "more than 50,000 characters" in desk.post(list="x" * 50_001)
    assert "Paste a list, or tick people" in desk.post(list=" \n ")


def test_an_event_that_is_cancelled_meanwhile_books_nobody_and_loses_no_list(desk, lead):
    PersonFactory(name="Jade Lewis", agency=lead.agency)
    desk.check("Jade Lewis")
    desk.event.state, desk.event.cancelled_at = "cancelled", desk.event.starts_at
    desk.event.save()
    page = desk.book()
    assert "is cancelled" in page
    assert ">Jade Lewis</textarea>" in page.replace("\n", "")
    assert not desk.event.bookings.exists()
    assert "is cancelled" in desk.client.get(address(desk.event)).content.decode()


def test_outside_the_time_for_booking_it_is_said_before_and_coordinators_book_all_the_same(client, desk, sign_in):
    desk.event.booking_closes_at = timezone.now() - timedelta(hours=1)
    desk.event.save()
    for page in (desk.client.get(address(desk.event)).content.decode(), desk.post(list="Jade Lewis")):
        assert "Booking closed at" in page
        assert "Check whom you book" not in page
    sign_in("coordinator")
    assert "Booking closed at" not in client.get(address(desk.event)).content.decode()


def test_a_line_manager_books_their_own_staff_and_adds_nobody(client, sign_in):
    manager = sign_in()
    event = EventFactory()
    PersonFactory(name="Jade Lewis", line_manager=manager)
    colleague = PersonFactory(name="Canary Colleague", agency=manager.agency)
    desk = Desk(client, event)
    found = desk.check(f"Jade Lewis\nCanary Colleague\n{colleague.email}\nSomebody New, new@a.uk")
    assert ["Not your staff" in row for row in found] == [False, True, True, True]
    desk.book(take=["0", "1", "2", "3"], **{f"who-{number}": "new" for number in range(4)})
    assert booked(event) == {"Jade Lewis": "confirmed"}
    assert not Person.objects.filter(name="Somebody New").exists()


def test_a_coordinator_chooses_the_agency_first(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    person = PersonFactory(name="Jade Lewis")
    assert "Whose people?" in client.get(address(event)).content.decode()
    desk = Desk(client, event, of=person.agency.reference)
    desk.check("Jade Lewis")
    desk.book()
    assert booked(event) == {"Jade Lewis": "confirmed"}


def test_a_lead_who_manages_people_elsewhere_chooses_and_leads_no_other_agency(client, lead, desk):
    PersonFactory(line_manager=lead, name="Mine Elsewhere")
    page = client.get(address(desk.event)).content.decode()
    assert "Anytown Council" in page
    assert "The people whose line manager you are" in page
    other = AgencyFactory(name="Canary Trust")
    assert "Whose people?" in client.get(f"{address(desk.event)}?of={other.reference}").content.decode()
    assert "Mine Elsewhere" in client.get(f"{address(desk.event)}?of=staff").content.decode()


def test_who_may_book_nobody_else_is_told_who_can(client, sign_in):
    sign_in()
    response = client.get(address(EventFactory()))
    assert response.status_code == 403


def test_a_conference_says_that_workshops_are_chosen_later(client, lead):
    event = EventFactory(course__delivery="conference")
    assert "Workshops are not asked for here" in client.get(address(event)).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_preview_takes_as_many_statements_for_one_line_as_for_fifty(desk, lead, django_assert_num_queries, count):
    BookingFactory(event=desk.event)
    names = [f"Person {first}{second}" for first in "ABCDE" for second in "abcdefghij"][:count]
    for name in names:
        PersonFactory(name=name, agency=lead.agency)
    text = "\n".join(names)
    with django_assert_num_queries(11):
        desk.post(list=text)
    with django_assert_num_queries(6):
        desk.client.get(address(desk.event))


def test_a_role_that_ends_meanwhile_ends_what_may_be_booked(client, lead, desk):
    RoleGrantFactory(person=lead, role="agency-lead", agency=AgencyFactory())
    PersonFactory(name="Jade Lewis", agency=lead.agency)
    of_agency = Desk(client, desk.event, of=lead.agency.reference)
    of_agency.check("Jade Lewis")
    lead.roles_held.all().delete()
    assert client.post(address(desk.event) + of_agency.query, of_agency.form | {"book": "yes"}).status_code in (
        302,
        403,
    )
    assert not desk.event.bookings.exists()
