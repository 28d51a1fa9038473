"""Checking oneself in: the room's screen with a code that changes, and the page behind it on a delegate's phone.

Without a code of that moment the page tells nothing: not whether there is such an event, and not who is on it.
"""

from functools import partial
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from api import counting
from bookings import check_in as checks
from bookings import document
from bookings.attendance import IN_THE_ROOM
from bookings.models import Booking
from bookings.refusals import BookingRefused
from frontend.access import PersonRequest, SignedInRequest, signed_in
from frontend.registers import sheet as sheets
from people.names import match_key
from training.models import Event, Session

NOT_FOUND = (
    "We cannot find you on this register. The booking reference is in your confirmation, and the name is the one that "
    "you booked with. If you have no booking, tell the trainer."
)
NO_CODE = "This is not the code on the screen now. Scan it again, or type what the screen shows."
upper = partial(forms.TextInput, attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"})


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code on the room’s screen",
        help_text="Six letters and digits. It changes every half minute.",
        max_length=20,
        widget=upper(),
        error_messages={"required": "Enter the code on the room’s screen"},
    )

    def __init__(self, *args: Any, session: Session | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if self.session is None or not checks.is_code(self.session, code):
            raise forms.ValidationError(NO_CODE)
        return code


class WhoForm(forms.Form):
    """Who checks in, without a sign-in."""

    booking = forms.CharField(
        label="Booking reference",
        help_text="It is in your confirmation: ten letters and digits.",
        max_length=20,
        widget=upper(),
        error_messages={"required": "Enter your booking reference"},
    )
    name = forms.CharField(
        label="Full name",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )

    def __init__(self, *args: Any, bookings: QuerySet[Booking], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bookings = bookings
        self.found: Booking | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        reference, name = "".join(cleaned.get("booking", "").split()).upper(), match_key(cleaned.get("name", ""))
        if reference and name:
            booking = self.bookings.filter(reference=reference).first()
            if booking is None or match_key(booking.delegate.name) != name:
                raise forms.ValidationError(NOT_FOUND)
            self.found = booking
        return cleaned


@require_safe
@signed_in
@never_cache
def screen(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """For the room's screen: the code of this half minute, as a QR code and to type. It shows the next by itself."""
    sheet = sheets.find(request, reference, number, lines=False)
    here = Count("pk", filter=Q(marks__session=sheet.session, marks__attendance__in=IN_THE_ROOM), distinct=True)
    counted = Booking.objects.expected_at(sheet.session).aggregate(all=Count("pk", distinct=True), here=here)
    context = {"sheet": sheet, "counted": counted, "is_open": checks.is_open(sheet.session, timezone.now())}
    if context["is_open"]:
        code = checks.code(sheet.session)
        drawn = document.qr_code(checks.address(sheet.session, number), fills_its_place=True)
        context |= {"code": document.in_two(code), "qr": drawn}
    response = render(request, "registers/check_in_screen.html", context)
    response["Refresh"] = str(checks.seconds_left())
    return response


@require_http_methods(["GET", "POST"])
@never_cache
def check_in(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show a code of the screen, say who one is unless that is known, and press the button."""
    if counting.count("check-ins", counting.address_of(request)) > settings.CHECK_INS_A_MINUTE:
        response = render(request, "registers/check_in_too_often.html", status=429)
        response["Retry-After"] = str(counting.seconds_left())
        return response
    session = _session(reference, number)
    if session is None or not checks.is_ticket(session, request.POST.get("ticket", "")):
        return _with_code(request, session)
    own = _own(request, session)
    form = WhoForm(request.POST if own is None else None, bookings=_on_the_register(session))
    booking = own or (form.found if form.is_valid() else None)
    refused = ""
    if booking and request.POST.get("here"):
        try:
            checks.check_in(session=session, booking=booking, by=booking.delegate)
        except BookingRefused as refusal:
            refused = str(refusal)
        else:
            return redirect("registers:checked_in")
    return _page(request, session, own, form, refused)


@require_safe
def checked_in(request: HttpRequest) -> HttpResponse:
    """That it is done, and no more: it may be anybody's phone."""
    return render(request, "registers/checked_in.html")


def _with_code(request: HttpRequest, session: Session | None) -> HttpResponse:
    """Before a code is shown, the page asks for one; with one it asks who is there."""
    asked = request.POST if request.method == "POST" else request.GET
    form = CodeForm(asked if "code" in asked or request.method == "POST" else None, session=session)
    if session and form.is_valid():
        return _page(request, session, _own(request, session), WhoForm(bookings=_on_the_register(session)), "")
    return render(request, "registers/check_in_code.html", {"form": form})


def _page(request: HttpRequest, session: Session, own: Booking | None, form: WhoForm, refused: str) -> HttpResponse:
    context = {"session": session, "booking": own, "form": form, "refused": refused, "ticket": checks.ticket(session)}
    return render(request, "registers/check_in.html", context)


def _session(reference: str, number: int) -> Session | None:
    event = Event.objects.filter(reference=reference, state=Event.State.PUBLISHED).first()
    if event is None:
        return None
    sessions = list(event.sessions.select_related("event__course", "register").order_by("starts_at", "id"))
    return sessions[number - 1] if 1 <= number <= len(sessions) else None


def _on_the_register(session: Session) -> QuerySet[Booking]:
    return Booking.objects.expected_at(session).select_related("delegate", "policy")


def _own(request: HttpRequest, session: Session) -> Booking | None:
    """The booking of who is signed in."""
    person = cast(PersonRequest, request).person
    return _on_the_register(session).filter(delegate=person).first() if person else None
