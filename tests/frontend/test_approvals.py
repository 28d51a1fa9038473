"""Requests for approval: by the link of a message or signed in, seen and decided; the list, deputies, reminders."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings import approval, approval_links, deciding
from bookings.approval_links import Sent
from bookings.models import Approval, Booking, Deputy
from outbox.models import Message
from tests.bookings.factories import ApprovalFactory, DeputyFactory, staff
from tests.factories import BookingFactory, CourseFactory, EventFactory, PersonFactory
from tests.joining_factories import AgencyDomainFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
LIST, DEPUTY = "/approvals/", "/approvals/deputy/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def asked(policy):
    """Jade asks for a place, which is kept, on an event with two."""
    course = CourseFactory(title="Working together", needs_approval=True)
    return ApprovalFactory(
        booking__event=EventFactory(course=course, places=2, begins=BEGINS),
        booking__delegate=staff(name="Jade Lewis"),
        booking__keeps_place=True,
        booking__policy=policy,
        asked__name="Ann Lee",
    )


def link(asked, person=None):
    return approval_links.path(Sent(asked.booking.reference, (person or asked.asked).reference))


def words(response):
    return " ".join(response.content.decode().split())


def press(client, address, answer, **more):
    return words(client.post(address, {"answer": answer, **more}, follow=True))


def state(asked):
    asked.booking.refresh_from_db()
    return asked.booking.state


def decide(asked):
    return reverse("approvals:decide", args=[asked.booking.reference])


# --- the page behind the link ---------------------------------------------------------------------------------------
def test_it_says_who_what_when_and_what_it_costs_and_does_nothing(client, asked):
    manager = asked.booking.delegate.line_manager
    colleague = PersonFactory(agency=manager.agency, line_manager=manager)
    PersonFactory(agency=manager.agency, line_manager=manager)
    BookingFactory(event=EventFactory(begins=BEGINS), delegate=colleague)
    page = words(client.get(link(asked)))
    for said in (
        "Jade Lewis", "Working together", "Monday 9 March 2026, 9:30am to 4:30pm", "10am on Monday 9 February 2026",
        "Free to cancel until the end of Sunday 1 March 2026.", "1 of the 2 colleagues on training", "Kept until",
    ):  # fmt: skip
        assert said in page
    client.head(link(asked))
    assert state(asked) == "requested"


def test_approved_the_place_is_given_and_both_read_it(client, asked):
    page = press(client, link(asked), "approve")
    assert "Approved. Jade Lewis has a place" in page
    assert state(asked) == "confirmed"
    assert Approval.objects.get().decided_by == asked.asked
    assert "approved this at 10am on Monday 2 February 2026" in page


def test_declined_in_the_managers_words(client, asked):
    page = press(client, link(asked), "decline", reason="<b>Too few</b> of us")
    assert "“&lt;b&gt;Too few&lt;/b&gt; of us”" in page
    assert (state(asked), Approval.objects.get().reason) == ("cancelled", "<b>Too few</b> of us")


def test_without_a_place_the_manager_reads_that_it_is_the_waiting_list(client, asked):
    Booking.objects.update(keeps_place=False)
    BookingFactory.create_batch(2, event=asked.booking.event)
    assert "No place is free, so Jade Lewis is on the waiting list" in press(client, link(asked), "approve")


def test_a_second_press_says_what_was_decided(client, asked):
    press(client, link(asked), "approve")
    assert "approved this at 10am" in press(client, link(asked), "decline")
    assert state(asked) == "confirmed"


def test_after_the_end_it_says_so_and_what_to_do(client, asked, clock):
    clock.move_to(asked.ends_at)
    page = words(client.get(link(asked)))
    assert "could be answered until 10am on Monday 9 February 2026" in page
    assert "have them ask again" in page
    assert "could be answered until" in press(client, link(asked), "approve")
    assert state(asked) == "requested"
    approval.lapse(asked.booking.event)
    assert "have them ask again" in words(client.get(link(asked)))


@pytest.mark.parametrize("answer", ["", "nonsense"])
def test_anything_else_decides_nothing(client, asked, answer):
    client.post(link(asked), {"answer": answer})
    assert state(asked) == "requested"


def test_a_link_opens_nothing_for_who_may_not_decide_any_more(client, asked):
    manager = asked.booking.delegate.line_manager
    deputy = DeputyFactory(manager=manager)
    assert client.get(link(asked, deputy.deputy)).status_code == 200
    deputy.revoked_at = timezone.now()
    deputy.save()
    assert client.get(link(asked, deputy.deputy)).status_code == 404
    assert client.post(link(asked, deputy.deputy), {"answer": "approve"}).status_code == 404
    assert client.get(link(asked)[:-3] + "x/").status_code == 404
    assert state(asked) == "requested"


def test_the_owner_of_an_address_decides_by_its_link(client):
    asked = ApprovalFactory(asked=None, email="ann@anytown.example")
    address = approval_links.path(Sent(asked.booking.reference, ""))
    assert "ann@anytown.example approved this" in press(client, address, "approve")


# --- signed in ------------------------------------------------------------------------------------------------------
def test_a_deputy_decides_and_sees_no_more_than_the_request(client, sign_in, asked):
    deputy = DeputyFactory(manager=asked.booking.delegate.line_manager).deputy
    sign_in(person=deputy)
    assert "Jade Lewis" in words(client.get(LIST))
    assert client.get(reverse("bookings:booking", args=[asked.booking.reference])).status_code == 404
    assert "Jade Lewis" not in words(client.get(reverse("staff_training:list")))
    assert "Approved" in press(client, decide(asked), "approve")
    assert Approval.objects.get().decided_by == deputy


def test_who_asked_may_not_decide(client, sign_in, asked):
    sign_in(person=asked.booking.delegate)
    assert client.get(decide(asked)).status_code == 403
    assert client.post(decide(asked), {"answer": "approve"}).status_code == 403


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_as_many_statements_for_one_as_for_fifty(client, sign_in, django_assert_num_queries, count):
    ApprovalFactory.create_batch(count)
    sign_in("coordinator")
    with django_assert_num_queries(6):
        page = words(client.get(LIST))
    assert f"{count} request" in page


@pytest.mark.parametrize("count", [0, 20])
def test_the_page_takes_as_many_statements_for_a_large_team(client, sign_in, asked, django_assert_num_queries, count):
    manager = asked.booking.delegate.line_manager
    for one in PersonFactory.create_batch(count, agency=manager.agency, line_manager=manager):
        BookingFactory(event=EventFactory(begins=BEGINS), delegate=one)
    sign_in(person=manager)
    with django_assert_num_queries(8):
        client.get(decide(asked))


def test_the_list_is_filtered(client, sign_in, asked, clock):
    other = ApprovalFactory(booking__delegate=staff(name="Bo Other"))
    deciding.decline(booking=other.booking, by=other.asked)
    coordinator = sign_in("coordinator")

    def shown(**asked_for):
        page = words(client.get(LIST, asked_for))
        return {name for name in ("Jade Lewis", "Bo Other") if name in page}

    assert shown() == {"Jade Lewis"}
    assert shown(state="decided") == {"Bo Other"}
    assert shown(state="all") == {"Jade Lewis", "Bo Other"}
    assert shown(q="working jade") == {"Jade Lewis"}
    assert shown(q="nobody") == set()
    assert shown(state="stuck") == set()
    clock.shift(timedelta(days=2))
    sign_in(person=coordinator)
    assert shown(state="stuck") == {"Jade Lewis"}
    assert "Help along Jade Lewis’s request" in words(client.get("/"))


def test_an_agency_lead_sees_the_requests_of_the_agency_only(client, sign_in, asked):
    ApprovalFactory(booking__delegate=staff(name="Bo Other"))
    sign_in("agency-lead", agency=asked.booking.agency)
    for address in (LIST, f"{LIST}?state=all&q=o", f"{LIST}download/"):
        assert "Bo Other" not in words(client.get(address))
    assert "Jade Lewis" in words(client.get(f"{LIST}download/"))


def test_who_has_nothing_to_decide_reads_why(client, sign_in):
    sign_in()
    assert "Nothing to decide" in words(client.get(LIST))


# --- where it stands elsewhere --------------------------------------------------------------------------------------
def test_a_manager_finds_it_at_home(client, sign_in, asked):
    sign_in(person=asked.booking.delegate.line_manager)
    page = words(client.get("/"))
    assert "To approve" in page
    assert decide(asked) in page


@pytest.mark.parametrize("address", ["home", "my training", "event", "booking"])
def test_the_delegate_reads_who_is_asked_and_until_when(client, sign_in, asked, address):
    sign_in(person=asked.booking.delegate)
    addresses = {
        "home": reverse("home"),
        "my training": reverse("holding:my_training"),
        "event": reverse("events:event", args=[asked.booking.event.reference]),
        "booking": reverse("bookings:booking", args=[asked.booking.reference]),
    }
    page = words(client.get(addresses[address]))
    assert asked.asked.name in page
    assert "until 10am on Monday 9 February 2026" in page


def test_the_story_of_a_booking_says_who_declined(client, sign_in, asked):
    deciding.decline(booking=asked.booking, by=asked.asked, reason="Too few")
    sign_in(person=asked.booking.delegate)
    page = words(client.get(reverse("bookings:booking", args=[asked.booking.reference])))
    assert f"Declined by {asked.asked.name}" in page
    assert "“Too few”" in page
    assert "Left the waiting list" not in page


def test_the_story_of_an_approved_request_that_never_waited_says_so(client, sign_in, asked, clock):
    clock.shift(timedelta(hours=1))
    deciding.approve(booking=asked.booking, by=asked.asked)
    sign_in(person=asked.booking.delegate)
    page = words(client.get(reverse("bookings:booking", args=[asked.booking.reference])))
    assert page.index("Awaited approval") < page.index(f"Approved by {asked.asked.name}")
    assert "On the waiting list" not in page


def test_the_delegate_reminds_once_a_day(client, sign_in, asked, clock):
    sign_in(person=asked.booking.delegate)
    remind = reverse("approvals:remind", args=[asked.booking.reference])
    page = words(client.post(remind, follow=True))
    assert "They were asked today" in page
    assert "You can remind them from tomorrow" in page
    assert "Remind them" not in page
    clock.shift(timedelta(days=1))
    sign_in(person=asked.booking.delegate)
    assert "Remind them" in words(client.get(reverse("bookings:booking", args=[asked.booking.reference])))
    page = words(client.post(remind, follow=True))
    assert "We have reminded" in page
    assert "You can remind them from tomorrow" in page
    assert Message.objects.filter(template="approval_reminder").count() == 1


def test_cancelling_a_request_says_that_it_costs_nothing(client, sign_in, asked):
    sign_in(person=asked.booking.delegate)
    cancel = reverse("bookings:cancel", args=[asked.booking.reference])
    assert "Cancel your request" in words(client.get(cancel))
    client.post(cancel)
    assert state(asked) == "cancelled"


# --- deputies -------------------------------------------------------------------------------------------------------
def days(first, last):
    parts = {"starts_on": first, "ends_on": last}
    return {
        f"{name}-{part}": str(getattr(day, part)) for name, day in parts.items() for part in ("day", "month", "year")
    }


def test_a_manager_names_a_deputy_and_takes_it_back(client, sign_in):
    manager = sign_in()
    colleague = PersonFactory(agency=manager.agency, email="bo@anytown.example", name="Bo Wood")
    today = timezone.localdate()
    page = words(client.post(DEPUTY, {"email": "Bo@anytown.example", **days(today, today)}, follow=True))
    assert "Bo Wood is your deputy from Monday 2 February 2026" in page
    named = Deputy.objects.get()
    assert (named.manager, named.deputy) == (manager, colleague)
    for _ in range(2):
        client.post(reverse("approvals:end_deputy", args=[named.reference]))
    named.refresh_from_db()
    assert named.revoked_at


@pytest.mark.parametrize(
    ("email", "first", "last", "said"),
    [
        ("", 0, 1, "Enter your deputy’s work email address"),
        ("nobody@anytown.example", 0, 1, "Nobody of your agency is known by this address"),
        ("elsewhere@anytown.example", 0, 1, "Nobody of your agency is known by this address"),
        ("me@anytown.example", 0, 1, "This is your own address"),
        ("bo@anytown.example", 1, 0, "The last day must be the first day or later"),
        ("bo@anytown.example", -2, -1, "The last day must be today or later"),
        ("bo@anytown.example", 3, 9, "is your deputy from"),
    ],
)
def test_a_deputy_who_cannot_be_is_refused_in_words(client, sign_in, email, first, last, said):
    manager = sign_in(email="me@anytown.example")
    PersonFactory(agency=manager.agency, email="bo@anytown.example")
    PersonFactory(email="elsewhere@anytown.example")
    today = timezone.localdate()
    DeputyFactory(manager=manager, starts_on=today + timedelta(days=8))
    before = Deputy.objects.count()
    form = {"email": email, **days(today + timedelta(days=first), today + timedelta(days=last))}
    page = words(client.post(DEPUTY, form))
    assert said in page
    assert f'value="{email}"' in page
    assert Deputy.objects.count() == before


# --- on the way to a place ------------------------------------------------------------------------------------------
@pytest.fixture
def event():
    return EventFactory(course=CourseFactory(needs_approval=True), begins=BEGINS)


def step(event):
    return reverse("events:book_step", args=[event.reference, "approval"])


def book(event):
    return reverse("events:book", args=[event.reference])


def test_who_has_a_line_manager_is_asked_nothing(client, sign_in, event):
    person = sign_in(line_manager=PersonFactory(name="Ann Lee"))
    assert "We ask Ann Lee by email" in words(client.get(book(event)))
    page = words(client.post(book(event), follow=True))
    assert "We have asked Ann Lee" in page
    assert Approval.objects.get().asked == person.line_manager


def test_else_they_say_who_it_is(client, sign_in, event):
    person = sign_in()
    AgencyDomainFactory(agency=person.agency, domain="anytown.example")
    assert client.get(book(event)).headers["Location"] == step(event)
    assert "we do not know your line manager yet" in words(client.get(step(event)))
    page = words(client.post(step(event), {"who": "manager", "email": "ann@anytown.example"}, follow=True))
    assert "ann@anytown.example" in page
    assert "We have asked ann@anytown.example" in words(client.post(book(event), follow=True))
    assert Approval.objects.get().email == "ann@anytown.example"


def test_or_have_the_training_lead_asked(client, sign_in, event):
    person = sign_in()
    lead = PersonFactory(agency=person.agency, roles=["agency-lead"])
    client.post(step(event), {"who": "lead", "email": "left@there.example"})
    client.post(book(event))
    assert (Approval.objects.get().asked, Approval.objects.get().email) == (None, "")
    assert Message.objects.get(template="approval_request").to == lead.email


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Select who is to approve your place"),
        ({"who": "manager"}, "Enter your line manager’s work email address"),
        ({"who": "manager", "email": "nonsense"}, "valid email address"),
        ({"who": "manager", "email": "ann@elsewhere.example"}, "We do not know this address"),
        ({"who": "manager", "email": "jade@anytown.example"}, "This is your own address"),
    ],
)
def test_who_cannot_be_asked_is_refused_in_words(client, sign_in, event, form, said):
    sign_in(email="jade@anytown.example")
    page = words(client.post(step(event), form))
    assert said in page
    assert form.get("email", "") in page
