"""Charging policies, bookings and registers."""

from bookings.models.booking import AbsenceReason, Booking, WorkshopChoice
from bookings.models.policy import ChargingPolicy, ClosingDay, ExemptionReason, Tariff
from bookings.models.register import Mark, Register
from bookings.models.telling import CalendarFeed, EventChange

__all__ = [
    "AbsenceReason",
    "Booking",
    "CalendarFeed",
    "ChargingPolicy",
    "ClosingDay",
    "EventChange",
    "ExemptionReason",
    "Mark",
    "Register",
    "Tariff",
    "WorkshopChoice",
]
