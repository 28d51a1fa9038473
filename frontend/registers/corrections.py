"""What changed when a register was opened again and closed once more: one page with what follows from it.

The money is finance's to decide and the delegates are the coordinator's to tell; what is put off stays on their homes.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import corrections as changes
from bookings.models import Booking
from bookings.models.booking import ATTENDED
from bookings.permissions import may_close
from frontend import formats, returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.registers import sheet as sheets
from frontend.registers.closing import price_of_absence
from frontend.reports.standing import seen_by
from invoicing import dues
from invoicing.models import Charge
from invoicing.permissions import may_credit
from reporting import corrected
from reporting.formats import written
from reporting.models import PublishedReport
from training.models import Event

Outcome = Booking.Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One delegate whose outcome changed, and what follows."""

    correction: Any
    # Each with is_to_credit.
    charges: list[Any]

    @property
    def certificate(self) -> str:
        if self.correction.became == Outcome.ATTENDED:
            return "A certificate of attendance can be made."
        return "A certificate that was made is withdrawn." if self.correction.was == Outcome.ATTENDED else ""

    @property
    def to_credit(self) -> list[Any]:
        return [charge for charge in self.charges if charge.is_to_credit]

    @property
    def to_withdraw(self) -> list[Any]:
        """Charges on no invoice that are not owed any more: the next look takes them back by itself."""
        return [
            charge for charge in self.charges if charge.state in Charge.OPEN and charge.reason != self.correction.became
        ]

    @property
    def to_propose(self) -> Decimal | None:
        """What is to be proposed, where no charge for it stands yet."""
        is_charged = any(charge.reason == self.correction.became for charge in self.charges)
        is_absent = self.correction.became == Outcome.DID_NOT_ATTEND
        return self.correction.price if is_absent and not is_charged else None


@require_http_methods(["GET", "POST"])
@signed_in
def corrections(request: SignedInRequest, reference: str) -> HttpResponse:
    """See what follows from each correction, and tell the delegates who are ticked, or settle it without."""
    event = sheets.find_event(request, reference)
    require(may_close(request.person), who="A coordinator")
    if request.method == "POST":
        return _settle(request, event)
    price = Subquery(price_of_absence(OuterRef("booking__policy"), event).values("net_amount")[:1])
    found = list(changes.of(event).select_related("booking__event__evaluation").annotate(price=price))
    context = {
        "event": event,
        "rows": _rows(found),
        "written": written,
        "evaluation": _evaluation(found[0].booking.event) if any(one.became in ATTENDED for one in found) else "",
        "credits": may_credit(request.person),
        "is_silent": event.is_silent(),
    }
    return render(request, "registers/corrections.html", context | (_report(request, event, found) if found else {}))


def _report(request: SignedInRequest, event: Event, found: list[Any]) -> dict[str, Any]:
    """What differs in the report of the event's year: from the published one, or from before the corrections."""
    year = corrected.year_of(event)
    published = PublishedReport.objects.last_of(year).get(year)
    moved = corrected.moved_since(published, event) if published else corrected.moved(event, found)
    return {"year": year, "published": published, "differences": seen_by(request.person, moved)}


def _settle(request: SignedInRequest, event: Event) -> HttpResponse:
    tell = "tell" in request.POST
    settled = changes.settle(event=event, references=request.POST.getlist("booking"), by=request.person, tell=tell)
    if not settled:
        messages.error(request, "Nobody was ticked who is still to be told. Nothing was changed.")
        return redirect(reverse("registers:corrections", args=[event.reference]) + returning.kept_list(request))
    people = formats.plural(len(settled), "delegate")
    said = f"{people} will be told." if tell else f"{people}: settled without a message."
    messages.success(request, said)
    left = changes.of(event).exists()
    view = "registers:corrections" if left else "events:event"
    return redirect(reverse(view, args=[event.reference]) + returning.kept_list(request))


def _rows(found: list[Any]) -> list[Row]:
    charges: dict[int, list[Any]] = defaultdict(list)
    is_to_credit = Exists(dues.to_credit().filter(pk=OuterRef("pk")))
    rows: Any = Charge.objects.filter(booking__in=[one.booking_id for one in found]).annotate(is_to_credit=is_to_credit)
    for charge in rows.select_related("line__invoice").order_by("pk"):
        charges[charge.booking_id].append(charge)
    return [Row(one, charges[one.booking_id]) for one in found]


def _evaluation(event: Event) -> str:
    """Whether who came after all is asked how it was, in a sentence."""
    evaluation = getattr(event, "evaluation", None)
    if evaluation is None:
        return "Nobody is asked how it was: the event was not evaluated here."
    if not evaluation.is_open(timezone.now()):
        return "Nobody more is asked how it was: the evaluation has closed, and its results are out."
    return f"Who came after all is asked within the hour how it was, until {formats.full_date(evaluation.closes_at)}."
