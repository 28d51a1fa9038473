"""The pages for checking oneself in: nothing without a code, one button with it, and no guessing."""

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from bookings import check_in
from bookings.models import Mark
from tests.factories import (
    AccountFactory,
    BookingFactory,
    EventFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from tests.signing_in import enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """Of this morning."""
    return EventFactory(begins=timezone.now().replace(hour=9), course__title="Neglect")


@pytest.fixture(autouse=True)
def time_stands():
    """At midday, with nobody counted yet."""
    cache.clear()
    with time_machine.travel("2027-03-03T12:00:00+00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def booking(event):
    return BookingFactory(event=event, delegate__name="Siân O’Neill")


@pytest.fixture
def session(event):
    return event.sessions.get()


def address(event, view="check_in"):
    return reverse(f"registers:{view}", args=[event.reference, 1])


def ask(client, event, session, **posted):
    return client.post(address(event), {"ticket": check_in.ticket(session), "here": "1"} | posted)


def test_a_visitor_with_the_code_and_their_reference_checks_in_by_one_button(client, event, session, booking):
    page = client.get(address(event), {"code": check_in.code(session)}).content.decode()
    assert "Neglect" in page
    assert booking.delegate.name not in page
    assert not Mark.objects.exists(), "looking marks nobody"
    answer = ask(client, event, session, booking=booking.reference.lower(), name="sian oneill")
    assert answer.url == reverse("registers:checked_in")
    mark = Mark.objects.get()
    assert (mark.booking, mark.marked_by) == (booking, booking.delegate)


def test_who_is_signed_in_says_no_name(client, event, session, booking):
    booking.delegate.account = AccountFactory()
    booking.delegate.save()
    enter(client, booking.delegate.account)
    page = client.get(address(event), {"code": check_in.code(session)}).content.decode()
    assert "You are Siân O’Neill." in page
    ask(client, event, session)
    assert Mark.objects.get().booking == booking


def test_the_typed_code_leads_on_as_the_scanned_one(client, event, session):
    assert "I am here" in client.post(address(event), {"code": check_in.code(session)}).content.decode()


@pytest.mark.parametrize("reference", ["{event}", "NO-SUCH-EVENT"])
def test_without_the_code_nothing_is_told(client, event, reference):
    place = reverse("registers:check_in", args=[reference.format(event=event.reference), 1])
    for answer in (client.get(place), client.get(place, {"code": "AAAAAA"}), client.post(place, {"code": "AAAAAA"})):
        page = answer.content.decode()
        assert "Neglect" not in page
        assert "I am here" not in page
    assert "This is not the code on the screen now" in page


@pytest.mark.parametrize("wrong", [{"name": "Somebody Else"}, {"booking": "NOBOOKING9"}, {"booking": "\0"}])
def test_a_wrong_reference_and_a_wrong_name_are_told_alike(client, event, session, booking, wrong):
    answer = ask(client, event, session, **{"booking": booking.reference, "name": booking.delegate.name} | wrong)
    page = answer.content.decode()
    assert "We cannot find you on this register" in page or "Null characters" in page
    assert not Mark.objects.exists()


def test_who_only_waits_is_not_on_it(client, event, session):
    waiting = BookingFactory(event=event, waiting=True)
    page = ask(client, event, session, booking=waiting.reference, name=waiting.delegate.name).content.decode()
    assert "We cannot find you on this register" in page


def test_a_ticket_that_is_old_or_of_another_session_asks_for_the_code_again(client, event, booking, time_stands):
    other = EventFactory(begins=timezone.now()).sessions.get()
    said = {"booking": booking.reference, "name": booking.delegate.name}
    assert "I am here" not in ask(client, event, other, **said).content.decode()
    ticket = check_in.ticket(event.sessions.get())
    time_stands.shift(301)
    assert "I am here" not in client.post(address(event), said | {"ticket": ticket, "here": "1"}).content.decode()
    assert not Mark.objects.exists()


def test_guessing_is_limited(client, event, settings):
    settings.CHECK_INS_A_MINUTE = 3
    answers = [client.get(address(event), {"code": f"AAAAA{n}"}).status_code for n in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_the_rooms_screen_shows_the_code_and_the_next_by_itself(client, sign_in, event, session, booking):
    SessionTrainerFactory(session=session, trainer=TrainerFactory(person=sign_in()))
    answer = client.get(address(event, "check_in_screen"))
    page, code = answer.content.decode(), check_in.code(session)
    assert f"{code[:3]} {code[3:]}" in page
    assert "<svg" in page
    assert "0 of 1 are here" in page
    assert answer["Refresh"] == str(check_in.seconds_left())
    assert "no-store" in answer["Cache-Control"]


def test_before_the_day_the_screen_shows_no_code(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=3)
    page = client.get(address(event, "check_in_screen")).content.decode()
    assert "Delegates can check in on the day" in page
    assert "<svg" not in page
