"""Deputies: whom a line manager lets decide about requests for a while."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from bookings import approvers, refusals
from bookings.models import Deputy
from people.models import Person
from training.moments import full_date


@transaction.atomic
def name(*, by: Person, email: str, starts_on: date, ends_on: date, name: str = "") -> Deputy:
    """Let who has this address in one's own agency decide from one day to another, both included.

    Several may follow each other, one at a time. Raises NoDeputy.
    """
    _refuse_days(starts_on, ends_on)
    deputy = _found(by, email.strip().lower(), name)
    # Two at the same moment come one after the other, so that the second reads this refusal, and not the database's.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    taken = Deputy.objects.standing().filter(manager=by, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if other := taken.select_related("deputy").order_by("starts_on").first():
        raise refusals.NoDeputy(
            f"{other.deputy} is your deputy from {full_date(other.starts_on)} to {full_date(other.ends_on)}. End that "
            "first, or choose other days."
        )
    return Deputy.objects.create(manager=by, deputy=deputy, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def end(*, deputy: Deputy) -> Deputy:
    """Take it back from now on; again it changes nothing."""
    deputy = Deputy.objects.select_for_update(no_key=True, of=["self"]).select_related("deputy").get(pk=deputy.pk)
    if deputy.revoked_at is None:
        deputy.revoked_at = timezone.now()
        deputy.save(update_fields=["revoked_at"])
    return deputy


def _refuse_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise refusals.NoDeputy("The last day must be the first day or later.")
    if ends_on < timezone.localdate():
        raise refusals.NoDeputy("The last day must be today or later.")


def _found(by: Person, email: str, name: str) -> Person:
    if email == by.email:
        raise refusals.NoDeputy("This is your own address. Enter a colleague’s.")
    found, is_shared = approvers.colleague(by, email, name)
    if found:
        return found
    raise refusals.NoDeputy(
        "Several people share this address. Enter your deputy’s name as well, as it is on their certificates."
        if is_shared
        else "Nobody of your agency is known by this address. Ask your agency’s training lead to invite them first."
    )
