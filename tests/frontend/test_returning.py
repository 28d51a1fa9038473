"""Whoever opens something from a filtered list comes back to the list as it was."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from frontend.returning import LONGEST
from invoicing import charges, invoices
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    EventFactory,
    JobFactory,
    MessageFactory,
    PartnershipFactory,
    PersonFactory,
)
from tests.invoicing.situations import absent, over, payer, policy

pytestmark = pytest.mark.django_db


def link_of(page, pattern):
    """The one address on the page that begins so."""
    found = {unescape(address) for address in re.findall(rf'href="({pattern}[^"]*)"', page)}
    assert len(found) == 1, found
    return found.pop()


def back_of(page):
    return unescape(re.search(r'href="([^"]*)" class="govuk-back-link"', page)[1])


@pytest.fixture
def worlds():
    """What each list needs to have one row."""
    return {
        "programme:list": lambda: EventFactory(course__title="Neglect & more"),
        "bookings:list": lambda: BookingFactory(event__course__title="Neglect & more"),
        "charges:list": lambda: ChargeFactory(booking__event__course__title="Neglect & more"),
        "people:list": lambda: PersonFactory(name="Neglect & more"),
        "agencies:list": lambda: AgencyFactory(name="Neglect & more"),
        "messages:list": lambda: MessageFactory(to="neglect&@example.org"),
        "jobs:list": lambda: JobFactory(kind="propose-charges"),
    }


@pytest.mark.parametrize(
    ("view", "row", "asked"),
    [
        ("programme:list", "/events/", {"q": "Neglect &", "sort": "-date"}),
        ("bookings:list", "/bookings/", {"q": "Neglect &", "sort": "-date"}),
        ("charges:list", "/charges/", {"q": "Neglect &", "sort": "-date"}),
        ("people:list", "/people/", {"q": "Neglect", "sort": "-name"}),
        ("agencies:list", "/agencies/", {"q": "Neglect &", "sort": "-name"}),
        ("messages:list", "/messages/", {"q": "neglect&", "sort": "-to"}),
        ("jobs:list", "/background-work/", {"kind": "propose-charges", "sort": "asked"}),
    ],
)
def test_the_way_back_leads_to_the_list_as_it_was_filtered(client, sign_in, worlds, view, row, asked):
    sign_in("coordinator", "finance-officer")
    worlds[view]()
    address = f"{reverse(view)}?{urlencode(asked)}"
    page = client.get(address).content.decode()
    item = link_of(page, rf"{row}[A-Za-z0-9-]+/\?list=")
    assert back_of(client.get(item).content.decode()) == address


def test_the_way_back_from_an_invoice_leads_to_the_list_as_it_was_filtered(client, sign_in):
    finance = sign_in("finance-officer")
    PartnershipFactory()
    absent(over(), agency=payer(), policy=policy())
    charges.propose()
    [invoice] = invoices.raise_for("2018-19", by=finance).issued
    address = f"{reverse('invoices:list')}?q={invoice.reference}"
    item = link_of(client.get(address).content.decode(), r"/invoices/[^/]+/\?list=")
    assert back_of(client.get(item).content.decode()) == address


def test_a_booking_opened_from_the_unfiltered_list_goes_back_to_it_and_else_to_its_event(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory()
    item = link_of(client.get(reverse("bookings:list")).content.decode(), "/bookings/[A-Z0-9]+/")
    assert back_of(client.get(item).content.decode()) == reverse("bookings:list")
    bare = client.get(reverse("bookings:booking", args=[booking.reference])).content.decode()
    assert back_of(bare) == reverse("events:event", args=[booking.event.reference])


def test_the_way_back_is_still_known_after_something_was_done(client, sign_in):
    jade = sign_in()
    booking = BookingFactory(delegate=jade)
    address = f"{reverse('bookings:list')}?period=next-4-weeks"
    page = client.get(f"{reverse('bookings:booking', args=[booking.reference])}?list=period%3Dnext-4-weeks")
    response = client.post(link_of(page.content.decode(), rf"/bookings/{booking.reference}/cancel/"), follow=True)
    assert "is cancelled" in response.content.decode()
    assert back_of(response.content.decode()) == address


def test_a_coordinator_enters_a_cancellation_and_comes_back_to_the_list(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(booked_at=timezone.now() - timedelta(days=2))
    item = f"{reverse('bookings:booking', args=[booking.reference])}?list=sort%3Dagency"
    cancel = link_of(client.get(item).content.decode(), rf"/bookings/{booking.reference}/cancel/")
    yesterday = timezone.localdate() - timedelta(days=1)
    day = {f"received_on-{part}": getattr(yesterday, part) for part in ("day", "month", "year")}
    facts = day | {"how": "by email", "whom": "her manager"}
    check = client.post(cancel, facts).content.decode()
    assert link_of(check, rf"/bookings/{booking.reference}/") == item
    done = client.post(cancel, facts | {"confirm": "1"}, follow=True).content.decode()
    assert "is cancelled" in done
    assert back_of(done) == f"{reverse('bookings:list')}?sort=agency"


def test_finance_goes_through_a_filtered_list_one_by_one(client, sign_in):
    sign_in("finance-officer")
    one, two = ChargeFactory(), ChargeFactory()
    address = f"{reverse('charges:list')}?state=to-decide&agency={one.booking.agency.reference}"
    item = link_of(client.get(address).content.decode(), "/charges/[A-Z0-9]+/")
    page = client.get(item).content.decode()
    response = client.post(link_of(page, rf"/charges/{one.reference}/waive/"), {"waiver": "discretion"})
    assert back_of(client.get(response.url).content.decode()) == address

    address = f"{reverse('charges:list')}?sort=amount"
    page = client.get(reverse("charges:charge", args=[two.reference]), {"list": "sort=amount"}).content.decode()
    check = link_of(page, "/charges/confirm/")
    assert address in client.get(check).content.decode()
    assert client.post(check, {"charge": two.reference}).url == address


PROGRAMME = f"{reverse('programme:list')}?q=Neglect&state=all"
THERE = "?list=q%3DNeglect%26state%3Dall"


def text(client, address):
    return client.get(address).content.decode()


def goes_back_to_the_programme(client, page):
    """By the event, whose page the way back leads to first."""
    event = back_of(page)
    assert event.startswith("/events/")
    return back_of(text(client, event)) == PROGRAMME


@pytest.fixture
def event_page():
    """The address of an event's page as it is opened from the programme."""
    return lambda event: reverse("events:event", args=[event.reference]) + THERE


def test_the_way_back_to_the_programme_is_kept_through_an_events_register(client, sign_in, event_page):
    sign_in("coordinator")
    event = EventFactory(days=-1, course__title="Neglect")
    booking = BookingFactory(event=event)
    register = link_of(text(client, event_page(event)), "/events/[^/]+/register/1/")
    assert goes_back_to_the_programme(client, text(client, register))

    mark = {f"mark-{booking.reference}": "present", f"seen-{booking.reference}": ""}
    for then in ("", "rest", "walk-in", "hand-in"):
        saved = client.post(register, mark | {"then": then})
        mark = {}
        page = text(client, saved.url)
        if then:
            assert back_of(page) == register
    walk_in = saved.url.replace("hand-in", "walk-in")
    added = client.post(walk_in, {"name": "Bola Ade", "agency": booking.agency.pk, "email": ""})
    assert added.url.partition("#")[0] == register
    client.post(reverse("registers:mark_rest", args=[event.reference, 1]))
    handed_in = client.post(saved.url, {"head_count": "2"})
    assert handed_in.url == register

    close = link_of(text(client, register), "/events/[^/]+/register/close/")
    assert goes_back_to_the_programme(client, text(client, close))
    closed = client.post(close)
    assert back_of(text(client, closed.url)) == PROGRAMME
    reopen = link_of(text(client, register), "/events/[^/]+/register/reopen/")
    assert goes_back_to_the_programme(client, text(client, reopen))
    assert back_of(text(client, client.post(reopen, {"reason": "A mistake"}).url)) == PROGRAMME


def test_the_way_back_to_the_programme_is_kept_through_giving_a_place(client, sign_in, event_page):
    sign_in("coordinator")
    booking = BookingFactory(event__course__title="Neglect", waiting=True)
    give = link_of(text(client, event_page(booking.event)), "/bookings/[^/]+/give-a-place/")
    assert goes_back_to_the_programme(client, text(client, give))
    assert f'href="{event_page(booking.event)}"' in text(client, give), "the button that gives nobody a place"
    given = client.post(give)
    assert goes_back_to_the_programme(client, text(client, given.url))


def test_the_way_back_to_the_bookings_is_kept_through_giving_a_place(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(waiting=True)
    item = f"{reverse('bookings:booking', args=[booking.reference])}?list=state%3Dwaiting"
    give = link_of(text(client, item), "/bookings/[^/]+/give-a-place/")
    assert back_of(text(client, give)) == item
    assert back_of(text(client, client.post(give).url)) == f"{reverse('bookings:list')}?state=waiting"


@pytest.mark.parametrize("what", ["cancel", "substitute"])
def test_the_way_back_to_the_programme_is_kept_through_what_is_done_with_a_booking(client, sign_in, event_page, what):
    sign_in("coordinator")
    booking = BookingFactory(event__course__title="Neglect")
    page = text(client, event_page(booking.event))
    item = link_of(page, rf"/bookings/{booking.reference}/\?")
    assert goes_back_to_the_programme(client, text(client, item))
    page = text(client, link_of(page, rf"/bookings/{booking.reference}/{what}/"))
    assert back_of(page) == item


def test_the_way_back_to_the_programme_is_kept_through_booking_a_delegate(client, sign_in, event_page):
    sign_in("coordinator")
    event, jade = EventFactory(course__title="Neglect"), PersonFactory(name="Jade Lewis")
    book = link_of(text(client, event_page(event)), "/events/[^/]+/book/")
    assert goes_back_to_the_programme(client, text(client, book))
    assert link_of(text(client, book), r"/events/[^/]+/book/\?new").endswith("new=1&list=q%3DNeglect%26state%3Dall")
    found = client.post(book, {"step": "found", "q": "jade", "person": jade.reference})
    assert goes_back_to_the_programme(client, text(client, found.url))
    done = client.post(found.url, {"person": jade.reference})
    assert goes_back_to_the_programme(client, text(client, done.url))
    again = client.post(found.url, {"person": jade.reference})
    assert back_of(text(client, again.url)) == PROGRAMME, "refused, they are on the event's page"


def test_the_way_back_to_the_people_is_kept_when_a_record_is_corrected(client, sign_in):
    sign_in("coordinator")
    person = PersonFactory()
    item = f"{reverse('people:person', args=[person.reference])}?list=sort%3Dagency"
    correct = link_of(text(client, item), "/people/[^/]+/correct/")
    assert back_of(text(client, correct)) == item
    saved = client.post(correct, {"name": "Ann Able", "email": "ann@example.org"})
    assert back_of(text(client, saved.url)) == f"{reverse('people:list')}?sort=agency"


def test_a_list_that_is_only_come_from_does_not_count_as_all_of_it(client, sign_in):
    sign_in("finance-officer")
    ChargeFactory()
    page = client.get(reverse("charges:confirm"), {"list": "sort=amount"}).content.decode()
    assert "There is nothing to confirm" in page


@pytest.mark.parametrize(
    "forged",
    ["//evil.example", "https://evil.example/?a=b", "javascript:alert(1)", '"><script>', "../../admin", "\x00&\n=%zz"],
)
def test_a_forged_way_back_leads_nowhere_but_to_the_list(client, sign_in, forged):
    sign_in("coordinator")
    event = EventFactory()
    page = client.get(reverse("events:event", args=[event.reference]), {"list": forged}).content.decode()
    back = back_of(page)
    assert back.startswith("/programme/?")
    assert client.get(back).status_code == 200
    assert "<script>" not in page
    booking = reverse("bookings:booking", args=[BookingFactory(event=event).reference])
    page = client.get(booking, {"programme": forged}).content.decode()
    assert back_of(page).startswith(f"/events/{event.reference}/?list=")
    assert "<script>" not in page


def test_a_filter_longer_than_any_is_forgotten(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    page = client.get(reverse("events:event", args=[event.reference]), {"list": "q=" + "x" * LONGEST}).content.decode()
    assert back_of(page) == reverse("programme:list")
