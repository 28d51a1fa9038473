"""Charging policies, bookings and registers."""

from bookings.models.booking import AbsenceReason, Booking, WorkshopChoice
from bookings.models.policy import ChargingPolicy, ClosingDay, ExemptionReason, Tariff
from bookings.models.register import Mark, Register

__all__ = [
    "AbsenceReason",
    "Booking",
    "ChargingPolicy",
    "ClosingDay",
    "ExemptionReason",
    "Mark",
    "Register",
    "Tariff",
    "WorkshopChoice",
]
