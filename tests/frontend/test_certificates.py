"""The public check of certificates: it says whether one holds good, and no name to who does not know it."""

import re

import pytest
from django.core.cache import cache

from bookings.models import Booking
from tests.bookings.factories import CertificateFactory
from tests.factories import EventFactory, PartnershipFactory, attended
from training.moments import full_date

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_tried():
    cache.clear()


@pytest.fixture
def certificate():
    PartnershipFactory(name="Anytown Partnership")
    return CertificateFactory(booking=attended(delegate__name="Jade Lewis"))


def shown(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def at(certificate):
    return f"/certificates/{certificate.code}/"


def test_the_code_alone_says_what_holds_good_and_no_name(client, certificate):
    said = shown(client.get(at(certificate)))
    for words in ("Valid", certificate.booking.event.course.title, "Full day", "Anytown Partnership"):
        assert words in said
    assert "Jade" not in said
    assert "Lewis" not in said
    assert certificate.booking.reference not in said
    assert certificate.booking.agency.name not in said


@pytest.mark.parametrize(("typed", "answer"), [("jade LEWIS", "Yes:"), ("Jade Smith", "No:"), ("Jade", "No:")])
def test_a_name_is_answered_by_yes_or_no(client, certificate, typed, answer):
    said = shown(client.post(at(certificate), {"name": typed}))
    assert answer in said
    assert {"Yes:": "No:", "No:": "Yes:"}[answer] not in said


def test_a_wrong_name_does_not_bring_out_the_right_one(client, certificate):
    assert "Jade Lewis" not in shown(client.post(at(certificate), {"name": "Sam Smith"}))


@pytest.mark.parametrize("name", ["", " "])
def test_without_a_name_it_is_asked_for(client, certificate, name):
    said = shown(client.post(at(certificate), {"name": name}))
    assert "Enter the name on the certificate" in said
    assert "Yes:" not in said


@pytest.mark.parametrize("outcome", [None, "part-attended"])
def test_a_withdrawn_one_says_so_and_answers_to_no_name(client, certificate, outcome):
    Booking.objects.filter(pk=certificate.booking_id).update(outcome=outcome)
    for response in (client.get(at(certificate)), client.post(at(certificate), {"name": "Jade Lewis"})):
        said = shown(response)
        assert "Withdrawn" in said
        assert "Valid" not in said
        assert "Yes:" not in said


def test_unknown_codes_get_one_answer_whatever_they_are(client, certificate):
    codes = [
        "K7QX2M3PWF",
        certificate.booking.reference,
        certificate.code.lower(),
        certificate.code[:-1],
        "<b>",
        "x" * 500,
    ]
    answers = {client.get(f"/certificates/{code}/").content for code in codes}
    assert len(answers) == 1
    assert client.get("/certificates/K7QX2M3PWF/").status_code == 404
    assert client.post("/certificates/K7QX2M3PWF/", {"name": "Jade Lewis"}).status_code == 404


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1}", "{2}"])
def test_a_code_is_found_however_it_is_typed(client, certificate, written):
    code = certificate.code
    typed = written.format(code, f"{code[:5]} {code[5:]}".lower(), f"{code[:5]}-{code[5:]}")
    assert client.get("/certificates/", {"code": typed}).url == at(certificate)


@pytest.mark.parametrize("typed", ["", " ", "—"])
def test_without_a_code_it_is_asked_for(client, typed):
    assert "Enter the code on the certificate" in shown(client.get("/certificates/", {"code": typed}))


def test_it_is_in_no_search_engine_and_kept_by_no_browser(client, certificate):
    response = client.get(at(certificate))
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_many_tries_in_a_minute_are_stopped_for_a_while(client, certificate, settings, time_machine):
    settings.CERTIFICATE_CHECKS_A_MINUTE = 3
    time_machine.move_to("2026-11-25 12:00:01Z", tick=False)
    cache.clear()
    for _ in range(3):
        assert client.post(at(certificate), {"name": "Sam Smith"}).status_code == 200
    response = client.post(at(certificate), {"name": "Jade Lewis"})
    assert response.status_code == 429
    assert response["Retry-After"] == "59"
    assert "Yes:" not in shown(response)
    assert client.get("/certificates/NONE/").status_code == 429, "known or not"
    time_machine.move_to("2026-11-25 12:01:00Z", tick=False)
    assert client.get(at(certificate)).status_code == 200


def test_it_takes_few_statements(client, certificate, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(at(certificate))


def test_an_event_of_several_days_is_told_with_each(client):
    certificate = CertificateFactory(booking=attended(event=EventFactory(sessions=2, days=-9)))
    first, second = certificate.booking.event.sessions.all()
    said = shown(client.get(at(certificate)))
    assert f"{full_date(first.starts_at)} and {full_date(second.starts_at)}" in said
