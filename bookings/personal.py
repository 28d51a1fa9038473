"""What bookings, registers and messages about them tell a person about themselves."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings import announcements
from bookings.models import (
    AbsenceReason,
    Announcement,
    Approval,
    Booking,
    CalendarFeed,
    Certificate,
    ChargingPolicy,
    ClosingDay,
    Correction,
    Departure,
    Deputy,
    ExemptionReason,
    KeptNeed,
    MakeUp,
    Mark,
    Need,
    NeedReading,
    Offer,
    Register,
    Reservation,
    SentMark,
    WorkshopChoice,
    WorkshopMove,
)
from outbox.models import Message, SentText
from people import merges
from people.models import Person
from people.privacy import Part, register, tells_nothing


def parts() -> None:
    register(
        Part(
            "Bookings",
            Booking,
            lambda person: (
                Booking.objects.filter(delegate=person)
                .select_related("event__course", "agency")
                .order_by("booked_at", "pk")
            ),
            {
                "Booking": "reference",
                "Course": "event.course.title",
                "Event": "event.reference",
                "Begins": "event.starts_at",
                "Agency when booked": "agency.name",
                "State": "get_state_display",
                "Outcome": "get_outcome_display",
                "Source": "get_source_display",
                "Booked": "booked_at",
                "Booked by": lambda booking: _who(booking, booking.booked_by_id),
                "Place since": "placed_at",
                "Cancellation received": "received_at",
                "Cancelled by": lambda booking: _who(booking, booking.cancelled_by_id),
                "Notice in working days": "notice",
                "Evaluated on": "evaluated_on",
            },
            {"delegate": "who they are", "received_from": "may name somebody else"},
        ),
        Part(
            "Places offered",
            Offer,
            lambda person: (
                Offer.objects.filter(booking__delegate=person).select_related("booking").order_by("made_at", "pk")
            ),
            {
                "Booking": "booking.reference",
                "Offered": "made_at",
                "Until": "ends_at",
                "Ended": "ended_at",
                "How": "get_how_display",
            },
        ),
        Part(
            "Approvals",
            Approval,
            lambda person: (
                Approval.objects.filter(booking__delegate=person).select_related("booking").order_by("asked_at", "pk")
            ),
            {
                "Booking": "booking.reference",
                "Asked": "asked_at",
                "Until": "ends_at",
                "Decided": "decided_at",
                "Decision": "get_decision_display",
                "Reason": "reason",
            },
            {"asked": "somebody else", "email": "somebody else's", "decided_by": "somebody else"},
        ),
        Part(
            "Deputies",
            Deputy,
            lambda person: Deputy.objects.filter(manager=person).order_by("starts_on", "pk"),
            {"From": "starts_on", "Until": "ends_on", "Made": "made_at", "Taken back": "revoked_at"},
            {"manager": "who they are", "deputy": "somebody else"},
        ),
        Part(
            "Workshops chosen",
            WorkshopChoice,
            lambda person: (
                WorkshopChoice.objects.filter(booking__delegate=person)
                .select_related("booking", "workshop")
                .order_by("pk")
            ),
            {"Booking": "booking.reference", "Workshop": "workshop.title"},
        ),
        Part(
            "Workshops changed by others",
            WorkshopMove,
            lambda person: WorkshopMove.objects.filter(booking__delegate=person).select_related("booking"),
            {"Booking": "booking.reference", "Before": "was", "Changed": "moved_at", "Reason": "reason"},
            {"moved_by": "somebody else"},
        ),
        Part(
            "Needs said when booking",
            Need,
            lambda person: Need.objects.filter(booking__delegate=person).select_related("booking").order_by("pk"),
            {
                "Booking": "booking.reference",
                "Access needs": "access",
                "Dietary needs": "dietary",
                "Arranged": "arranged",
                "Arranged on": "arranged_at",
            },
            {"arranged_by": "somebody else"},
        ),
        Part(
            "Needs kept for next time",
            KeptNeed,
            lambda person: KeptNeed.objects.filter(person=person),
            {"Access needs": "access", "Dietary needs": "dietary"},
            {"person": "who they are"},
        ),
        Part(
            "Attendance",
            Mark,
            lambda person: (
                Mark.objects.filter(booking__delegate=person)
                .select_related("booking", "session")
                .order_by("session__starts_at", "pk")
            ),
            {
                "Booking": "booking.reference",
                "Session": "session.starts_at",
                "Attendance": "get_attendance_display",
                "Minutes late, or before the end": "minutes",
                "Marked": "marked_at",
            },
            {"marked_by": "somebody else"},
        ),
        Part(
            "Sessions made up",
            MakeUp,
            lambda person: (
                MakeUp.objects.filter(booking__delegate=person)
                .select_related("booking", "missed", "event", "session")
                .order_by("pk")
            ),
            {
                "Booking": "booking.reference",
                "Session missed": "missed.starts_at",
                "Made up at event": "event.reference",
                "Arranged": "arranged_at",
                "Taken back": "ended_at",
            },
            {"arranged_by": "somebody else", "ended_by": "somebody else"},
        ),
        Part(
            "Reasons for absence",
            AbsenceReason,
            lambda person: (
                AbsenceReason.objects.filter(booking__delegate=person)
                .select_related("booking", "exemption")
                .order_by("pk")
            ),
            {
                "Booking": "booking.reference",
                "Reason": "reason",
                "Exemption": "exemption.name",
                "Why it does not exempt": "get_lacks_display",
                "Told on": "told_on",
                "Evidence was seen": "evidence_seen",
                "Noted": "noted_at",
            },
            {"noted_by": "somebody else", "told_how": "may name somebody else"},
        ),
        Part(
            "Corrections of registers",
            Correction,
            lambda person: Correction.objects.filter(booking__delegate=person).select_related("booking").order_by("pk"),
            {
                "Booking": "booking.reference",
                "Before": "get_was_display",
                "After": "get_became_display",
                "Corrected": "closed_at",
                "Told": "was_told",
            },
            {"settled_by": "somebody else"},
        ),
        Part(
            "Certificates",
            Certificate,
            lambda person: (
                Certificate.objects.filter(booking__delegate=person).select_related("booking").order_by("made_at", "pk")
            ),
            {"Booking": "booking.reference", "Code": "code", "Made": "made_at", "Holds good": "is_valid"},
        ),
        Part(
            "Calendar feed",
            CalendarFeed,
            lambda person: CalendarFeed.objects.filter(person=person),
            {"Made on": "made_on"},
            {"person": "who they are"},
        ),
        Part(
            "Messages",
            Message,
            _messages,
            {"To": "to", "About": "reference", "Message": "template", "State": "get_state_display", "Due": "due_at"},
        ),
        Part(
            "What messages said",
            SentText,
            lambda person: (
                SentText.objects.filter(message__in=_messages(person))
                .select_related("message")
                .order_by("message__finished_at", "pk")
            ),
            {"To": "message.to", "Sent": "message.finished_at", "Subject": "subject", "Text": "body"},
        ),
    )
    tells_nothing("what was done about a register was done for the partnership", Register)
    tells_nothing("that a device sent something, and not what", SentMark)
    tells_nothing("what was written to an event's people was written for the partnership", Announcement)
    tells_nothing("places are reserved for an agency", Reservation)
    tells_nothing("what was opened was opened for the partnership", NeedReading)
    tells_nothing("what was agreed about charging", ChargingPolicy, ClosingDay, ExemptionReason)
    tells_nothing("what became of bookings, which are told, when somebody left", Departure)
    merges.moves("bookings.Booking.delegate", "booking")
    merges.moves("bookings.CalendarFeed.person", "calendar address")
    merges.moves("bookings.KeptNeed.person", "kept need")
    merges.moves("bookings.Approval.asked", "request to approve")
    # What is decided stays as it is.
    merges.stays_behind("bookings.Approval.asked", lambda kept: Q(decided_at__isnull=False))
    merges.moves("bookings.Deputy.manager", "time with a deputy")
    merges.moves("bookings.Deputy.deputy", "time as a deputy")
    # Nobody is their own deputy, and a manager has one at a time.
    merges.stays_behind("bookings.Deputy.manager", lambda kept: Q(deputy=kept) | Q(Exists(_deputy_meanwhile(kept))))
    merges.stays_behind("bookings.Deputy.deputy", lambda kept: Q(manager=kept))
    merges.stays("bookings.Approval.decided_by", "bookings.Need.arranged_by", "bookings.NeedReading.reader")
    merges.goes_along("bookings.Need.booking", "bookings.Booking.delegate", "need")
    merges.goes_along("bookings.Mark.booking", "bookings.Booking.delegate", "mark of attendance")
    merges.goes_along("bookings.MakeUp.booking", "bookings.Booking.delegate", "session made up")
    merges.goes_along("bookings.Correction.booking", "bookings.Booking.delegate", "correction of a register")
    merges.goes_along("bookings.Certificate.booking", "bookings.Booking.delegate", "certificate")
    merges.stays("bookings.Booking.booked_by", "bookings.Booking.cancelled_by", "bookings.Mark.marked_by")
    merges.goes_along("bookings.AbsenceReason.booking", "bookings.Booking.delegate", "reason for an absence")
    merges.stays("bookings.MakeUp.arranged_by", "bookings.MakeUp.ended_by", "bookings.AbsenceReason.noted_by")
    merges.stays("bookings.WorkshopMove.moved_by")
    merges.stays("bookings.Register.handed_in_by", "bookings.Register.closed_by", "bookings.Register.reopened_by")
    merges.stays(
        "bookings.Announcement.sent_by",
        "bookings.Reservation.made_by",
        "bookings.Departure.person",
        "bookings.Departure.by",
        "bookings.ChargingPolicy.changed_by",
        "bookings.Correction.settled_by",
    )


def _deputy_meanwhile(manager: Person) -> QuerySet[Deputy]:
    """For subqueries: who decides in the manager's place on a day of the deputy looked at."""
    return Deputy.objects.filter(
        manager=manager, starts_on__lte=OuterRef("ends_on"), ends_on__gte=OuterRef("starts_on")
    )


def _who(booking: Booking, by: int | None) -> str:
    """Nobody else is named in what a person takes out."""
    if by is None:
        return ""
    return "You" if by == booking.delegate_id else "Somebody else"


def _messages(person: Person) -> QuerySet[Message]:
    """Those about the person and sent to their address: others may share it, and others may be told of a booking."""
    own = Booking.objects.filter(delegate=person).values("reference")
    about = Q(about=person.reference) | Q(about__in=own)
    to_them = Message.objects.filter(to=person.email).exclude(to="").alias(about=announcements.ABOUT)
    return to_them.filter(about).order_by("created_at", "pk")
