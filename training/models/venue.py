"""Where training takes place and who gives it."""

from django.db import models

from people.models import Person


class Venue(models.Model):
    """A building or an online place."""

    name = models.CharField(max_length=200, unique=True)
    address = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room of a venue; one event at a time. A venue that a workbook names without rooms has one, without a name."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["venue__name", "name"]
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="room_names_differ_within_a_venue")]

    def __str__(self) -> str:
        return f"{self.venue}, {self.name}" if self.name else str(self.venue)


class Trainer(models.Model):
    """Someone of the Trainers Network: a name, until matched with a person."""

    name = models.CharField(max_length=200, unique=True)
    person = models.OneToOneField(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="trainer")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
