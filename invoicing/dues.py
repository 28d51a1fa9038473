"""What bookings owe: which outcomes are charged, under which tariff, and how that is said in words.

Invoicing asks bookings; bookings never tell invoicing. So the answer is always that of the registers as they are now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bookings import working_days
from bookings.models import AbsenceReason, Booking, ChargingPolicy, Mark, Tariff
from bookings.models.booking import ATTENDED, BookingQuerySet
from bookings.policies import Terms
from invoicing import money
from invoicing.models import Charge
from invoicing.models.charge import ChargeQuerySet
from training.models import Event, Session

Outcome = Booking.Outcome
Reason = Tariff.Reason
Unit = Tariff.NoticeUnit

UNIT_NAMES = {
    Unit.WORKING_DAYS: "working day",
    Unit.WEEKDAYS: "weekday",
    Unit.CALENDAR_DAYS: "day",
    Unit.HOURS: "hour",
}
# Who came and could not stay, or came too late to be let in, is not charged.
SPARED = [Mark.Attendance.LEFT_WELLBEING, Mark.Attendance.TURNED_AWAY]

# Given up too late for the event: whoever booked again and ended so answers for that, and not for the time before. What
# was given back free of charge, as within an hour of booking, does not undo a late cancellation.
ANSWERED_LATE = [Outcome.CANCELLED_LATE, Outcome.SUBSTITUTED_OUT]


@dataclass(frozen=True, slots=True)
class Due:
    """What one booking owes."""

    booking_id: int
    tariff: Tariff
    explanation: str
    # The last day for an answer, were it proposed today.
    answer_by: date | None
    # Whether the reason given is one of the exemptions; None: no reason is on record.
    is_exempt: bool | None

    @property
    def reason(self) -> str:
        return self.tariff.reason

    @property
    def net_amount(self) -> Decimal:
        return self.tariff.net_amount

    @property
    def vat_amount(self) -> Decimal:
        return money.vat_on(self.net_amount, self.tariff.vat_treatment)


def unsettled() -> Iterator[Due]:
    """What is owed and not yet invoiced or waived by a person, for events that are over and all registers closed."""
    terms = Terms.load()
    policies: dict[int | None, ChargingPolicy] = {policy.pk: policy for policy in terms.policies}
    settled = Charge.objects.settled().filter(booking=OuterRef("pk"), reason=OuterRef("outcome"))
    bookings = chargeable().filter(~Exists(settled)).select_related("event__course", "absence_reason")
    today = timezone.localdate()
    for booking in bookings.order_by("pk").iterator(chunk_size=2000):
        policy = policies[booking.policy_id]
        if tariff := _tariff(booking, policy, terms):
            yield Due(
                booking_id=booking.pk,
                tariff=tariff,
                explanation=_explanation(booking, policy, tariff, terms),
                answer_by=_answer_by(today, policy, terms),
                is_exempt=_is_exempt(booking),
            )


def to_credit() -> ChargeQuerySet:
    """Invoiced charges that the registers no longer bear out, or for which an exempt reason was heard later.

    While a register is open nothing is certain, and so nothing is to be credited.
    """
    owed = chargeable().filter(pk=OuterRef("booking"), outcome=OuterRef("reason"))
    is_exempt = Exists(AbsenceReason.objects.exempt().filter(booking=OuterRef("booking")))
    invoiced = Charge.objects.filter(~has_open_register("booking__event"), state=Charge.State.INVOICED)
    return invoiced.filter(~Exists(owed) | is_exempt)


def chargeable(now: datetime | None = None) -> BookingQuerySet:
    """Bookings whose outcome the policy that they were made under charges; which step of it, _tariff() says.

    Of several bookings of one delegate on one event it is the last that is charged. Of one that was broken off none is.
    """
    tariff = Tariff.objects.filter(
        policy=OuterRef("policy"),
        reason=OuterRef("outcome"),
        duration=OuterRef("event__course__duration"),
        delivery=OuterRef("event__course__delivery"),
        net_amount__gt=0,
    )
    others = Booking.objects.filter(event=OuterRef("event"), delegate=OuterRef("delegate")).exclude(pk=OuterRef("pk"))
    came_after_all = others.filter(outcome__in=ATTENDED)
    later = Q(booked_at__gt=OuterRef("booked_at")) | Q(booked_at=OuterRef("booked_at"), pk__gt=OuterRef("pk"))
    booked_again = others.filter(Q(outcome=Outcome.DID_NOT_ATTEND) | later & Q(outcome__in=ANSWERED_LATE))
    spared = Mark.objects.filter(booking=OuterRef("pk"), attendance__in=SPARED)
    return Booking.objects.filter(
        Exists(tariff),
        ~has_open_register(),
        ~Exists(came_after_all),
        ~Q(Exists(booked_again), outcome=Outcome.CANCELLED_LATE),
        ~Exists(spared),
        outcome__in=Reason.values,
        event__in=Event.objects.delivered(now).filter(broken_off_at=None),
    )


def has_open_register(event: str = "event") -> Exists:
    """Whether a register of a booking's event is not there or not closed, so that nothing is certain yet."""
    return Exists(Session.objects.filter(event=OuterRef(event), register__closed_at=None))


def _tariff(booking: Booking, policy: ChargingPolicy, terms: Terms) -> Tariff | None:
    """What the policy that the booking was made under asks; None: nothing, as for conferences."""
    course = booking.event.course
    if booking.outcome == Reason.CANCELLED_LATE:
        tariff = terms.late_tariff(policy, course.duration, course.delivery, *_start_and_receipt(booking))
    else:
        found = terms.tariffs_for(
            policy, reason=booking.outcome or "", duration=course.duration, delivery=course.delivery
        )
        tariff = found[0] if found else None
    return tariff if tariff and tariff.net_amount > 0 else None


def _explanation(booking: Booking, policy: ChargingPolicy, tariff: Tariff, terms: Terms) -> str:
    """“Cancelled 1 working day before the event (policy of 1 April 2016 asks for 5): £75.”"""
    asked = str(policy)
    said = str(tariff.get_reason_display())
    if tariff.reason == Reason.CANCELLED_LATE:
        given = notice_given(booking, policy, tariff.notice_unit, terms)
        unit = UNIT_NAMES[Unit(tariff.notice_unit)]
        said = f"Cancelled {count(given, unit) if given else f'less than 1 {unit}'} before the event"
        asked += f" asks for {tariff.notice}"
    price = money.pounds(tariff.net_amount)
    if vat := money.vat_on(tariff.net_amount, tariff.vat_treatment):
        price += f" and {money.pounds(vat)} VAT"
    return f"{said} ({asked}): {price}."


def notice_given(booking: Booking, policy: ChargingPolicy, unit: str, terms: Terms) -> int:
    """Whole units between the cancellation and the event; of working days the number kept with the booking."""
    starts_at, received_at = _start_and_receipt(booking)
    if unit == Unit.HOURS:
        return max(0, int((starts_at - received_at).total_seconds() // 3600))
    received, first_day = terms.day_received(policy, received_at), timezone.localtime(starts_at).date()
    if unit == Unit.WORKING_DAYS:
        return booking.notice if booking.notice is not None else terms.notice(received, first_day)
    if unit == Unit.WEEKDAYS:
        return working_days.whole_days_between(received, first_day, closing=())
    return max(0, (first_day - received).days - 1)


def _start_and_receipt(booking: Booking) -> tuple[datetime, datetime]:
    """Of a cancelled booking on an event that is over, which therefore has both."""
    return cast(datetime, booking.event.starts_at), cast(datetime, booking.received_at)


def count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _answer_by(today: date, policy: ChargingPolicy, terms: Terms) -> date | None:
    if policy.answer_working_days == 0:
        return None
    day = today
    for _ in range(policy.answer_working_days):
        day = working_days.next_working_day(day, terms.closing)
    return day


def _is_exempt(booking: Booking) -> bool | None:
    reason = getattr(booking, "absence_reason", None)
    return None if reason is None else reason.is_exempt
