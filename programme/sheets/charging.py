"""The sheet Charging: what non-attendance and late cancellation cost, by date, kind of course and notice."""

import re
from itertools import product
from typing import TYPE_CHECKING, Any

from bookings.models import Tariff
from people.names import match_key
from programme import values
from programme.sheet import Row, Sheet
from programme.sheets.catalogue import DELIVERIES, DURATIONS
from programme.understood import PolicyRows, TariffRow
from programme.values import Words
from training.models import Course

if TYPE_CHECKING:
    from datetime import date

REASONS = Words(
    Tariff.Reason.choices, DNA="did-not-attend", non_attendance="did-not-attend", late_cancellation="cancelled-late"
)
UNITS = Words(
    Tariff.NoticeUnit.choices,
    weekdays="weekdays",
    working_day="working-days",
    calendar_day="calendar-days",
    hour="hours",
)
VAT = Words(
    Tariff.VatTreatment.choices,
    outside_the_scope_of_VAT="outside-scope",
    outside_scope="outside-scope",
    zero_rated="zero",
    standard_rated="standard",
)
LONGEST_NOTICE = 366 * 24


def read(sheet: Sheet) -> list[PolicyRows]:
    """The policies, each with the tariffs of its date."""
    policies: dict[date, PolicyRows] = {}
    seen: dict[tuple[date, str, str, str, int | None, str], Row] = {}
    for row in sheet:
        in_force_from = row.needed("In force from", values.day, "Write the day from which this holds.")
        tariffs = _tariffs(row)
        if row.bad or in_force_from is None:
            continue
        policy = policies.setdefault(in_force_from, PolicyRows(row, in_force_from, []))
        for tariff in tariffs:
            kind = (in_force_from, tariff.reason, tariff.duration, tariff.delivery, tariff.notice, tariff.notice_unit)
            if (other := seen.setdefault(kind, row)) is not row:
                row.refuse("Reason", f"this says again what row {other.number} says.", "Take one out.")
                break
            policy.tariffs.append(tariff)
    return list(policies.values())


def _tariffs(row: Row) -> list[TariffRow]:
    """One for each duration and delivery that the row names."""
    reason = row.needed("Reason", REASONS.read, f"Write one of: {', '.join(REASONS.labels)}.")
    durations = row.needed("Duration", lambda value: _kinds(value, DURATIONS, Course.Duration.values), "Or write All.")
    deliveries = row.needed(
        "Applies to", lambda value: _kinds(value, DELIVERIES, Course.Delivery.values), "Or write All."
    )
    amount = row.needed("Amount", values.pounds, "Write a sum in pounds, such as 75; 0 where nothing is charged.")
    vat = row.needed("VAT", VAT.read, f"Finance must choose: {', '.join(VAT.labels)}.")
    notice, unit = _notice(row, reason)
    if row.bad or amount is None:
        return []
    return [
        TariffRow(reason or "", duration, delivery, notice, unit, amount, vat or "")
        for duration, delivery in product(durations or [], deliveries or [])
    ]


def _notice(row: Row, reason: str | None) -> tuple[int | None, str]:
    """The notice below which cancelling is late, and its unit; nothing for other reasons."""
    notice = row.read("Notice", lambda value: values.whole_number(value, most=LONGEST_NOTICE))
    unit = row.read("Notice unit", UNITS.read) or ""
    if reason == Tariff.Reason.CANCELLED_LATE:
        if not notice:
            row.refuse("Notice", "a late cancellation needs a notice.", "Write the number of days or hours.")
        if not unit:
            row.refuse("Notice unit", "the notice has no unit.", f"Write one of: {', '.join(UNITS.labels)}.")
        return notice, unit
    if notice and reason is not None:
        row.refuse("Notice", "only a late cancellation has a notice.", "Leave the cell empty.")
    return None, ""


def _kinds(value: Any, words: Words, everything: list[str]) -> list[str]:
    """The kinds of course that a cell names: one, several (by semicolon or comma), or All."""
    said = values.text(value)
    if match_key(said) == "all":
        return everything
    return list(dict.fromkeys(words.read(part) for part in re.split(r"\s*[;,]\s*", said) if part))
