"""Certificates: made once for who attended, withdrawn while the register says otherwise, and never guessed."""

import pytest
from django.utils import timezone

from bookings import certificates, document, refusals, register
from bookings.models import Certificate
from tests.bookings.factories import CertificateFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory, RegisterFactory, RoomFactory, attended
from tests.guards import Breaks, at_once, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


@breaks.by("certificate_is_made_for_who_attended")
def a_certificate_for_who_has_not_attended():
    Certificate.objects.create(booking=attended(outcome="part-attended"))


@breaks.by("certificate_never_changes")
def another_code():
    sql("update bookings_certificate set code = 'OTHER' where id = %s", CertificateFactory().pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


def test_asked_for_twice_it_is_the_same():
    booking = attended()
    assert certificates.make(booking=booking) == certificates.make(booking=booking)
    assert Certificate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asked_for_in_many_tabs_at_once_it_is_one():
    booking = attended()
    made = at_once(*[lambda: certificates.make(booking=booking).code] * 8)
    assert len(set(made)) == 1, made


@pytest.mark.parametrize("outcome", ["part-attended", "did-not-attend", None])
def test_who_has_not_attended_all_of_it_gets_none(outcome):
    with pytest.raises(refusals.NotAttended):
        certificates.make(booking=attended(outcome=outcome))


def test_an_imported_event_gives_certificates_too():
    now = timezone.now()
    event = EventFactory(days=-400, imported_at=now)
    assert certificates.make(booking=attended(event=event, imported_at=now)).is_valid


def test_a_reopened_register_withdraws_it_and_the_same_code_holds_good_when_closed_again():
    event = EventFactory(days=-3)
    booking = BookingFactory(event=event)
    session, coordinator = event.sessions.get(), PersonFactory()
    RegisterFactory(session=session, handed_in=True)
    register.mark(session=session, booking=booking, attendance="present", by=coordinator)
    register.close(event=event, by=coordinator)
    code = certificates.make(booking=booking).code

    def is_valid():
        return Certificate.objects.select_related("booking").get(code=code).is_valid

    assert is_valid()
    register.reopen(event=event, by=coordinator, reason="Somebody else was there")
    assert not is_valid()
    register.mark(session=session, booking=booking, attendance="absent", by=coordinator)
    register.close(event=event, by=coordinator)
    assert not is_valid()
    register.reopen(event=event, by=coordinator, reason="No, it was them")
    register.mark(session=session, booking=booking, attendance="late", by=coordinator)
    register.close(event=event, by=coordinator)
    assert is_valid()


@pytest.mark.parametrize(
    ("typed", "is_theirs"),
    [
        ("Siân O’Brien", True),
        ("sian obrien", True),
        ("  SIÂN  O'Brien ", True),
        ("Sian", False),
        ("", False),
        ("…", False),
    ],
)
def test_the_name_is_compared_without_case_and_accents(typed, is_theirs):
    certificate = CertificateFactory(booking=attended(delegate__name="Siân O'Brien"))
    assert certificates.is_made_out_to(certificate, typed) == is_theirs


def test_of_an_event_that_met_online_it_says_so_whatever_its_course_usually_is():
    booking = attended(event=EventFactory(days=-30, online_link="https://meet.example.org/1"))
    certificate = CertificateFactory(booking=booking)

    def delivery():
        return document.said(certificate, booking.event.sessions.all(), partnership="", contact="")["delivery"]

    assert delivery() == "Virtual"
    booking.event.sessions.update(room=RoomFactory())
    assert delivery() == "Face to face"
