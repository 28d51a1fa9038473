"""A conference's workshops: how full each is, who goes where, their places, and the badges of who comes."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import badges as badge_sheet
from bookings import workshop_choices
from bookings.models import Booking, WorkshopChoice
from bookings.permissions import may_give_places
from bookings.refusals import BookingRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.downloads import list_file, record
from frontend.events.forms import NumberForm
from frontend.formats import plural
from people.models import Partnership
from training.models import Event, Workshop

State = Booking.State
# In the address: who has not chosen for each time.
MISSING = "missing"
NUMBERS = ("Workshop", "When", "Places", "Taken", "Left", "Waiting")


@dataclass
class Line:
    """A delegate with the workshops that they have chosen."""

    booking: Booking
    workshops: list[Workshop] = field(default_factory=list)

    @property
    def by_slot(self) -> dict[str, str]:
        return {one.slot: one.title for one in self.workshops}


@require_safe
@signed_in
def workshops(request: SignedInRequest, reference: str) -> HttpResponse:
    """Slot by slot, and below all delegates, or those of one workshop, or who has not chosen for each time."""
    event = _event(request, reference)
    offered = list(_counted(event))
    slots = {one.slot for one in offered}
    lines = _lines(event)
    of = request.GET.get("of", "")
    chosen = next((one for one in offered if str(one.pk) == of), None)
    context = {
        "event": event,
        "slots": list(workshop_choices.by_slot(offered)),
        "chosen": chosen,
        "is_missing": of == MISSING,
        "missing": sum(line.by_slot.keys() != slots for line in lines),
        "lines": [line for line in lines if _is_shown(line, chosen, slots if of == MISSING else None)],
        "all": len(lines),
        "off_lists": sum(line.booking.delegate.is_off_lists and _comes(line.booking) for line in lines),
        "is_open": event.cancelled_at is None and not event.has_begun(),
    }
    return render(request, "events/workshops.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def change_places(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """More or fewer places in a workshop: first how many, then what follows, to check; then it is done."""
    event = _event(request, reference)
    workshop = get_object_or_404(_counted(event), pk=number)
    form = NumberForm(request.POST or None, initial={"places": workshop.places})
    context: dict[str, Any] = {"event": event, "workshop": workshop, "form": form, "checks": False}
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        asked = {"workshop": workshop, "places": form.cleaned_data["places"], "by": request.person}
        try:
            if "confirm" in request.POST:
                offered = workshop_choices.change_places(**asked)
                told = f" {plural(len(offered), 'person is', 'people are')} offered a place." if offered else ""
                messages.success(
                    request, f"“{workshop.title}” has {plural(form.cleaned_data['places'], 'place')} now.{told}"
                )
                return returning.to(request, "events:workshops", reference)
            context |= {"checks": True, "offered": workshop_choices.what_follows(**asked)}
        except BookingRefused as refusal:
            form.add_error("places", str(refusal))
    return render(request, "events/workshop_places.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest, reference: str) -> HttpResponse:
    """The numbers of each workshop as a file."""
    event = _event(request, reference)
    rows = [
        (one.title, one.slot, one.places, one.taken, max(one.places - one.taken, 0), one.waiting)
        for one in _counted(event)
    ]
    return list_file(request, f"workshops-{reference}", NUMBERS, rows)


@require_safe
@signed_in
def badges(request: SignedInRequest, reference: str) -> HttpResponse:
    """Names, agencies and workshops of who comes, as a file: for labels. Who is kept off lists is not on it."""
    event = _event(request, reference)
    slots = list(dict.fromkeys(one.slot for one in workshop_choices.of_event(event)))
    rows = [
        (line.booking.delegate.name, line.booking.agency.name, *(line.by_slot.get(slot, "") for slot in slots))
        for line in _named(event)
    ]
    heads = ["Name", "Agency", *(slot or "Workshop" for slot in slots)]
    return list_file(request, f"badges-{reference}", heads, rows)


@require_safe
@signed_in
def badges_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """The same as badges to cut out, ten a page."""
    event = _event(request, reference)
    lines = _named(event)
    partnership = Partnership.objects.first() or Partnership()
    content = badge_sheet.made(
        event,
        [
            badge_sheet.Badge(line.booking.delegate.name, line.booking.agency.name, [*line.by_slot.items()])
            for line in lines
        ],
        partnership=partnership.name,
        at=timezone.now(),
    )
    record(request, f"badges-{reference}", "pdf", len(lines))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="badges-{reference}.pdf"'
    return response


def _event(request: SignedInRequest, reference: str) -> Event:
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_give_places(request.person), who="A coordinator")
    return event


def _counted(event: Event) -> Any:
    """Its workshops slot by slot, each with taken, and waiting: who waits for the event and has chosen it."""
    waits = Q(choices__booking__state=State.WAITING)
    return workshop_choices.of_event(event).annotate(
        taken=Count("choices", filter=Q(choices__booking__in=Booking.objects.holding_a_place())),
        waiting=Count("choices", filter=waits),
    )


def _lines(event: Event) -> list[Line]:
    choices = WorkshopChoice.objects.select_related("workshop").order_by("workshop__pk")
    found = (
        event.bookings.exclude(state=State.CANCELLED)
        .select_related("delegate", "agency")
        .prefetch_related(Prefetch("workshop_choices", choices))
        .order_by("delegate__sort_name", "pk")
    )
    return [Line(one, [choice.workshop for choice in one.workshop_choices.all()]) for one in found]


def _is_shown(line: Line, chosen: Workshop | None, slots: set[str] | None) -> bool:
    """Whether the line is of the chosen workshop; with slots, whether it lacks a choice for one of them."""
    if chosen is not None:
        return chosen in line.workshops
    return slots is None or line.by_slot.keys() != slots


def _comes(booking: Booking) -> bool:
    return booking.state == State.CONFIRMED


def _named(event: Event) -> list[Line]:
    """Who comes, if only to make up a session, and may stand on a list that others see."""
    made_up = Booking.objects.making_up_at(event).select_related("delegate", "agency")
    coming = [line for line in _lines(event) if _comes(line.booking)] + [Line(one) for one in made_up]
    named = [line for line in coming if not line.booking.delegate.is_off_lists]
    return sorted(named, key=lambda line: (line.booking.delegate.sort_name, line.booking.pk))
