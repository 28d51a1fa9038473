"""The register of one session: marked by hand on a phone, read once it is closed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bookings.permissions import may_close
from bookings.refusals import BookingRefused, RegisterRefused
from frontend import formats, returning
from frontend.access import SignedInRequest, signed_in
from frontend.downloads import How, list_file
from frontend.registers import sheet as sheets
from people.permissions import Right, may

# Heads of the register's file, and where the values of a line are.
COLUMNS: dict[str, How] = {
    "Delegate": "booking.delegate.name",
    "Agency": "booking.agency.name",
    "Booking": "booking.reference",
    "Source": lambda line: "Makes up a session" if line.missed else line.booking.get_source_display(),
    "Mark": "word",
    "Marked by": "marked_by",
    "Marked": "marked_at",
}
ADDRESSES: dict[str, How] = {"Email": "booking.delegate.email"}

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
            return returning.to(request, "registers:register", reference, number)
        if not sheet.not_saved:
            return _saved(request, sheet, saved)
    context = {"sheet": sheet, "often": sheets.OFTEN, "seldom": sheets.SELDOM, "closes": may_close(request.person)}
    return render(request, "registers/register.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """The register as it is marked by now, as a file. Addresses are for who sees bookings, not for trainers."""
    sheet = sheets.find(request, reference, number)
    columns = COLUMNS | (ADDRESSES if may(request.person, Right.SEE_BOOKINGS) else {})
    return list_file(request, f"register-{sheet.event.reference}-{number}", columns, sheet.lines)


def _saved(request: SignedInRequest, sheet: sheets.Sheet, saved: int) -> HttpResponse:
    then = THEN.get(request.POST.get("then", ""), "registers:register")
    if then == "registers:register":
        done = f"{formats.plural(saved, 'mark')} saved." if saved else "Nothing was changed."
        messages.success(request, f"{done} {sheet.marked} of {len(sheet.lines)} are marked.")
    return returning.to(request, then, sheet.event.reference, sheet.number)
