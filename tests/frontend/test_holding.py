"""My training, and one's own certificates."""

import io
import re
from urllib.parse import urlsplit

import pytest
import segno
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from bookings import making_up
from bookings.models import Booking, Certificate
from tests.bookings.factories import CertificateFactory, OfferFactory
from tests.bookings.made_up import arranged, missed
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    attended,
)
from tests.invoicing.test_document import tags, text
from training.moments import full_moment

pytestmark = pytest.mark.django_db
MINE = "/my-training/"


def page(client, address=MINE):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def part(client, title, until):
    """What stands under one heading of the page."""
    return re.search(f"{title} (.*?) {until}", page(client).split("Skip to main content", 1)[1])[1]


def test_bookings_stand_under_what_becomes_of_them(client, sign_in):
    jade = sign_in(name="Jade Lewis")
    coming, held = EventFactory(course__title="Neglect"), EventFactory(course__title="Early Help", days=40)
    BookingFactory(event=coming, delegate=jade)
    BookingFactory(event=held, waiting=True)
    BookingFactory(event=held, delegate=jade, waiting=True)
    attended(delegate=jade, event=EventFactory(days=-3, course__title="Modern Slavery"))
    BookingFactory(event=EventFactory(days=-1, course__title="Train the Trainers"), delegate=jade)
    BookingFactory(event=EventFactory(days=9, course__title="Gangs"), delegate=jade, cancelled=True)
    BookingFactory(event=coming, delegate__name="Somebody Else")
    assert "Neglect" in part(client, "Next", "You are waiting for")
    waiting = part(client, "You are waiting for", "What you hold")
    assert "Early Help" in waiting
    assert "Number 2 on the waiting list" in waiting
    assert "Leave the waiting list" in waiting
    assert "Modern Slavery" in part(client, "What you hold", "Past and cancelled")
    past = part(client, "Past and cancelled", "My details")
    assert "The register is not closed yet" in past
    assert "Cancelled in time" in past
    assert past.count("Certificate of") == 1
    assert "Somebody Else" not in page(client)


def test_a_session_that_is_made_up_stands_with_what_comes_next_by_its_date(client, sign_in):
    jade = sign_in()
    made_up = arranged(missed(delegate=jade))
    later = BookingFactory(delegate=jade, event=EventFactory(days=60, course__title="Gangs"))
    at = full_moment(made_up.session.starts_at)
    shown = part(client, "Next", "What you hold")
    assert f"{at}. You make up a session that you missed." in shown
    assert shown.index(at) < shown.index(full_moment(later.event.starts_at))
    assert at in page(client, reverse("home"))
    making_up.take_back(made_up=made_up, by=PersonFactory())
    assert at not in page(client) + page(client, reverse("home"))


def test_a_place_that_is_held_for_one_says_until_when_and_leads_to_the_answer(client, sign_in):
    booking = OfferFactory(booking__delegate=sign_in()).booking
    held = part(client, "A place is held for you: accept or decline it", "What you hold")
    assert "Held for you until" in held
    assert "Accept or decline" in held
    assert f"/bookings/{booking.reference}/waiting-list/" in client.get(MINE).content.decode()


def test_what_can_be_done_with_a_place_is_linked(client, sign_in):
    booking = BookingFactory(delegate=sign_in())
    shown = client.get(MINE).content.decode()
    for change in ("substitute", "cancel"):
        assert f"/bookings/{booking.reference}/{change}/" in shown


def test_what_one_holds_says_until_when_and_leads_to_the_next_dates(client, sign_in):
    jade = sign_in()
    for months, grace, days in ((24, 0, -30), (12, 6, -450), (12, 0, -450), (None, 0, -9)):
        course = CourseFactory(title=f"Course {months} {grace} {days}", refresh_months=months, grace_months=grace)
        attended(delegate=jade, event=EventFactory(course=course, days=days))
    held = part(client, "What you hold", "Past and cancelled")
    assert re.search(r"Course 24 0 -30 .*? Held Until ", held)
    assert re.search(r"Course 12 6 -450 .*? In grace Refresher due by .*?, counts until ", held)
    assert re.search(r"Course 12 0 -450 .*? Lapsed Until ", held)
    assert re.search(r"Course None 0 -9 .*? Held Does not lapse", held)
    assert held.count("Next dates") == 3


def test_with_nothing_it_says_how_to_begin(client, sign_in):
    sign_in()
    shown = page(client)
    assert "You are not booked on anything to come" in shown
    assert "Training of your staff" not in shown


def test_a_line_manager_finds_their_staff(client, sign_in):
    PersonFactory(line_manager=sign_in())
    assert "Training of your staff" in page(client)


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_statements_for_one_booking_as_for_twenty(client, sign_in, django_assert_num_queries, count):
    jade = sign_in()
    for number in range(count):
        BookingFactory(delegate=jade, event=EventFactory(days=30 + number))
        attended(delegate=jade, days=-30 - number)
    with django_assert_num_queries(6):
        client.get(MINE)


# --- certificates ----------------------------------------------------------------------------------------------------


def address(booking):
    return f"{MINE}{booking.reference}/certificate/"


def test_looking_makes_none_and_pressing_twice_makes_one(client, sign_in):
    booking = attended(delegate=sign_in(name="Jade Lewis"))
    assert "Make my certificate" in page(client, address(booking))
    assert client.get(f"{address(booking)}pdf/").status_code == 404
    assert not Certificate.objects.exists()
    for _ in range(2):
        assert client.post(address(booking)).status_code == 302
    shown = page(client, address(booking))
    code = Certificate.objects.get().code
    assert f"/certificates/{code}/" in shown
    assert f"{code[:5]} {code[5:]}" in shown
    assert "Jade Lewis" in shown


@pytest.mark.parametrize("outcome", ["part-attended", "did-not-attend"])
def test_who_did_not_attend_all_of_it_gets_none(client, sign_in, outcome):
    booking = attended(delegate=sign_in(), outcome=outcome)
    assert "Make my certificate" not in page(client, address(booking))
    shown = client.post(address(booking), follow=True).content.decode()
    assert "once the register says that you attended all of it" in shown
    assert not Certificate.objects.exists()


def test_a_withdrawn_one_is_told_and_not_handed_out(client, sign_in):
    booking = attended(delegate=sign_in())
    CertificateFactory(booking=booking)
    assert client.get(f"{address(booking)}pdf/").status_code == 200
    Booking.objects.filter(pk=booking.pk).update(outcome=None)
    assert "This certificate is withdrawn" in page(client, address(booking))
    assert client.get(f"{address(booking)}pdf/").status_code == 404


@pytest.mark.parametrize("role", [None, "coordinator", "administrator", "agency-lead"])
def test_anothers_is_not_found_not_even_by_who_sees_the_booking(client, sign_in, role):
    booking = attended()
    CertificateFactory(booking=booking)
    roles = [role] if role else []
    sign_in(*roles, agency=booking.agency)
    for ending in ("", "pdf/"):
        assert client.get(f"{address(booking)}{ending}").status_code == 404
    assert client.post(address(booking)).status_code == 404


def test_the_booking_leads_its_delegate_there_and_nobody_else(client, sign_in):
    booking = attended()
    sign_in(person=booking.delegate)
    assert address(booking) in client.get(f"/bookings/{booking.reference}/").content.decode()
    sign_in("coordinator")
    assert address(booking) not in client.get(f"/bookings/{booking.reference}/").content.decode()


@pytest.fixture
def certified(client, sign_in):
    PartnershipFactory(name="Anytown Partnership", training_email="training@anytown.example")
    course = CourseFactory(title="Neglect", level="Level 2")
    return CertificateFactory(
        booking=attended(delegate=sign_in(name="Siân Ó Briain"), event=EventFactory(course=course, sessions=2, days=-9))
    )


def downloaded(client, certificate):
    return client.get(f"{address(certificate.booking)}pdf/")


def test_the_pdf_says_who_attended_what_and_when_and_where_to_check_it(client, certified, settings):
    response = downloaded(client, certified)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    said = text(PdfReader(io.BytesIO(response.content)))
    code = certified.code
    for words in (
        "Certificate of attendance", "Siân Ó Briain", "Neglect", "Level 2", "Full day", "Anytown Partnership",
        "training@anytown.example", f"{settings.SITE_URL}/certificates/", f"{code[:5]} {code[5:]}",
    ):  # fmt: skip
        assert words in said
    days = {session.starts_at.day for session in certified.booking.event.sessions.all()}
    assert len(days) == 2
    assert all(re.search(rf"day {day} \w+ 20\d\d", said) for day in days)


def test_the_pdf_can_be_heard_and_says_what_the_picture_is(client, certified):
    reader = PdfReader(io.BytesIO(downloaded(client, certified).content))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    kinds = tags(root["/StructTreeRoot"])
    assert kinds.count("/H1") == 1
    assert "/Figure" in kinds
    assert reader.metadata.title == "Certificate of attendance, Siân Ó Briain"


def test_its_qr_code_opens_the_page_that_checks_it(client, certified, monkeypatch, settings):
    said, drawn = [], segno.make_qr
    monkeypatch.setattr(segno, "make_qr", lambda words, **options: said.append(words) or drawn(words, **options))
    downloaded(client, certified)
    (address,) = said
    assert address.startswith(settings.SITE_URL)
    assert certified.booking.event.course.title in Client().get(urlsplit(address).path).content.decode()


def test_the_pdf_is_the_same_each_time(client, certified):
    assert downloaded(client, certified).content == downloaded(client, certified).content


@pytest.mark.parametrize("name", ["#eval(1+1) $x$ *b*", "x" * 200, "日本 Lewis", "Jade \u202eLewis"])
def test_whatever_the_name_there_is_a_certificate_of_one_page(client, certified, name):
    delegate = certified.booking.delegate
    delegate.name = name
    delegate.save()
    assert len(PdfReader(io.BytesIO(downloaded(client, certified).content)).pages) == 1
