"""What not coming and cancelling late cost under a charging policy, in words for everyone."""

from collections.abc import Iterator
from dataclasses import dataclass

from bookings.models import ChargingPolicy, Tariff
from frontend import formats

UNITS = {
    "working-days": "working day",
    "weekdays": "weekday",
    "calendar-days": "day",
    "hours": "hour",
}


@dataclass(frozen=True, slots=True)
class Price:
    """One line of the price list."""

    what: str
    training: str
    amount: str


def priced(policy: ChargingPolicy | None) -> list[Price]:
    """The policy's tariffs, one line each, in one query; none where nothing is charged."""
    if policy is None:
        return []
    return list(_lines(policy))


def _lines(policy: ChargingPolicy) -> Iterator[Price]:
    for tariff in policy.tariffs.order_by("delivery", "duration", "reason", "-notice", "pk"):
        training = f"{tariff.get_delivery_display()}, {tariff.get_duration_display().lower()}"
        yield Price(_what(tariff), training, formats.money(tariff.net_amount))


def _what(tariff: Tariff) -> str:
    if tariff.reason == Tariff.Reason.CANCELLED_LATE and tariff.notice is not None:
        notice = formats.plural(tariff.notice, UNITS[tariff.notice_unit])
        return f"Cancelled with less than {notice}’{'s' if tariff.notice == 1 else ''} notice"
    return tariff.get_reason_display()
