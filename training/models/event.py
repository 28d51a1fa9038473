"""Events: dated deliveries of a course, their sessions, trainers and workshops."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from people.models import Person
from people.permissions import Right, may
from people.references import new_reference
from training.models.course import Course
from training.models.venue import Room, Trainer


class EventQuerySet(models.QuerySet["Event"]):
    def delivered(self, now: datetime | None = None) -> "EventQuerySet":
        """Published events whose last session is over."""
        return self.filter(state=Event.State.PUBLISHED, ends_at__lte=now or timezone.now())

    def coming(self, now: datetime | None = None) -> "EventQuerySet":
        """Published events that are not over."""
        return self.filter(state=Event.State.PUBLISHED, ends_at__gt=now or timezone.now())

    def open_to_all(self, now: datetime | None = None) -> "EventQuerySet":
        """Dates that everybody may ask a place on: published, not in-house, not begun, and not about to be off."""
        return self.staying().filter(
            state=Event.State.PUBLISHED, is_in_house=False, starts_at__gt=now or timezone.now()
        )

    def staying(self) -> "EventQuerySet":
        """Those that nobody is about to cancel."""
        return self.filter(to_cancel_at=None)

    def with_booking_open(self, now: datetime | None = None) -> "EventQuerySet":
        """Those for which booking has opened and not closed, whatever their state."""
        now = now or timezone.now()
        opened = Q(booking_opens_at=None) | Q(booking_opens_at__lte=now)
        return self.filter(opened, Q(booking_closes_at=None) | Q(booking_closes_at__gt=now))

    def given_by(self, person: Person) -> "EventQuerySet":
        """Events with a session that the person trains."""
        return self.filter(pk__in=SessionTrainer.objects.filter(trainer__person=person).values("session__event"))

    def visible_to(self, person: Person) -> "EventQuerySet":
        """The whole programme to who may read it; else the public one, and what the person trains, is booked on, or
        makes up a session at."""
        if may(person, Right.READ_PROGRAMME):
            return self
        public = Q(is_in_house=False) & ~Q(state=Event.State.DRAFT)
        booked = Event.objects.filter(bookings__delegate=person).values("pk")
        made_up = Event.objects.filter(make_ups__booking__delegate=person, make_ups__ended_at=None).values("pk")
        own = Event.objects.all().given_by(person).values("pk")
        return self.filter(public | Q(pk__in=booked) | Q(pk__in=made_up) | Q(pk__in=own))

    def seen_by(self, person: Person, reference: str) -> "Event":
        """The event of that reference with its course. Raises Event.DoesNotExist where the person may not see it."""
        event = self.select_related("course").get(reference=reference)
        # What everybody may see needs no asking, which takes longer than all else.
        if event.is_in_house or event.state == Event.State.DRAFT:
            self.visible_to(person).get(pk=event.pk)
        return event


class Event(models.Model):
    """One dated delivery of a course, with a number of places."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CANCELLED = "cancelled", "Cancelled"
        ABANDONED = "abandoned", "Abandoned"

    class Certainty(models.TextChoices):
        """Whether the date will stay, and else what messages do until it is confirmed."""

        SURE = "sure", "The date is sure"
        TENTATIVE = "tentative", "The date is not sure yet: messages go, and say so"
        HELD = "held", "The date is not sure yet: messages about places wait until I confirm it"

    class Counts(models.TextChoices):
        """What an event that was broken off counts as for who was there."""

        NOTHING = "nothing", "It does not count"
        PART = "part", "It counts in part"
        WHOLE = "whole", "Enough was given: it counts"

    reference = models.CharField(max_length=20, unique=True, default=new_reference)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    is_in_house = models.BooleanField("in-house", default=False)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.SURE, db_default=Certainty.SURE)
    # When the date of one that was not sure was confirmed.
    dated_at = models.DateTimeField(null=True, blank=True, editable=False)
    places = models.PositiveIntegerField()
    # What was first published: shown beside places where it differs.
    first_places = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # Bookings that a coordinator, or the workbook, allowed beyond the places; with the reason.
    overbooking = models.PositiveIntegerField(default=0)
    overbooking_reason = models.CharField(max_length=200, blank=True)
    # Where it is joined, and what to know before the day: told to who has a place, and to nobody else.
    online_link = models.URLField("link to join online", blank=True, db_default="")
    joining_instructions = models.TextField(blank=True, db_default="")
    # Fewer than these by that day, and it is decided whether it takes place.
    minimum = models.PositiveIntegerField("minimum numbers", null=True, blank=True)
    decide_on = models.DateField(null=True, blank=True)
    # While fewer than these are on its sessions, trainers who may deliver the course can volunteer. None: not said.
    trainers_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    # From when until when delegates may book; None: from its publication, until it begins. By a moment, or by so many
    # days before it begins: then the moment follows from them, by trigger, also when the event moves.
    booking_opens_at = models.DateTimeField(null=True, blank=True)
    booking_opens_days = models.PositiveSmallIntegerField(null=True, blank=True)
    booking_closes_at = models.DateTimeField(null=True, blank=True)
    booking_closes_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # First start and last end of its sessions, kept by trigger.
    starts_at = models.DateTimeField(null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When one of its days last became another while it was published, kept by trigger.
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_reason = models.CharField(max_length=200, blank=True)
    # It is to be cancelled at that moment, which can be stopped until then (bookings/calling_off.py); gone once it is.
    to_cancel_at = models.DateTimeField(null=True, blank=True, editable=False)
    to_cancel_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_cancel_reason = models.CharField(max_length=200, blank=True, db_default="")
    # The date that comes instead, if one does.
    to_cancel_instead = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # It ended before its end, as by a fire alarm: nobody is charged. What counts as nothing is abandoned.
    broken_off_at = models.DateTimeField(null=True, blank=True)
    broken_off_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    broken_off_reason = models.CharField(max_length=200, blank=True, db_default="")
    broken_off_counts = models.CharField(max_length=10, choices=Counts, blank=True, db_default="")
    # When a workbook first brought it: an event that had ended by then is silent, nobody is mailed about it.
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "reference"]
        indexes = [
            models.Index(fields=["ends_at", "id"], name="event_by_end"),
            models.Index(fields=["starts_at", "id"], name="event_by_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(places__gt=0), name="event_has_places"),
            models.CheckConstraint(
                condition=Q(overbooking=0) | ~Q(overbooking_reason=""), name="event_overbooking_says_why"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["cancelled", "abandoned"]) & Q(cancelled_at__isnull=False))
                | (~Q(state__in=["cancelled", "abandoned"]) & Q(cancelled_at=None)),
                name="event_says_when_it_was_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "cancelled", "abandoned"]), name="event_state_is_known"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(certainty="sure") | Q(certainty__in=["tentative", "held"], dated_at=None),
                name="event_is_sure_or_waits_for_its_date",
            ),
            models.CheckConstraint(
                condition=Q(broken_off_at=None, broken_off_by=None, broken_off_reason="", broken_off_counts="")
                | Q(broken_off_at__isnull=False, broken_off_by__isnull=False)
                & ~Q(broken_off_reason="")
                & (
                    Q(broken_off_counts__in=["part", "whole"], state="published")
                    | Q(broken_off_counts="nothing", state="abandoned")
                ),
                name="event_broken_off_says_what_it_counts_as",
            ),
            models.CheckConstraint(
                condition=Q(to_cancel_at=None, to_cancel_by=None, to_cancel_reason="", to_cancel_instead=None)
                | Q(to_cancel_at__isnull=False, to_cancel_by__isnull=False, state__in=["draft", "published"])
                & ~Q(to_cancel_reason=""),
                name="event_to_be_cancelled_says_why_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(online_link="") | Q(online_link__regex=r"^https?://[^\s]+$"),
                name="event_link_is_a_web_address",
            ),
            models.CheckConstraint(
                condition=Q(minimum=None, decide_on=None)
                | Q(minimum__isnull=False, minimum__gt=0, decide_on__isnull=False),
                name="event_minimum_is_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(booking_opens_at=None)
                | Q(booking_closes_at=None)
                | Q(booking_opens_at__lt=F("booking_closes_at")),
                name="event_booking_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.course} on {timezone.localtime(self.starts_at):%-d %B %Y}" if self.starts_at else str(self.course)
        )

    def has_begun(self, now: datetime | None = None) -> bool:
        return self.starts_at is not None and self.starts_at <= (now or timezone.now())

    def is_over(self, now: datetime | None = None) -> bool:
        return self.ends_at is not None and self.ends_at <= (now or timezone.now())

    @property
    def is_tentative(self) -> bool:
        return self.certainty != Event.Certainty.SURE

    @property
    def not_sure_yet(self) -> list[str]:
        """What is said wherever the date of a tentative event that is on stands: a sentence, or none."""
        is_on = self.is_tentative and self.cancelled_at is None
        return ["The date is not sure yet. We write to you when it is."] if is_on else []

    def set_certainty(self, certainty: str) -> None:
        """Without saving; the fields are certainty and dated_at."""
        was_tentative, self.certainty = self.is_tentative, certainty
        if was_tentative != self.is_tentative:
            self.dated_at = timezone.now() if was_tentative else None

    def set_to_cancel(
        self, at: datetime | None = None, by: Person | None = None, reason: str = "", instead: "Event | None" = None
    ) -> list[str]:
        """Without saving; returns the names of these fields. Without a moment: it is not to be cancelled."""
        self.to_cancel_at, self.to_cancel_by = at, by
        self.to_cancel_reason, self.to_cancel_instead = reason, instead
        return ["to_cancel_at", "to_cancel_by", "to_cancel_reason", "to_cancel_instead"]

    def is_silent(self) -> bool:
        """Whether it had ended before a workbook brought it, so that no job mails anyone about it."""
        return self.imported_at is not None and self.is_over(self.imported_at)


class Session(models.Model):
    """One sitting of an event."""

    # The override of what meets online: any number of events do at a time.
    ONLINE = "online"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    # Follows the event's state, by trigger: the exclusion that keeps rooms sees this table only.
    is_cancelled = models.BooleanField(default=False, editable=False)
    # Why a second event may be in the room at the same time; empty: it may not.
    room_override = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%-d %B %Y %H:%M}"


class SessionTrainer(models.Model):
    """A trainer's part in a session. The times are copies, kept by trigger for the exclusion that keeps trainers."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="trainers")
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    is_cancelled = models.BooleanField(default=False, editable=False)
    # Why the trainer may be in two places at once; empty: they may not.
    override = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "trainer"], name="trainer_is_on_a_session_once")]

    def __str__(self) -> str:
        return f"{self.trainer} on {self.session}"


class Workshop(models.Model):
    """A choice within a conference, with places of its own."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="workshops")
    title = models.CharField(max_length=200)
    # When it is, as the programme says it: "Morning". A delegate takes one of each. Empty: all at the same time.
    slot = models.CharField(max_length=60, blank=True, db_default="")
    places = models.PositiveIntegerField()
    # As on the event: choices beyond the places that a coordinator, or the workbook, allowed.
    overbooking = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["event", "title"], name="workshop_titles_differ_within_an_event"),
            models.CheckConstraint(condition=Q(places__gt=0), name="workshop_has_places"),
        ]

    def __str__(self) -> str:
        return self.title
