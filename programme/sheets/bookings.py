"""The sheet Bookings: who booked, who cancelled, who came."""

from collections import Counter
from collections.abc import Hashable
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz

from bookings.attendance import IN_THE_ROOM
from bookings.models import Booking, Mark
from people.names import match_key
from programme import values
from programme.problems import Problems
from programme.sheet import Row, Sheet
from programme.sheets.lookups import Lookup, Mentions, did_you_mean
from programme.understood import BookingRow, EventFacts, Status
from programme.values import Words

SAME_PERSON = 70  # of 100: how like a name or a broken address an answer's address must be


class BookingStatus(StrEnum):
    """What the workbook says of a booking."""

    BOOKED = "booked"
    WALK_IN = "walk-in"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    EVENT_CANCELLED = "event-cancelled"
    SUBSTITUTED_OUT = "substituted-out"
    MOVED_OUT = "moved-out"


STATUSES = Words(
    [(status.value, status.value.replace("-", " ").capitalize()) for status in BookingStatus],
    confirmed="booked",
    waiting_list="waiting",
    on_the_waiting_list="waiting",
    canceled="cancelled",
    event_canceled="event-cancelled",
    substituted="substituted-out",
    moved="moved-out",
)
ATTENDANCE = Words(
    [("present", "Y"), ("absent", "N"), *Mark.Attendance.choices],
    yes="present",
    attended="present",
    true="present",
    no="absent",
    DNA="absent",
    did_not_attend="absent",
    false="absent",
    arrived_late="late",
)
# Columns without which it is not known.
WHO_CAME = {"Email", "Attended"}
HELD_A_PLACE_ON_THE_DAY = {BookingStatus.BOOKED, BookingStatus.WALK_IN}
CANCELLED_BY_DELEGATE = {BookingStatus.CANCELLED, BookingStatus.SUBSTITUTED_OUT, BookingStatus.MOVED_OUT}
SOURCES = {BookingStatus.WALK_IN: Booking.Source.WALK_IN}
STATES = {
    BookingStatus.BOOKED: Booking.State.CONFIRMED,
    BookingStatus.WALK_IN: Booking.State.CONFIRMED,
    BookingStatus.WAITING: Booking.State.WAITING,
}
OUTCOMES = {
    BookingStatus.EVENT_CANCELLED: Booking.Outcome.EVENT_CANCELLED,
    BookingStatus.SUBSTITUTED_OUT: Booking.Outcome.SUBSTITUTED_OUT,
    BookingStatus.MOVED_OUT: Booking.Outcome.MOVED_OUT,
}


class Attended:
    """Who came to what, by address: whose answers may be there."""

    def __init__(self) -> None:
        self.came: Counter[tuple[str, str]] = Counter()
        # Whether that could not be read at all.
        self.is_unknown = False
        # Rows with faults: whoever answered is not told off for those.
        self._unclear: set[tuple[str | None, str]] = set()
        self._unreadable: dict[str | None, list[list[str]]] = {}

    def take_faulty(self, row: Row, event: EventFacts | None, email: str | None) -> None:
        reference = event.reference if event else None
        if email:
            self._unclear.add((reference, email))
            return
        said = [row.raw("Email"), row.raw("Delegate")]
        hints = [match_key(one) for one in said if isinstance(one, str)]
        self._unreadable.setdefault(reference, []).append(hints)

    def is_explained(self, event: str, email: str) -> bool:
        """Whether a faulty row of Bookings may be why the address is not known to have come."""
        if self.is_unknown or {(event, email), (None, email)} & self._unclear:
            return True
        key = match_key(email)
        return any(
            not hints or any(fuzz.partial_ratio(hint, key) >= SAME_PERSON for hint in hints)
            for reference in (event, None)
            for hints in self._unreadable.get(reference, [])
        )


class Reader:
    """Reads the rows of one sheet Bookings against what the other sheets say."""

    def __init__(self, *, events: Lookup[EventFacts], agencies: Lookup[str], today: date, has_workshops: bool) -> None:
        self.events = events
        self.agencies = agencies
        self.today = today
        self.has_workshops = has_workshops
        self.attended = Attended()
        self.aliases: Counter[tuple[str, str]] = Counter()
        self._unknown_workshops = Mentions()
        self._choices_without_sheet: list[Row] = []

    def read(self, sheet: Sheet) -> list[BookingRow]:
        self.attended.is_unknown = not sheet.is_there or not WHO_CAME.isdisjoint(sheet.missing)
        found = []
        for row in sheet:
            if booking := self._booking(row):
                found.append(booking)
                if booking.attendance in IN_THE_ROOM:
                    self.attended.came[booking.event, booking.email] += 1
        return found

    def report(self, problems: Problems, workshops: Sheet) -> None:
        """Tell of workshops that nobody offers; one problem where the workbook has no sheet of them."""
        if rows := self._choices_without_sheet:
            workshops.refuse(
                f"there is no sheet Workshops, and {len(rows):,} bookings name one, first {rows[0].cell('Workshop')}.",
                "Add the sheet, or empty the column Workshop of sheet Bookings.",
            )
        self._unknown_workshops.report(problems, self._tell_workshop)

    def _booking(self, row: Row) -> BookingRow | None:
        event = self.events.find(row, "Event")
        booked_on = row.needed("Booked on", values.day, "Write the date on which it was booked.")
        name = row.needed("Delegate", values.text, "Write the delegate's name.")
        email = row.needed("Email", values.email, "Write the delegate's address.")
        agency = self.agencies.find(row, "Agency")
        said = row.needed("Status", STATUSES.read, f"Write one of: {', '.join(STATUSES.labels)}.")
        status = BookingStatus(said) if said else None
        cancelled_on = row.read("Cancelled on", values.day)
        attendance = row.read("Attended", ATTENDANCE.read) or ""
        job, reason = row.text("Job", 100), row.text("Reason")
        workshops = self._workshops(row, event)
        if event and status:
            if booked_on:
                self._check_booked_on(row, event, status, booked_on)
            self._check_cancelled_on(row, event, status, booked_on, cancelled_on)
            _check_event(row, event, status)
            _check_attendance(row, event, status, attendance)
        # A whole column missing is told once; the rows are then still compared with each other.
        if row.bad - row.sheet.missing or not (event and booked_on and name and email and agency and status):
            self.attended.take_faulty(row, event, email)
            return None
        self._count_alias(row, agency)
        return BookingRow(
            row=row,
            event=event.reference,
            booked_on=booked_on,
            name=name,
            email=email,
            job=job,
            agency=agency,
            state=STATES.get(status, Booking.State.CANCELLED),
            source=SOURCES.get(status, Booking.Source.BOOKED),
            outcome=OUTCOMES.get(status, ""),
            cancelled_on=cancelled_on if status in CANCELLED_BY_DELEGATE else None,
            attendance=attendance if status in HELD_A_PLACE_ON_THE_DAY else "",
            reason=reason,
            workshops=workshops,
        )

    def _count_alias(self, row: Row, agency: str) -> None:
        said = row.text("Agency")
        if said != agency:
            self.aliases[said, agency] += 1

    def _check_booked_on(self, row: Row, event: EventFacts, status: BookingStatus, booked_on: date) -> None:
        if event.day and booked_on > event.day and status != BookingStatus.WALK_IN:
            row.refuse("Booked on", f"it was booked after the event of {event.day:%d/%m/%Y}.", "Correct one date.")
        elif booked_on > self.today:
            row.refuse("Booked on", f"{booked_on:%d/%m/%Y} is still to come.", "Correct the date.")

    def _check_cancelled_on(
        self, row: Row, event: EventFacts, status: BookingStatus, booked_on: date | None, cancelled_on: date | None
    ) -> None:
        if status not in CANCELLED_BY_DELEGATE:
            if cancelled_on and status != BookingStatus.EVENT_CANCELLED:
                row.refuse(
                    "Cancelled on", "the status says otherwise.", "Empty this cell, or write Cancelled as status."
                )
        elif cancelled_on is None:
            row.refuse("Cancelled on", "this is empty.", "Write the date on which the cancellation was received.")
        elif booked_on and cancelled_on < booked_on and "Booked on" not in row.bad:
            row.refuse(
                "Cancelled on", f"it was cancelled before it was booked on {booked_on:%d/%m/%Y}.", "Correct one."
            )
        elif cancelled_on > min(self.today, event.day or self.today):
            row.refuse("Cancelled on", "it was cancelled after the event, or is still to come.", "Correct the date.")

    def _workshops(self, row: Row, event: EventFacts | None) -> list[str]:
        if row.raw("Workshop") is None:
            return []
        if not self.has_workshops:
            self._choices_without_sheet.append(row)
            row.bad.add("Workshop")
            return []
        chosen = []
        for said in row.read("Workshop", values.several) or []:
            if event is None or event.workshops is None:
                continue
            key = match_key(said)
            if (title := event.workshops.get(key)) is not None:
                chosen.append(title)
            else:
                self._unknown_workshops.add(row, "Workshop", said, (event.reference, key))
        return list(dict.fromkeys(chosen))

    def _tell_workshop(self, key: Hashable, said: str) -> tuple[str, str]:
        reference = key[0] if isinstance(key, tuple) else ""
        event = self.events.get(reference)
        offered = event.workshops if event and event.workshops else {}
        todo = f"{did_you_mean(said, offered)}Correct it, or add it to sheet Workshops."
        return f"event {reference} offers no workshop '{said}'.", todo


def _check_event(row: Row, event: EventFacts, status: BookingStatus) -> None:
    """A cancelled event has no places left to hold; only its bookings were cancelled with it."""
    if event.status == Status.CANCELLED and status in HELD_A_PLACE_ON_THE_DAY:
        row.refuse("Status", f"the event {event.reference} is cancelled.", "Write Event cancelled.")
    elif event.status not in {None, Status.CANCELLED} and status == BookingStatus.EVENT_CANCELLED:
        row.refuse("Status", f"the event {event.reference} is not cancelled.", "Correct this or the event's status.")


def _check_attendance(row: Row, event: EventFacts, status: BookingStatus, attendance: str) -> None:
    if "Status" in row.bad:
        return
    came = attendance in IN_THE_ROOM
    if status not in HELD_A_PLACE_ON_THE_DAY:
        if came:
            row.refuse("Attended", "the status says that they did not come.", "Correct this or the status.")
    elif event.status == Status.DELIVERED and not attendance:
        row.refuse("Attended", "the event was delivered, and this is empty.", "Write Y or N, as the register says.")
    elif event.status in {Status.PUBLISHED, Status.DRAFT} and attendance:
        row.refuse("Attended", "the event is still to come.", "Empty this cell.")
    elif status == BookingStatus.WALK_IN and attendance and not came:
        row.refuse("Attended", "a walk-in is someone who came.", "Correct this, or take the row out.")
