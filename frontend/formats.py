"""How dates, money and figures are written on pages. Registered as Jinja2 filters by their names in FILTERS."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from training.moments import span, until

Number = int | float | Decimal

# Shown where there is no figure: nothing was counted, so 0 would be wrong.
NO_FIGURE = "–"


def full_date(day: date | datetime) -> str:
    """Wednesday 3 March 2027."""
    day = _local(day)
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_date(day: date | datetime) -> str:
    """3 Mar 2027, for dense tables."""
    day = _local(day)
    return f"{day.day} {day:%b %Y}"


def full_month(day: date) -> str:
    """March 2027."""
    return f"{day:%B %Y}"


def clock(moment: datetime | time) -> str:
    """9:30am, 2pm, midday, midnight; in the partnership's time zone."""
    if isinstance(moment, datetime):
        moment = _local(moment)
    if moment.minute == 0 and moment.hour in {0, 12}:
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def full_moment(moment: datetime) -> str:
    """Wednesday 3 March 2027, 9:30am."""
    return f"{full_date(moment)}, {clock(moment)}"


def short_moment(moment: datetime) -> str:
    """3 Mar 2027, 9:30am."""
    return f"{short_date(moment)}, {clock(moment)}"


def money(amount: Number | None) -> str:
    """£75, £75.50, £10,350, −£75: pence only where there are some."""
    if amount is None:
        return NO_FIGURE
    pounds = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    shown = f"{abs(pounds):,.2f}".removesuffix(".00")
    return f"{'−' if pounds < 0 else ''}£{shown}"


def percent(value: Number | None, places: int = 0) -> str:
    """95% from 95.28, a value already in hundredths; – from None. Halves are rounded up."""
    return NO_FIGURE if value is None else f"{number(value, places)}%"


def number(value: Number | None, places: int = 0) -> str:
    """3,581; – from None. Halves are rounded up, minus is a true minus."""
    if value is None:
        return NO_FIGURE
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{'−' if rounded < 0 else ''}{abs(rounded):,}"


def plural(count: int, one: str, many: str = "") -> str:
    """1 event, 178 events; give many where it is not one + s."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(words: Iterable[Any], last: str = "and") -> str:
    """a, b and c."""
    *first, end = [str(word) for word in words] or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def first_few(words: Iterable[Any], most: int = 5) -> str:
    """a, b and c; of more than most of them: a, b, c, d, e and 7 others."""
    found = list(words)
    more = len(found) - most
    return listed(found if more < 1 else [*found[:most], plural(more, "other")])


def financial_year(code: str) -> str:
    """2018/19 from 2018-19: how a year is written on pages and in addresses (words.md)."""
    return code.replace("-", "/")


TONES = frozenset({"blue", "green", "grey", "orange", "purple", "red", "teal", "yellow"})


@lru_cache(maxsize=500)  # the same few words again and again
def tag(word: str, tone: str = "grey") -> SafeString:
    """A state as a tag with its word. A function and not a macro: lists call it for each row."""
    if tone not in TONES:
        raise ValueError(f"tag tone '{tone}' is none of {', '.join(sorted(TONES))}")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', tone, word)


HERE = ZoneInfo(settings.TIME_ZONE)


def _local(moment: Any) -> Any:
    return moment.astimezone(HERE) if isinstance(moment, datetime) and moment.tzinfo else moment


FILTERS: dict[str, Callable[..., Any]] = {
    "date": full_date,
    "short_date": short_date,
    "month": full_month,
    "time": clock,
    "moment": full_moment,
    "span": span,
    "until": until,
    "short_moment": short_moment,
    "money": money,
    "percent": percent,
    "number": number,
    "plural": plural,
    "listed": listed,
    "year": financial_year,
    "tag": tag,
}
