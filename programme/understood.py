"""A programme workbook as it was understood: its rows, each whole and in the words of the models."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from programme.sheet import Row


class Status(StrEnum):
    """What the workbook says of an event."""

    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    PUBLISHED = "published"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    name: str
    short_name: str
    nation: str
    invoice_address: str
    training_email: str
    vat_number: str
    payment_terms_days: int
    # None where the workbook does not say.
    payment_details: str | None


@dataclass(frozen=True, slots=True)
class TariffRow:
    reason: str
    duration: str
    delivery: str
    notice: int | None
    notice_unit: str
    net_amount: Decimal
    vat_treatment: str


@dataclass(frozen=True, slots=True)
class PolicyRows:
    """The tariffs in force from a date, and the row that says it first."""

    row: Row
    in_force_from: date
    tariffs: list[TariffRow]


@dataclass(frozen=True, slots=True)
class AgencyRow:
    row: Row
    name: str
    short_name: str
    type: str
    is_statutory_partner: bool
    other_names: list[str]
    needs_purchase_order: bool
    purchase_order: str
    invoice_email: str
    # None where the workbook does not say.
    invoice_address: str | None


@dataclass(frozen=True, slots=True)
class CourseRow:
    row: Row
    code: str
    title: str
    level: str
    delivery: str
    duration: str
    objective: str
    staff_groups: list[str]


@dataclass(slots=True)
class EventFacts:
    """As much of an event as could be read: what other sheets are checked against. None: not known."""

    reference: str
    day: date | None
    status: Status | None
    # Titles by their match key; None where the workshops could not be read.
    workshops: dict[str, str] | None = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventRow:
    row: Row
    reference: str
    course_code: str
    day: date
    starts_at: datetime
    ends_at: datetime
    venue: str
    places: int
    status: Status
    trainers: list[str]


@dataclass(frozen=True, slots=True)
class WorkshopRow:
    row: Row
    event: str
    title: str
    places: int


@dataclass(frozen=True, slots=True)
class BookingRow:
    row: Row
    event: str
    booked_on: date
    name: str
    email: str
    job: str
    # The agency's own name, whatever the cell calls it.
    agency: str
    state: str
    source: str
    # Of a booking that was cancelled otherwise than by its delegate; else the marks or the notice say it.
    outcome: str
    cancelled_on: date | None
    attendance: str
    reason: str
    workshops: list[str]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    row: Row
    email: str
    # By question code, as Response.answers has it.
    answers: dict[str, int | str]


@dataclass(slots=True)
class Scales:
    """Lowest and highest of the questions with numbers, as the headings name them."""

    before: tuple[int, int] = (0, 10)
    now: tuple[int, int] = (0, 10)
    rating: tuple[int, int] = (1, 5)


@dataclass(slots=True)
class Programme:
    """All that a workbook says."""

    partnership: PartnershipRow | None = None
    policies: list[PolicyRows] = field(default_factory=list)
    exemptions: list[str] = field(default_factory=list)
    agencies: list[AgencyRow] = field(default_factory=list)
    courses: list[CourseRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    workshops: list[WorkshopRow] = field(default_factory=list)
    bookings: list[BookingRow] = field(default_factory=list)
    answers: dict[str, list[AnswerRow]] = field(default_factory=dict)
    scales: Scales = field(default_factory=Scales)
    # Which sheets a workbook may lack were there.
    has_answers: bool = False
    # (the name used, the agency's own): how often.
    aliases: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Sheets and columns that are no part of a programme.
    unused: list[str] = field(default_factory=list)
