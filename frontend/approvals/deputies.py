"""Who decides about requests in one's place while one is away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bookings import deputies
from bookings.models import Deputy
from bookings.refusals import NoDeputy
from frontend.access import SignedInRequest, signed_in
from frontend.approvals.forms import DeputyForm
from frontend.formats import full_date


@require_http_methods(["GET", "POST"])
@signed_in
def deputy(request: SignedInRequest) -> HttpResponse:
    """Name a deputy, and see those of today and to come; and for whom one is a deputy oneself."""
    form = DeputyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            named = deputies.name(by=request.person, **form.cleaned_data)
        except NoDeputy as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                f"{named.deputy} is your deputy from {full_date(named.starts_on)} to {full_date(named.ends_on)}.",
            )
            return redirect("approvals:deputy")
    standing = Deputy.objects.standing().order_by("starts_on")
    context = {
        "form": form,
        "own": standing.filter(manager=request.person).select_related("deputy"),
        "of_others": standing.filter(deputy=request.person).select_related("manager"),
    }
    return render(request, "approvals/deputy.html", context)


@require_POST
@signed_in
def end(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take it back."""
    own = get_object_or_404(Deputy, reference=reference, manager=request.person)
    ended = deputies.end(deputy=own)
    messages.success(request, f"{ended.deputy} is not your deputy any more.")
    return redirect("approvals:deputy")
