"""How long an offer stands: by working hours, less as the event nears, and never only overnight."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bookings.models import ChargingPolicy
from bookings.windows import Windows

LONDON = ZoneInfo("Europe/London")
# A Monday, half past nine; nothing is shut but the Friday before.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
WINDOWS = Windows.under(None, {date(2026, 3, 6)})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-02-02 09:00", "2026-02-03 17:00"),  # weeks ahead: two working days
        ("2026-02-02 15:00", "2026-02-04 15:00"),
        ("2026-02-02 23:00", "2026-02-04 17:00"),  # at night: from the morning on
        ("2026-02-06 16:00", "2026-02-10 16:00"),  # over the weekend
        ("2026-03-03 09:00", "2026-03-04 12:00"),  # 24 working hours left: 6, but not before the next morning is over
        ("2026-03-04 16:30", "2026-03-05 12:00"),
        ("2026-03-05 16:00", "2026-03-08 09:30"),  # the office is shut from now on: until offers stop
        ("2026-03-08 08:00", "2026-03-08 09:30"),
    ],
)
def test_an_offer_ends(now, ends):
    assert WINDOWS.offer_ends_at(at(now), BEGINS) == at(ends)


@pytest.mark.parametrize("now", ["2026-03-08 08:31", "2026-03-08 09:30", "2026-03-09 09:00", "2026-03-10 09:00"])
def test_it_is_too_late_for_an_offer(now):
    assert WINDOWS.offer_ends_at(at(now), BEGINS) is None


def test_the_later_an_offer_is_made_the_less_it_stands_and_it_always_ends_later_than_an_earlier_one():
    hours = [datetime(2026, 2, day, hour, tzinfo=LONDON) for day in range(16, 28) for hour in (0, 8, 12, 18)]
    ends = [WINDOWS.offer_ends_at(now, BEGINS) for now in hours]
    assert ends == sorted(ends)
    assert all(end > now for end, now in zip(ends, hours, strict=True))


def test_the_policy_in_force_says_how_long():
    policy = ChargingPolicy(offer_hours=8, offers_stop_hours=72, office_opens_at=time(8), office_closes_at=time(16))
    windows = Windows.under(policy, ())
    assert windows.offer_ends_at(at("2026-02-02 08:00"), BEGINS) == at("2026-02-03 11:00")
    assert windows.offer_ends_at(at("2026-02-02 12:00"), BEGINS) == at("2026-02-03 12:00")
    assert windows.offer_ends_at(at("2026-03-06 09:00"), BEGINS) is None


def test_an_end_is_put_off_by_as_much_as_a_new_offer_would_stand():
    assert WINDOWS.put_off_until(at("2026-02-04 10:00"), BEGINS) == at("2026-02-06 10:00")
    assert WINDOWS.put_off_until(at("2026-03-08 09:30"), BEGINS) is None


@pytest.mark.parametrize(("day", "utc"), [("2026-03-27", 16), ("2026-10-23", 17)])
def test_the_clocks_change_and_office_hours_do_not(day, utc):
    """Friday 4pm, two working days: Tuesday 4pm by the local clock, whatever the Sunday between brings."""
    begins = datetime(2026, 12, 7, 9, 30, tzinfo=LONDON)
    ends = WINDOWS.offer_ends_at(at(f"{day} 16:00"), begins)
    assert ends.astimezone(LONDON).hour == 16
    assert ends.hour != utc


@pytest.mark.parametrize(
    ("now", "ends", "reminded", "again"),
    [
        # Weeks ahead: five working days.
        ("2026-02-02 09:00", "2026-02-06 17:00", "2026-02-03 17:00", "2026-02-05 09:00"),
        ("2026-02-02 15:00", "2026-02-09 15:00", "2026-02-04 15:00", "2026-02-06 09:00"),
        # Half of what is left.
        ("2026-03-02 09:00", "2026-03-03 17:00", "2026-03-02 17:00", None),
        # Reminded when half of the time has passed; not over before the next morning is, unless offers stop.
        ("2026-03-04 16:00", "2026-03-05 12:30", "2026-03-05 10:15", None),
        ("2026-03-05 10:00", "2026-03-08 09:30", "2026-03-05 13:30", None),
        ("2026-03-08 08:00", "2026-03-08 09:30", "2026-03-08 09:30", None),
    ],
)
def test_somebody_is_asked_to_approve_until(now, ends, reminded, again):
    asking = WINDOWS.asking(at(now), BEGINS, None)
    assert (asking.ends_at, asking.remind_at) == (at(ends), at(reminded))
    assert asking.remind_again_at == (at(again) if again else None)


def test_while_cancelling_is_free_where_that_leaves_the_next_morning():
    assert WINDOWS.asking(at("2026-02-02 09:00"), BEGINS, at("2026-02-04 00:00")).ends_at == at("2026-02-04 00:00")
    assert WINDOWS.asking(at("2026-02-02 09:00"), BEGINS, at("2026-02-03 00:00")).ends_at == at("2026-02-06 17:00")


def test_it_is_too_late_to_ask_when_it_is_too_late_to_offer():
    assert WINDOWS.asking(at("2026-03-08 08:31"), BEGINS, None) is None
