"""Charging policies, bookings, registers and certificates."""

from bookings.models.absence import AbsenceReason
from bookings.models.announcement import Announcement
from bookings.models.approval import Approval, Deputy
from bookings.models.booking import Booking, WorkshopChoice, WorkshopMove
from bookings.models.certificate import Certificate
from bookings.models.correction import Correction
from bookings.models.departure import Departure, Handover
from bookings.models.make_up import MakeUp
from bookings.models.need import KeptNeed, Need, NeedReading
from bookings.models.offer import Offer
from bookings.models.policy import ChargingPolicy, ClosingDay, ExemptionReason, Tariff
from bookings.models.register import Mark, Register, SentMark
from bookings.models.sharing import Cap, Hold, Reservation
from bookings.models.telling import CalendarFeed, EventChange

__all__ = [
    "AbsenceReason",
    "Announcement",
    "Approval",
    "Booking",
    "CalendarFeed",
    "Cap",
    "Certificate",
    "ChargingPolicy",
    "ClosingDay",
    "Correction",
    "Departure",
    "Deputy",
    "EventChange",
    "ExemptionReason",
    "Handover",
    "Hold",
    "KeptNeed",
    "MakeUp",
    "Mark",
    "Need",
    "NeedReading",
    "Offer",
    "Register",
    "Reservation",
    "SentMark",
    "Tariff",
    "WorkshopChoice",
    "WorkshopMove",
]
