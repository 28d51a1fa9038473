"""Tokens: what a program shows to act for a person through the API."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone

from people.models import Account, Person
from people.references import new_reference

# A year, a leap day included.
LONGEST = timedelta(days=366)


class Scope(models.TextChoices):
    """What a token may be used for, of what its person may do."""

    READ = "read", "Read the programme and bookings"
    BOOK = "book", "Book places and cancel bookings"
    REGISTERS = "registers", "Read, mark, hand in and close registers"
    MONEY = "money", "Read charges and invoices"
    REPORT = "report", "Read the utilisation report"


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, person: Person) -> "TokenQuerySet":
        """One's own."""
        return self.filter(person=person)

    def kept(self) -> "TokenQuerySet":
        """Not taken back; expired ones too."""
        return self.filter(revoked_at=None)

    def current(self, today: date | None = None) -> "TokenQuerySet":
        """Neither taken back nor expired."""
        return self.filter(revoked_at=None, expires_on__gte=today or timezone.localdate())


class Token(models.Model):
    """Lets a program in as a person, for some of what the person may do, until a day. The secret itself is not kept."""

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    # The account whose sign-in made it, and that account's epoch then: another epoch ends it.
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    epoch = models.PositiveIntegerField()
    # The holder's word for it: "Spreadsheet of the duty desk".
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    # SHA-256 of the secret, in hex: the secret is 256 random bits, so nothing slower is needed.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_on = models.DateField(default=timezone.localdate, editable=False)
    # The last day on which it is let in.
    expires_on = models.DateField()
    # By the day, so that a program that asks every second does not write every second.
    last_used_on = models.DateField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    expires_on__gte=F("created_on"),
                    expires_on__lte=ExpressionWrapper(F("created_on") + LONGEST, output_field=models.DateField()),
                ),
                name="token_expires_within_a_year",
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0, scopes__contained_by=["read", "book", "registers", "money", "report"]),
                name="token_scopes_are_known",
            ),
            # Also, a form sent twice makes one token.
            models.UniqueConstraint(
                fields=["person", "name"], condition=Q(revoked_at=None), name="token_name_is_used_once"
            ),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="token_keeps_only_a_digest"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scopes_in_words(self) -> list[str]:
        return [str(scope.label) for scope in Scope if scope in self.scopes]

    def is_over(self) -> bool:
        return self.expires_on < timezone.localdate()
