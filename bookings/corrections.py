"""What changes when a register is opened again, marked otherwise and closed once more, and telling whom it concerns.

What it costs follows from the outcomes and is not known here: invoicing looks at them.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings import steps
from bookings.models import Booking, Correction
from outbox import messages
from people import persons
from people.models import Person
from training.models import Event

TEMPLATE = "attendance_corrected"

_CAME = "If your agency was charged for the place as not used, finance is asked to take that back."
# What a delegate is told beside what the register says now.
FOLLOWS: dict[str, str] = {
    Booking.Outcome.ATTENDED: f"You can make a certificate of attendance on the page of your booking. {_CAME}",
    Booking.Outcome.PART_ATTENDED: _CAME,
    Booking.Outcome.DID_NOT_ATTEND: "A certificate that you made for it is withdrawn, and your agency may be charged "
    "for the place. If you were there, tell us: the register can be put right again.",
}


def begin(event: Event) -> None:
    """Keep each outcome as a register is opened again, before they are taken back.

    Who was corrected before and is not told of it yet keeps the outcome of before that. Lock the event first.
    """
    Correction.objects.to_settle().filter(booking__event=event).update(became="", closed_at=None)
    kept = Correction.objects.filter(booking__event=event, settled_at=None).values("booking")
    known = event.bookings.on_the_register().filter(outcome__isnull=False).exclude(pk__in=kept)
    Correction.objects.bulk_create([Correction(booking=one, was=one.outcome or "") for one in known])


def conclude(event: Event, now: datetime) -> None:
    """Keep what is otherwise than before, as the registers have been closed once more. Lock the event first."""
    begun = {one.booking_id: one for one in Correction.objects.filter(booking__event=event, closed_at=None)}
    if not begun:
        return
    outcomes = {one.pk: one.outcome or "" for one in event.bookings.filter(outcome__isnull=False)}
    here = set(event.bookings.on_the_register().values_list("pk", flat=True))
    new = [Correction(booking_id=pk) for pk in here - begun.keys()]
    changed = [one for one in (*begun.values(), *new) if outcomes[one.booking_id] != one.was]
    for one in changed:
        one.became, one.closed_at = outcomes[one.booking_id], now
    Correction.objects.bulk_update([one for one in changed if one.pk], ["became", "closed_at"])
    Correction.objects.bulk_create([one for one in changed if one.pk is None])
    same = [one.pk for one in begun.values() if one not in changed]
    Correction.objects.filter(pk__in=same).delete()


def correct(booking: Booking, outcome: Booking.Outcome, now: datetime) -> None:
    """Give a booking, whose register is closed, another outcome, as a session was made up. Lock its event first."""
    before, booking.outcome = booking.outcome or "", outcome
    booking.save(update_fields=["outcome"])
    known = Correction.objects.filter(booking=booking, settled_at=None)
    if known.filter(was=outcome).delete()[0] or known.update(became=outcome, closed_at=now):
        return
    Correction.objects.create(booking=booking, was=before, became=outcome, closed_at=now)


def of(event: Event) -> QuerySet[Any]:
    """What is to be settled about the event, by the delegates' names, each with where its mail goes as mailbox."""
    found = Correction.objects.to_settle().filter(booking__event=event)
    found = found.select_related("booking__delegate", "booking__agency", "booking__event__course")
    return found.annotate(mailbox=persons.mailbox("booking__delegate")).order_by("booking__delegate__sort_name", "pk")


@transaction.atomic
def settle(*, event: Event, references: Collection[str], by: Person, tell: bool) -> list[Booking]:
    """Settle these bookings' corrections, telling the delegates or not; returns whose were. Again settles none."""
    rows = Correction.objects.to_settle().filter(booking__event=event, booking__reference__in=references)
    found = list(
        rows.select_related("booking__delegate", "booking__event").select_for_update(of=["self"]).order_by("pk")
    )
    Correction.objects.filter(pk__in=[one.pk for one in found]).update(
        settled_at=timezone.now(), settled_by=by, was_told=tell
    )
    for one in found if tell else ():
        _tell(one)
    return [one.booking for one in found]


def _tell(correction: Correction) -> None:
    booking = correction.booking
    if not booking.event.is_silent() and (to := persons.mailbox_of(booking.delegate)):
        # One message a correction: a register may be put right twice.
        key = f"{steps.key_of(TEMPLATE, booking.reference)}:{correction.pk}"
        messages.post(key=key, template=TEMPLATE, to=to, reference=booking.reference)
