"""Periodic jobs: one row per period, however many schedulers ask for it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

from outbox import jobs
from outbox.models import Job


class Period(Protocol):
    def latest(self, now: datetime) -> str:
        """The name of the latest period that has begun; a job has one run in each."""
        ...


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, from this time of the local clock on.

    A time that the clocks leave out in March is taken an hour later; one that comes twice in October, the first time.
    """

    hour: int
    minute: int = 0

    def latest(self, now: datetime) -> str:
        today = timezone.localdate(now)
        day = today if now >= self.begins(today) else today - timedelta(days=1)
        return day.isoformat()

    def begins(self, day: date) -> datetime:
        return local(day, self.hour, self.minute)


@dataclass(frozen=True, slots=True)
class Monthly:
    """Once a month, from this day (1 to 28) and hour of the local clock on."""

    day: int
    hour: int

    def latest(self, now: datetime) -> str:
        this = timezone.localdate(now).replace(day=self.day)
        month = this if now >= local(this, self.hour, 0) else this.replace(day=1) - timedelta(days=1)
        return f"{month:%Y-%m}"


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """Every so many minutes, counted without regard to the clocks' changes."""

    minutes: int

    def latest(self, now: datetime) -> str:
        length = self.minutes * 60
        began = datetime.fromtimestamp(now.timestamp() // length * length, UTC)
        return f"{began:%Y-%m-%dT%H:%MZ}"


_periods: dict[str, Period] = {}


def register(kind: str, every: Period) -> None:
    """Have a job of this kind started in every period, with {"period": its name}. Called from AppConfig.ready.

    Raises LookupError for a kind that no app has registered.
    """
    if not jobs.is_registered(kind):
        raise LookupError(f"No app has registered the job kind {kind!r}.")
    _periods[kind] = every


def start_due() -> None:
    """Add the job of the latest period of each kind, where it is not there yet.

    Periods missed while nothing ran are not made up for: periodic jobs do whatever is left to do.
    """
    # A key is taken where another scheduler was here, or this one a minute ago.
    Job.objects.bulk_create(_latest(timezone.now()), ignore_conflicts=True)


def pass_over(reason: str) -> None:
    """Leave out the latest period of each kind, where its job is not there yet: they begin again with the next."""
    now = timezone.now()
    rows = _latest(now)
    for job in rows:
        job.state, job.finished_at, job.last_error = Job.State.DROPPED, now, reason
    Job.objects.bulk_create(rows, ignore_conflicts=True)


def _latest(now: datetime) -> list[Job]:
    due = {kind: every.latest(now) for kind, every in _periods.items()}
    return [Job(key=f"{kind}:{period}", kind=kind, arguments={"period": period}) for kind, period in due.items()]


def local(day: date, hour: int, minute: int) -> datetime:
    """The moment of this local time, in UTC: two local times would be compared by the hands of the clock."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute))).astimezone(UTC)
