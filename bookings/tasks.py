"""What the background does about bookings.

Every few minutes offers and requests that nobody answered lapse, reservations without names and the places of who left
go back, lists move, what delegates need is forgotten where the time is over, and they are told what changed; every hour
they are reminded, and who is to approve; every night registers close that need nobody to look at them.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bookings import (
    approval,
    calling_off,
    changes,
    closing,
    leavers,
    make_up_reminders,
    making_up,
    naming,
    needs,
    offers,
    reminders,
    reservations,
)
from bookings.models import Approval, Booking, Offer, Reservation
from outbox import jobs, schedule
from outbox.models import Job
from outbox.progress import Progress
from training.models import Event

MOVE_LISTS, TELL, REMIND = "move-waiting-lists", "tell-changes", "remind"
CLOSE = "close-registers"


def move_lists(job: Job, progress: Progress) -> dict[str, Any]:
    """One event after the other, each in a transaction of its own: what was done stays done, and again does nothing."""
    events = waiting_for_the_clock()
    for event in events:
        reservations.release_unnamed(event)
        approval.lapse(event)
        offers.lapse(event)
    return {"events": len(events), "handovers": leavers.lapse(), "needs": needs.forget()}


def waiting_for_the_clock() -> list[Event]:
    """Events with something that ended by itself, or with people waiting, as a hold may have ended."""
    now = timezone.now()
    lapsed = Offer.objects.to_lapse(now).filter(booking__event=OuterRef("pk"))
    undecided = Approval.objects.to_lapse(now).filter(booking__event=OuterRef("pk"))
    waiting = Booking.objects.waiting().order_by().filter(event=OuterRef("pk"))
    unnamed = Reservation.objects.live().filter(event=OuterRef("pk"), named_until__lte=now)
    coming = Q(state=Event.State.PUBLISHED, starts_at__gt=now)
    ended = Exists(lapsed) | Exists(undecided) | Exists(unnamed)
    return list(Event.objects.filter(ended | coming & Exists(waiting)).order_by("pk"))


def cancel_event(job: Job, progress: Progress) -> dict[str, Any]:
    """Of which it was said some minutes ago that it will be cancelled, unless that was stopped."""
    event = Event.objects.get(pk=job.arguments["event"])
    return {"cancelled": calling_off.carry_out(event=event, now=timezone.now()) is not None}


def tell(job: Job, progress: Progress) -> dict[str, Any]:
    return changes.tell() | {"made_up": making_up.tend()}


def remind(job: Job, progress: Progress) -> dict[str, Any]:
    return reminders.remind() | {
        "approvals": approval.remind_due(),
        naming.TO_NAME: naming.remind(),
        make_up_reminders.SOON: make_up_reminders.remind(),
    }


def close(job: Job, progress: Progress) -> dict[str, Any]:
    return {"closed": closing.close_by_themselves(), "forgotten": closing.forget_nonces()}


def register() -> None:
    """Have it done."""
    jobs.register(MOVE_LISTS, move_lists)
    jobs.register(calling_off.CARRY_OUT, cancel_event)
    jobs.register(TELL, tell)
    jobs.register(REMIND, remind)
    jobs.register(CLOSE, close)
    schedule.register(MOVE_LISTS, schedule.EveryMinutes(5))
    schedule.register(TELL, schedule.EveryMinutes(5))
    schedule.register(REMIND, schedule.EveryMinutes(60))
    schedule.register(CLOSE, schedule.Daily(5))
