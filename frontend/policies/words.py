"""A charging policy in plain words, and what differs between two of its versions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bookings import attendance
from bookings.models import ChargingPolicy, Tariff
from bookings.windows import CLOSES_AT
from frontend.about.tariffs import UNITS
from frontend.formats import clock, money, plural
from training.models import Course

Reason = Tariff.Reason
# In the order in which they are read.
REASONS = (Reason.CANCELLED_LATE, Reason.DID_NOT_ATTEND, Reason.PART_ATTENDED)


@dataclass(frozen=True, slots=True)
class Version:
    """A policy with its tariffs, saved or not."""

    policy: ChargingPolicy
    tariffs: tuple[Tariff, ...]

    @classmethod
    def of(cls, policy: ChargingPolicy) -> "Version":
        """One that is stored: one query."""
        return cls(policy, tuple(policy.tariffs.all()))


@dataclass(frozen=True, slots=True)
class Column:
    """One way of not using a place, as a version charges it."""

    reason: str
    notice: int | None = None
    unit: str = ""
    vat: str = ""

    @classmethod
    def of(cls, tariff: Tariff) -> "Column":
        return cls(tariff.reason, tariff.notice, tariff.notice_unit, tariff.vat_treatment)

    @property
    def words(self) -> str:
        return f"Cancelled {_less_than(self)} before" if self.notice else str(Reason(self.reason).label)

    @property
    def vat_words(self) -> str:
        return str(Tariff.VatTreatment(self.vat).label).lower() if self.vat else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of training, as prices go by it."""

    delivery: str
    duration: str

    @property
    def words(self) -> str:
        return f"{Course.Delivery(self.delivery).label}, {Course.Duration(self.duration).label.lower()}"


@dataclass(frozen=True, slots=True)
class Line:
    """The prices of one kind of training, in the order of the columns; None: nothing is charged."""

    kind: Kind
    amounts: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What two versions say otherwise."""

    what: str
    was: str
    becomes: str


NOTHING = "Nothing is charged"


def columns_of(tariffs: Iterable[Tariff]) -> list[Column]:
    return in_reading_order({Column.of(tariff) for tariff in tariffs})


def in_reading_order(columns: Iterable[Column]) -> list[Column]:
    """The longest notice first, then not coming, then coming in part."""
    return sorted(
        columns,
        key=lambda column: (REASONS.index(Reason(column.reason)), -(column.notice or 0), column.unit, column.vat),
    )


def kinds_of(tariffs: Iterable[Tariff]) -> list[Kind]:
    return in_order({Kind(tariff.delivery, tariff.duration) for tariff in tariffs})


def in_order(kinds: Iterable[Kind]) -> list[Kind]:
    deliveries, durations = Course.Delivery.values, Course.Duration.values
    return sorted(kinds, key=lambda kind: (deliveries.index(kind.delivery), durations.index(kind.duration)))


def price_list(tariffs: Iterable[Tariff], columns: list[Column]) -> list[Line]:
    amounts = {(Kind(one.delivery, one.duration), Column.of(one)): money(one.net_amount) for one in tariffs}
    kinds = in_order({kind for kind, _ in amounts})
    return [Line(kind, tuple(amounts.get((kind, column)) for column in columns)) for kind in kinds]


def rules(policy: ChargingPolicy) -> list[tuple[str, str]]:
    """All that the version says beside its prices, each with a name."""
    return [
        ("Changing one’s mind", _reconsidering(policy)),
        ("When a cancellation counts as received", _receiving(policy)),
        ("Moving to another date", _moving(policy)),
        ("Coming late", attendance.rule_of_lateness(policy)),
        ("Leaving early", attendance.rule_of_leaving_early(policy)),
        ("Before a charge is invoiced", _answering(policy)),
        ("Offers to the waiting list", _offering(policy)),
    ]


def differences(before: Version | None, after: Version) -> list[Difference]:
    """What the later of two versions says otherwise, prices last; before the first one nothing was charged."""
    was = dict(rules(before.policy)) if before else {}
    rows = [
        Difference(name, was.get(name, ""), says) for name, says in rules(after.policy) if was.get(name, "") != says
    ]
    return [*rows, *_price_differences(before.tariffs if before else (), after.tariffs)]


def _price_differences(before: Iterable[Tariff], after: Iterable[Tariff]) -> Iterator[Difference]:
    was, becomes = _prices(before), _prices(after)
    for kind in in_order({kind for kind, _ in was | becomes}):
        for reason in REASONS:
            old, new = was.get((kind, reason), NOTHING), becomes.get((kind, reason), NOTHING)
            if old != new:
                yield Difference(f"{reason.label}: {kind.words.lower()}", old, new)


def _prices(tariffs: Iterable[Tariff]) -> dict[tuple[Kind, str], str]:
    """What each kind of training costs by reason, all steps of notice in one sentence."""
    steps: dict[tuple[Kind, str], list[str]] = {}
    for tariff in sorted(tariffs, key=lambda one: -(one.notice or 0)):
        column = Column.of(tariff)
        price = f"{money(tariff.net_amount)}, VAT {column.vat_words}"
        said = f"{_less_than(column)} before: {price}" if column.notice else price
        steps.setdefault((Kind(tariff.delivery, tariff.duration), tariff.reason), []).append(said)
    return {key: (text := "; ".join(said))[:1].upper() + text[1:] for key, said in steps.items()}


def _less_than(column: Column) -> str:
    notice = column.notice or 0
    few = "fewer" if notice > 1 and column.unit != Tariff.NoticeUnit.HOURS else "less"
    return f"{few} than {plural(notice, UNITS[column.unit])}"


def _reconsidering(policy: ChargingPolicy) -> str:
    if not policy.minutes_to_reconsider:
        return "Once a place is taken its notice holds at once."
    minutes = plural(policy.minutes_to_reconsider, "minute")
    return f"For {minutes} after taking a place cancelling is free, whatever the notice."


def _receiving(policy: ChargingPolicy) -> str:
    if policy.office_closes_at is None:
        return "On the day on which it comes, at any hour."
    closes = clock(policy.office_closes_at)
    return (
        f"What comes after {closes}, or on a day that is not a working day, counts as received on the next working day."
    )


def _moving(policy: ChargingPolicy) -> str:
    if policy.moves_are_free:
        return "It costs nothing, even when cancelling would."
    return "It costs what cancelling costs."


def _answering(policy: ChargingPolicy) -> str:
    if not policy.answer_working_days:
        return "Nobody is asked first: a proposed charge can be confirmed at once."
    return f"The delegate and their agency have {plural(policy.answer_working_days, 'working day')} to answer it."


def _offering(policy: ChargingPolicy) -> str:
    hours = f"{clock(policy.office_opens_at)} to {clock(policy.office_closes_at or CLOSES_AT)}"
    stand = f"An offer stands for {plural(policy.offer_hours, 'office hour')} ({hours}), for less as the event nears"
    return f"{stand}; the last one ends {plural(policy.offers_stop_hours, 'hour')} before the event begins."
