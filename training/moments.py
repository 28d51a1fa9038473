"""How days and times are written in messages and refusals, which no page formats."""

from datetime import date, datetime, timedelta

from django.utils import timezone

MONTHS_A_YEAR = 12


def full_date(day: date | datetime) -> str:
    """Wednesday 3 March 2027, in the partnership's time zone."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return f"{day:%A} {day.day} {day:%B %Y}"


def clock(moment: datetime) -> str:
    """9:30am, 2pm, midday, midnight."""
    here = timezone.localtime(moment)
    if here.minute == 0 and here.hour % 12 == 0:
        return "midday" if here.hour else "midnight"
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{'am' if here.hour < 12 else 'pm'}"


def full_moment(moment: datetime) -> str:
    """Wednesday 3 March 2027, 9:30am."""
    return f"{full_date(moment)}, {clock(moment)}"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Wednesday 3 March 2027, 9:30am to 4pm; or of several days, to Friday 5 March 2027."""
    is_one_day = timezone.localdate(starts_at) == timezone.localdate(ends_at)
    return f"{full_moment(starts_at)} to {clock(ends_at) if is_one_day else full_date(ends_at)}"


def until(moment: datetime) -> str:
    """5pm on Tuesday 3 March 2027; where the moment is midnight, the end of the day before."""
    here = timezone.localtime(moment)
    if (here.hour, here.minute) == (0, 0):
        return f"the end of {full_date(here.date() - timedelta(days=1))}"
    return f"{clock(moment)} on {full_date(moment)}"


def span_of_months(months: int) -> str:
    """3 years, 18 months, year: what comes after "every" and "in the last"."""
    if months % MONTHS_A_YEAR:
        return f"{months} months" if months > 1 else "month"
    years = months // MONTHS_A_YEAR
    return f"{years} years" if years > 1 else "year"
