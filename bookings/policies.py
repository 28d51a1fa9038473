"""Which charging policy a booking is made under, and what it says."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.utils import timezone

from bookings import cut_off, working_days
from bookings.cut_off import CancellationCost
from bookings.models import ChargingPolicy, ClosingDay, Tariff
from training.models import Course, Event


def in_force(on: date) -> ChargingPolicy | None:
    """The version in force on a day; None before the first one, and then nothing is charged."""
    return _begun(on).first()


def in_force_and_closing(on: date) -> tuple[ChargingPolicy | None, Collection[date]]:
    """The same with all closing days, in one statement where there is a policy."""
    closing = ArraySubquery(ClosingDay.objects.order_by().values("day"))
    found: Any = _begun(on).annotate(closing=closing).first()
    return (found, found.closing) if found else (None, working_days.closing_days())


def _begun(on: date) -> QuerySet[ChargingPolicy]:
    """The versions that have come into force by a day, the latest first."""
    return ChargingPolicy.objects.filter(in_force_from__lte=on).order_by("-in_force_from")


def tariffs_for(policy: ChargingPolicy | None, course: Course, reason: str) -> QuerySet[Tariff]:
    """What the policy says about a course and a reason: none, one, or for late cancellation several steps."""
    if policy is None:
        return Tariff.objects.none()
    return policy.tariffs.filter(reason=reason, duration=course.duration, delivery=course.delivery)


def cost_of_cancelling(
    *, event: Event, policy: ChargingPolicy | None, received_at: datetime, free_before: datetime | None = None
) -> CancellationCost:
    """What cancelling a place on the event costs under a policy: shown before booking, and what decides later."""
    if event.starts_at is None:
        return CancellationCost(free_until=None, tariff=None, steps=())
    tariffs = list(tariffs_for(policy, event.course, Tariff.Reason.CANCELLED_LATE))
    return cut_off.cost_of_cancelling(
        tariffs=tariffs,
        starts_at=event.starts_at,
        received_at=received_at,
        closing=working_days.closing_days() if tariffs else frozenset(),
        office_closes_at=policy.office_closes_at if policy else None,
        free_before=free_before,
    )


def notice(*, event: Event, policy: ChargingPolicy | None, received_at: datetime) -> int | None:
    """Whole working days between the day a cancellation counts as received and the event's; None without a date."""
    if event.starts_at is None:
        return None
    closing = working_days.closing_days()
    received = cut_off.day_received(received_at, closing, policy.office_closes_at if policy else None)
    first_day = timezone.localtime(event.starts_at, timezone.get_default_timezone()).date()
    return working_days.whole_days_between(received, first_day, closing)


class Terms:
    """All policies, tariffs and closing days in memory, for work on many bookings: load() once, then no query.

    May be made of rows that are not saved yet, as the import does to say what it would write.
    """

    def __init__(
        self, *, policies: Iterable[ChargingPolicy], tariffs: Iterable[Tariff], closing: Collection[date]
    ) -> None:
        self.closing = frozenset(closing)
        self.policies = sorted(policies, key=lambda policy: policy.in_force_from, reverse=True)
        # By the policy's date, which is unique, as unsaved policies have no key.
        self._tariffs: dict[tuple[date, str, str, str], list[Tariff]] = defaultdict(list)
        for tariff in tariffs:
            kind = (tariff.policy.in_force_from, tariff.reason, tariff.duration, tariff.delivery)
            self._tariffs[kind].append(tariff)
        self._days_between = lru_cache(maxsize=None)(
            lambda received, first_day: working_days.whole_days_between(received, first_day, self.closing)
        )

    @classmethod
    def load(cls) -> "Terms":
        """All that is stored, in two queries."""
        of_policy = [field.attname for field in ChargingPolicy._meta.concrete_fields]
        of_tariff = [field.attname for field in Tariff._meta.concrete_fields]
        rows = ChargingPolicy.objects.values_list(*of_policy, *(f"tariffs__{name}" for name in of_tariff))
        policies: dict[int, ChargingPolicy] = {}
        tariffs: list[Tariff] = []
        for row in rows:
            values = row[len(of_policy) :]
            policy = ChargingPolicy.from_db(rows.db, of_policy, row[: len(of_policy)])
            policy = policies.setdefault(policy.pk, policy)
            # A policy without tariffs, which makes everything free from its day on, comes with a row of nothing.
            if values[0] is not None:
                tariff = Tariff.from_db(rows.db, of_tariff, values)
                tariff.policy = policy
                tariffs.append(tariff)
        return cls(policies=policies.values(), tariffs=tariffs, closing=working_days.closing_days())

    def policy_on(self, day: date) -> ChargingPolicy | None:
        """The version in force on a day."""
        return next((policy for policy in self.policies if policy.in_force_from <= day), None)

    def tariffs_for(self, policy: ChargingPolicy | None, *, reason: str, duration: str, delivery: str) -> list[Tariff]:
        """What the policy says about a kind of course and a reason."""
        return self._tariffs.get((policy.in_force_from, reason, duration, delivery), []) if policy else []

    def late_tariff(
        self,
        policy: ChargingPolicy | None,
        course_duration: str,
        delivery: str,
        starts_at: datetime,
        received_at: datetime,
    ) -> Tariff | None:
        """The tariff that a cancellation received then falls under; None: in time, or nothing is charged for it."""
        tariffs = self.tariffs_for(
            policy, reason=Tariff.Reason.CANCELLED_LATE, duration=course_duration, delivery=delivery
        )
        if policy is None or not tariffs:
            return None
        return cut_off.late_tariff(
            tariffs=tariffs,
            starts_at=starts_at,
            received_at=received_at,
            closing=self.closing,
            office_closes_at=policy.office_closes_at,
        )

    def notice(self, received: date, first_day: date) -> int:
        """Whole working days strictly between the day received and the event's first day."""
        return self._days_between(received, first_day)

    def day_received(self, policy: ChargingPolicy | None, received_at: datetime) -> date:
        """The day on which a cancellation counts as received under the policy."""
        return cut_off.day_received(received_at, self.closing, policy.office_closes_at if policy else None)
