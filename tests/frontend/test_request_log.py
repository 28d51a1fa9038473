"""The line in the log about an answer, and the request's id from the proxy to the work that it caused."""

import logging

import pytest
import structlog
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from frontend import request_log
from outbox import messages, templates
from outbox.models import Job, Message
from tests.factories import AccountFactory, BookingFactory, ChargeFactory, PersonFactory

pytestmark = pytest.mark.django_db
LOGGER = "frontend.request_log"


@pytest.fixture
def answers(caplog):
    caplog.set_level(logging.INFO, logger=LOGGER)
    return lambda: [record for record in caplog.records if record.name == LOGGER]


@pytest.mark.parametrize("given", ["7d4c1f0a-9f1e-4d0e-8a51-02b1f6a3c9d2", "abcdefgh", "A" * 36])
def test_the_id_that_a_proxy_gave_is_kept(client, given):
    assert client.get(reverse("status"), headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "A" * 37, "ann@example.org", "two words of it", "ÄÖÜÄÖÜÄÖÜ"])
def test_another_id_is_replaced_by_one_of_ours(client, given):
    made = client.get(reverse("status"), headers={"x-request-id": given})["X-Request-ID"]
    assert len(made) == 32
    assert made != given


def test_an_answer_is_logged_by_the_views_name_and_the_account(client, answers):
    booking = BookingFactory(delegate__account=AccountFactory())
    client.force_login(booking.delegate.account)
    client.get(reverse("bookings:booking", args=[booking.reference]), {"q": "Ann Canary"})
    (line,) = answers()
    assert (line.levelname, line.getMessage()) == ("INFO", "answered")
    assert (line.method, line.route, line.status) == ("GET", "bookings:booking", 200)
    assert line.account == booking.delegate.account_id
    assert line.ms >= 0
    assert booking.reference not in str(vars(line))


def test_a_denial_is_a_warning(client, answers):
    person = PersonFactory(account=AccountFactory())
    client.force_login(person.account)
    charge = ChargeFactory(booking__delegate=person)
    assert client.get(reverse("charges:waive", args=[charge.reference])).status_code == 403
    (line,) = answers()
    assert (line.levelname, line.getMessage(), line.route) == ("WARNING", "denied", "charges:waive")


def test_what_no_address_leads_to_has_no_route_and_a_made_up_method_is_not_repeated(client, answers):
    client.generic("CANARY", "/ann-canary/")
    (line,) = answers()
    assert (line.method, line.route, line.status, line.account) == ("other", "", 404, None)


def test_health_and_static_files_are_not_logged(client, answers):
    for address in ("/livez", "/readyz", "/static/nothing.css"):
        client.get(address)
    assert answers() == []


def test_who_was_not_asked_for_is_not_looked_up_for_the_line(rf, answers):
    request = rf.get("/")
    request.user = SimpleLazyObject(lambda: pytest.fail("the log asked who it is"))
    request_log.note(request, HttpResponse(), 0.25)
    (line,) = answers()
    assert (line.account, line.ms) == (None, 250)


def test_a_message_and_a_job_know_the_request_that_caused_them(monkeypatch):
    monkeypatch.setitem(templates._facts, "trial", lambda reference: {})
    from outbox import jobs

    monkeypatch.setitem(jobs._kinds, "trial", lambda job, progress: structlog.contextvars.get_contextvars())
    with structlog.contextvars.bound_contextvars(request_id="the-request"):
        messages.post(key="one", template="trial", to="ann@example.org", reference="R")
        job = jobs.start(key="two", kind="trial", arguments={})
    assert Message.objects.get().request_id == "the-request"
    jobs.run_waiting()
    job = Job.objects.get()
    assert job.result == {"request_id": "the-request", "job": "two"}
    assert structlog.contextvars.get_contextvars() == {}
