"""The pages before the last one: each is shown only to whom it has something to ask.

A new step is a class with the five methods of Step, and its line in STEPS. Its answers are kept by journey.keep(), and
come back as journey.draft.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from bookings import approvers
from bookings.approvers import Approver
from frontend.approvals.forms import ApproverForm
from frontend.booking.forms import NONE_FITS, ConcernsForm, WorkshopsForm
from frontend.booking.journey import Journey
from frontend.formats import listed
from people import corrections


class Step(ABC):
    """One page of the journey."""

    # The last part of its address, and its template's name.
    name: ClassVar[str]

    @abstractmethod
    def asks(self, journey: Journey) -> bool:
        """Whether it has anything to ask this person about this event."""

    @abstractmethod
    def is_answered(self, journey: Journey) -> bool:
        """Whether that is answered, and the answer still holds."""

    @abstractmethod
    def form(self, journey: Journey, data: QueryDict | None) -> forms.Form:
        """What it asks, filled in with what was answered before."""

    @abstractmethod
    def take(self, journey: Journey, form: Any) -> None:
        """Keep what a valid form says."""

    @abstractmethod
    def told(self, journey: Journey) -> Iterator[tuple[str, str, bool]]:
        """Rows of the page where all is checked: name, value, and whether this step changes it."""


class Concerns(Step):
    """What the person lacks, what is at the same time, and their staff group where it is not known."""

    name = "before-you-book"

    def asks(self, journey: Journey) -> bool:
        return bool(journey.concerns or journey.standing.groups)

    def is_answered(self, journey: Journey) -> bool:
        return not journey.standing.groups and set(journey.concerns) <= set(journey.draft.get("noted", []))

    def form(self, journey: Journey, data: QueryDict | None) -> ConcernsForm:
        fits_none = journey.fits_no_group
        return ConcernsForm(data, asks_staff_group=fits_none or bool(journey.standing.groups), fits_none=fits_none)

    def take(self, journey: Journey, form: ConcernsForm) -> None:
        shown = journey.concerns
        if "staff_group" in form.cleaned_data:
            journey.draft["fits_no_group"] = form.cleaned_data["staff_group"] == NONE_FITS
        if form.staff_group:
            person = journey.person
            corrections.correct_own(person=person, name=person.name, staff_group=form.staff_group)
            person.staff_group = form.staff_group
        journey.keep(noted=shown)

    def told(self, journey: Journey) -> Iterator[tuple[str, str, bool]]:
        if journey.fits_no_group:
            yield "Your staff group", "None of those that it is for", True
        if journey.standing.missing:
            yield "The course asks for", "; ".join(journey.standing.missing), False
        if journey.standing.clashes:
            yield "At the same time", "; ".join(map(str, journey.standing.clashes)), False


class Workshops(Step):
    """One workshop of each slot of a conference."""

    name = "workshops"

    def asks(self, journey: Journey) -> bool:
        return any(one.left > 0 for _, several in journey.slots for one in several)

    def is_answered(self, journey: Journey) -> bool:
        chosen = {one.slot for one in journey.workshops if one.left > 0}
        free = {slot for slot, several in journey.slots if any(one.left > 0 for one in several)}
        return chosen == free and len(journey.workshops) == len(chosen)

    def form(self, journey: Journey, data: QueryDict | None) -> WorkshopsForm:
        return WorkshopsForm(data, slots=journey.slots, chosen=journey.draft.get("workshops", []))

    def take(self, journey: Journey, form: WorkshopsForm) -> None:
        journey.keep(workshops=form.chosen)

    def told(self, journey: Journey) -> Iterator[tuple[str, str, bool]]:
        yield "Workshops", listed([one.title for one in journey.workshops]), True


class Approval(Step):
    """Who is to approve it, where the course asks and no line manager is known."""

    name = "approval"

    def asks(self, journey: Journey) -> bool:
        return journey.needs_approval and journey.line_manager is None

    def is_answered(self, journey: Journey) -> bool:
        return "approver" in journey.draft

    def form(self, journey: Journey, data: QueryDict | None) -> ApproverForm:
        return ApproverForm(data, delegate=journey.person, asked=journey.draft.get("approver"))

    def take(self, journey: Journey, form: ApproverForm) -> None:
        journey.keep(approver=form.asked)

    def told(self, journey: Journey) -> Iterator[tuple[str, str, bool]]:
        yield "To approve it", journey.draft["approver"]["email"] or "Your agency’s training lead", True


STEPS: tuple[Step, ...] = (Concerns(), Workshops(), Approval())


def approver_of(journey: Journey) -> Approver | None:
    """Whom the person named; None where it is known without. Raises NobodyToAsk if they cannot be asked any more."""
    asked = journey.draft.get("approver")
    if asked is None or not journey.needs_approval or journey.line_manager:
        return None
    return approvers.find(delegate=journey.person, **asked) if asked["email"] else Approver()


def named(name: str) -> Step | None:
    return next((step for step in STEPS if step.name == name), None)


def next_of(journey: Journey) -> Step | None:
    """The first step that has something to ask and no answer; None where all can be checked."""
    return next((step for step in STEPS if step.asks(journey) and not step.is_answered(journey)), None)
