"""Whatever goes wrong is told in one form, and never with a trace."""

import json

import pytest
import time_machine
from django.test import Client

from api import events
from tests.factories import AccountFactory, BookingFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db


def problem(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert "no-store" in response["Cache-Control"]
    said = response.json()
    assert set(said) - {"errors"} == {"type", "title", "status", "detail"}
    assert said["status"] == status
    return said


def test_who_is_not_signed_in_is_told_how_to(client):
    assert "Authorization: Bearer" in problem(client.get("/api/v1/events"), 401)["detail"]


def test_an_address_that_is_not_there(program):
    for address in ("nonsense", "events/", "events/NOTHING", "bookings/%00", "bookings/" + "A" * 200, "report/2018-20"):
        problem(program("coordinator").get(address), 404)


def test_a_method_that_an_address_has_not(program):
    response = program().client.delete("/api/v1/events")
    problem(response, 405)
    assert response["Allow"] == "GET, HEAD"
    problem(program().client.options("/api/v1/events"), 405)


def test_a_body_that_is_no_json(program):
    problem(program().client.post("/api/v1/bookings", {"event": "X"}), 415)


@pytest.mark.parametrize("body", ["{", "[1, 2", "NaN", '{"event": NaN}', "[" * 100_000, b"\xff\xfe", "1" * 5000])
def test_json_that_cannot_be_read(program, body):
    response = program().client.post("/api/v1/bookings", body, content_type="application/json")
    problem(response, 400)


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_json_that_is_no_object(program, body):
    response = program().client.post("/api/v1/bookings", json.dumps(body), content_type="application/json")
    assert "body" in problem(response, 400)["errors"]


def test_a_field_that_is_not_declared_is_refused_and_nothing_is_done(program):
    asking, event = program(), EventFactory()
    sent = {"event": event.reference, "state": "confirmed", "role": "coordinator", "cost": "0.00"}
    assert set(problem(asking.post("bookings", sent), 400)["errors"]) == {"state", "role", "cost"}
    assert event.bookings.count() == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"delegate__email": "x"}, "delegate__email"),
        ({"format": "json"}, "format"),
        ({"page": "0"}, "page"),
        ({"page": "1e400"}, "page"),
        ({"page": "9" * 5000}, "page"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "NaN"}, "page_size"),
        ({"ordering": "delegate__account__password"}, "ordering"),
        ({"ordering": "?"}, "ordering"),
        ({"year": "2018"}, "year"),
        ({"year": "99999-00"}, "year"),
        ({"state": "all"}, "state"),
        ({"event": "\x00"}, "event"),
        ({"event": "x" * 10_000}, "event"),
        ({"event": ""}, "event"),
        ({"state": ["confirmed", "waiting"]}, "state"),
    ],
)
def test_what_is_asked_wrongly_is_told_by_its_name(program, query, field):
    assert list(problem(program("coordinator").get("bookings", **query), 400)["errors"]) == [field]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "99999-01-01", "2026-02-30", "1e5", "today"])
def test_days_that_no_calendar_has_are_told(program, day):
    for field in ("starts_from", "starts_until"):
        assert list(problem(program().get("events", **{field: day}), 400)["errors"]) == [field]


def test_what_cannot_be_done_now_is_refused_with_its_sentence_and_name(program):
    asking = program()
    booking = BookingFactory(delegate=asking.person)
    said = problem(asking.post("bookings", {"event": booking.event.reference}), 409)
    assert said["type"] == "urn:turnout:already-booked"
    assert booking.reference in said["detail"]


def test_what_is_not_ones_to_do_is_told_with_who_can(program):
    said = problem(program().get(f"events/{EventFactory(days=-1).reference}/registers"), 403)
    assert said["detail"] == "The event’s trainers and coordinators can do this. You may not."


def test_a_mistake_of_ours_shows_no_trace(program, monkeypatch):
    def breaks(*args):
        raise RuntimeError("secret inner words")

    monkeypatch.setattr(events, "_events", breaks)
    asking = program()
    asking.client.raise_request_exception = False
    response = asking.get("events")
    assert "Nothing of this request was kept" in problem(response, 500)["detail"]
    assert b"secret inner words" not in response.content


def test_a_host_that_is_not_ours(client):
    response = client.get("/api/v1/events", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


# --- the browser that is signed in -----------------------------------------------------------------------------------
def test_a_browser_reads_by_its_cookie_and_changes_only_with_its_csrf_token():
    jade = PersonFactory(account=AccountFactory())
    event = EventFactory()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(jade.account)
    assert browser.get("/api/v1/me").json()["scopes"] is None
    asked = {"data": {"event": event.reference}, "content_type": "application/json"}
    problem(browser.post("/api/v1/bookings", **asked), 403)
    assert event.bookings.count() == 0
    browser.get(f"/events/{event.reference}/book/")
    token = browser.cookies["csrftoken"].value
    assert browser.post("/api/v1/bookings", **asked, headers={"x-csrftoken": token}).status_code == 201


def test_an_account_that_has_yet_to_choose_its_person_is_sent_to_choose(client):
    account = AccountFactory()
    PersonFactory.create_batch(2, account=account)
    client.force_login(account)
    assert "/who-are-you/" in problem(client.get("/api/v1/me"), 403)["detail"]


# --- how often -------------------------------------------------------------------------------------------------------
@time_machine.travel("2026-11-25 12:00:30", tick=False)  # both within one minute
def test_a_token_may_ask_so_often_in_a_minute_and_others_go_on(program, settings):
    settings.API_REQUESTS_A_MINUTE = {"holder": 2, "address": 100}
    asking, other = program(), program()
    assert [asking.get("me").status_code for _ in range(3)] == [200, 200, 429]
    response = asking.get("me")
    problem(response, 429)
    assert response["Retry-After"] == "30"
    assert other.get("me").status_code == 200


@time_machine.travel("2026-11-25 12:00:30", tick=False)
def test_who_tries_tokens_is_stopped_by_address_before_any_is_looked_up(client, settings, django_assert_num_queries):
    settings.API_REQUESTS_A_MINUTE = {"holder": 100, "address": 2}
    wrong = {"authorization": "Bearer turnout_wrong"}
    assert [client.get("/api/v1/me", headers=wrong).status_code for _ in range(2)] == [401, 401]
    with django_assert_num_queries(0):
        problem(client.get("/api/v1/me", headers=wrong), 429)
