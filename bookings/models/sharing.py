"""How an event's places are shared out: kept for some agencies, capped for each, reserved before they have names."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Agency, Person
from training.models import Event


class Hold(models.Model):
    """Places kept for one agency, or one type of agency, until a moment; bookings of theirs take from them."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="holds")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agency_type = models.CharField(max_length=30, choices=Agency.Type, blank=True)
    places = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "agency", "agency_type"], nulls_distinct=False, name="hold_is_stated_once"
            ),
            models.CheckConstraint(
                condition=Q(agency=None) & ~Q(agency_type="") | Q(agency__isnull=False, agency_type=""),
                name="hold_is_for_an_agency_or_a_type",
            ),
            models.CheckConstraint(condition=Q(places__gt=0), name="hold_keeps_places"),
        ]

    def __str__(self) -> str:
        return f"{self.places} places for {self.whom}"

    @property
    def whom(self) -> str:
        """The agency's name, or the type's. Reads the agency."""
        return self.agency.name if self.agency else self.get_agency_type_display()


class Cap(models.Model):
    """The most places that one agency may have on an event."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="cap")
    places = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(places__gt=0), name="cap_lets_each_agency_have_a_place")]

    def __str__(self) -> str:
        return f"{self.places} places an agency on {self.event}"


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def live(self) -> "ReservationQuerySet":
        """What holds places: the database counts it with the bookings."""
        return self.filter(released_at=None)


class Reservation(models.Model):
    """Places that an agency's lead has reserved and not named yet; they go back when that is not done in time."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reservations")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="reservations")
    # Those without a name: naming one takes it off, and makes a booking.
    places = models.PositiveIntegerField()
    named_until = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "agency"], condition=Q(released_at=None), name="reservation_is_one_live_an_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.places} places of {self.agency} on {self.event}"
