"""The pages on which two records are made one, and two again."""

import pytest
from django.urls import reverse

from bookings.models import Booking
from people.models import Apart, Merge, Person
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    EventFactory,
    PersonFactory,
    RoleGrantFactory,
    StaffGroupFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db
LIKELY = reverse("people:duplicates")


def door(view, *people):
    return reverse(f"people:{view}", args=[one.reference for one in people])


def text(client, address, **asked):
    return client.get(address, asked, follow=True).content.decode()


def post(client, address, **data):
    return client.post(address, data, follow=True).content.decode()


@pytest.fixture
def two():
    agency = AgencyFactory()
    return [
        PersonFactory(name="Jane Smith", email="jane@example.org", agency=agency),
        PersonFactory(name="J Smith", email="j.smith@example.org", agency=agency, staff_group=StaffGroupFactory()),
    ]


@pytest.fixture
def chosen(two):
    """What is chosen on the page, the first staying."""
    jane, other = two
    return {"keep": jane.reference, "name": jane.reference, "email": other.reference, "staff_group": other.reference}


def test_those_that_look_alike_are_listed_and_lead_to_both(client, sign_in, two):
    sign_in("coordinator")
    page = text(client, LIKELY)
    assert "1 pair of records" in page
    assert "Like names in one agency" in page
    assert door("merge", *two) in page


def test_without_any_it_says_so(client, sign_in):
    sign_in("coordinator")
    assert "Nobody seems to be recorded twice" in text(client, LIKELY)


def test_two_become_one_after_a_check_and_two_again(client, sign_in, two, chosen):
    sign_in("coordinator")
    jane, other = two
    BookingFactory(delegate=other)
    address = door("merge", *two)
    assert "Which record stays" in text(client, address)
    check = post(client, address, **chosen)
    assert "Check this before" in check
    assert "j.smith@example.org" in check
    assert not Merge.objects.exists(), "nothing before it is confirmed"
    assert "Which record stays" in post(client, address, **chosen, change="1")
    done = post(client, address, **chosen, confirm="1")
    assert "The two records are one" in done
    assert "The record of J Smith became part of this one" in done
    assert "j.smith@example.org" in done
    assert Booking.objects.get().delegate == jane
    undo = reverse("people:undo_merge", args=[Merge.objects.get().reference])
    assert "Make them two again" in text(client, undo)
    assert "Jane Smith and J Smith are two again" in post(client, undo)
    assert Booking.objects.get().delegate == other
    assert "undone already" in post(client, undo)


def test_what_is_not_chosen_is_asked_for(client, sign_in, two):
    sign_in("coordinator")
    assert "Which record stays: select one" in post(client, door("merge", *two), name="nonsense")


def test_of_two_bookings_on_one_event_one_is_chosen(client, sign_in, two, chosen):
    sign_in("coordinator")
    event = EventFactory()
    jane, other = two
    first, second = BookingFactory(event=event, delegate=jane), BookingFactory(event=event, delegate=other)
    chosen[f"event-{event.reference}"] = second.reference
    assert "is given up without cost" in post(client, door("merge", *two), **chosen)
    post(client, door("merge", *two), **chosen, confirm="1")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.delegate) == ("cancelled", "confirmed", jane)


def test_of_an_event_that_has_begun_it_says_that_both_stay(client, sign_in, two, chosen):
    sign_in("coordinator")
    event = EventFactory(days=-2)
    for one in two:
        BookingFactory(event=event, delegate=one)
    assert "which has begun" in text(client, door("merge", *two))
    done = post(client, door("merge", *two), **chosen, confirm="1")
    assert "1 booking</a> stayed with it" in done


def test_two_that_are_two_are_not_proposed_again_until_that_is_taken_back(client, sign_in, two):
    sign_in("coordinator")
    apart = door("keep_apart", *two)
    assert "are two persons" in post(client, apart)
    assert Apart.objects.count() == 1
    assert "Nobody seems to be recorded twice" in text(client, LIKELY)
    assert "said that they are two persons" in text(client, door("merge", *two))
    assert "are proposed again" in post(client, apart, again="1")
    assert "1 pair of records" in text(client, LIKELY)


def test_who_holds_a_staff_role_is_an_administrators_to_merge(client, sign_in, two, chosen):
    sign_in("coordinator")
    RoleGrantFactory(person=two[1], role="finance-officer")
    page = text(client, door("merge", *two))
    assert "An administrator can make the two one" in page
    assert "Which record stays" not in page
    assert "Ask an administrator" in post(client, door("merge", *two), **chosen, confirm="1")
    assert not Merge.objects.exists()


def test_the_addresses_of_who_was_merged_lead_to_who_stays(client, sign_in, two, chosen):
    sign_in("coordinator")
    jane, other = two
    post(client, door("merge", *two), **chosen, confirm="1")
    assert client.get(door("person", other)).url == door("person", jane)
    for view in ("correct", "left", "not_left", "agency", "merge_with"):
        assert client.get(door(view, other)).status_code == 404
    assert "J Smith" not in text(client, reverse("people:list"), state="all")


def test_any_two_can_be_found_and_laid_beside_each_other(client, sign_in, two):
    sign_in("coordinator")
    jane, other = two
    address = door("merge_with", jane)
    assert "The other record of Jane Smith" in text(client, address)
    assert "Who is it?" in post(client, address, q="smith")
    page = post(client, address, step="found", q="smith", person=other.reference)
    assert "Are these one person?" in page


def test_one_record_is_not_two(client, sign_in, two):
    sign_in("coordinator")
    assert client.get(door("merge", two[0], two[0])).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_take_seven_statements_whatever_there_is(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    one, other = PersonFactory(name="Jane Smith"), PersonFactory(name="Smith, Jane", line_manager=PersonFactory())
    TrainerFactory(person=other)
    for number in range(count):
        event = EventFactory(days=5 + number)
        for person in (one, other):
            BookingFactory(delegate=person, event=event)
            RoleGrantFactory(person=person, role="agency-lead", agency=AgencyFactory())
        ChargeFactory(booking=BookingFactory(delegate=other, cancelled=True))
    keys = [one.reference, other.reference]
    stay = {f"event-{booking.event.reference}": booking.reference for booking in one.bookings.all()}
    address = door("merge", one, other)
    with django_assert_num_queries(7):
        assert "Which record stays" in text(client, address)
    values = dict.fromkeys(("keep", "name", "email", "agency", "line_manager"), keys[0])
    with django_assert_num_queries(7):
        assert "Check this before" in post(client, address, **values, **stay)


@pytest.mark.parametrize("count", [2, 10])
def test_the_list_takes_six_statements(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    agency = AgencyFactory()
    for _ in range(count):
        PersonFactory(name="Jane Smith", agency=agency)
    with django_assert_num_queries(6):
        text(client, LIKELY)
    assert Person.objects.count() == count + 1
