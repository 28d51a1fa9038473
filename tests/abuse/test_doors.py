"""What goes wrong at the doors, and what must happen: one test or more for each line of the list.

Lines that are whole files of tests elsewhere: every address has its answer for each role, and nothing is written by
looking (tests/frontend/test_doors.py); links of messages, fetched five times (test_mail_scanners.py); one's own
password, code and address (tests/frontend/test_accounts.py); the second factor (tests/frontend/test_second_factor.py);
sessions and tokens end with a role or an account (tests/people/test_epoch.py, tests/frontend/test_access.py,
tests/api/test_tokens.py); an altered link to an evaluation is nobody's (tests/evaluations/test_answering.py). Calendar
feeds, certificates and access needs are not there yet: their lines come with them.
"""

import re
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.models import AbsenceReason, Booking
from people import accounts, roles
from people.models import Account, Person, Role, RoleGrant
from people.references import new_reference
from tests.factories import (
    PASSWORD,
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
)
from tests.frontend.conftest import sign_in  # noqa: F401  # a fixture
from tests.frontend.test_doors import table
from tests.frontend.world import World

pytestmark = pytest.mark.django_db
EMAIL = "jade@example.org"
EVIL = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "/\\evil.example",
    "\\\\evil.example",
    "%2F%2Fevil.example",
    "//evil.example%2f..",
    "http://testserver@evil.example/",
    "\t//evil.example",
    "/\t/evil.example",
]


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def jade():
    person = PersonFactory(email=EMAIL, name="Jade Lewis")
    accounts.open_account(email=EMAIL, password=PASSWORD)
    person.refresh_from_db()
    return person


def log_in(client, password=PASSWORD, email=EMAIL, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


# --- References ------------------------------------------------------------------------------------------------------


def test_references_are_random_and_one_says_nothing_of_the_next():
    found = [new_reference() for _ in range(1000)]
    assert len(set(found)) == 1000
    assert found != sorted(found)
    for place in range(len(found[0])):
        assert len({reference[place] for reference in found}) == 23  # each character takes any value


def test_an_unknown_reference_and_anothers_get_the_same_answer(client, sign_in):  # noqa: F811
    world = World()
    sign_in()
    token = rb'name="csrfmiddlewaretoken" value="[^"]+"'
    kinds = [name for name, about, get, _ in table() if about.startswith("their-") and get[1] == "N"]
    assert {"bookings:booking", "charges:charge", "invoices:invoice", "invoices:pdf", "api:invoice"} <= set(kinds)
    about = {name: about for name, about, *_ in table() if about.startswith("their-")} | {"exports:file": "export"}
    for name in [*kinds, "exports:file", "exports:fetch"]:
        theirs = world.objects[about.get(name, "export")]
        unknown = [UUID(int=0)] if isinstance(theirs[0], UUID) else ["UNKNOWN234", *theirs[1:]]
        answers = [client.get(reverse(name, args=args)) for args in (theirs, unknown)]
        assert [answer.status_code for answer in answers] == [404, 404], name
        assert re.sub(token, b"", answers[0].content) == re.sub(token, b"", answers[1].content), name


# --- Posting what is not one's own to say ----------------------------------------------------------------------------

MORE = {
    "role": "administrator",
    "roles": "administrator",
    "agency": "1",
    "agency_id": "1",
    "price": "0",
    "net_amount": "0",
    "outcome": "attended",
    "state": "confirmed",
    "delegate": "1",
    "is_staff": "on",
    "is_superuser": "on",
    "is_active": "on",
    "epoch": "0",
    "left_on": "",
}


def everything():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (Person, RoleGrant, Booking)
    } | {Account: list(Account.objects.order_by("pk").values("email", "is_active", "epoch"))}  # fmt: skip


@pytest.mark.parametrize(
    "address",
    ["/accounts/email/", "/accounts/password/change/", "/accounts/second-step/webauthn/add/", "/who-are-you/"],
)
def test_ones_own_account_posted_with_role_agency_and_is_staff_changes_nothing(client, jade, address):
    log_in(client)
    before = everything()
    client.post(address, MORE)
    assert everything() == before


def test_changing_ones_address_or_password_with_more_changes_only_that(client, jade):
    log_in(client)
    before = everything()
    client.post("/accounts/password/change/", MORE | {"oldpassword": PASSWORD, "password1": "a quite new password"})
    before[Account][0]["epoch"] += 1
    assert everything() == before
    assert Account.objects.get().check_password("a quite new password")


@pytest.mark.parametrize("action", ["substitute", "give-a-place"])
def test_ones_own_booking_posted_with_outcome_and_price_changes_nothing(client, jade, action):
    booking = BookingFactory(delegate=jade, event=EventFactory(days=30), waiting=action == "give-a-place")
    log_in(client)
    before = everything()
    client.post(f"/bookings/{booking.reference}/{action}/", MORE)
    assert everything() == before


def test_cancelling_with_more_cancels_and_says_nothing_else(client, jade):
    event = EventFactory(days=30)
    plain, more = (BookingFactory(delegate=jade, event=one) for one in (event, EventFactory(days=30)))
    log_in(client)
    client.post(f"/bookings/{plain.reference}/cancel/")
    client.post(f"/bookings/{more.reference}/cancel/", MORE)
    same = ("state", "outcome", "agency_id", "delegate_id", "cancelled_by_id", "notice")
    (one, other) = Booking.objects.order_by("pk").values(*same)
    assert one == other
    assert one["state"] == "cancelled"


def test_booking_oneself_with_more_gives_what_one_may_have(client, jade):
    event = EventFactory(days=30, places=1)
    BookingFactory(event=event)
    other = PersonFactory()
    log_in(client)
    posted = MORE | {"delegate": other.reference, "person": other.reference, "source": "walk-in"}
    client.post(f"/events/{event.reference}/book/", posted)
    made = Booking.objects.exclude(delegate__bookings=None).filter(delegate=jade)
    assert not Booking.objects.filter(delegate=other).exists()
    assert [(one.state, one.source, one.outcome or "") for one in made] == [("waiting", "booked", "")]


# --- A lead sees their own agency's, and its number ------------------------------------------------------------------


@pytest.fixture
def two_agencies():
    PartnershipFactory()
    ours, theirs = AgencyFactory(name="Ours"), AgencyFactory(name="Theirs")
    tariff = TariffFactory()
    for number in range(52):
        coming, held = EventFactory(days=30 + number), EventFactory(days=-60 - number)
        for agency in (ours, theirs):
            delegate = PersonFactory(name=f"Delegate of {agency.name} {number}", agency=agency)
            BookingFactory(event=coming, delegate=delegate)
            booking = BookingFactory(event=held, delegate=delegate)
            ChargeFactory(booking=booking, tariff=tariff)
    return ours, theirs


@pytest.mark.parametrize("area", ["bookings", "charges", "people"])
def test_a_lead_filters_sorts_searches_pages_and_exports_only_their_own_agency(client, sign_in, two_agencies, area):  # noqa: F811
    ours, theirs = two_agencies
    sign_in(Role.AGENCY_LEAD, agency=ours)
    # Of people they are one themselves.
    total, every = {"bookings": (104, "state=all"), "charges": (52, ""), "people": (53, "")}[area]
    whole = text_of(client.get(f"/{area}/?{every}"))
    assert f"1 to 50 of {total} {area}" in whole
    asked = ["page=2", "page=999", "sort=-date", "sort=agency", "sort=delegate__account__password", "q=Theirs", "q=%25"]
    asked += [f"agency={theirs.reference}", f"agency__in={theirs.pk}", f"booking__agency={theirs.pk}", "year=2018-19"]
    for question in asked:
        page = text_of(client.get(f"/{area}/?{every}&{question}"))
        assert "Delegate of Theirs" not in page, question
        found = re.search(rf"of (\d+) {area}", page)
        assert found is None or int(found[1]) <= total, question
    asked = (every, f"agency={theirs.reference}", "q=Theirs")
    files = [client.get(f"/{area}/download/?{question}").content.decode() for question in asked]
    assert "Delegate of Theirs" not in "".join(files)
    assert files[0].count("Delegate of Ours") == (52 if area == "people" else total)


# --- Trainers, finance -----------------------------------------------------------------------------------------------


def test_a_trainer_sees_names_and_agencies_and_no_email_and_no_money(client, sign_in):  # noqa: F811
    PartnershipFactory(training_email="training@anytown.example")
    trainer = sign_in(email="me@example.org")
    coming, held = (EventFactory(days=days, course=CourseFactory(title=f"Course {days}")) for days in (30, -1))
    for event in (coming, held):
        override = "the same day"
        SessionTrainerFactory(
            session=event.sessions.get(), trainer=TrainerFactory.create(person=trainer)
            if event is coming else trainer.trainer, override=override,
        )  # fmt: skip
    tariff = TariffFactory(net_amount=75)
    delegate = PersonFactory(name="Bola Ade", email="bola.ade@secret.example")
    for event in (coming, held):
        ChargeFactory(booking=BookingFactory(event=event, delegate=delegate), tariff=tariff)
    pages = ["/", "/bookings/", "/programme/", f"/events/{coming.reference}/", f"/events/{held.reference}/"]
    pages += [f"/events/{held.reference}/register/1/", "/charges/", "/invoices/", "/programme/download/"]
    pages += [f"/events/{held.reference}/register/1/download/", f"/api/v1/events/{held.reference}/registers"]
    pages += ["/api/v1/bookings", "/api/v1/charges", "/bookings/download/?state=all", "/charges/download/"]
    shown = {address: client.get(address) for address in pages}
    whole = " ".join(text_of(response) for response in shown.values())
    assert "Bola Ade" in whole
    assert "secret.example" not in whole
    assert "£" not in whole.replace("£0", "")


def test_finance_sees_the_charge_and_neither_the_reason_for_absence_nor_answers(client, sign_in):  # noqa: F811
    PartnershipFactory()
    sign_in(Role.FINANCE_OFFICER)
    booking = BookingFactory(event=EventFactory(days=-40))
    charge = ChargeFactory(booking=booking, tariff=TariffFactory())
    AbsenceReason.objects.create(booking=booking, reason="Broken leg")
    assert client.get(f"/bookings/{booking.reference}/").status_code == 404
    pages = ["/", "/charges/", f"/charges/{charge.reference}/", "/charges/download/", "/reports/utilisation/"]
    pages += ["/bookings/?state=all", "/bookings/download/?state=all", f"/api/v1/charges/{charge.reference}"]
    for address in pages:
        response = client.get(address)
        assert "Broken leg" not in text_of(response), address


# --- Getting in ------------------------------------------------------------------------------------------------------


def stays(answer, address):
    """The answer leads to a page of ours, as browsers read it: backslashes as slashes, tabs as nothing."""
    read = answer.replace("\\", "/").replace("\t", "")
    there = urlsplit(urljoin(f"http://testserver{address}", read))
    assert (there.scheme, there.netloc) == ("http", "testserver"), answer


@pytest.mark.parametrize("asked", EVIL)
def test_next_leads_to_no_other_site_from_any_door(client, jade, asked):
    stays(log_in(client, next=asked).url, "/accounts/login/")
    for address in ("/who-are-you/", "/accounts/reauthenticate/", "/accounts/logout/"):
        browser = Client()
        log_in(browser)
        answer = browser.post(address, {"next": asked, "password": PASSWORD})
        assert answer.status_code == 302
        stays(answer.url, address)


@pytest.mark.parametrize("header", ["host", "x-forwarded-host"])
def test_a_forged_host_gets_nowhere_and_into_no_mail(client, jade, header):
    for address, posted in (
        ("/accounts/password/reset/", {"email": EMAIL}),
        ("/accounts/login/", {"login": "nobody@example.org", "by_code": "yes"}),
    ):
        response = client.post(address, posted, headers={header: "evil.example"})
        assert response.status_code == 400 if header == "host" else 302
        assert "evil.example" not in response.content.decode() + response.headers.get("Location", "")
    assert all("evil.example" not in message.body + message.subject for message in mail.outbox)


def reset_code(client):
    client.post("/accounts/password/reset/", {"email": EMAIL})
    return mail.outbox[-1].subject.split()[0]


def test_a_reset_code_works_once_and_where_it_was_asked_for(client, jade):
    code = reset_code(client)
    elsewhere = Client()
    elsewhere.post("/accounts/password/reset/", {"email": EMAIL})
    assert elsewhere.post("/accounts/password/reset/confirm/", {"code": code}).status_code == 200
    client.post("/accounts/password/reset/confirm/", {"code": code})
    client.post("/accounts/password/reset/complete/", {"password1": "a quite new password"})
    assert Account.objects.get().check_password("a quite new password")
    for _ in range(2):
        client.post("/accounts/password/reset/confirm/", {"code": code})
        client.post("/accounts/password/reset/complete/", {"password1": "another new password"})
        client.post("/accounts/password/reset/", {"email": EMAIL})
    assert Account.objects.get().check_password("a quite new password")


def test_ten_guesses_at_a_code_for_signing_in_do_not_get_in_and_the_code_is_over(client, jade):
    log_in(client, by_code="yes")
    code = mail.outbox[-1].subject.split()[0]
    for number in range(10):
        client.post("/accounts/login/code/confirm/", {"code": f"WRONG{number}"})
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert client.get("/").url.startswith("/accounts/login/")


def test_six_wrong_passwords_get_the_same_words_for_known_and_unknown_addresses(jade):
    said = {}
    for email in ("nobody@example.org", EMAIL):
        cache.clear()  # else the limit of this computer's address counts both
        said[email] = [text_of(log_in(Client(), "something else", email)) for _ in range(7)]
    assert said[EMAIL] == said["nobody@example.org"]
    assert "is not right" in said[EMAIL][0]
    assert "too many tries" in said[EMAIL][5]
    assert "too many tries" in text_of(log_in(Client()))  # the right one waits too


@pytest.mark.parametrize(
    ("address", "field"),
    [("/accounts/password/reset/", "email"), ("/accounts/login/code/", "email"), ("/accounts/signup/", "email")],
)
def test_asking_too_often_gets_the_same_answer_for_known_and_unknown_addresses(jade, address, field):
    said = {}
    for email in (EMAIL, "nobody@example.org"):
        cache.clear()
        answers = [Client().post(address, {field: email, "password1": "three random words"}) for _ in range(7)]
        said[email] = [(answer.status_code, answer.headers.get("Location")) for answer in answers]
    assert said[EMAIL] == said["nobody@example.org"]


def test_a_role_or_an_account_taken_away_is_out_at_once_everywhere(client, jade):
    for change in (
        lambda: roles.take(person=jade, role=Role.CONCERNS, by=None),
        lambda: Account.objects.update(is_active=False),
    ):
        if not RoleGrant.objects.exists():
            RoleGrant.objects.create(person=jade, role=Role.CONCERNS, starts_on=timezone.localdate())
        log_in(client)
        assert client.get("/bookings/").status_code == 200
        change()
        assert client.get("/bookings/").url.startswith("/accounts/login/")
