"""A name and an address go through all flows, and are in no line of the log, no task's and no job's arguments."""

import io
import json
import logging
import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking
from config import logs
from config.celery import app
from frontend.home import views as home
from invoicing import charges, invoices
from invoicing.models import Invoice
from outbox import tasks
from outbox.models import Job, Message
from people import accounts
from programme import importing
from programme.problems import ImportRefused
from tests.factories import (
    AccountFactory,
    BookingFactory,
    EventFactory,
    MarkFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from tests.invoicing.situations import MONDAY, absent, over, payer, policy
from tests.outbox.mail_server import MailServer
from tests.programme.workbooks import put, save, small

WORD = "quillfeather"
NAME, EMAIL, PASSWORD = f"Zz {WORD.title()}", f"zz.{WORD}@example.org", f"{WORD} and three more words"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def printed():
    """All that production's handler prints, at the lowest level of every logger."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(as_json=True))
    loggers = [logging.getLogger(name) for name in (None, "django", "django.request", "celery", "allauth", *logs.OWN)]
    before = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    loggers[0].addHandler(handler)
    yield stream
    loggers[0].removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


@pytest.fixture
def sent_tasks(monkeypatch):
    """What goes to the broker."""
    sent = []
    monkeypatch.setattr(app, "send_task", lambda *args, **options: sent.append((args, options)))
    return sent


@pytest.fixture
def canary():
    PartnershipFactory()
    person = PersonFactory(name=NAME, email=EMAIL, agency=payer())
    accounts.open_account(email=EMAIL, password=PASSWORD)
    person.refresh_from_db()
    return person


@pytest.fixture
def coordinator():
    client = Client()
    client.force_login(PersonFactory(account=AccountFactory(), roles=["coordinator", "finance-officer"]).account)
    return client


def sign_in(client):
    """By password, wrong and right, and by code, wrong and right."""
    cache.clear()
    door = reverse("account_login")
    client.post(door, {"login": EMAIL, "password": f"not {PASSWORD}"})
    client.post(door, {"login": f"not.{EMAIL}", "password": PASSWORD})
    assert client.post(door, {"login": EMAIL, "password": PASSWORD}).status_code == 302
    client.post(reverse("account_logout"))
    client.post(door, {"login": EMAIL, "by_code": "1"})
    code = re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1]
    client.post(reverse("account_confirm_login_code"), {"code": WORD})
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).status_code == 302


def book_substitute_cancel(client, canary, coordinator):
    TariffFactory()
    first, second = EventFactory(), EventFactory()
    for event in (first, second):
        client.post(reverse("events:book", args=[event.reference]))
    assert Booking.objects.filter(delegate=canary, state="confirmed").count() == 2
    own = Booking.objects.get(event=first, delegate=canary)
    coordinator.post(reverse("bookings:cancel", args=[own.reference]), {"received_from": NAME})
    assert client.post(reverse("bookings:cancel", args=[own.reference])).status_code == 302
    other = BookingFactory(event=EventFactory(), delegate__agency=canary.agency)
    coordinator.post(reverse("bookings:substitute", args=[other.reference]), {"q": NAME})
    coordinator.post(reverse("bookings:substitute", args=[other.reference]), {"person": canary.reference})
    assert Booking.objects.filter(replaces=other, delegate=canary).exists()
    assert client.get(reverse("bookings:booking", args=["NOBOOKING"]), {"q": EMAIL}).status_code == 404
    assert client.get(reverse("invoices:raise"), {"q": EMAIL}).status_code == 403


def mark_and_close(coordinator, canary):
    event = EventFactory(days=-1)
    booking = BookingFactory(event=event, delegate=canary)
    MarkFactory(booking=booking)
    RegisterFactory(session=event.sessions.get(), handed_in=True, head_count=1)
    coordinator.post(reverse("registers:walk_in", args=[event.reference, 1]), {"name": NAME})
    coordinator.post(reverse("registers:close", args=[event.reference]))
    booking.refresh_from_db()
    assert booking.outcome == "attended"


def charge_and_invoice(canary):
    absent(over(MONDAY), delegate=canary, policy=policy())
    assert charges.propose() == 1
    invoices.raise_for("2018-19", via="command line")
    assert Invoice.objects.get().lines.count() == 1


def send(settings):
    """By a mail server that refuses, hangs up and takes; each repeats the address."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 20
        server.hangs_up_on.add(EMAIL)
        tasks.send_messages()
        server.hangs_up_on.clear()
        Message.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(seconds=1))
        server.answers[EMAIL] = f"450 {EMAIL} later"
        tasks.send_messages()
        server.answers[EMAIL] = f"550 no {EMAIL}"
        Message.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(seconds=1))
        tasks.send_messages()
        assert Message.objects.filter(to=EMAIL, state="failed").exists()
        assert Message.objects.filter(to=EMAIL).exclude(last_error="").exists()


def fail_to_mail_a_code(monkeypatch, settings):
    def refuse(*args, **options):
        raise smtplib.SMTPRecipientsRefused({EMAIL: (550, f"no {EMAIL}".encode())})

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)
    Client().post(reverse("account_login"), {"login": EMAIL, "by_code": "1"})
    monkeypatch.undo()


def show_an_error_page(client, monkeypatch):
    def fail(person, now):
        secret = f"{NAME} <{EMAIL}>"
        raise ValueError(secret)

    monkeypatch.setattr(home, "SECTIONS", (fail,))
    client.raise_request_exception = False
    assert client.get(reverse("home"), {"q": EMAIL}).status_code == 500
    assert client.get(reverse("home"), headers={"host": f"{WORD}.example.org"}).status_code == 400


def import_a_workbook(tmp_path):
    sheets = put(small(), "Bookings", 1, Delegate=NAME, Email=EMAIL)
    importing.run(save(sheets, tmp_path / f"{WORD}.xlsx"))
    with pytest.raises(ImportRefused):
        importing.run(save(put(sheets, "Bookings", 1, Event=NAME), tmp_path / f"{WORD}-wrong.xlsx"))


def test_a_name_and_an_address_are_in_no_log_and_no_arguments(
    printed, sent_tasks, canary, coordinator, settings, monkeypatch, tmp_path
):
    client = Client()
    sign_in(client)
    book_substitute_cancel(client, canary, coordinator)
    mark_and_close(coordinator, canary)
    charge_and_invoice(canary)
    assert Message.objects.filter(to=EMAIL).count() >= 3
    send(settings)
    tasks.run_jobs()
    show_an_error_page(client, monkeypatch)
    import_a_workbook(tmp_path)
    fail_to_mail_a_code(monkeypatch, settings)

    lines = [json.loads(line) for line in printed.getvalue().splitlines()]
    assert [line for line in lines if WORD in json.dumps(line).lower()] == []
    # It heard what there was to hear.
    events = " ".join(line["event"] for line in lines)
    for words in (
        "A sign-in by password was refused.",
        "denied",
        "is given up: the mail server refuses it",
        "not sent",
    ):
        assert words in events
    assert any(line.get("status") == 500 and line["route"] == "home" for line in lines)
    assert any(line.get("error") == "ValueError" for line in lines)
    assert all(line["account"] for line in lines if line.get("route") == "events:book")

    assert WORD not in str(sent_tasks).lower()
    kept = ("key", "arguments", "result", "problems", "last_error", "asked_by")
    assert WORD not in str(list(Job.objects.values_list(*kept))).lower()
    assert WORD not in str(list(Message.objects.values_list("key", "reference", "last_error"))).lower()
