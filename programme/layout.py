"""The sheets and columns of a programme workbook, and how their headings are recognised.

Imports nothing of Django: the process that parses a workbook reads it too.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from people.names import match_key


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet: the columns it must have, those it may have, and whether a workbook may lack it."""

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    needed: bool = True


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("Partnership", ("Item", "Value")),
        Layout(
            "Charging",
            ("In force from", "Reason", "Duration", "Notice", "Notice unit", "Amount", "VAT", "Applies to"),
        ),
        # Without it every absence would be charged, so it may be empty but not missing.
        Layout("Exemptions", ("Reason",)),
        Layout(
            "Agencies",
            (
                "Agency", "Short name", "Type", "Statutory partner", "Also known as", "Purchase order needed",
                "Purchase order", "Invoice email",
            ),
            optional=("Invoice address",),
        ),
        Layout("Courses", ("Code", "Course", "Level", "Delivery", "Duration", "Objective", "Staff groups")),
        Layout("Events", ("Event", "Course code", "Date", "Start", "End", "Venue", "Places", "Status", "Trainers")),
        Layout("Workshops", ("Event", "Workshop", "Places"), needed=False),
        Layout(
            "Bookings",
            (
                "Event", "Booked on", "Delegate", "Email", "Job", "Agency", "Status", "Cancelled on", "Attended",
                "Reason",
            ),
            optional=("Workshop",),
        ),
        Layout(
            "Evaluations",
            ("Event", "Email"),
            optional=("Confidence before", "Confidence after", "Overall rating", "Comment"),
            needed=False,
        ),
    )
}  # fmt: skip


@lru_cache(maxsize=1_000)
def heading_key(text: str) -> str:
    """A heading as it is compared: without case, spaces, hyphens and units in brackets. "E-mail " is "email"."""
    return match_key(re.sub(r"\(.*?\)", " ", text)).replace(" ", "")


def scale(text: str) -> tuple[int, int] | None:
    """The scale that a heading names: (0, 10) for "Confidence before (0-10)"."""
    found = re.search(r"\(\s*(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})\s*\)", text)
    return (int(found[1]), int(found[2])) if found and int(found[1]) < int(found[2]) else None


KEYS = {heading_key(name): name for name in LAYOUTS}
