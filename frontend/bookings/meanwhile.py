"""What became of a booking, or of the cost of giving it up, while a page about it was open."""

from decimal import Decimal, InvalidOperation

from bookings.cost_in_words import pounds
from bookings.models import Booking, Tariff
from bookings.places import cost_of_cancelling
from frontend.access import SignedInRequest
from training.moments import until

FREE = "free"


def cost_shown(tariff: Tariff | None) -> str:
    """The cost as the page that shows it sends it along with its button."""
    return str(tariff.net_amount) if tariff else FREE


def risen(request: SignedInRequest, booking: Booking, tariff: Tariff | None) -> str:
    """In a sentence that the cost is higher now than the page showed; empty where it is not."""
    shown = request.POST.get("cost")
    if shown is None or tariff is None or tariff.net_amount <= _amount(shown):
        return ""
    since = cost_of_cancelling(booking).free_until
    if shown == FREE and since:
        return f"It is no longer free since {until(since)}; nothing was changed."
    return f"It costs {pounds(tariff.net_amount)} by now; nothing was changed."


def too_late(request: SignedInRequest, booking: Booking, *, may_have_begun: bool = False) -> str:
    """Why a page whose button can only be refused is not shown, said to or of its delegate; empty where it is.

    What is sent all the same is refused by the change itself.
    """
    if request.method != "GET":
        return ""
    is_own = booking.delegate_id == request.person.pk
    if booking.state == Booking.State.CANCELLED:
        return f"{'Your' if is_own else f'{booking.delegate.name}’s'} booking on {booking.event} is cancelled already."
    if booking.event.has_begun() and not may_have_begun:
        whose = "you" if is_own else booking.delegate.name
        return (
            f"{booking.event} has begun, so nothing can be changed for {whose}. Attendance is marked on its register."
        )
    return ""


def _amount(shown: str) -> Decimal:
    try:
        amount = Decimal(shown)
    except InvalidOperation:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)
