"""Who gets what behind each address of the project, page by page and role by role: the table is in doors.py."""

from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from bookings.models import Booking, Register
from evaluations import invitations, links
from invoicing import invoices, tasks
from invoicing.models import Invoice
from outbox.models import Job
from people.models import Role
from tests import signing_in
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    AgencyNameFactory,
    BookingFactory,
    ChargeFactory,
    EventFactory,
    JobFactory,
    MessageFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
)
from tests.frontend.doors import DOORS, ROLES
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


class World:
    """One person for each role, and what the addresses are about."""

    def __init__(self):
        PartnershipFactory()
        self.agency, self.others = AgencyFactory(), AgencyFactory()
        manager = self.person(self.agency)
        self.people = {
            "practitioner": self.person(self.agency, line_manager=manager),
            "line manager": manager,
            "agency lead": self.person(self.agency, Role.AGENCY_LEAD),
            "trainer": self.person(self.others),
            "coordinator": self.person(self.others, Role.COORDINATOR),
            "finance officer": self.person(self.others, Role.FINANCE_OFFICER),
            "sub-group member": self.person(self.others, Role.SUBGROUP_MEMBER),
            "concerns": self.person(self.others, Role.CONCERNS),
            "administrator": self.person(self.others, Role.ADMINISTRATOR),
        }
        self.trainer = TrainerFactory(person=self.people["trainer"])
        self.ours, self.theirs = self.people["practitioner"], self.person(AgencyFactory())
        self.objects = {"-": []} | self.programme() | self.money() | self.desk()
        self.sessions = {role: self.signed_in(person) for role, person in self.people.items()}

    @staticmethod
    def person(agency, *roles, **facts):
        return PersonFactory(account=AccountFactory(), agency=agency, roles=roles, **facts)

    @staticmethod
    def signed_in(person):
        client = Client()
        signing_in.enter(client, person.account)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def programme(self):
        coming, elsewhere = self.event(30, trained=True), self.event(30)
        held, held_elsewhere = self.event(-1, trained=True), self.event(-1)
        BookingFactory(event=held, delegate=self.ours)
        BookingFactory(event=held_elsewhere, delegate=self.theirs)
        return {
            "event": [coming.reference],
            "in-house": [self.event(30, is_in_house=True).reference],
            "draft": [self.event(30, state="draft").reference],
            "booking": [BookingFactory(event=coming, delegate=self.ours).reference],
            "waiting": [BookingFactory(event=elsewhere, delegate=self.ours, waiting=True).reference],
            "their-booking": [BookingFactory(event=elsewhere, delegate=self.theirs).reference],
            "their-waiting": [BookingFactory(event=self.event(30), delegate=self.theirs, waiting=True).reference],
            "held": [held.reference],
            "their-held": [held_elsewhere.reference],
            "register": [held.reference, 1],
            "their-register": [held_elsewhere.reference, 1],
            "no-register": [held.reference, 9],
            "no-booking": ["NOBOOKING"],
            "asked": [links.token(self.asked().reference)],
            "wrong-link": [links.token("NOBOOKING")],
            "course": ["2018-19", held.course.code],
            "no-course": ["2018-19", "NONSENSE"],
        }

    def event(self, days, *, trained=False, **facts):
        event = EventFactory(days=days, **facts)
        if trained:
            SessionTrainerFactory(session=event.sessions.get(), trainer=self.trainer, override="the same day")
        return event

    def asked(self):
        booking = BookingFactory(event=self.event(-2), delegate=self.ours)
        RegisterFactory(session=booking.event.sessions.get(), closed=True)
        Booking.objects.filter(pk=booking.pk).update(outcome=Booking.Outcome.ATTENDED)
        invitations.ask()
        return booking

    def money(self):
        event = EventFactory(days=-400)
        year = FinancialYear.containing(event.ends_at)
        closed = {"handed_in_at": timezone.now(), "handed_in_by": self.theirs, "head_count": 0}
        Register.objects.create(session=event.sessions.get(), closed_at=timezone.now(), closed_by=self.theirs, **closed)
        tariff = TariffFactory()
        issued = []
        for person in (self.ours, self.theirs):
            person.agency.payer = person.agency
            person.agency.save()
            booking = BookingFactory(event=event, delegate=person, outcome=Booking.Outcome.DID_NOT_ATTEND)
            issued.append(ChargeFactory(booking=booking, tariff=tariff))
        invoices.raise_for(year.code, via="command line")
        ours, theirs = (Invoice.objects.get(payer=person.agency) for person in (self.ours, self.theirs))
        charges = [
            ChargeFactory(booking=BookingFactory(event=EventFactory(days=-40 - number), delegate=person), tariff=tariff)
            for number, person in enumerate((self.ours, self.theirs))
        ]
        run = Job.objects.create(key="a-run", kind=tasks.RAISE, arguments={"year": year.code})
        return {
            "charge": [charges[0].reference],
            "their-charge": [charges[1].reference],
            "invoice": [ours.reference],
            "their-invoice": [theirs.reference],
            "run": [run.pk],
            "year": [year.code],
            "no-year": ["2018-20"],
            "figure": [year.code, "events_delivered"],
            "no-figure": [year.code, "nonsense"],
        }

    def desk(self):
        """People and agencies, and what is sent and done in the background."""
        lead, officer = self.people["agency lead"], self.people["finance officer"]
        given_up = {"state": "failed", "finished_at": timezone.now()}
        return {
            "person": [self.ours.reference],
            "their-person": [self.theirs.reference],
            "staff": [officer.reference],
            "leads-grant": [lead.reference, lead.roles_held.get().pk],
            "staff-grant": [officer.reference, officer.roles_held.get().pk],
            "agency": [self.agency.reference],
            "name": [self.agency.reference, AgencyNameFactory(agency=self.agency).pk],
            "message": [MessageFactory(template="booking_confirmed", **given_up).pk],
            "job": [JobFactory(**given_up).pk],
            "no-key": [UUID(int=0)],
        }

    def answer(self, role, method, address):
        """What the address answers to the role, as a letter of the table. Nothing of it stays."""
        cache.clear()  # allauth counts tries there
        client = Client()
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with transaction.atomic():
            response = getattr(client, method)(address)
            transaction.set_rollback(True)
        if response.status_code == 302:
            return "S" if response.url.startswith(reverse(settings.LOGIN_URL)) else ">"
        return {200: ".", 403: "F", 404: "N", 405: "M"}.get(response.status_code, str(response.status_code))


def table():
    return [line.split() for line in DOORS.strip().splitlines() if line and not line.startswith("#")]


def addresses(resolver=None, namespace=""):
    """The names of all views that an address leads to."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_is_in_the_table():
    listed = {line[0] for line in table()}
    there = set(addresses())
    assert there - listed == set(), "addresses without a line in doors.py: say there who may open them"
    assert listed - there == set(), "lines in doors.py without an address"


def test_every_door_answers_each_role_as_the_table_says():
    world = World()
    wrong = []
    for name, about, *expected in table():
        address = reverse(name, args=world.objects[about])
        found = ["".join(world.answer(role, method, address) for role in ROLES) for method in ("get", "post")]
        if found != expected:
            wrong.append(f"{name:<35} {about:<15} {found[0]}  {found[1]}")
    assert not wrong, "these lines of doors.py should say, if that is what you mean:\n" + "\n".join(wrong)
