"""Where training takes place and who gives it."""

from django.db import models
from django.db.models import F, Q

from people.models import Person
from training.models.course import Course


class Venue(models.Model):
    """A building or an online place."""

    name = models.CharField(max_length=200, unique=True)
    address = models.TextField(blank=True)
    # Parking, steps, hearing loop: for who arranges, and for who comes.
    access_notes = models.TextField(blank=True, db_default="")
    # Not offered for new dates any more; what took place there keeps it.
    is_retired = models.BooleanField("not used any more", default=False, db_default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room of a venue; one event at a time. A venue that a workbook names without rooms has one, without a name."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=100, blank=True)
    # How many it holds; None: not known.
    capacity = models.PositiveIntegerField(null=True, blank=True)
    access_notes = models.TextField(blank=True, db_default="")
    is_retired = models.BooleanField("not used any more", default=False, db_default=False)

    class Meta:
        ordering = ["venue__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["venue", "name"], name="room_names_differ_within_a_venue"),
            models.CheckConstraint(condition=Q(capacity=None) | Q(capacity__gt=0), name="room_holds_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.venue}, {self.name}" if self.name else str(self.venue)


class Trainer(models.Model):
    """Someone of the Trainers Network: a name, until matched with a person."""

    name = models.CharField(max_length=200, unique=True)
    person = models.OneToOneField(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="trainer")
    is_retired = models.BooleanField("does not train any more", default=False, db_default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Clearance(models.Model):
    """A course that a trainer may deliver: who said so, on what evidence, and until when."""

    trainer = models.ForeignKey(Trainer, on_delete=models.CASCADE, related_name="clearances")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="clearances")
    # The last day; None: until somebody says otherwise.
    until = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["course__title"]
        constraints = [
            models.UniqueConstraint(fields=["trainer", "course"], name="trainer_is_cleared_for_a_course_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("signed_on")), name="clearance_ends_after_it_was_signed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainer} for {self.course}"


class Absence(models.Model):
    """Days on which a trainer cannot train. Why is nobody's business, and not asked."""

    trainer = models.ForeignKey(Trainer, on_delete=models.CASCADE, related_name="absences")
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="absence_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.trainer} from {self.first_on} to {self.last_on}"
