"""My training: what comes, what one waits for, what was, and what one holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import holding, materials
from bookings.models import Booking, Offer
from frontend.access import SignedInRequest, signed_in
from frontend.bookings import rows
from frontend.holding import words
from people.models import Person
from training.models import Trainer

# How many of one's latest bookings are shown; the list of bookings has them all.
LATEST = 30
# What stands over one's bookings to come, by their state, in this order.
TITLES = {
    Booking.State.OFFERED: "A place is held for you: accept or decline it",
    Booking.State.CONFIRMED: "Next",
    Booking.State.REQUESTED: "Awaiting approval",
    Booking.State.WAITING: "You are waiting for",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A booking to come, with what can be done with it; or a session of one, made up at another event."""

    booking: Any
    actions: Sequence[rows.Action] = ()
    made_up: rows.MadeUp | None = None

    @property
    def at(self) -> datetime:
        """What has no date yet comes last."""
        begins: datetime | None = self.made_up.at if self.made_up else self.booking.event.starts_at
        return begins or datetime.max.replace(tzinfo=UTC)


@require_safe
@signed_in
def my_training(request: SignedInRequest) -> HttpResponse:
    """One's own bookings by where they stand, and the courses that one holds."""
    person, now = request.person, timezone.now()
    bookings = list(_latest(person))
    for one in bookings:
        one.has_materials = materials.is_given(one, now)
    held = [one for one in holding.of([person]) if one.attended_on]
    context = {
        "groups": _by_state(bookings, person, now),
        "past": [one for one in bookings if not _is_coming(one, now)],
        "has_more": len(bookings) == LATEST,
        "held": [(one, words.TONES[one.standing], words.until(one)) for one in held],
        "tones": rows.TONES,
        "attended": Booking.Outcome.ATTENDED,
        "has_staff": person.is_line_manager,
        "trains": Trainer.objects.filter(person=person).exists(),
    }
    return render(request, "holding/my_training.html", context)


def _latest(person: Person) -> QuerySet[Any]:
    own = rows.with_request(rows.with_position(Booking.objects.filter(delegate=person)))
    own = rows.with_make_ups(rows.with_whereabouts(own, person)).select_related("event__course", "delegate")
    offer = Offer.objects.live().filter(booking=OuterRef("pk"))
    own = own.annotate(held_until=Subquery(offer.values("ends_at")[:1]), whens=materials.whens())
    return own.order_by("-event__starts_at", "-id")[:LATEST]


def _is_coming(booking: Booking, now: datetime) -> bool:
    return booking.state != Booking.State.CANCELLED and not booking.event.is_over(now)


def _by_state(bookings: list[Any], person: Person, now: datetime) -> list[tuple[str, list[Line]]]:
    """The bookings to come, under the name of their state; the next session that is made up stands among them."""
    coming = [one for one in reversed(bookings) if _is_coming(one, now)]
    groups = {
        title: [Line(one, rows.actions(one, person)) for one in coming if one.state == state]
        for state, title in TITLES.items()
    }
    made_up = [Line(one, made_up=found) for one in bookings for found in rows.make_ups(one)]
    if made_up:
        groups[TITLES[Booking.State.CONFIRMED]] += made_up
        groups[TITLES[Booking.State.CONFIRMED]].sort(key=lambda line: line.at)
    return [(title, found) for title, found in groups.items() if found]
