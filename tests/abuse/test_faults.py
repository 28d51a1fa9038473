"""The rows of "Faults": what fails around the desk, and what must happen. Each row is a test or names those it has."""

import ast
import itertools
import smtplib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from frontend.health.checks import LONGEST_WAIT
from outbox import heartbeat, jobs, tasks, wake
from outbox.models import Job, Message
from tests.factories import (
    AccountFactory,
    EventFactory,
    JobFactory,
    MessageFactory,
    PersonFactory,
    SessionFactory,
)
from tests.outbox.mail_server import MailServer
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")

# The tests of a row that are elsewhere, next to what they try.
ROWS = {
    "worker, beat or web killed with -9; broker folder deleted; PostgreSQL restarted": [
        "faults/test_killed.py::test_killed_again_and_again_while_it_works_nothing_is_lost_and_what_is_repeated_says_so",
        "outbox/test_delivery.py::test_a_sender_killed_half_way_loses_nothing_and_a_repeat_has_the_same_message_id",
        "invoicing/test_killed.py::test_raising_killed_half_way_leaves_whole_invoices_and_the_next_run_does_the_rest",
        "invoicing/test_killed.py::test_proposing_killed_half_way_leaves_nothing_and_the_next_run_does_it_all",
    ],
    "mail server slow or refusing": [
        "outbox/test_delivery.py::test_a_slow_mail_server_holds_up_one_sender_and_no_second",
        "outbox/test_delivery.py::test_a_refused_address_is_given_up_and_the_others_get_their_mail",
        "outbox/test_delivery.py::test_an_address_not_taken_now_is_tried_again_and_in_the_end_given_up",
        "frontend/test_accounts.py::test_a_mail_server_that_is_down_is_told_and_is_no_fault",
    ],
    "two schedulers": [
        "outbox/test_schedule.py::test_two_schedulers_make_one_job",
        "faults/test_killed.py::test_killed_again_and_again_while_it_works_nothing_is_lost_and_what_is_repeated_says_so",
    ],
    "clock change days": [
        "outbox/test_schedule.py::test_on_the_days_the_clocks_change_a_daily_job_has_one_period",
        "outbox/test_schedule.py::test_an_hour_that_comes_twice_counts_the_first_time",
    ],
    "back-up restored": [
        "config/test_backup.py::test_everything_comes_back_and_still_refuses_what_it_must",
        "config/test_backup.py::test_mail_that_waited_in_it_is_not_sent_again_until_somebody_says_so",
    ],
}


@pytest.mark.parametrize("row", ROWS)
def test_the_tests_that_a_row_names_are_there(row):
    for name in ROWS[row]:
        path, _, function = name.partition("::")
        module = ast.parse((Path(django_settings.BASE_DIR) / "tests" / path).read_text())
        assert function in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}, name


@pytest.fixture
def trial(monkeypatch):
    """A template, a job kind, and none of the apps' periodic jobs."""
    from outbox import schedule, templates

    monkeypatch.setitem(templates._facts, "trial", lambda reference: {"about": reference})
    monkeypatch.setattr(templates, "text", lambda name: "Trial\n\nAbout $about.\n")
    monkeypatch.setitem(jobs._kinds, "trial", lambda job, progress: {"done": True})
    monkeypatch.setattr(schedule, "_periods", {})


def mail_through(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 20
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


@pytest.mark.usefixtures("trial")
def test_a_mail_server_down_for_hours_is_tried_with_back_off_shown_and_holds_up_nothing_else(client, settings):
    with MailServer() as gone:
        mail_through(settings, gone.port)
    began = timezone.now()
    MessageFactory.create_batch(3)
    tries = []
    with time_machine.travel(began, tick=False) as clock:
        for _ in range(5 * 60):  # five hours of sweeps
            clock.shift(60)
            before = Message.objects.values_list("attempts", flat=True).order_by("-attempts")[0]
            heartbeat.note()
            tasks.send_messages()
            if Message.objects.values_list("attempts", flat=True).order_by("-attempts")[0] > before:
                tries.append(timezone.now())
        pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
        assert pauses == sorted(pauses)
        assert pauses[-1] <= timedelta(minutes=16)
        assert len(tries) < 30

        # Shown, to machines and to people, with since when; and other work goes on.
        assert not client.get("/readyz").json()["parts"]["messages"]["ok"]
        assert "Emails are late. None is lost" in client.get(reverse("status")).text
        JobFactory()
        tasks.run_jobs()
        assert Job.objects.get().state == "done"

        # It comes back: each goes out once.
        clock.shift(LONGEST_WAIT)
        with MailServer() as back:
            mail_through(settings, back.port)
            tasks.send_messages()
            tasks.send_messages()
            assert len(back.received) == 3
        assert client.get("/readyz").json()["parts"]["messages"]["ok"]
    assert set(Message.objects.values_list("state", "failures")) == {("done", 0)}


@pytest.mark.django_db(transaction=True)
def test_no_page_fails_because_the_broker_and_the_mail_server_are_down(client, settings, monkeypatch):
    def refuse(*args, **options):
        raise OSError

    herald = wake.Herald()
    monkeypatch.setattr(wake, "herald", herald)
    monkeypatch.setattr(app, "send_task", refuse)
    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)
    mail_through(settings, 1)
    person = PersonFactory(account=AccountFactory())
    client.force_login(person.account)
    event = EventFactory()
    assert client.post(reverse("events:book", args=[event.reference])).status_code == 302
    booking = person.bookings.get()
    assert client.post(reverse("bookings:cancel", args=[booking.reference])).status_code == 302
    assert client.get(reverse("bookings:list")).status_code == 200
    tasks.send_messages()  # the worker finds it down, and leaves all as it was
    assert set(Message.objects.values_list("state", "failures")) == {("waiting", 0)}
    assert Message.objects.count() == 2


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28", "2026-03-29"])
def test_an_event_on_the_day_the_clocks_change_begins_when_its_page_says(client, day):
    begins = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=LONDON)
    event = EventFactory(begins=begins)
    person = PersonFactory(account=AccountFactory())
    with time_machine.travel(begins - timedelta(days=3), tick=False):
        client.force_login(person.account)
        page = client.get(reverse("events:event", args=[event.reference])).text
    assert "9:30am" in page
    assert "4:30pm" in page
    assert event.ends_at - event.starts_at == timedelta(hours=7)


@pytest.mark.parametrize(
    ("evening", "hours"), [("2026-10-24", 10), ("2026-03-28", 8)], ids=["a longer night", "a shorter night"]
)
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_was(evening, hours):
    first = datetime.fromisoformat(f"{evening}T22:00").replace(tzinfo=LONDON)
    last = datetime.combine(first.date() + timedelta(days=1), first.time().replace(hour=7), tzinfo=LONDON)
    session = SessionFactory(event=EventFactory(sessions=0), starts_at=first, ends_at=last)
    session.refresh_from_db()
    assert session.ends_at - session.starts_at == timedelta(hours=hours)
    assert str(timezone.localtime(session.ends_at).time()) == "07:00:00"


def test_an_event_at_midnight_before_the_clocks_change_is_in_its_own_financial_year():
    # 31 March, 11:59pm in summer time is 10:59pm in UTC; 1 April begins an hour before UTC's.
    last = datetime(2027, 3, 31, 23, 59, tzinfo=LONDON)
    assert FinancialYear.containing(last).code == "2026-27"
    assert FinancialYear.containing(last + timedelta(minutes=1)).code == "2027-28"
