"""Mail scanners open every link of a message, some with a real browser: nothing happens, and nothing is used up."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from bookings import approval, leavers, naming, needs
from bookings.approval_links import Sent
from bookings.models import Booking, Departure, Handover
from evaluations import invitations
from outbox import templates
from people.models import Person
from tests.bookings.factories import ApprovalFactory, NeedFactory, OfferFactory, ReservationFactory
from tests.catalogue import InterestFactory
from tests.factories import (
    BookingFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    RoleGrantFactory,
)
from tests.joining_factories import InvitationFactory
from tests.training.factories import TrainerInvitationFactory
from training import interest, inviting

ALLAUTH = Path(settings.BASE_DIR, "frontend", "allauth_templates")
MAILS = sorted(
    str(path.relative_to(ALLAUTH)).removesuffix("_message.txt")
    for path in ALLAUTH.rglob("email/*_message.txt")
    if not path.name.startswith("base_")
)
# Templates of the outbox whose text leads somewhere. One that gets a link must be fetched below too.
ASKED = {invitations.INVITATION, invitations.REMINDER, invitations.LAST_REMINDER}
LATE = datetime(2026, 1, 1, tzinfo=UTC)
LISTED = {"booking_waiting", "booking_offered", "booking_lapsed"}
TO_APPROVE = {approval.REQUEST, approval.REMINDER}
TO_TRAINERS = {inviting.ASKED, inviting.REMINDED}
LINKED = ASKED | LISTED | TO_APPROVE | {"invited", interest.TEMPLATE, naming.TO_NAME, leavers.ASKED, *TO_TRAINERS}


def rows():
    """How many rows each table has and which transactions wrote them, sessions and the cache apart."""
    tables = set(connection.introspection.table_names()) - {"django_session", "shared_cache"}
    each = [f"select '{name}', count(*), sum(hashtext(xmin::text)::bigint) from {name}" for name in sorted(tables)]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(each))
        return sorted(cursor.fetchall())


def links():
    """Every address in our messages, as a path."""
    PartnershipFactory(training_email="training@anytown.example")
    adapter = get_adapter(RequestFactory().get("/"))
    texts = [adapter.render_mail(mail, "jade@example.org", adapter._facts("jade@example.org")) for mail in MAILS]
    texts += messages()
    return sorted({link for text in texts for link in re.findall(rf"{re.escape(settings.SITE_URL)}(/\S+)", text.body)})


def messages():
    """What each message says whose text leads somewhere, and some whose links ask to sign in."""
    booking, sent, trainer = asked(), to_approve(), TrainerInvitationFactory()
    date = EventFactory()
    about = {
        **dict.fromkeys(ASKED, booking.reference),
        **{name: one.reference for name, one in listed().items()},
        **dict.fromkeys(TO_APPROVE, str(sent)),
        **dict.fromkeys(TO_TRAINERS, trainer.reference),
        "invited": InvitationFactory().reference,
        naming.TO_NAME: to_name(),
        leavers.ASKED: colleagues_asked(),
        "booking_confirmed": BookingFactory().reference,
        needs.ARRANGED: NeedFactory(is_arranged=True).booking.reference,
        interest.TEMPLATE: InterestFactory(course=date.course, told_at=LATE, told_of=date).reference,
    }
    return [templates.make(name, reference) for name, reference in about.items()]


def is_sign_in(address, link):
    return address.endswith(f"/accounts/login/?next={quote(link)}")


def asked():
    """A booking whose delegate is asked how the event was."""
    booking = BookingFactory(event=EventFactory(days=-2))
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    Booking.objects.update(outcome=Booking.Outcome.ATTENDED)
    invitations.ask()
    return booking


def listed():
    """By template, a booking of the waiting list that the message is about."""
    offered = OfferFactory(booking__event=EventFactory())
    late = OfferFactory(
        booking=BookingFactory(cancelled=True, placed_at=None, outcome=None), how="lapsed", ended_at=LATE
    )
    waiting = BookingFactory(waiting=True)
    return {"booking_waiting": waiting, "booking_offered": offered.booking, "booking_lapsed": late.booking}


def to_approve():
    """What a line manager is sent."""
    asked = ApprovalFactory()
    return Sent(asked.booking.reference, asked.asked.reference)


def to_name():
    """The key of places that an agency's lead is to name."""
    reserved = ReservationFactory()
    RoleGrantFactory(person__agency=reserved.agency, role="agency-lead", agency=reserved.agency)
    return str(reserved.pk)


def colleagues_asked():
    """What the message about a leaver's places, kept for colleagues, is about."""
    booking = BookingFactory()
    departure = Departure.objects.create(person=booking.delegate, by=PersonFactory())
    Handover.objects.create(departure=departure, booking=booking, until=booking.event.starts_at)
    Person.objects.filter(pk=booking.delegate_id).update(left_on=timezone.localdate())
    return leavers.asked_about(booking.delegate.reference, PersonFactory().reference)


@pytest.mark.django_db
def test_there_are_mails_and_they_lead_to_pages_that_only_show_a_form():
    assert len(MAILS) > 12
    found = {link.removesuffix("/").rpartition("/")[0] if re.search(r"[A-Z0-9]", link) else link for link in links()}
    assert {re.sub(r"/[A-Z0-9]{6,}$", "", one) for one in found} == {
        "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/approve", "/bookings", "/courses",
        "/events", "/join/invited", "/my-dates/asked", "/tell-us", "/waiting-list",
    }  # fmt: skip


def test_no_other_message_has_a_link_that_is_not_tried_here():
    apps = [
        name for name in templates._facts if re.search(r"https?://|\$\{?(link|address|url)", templates.original(name))
    ]
    assert set(apps) == LINKED


@pytest.mark.django_db
def test_what_is_kept_of_a_message_leads_nowhere():
    for text in messages():
        assert "://" in text.body
        kept = text.without_links
        assert "://" not in kept.subject + kept.body
        assert templates.LINK_KEPT in kept.body


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_link_fetched_five_times_changes_no_row_and_still_works(method):
    for link in links():
        before = rows()
        for _ in range(5):
            answer = getattr(Client(), method)(link)
            assert answer.status_code == 200 or is_sign_in(answer.headers["Location"], link)
        assert rows() == before


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_a_link_opened_five_times_by_a_browser_changes_no_row_and_presses_nothing(open_page):
    for link in links():
        before, pages, posted = rows(), [open_page() for _ in range(5)], []
        for page in pages:
            page.on("request", lambda request, posted=posted: posted.append(request.method))
            page.goto(link)
        for page in pages:
            page.wait_for_load_state("networkidle")
            assert page.url.endswith(link) or is_sign_in(page.url, link)
            page.context.close()
        assert set(posted) == {"GET"}
        assert rows() == before
