"""What a cell says: dates, times, numbers, sums and words, as people write them in workbooks."""

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Never

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from people.names import match_key

FIRST_YEAR, LAST_YEAR = 1990, 2099
MONTHS = {
    name: number
    for number, month in enumerate(calendar.month_name)
    for name in (month.lower(), month[:3].lower())
    if number
} | {"sept": 9}
DATES = (
    re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?:[a-z]+,? +)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ \-](?P<month>[a-z]+)[ \-](?P<year>\d{4})"),
)
TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})? *(am|pm)?|(\d{1,2}) *(am|pm)")
YES = {"y", "yes", "true", "1"}
NO = {"n", "no", "false", "0"}
LARGEST_NUMBER = 1_000_000
is_email = EmailValidator()


class Unreadable(Exception):
    """The cell does not say what its column asks for: what is wrong, and what to do."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(what, todo)
        self.what, self.todo = what, todo


def text(value: Any, *, longest: int = 200) -> str:
    """Text without stray spaces; a number in a column of text is its digits."""
    if isinstance(value, list):
        _refuse_special(value, "text")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    said = " ".join(str(value).split())
    if len(said) > longest:
        raise Unreadable(f"this has {len(said):,} characters.", f"Write at most {longest}.")
    if "\0" in said:
        raise Unreadable("this holds a character that cannot be kept.", "Type the text anew.")
    return said


def long_text(value: Any) -> str:
    """Text of any sensible length, its lines kept."""
    if isinstance(value, str):
        return "\n".join(text(line, longest=5_000) for line in value.strip().splitlines())
    return text(value)


def day(value: Any) -> date:
    """A day, from a cell formatted as a date or from text as people here write it: 5/4/2018 is 5 April."""
    if isinstance(value, str):
        return written_day(value)
    if isinstance(value, list) and value[0] in {"date", "datetime"}:
        return _sensible(datetime.fromisoformat(value[1]).date())
    if isinstance(value, list):
        _refuse_special(value, "a date")
    raise Unreadable(f"{value!r} is a number, not a date.", "Format the cell as a date, or write 31/03/2019.")


@lru_cache(maxsize=10_000)
def written_day(said: str) -> date:
    said = said.strip()
    for pattern in DATES:
        if found := pattern.fullmatch(said.lower()):
            word = found["month"]
            month = int(word) if word.isdigit() else MONTHS.get(word, 0)
            try:
                return _sensible(date(int(found["year"]), month, int(found["day"])))
            except ValueError as error:
                raise Unreadable(f"there is no day '{said}'.", "Write a day of the calendar as 31/03/2019.") from error
    raise Unreadable(f"'{said}' is not a date.", "Write it as 31/03/2019, with all four digits of the year.")


def _sensible(found: date) -> date:
    if FIRST_YEAR <= found.year <= LAST_YEAR:
        return found
    raise Unreadable(f"the year of {found:%d/%m/%Y} cannot be right.", "Write the date as 31/03/2019.")


def clock(value: Any) -> time:
    """A time of day, from a cell formatted as a time or from text: 09:30, 9.30, 9:30am, 2 pm."""
    todo = "Write it as 09:30."
    if isinstance(value, list) and value[0] in {"time", "datetime"}:
        return time.fromisoformat(value[1].rpartition("T")[2]).replace(second=0, microsecond=0)
    if isinstance(value, list) and value[0] == "duration":
        minutes = round(float(value[1]) / 60)
        if 0 <= minutes < 24 * 60:
            return time(*divmod(minutes, 60))
    elif isinstance(value, list):
        _refuse_special(value, "a time")
    elif isinstance(value, str) and (found := TIME.fullmatch(value.strip().lower())):
        hour, minute = int(found[1] or found[4]), int(found[2] or 0)
        half = found[3] or found[5]
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Unreadable(f"{_shown(value)} is not a time of day.", todo)


def whole_number(value: Any, *, least: int = 0, most: int = LARGEST_NUMBER) -> int:
    todo = f"Write a whole number of {least} or more." if most == LARGEST_NUMBER else f"Write {least} to {most}."
    if isinstance(value, list):
        _refuse_special(value, "a number")
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise Unreadable(f"{_shown(value)} is not a whole number.", todo)
    if not least <= value <= most:
        raise Unreadable(f"{_shown(value)} is out of range.", todo)
    return int(value)


def pounds(value: Any) -> Decimal:
    """A sum in pounds: 75, 75.50 or £75."""
    todo = "Write a sum in pounds, such as 75 or 37.50."
    if isinstance(value, list):
        _refuse_special(value, "a sum")
    try:
        amount = Decimal(str(value).strip().removeprefix("£").strip().replace(",", ""))
        exact = round(amount, 2)
        is_negative = amount < 0
    except InvalidOperation as error:
        raise Unreadable(f"{_shown(value)} is not a sum of money.", todo) from error
    if is_negative:
        raise Unreadable(f"{_shown(value)} is negative, and nobody is paid for not coming.", todo)
    if amount != exact or amount >= LARGEST_NUMBER:
        raise Unreadable(f"{_shown(value)} is not a sum in pounds and pence.", todo)
    return exact


def yes_or_no(value: Any) -> bool:
    said = "1" if value is True else "0" if value is False else text(value).lower()
    if said in YES:
        return True
    if said in NO:
        return False
    raise Unreadable(f"{_shown(value)} is neither yes nor no.", "Write Y or N.")


def email(value: Any) -> str:
    """The address in lower case."""
    said = text(value, longest=254).lower()
    _check_email(said)
    return said


@lru_cache(maxsize=20_000)
def _check_email(said: str) -> None:
    try:
        is_email(said)
    except ValidationError as error:
        raise Unreadable(
            f"'{said}' is not an e-mail address.", "Write one address, such as a.lewis@bcc.example."
        ) from error


class Words:
    """The words that a column may say: of a model's choices, and others for the same ("DNA" for "Did not attend")."""

    def __init__(self, labels: Iterable[tuple[str, str]], **others: str) -> None:
        labels = list(labels)
        self.labels = [label for _, label in labels]
        self.meanings = {match_key(label): value for value, label in labels}
        self.meanings |= {match_key(other.replace("_", " ")): value for other, value in others.items()}
        # As cells write them, thousands the same.
        self._seen: dict[str, str] = {}

    def read(self, value: Any) -> str:
        """What the word stands for."""
        if type(value) is str and (seen := self._seen.get(value)) is not None:
            return seen
        said = text(value)
        if (found := self.meanings.get(match_key(said))) is not None:
            self._seen[str(value)] = found
            return found
        raise Unreadable(f"'{said}' is not understood.", f"Write one of: {', '.join(self.labels)}.")


def several(value: Any) -> list[str]:
    """The names in a cell, which semicolons or lines divide."""
    parts = re.split(r"[;\n]", value) if isinstance(value, str) else [text(value)]
    return [said for part in parts if (said := text(part))]


def _shown(value: Any) -> str:
    return f"'{text(value, longest=10**9)[:60]}'"


def _refuse_special(value: list[str], wanted: str) -> Never:
    kind = value[0]
    if kind == "formula":
        raise Unreadable("this is a formula.", "Put its value in its place (copy, then paste values).")
    if kind == "error":
        raise Unreadable(f"this is Excel's error {value[1]}.", "Write what the cell should say.")
    raise Unreadable(
        f"this is a {kind.replace('datetime', 'date')}, not {wanted}.", "Format the cell as text and type it anew."
    )
