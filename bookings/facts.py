"""What messages about a booking say of it and of its event, whatever happened."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from bookings import calendar_files, materials
from bookings.models import Approval, Booking
from people.models import Partnership
from training.models import Event, Session
from training.moments import clock, full_date


def booking_of(reference: str) -> Any:
    approved = Approval.objects.filter(booking=OuterRef("pk"), decision=Approval.Decision.APPROVED)
    rows = with_partnership(Booking.objects.all()).annotate(
        approved_by=Subquery(approved.values(by=Coalesce("decided_by__name", "email", output_field=CharField()))[:1]),
        materials=materials.before(),
    )
    related = ["event__course", "delegate", "agency", "policy", "replaces__delegate"]
    return rows.select_related(*related).get(reference=reference)


def with_partnership(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With the partnership's name and address: whoever reads many messages pays for each statement."""
    partnership = Partnership.objects.order_by("pk")
    found: QuerySet[Any] = rows.annotate(
        partnership_name=Coalesce(Subquery(partnership.values("name")[:1]), Value("")),
        training_email=Coalesce(Subquery(partnership.values("training_email")[:1]), Value("")),
    )
    return found


def facts_of(booking: Any) -> dict[str, str | list[str]]:
    email, event = booking.training_email, booking.event
    return {
        "name": booking.delegate.name,
        "course": event.course.title,
        "sessions": sessions_in_words(event),
        **joining_facts(event),
        "added": [*event.course.added_to_messages.splitlines(), *booking.materials],
        "reference": booking.reference,
        "approved": f"{booking.approved_by} has approved it." if booking.approved_by else "",
        "partnership": booking.partnership_name,
        "email": email,
        "contact": f"Is something not right? Answer this message, or write to {email}." if email else "",
        "page": calendar_files.page_of(booking),
        "cancel": calendar_files.cancel_page_of(booking),
        "needs": settings.SITE_URL + reverse("bookings:needs", args=[booking.reference]),
        "send_colleague": settings.SITE_URL + reverse("bookings:substitute", args=[booking.reference]),
        "course_page": settings.SITE_URL + reverse("finding:course", args=[event.course.code]),
    }


def facts_at(event: Event, booking: Any) -> dict[str, str | list[str]]:
    """The facts of a booking; where its delegate only makes up a session at the event, of that session."""
    if event.pk == booking.event_id:
        return facts_of(booking)
    theirs = event.sessions.filter(make_ups__booking=booking, make_ups__ended_at=None).select_related("room__venue")
    return facts_of(booking) | joining_facts(event) | {"sessions": [session_in_words(one) for one in theirs.distinct()]}


def joining_facts(event: Event) -> dict[str, str | list[str]]:
    """How the event is joined."""
    return {
        "online": event.online_link,
        "instructions": event.joining_instructions.splitlines(),
        "private": "Please keep the link to yourself: it is for those who have a place." if event.online_link else "",
    }


def session_in_words(session: Session) -> str:
    return in_words(session.starts_at, session.ends_at, calendar_files.where(session))


def sessions_in_words(event: Event) -> list[str]:
    return [*map(session_in_words, sessions_of(event)), *event.not_sure_yet]


def in_words(starts_at: datetime, ends_at: datetime, where: str) -> str:
    return f"{full_date(starts_at)}, {clock(starts_at)} to {clock(ends_at)}" + (f", {where}" if where else "")


def sessions_of(event: Event) -> list[Any]:
    return list(event.sessions.select_related("room__venue"))
