"""Why a delegate did not come, told later: entered, checked with what follows for the charge, corrected, taken out."""

import logging
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from bookings import absences
from bookings.absences import Told
from bookings.models import AbsenceReason, Booking, ExemptionReason
from bookings.permissions import may_note_reasons
from bookings.refusals import BookingRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings.forms import ReceivedForm
from frontend.dates import DateField
from frontend.formats import full_date, money, plural
from invoicing.models import Charge
from people.models import Person
from people.permissions import Right, may

WHO = "A coordinator"
OTHER = "other"
State, Waiver = Charge.State, Charge.Waiver
SEEN = "seen"
NOT_ENTERED = ("confirm", "change", "csrfmiddlewaretoken")

logger = logging.getLogger(__name__)


class ReasonForm(forms.Form):
    """The reason, and when, how and from whom it came."""

    why = forms.ChoiceField(
        label="Why did they not come, or cancel late?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select why"},
    )
    reason = forms.CharField(
        label="In words",
        help_text="No more than is needed: it may be about health. Only coordinators read it.",
        required=False,
        max_length=200,
    )
    evidence_seen = forms.BooleanField(
        label="I have seen what has to be seen", help_text="Nothing is uploaded or kept of it.", required=False
    )
    told_on = DateField(label="The day it was told", error_messages={"required": "Enter the day it was told"})
    how = forms.ChoiceField(
        label="How it was told",
        choices=ReceivedForm.HOW,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it was told"},
    )
    whom = forms.CharField(
        label="By whom",
        help_text="For example the delegate, or their manager’s name.",
        max_length=80,
        error_messages={"required": "Enter by whom it was told"},
    )

    def __init__(self, data: QueryDict | None, booking: Booking, noted: AbsenceReason | None) -> None:
        self.booking = booking
        super().__init__(data, initial=_initial(noted))
        offered = ExemptionReason.objects.filter(Q(is_retired=False) | Q(pk=noted.exemption_id if noted else None))
        self.exemptions = {str(one.pk): one for one in offered}
        why = cast(forms.ChoiceField, self.fields["why"])
        if not any(one.evidence for one in offered):
            del self.fields["evidence_seen"]
        why.choices = [*((key, one.name) for key, one in self.exemptions.items()), (OTHER, "Another reason")]

    @property
    def hints(self) -> dict[str, str]:
        """By exemption what it asks for."""
        hints = {key: _asks(one) for key, one in self.exemptions.items()}
        return {key: said for key, said in hints.items() if said} | {OTHER: "It is noted, and does not exempt."}

    def clean_told_on(self) -> date:
        day: date = self.cleaned_data["told_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("The day it was told must be today or earlier")
        if day < timezone.localdate(self.booking.booked_at):
            raise forms.ValidationError(
                f"The day it was told must not be before the booking, {full_date(self.booking.booked_at)}"
            )
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("why") == OTHER and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Enter the reason in words, as it is none of the exemptions")
        return cleaned

    @property
    def told(self) -> Told:
        facts = self.cleaned_data
        exemption = self.exemptions.get(facts["why"])
        return Told(
            exemption=exemption,
            reason=" ".join(facts["reason"].split()),
            on=facts["told_on"],
            how=f"{facts['how']} from {facts['whom']}",
            evidence_seen=bool(exemption and exemption.evidence and facts.get("evidence_seen")),
        )


@require_http_methods(["GET", "POST"])
@signed_in
def reason(request: SignedInRequest, reference: str) -> HttpResponse:
    """First the reason, then what follows from it, to check; then it is noted."""
    booking = _booking(request, reference)
    noted = read(booking, request.person)
    if not absences.can_be_noted(booking):
        messages.error(request, f"{booking.delegate.name} did not miss it, so there is no reason to note.")
        return returning.to(request, "bookings:booking", reference)
    form = ReasonForm(request.POST if request.method == "POST" else None, booking, noted)
    if "change" not in request.POST and form.is_valid():
        told = form.told
        if "confirm" in request.POST:
            return _noted(request, booking, told)
        lacks = absences.lacks(told, booking.event)
        context = {
            "booking": booking,
            "told": told,
            "why_not": _why_not(told, lacks, booking),
            "follows": follows(booking, exempts=bool(told.exemption and not lacks)),
            "entered": [(name, value) for name, value in request.POST.items() if name not in NOT_ENTERED],
        }
        return render(request, "bookings/check_reason.html", context)
    context = {"booking": booking, "form": form, "noted": noted, "seen": _seen(booking)}
    return render(request, "bookings/reason.html", context)


@require_POST
@signed_in
def take_out(request: SignedInRequest, reference: str) -> HttpResponse:
    """Have no reason noted: it was another booking's, or never told."""
    booking = _booking(request, reference)
    try:
        absences.take_out(booking=booking, seen=_seen_by(request), by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return returning.to(request, "bookings:reason", reference)
    messages.success(request, "No reason is noted any more. It can be entered again.")
    return returning.to(request, "bookings:booking", reference)


def read(booking: Booking, person: Person) -> AbsenceReason | None:
    """Why the delegate did not come, for coordinators only: it may be about health, so who read it is logged."""
    noted: AbsenceReason | None = getattr(booking, "absence_reason", None)
    if noted is None or not noted.says_something or not may(person, Right.SEE_BOOKINGS):
        return None
    logger.info("absence reason of booking %s read by person %s", booking.reference, person.reference)
    return noted


def follows(booking: Booking, *, exempts: bool) -> str:
    """What becomes of the charge, in words. One query."""
    found = Charge.objects.filter(booking=booking, reason=booking.outcome or "").select_related("line__invoice")
    charge = found.order_by("-proposed_at", "-pk").first()
    if charge is None:
        if booking.outcome is None:
            return "Nothing is charged yet, as the register is not closed. " + (
                "If it says then that they did not come, the charge is waived as exempt." if exempts else ""
            )
        owed = "is waived as exempt as soon as it is proposed" if exempts else "is proposed as for everybody"
        return f"There is no charge yet. If one is owed, it {owed}."
    return _of_charge(charge, f"Charge {charge} of {money(charge.net_amount)}", exempts=exempts)


def _of_charge(charge: Charge, named: str, *, exempts: bool) -> str:
    if charge.state == State.INVOICED:
        where = f"{named} is on invoice {charge.line.invoice}"
        return f"{where}. Finance is asked to credit it." if exempts else f"{where}, and stays there."
    if charge.state == State.CREDITED:
        return f"{named} is credited already."
    if charge.state == State.WAIVED and charge.decided_by is not None:
        return f"{named} is waived already, by {charge.decided_by}."
    if charge.state == State.WAIVED and charge.waiver == Waiver.EXEMPT:
        return (
            f"{named} is waived as exempt already."
            if exempts
            else f"{named} was waived as exempt, and is proposed again in the night."
        )
    if charge.state == State.WAIVED:
        return f"{named} is waived already, as it is not owed."
    state = charge.get_state_display().lower()
    return f"{named}, {state} until now, is waived as exempt in the night." if exempts else f"{named} stays {state}."


def _noted(request: SignedInRequest, booking: Booking, told: Told) -> HttpResponse:
    try:
        noted = absences.note(booking=booking, told=told, seen=_seen_by(request), by=request.person)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
        return returning.to(request, "bookings:reason", booking.reference)
    said = "It exempts from the charge." if noted.is_exempt else "It does not exempt from the charge."
    messages.success(request, f"The reason is noted. {said}")
    return returning.to(request, "bookings:booking", booking.reference)


def _why_not(told: Told, lacks: str, booking: Booking) -> str:
    """Why it does not exempt, in words; empty where it does."""
    if told.exemption is None:
        return "It is none of the exemptions."
    if lacks == AbsenceReason.Lacks.TOLD_IN_TIME:
        last = cast(date, absences.last_day(told.exemption, booking.event))
        by = f"{told.exemption} exempts when it is told by {full_date(last)}"
        return f"{by}, {_days(told.exemption.working_days_to_tell or 0)}; it was told on {full_date(told.on)}."
    if lacks:
        asks = f"For {told.exemption} this has to be seen: {told.exemption.evidence}."
        return f"{asks} It was not. Once you have seen it, correct this reason: then it exempts."
    return ""


def _asks(exemption: ExemptionReason) -> str:
    said = [f"To be seen: {exemption.evidence}."] if exemption.evidence else []
    if exemption.working_days_to_tell is not None:
        said.append(f"To be told by {_days(exemption.working_days_to_tell)}.")
    return " ".join(said)


def _days(number: int) -> str:
    return f"{plural(number, 'working day')} after the event" if number else "the day of the event"


def _initial(noted: AbsenceReason | None) -> dict[str, Any]:
    if noted is None:
        return {"told_on": timezone.localdate()}
    how, _, whom = noted.told_how.partition(" from ")
    return {
        "why": str(noted.exemption_id or OTHER),
        "reason": noted.reason,
        "evidence_seen": noted.evidence_seen,
        "told_on": noted.told_on or timezone.localdate(),
        "how": how,
        "whom": whom,
    }


def _seen(booking: Booking) -> str:
    """When what is stored was noted, as it is sent along; empty for what a workbook says."""
    noted: AbsenceReason | None = getattr(booking, "absence_reason", None)
    return noted.noted_at.isoformat() if noted and noted.noted_at else ""


def _seen_by(request: SignedInRequest) -> datetime | None:
    """As _seen() sent it along; None for what is no moment, as for nothing."""
    try:
        return parse_datetime(request.POST.get(SEEN, ""))
    except ValueError:
        return None


def _booking(request: SignedInRequest, reference: str) -> Booking:
    found = Booking.objects.visible_to(request.person).select_related(
        "event__course", "delegate", "agency", "absence_reason__exemption"
    )
    booking = get_object_or_404(found, reference=reference)
    require(may_note_reasons(request.person), who=WHO)
    return booking
