"""A world with one of everything that an address can be about, theirs and ours, and a person of each role."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api import tokens
from bookings import approval_links, feeds
from bookings import links as offer_links
from bookings.approval_links import Sent
from bookings.models import Booking, Register
from evaluations import invitations, links
from frontend.exports import background
from invoicing import invoices, tasks
from invoicing.models import Invoice
from outbox.models import Job
from people import exports, merging
from people import invitations as people_invitations
from people.models import Role
from reporting import formats, publishing
from reporting.models import PublishedReport
from tests.bookings.corrected import put_right
from tests.bookings.factories import (
    AnnouncementFactory,
    ApprovalFactory,
    CertificateFactory,
    DeputyFactory,
    HoldFactory,
    OfferFactory,
    ReservationFactory,
)
from tests.bookings.made_up import arranged, missed
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    AgencyNameFactory,
    BookingFactory,
    ChargeFactory,
    ChargingPolicyFactory,
    ClosingDayFactory,
    CourseFactory,
    EventFactory,
    ExemptionReasonFactory,
    ImportFactory,
    JobFactory,
    MessageFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    RoomFactory,
    SessionTrainerFactory,
    StaffGroupFactory,
    TariffFactory,
    TrainerFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from tests.invoicing.situations import credited
from tests.joining_factories import AgencyDomainFactory, InvitationFactory, JoiningFactory
from tests.signing_in import enter
from tests.training.factories import AbsenceFactory, ClearanceFactory, StepTakenFactory, TrainerInvitationFactory
from training import answer_links
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


# What the content policy lets no page do: styles, scripts and handlers written into it, and things from elsewhere.
INLINE = re.compile(
    r"<(?:[^>]*\s(?:style|on[a-z]+)=|style|script(?!\s[^>]*(?:src=|/json))|[^>a][^>]*\s(?:src|href)=.(?:https?:)?//)[^>]*>"
)


class World:
    """One person for each role, and what the addresses are about."""

    def __init__(self):
        self.inline = set()
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
        self.objects = {"-": [], "token": [self.token(self.ours)]}
        self.objects |= {"feed": [feeds.renew(by=self.ours)], "no-feed": ["made-up"]}
        self.objects |= self.programme() | self.certificates() | self.money() | self.exports() | self.desk()
        self.sessions = {role: self.signed_in(person) for role, person in self.people.items()}

    @staticmethod
    def person(agency, *roles, **facts):
        account = AccountFactory()
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
        return PersonFactory(account=account, agency=agency, roles=roles, **facts)

    @staticmethod
    def signed_in(person):
        client = Client()
        enter(client, person.account)  # lately: pages that ask again are no doors of this table
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    @staticmethod
    def token(person):
        last = timezone.localdate()
        token, _ = tokens.make(account=person.account, by=person, name="Token", scopes=["read"], expires_on=last)
        return token.reference

    def programme(self):
        coming, elsewhere = self.event(30, trained=True), self.event(30)
        held, held_elsewhere = self.event(-1, trained=True), self.event(-1)
        BookingFactory(event=held, delegate=self.ours)
        step = StepTakenFactory(trainer=self.trainer)
        room, absence = RoomFactory(), AbsenceFactory(trainer=self.trainer)
        BookingFactory(event=held_elsewhere, delegate=self.theirs)
        return {
            "event": [coming.reference],
            "announced": [coming.reference, AnnouncementFactory(event=coming).reference],
            "no-announced": [coming.reference, "NOTHING"],
            "in-house": [self.event(30, is_in_house=True).reference],
            "workshop": self.part_of(WorkshopFactory(event=self.event(30))),
            "hold": self.part_of(HoldFactory()),
            "no-hold": [coming.reference, 0],
            "reservation": self.part_of(ReservationFactory()),
            "draft": [self.event(30, state="draft").reference],
            "corrected": [put_right(tell=False).booking.event.reference],
            "begun": [self.event(-1).reference],
            "bookable": [self.event(40).reference],
            "soon": [self.event(3, trained=True).reference],
            "step": [self.event(30, course__staff_groups=[StaffGroupFactory()]).reference, "before-you-book"],
            "no-step": [coming.reference, "no-such-step"],
            "conference": [self.conference().reference],
            "venue": [room.venue_id],
            "room": [room.venue_id, room.pk],
            "trainer": [self.trainer.pk],
            "clearance": [self.trainer.pk, ClearanceFactory(trainer=self.trainer).pk],
            "way": [self.trainer.pk, step.course.code, step.step.pk],
            "no-way": [self.trainer.pk, step.course.code, 0],
            "step-asked": [step.step.pk],
            "absence": [self.trainer.pk, absence.pk],
            "own-absence": [absence.pk],
            "asked-trainer": [answer_links.token(self.invitation())],
            "booking": [BookingFactory(event=coming, delegate=self.ours).reference],
            "waiting": [BookingFactory(event=elsewhere, delegate=self.ours, waiting=True).reference],
            "their-booking": [BookingFactory(event=elsewhere, delegate=self.theirs).reference],
            "their-waiting": [BookingFactory(event=self.event(30), delegate=self.theirs, waiting=True).reference],
            "held": [held.reference],
            "their-held": [held_elsewhere.reference],
            "reserved": self.reserved(self.agency),
            "their-reserved": self.reserved(self.others),
            "register": [held.reference, 1],
            "their-register": [held_elsewhere.reference, 1],
            "no-register": [held.reference, 9],
            "no-booking": ["NOBOOKING"],
            "asked": [links.token(self.asked().reference)],
            "listed": [
                offer_links.token(BookingFactory(event=self.event(30), delegate=self.ours, waiting=True).reference)
            ],
            "offered": [
                offer_links.token(
                    OfferFactory(booking__event=self.event(30), booking__delegate=self.ours).booking.reference
                )
            ],
            **self.approvals(),
            **self.made_up(),
            "wrong-list-link": [offer_links.token("NOBOOKING")],
            "wrong-link": [links.token("NOBOOKING")],
            "course": ["2018-19", held.course.code],
            "no-course": ["2018-19", "NONSENSE"],
            "catalogued": [CourseFactory().code],
            "not-catalogued": ["NONSENSE"],
            "no-key": [0],
            "import": [ImportFactory(ready=True).reference],
            "no-import": ["NOIMPORT"],
        }

    @staticmethod
    def part_of(part):
        return [part.event.reference, part.pk]

    def reserved(self, agency):
        return [ReservationFactory(event=self.event(30), agency=agency).event.reference, agency.reference]

    def exports(self):
        by = self.people["coordinator"]
        file = background.ask(by=by, what="charges", file_format="csv", address=reverse("charges:download"))
        exports.keep_file(file, BytesIO(b"Charge"), rows=0)
        return {"export": [file.pk]}

    def event(self, days, *, trained=False, **facts):
        event = EventFactory(days=days, **facts)
        if trained:
            SessionTrainerFactory(session=event.sessions.get(), trainer=self.trainer, override="the same day")
        return event

    def invitation(self):
        return TrainerInvitationFactory(event=self.event(50), trainer=self.trainer)

    def conference(self):
        event = self.event(30, course__delivery="conference")
        return WorkshopChoiceFactory(
            workshop__event=event, booking=BookingFactory(event=event, delegate=self.ours)
        ).booking

    def asked(self):
        booking = BookingFactory(event=self.event(-2), delegate=self.ours)
        RegisterFactory(session=booking.event.sessions.get(), closed=True)
        Booking.objects.filter(pk=booking.pk).update(outcome=Booking.Outcome.ATTENDED)
        invitations.ask()
        return booking

    def approvals(self):
        """Ours is asked of the line manager, theirs of nobody by name."""
        ours = ApprovalFactory(booking__event=self.event(30), booking__delegate=self.ours)
        theirs = ApprovalFactory(booking__event=self.event(30), booking__delegate=self.theirs)
        sent = Sent(ours.booking.reference, ours.asked.reference)
        return {
            "requested": [ours.booking.reference],
            "their-request": [theirs.booking.reference],
            "to-approve": [approval_links.token(sent)],
            "wrong-approval": [approval_links.token(Sent(ours.booking.reference, self.theirs.reference))],
            "deputy": [DeputyFactory(manager=ours.asked).reference],
        }

    def made_up(self):
        made_up = arranged(missed(delegate=self.ours))
        reference = made_up.booking.reference
        return {
            "made-up": [reference, 2],
            "no-made-up": [reference, 1],
            "makes-up": [reference],
            "made-up-at": [made_up.event.reference],
        }

    def certificates(self):
        booking = self.asked()
        return {
            "attended": [booking.reference],
            "certificate": [CertificateFactory(booking=booking).code],
            "no-certificate": ["NONE"],
        }

    def money(self):
        event = EventFactory(days=-400)
        year = FinancialYear.containing(event.ends_at)
        closed = {"handed_in_at": timezone.now(), "handed_in_by": self.theirs, "head_count": 0}
        Register.objects.create(session=event.sessions.get(), closed_at=timezone.now(), closed_by=self.theirs, **closed)
        tariff = TariffFactory()
        issued = []
        for person in (self.ours, self.theirs, PersonFactory(agency=self.ours.agency)):
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
            "policy": [tariff.policy.pk],
            "to-come": [ChargingPolicyFactory(in_force_from=timezone.localdate() + timedelta(days=9)).pk],
            "exemption": [ExemptionReasonFactory().pk],
            "closing-day": [ClosingDayFactory().pk],
            "absent": [issued[0].booking.reference],
            "charge": [charges[0].reference],
            "their-charge": [charges[1].reference],
            "invoice": [ours.reference],
            "their-invoice": [theirs.reference],
            "invoiced": [issued[2].reference],
            "credit-note": [credited(issued[0]).reference],
            "their-credit": [credited(issued[1]).reference],
            "run": [run.pk],
            "year": [year.code],
            "no-year": ["2018-20"],
            "published": [year.code, self.published(year).revision],
            "no-published": [year.code, 9],
            "figure": [year.code, "events_delivered"],
            "no-figure": [year.code, "nonsense"],
        }

    def published(self, year):
        """As it is: the world's charges were made by hand, so that publishing would refuse them."""
        found = publishing.prepare(year)
        return PublishedReport.objects.create(
            financial_year=year.code, revision=1, counted_at=found.report.counted_at, figures=found.figures,
            definitions=formats.defined(), definitions_version="a", published_by=self.people["coordinator"],
        )  # fmt: skip

    def desk(self):
        """People and agencies, and what is sent and done in the background."""
        lead, officer = self.people["agency lead"], self.people["finance officer"]
        given_up = {"state": "failed", "finished_at": timezone.now()}
        MessageFactory(template="booking_confirmed", state="held")
        return {
            "person": [self.ours.reference],
            "their-person": [self.theirs.reference],
            "staff": [officer.reference],
            "pair": [self.ours.reference, self.theirs.reference],
            "merge": [self.merge()],
            "leads-grant": [lead.reference, lead.roles_held.get().pk],
            "staff-grant": [officer.reference, officer.roles_held.get().pk],
            "agency": [self.agency.reference],
            "their-agency": [self.others.reference],
            "name": [self.agency.reference, AgencyNameFactory(agency=self.agency).pk],
            "domain": [self.agency.reference, AgencyDomainFactory(agency=self.agency).pk],
            "joining": [JoiningFactory().reference],
            "no-joining": ["NOBODY"],
            "invited": [people_invitations.token(InvitationFactory())],
            "wrong-invited": [people_invitations.token(InvitationFactory(ended=True))],
            "invitation": [InvitationFactory(agency=self.agency).reference],
            "their-invite": [InvitationFactory().reference],
            "message": [MessageFactory(template="booking_confirmed", **given_up).pk],
            "template": ["booking_confirmed"],
            "no-template": ["truth_broken"],
            "job": [JobFactory(**given_up).pk],
            "no-work": [UUID(int=0)],
        }

    def merge(self):
        """That somebody's second record became part of theirs."""
        gone = self.person(self.agency)
        return merging.merge(kept=self.theirs, gone=gone, take=[], by=self.people["administrator"]).reference

    def answer(self, role, method, address):
        """What the address answers to the role, as a letter of the table. Nothing of it stays."""
        cache.clear()  # allauth counts tries there
        client = Client()
        if role in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with transaction.atomic():
            as_json = {"content_type": "application/json"} if method == "post" and "/api/v1/" in address else {}
            response = getattr(client, method)(address, **as_json)
            transaction.set_rollback(True)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            self.inline |= {f"{address}: {found}" for found in INLINE.findall(response.content.decode())}
        if response.status_code == 302:
            return "S" if response.url.startswith(reverse(settings.LOGIN_URL)) else ">"
        letters = {200: ".", 400: "B", 401: "U", 403: "F", 404: "N", 405: "M", 409: "C"}
        return letters.get(response.status_code, str(response.status_code))
