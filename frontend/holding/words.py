"""How somebody's standing with a course is said, on one's own page and on the list of one's staff."""

from bookings.holding import Holding, Standing
from frontend.formats import short_date

TONES: dict[str, str] = {
    Standing.HELD: "green",
    Standing.LAPSES_SOON: "yellow",
    Standing.IN_GRACE: "orange",
    Standing.LAPSED: "red",
    Standing.PART_ATTENDED: "teal",
    Standing.MISSED: "red",
    Standing.BOOKED: "blue",
}


def until(holding: Holding) -> str:
    """Until when it counts; empty for what was never attended."""
    if holding.attended_on is None:
        return ""
    if holding.until is None or holding.grace_until is None:
        return "Does not lapse"
    if holding.standing == Standing.IN_GRACE:
        return f"Refresher due by {short_date(holding.until)}, counts until {short_date(holding.grace_until)}"
    return f"Until {short_date(holding.grace_until if holding.standing == Standing.LAPSED else holding.until)}"
