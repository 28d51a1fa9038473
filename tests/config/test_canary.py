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
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking
from config import logs
from config.celery import app
from evaluations import invitations, links
from evaluations.models import Response
from frontend.home import views as home
from invoicing import charges, invoices
from invoicing.models import Invoice
from outbox import tasks
from outbox.models import Job, Message
from people import accounts
from people.models import Person
from programme import importing
from programme.models import Import
from programme.problems import ImportRefused
from tests.factories import (
    AccountFactory,
    AgencyFactory,
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
from tests.signing_in import enter

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
    enter(client, PersonFactory(account=AccountFactory(), roles=["coordinator", "finance-officer"]).account)
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
    first, second = EventFactory(), EventFactory(days=40)
    for event in (first, second):
        needs = {"access": f"{NAME} needs a ramp", "dietary": EMAIL, "keep": "on"}
        client.post(reverse("events:book", args=[event.reference]), needs)
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
    return booking


def show_a_certificate_and_take_data_out(client, booking):
    client.post(reverse("holding:certificate", args=[booking.reference]))
    check = reverse("certificates:check", args=[booking.certificate.code])
    assert "Yes:" in Client().post(check, {"name": NAME}).content.decode()
    client.post(reverse("own:change_details"), {"name": NAME})
    assert NAME in client.get(reverse("own:download")).content.decode()


def evaluate(client, canary):
    """By the link of the message, with a name in the answer; and by a link of nobody's."""
    [booking] = Booking.objects.filter(delegate=canary, outcome="attended")
    invitations.ask()
    answer = reverse("evaluations:answer", args=[links.token(booking.reference)])
    assert Client().post(answer, {"answer-rating": WORD, "answer-comment": NAME}).status_code == 200
    form = {"answer-before": "3", "answer-now": "8", "answer-rating": "4", "answer-comment": f"{NAME} <{EMAIL}>"}
    assert Client().post(answer, form).status_code == 302
    assert Response.objects.get().answers["comment"] == f"{NAME} <{EMAIL}>"
    assert client.post(reverse("evaluations:answer", args=[NAME]), form).status_code == 404


def keep_people(coordinator, canary):
    """Every page that writes about a person, with what is refused too."""

    def post(view, person=None, /, **form):
        answer = coordinator.post(reverse(f"people:{view}", args=[person.reference] if person else []), form)
        assert answer.status_code in (200, 302), view
        return answer.status_code

    def day(name, day):
        return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}

    today, other = timezone.localdate(), AgencyFactory(name=f"{WORD} House")
    new = {"name": f"{NAME} Junior", "email": f"junior.{EMAIL}", "agency": canary.agency.pk, "invite": "on"}
    assert (post("add", **new), post("add", **new)) == (302, 200), "the second time it is refused"
    junior = Person.objects.get(email=f"junior.{EMAIL}")
    post("invite", junior)
    post("correct", junior, name=f"{NAME} Younger", email=f"younger.{EMAIL}")
    post("correct", junior, name=NAME, email=WORD)
    post("line_manager", junior, q=NAME)
    post("line_manager", junior, person=canary.reference)
    post("agency", junior, agency=other.pk, confirm="1", **day("from_on", today + timedelta(days=9)))
    post("stop_change", junior)
    post("agency", junior, agency=other.pk, confirm="1", **day("from_on", today))
    post("give_role", junior, role="agency-lead", agency=other.pk, **day("starts_on", today))
    post("left", junior, **day("left_on", today))
    post("not_left", junior)
    junior.refresh_from_db()
    assert (junior.name, junior.agency) == (f"{NAME} Younger", other)
    for view in ("people:list", "agencies:list", "messages:list", "bookings:list", "charges:list"):
        assert coordinator.get(reverse(view), {"q": f"{NAME} {EMAIL}"}).status_code == 200
    agency = reverse("agencies:billing", args=[other.reference])
    assert coordinator.post(agency, {"payer": other.pk, "invoice_email": EMAIL}).status_code in (200, 302)


def ask_as_a_program(coordinator, canary):
    """By a token named after somebody, with names wherever a program can put them."""
    token = {"name": NAME, "scopes": ["read", "book", "registers", "money", "report"], "days": "30"}
    made = coordinator.post(reverse("api_access:make_token"), token).content.decode()
    secret = re.search(r'aria-label="The token">([^<]+)', made)[1]
    program = Client(headers={"authorization": f"Bearer {secret}"})

    def post(address, body):
        return program.post(f"/api/v1/{address}", body, content_type="application/json").status_code

    event = EventFactory()
    assert program.get("/api/v1/bookings", {"event": NAME, NAME: EMAIL}).status_code in (200, 400)
    assert post("bookings", {"event": NAME, "delegate": EMAIL, NAME: EMAIL}) == 400
    assert post("bookings", {"event": event.reference, "delegate": canary.reference}) == 201
    [booking] = event.bookings.all()
    received = {"received_at": timezone.now().isoformat(), "received_from": NAME}
    assert post(f"bookings/{booking.reference}/cancel", received) == 200
    assert post(f"bookings/{booking.reference}/cancel", {}) == 409
    assert post(f"bookings/{NAME}/cancel", {}) == 404
    assert program.post("/api/v1/bookings", f'{{"{NAME}', content_type="application/json").status_code == 400
    stranger = Client(headers={"authorization": f"Bearer {NAME}"})
    assert stranger.get("/api/v1/me", {"q": EMAIL}).status_code == 401


def take_lists_out(coordinator, settings, monkeypatch):
    """At once, and in the background: made, and failing with a name in what is raised."""
    asked = {"q": NAME, "format": "xlsx"}
    assert coordinator.get(reverse("people:download"), asked).status_code == 200
    settings.EXPORT_IN_BACKGROUND_OVER = 0
    for keep in (None, failing):
        offer = coordinator.get(reverse("people:download"), asked).content.decode()
        token = re.search(r'name="token" value="([^"]+)"', offer)[1]
        assert coordinator.post(reverse("exports:make"), {"token": token}).status_code == 302
        with monkeypatch.context() as patched:
            if keep:
                patched.setattr("people.exports.keep_file", keep)
            tasks.run_jobs()
    assert sorted(Job.objects.filter(kind="make-export").values_list("state", "failures")) == [
        ("done", 0),
        ("waiting", 1),
    ]


def failing(*args, **options):
    secret = f"{NAME} <{EMAIL}>"
    raise ValueError(secret)


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
        server.hangs_up_on |= {EMAIL, f"junior.{EMAIL}"}
        tasks.send_messages()
        server.hangs_up_on.clear()
        Message.objects.filter(state="waiting").update(due_at=timezone.now() - timedelta(seconds=1))
        server.answers[EMAIL] = server.answers[f"junior.{EMAIL}"] = f"450 {EMAIL} later"
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
    monkeypatch.setattr(home, "SECTIONS", (failing,))
    client.raise_request_exception = False
    assert client.get(reverse("home"), {"q": EMAIL}).status_code == 500
    assert client.get(reverse("home"), headers={"host": f"{WORD}.example.org"}).status_code == 400


def import_a_workbook(coordinator, tmp_path):
    """By command and by page, with what is refused too."""
    sheets = put(small(), "Bookings", 1, Delegate=NAME, Email=EMAIL)
    right = save(sheets, tmp_path / f"{WORD}.xlsx")
    wrong = save(put(sheets, "Bookings", 1, Event=NAME), tmp_path / f"{WORD}-wrong.xlsx")
    with pytest.raises(ImportRefused):
        importing.run(wrong)
    states = []
    for path in (wrong, right):
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        page = coordinator.post(reverse("imports:upload"), {"workbook": upload}).url
        tasks.run_jobs()
        if accept := re.search(r'name="seen" value="([^"]+)"', coordinator.get(f"{page}accept/").content.decode()):
            coordinator.post(f"{page}accept/", {"seen": accept[1]})
            tasks.run_jobs()
        states.append(Import.objects.latest("pk").state)
    assert states == ["faulty", "written"]
    importing.run(right)


def test_a_name_and_an_address_are_in_no_log_and_no_arguments(
    printed, sent_tasks, canary, coordinator, settings, monkeypatch, tmp_path
):
    client = Client()
    sign_in(client)
    book_substitute_cancel(client, canary, coordinator)
    show_a_certificate_and_take_data_out(client, mark_and_close(coordinator, canary))
    evaluate(client, canary)
    charge_and_invoice(canary)
    keep_people(coordinator, canary)
    ask_as_a_program(coordinator, canary)
    assert Message.objects.filter(to=EMAIL).count() >= 3
    send(settings)
    tasks.run_jobs()
    take_lists_out(coordinator, settings, monkeypatch)
    show_an_error_page(client, monkeypatch)
    import_a_workbook(coordinator, tmp_path)
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
    assert "failed: ValueError in config/test_canary.py" in events
    assert all(line["account"] for line in lines if line.get("route") == "events:book")

    assert WORD not in str(sent_tasks).lower()
    kept = ("key", "arguments", "result", "problems", "last_error", "asked_by")
    assert WORD not in str(list(Job.objects.values_list(*kept))).lower()
    assert WORD not in str(list(Message.objects.values_list("key", "reference", "last_error"))).lower()
