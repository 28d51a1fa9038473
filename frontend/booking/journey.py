"""Somebody's way to a place of their own on an event: what is known of both, and what they have answered so far."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from bookings import approvers, eligibility, workshop_choices
from bookings.eligibility import Standing
from bookings.models import Booking, Cap, Hold, KeptNeed
from bookings.needs import NONE, Needs
from bookings.policies import Terms
from bookings.windows import Windows
from frontend.access import SignedInRequest
from frontend.programme import listing
from frontend.returning import kept_list
from people.models import Agency, Person
from training.models import Course, CourseFee, Event

# Session key: answers by the reference of the event, so that two tabs with two events do not get into each other's way.
# What somebody needs is about health and never among them: it travels in the form.
DRAFTS = "booking"
MOST = 5  # of events whose answers are kept; the oldest goes


@dataclass
class Journey:
    """A person and an event."""

    request: SignedInRequest
    # As events() reads it; to_act() has the event alone.
    event: Any
    draft: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: SignedInRequest, reference: str) -> "Journey":
        """With all that pages say of the event. Raises Http404 where the person may not see it."""
        found = events(request.person).filter(reference=reference).first()
        if found is None:
            raise Http404
        return cls(request, found, _draft(request, reference))

    @classmethod
    def to_act(cls, request: SignedInRequest, reference: str) -> "Journey":
        """With what booking a place needs and no more. Raises Http404 where the person may not see the event."""
        try:
            event = Event.objects.seen_by(request.person, reference)
        except Event.DoesNotExist as error:
            raise Http404 from error
        return cls(request, event, _draft(request, reference))

    @property
    def person(self) -> Person:
        return self.request.person

    @cached_property
    def standing(self) -> Standing:
        """As eligibility has it, with what they said of staff groups: that they belong to none of the course's."""
        found = eligibility.standing(self.event, [self.person])[self.person.pk]
        return found.of_no_group() if self.fits_no_group else found

    @property
    def fits_no_group(self) -> bool:
        """Whether they said so; once their staff group is known that counts instead."""
        return bool(self.draft.get("fits_no_group")) and self.person.staff_group_id is None

    @property
    def concerns(self) -> list[str]:
        """What the person should know before booking, in words."""
        return [*self.standing.missing, *map(str, self.standing.clashes)]

    @cached_property
    def slots(self) -> list[tuple[str, list[Any]]]:
        """A conference's workshops with the places left, slot by slot."""
        if self.event.course.delivery != Course.Delivery.CONFERENCE:
            return []
        return list(workshop_choices.by_slot(workshop_choices.of_event(self.event)))

    @property
    def workshops(self) -> list[Any]:
        """Those chosen, of what is offered."""
        chosen = self.draft.get("workshops", [])
        return [one for _, several in self.slots for one in several if one.pk in chosen]

    @property
    def kept_needs(self) -> Needs:
        return Needs(**self.event.kept_needs) if self.event.kept_needs else NONE

    @cached_property
    def needs_approval(self) -> bool:
        return approvers.is_needed(self.event.course, self.person, self.person)

    @cached_property
    def line_manager(self) -> Person | None:
        """Who approves, where that is known; one query."""
        return approvers.usual(self.person).person if self.needs_approval else None

    @cached_property
    def terms(self) -> Terms:
        return Terms.load()

    @cached_property
    def is_too_late(self) -> bool:
        return is_too_late(self.event, self.terms)

    @property
    def follows(self) -> str:
        """What a booking made now leads to: "approval", "waiting", "place", or "either" where places are shared out."""
        if self.needs_approval:
            return "approval"
        # Where places are kept or capped, others may wait although there is one for this person.
        if self.event.is_shared_out and self.event.held < self.event.places:
            return "either"
        return "waiting" if self.event.held + self.event.waiting >= self.event.places else "place"

    def keep(self, **answers: Any) -> None:
        """Keep these answers, beside those given before."""
        self.draft |= answers
        drafts = self.request.session.get(DRAFTS, {})
        drafts.pop(self.event.reference, None)
        drafts[self.event.reference] = self.draft
        self.request.session[DRAFTS] = dict(list(drafts.items())[-MOST:])

    def forget(self) -> None:
        drafts = self.request.session.get(DRAFTS, {})
        if drafts.pop(self.event.reference, None) is not None:
            self.request.session[DRAFTS] = drafts

    def address(self, step: str = "") -> str:
        """The page where all is checked, or that of a step, from which the way back to the list stays."""
        names = [self.event.reference, step] if step else [self.event.reference]
        # Who books for others says that this one is for themselves.
        own = {"for": "me"} if self.request.GET.get("for") == "me" else {}
        return reverse("events:book_step" if step else "events:book", args=names) + kept_list(self.request, **own)


def is_too_late(event: Event, terms: Terms) -> bool:
    """Whether the event is too near to offer places on, or to ask for approval; no query."""
    now = timezone.now()
    windows = Windows.under(terms.policy_on(timezone.localdate(now)), terms.closing)
    return event.starts_at is not None and windows.offer_ends_at(now, event.starts_at) is None


def _draft(request: SignedInRequest, reference: str) -> dict[str, Any]:
    return dict(request.session.get(DRAFTS, {}).get(reference, {}))


def events(person: Person) -> QuerySet[Any]:
    """Events that the person sees, with all that the pages show, in one statement; own is their booking's reference."""
    own = Booking.objects.live().filter(delegate=person, event=OuterRef("pk")).values("reference")
    visible = Event.objects.visible_to(person).select_related("course")
    here = {"event": OuterRef("pk")}
    fees = CourseFee.objects.filter(course=OuterRef("course"), agency_type=person.agency.type)
    kept = KeptNeed.objects.filter(person=person).values(one=JSONObject(access="access", dietary="dietary"))
    found: QuerySet[Any] = listing.counted(visible).annotate(
        own=Subquery(own[:1]),
        fee=Subquery(fees.values("net_amount")[:1]),
        payer=Subquery(Agency.objects.filter(pk=person.agency_id).values("payer__name")[:1]),
        kept_needs=Subquery(kept[:1]),
        is_shared_out=Exists(Hold.objects.filter(**here)) | Exists(Cap.objects.filter(**here)),
    )
    return found
