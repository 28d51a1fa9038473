"""How long an offer stands, or a request waits for approval: less as the event nears, and in office hours.

Pure reckoning, so that what a page says and what the job does cannot differ. While there is time an offer stands for
the policy's working hours; nearer, for a quarter of those that are left. It never ends before the next working morning,
as a practitioner on a late shift would have had no chance, unless offers stop before that.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from bookings.models import ChargingPolicy
from bookings.working_days import is_working_day, next_working_day, previous_working_day

# Where the policy names no hour at which the office closes.
CLOSES_AT = time(17)
# How long after the office opens "the next morning" lasts.
MORNING = timedelta(hours=3)
# Nobody is offered what they have less than this to answer.
LEAST = timedelta(hours=1)
SHARE = 4
# Who is asked to approve has five working days, or half of those that are left; after two they are reminded.
ASKED_FOR, ASKED_SHARE = timedelta(hours=40), 2
REMINDED_AFTER = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Asking:
    """How long somebody is asked to approve, and when they are reminded."""

    ends_at: datetime
    remind_at: datetime
    # The morning of the working day before the end, where that is a later day than the first reminder's.
    remind_again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Windows:
    """The terms of offers."""

    opens_at: time
    closes_at: time
    hours: int
    stop_hours: int
    closing: Collection[date]

    @classmethod
    def under(cls, policy: ChargingPolicy | None, closing: Collection[date]) -> "Windows":
        """Those of the policy in force; without one, those of a policy that nobody has changed."""
        policy = policy or ChargingPolicy()
        closes_at = policy.office_closes_at or CLOSES_AT
        return cls(policy.office_opens_at, closes_at, policy.offer_hours, policy.offers_stop_hours, frozenset(closing))

    def stop_at(self, starts_at: datetime) -> datetime:
        """When the last offer on an event ends."""
        return starts_at.astimezone(UTC) - timedelta(hours=self.stop_hours)

    def offer_ends_at(self, now: datetime, starts_at: datetime) -> datetime | None:
        """When an offer made now ends; None: it is too late to make one. In UTC."""
        now, stop = now.astimezone(UTC), self.stop_at(starts_at)
        if stop - now < LEAST:
            return None
        return self._ends_at(now, stop, timedelta(hours=self.hours), SHARE)

    def put_off_until(self, ends_at: datetime, starts_at: datetime) -> datetime | None:
        """When an offer ends that is put off: as much later as a new one would stand; None where that gains nothing."""
        later = self.offer_ends_at(ends_at, starts_at)
        return later if later and later > ends_at else None

    def asking(self, now: datetime, starts_at: datetime, free_until: datetime | None) -> Asking | None:
        """How long somebody may think who is asked now to approve; None: it is too late to ask. In UTC.

        It ends while cancelling is still free, where that leaves them the next working morning.
        """
        now, stop = now.astimezone(UTC), self.stop_at(starts_at)
        if stop - now < LEAST:
            return None
        ends_at = self._ends_at(now, stop, ASKED_FOR, ASKED_SHARE)
        if free_until and free_until >= self._next_morning(now):
            ends_at = min(ends_at, free_until)
        remind_at = self._after(now, min(REMINDED_AFTER, self._open(now, ends_at) / 2), ends_at)
        day = previous_working_day(timezone.localdate(ends_at), self.closing)
        again = _local(day, self.opens_at) if day > timezone.localdate(remind_at) else None
        return Asking(ends_at, remind_at, again)

    def _ends_at(self, now: datetime, stop: datetime, most: timedelta, share: int) -> datetime:
        """When so much working time has passed, or a share of what is left; after the next morning, before stop."""
        ends = self._after(now, min(most, self._open(now, stop) / share), stop)
        return min(stop, max(ends, self._next_morning(now), now + LEAST))

    def _open(self, since: datetime, until: datetime) -> timedelta:
        """How long the office is open between two moments."""
        return sum((closes - opens for opens, closes in self._office_hours(since, until)), timedelta())

    def _after(self, now: datetime, working: timedelta, stop: datetime) -> datetime:
        """When so much working time has passed since now."""
        for since, until in self._office_hours(now, stop):
            if until - since >= working:
                return since + working
            working -= until - since
        return stop

    def _next_morning(self, now: datetime) -> datetime:
        day = next_working_day(timezone.localdate(now), self.closing)
        return _local(day, self.opens_at) + MORNING

    def _office_hours(self, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When the office is open between two moments."""
        day, last = timezone.localdate(since), timezone.localdate(until)
        while day <= last:
            if is_working_day(day, self.closing):
                opens, closes = max(since, _local(day, self.opens_at)), min(until, _local(day, self.closes_at))
                if opens < closes:
                    yield opens, closes
            day += timedelta(days=1)


def _local(day: date, at: time) -> datetime:
    # In UTC, as Python subtracts and compares times of one zone by the hands of the clock: wrong when clocks change.
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone()).astimezone(UTC)
