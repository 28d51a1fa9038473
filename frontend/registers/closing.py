"""Closing the registers of an event, with what follows from it, and opening them again."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bookings import attendance, corrections, making_up
from bookings import register as registers
from bookings.models import Booking, Tariff
from bookings.permissions import may_close
from bookings.refusals import BookingRefused, RegisterRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.registers import sheet as sheets
from frontend.registers.forms import ReopenForm
from invoicing import dues
from training.models import Event, Session

GET_OR_POST = ["GET", "POST"]
Outcome = Booking.Outcome


@dataclass
class WhatFollows:
    """What closing would write: who has which outcome; and what stands in its way."""

    sessions: list[Session]
    is_over: bool
    outcomes: dict[str, list[Booking]] = field(default_factory=lambda: defaultdict(list))
    # Who did not attend, and whose policy asks for a sum.
    charged: list[Any] = field(default_factory=list)
    # Marked at not all sessions.
    unmarked: list[Booking] = field(default_factory=list)

    @property
    def not_handed_in(self) -> list[Session]:
        return [session for session in self.sessions if not registers.is_handed_in(session)]

    @property
    def can_close(self) -> bool:
        return self.is_over and not self.not_handed_in and not self.unmarked

    def named(self, outcome: str) -> list[Booking]:
        return self.outcomes.get(outcome, [])


@require_http_methods(GET_OR_POST)
@signed_in
def close(request: SignedInRequest, reference: str) -> HttpResponse:
    """Close all registers of an event, after a look at what follows."""
    event = sheets.find_event(request, reference)
    require(may_close(request.person), who="A coordinator")
    if request.method == "POST":
        try:
            registers.close(event=event, by=request.person)
        except (RegisterRefused, BookingRefused) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The register of {event} is closed. Each booking has its outcome.")
            if corrections.of(event).exists():
                return returning.to(request, "registers:corrections", event.reference)
        return returning.to(request, "events:event", event.reference)
    return render(request, "registers/close.html", {"event": event, "follows": what_follows(event)})


@require_http_methods(GET_OR_POST)
@signed_in
def reopen(request: SignedInRequest, reference: str) -> HttpResponse:
    """Open closed registers again, with a reason."""
    event = sheets.find_event(request, reference)
    require(may_close(request.person), who="A coordinator")
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            registers.reopen(event=event, by=request.person, reason=form.cleaned_data["reason"])
        except RegisterRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The register of {event} is open again. Close it once it is right.")
        return returning.to(request, "events:event", event.reference)
    return render(request, "registers/reopen.html", {"event": event, "form": form})


def what_follows(event: Event) -> WhatFollows:
    """As register.close would decide it, in two queries."""
    came = Count("marks", filter=Q(marks__attendance__in=attendance.IN_THE_ROOM))
    sessions = event.sessions.select_related("register").annotate(came=came).order_by("starts_at", "id")
    follows = WhatFollows(list(sessions), event.is_over())
    bookings = registers.with_marks(event.bookings.on_the_register().select_related("delegate", "agency"))
    price = Subquery(price_of_absence(OuterRef("policy"), event).values("net_amount")[:1])
    in_part = event.broken_off_counts == Event.Counts.PART
    for booking in bookings.annotate(price=price).order_by("delegate__sort_name", "id"):
        if len(booking.marked) < len(follows.sessions):
            follows.unmarked.append(booking)
            continue
        outcome = attendance.outcome(booking.marked, booking.policy, counts_in_part=in_part)
        follows.outcomes[outcome].append(booking)
        spared = {mark["attendance"] for mark in booking.marked} & set(dues.SPARED)
        if outcome == Outcome.DID_NOT_ATTEND and booking.price and not spared and not event.broken_off_at:
            follows.charged.append(booking)
    follows.unmarked += [one.booking for one in making_up.unmarked(event)]
    return follows


def price_of_absence(policy: OuterRef, event: Event) -> QuerySet[Tariff]:
    """For subqueries: what the policy at this path asks of who does not attend such a course."""
    return Tariff.objects.filter(
        policy=policy,
        reason=Tariff.Reason.DID_NOT_ATTEND,
        duration=event.course.duration,
        delivery=event.course.delivery,
    )
