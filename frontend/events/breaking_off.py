"""Recording that an event was broken off: when, why, what it counts as; what follows; then it is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import breaking_off, cancelling, counts
from bookings.breaking_off import FOLLOWS
from bookings.refusals import BookingRefused, RegisterRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.events.forms import BreakOffForm
from frontend.formats import first_few, plural
from training.models import Event
from training.permissions import may_change_programme

NOTHING = Event.Counts.NOTHING


@require_http_methods(["GET", "POST"])
@signed_in
def break_off(request: SignedInRequest, reference: str) -> HttpResponse:
    """Nothing is done before the page that says what follows."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    require(may_change_programme(request.person), who="A coordinator")
    try:
        breaking_off.refuse(event)
    except (BookingRefused, RegisterRefused) as refusal:
        messages.error(request, str(refusal))
        return returning.to(request, "events:event", reference)
    dates = counts.counted(cancelling.next_dates(event))
    form = BreakOffForm(request.POST or None, dates, day=timezone.localdate(event.starts_at))
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        answer = _answer(request, event, form)
        if answer is not None:
            return answer
    return render(request, "events/break_off.html", {"event": event, "form": form})


def _answer(request: SignedInRequest, event: Event, form: BreakOffForm) -> HttpResponse | None:
    """What follows, or that it is done; None where it was refused, which the form says."""
    try:
        if "confirm" in request.POST:
            return _done(request, event, form)
        follows = breaking_off.what_follows(event, form.moment, form.cleaned_data["counts"])
    except (BookingRefused, RegisterRefused) as refusal:
        form.add_error(None, str(refusal))
        return None
    asked = form.cleaned_data
    counts_as_nothing = asked["counts"] == NOTHING
    context = {
        "event": event,
        "follows": follows,
        "asked": asked,
        "at": form.moment,
        "says": FOLLOWS[asked["counts"]],
        "counts": Event.Counts(asked["counts"]).label,
        "is_off": counts_as_nothing,
        "instead": form.next_date if counts_as_nothing else None,
        "entered": [(name, value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"],
    }
    return render(request, "events/check_breaking_off.html", context)


def _done(request: SignedInRequest, event: Event, form: BreakOffForm) -> HttpResponse:
    asked = form.cleaned_data
    done = breaking_off.break_off(
        event=event,
        at=form.moment,
        counts=asked["counts"],
        reason=asked["reason"],
        by=request.person,
        instead=form.next_date if asked["counts"] == NOTHING else None,
    )
    said = f"{event} is recorded as broken off. {plural(done.number_told, 'person is', 'people are')} told by email."
    if done.made_up:
        theirs = plural(len(done.made_up), "delegate", "delegates")
        said += f" What {theirs} made up there is to be made up elsewhere."
    if asked["counts"] != NOTHING:
        said += " Mark its register, hand it in and close it: the outcomes follow."
    messages.success(request, said)
    if done.unreached:
        names = first_few(booking.delegate.name for booking in done.unreached)
        messages.warning(request, f"No email goes to {names}, as nobody knows an address. Tell them yourself.")
    return returning.to(request, "events:event", event.reference)
