"""Access and dietary needs: those of an event's delegates, of one's own booking, and what one keeps for next time."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import needs
from bookings.models import Booking, Need
from bookings.needs import NONE, Needs
from bookings.permissions import may_note_needs, may_see_needs
from bookings.refusals import BookingRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.booking.forms import BookingForm, NeedsForm
from frontend.returning import kept_list
from people.models import Person
from training.models import Event

WHO = "A coordinator, and from a week before the event its trainers"


@require_safe
@signed_in
def of_event(request: SignedInRequest, reference: str) -> HttpResponse:
    """Who comes with which needs. They are about health, so that somebody opened them is recorded."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_see_needs(request.person, event), who=WHO)
    needs.opened(event, request.person)
    now, found = timezone.now(), list(needs.of_event(event))
    arranges = may_note_needs(request.person) and not event.is_over(now)
    context = {
        "event": event,
        "needs": found,
        "arranges": arranges,
        "only_food": sum(not one.is_arranged and not one.access for one in found) if arranges else 0,
        "seen": now.isoformat(),
    }
    return render(request, "booking/event_needs.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def of_booking(request: SignedInRequest, reference: str) -> HttpResponse:
    """What the delegate needs on the day; a coordinator notes it for who rings up, and that they looked is recorded."""
    found = Booking.objects.visible_to(request.person).select_related("event__course", "delegate", "need")
    booking = get_object_or_404(found, reference=reference)
    is_own = booking.delegate_id == request.person.pk
    require(is_own or may_note_needs(request.person), who="The delegate or a coordinator")
    if not is_own:
        needs.opened(needs.event_of(booking), request.person)
    # Only one's own can be kept for the next time.
    kind = BookingForm if is_own else NeedsForm
    form = kind(request.POST if request.method == "POST" else None, initial=_said(booking))
    if form.is_valid():
        try:
            needs.change(booking=booking, needs=form.needs, by=request.person)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if form.cleaned_data.get("keep"):
                needs.keep(person=request.person, needs=form.needs)
            messages.success(request, "The needs are noted." if form.needs else "Noted: there are no needs.")
        return redirect(reverse("bookings:booking", args=[reference]) + kept_list(request))
    return render(request, "booking/needs.html", {"booking": booking, "form": form, "is_own": is_own})


def unsaved(request: SignedInRequest, reference: str) -> HttpResponse | None:
    """What somebody wrote who is booked already, to be saved with that booking of theirs; None: nothing new."""
    wrote = BookingForm(request.POST)
    if wrote.is_valid() and not wrote.needs:
        return None
    found = Booking.objects.filter(delegate=request.person).select_related("event__course", "delegate", "need")
    booking = get_object_or_404(found, reference=reference)
    said = _said(booking)
    # What was left empty here stays as the booking says it.
    form = BookingForm({name: request.POST.get(name) or said.get(name, "") for name in BookingForm.base_fields})
    if form.is_valid() and form.needs == Needs(**said) and not _is_to_be_kept(form, request.person):
        return None
    context = {"booking": booking, "form": form, "is_own": True, "is_unsaved": True}
    return render(request, "booking/needs.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def kept(request: SignedInRequest) -> HttpResponse:
    """What is filled in whenever one books. Bookings made before stay as they are."""
    now = needs.kept_by(request.person)
    form = NeedsForm(
        request.POST if request.method == "POST" else None, initial={"access": now.access, "dietary": now.dietary}
    )
    if form.is_valid():
        needs.keep(person=request.person, needs=form.needs)
        said = "Your needs are kept for the next time you book." if form.needs else "Your needs are not kept any more."
        messages.success(request, said)
        return redirect("own:details")
    return render(request, "booking/kept_needs.html", {"form": form})


def _is_to_be_kept(form: BookingForm, person: Person) -> bool:
    """Whether the tick to keep it asks for something that is not so yet."""
    return form.cleaned_data["keep"] and form.needs != needs.kept_by(person)


def _said(booking: Booking) -> dict[str, str]:
    need: Need | Needs = getattr(booking, "need", NONE)
    return {"access": need.access, "dietary": need.dietary}
