"""The register of one session: marked by hand on a phone, read once it is closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from bookings.permissions import may_close
from bookings.refusals import BookingRefused, RegisterRefused
from frontend import formats
from frontend.access import SignedInRequest, signed_in
from frontend.registers import sheet as sheets

# Buttons that save what is marked, and then go on to another page.
THEN = {"rest": "registers:mark_rest", "walk-in": "registers:walk_in", "hand-in": "registers:hand_in"}


@require_http_methods(["GET", "POST"])
@signed_in
def register(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """The delegates of a session with their marks; what is changed is saved by one button, also in part."""
    sheet = sheets.find(request, reference, number)
    if request.method == "POST":
        try:
            saved = sheets.save(sheet, request.POST, request.person)
        except (RegisterRefused, BookingRefused) as refusal:
            messages.error(request, str(refusal))
            return redirect("registers:register", reference, number)
        if not sheet.conflicts:
            return _saved(request, sheet, saved)
    context = {"sheet": sheet, "often": sheets.OFTEN, "seldom": sheets.SELDOM, "closes": may_close(request.person)}
    return render(request, "registers/register.html", context)


def _saved(request: SignedInRequest, sheet: sheets.Sheet, saved: int) -> HttpResponse:
    then = THEN.get(request.POST.get("then", ""), "registers:register")
    if then == "registers:register":
        done = f"{formats.plural(saved, 'mark')} saved." if saved else "Nothing was changed."
        messages.success(request, f"{done} {sheet.marked} of {len(sheet.lines)} are marked.")
    return redirect(then, sheet.event.reference, sheet.number)
