"""A date that is not sure yet: said when an event is made, shown wherever the date is, and confirmed."""

import pytest
from django.urls import reverse

from bookings import cancelling
from outbox.models import Message
from tests.factories import BookingFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db

WORDS = "Date not sure yet"


def address(event, view="date"):
    return reverse(f"events:{view}", args=[event.reference])


def page_of(client, event, view="event"):
    return client.get(address(event, view)).content.decode()


def test_a_coordinator_confirms_a_date_and_reads_before_how_many_are_told(client, sign_in):
    sign_in("coordinator")
    event = BookingFactory(event__certainty="held", event__places=1).event
    BookingFactory(event=event, waiting=True)
    page = page_of(client, event)
    assert "Messages about places wait until you confirm it." in page
    assert address(event) in page
    page = page_of(client, event, "date")
    assert "2 people who are on it or wait are told when you confirm the date" in page
    done = client.post(address(event), {"certainty": "sure"}, follow=True).content.decode()
    assert "The date is confirmed. 2 people are told in five to fifteen minutes." in done
    assert WORDS not in done
    event.refresh_from_db()
    assert (event.certainty, event.dated_at is None) == ("sure", False)


def test_one_that_is_sure_can_be_doubted_and_nothing_is_chosen_for_her(client, sign_in):
    sign_in("coordinator")
    event = BookingFactory().event
    assert "checked" not in page_of(client, event, "date")
    assert "Select whether the date is sure" in client.post(address(event), {}).content.decode()
    done = client.post(address(event), {"certainty": "held"}, follow=True).content.decode()
    assert "The date is marked as not sure yet.\n" in done.replace("</", "\n</")
    assert not Message.objects.exists()


@pytest.mark.parametrize("days", [30, -1])
def test_of_what_is_off_or_has_begun_it_is_no_question(client, sign_in, days):
    sign_in("coordinator")
    event = EventFactory(days=days)
    if days > 0:
        cancelling.cancel_event(event=event, by=PersonFactory(), reason="Snow")
    assert "no question" in client.post(address(event), {"certainty": "held"}, follow=True).content.decode()
    assert address(event) not in page_of(client, event)


def test_whoever_looks_for_a_date_reads_that_it_is_not_sure(client, sign_in):
    person = sign_in()
    event = EventFactory(certainty="tentative")
    course = event.course
    pages = (reverse("finding:list"), reverse("finding:course", args=[course.code]), address(event, "event"))
    assert [WORDS in client.get(one).content.decode() for one in pages] == [True] * 3
    month = f"{reverse('finding:list')}?view=month&month={event.starts_at:%Y-%m}"
    assert "date not sure yet" in client.get(month).content.decode()
    booking = BookingFactory(event=event, delegate=person)
    page = client.get(reverse("bookings:booking", args=[booking.reference])).content.decode()
    assert "The date is not sure yet. We write to you when it is." in page


def test_the_programme_lists_and_filters_them_and_the_board_has_a_column(client, sign_in):
    sign_in("coordinator")
    event, sure = EventFactory(certainty="held", places=1), EventFactory()
    programme = f"{reverse('programme:list')}?year=all"
    page = client.get(f"{programme}&state=tentative").content.decode()
    assert event.reference in page
    assert sure.reference not in page
    assert page.count(f">{WORDS}</strong>") == 1
    board = client.get(f"{programme}&view=board").content.decode()
    assert event.reference in board.split(f'aria-label="{WORDS}"')[1].split("</section>")[0]
    month = f"{reverse('programme:list')}?view=month&month={event.starts_at:%Y-%m}"
    assert "date not sure yet" in client.get(month).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_looking_takes_as_many_statements_for_one_as_for_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory(certainty="held", places=60)
    for _ in range(count):
        BookingFactory(event=event)
    with django_assert_num_queries(6):
        page_of(client, event, "date")
