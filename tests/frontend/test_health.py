"""What /livez, /readyz and the status page say, with each part broken in turn."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from frontend.health import checks, middleware
from outbox import heartbeat
from outbox.models import Heartbeat, Message
from tests.factories import JobFactory, MessageFactory, PartnershipFactory

STATUS = reverse("status")
LONG_AGO = timedelta(minutes=22)


@pytest.fixture
def beating(db):
    heartbeat.note()


@pytest.fixture
def no_database(monkeypatch):
    def refuse(*args, **options):
        raise OperationalError("password of Ann Canary")

    monkeypatch.setattr(connection, "cursor", refuse)
    monkeypatch.setattr(connection, "close", lambda: None)


def ready(client):
    response = client.get("/readyz")
    said = response.json()
    assert said["ready"] is (response.status_code == 200)
    return {name: part["why"] for name, part in said["parts"].items() if not part["ok"]}, response


def test_the_process_lives_without_a_database(client):  # no database mark: a statement would fail the test
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"alive\n")


@pytest.mark.usefixtures("beating")
def test_it_is_ready_when_every_part_works(client):
    MessageFactory(due_at=timezone.now() + timedelta(days=9), created_at=timezone.now() - timedelta(days=9))
    faults, response = ready(client)
    assert faults == {}
    assert list(response.json()["parts"]) == ["database", "migrations", "messages", "jobs", "clock", "disk", "cache"]
    assert response["Cache-Control"] == "no-store"


def message(**facts):
    MessageFactory(due_at=timezone.now() - LONG_AGO, **facts)


def tried_message():
    in_a_while = timezone.now() + timedelta(minutes=9)
    MessageFactory(created_at=timezone.now() - LONG_AGO, due_at=in_a_while, attempts=3, last_error="down")


@pytest.mark.usefixtures("beating")
@pytest.mark.parametrize(
    ("break_it", "faults"),
    [
        (message, {"messages": "A message has waited for 22 minutes."}),
        (tried_message, {"messages": "A message has waited for 22 minutes."}),
        (lambda: JobFactory(due_at=timezone.now() - LONG_AGO), {"jobs": "A background job has waited for 22 minutes."}),
        (
            lambda: Heartbeat.objects.update(seen_at=timezone.now() - LONG_AGO),
            {"clock": "The clock and the worker were last heard of 22 minutes ago."},
        ),
        (
            lambda: Heartbeat.objects.all().delete(),
            {"clock": "The clock and the worker have not been heard of yet."},
        ),
    ],
    ids=["unsent", "tried again and again", "job", "clock stands", "clock never was"],
)
def test_a_part_that_does_not_work_is_named_and_makes_it_not_ready(client, break_it, faults):
    break_it()
    found, response = ready(client)
    assert found == faults
    assert response.status_code == 503


@pytest.mark.usefixtures("beating")
def test_work_in_hand_held_or_ended_does_not_wait(client):
    now = timezone.now()
    message(claimed_until=now + timedelta(minutes=5))
    message(state="held")
    message(state="failed", finished_at=now)
    assert ready(client)[0] == {}
    Message.objects.update(claimed_until=now - timedelta(seconds=1), state="waiting", finished_at=None)
    assert set(ready(client)[0]) == {"messages"}, "in the hands of a worker that ended"


@pytest.mark.usefixtures("beating")
def test_a_full_disk_and_a_cache_that_forgets_are_told(client, monkeypatch):
    usage = namedtuple("Usage", ["total", "used", "free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(100_000, 96_000, 4_000))
    monkeypatch.setattr(checks.cache, "get", lambda key: None)
    assert ready(client)[0] == {
        "disk": "4 % of the disk is free.",
        "cache": "The cache does not keep what it is given.",
    }


@pytest.mark.usefixtures("beating")
def test_tables_that_are_behind_the_code_are_told(client, monkeypatch):
    monkeypatch.setattr(checks, "_migrated", False)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from django_migrations where app = 'outbox'"
            " and name = (select max(name) from django_migrations where app = 'outbox')"
        )
    assert ready(client)[0] == {"migrations": "1 changes of the tables are not made yet."}


@pytest.mark.usefixtures("no_database")
def test_without_a_database_that_is_said_and_nothing_that_it_said_itself(client):
    faults, response = ready(client)
    assert faults == {"database": "The database does not answer."}
    assert b"Canary" not in response.content
    assert list(response.json()["parts"]) == ["database", "disk", "cache"]


@pytest.mark.usefixtures("beating")
@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_a_balancer_may_ask_by_any_name_without_tls_and_gets_no_versions_and_no_cookie(client, settings, address):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["training.example.org"]
    response = client.get(address, headers={"host": "10.1.2.3:8000"})
    assert response.status_code == 200
    assert not response.cookies
    assert set(response.headers) <= {"Content-Type", "Cache-Control", "Content-Length"}
    assert client.post(address).status_code == 405


@pytest.mark.usefixtures("beating")
def test_asking_whether_it_is_ready_takes_two_statements(client, django_assert_num_queries):
    client.get("/readyz")  # the first looks at the migrations too
    with django_assert_num_queries(2):
        client.get("/readyz")


@pytest.mark.usefixtures("beating")
def test_the_status_page_says_that_all_is_well(client):
    page = client.get(STATUS)
    assert page.status_code == 200
    assert "Everything works" in page.text
    assert "Emails go out." in page.text
    assert page.text.count("Since ") == 0


@pytest.mark.usefixtures("beating")
def test_the_status_page_says_since_when_messages_wait(client):
    PartnershipFactory(training_email="desk@example.org")
    tried_message()
    page = client.get(STATUS).text
    assert "Some things are late" in page
    assert "Emails are late. None is lost" in page
    assert "Pages work." in page
    assert page.count("Since ") == 1
    assert "desk@example.org" in page


@pytest.mark.usefixtures("no_database")
def test_the_status_page_comes_without_a_database(client):
    page = client.get(STATUS)
    assert page.status_code == 503
    assert "Pages do not work at the moment. Nothing that was booked is lost." in page.text


@pytest.mark.django_db
def test_the_status_page_of_a_desk_that_was_just_started_is_calm(client):
    assert not Heartbeat.objects.exists()
    assert "Everything works" in client.get(STATUS).text


@pytest.mark.usefixtures("beating")
def test_the_status_page_says_when_the_clock_stands(client):
    Heartbeat.objects.update(seen_at=timezone.now() - LONG_AGO)
    page = client.get(STATUS).text
    assert "Some things are late" in page
    assert page.count("Since ") == 2


def test_the_status_page_has_the_address_that_the_middleware_knows():
    assert middleware.STATUS == STATUS


@pytest.mark.usefixtures("beating")
def test_the_heartbeat_is_one_row(django_assert_num_queries):
    before = heartbeat.seen_at()
    with django_assert_num_queries(1):
        heartbeat.note()
    assert Heartbeat.objects.count() == 1
    assert heartbeat.seen_at() >= before
