"""What charges come from: events that are over, with closed registers, and bookings made under a policy."""

from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from bookings.models import AbsenceReason, Booking, Tariff
from invoicing import credits
from invoicing.models import Charge, CreditNote
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    ExemptionReasonFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from training.models import Course, Event

# A Monday in a week without bank holidays; its financial year is 2018/19.
MONDAY = date(2018, 6, 11)


def at(day: date, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def policy(on: date = date(2016, 4, 1), vat: str = Tariff.VatTreatment.OUTSIDE_SCOPE, **fields: object):
    """£75 a full day and £50 a half day, for not attending and for cancelling with fewer than 5 working days."""
    made = ChargingPolicyFactory(in_force_from=on, **fields)
    for duration, price in ((Course.Duration.FULL_DAY, 75), (Course.Duration.HALF_DAY, 50)):
        for reason in (Tariff.Reason.DID_NOT_ATTEND, Tariff.Reason.CANCELLED_LATE):
            TariffFactory(policy=made, reason=reason, duration=duration, net_amount=Decimal(price), vat_treatment=vat)
    return made


def over(day: date = MONDAY, *, closed: bool = True, sessions: int = 1, **course: object) -> Event:
    """An event that is over; closed=False: its registers are not."""
    event = EventFactory(course=CourseFactory(**course), begins=at(day, 9), sessions=sessions)
    if closed:
        for session in event.sessions.all():
            RegisterFactory(session=session, closed=True)
    return event


def payer(**fields: object):
    """An agency that pays for itself."""
    agency = AgencyFactory(**fields)
    agency.payer = agency
    agency.save()
    return agency


def absent(event: Event, *, agency=None, reason: str = "", exempt: bool = False, **fields: object) -> Booking:
    """Who had a place and did not come."""
    delegate = fields.pop("delegate", None) or PersonFactory(agency=agency or AgencyFactory())
    fields.setdefault("outcome", Booking.Outcome.DID_NOT_ATTEND)
    booking = BookingFactory(event=event, delegate=delegate, booked_at=at(date(2018, 1, 8)), **fields)
    if reason:
        exemption = ExemptionReasonFactory() if exempt else None
        AbsenceReason.objects.create(booking=booking, reason=reason, exemption=exemption)
    return booking


def cancelled_late(event: Event, received_on: date, **fields: object) -> Booking:
    """Who cancelled on a day, too late."""
    received = at(received_on)
    return absent(
        event,
        state=Booking.State.CANCELLED,
        outcome=Booking.Outcome.CANCELLED_LATE,
        cancelled_at=received,
        received_at=received,
        cancelled_by=PersonFactory(),
        **fields,
    )


def credited(charge: Charge) -> CreditNote:
    """An invoiced charge, credited for the first ground that there is."""
    return credits.issue(charge=charge, ground=credits.grounds(charge)[0], reason="Was there.", by=PersonFactory())
