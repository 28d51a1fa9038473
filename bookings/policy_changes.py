"""Versions of the charging policy, made, changed and withdrawn before their day: no booking gets other terms."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.models import ChargingPolicy, Tariff
from bookings.refusals import PolicyRefused
from outbox import turns
from people.models import Person

KIND = ("reason", "duration", "delivery", "notice", "notice_unit")
PRICE = ["net_amount", "vat_treatment"]


@transaction.atomic
def make(*, terms: ChargingPolicy, tariffs: Iterable[Tariff], by: Person) -> ChargingPolicy:
    """Keep a new version, which holds from its day on, with its tariffs; neither is saved yet. Raises PolicyRefused."""
    _take_turn()
    _refuse_day(terms, ChargingPolicy.objects.all())
    _write(terms, tariffs, by)
    return terms


@transaction.atomic
def change(
    *, policy: ChargingPolicy, seen: datetime | None, terms: ChargingPolicy, tariffs: Iterable[Tariff], by: Person
) -> ChargingPolicy:
    """Have a version that has not begun say this instead.

    seen: its changed_at when it was read. Raises PolicyRefused when it has begun or somebody else was first.
    """
    _take_turn()
    found = _not_begun(policy)
    if found.changed_at != seen:
        raise PolicyRefused("Somebody else changed it since you opened this page. Read it again, and change it then.")
    _refuse_day(terms, ChargingPolicy.objects.exclude(pk=found.pk))
    terms.pk = found.pk
    _write(terms, tariffs, by)
    return terms


@transaction.atomic
def withdraw(*, policy: ChargingPolicy, by: Person) -> None:
    """Take out a version that has not begun; the one before goes on. Raises PolicyRefused."""
    _take_turn()
    found = _not_begun(policy)
    found.tariffs.all().delete()
    found.delete()


def refuse_day(day: date, taken: Collection[date]) -> None:
    """Raise PolicyRefused for a day that is not to come, or from which another version holds: those are taken."""
    if day <= timezone.localdate():
        raise PolicyRefused("Choose a day after today: bookings made until then keep the terms they were made under.")
    if day in taken:
        raise PolicyRefused(f"There is a version from {day:%-d %B %Y} already. Change that one, or choose another day.")


def has_begun(policy: ChargingPolicy) -> bool:
    return policy.in_force_from <= timezone.localdate()


def _take_turn() -> None:
    # There is no row to lock for a version that is not there yet.
    turns.take("bookings.policy_changes")


def _not_begun(policy: ChargingPolicy) -> ChargingPolicy:
    # As it is since this turn began.
    found = ChargingPolicy.objects.filter(pk=policy.pk).first()
    if found is None:
        raise PolicyRefused("That version was withdrawn meanwhile. Make a new one.")
    if has_begun(found):
        raise PolicyRefused(f"The {found} has begun, so it stays as it is. Make a new version from a day to come.")
    if found.bookings.exists():
        raise PolicyRefused(f"Bookings are under the {found} already, so it stays as it is. Make a new version.")
    return found


def _refuse_day(terms: ChargingPolicy, others: QuerySet[ChargingPolicy]) -> None:
    refuse_day(terms.in_force_from, set(others.values_list("in_force_from", flat=True)))


def _write(terms: ChargingPolicy, tariffs: Iterable[Tariff], by: Person) -> None:
    terms.changed_at, terms.changed_by = timezone.now(), by
    terms.save()
    left = {_kind(tariff): tariff for tariff in terms.tariffs.all()}
    for tariff in tariffs:
        stored = left.pop(_kind(tariff), None)
        if stored is None:
            tariff.policy = terms
            tariff.save()
        elif any(getattr(stored, name) != getattr(tariff, name) for name in PRICE):
            stored.net_amount, stored.vat_treatment = tariff.net_amount, tariff.vat_treatment
            stored.save(update_fields=PRICE)
    terms.tariffs.filter(pk__in=[tariff.pk for tariff in left.values()]).delete()


def _kind(tariff: Tariff) -> tuple[Any, ...]:
    return tuple(getattr(tariff, name) for name in KIND)
