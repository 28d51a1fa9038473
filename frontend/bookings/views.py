"""Bookings as a list, and one with its story."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import absences, making_up, materials, queue, reservations, restoring, workshop_choices
from bookings.cost_in_words import cost_of_booking
from bookings.models import Approval, Booking, Need
from bookings.permissions import (
    may_arrange_make_ups,
    may_ask_again,
    may_bring_back,
    may_cancel,
    may_choose_workshops,
    may_note_needs,
    may_note_reasons,
    may_open,
    may_write_to_delegates,
)
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings import filtering, reasons, rows, story
from frontend.downloads import Columns, list_file, words_of
from frontend.evaluations.own import answer_address
from frontend.paging import page_of
from frontend.returning import kept_list
from people.models import Person
from people.permissions import Right, may, may_manage
from training.models import Course

# Heads of the file, and where the values are: what the list and a booking's page say, no e-mail address.
COLUMNS: Columns = {
    "Booking": "reference",
    "Delegate": "delegate__name",
    "Agency": "agency__name",
    "Event": "event__reference",
    "Course": "event__course__title",
    "Starts": "event__starts_at",
    "Ends": "event__ends_at",
    "State": words_of("state", Booking.State),
    "Outcome": words_of("outcome", Booking.Outcome),
    "Source": words_of("source", Booking.Source),
    "Booked": "booked_at",
}

# What the page shows of each: read by themselves, as whole objects take thrice as long.
SHOWN = ("reference", "delegate", "delegate__name", "agency__name", "event__starts_at", "event__course__title", "state",
         "outcome")  # fmt: skip
WORDS = dict(Booking.State.choices) | dict(Booking.Outcome.choices)


@require_safe
@signed_in
def bookings(request: SignedInRequest) -> HttpResponse:
    """The bookings that the person may open, filtered by the address, 50 a page."""
    form, found = filtering.asked_for(request.GET, request.person)
    page = page_of(request, found.values_list(*SHOWN, named=True))
    context = {
        "form": form,
        "page": page,
        "tones": rows.TONES,
        "words": WORDS,
        "asked": request.GET.urlencode(),
        "reserved": reservations.led_by(person) if (person := request.person).led_agencies else (),
        # Where all are one's own, each is known by its course, and not by one's name.
        "is_own": all(one.delegate == request.person.pk for one in page.rows),
    }
    return render(request, "bookings/bookings.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    _, found = filtering.asked_for(request.GET, request.person)
    return list_file(request, "bookings", COLUMNS, found)


@require_safe
@signed_in
def booking(request: SignedInRequest, reference: str) -> HttpResponse:
    """All that is known of a booking to who may open it."""
    person = request.person
    seen = rows.with_whereabouts(story.with_offered(Booking.objects.visible_to(person)), person)
    seen = restoring.with_undo_until(seen)
    found = workshop_choices.with_titles(rows.with_request(rows.with_position(seen))).select_related(
        "event__course", "event__evaluation", "delegate", "agency", "booked_by", "cancelled_by", "policy",
        "replaces__delegate", "replaces__cancelled_by", "replaced_by__delegate", "absence_reason__exemption",
        "absence_reason__noted_by", "need",
    )  # fmt: skip
    one: Any = get_object_or_404(found, reference=reference)
    require(may_open(person, one), who="A coordinator")
    cost, reason = story.cost_of(one), reasons.read(one, person)
    context = {
        "booking": one,
        "is_own": one.delegate_id == person.pk,
        "opens_person": one.delegate_id != person.pk and may_manage(person, one.delegate),
        "arranged": _arranged(one) if one.delegate_id == person.pk else None,
        "notes_needs": one.delegate_id == person.pk or may_note_needs(person),
        "chooses_workshops": one.event.course.delivery == Course.Delivery.CONFERENCE
        and may_choose_workshops(person, one),
        "answer_address": answer_address(one) if one.delegate_id == person.pk else "",
        "materials": materials.of(one) if one.delegate_id == person.pk else (),
        "entries": story.of(one, cost, person),
        "undo_until": one.undo_until if may_bring_back(person, one) else None,
        "cost": cost_of_booking(one, cost),
        "reason": reason,
        "notes_reason": absences.can_be_noted(one) and may_note_reasons(person),
        "decides": one.asked_until is not None and _decides(one, person),
        "reminds": _reminds(one, person, timezone.now()),
        "standing": queue.standing(one) if _waits(one) and may_cancel(person, one) else None,
        "actions": rows.actions(one, person, kept_list(request), says_why=reason is not None),
        "sees_policy": may(person, Right.SEE_POLICIES),
        "tone": rows.TONES[one.outcome or one.state],
        "makes_up": one.has_missed and one.state == Booking.State.CONFIRMED and may_arrange_make_ups(person),
        "made_up": making_up.to_come(one) if one.is_made_up else (),
        "writes": may_write_to_delegates(person) and one.state != Booking.State.CANCELLED,
    }
    return render(request, "bookings/booking.html", context)


@require_safe
@signed_in
def history(request: SignedInRequest, reference: str) -> HttpResponse:
    """What a booking has gone through so far, without a page around it: its event's page shows it below its row."""
    seen = story.with_offered(Booking.objects.visible_to(request.person)).select_related(
        "event__course", "delegate", "booked_by", "cancelled_by", "replaces__delegate", "replaces__cancelled_by",
        "replaced_by__delegate",
    )  # fmt: skip
    found: Any = get_object_or_404(seen, reference=reference)
    require(may_open(request.person, found), who="A coordinator")
    now = timezone.now()
    context = {
        "booking": found,
        "entries": [one for one in story.of(found, None, request.person) if one.at <= now],
        "sees_messages": may(request.person, Right.SEE_BACKGROUND),
    }
    return render(request, "bookings/history.html", context)


def _arranged(booking: Booking) -> Need | None:
    """What the delegate reads is arranged for them; others read it where it is recorded that they did."""
    need: Need | None = getattr(booking, "need", None)
    return need if need and need.is_arranged else None


def _waits(booking: Booking) -> bool:
    return booking.state == Booking.State.WAITING and not booking.event.has_begun()


def _decides(booking: Booking, person: Person) -> bool:
    return Approval.objects.visible_to(person).undecided().filter(booking=booking).exists()


def _reminds(booking: Any, person: Person, now: datetime) -> str:
    """When the person can remind who is to approve: "now", "tomorrow" as it is once a day, or not at all."""
    if booking.asked_until is None or not may_ask_again(person, booking):
        return ""
    today = timezone.localdate(now)
    if timezone.localdate(booking.asked_last) < today:
        return "now"
    return "tomorrow" if timezone.localdate(booking.asked_until) > today else ""
