import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from outbox import schedule
from outbox.models import Job
from outbox.schedule import Daily, EveryMinutes, Monthly

UTC = ZoneInfo("UTC")


def at(moment):
    """A moment of UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "now", "period"),
    [
        (Daily(6), "2026-11-22 05:59:59", "2026-11-21"),
        (Daily(6), "2026-11-22 06:00", "2026-11-22"),
        (Daily(6, 30), "2026-07-01 05:29", "2026-06-30"),  # summer: 06:30 is 05:30 in UTC
        (Daily(6, 30), "2026-07-01 05:30", "2026-07-01"),
        (Daily(0), "2026-06-30 23:00", "2026-07-01"),  # midnight in London
        (Daily(0), "2026-01-01 00:00", "2026-01-01"),
        (Monthly(1, 6), "2026-11-01 05:59", "2026-10"),
        (Monthly(1, 6), "2026-11-01 06:00", "2026-11"),
        (Monthly(28, 0), "2027-01-15 12:00", "2026-12"),
        (Monthly(1, 0), "2026-06-30 23:00", "2026-07"),
        (Monthly(15, 6), "2026-03-31 12:00", "2026-03"),
        (EveryMinutes(5), "2026-11-22 10:04:59", "2026-11-22T10:00Z"),
        (EveryMinutes(5), "2026-11-22 10:05", "2026-11-22T10:05Z"),
        (EveryMinutes(60), "2026-07-01 10:59", "2026-07-01T10:00Z"),
    ],
)
def test_a_period_begins_by_the_local_clock(every, now, period):
    assert every.latest(at(now)) == period


def periods_of(every, day):
    """The periods that a beat every minute would see from a day's first UTC minute to its last."""
    minutes = (at(f"{day} {hour:02}:{minute:02}") for hour in range(24) for minute in range(60))
    return [every.latest(minute) for minute in minutes]


@pytest.mark.parametrize("hour", [0, 1, 2])
@pytest.mark.parametrize("minute", [0, 30])
@pytest.mark.parametrize(
    ("before", "day", "after"),
    [("2026-03-28", "2026-03-29", "2026-03-30"), ("2026-10-24", "2026-10-25", "2026-10-26")],
)
def test_on_the_days_the_clocks_change_a_daily_job_has_one_period(before, day, after, hour, minute):
    seen = periods_of(Daily(hour, minute), before) + periods_of(Daily(hour, minute), day)
    assert seen == sorted(seen), "a period that has ended comes back"
    assert {before, day} <= set(seen) <= {"2026-03-27", "2026-10-23", before, day, after}


def test_an_hour_that_is_left_out_counts_as_the_one_after_it():
    assert Daily(1, 30).latest(at("2026-03-29 01:29")) == "2026-03-28"  # 02:29 in summer time
    assert Daily(1, 30).latest(at("2026-03-29 01:30")) == "2026-03-29"


def test_an_hour_that_comes_twice_counts_the_first_time():
    assert Daily(1, 30).latest(at("2026-10-25 00:29")) == "2026-10-24"  # 01:29, summer time
    assert Daily(1, 30).latest(at("2026-10-25 00:30")) == "2026-10-25"
    again = at("2026-10-25 01:10")  # 01:10 once more, winter time
    assert Daily(1, 30).latest(again) == Daily(1, 30).latest(timezone.localtime(again)) == "2026-10-25"


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-11-22"])
def test_a_job_every_half_hour_runs_48_times_whatever_the_clocks_do(day):
    assert len(set(periods_of(EveryMinutes(30), day))) == 48


@pytest.mark.django_db
def test_each_beat_adds_the_job_once_a_period(kind):
    schedule.register("trial", Daily(6))
    for moment in ("2026-11-22 06:00", "2026-11-22 06:01", "2026-11-22 23:59", "2026-11-23 06:00"):
        with time_machine.travel(at(moment), tick=False):
            schedule.start_due()
    rows = Job.objects.order_by("key").values_list("key", "kind", "arguments")
    assert list(rows) == [
        ("trial:2026-11-22", "trial", {"period": "2026-11-22"}),
        ("trial:2026-11-23", "trial", {"period": "2026-11-23"}),
    ]


@pytest.mark.django_db
def test_a_beat_is_one_statement(kind, django_assert_num_queries):
    for name in ("one", "two", "three"):
        kind(lambda job, progress: {}, name=name)
        schedule.register(name, Daily(6))
    with django_assert_num_queries(1):
        schedule.start_due()


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_make_one_job(kind):
    schedule.register("trial", EveryMinutes(60 * 24))
    together = threading.Barrier(4)
    errors = []

    def beat():
        together.wait()
        try:
            schedule.start_due()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    beats = [threading.Thread(target=beat) for _ in range(4)]
    for one in beats:
        one.start()
    for one in beats:
        one.join()
    assert (Job.objects.count(), errors) == (1, [])


def test_a_kind_that_nobody_registered_is_a_mistake_told_at_once():
    with pytest.raises(LookupError, match="'mistyped'"):
        schedule.register("mistyped", Daily(6))
