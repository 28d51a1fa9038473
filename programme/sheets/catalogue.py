"""The sheets Exemptions, Agencies and Courses."""

from people.models import Agency
from people.names import match_key
from programme import values
from programme.sheet import Row, Sheet
from programme.sheets.lookups import Lookup
from programme.understood import AgencyRow, CourseRow
from programme.values import Words
from training.models import Course

# Where one of these is missing or cannot be read, a name that nobody knows may be one of its.
NAMES = {"Agency", "Short name", "Also known as"}
TYPES = Words(
    Agency.Type.choices,
    Council="local-authority",
    Health_provider="nhs-provider",
    Schools="education",
    Voluntary_and_community_sector="voluntary",
    Independent="private",
)
DELIVERIES = Words(Course.Delivery.choices, Classroom="face-to-face", Online="virtual", eLearning="e-learning")
DURATIONS = Words(Course.Duration.choices, one_day="full-day", two_day="two-days")


def read_exemptions(sheet: Sheet) -> list[str]:
    """The reasons for which non-attendance is not charged."""
    found: dict[str, str] = {}
    for row in sheet:
        if reason := row.text("Reason", 100):
            found.setdefault(match_key(reason), reason)
    return list(found.values())


def read_agencies(sheet: Sheet, agencies: Lookup[str]) -> list[AgencyRow]:
    """The agencies; all their names go to the lookup, each for the agency's own."""
    agencies.is_incomplete = not NAMES.isdisjoint(sheet.missing)
    found = []
    for row in sheet:
        name = row.text("Agency")
        if not name or not match_key(name):
            row.refuse("Agency", "this agency has no name.", "Write the agency's full name.")
            agencies.unreadable += 1
            continue
        short_name, others = row.text("Short name", 40), row.read("Also known as", values.several) or []
        # Before the names are taken: one that another row has too was read, and hides no unknown name.
        agencies.unreadable += not NAMES.isdisjoint(row.bad - sheet.missing)
        for column, said in [("Agency", name), ("Short name", short_name), *(("Also known as", one) for one in others)]:
            _take_name(row, column, said, name, agencies)
        agency = AgencyRow(
            row=row,
            name=name,
            short_name=short_name,
            type=row.needed("Type", TYPES.read, f"Write one of: {', '.join(TYPES.labels)}.") or "",
            is_statutory_partner=row.read("Statutory partner", values.yes_or_no) or False,
            other_names=others,
            needs_purchase_order=row.read("Purchase order needed", values.yes_or_no) or False,
            purchase_order=row.text("Purchase order", 40),
            invoice_email=row.read("Invoice email", values.email) or "",
            invoice_address=row.read("Invoice address", values.long_text) or None,
        )
        found.extend([] if row.bad else [agency])
    return found


def _take_name(row: Row, column: str, said: str, name: str, agencies: Lookup[str]) -> None:
    if not match_key(said):
        return
    other = agencies.add(said, name)
    if other is not None and other != name:
        row.refuse(column, f"'{said}' is also a name of {other}.", "An agency's names are its own: take it out of one.")
    elif other == name and column == "Agency":
        row.refuse(column, f"{name} stands here twice.", "Take one row out.")


def read_courses(sheet: Sheet, courses: Lookup[str]) -> list[CourseRow]:
    """The catalogue; its codes go to the lookup."""
    courses.is_incomplete = "Code" in sheet.missing
    found = []
    for row in sheet:
        code = row.text("Code", 20)
        if not code:
            row.refuse("Code", "this course has no code.", "Write the code that sheet Events calls it by.")
            courses.unreadable += 1
            continue
        if courses.add(code, code) is not None:
            row.refuse("Code", f"the code '{code}' stands here twice.", "Give each course a code of its own.")
        course = CourseRow(
            row=row,
            code=code,
            title=row.needed("Course", values.text, "Write the course's title.") or "",
            level=row.text("Level", 40),
            delivery=row.needed("Delivery", DELIVERIES.read, f"Write one of: {', '.join(DELIVERIES.labels)}.") or "",
            duration=row.needed("Duration", DURATIONS.read, f"Write one of: {', '.join(DURATIONS.labels)}.") or "",
            objective=row.text("Objective"),
            staff_groups=_staff_groups(row),
        )
        found.extend([] if row.bad else [course])
    return found


def _staff_groups(row: Row) -> list[str]:
    """For whom the course is; empty: for all."""
    groups = row.read("Staff groups", values.several) or []
    for group in groups:
        if len(group) > 100:
            row.refuse("Staff groups", f"'{group[:40]}…' is too long.", "Write at most 100 characters a group.")
    return [] if [match_key(group) for group in groups] in ([], ["all"]) else groups
