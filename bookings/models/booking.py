"""Bookings: delegates' claims on places, from request to outcome."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bookings.models.policy import ChargingPolicy
from people.history import tracked
from people.models import Agency, Person
from people.permissions import Right, may
from people.references import new_reference
from training.models import Event, Session, Workshop

ATTENDED = ["attended", "part-attended"]
CAME_OR_NOT = [*ATTENDED, "did-not-attend"]
# In SQL what holding_a_place() says, for statements that are written out.
HOLDS_A_PLACE = "((state in ('confirmed', 'offered') or keeps_place) and source <> 'walk-in')"
CANCELLED = ["cancelled-in-time", "cancelled-late", "substituted-out", "moved-out", "event-cancelled"]


class BookingQuerySet(models.QuerySet["Booking"]):
    def live(self) -> "BookingQuerySet":
        """Not cancelled; waiting included."""
        return self.exclude(state=Booking.State.CANCELLED)

    def waiting(self) -> "BookingQuerySet":
        """The waiting list, first come first."""
        return self.filter(state=Booking.State.WAITING).order_by("booked_at", "id")

    def holding_a_place(self) -> "BookingQuerySet":
        """Bookings that the database counts against the event's places, beside reservations: migration 0005."""
        state = Booking.State
        holding = Q(state__in=[state.CONFIRMED, state.OFFERED]) | Q(keeps_place=True)
        return self.filter(holding).exclude(source=Booking.Source.WALK_IN)

    def on_the_register(self) -> "BookingQuerySet":
        """Delegates whose attendance is marked, walk-ins included."""
        return self.filter(state=Booking.State.CONFIRMED)

    def expected_at(self, session: Session) -> "BookingQuerySet":
        """Who is marked at a session: on its event's register, or making up there a session of another event."""
        here = Booking.objects.filter(event=session.event_id).on_the_register().order_by()
        made_up = Booking.objects.filter(make_ups__session=session, make_ups__ended_at=None).order_by()
        return self.filter(pk__in=here.values("pk").union(made_up.values("pk")))

    def making_up_at(self, event: Event) -> "BookingQuerySet":
        """Bookings of other events whose delegates make up a session at this one."""
        here = Booking.objects.filter(make_ups__event=event, make_ups__ended_at=None).order_by()
        return self.filter(pk__in=here.values("pk"))

    def and_making_up_at(self, event: Event) -> "BookingQuerySet":
        """These, and who makes up a session at the event."""
        made_up = Booking.objects.making_up_at(event).order_by()
        return Booking.objects.filter(pk__in=self.order_by().values("pk").union(made_up.values("pk")))

    def in_the_ledger(self) -> "BookingQuerySet":
        """Bookings that ever held a place: each has one outcome once its event is over."""
        return self.filter(placed_at__isnull=False)

    def visible_to(self, person: Person) -> "BookingQuerySet":
        """All to a coordinator; else one's own, one's staff's, one's led agency's, and as trainer one's own events'."""
        if may(person, Right.SEE_BOOKINGS):
            return self
        trained = Event.objects.all().given_by(person).values("pk")
        return self.filter(
            Q(delegate=person)
            | Q(delegate__line_manager=person)
            | Q(agency__in=person.led_agencies)
            | Q(event__in=trained, state=Booking.State.CONFIRMED)
        )

    def opened_by(self, person: Person) -> "BookingQuerySet":
        """Of those visible the ones that the person may open: a trainer sees who comes to an event, and no more."""
        if may(person, Right.SEE_BOOKINGS):
            return self
        return self.filter(Q(delegate=person) | Q(delegate__line_manager=person) | Q(agency__in=person.led_agencies))


@tracked(
    "event", "delegate", "agency", "state", "source", "outcome", "booked_at", "placed_at", "booked_by", "replaces",
    "cancelled_at", "cancelled_by", "received_at", "notice", "policy",
)  # fmt: skip
class Booking(models.Model):
    """A delegate's claim on a place."""

    class State(models.TextChoices):
        WAITING = "waiting", "On the waiting list"
        REQUESTED = "requested", "Awaiting approval"
        OFFERED = "offered", "Offered a place"
        CONFIRMED = "confirmed", "Confirmed"
        CANCELLED = "cancelled", "Cancelled"

    class Source(models.TextChoices):
        BOOKED = "booked", "Booked"
        SUBSTITUTE = "substitute", "Substitute"
        MOVED_IN = "moved-in", "Moved in"
        WALK_IN = "walk-in", "Walk-in"

    class Outcome(models.TextChoices):
        ATTENDED = "attended", "Attended"
        PART_ATTENDED = "part-attended", "Part attended"
        DID_NOT_ATTEND = "did-not-attend", "Did not attend"
        CANCELLED_IN_TIME = "cancelled-in-time", "Cancelled in time"
        CANCELLED_LATE = "cancelled-late", "Cancelled late"
        SUBSTITUTED_OUT = "substituted-out", "Substituted out"
        MOVED_OUT = "moved-out", "Moved out"
        EVENT_CANCELLED = "event-cancelled", "Event cancelled"

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    delegate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="bookings")
    # The delegate's agency when booked: reports and charges go by it, whoever they work for later.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    state = models.CharField(max_length=10, choices=State)
    source = models.CharField(max_length=10, choices=Source, default=Source.BOOKED)
    # How it ended: from the closed registers for who held a place on the day, from the notice for who cancelled.
    # Null, not an empty word, while it is unknown.
    outcome = models.CharField(max_length=20, choices=Outcome, null=True, blank=True)  # noqa: DJ001
    # From a workbook a date without a time: midnight.
    booked_at = models.DateTimeField(default=timezone.now)
    booked_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Whether a place is kept for it while it awaits approval.
    keeps_place = models.BooleanField(default=False, db_default=False)
    # When it was first confirmed; empty for who only waited or was offered, who are in no figure but unmet demand.
    placed_at = models.DateTimeField(null=True, blank=True)
    # The version in force when the booking was made.
    policy = models.ForeignKey(ChargingPolicy, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    # The booking whose place this one took over, as a substitute or by a move.
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")

    cancelled_at = models.DateTimeField("cancellation entered at", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # What counts for the notice: it may lie before it was entered, never before the booking.
    received_at = models.DateTimeField("cancellation received at", null=True, blank=True)
    received_from = models.CharField(max_length=100, blank=True)
    # Whole working days strictly between the day received and the event's first day.
    notice = models.PositiveSmallIntegerField("notice in working days", null=True, blank=True)

    # That the delegate evaluated, as a day and in no history: answers are anonymous.
    evaluated_on = models.DateField(null=True, blank=True, editable=False)
    # Set where a workbook brought it: then whoever booked and cancelled is "import".
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = [
            # With all that the utilisation report counts by, so that a year is read from the index alone.
            models.Index(
                fields=["event", "outcome"],
                include=["agency", "source", "delegate", "placed_at", "received_at", "id"],
                name="booking_by_event",
            ),
            models.Index(fields=["agency", "event"], name="booking_by_agency"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "delegate"], condition=~Q(state="cancelled"), name="booking_one_live_per_delegate"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "requested", "offered", "confirmed", "cancelled"]),
                name="booking_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["booked", "substitute", "moved-in", "walk-in"]), name="booking_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=None, state__in=["waiting", "requested", "offered"])
                | Q(state="confirmed") & (Q(outcome=None) | Q(outcome__in=CAME_OR_NOT))
                | Q(state="cancelled", placed_at=None, outcome=None)
                # Said twice, as "null in (…)" is neither true nor false, and so would pass.
                | Q(state="cancelled", placed_at__isnull=False, outcome__isnull=False, outcome__in=CANCELLED),
                name="booking_outcome_fits_its_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(placed_at__isnull=False),
                name="booking_with_a_place_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "requested", "offered"]) | Q(placed_at=None),
                name="booking_has_no_place_before_it_is_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(keeps_place=False) | Q(state="requested"), name="booking_keeps_a_place_only_while_requested"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") & Q(cancelled_at=None, received_at=None, cancelled_by=None)
                | Q(state="cancelled", cancelled_at__isnull=False, received_at__isnull=False)
                # Nobody ends what lapses by itself.
                & (Q(cancelled_by__isnull=False) | Q(imported_at__isnull=False) | Q(placed_at=None)),
                name="booking_cancelled_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(received_at__gte=models.F("booked_at")),
                name="booking_is_not_cancelled_before_it_is_made",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["substitute", "moved-in"], replaces__isnull=False)
                | Q(source__in=["booked", "walk-in"], replaces=None),
                name="booking_replaces_another_exactly_when_substitute_or_moved",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def has_waited(self) -> bool:
        """Whether it had no place, or none yet, when it was made."""
        return self.placed_at is None or self.placed_at > self.booked_at


class WorkshopChoice(models.Model):
    """The workshop of a conference that a delegate chose."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="workshop_choices")
    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="choices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booking", "workshop"], name="workshop_is_chosen_once")]

    def __str__(self) -> str:
        return f"{self.booking}: {self.workshop}"


class WorkshopMove(models.Model):
    """That somebody else chose other workshops for a delegate who had chosen: why, and what they had."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="workshop_moves")
    moved_at = models.DateTimeField(default=timezone.now, editable=False)
    moved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    # Titles, in words: a workshop may go, or be called otherwise later.
    was = models.CharField(max_length=500)

    class Meta:
        ordering = ["moved_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="workshop_move_says_why")]

    def __str__(self) -> str:
        return f"{self.booking}: not {self.was}"
