"""The page on which a missed session is made up at another run, and the registers and bookings that show it."""

import pytest
from django.urls import reverse

from bookings.models import MakeUp, Need
from tests.bookings.factories import NeedFactory
from tests.bookings.made_up import arranged, held, last, lost, missed, run_of
from tests.factories import BookingFactory, SessionTrainerFactory
from tests.frontend.test_sign_in_sheet import text_in
from training.models import Session

pytestmark = pytest.mark.django_db


def page_of(booking):
    return reverse("bookings:make_up", args=[booking.reference])


def words(client, address):
    return " ".join(client.get(address).content.decode().split())


def register_of(event):
    return reverse("registers:register", args=[event.reference, 2])


def test_a_coordinator_arranges_it_from_the_booking_and_takes_it_back(client, sign_in):
    sign_in("coordinator")
    booking = missed()
    to = run_of(booking.event.course, days=30, places=9)
    assert page_of(booking) in words(client, reverse("bookings:booking", args=[booking.reference]))
    page = words(client, page_of(booking))
    assert "Session 2 of 2, 9 places left." in page
    assert "Session 1 of 2" not in page
    said = {"missed": last(booking.event).pk, "at": last(to).pk}
    page = " ".join(client.post(page_of(booking), said, follow=True).content.decode().split())
    assert f"{booking.delegate.name} is told by email." in page
    made_up = MakeUp.objects.live().get()
    assert (made_up.booking, made_up.session) == (booking, last(to))
    take_back = reverse("bookings:take_back_make_up", args=[booking.reference, 2])
    assert take_back in page
    client.post(take_back)
    assert not MakeUp.objects.live().exists()
    assert "Nothing was changed" in client.post(take_back, follow=True).content.decode()


def test_a_full_date_is_not_offered_and_one_that_fills_meanwhile_is_refused(client, sign_in):
    sign_in("coordinator")
    booking = missed()
    to = run_of(booking.event.course, days=30, places=1)
    said = {"missed": last(booking.event).pk, "at": last(to).pk}
    BookingFactory(event=to)
    assert "There is no other date with a free place" in words(client, page_of(booking))
    assert "cannot be had any more" in words_of(client.post(page_of(booking), said))
    assert not MakeUp.objects.exists()


def words_of(response):
    return " ".join(response.content.decode().split())


def test_who_missed_nothing_has_nothing_to_make_up(client, sign_in):
    sign_in("coordinator")
    booking = missed(second="present")
    assert "No session is missed" in words(client, page_of(booking))
    assert page_of(booking) not in words(client, reverse("bookings:booking", args=[booking.reference]))


def test_both_registers_both_events_and_the_booking_show_it(client, sign_in):
    sign_in("coordinator")
    booking = missed()
    assert "Make it up" in words(client, register_of(booking.event))
    made_up = arranged(booking)
    event = made_up.event
    assert "makes it up on" in words(client, register_of(booking.event))
    assert "makes up the session of" in words(client, register_of(event))
    page = words(client, reverse("events:event", args=[event.reference]))
    assert "1 delegate makes up a session of another event here." in page
    assert page_of(booking) in page[page.index("Making up a session here") :]
    story = words(client, reverse("bookings:booking", args=[booking.reference]))
    assert event.reference in story
    assert f"{booking.delegate.name} makes up the session of" in story
    held(made_up)
    story = words(client, reverse("bookings:booking", args=[booking.reference]))
    assert "At the session made up: present" in story
    assert "It counts here once they are marked there" in words(client, page_of(booking))


def test_they_are_marked_on_the_other_register_as_everybody_else(client, sign_in):
    sign_in("coordinator")
    made_up = arranged()
    held(made_up, "", close=False)
    reference, address = made_up.booking.reference, register_of(made_up.event)
    client.post(address, {f"seen-{reference}": "", f"mark-{reference}": "present"})
    assert Session.objects.get(pk=made_up.session_id).marks.get().booking == made_up.booking
    client.post(address, {f"seen-{reference}": "present", f"mark-{reference}": "unmarked"})
    close = words(client, reverse("registers:close", args=[made_up.event.reference]))
    assert f"Not marked: {made_up.booking.delegate.name}." in close


def test_the_sheet_the_check_before_cancelling_and_who_is_written_to_have_them(client, sign_in):
    sign_in("coordinator")
    made_up = arranged(missed(delegate__name="Jade Lewis"))
    event = [made_up.event.reference]
    BookingFactory(event=made_up.event, delegate__name="Zoe Adams")
    sheet = text_in(client.get(reverse("registers:sign_in_sheet", args=event) + "?blank=0"))
    assert sheet.index("Zoe Adams") < sheet.index("Jade Lewis"), "in the order of last names"
    assert "makes up a session –" in sheet
    assert "Jade Lewis" in client.get(reverse("events:badges", args=event)).content.decode()
    cancel = reverse("events:cancel", args=event)
    check = words_of(client.post(cancel, {"reason": "Snow", "instead": ""}))
    assert "Jade Lewis: to be made up elsewhere" in check
    assert "2 people" in check
    places = words(client, reverse("events:places", args=event))
    assert "Making up a session" in places
    write = words(client, reverse("events:message", args=event))
    assert "Those who make up a session there (1)" in write
    assert "(makes up a session)" in write
    client.post(cancel, {"reason": "Snow", "instead": "", "confirm": "1"})
    done = words_of(client.post(reverse("events:cancel_now", args=event), follow=True))
    assert "2 people are told by email. The session that 1 delegate made up there is to be made up elsewhere." in done


def test_what_fell_away_with_its_date_is_arranged_anew_from_home(client, sign_in):
    sign_in("coordinator")
    booking = missed(delegate__name="Jade Lewis")
    lost(booking)
    assert "Arrange anew where Jade Lewis makes up a session" in words(client, reverse("home"))
    arranged(booking)
    assert "Arrange anew" not in words(client, reverse("home"))


def test_who_trains_the_run_sees_who_makes_a_session_up_and_what_they_need(client, sign_in):
    booking = missed(delegate__name="Jade Lewis")
    NeedFactory(booking=booking, access="A ramp")
    made_up = arranged(booking, to=run_of(booking.event.course, days=5))
    SessionTrainerFactory(session=made_up.session, trainer__person=sign_in())
    page = words(client, reverse("events:event", args=[made_up.event.reference]))
    assert "Jade Lewis" in page[page.index("Making up a session here") :]
    assert "1 delegate with some, 1 to arrange" in page
    assert "A ramp" not in page
    needs = words(client, reverse("events:needs", args=[made_up.event.reference]))
    assert "A ramp" in needs
    assert "Makes up a session here" in needs


def test_a_coordinator_arranges_it_on_the_page_of_that_run(client, sign_in):
    sign_in("coordinator")
    booking = missed()
    NeedFactory(booking=booking, access="A ramp")
    event = arranged(booking, to=run_of(booking.event.course, days=5)).event
    assert "Arrange what 1 delegate needs" in words(client, reverse("home"))
    arrange = reverse("bookings:arrange_need", args=[booking.reference])
    assert str(event) in words(client, arrange)
    seen = Need.objects.get().said_at.isoformat()
    done = client.post(arrange, {"seen": seen, "arranged": "A ramp", "how": "arranged", "chairs": "0"}, follow=True)
    assert done.redirect_chain == [(reverse("events:needs", args=[event.reference]), 302)]


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_takes_eight_statements_however_many_dates_there_are(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    booking = missed()
    for number in range(count):
        run_of(booking.event.course, days=30 + 2 * number)
    with django_assert_num_queries(8):
        client.get(page_of(booking))
