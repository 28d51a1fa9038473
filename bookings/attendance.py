"""What marks come to: who was in the room, how much of a session counts, and the outcome that follows.

The pages show by these functions what closing the register decides by them.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import Enum, auto
from typing import TypedDict

from bookings.models import Booking, ChargingPolicy, Mark
from bookings.models.register import MOST_MINUTES
from training.models import Session

Attendance, Outcome = Mark.Attendance, Booking.Outcome

Said = tuple[str, int | None]


class Marked(TypedDict):
    """A mark: the attendance, and for who came late or left early the minutes, if anybody noted them."""

    attendance: str
    minutes: int | None


# Whom one counts in the room; and whose chair is free for somebody else.
IN_THE_ROOM = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.LEFT_EARLY, Attendance.LEFT_WELLBEING})
NOT_THERE = frozenset({Attendance.ABSENT, Attendance.TURNED_AWAY, Attendance.APOLOGIES})
WITH_MINUTES = frozenset({Attendance.LATE, Attendance.LEFT_EARLY})


class Counts(Enum):
    """How much of a session a mark counts for."""

    WHOLE = auto()
    PART = auto()
    NOTHING = auto()


def counts(attendance: str, minutes: int | None, policy: ChargingPolicy | None) -> Counts:
    """How much of the session counts under the policy that the booking was made under.

    Who comes late has missed nothing, and who leaves early a part, unless the policy draws the line at some minutes and
    somebody noted them.
    """
    if attendance in NOT_THERE:
        return Counts.NOTHING
    if attendance == Attendance.LATE:
        return Counts.PART if _is_over(minutes, policy.late_grace_minutes if policy else None) else Counts.WHOLE
    if attendance == Attendance.LEFT_EARLY:
        grace = policy.left_early_grace_minutes if policy else None
        return Counts.PART if minutes is None or grace is None or minutes > grace else Counts.WHOLE
    return Counts.PART if attendance == Attendance.LEFT_WELLBEING else Counts.WHOLE


def outcome(marks: Iterable[Marked], policy: ChargingPolicy | None, *, counts_in_part: bool = False) -> Booking.Outcome:
    """All of every session: attended. Nothing of any: did not attend. Anything between: part attended.

    counts_in_part: the event was broken off, and nobody attended all of it.
    """
    found = {counts(mark["attendance"], mark["minutes"], policy) for mark in marks}
    if found <= {Counts.WHOLE}:
        return Outcome.PART_ATTENDED if counts_in_part else Outcome.ATTENDED
    return Outcome.DID_NOT_ATTEND if found == {Counts.NOTHING} else Outcome.PART_ATTENDED


def rule_of_lateness(policy: ChargingPolicy | None) -> str:
    """What counts() makes of who comes late, in words."""
    grace = policy.late_grace_minutes if policy else None
    if grace is None:
        return "Whoever comes late has attended, however late it is."
    if grace == 0:
        return "Late by any minutes that are noted counts as part attendance."
    return f"Late by more than {_minutes(grace)} counts as part attendance."


def rule_of_leaving_early(policy: ChargingPolicy | None) -> str:
    """What counts() makes of who leaves early, in words."""
    grace = policy.left_early_grace_minutes if policy else None
    if grace is None:
        return "Whoever leaves early has attended in part, however little was left."
    if grace == 0:
        return "Leaving before the end counts as part attendance."
    return f"Leaving more than {_minutes(grace)} before the end counts as part attendance."


def by_the_clock(session: Session, now: datetime, policy: ChargingPolicy | None) -> Said:
    """The mark of somebody who comes in now: late, with the minutes, once the grace is over."""
    minutes = int((now - session.starts_at).total_seconds() // 60)
    if minutes <= ((policy and policy.late_grace_minutes) or 0):
        return Attendance.PRESENT, None
    return Attendance.LATE, min(minutes, MOST_MINUTES)


def in_words(attendance: str, minutes: int | None) -> str:
    """Late, 10 minutes."""
    label = str(Attendance(attendance).label)
    if minutes is None:
        return label
    return f"{label}, {_minutes(minutes)}"


def _minutes(number: int) -> str:
    return f"{number} minute{'s' if number != 1 else ''}"


def _is_over(minutes: int | None, grace: int | None) -> bool:
    return minutes is not None and grace is not None and minutes > grace
