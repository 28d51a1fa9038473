"""Understands a workbook's sheets, and tells all that is wrong with them in one go."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from programme.layout import LAYOUTS
from programme.problems import Problems
from programme.sheet import Sheet
from programme.sheets import bookings, catalogue, charging, evaluations, events, partnership
from programme.sheets.lookups import Lookup
from programme.steps import NOBODY, Steps
from programme.understood import EventFacts, Programme
from programme.workbook import RawWorkbook


def understand(
    raw: RawWorkbook,
    problems: Problems,
    *,
    known_agencies: Mapping[str, str],
    now: datetime,
    steps: Steps = NOBODY,
) -> Programme:
    """What the workbook says. known_agencies: names already in use here, each for the agency's own name.

    A fault in one sheet is told there and not again wherever it is felt.
    """
    problems.order = {name: number for number, name in enumerate(LAYOUTS)}
    sheets = {name: Sheet(layout, raw.sheets.get(name), problems, steps) for name, layout in LAYOUTS.items()}
    for first, second in raw.doubled:
        sheets[_name(raw, first)].refuse(f"the sheet '{second}' has the same name.", "Take one of them out.")
    programme = Programme(unused=_unused(raw, sheets))
    agencies: Lookup[str] = Lookup(
        kind="agency", todo="Correct it, or add it to sheet Agencies: as a row, or under 'Also known as'."
    )
    courses: Lookup[str] = Lookup(kind="course", todo="Correct it, or add it to sheet Courses.")
    all_events: Lookup[EventFacts] = Lookup(kind="event", todo="Correct it, or add it to sheet Events.")

    programme.partnership = partnership.read(sheets["Partnership"], programme.unused)
    programme.policies = charging.read(sheets["Charging"])
    programme.exemptions = catalogue.read_exemptions(sheets["Exemptions"])
    programme.agencies = catalogue.read_agencies(sheets["Agencies"], agencies)
    for name, agency in known_agencies.items():
        agencies.add(name, agency)
    programme.courses = catalogue.read_courses(sheets["Courses"], courses)
    programme.events = events.read_events(sheets["Events"], courses, all_events, now)
    programme.workshops = events.read_workshops(sheets["Workshops"], all_events)
    if sheets["Workshops"].missing & {"Event", "Workshop"} and sheets["Workshops"].is_there:
        for event in all_events.all():
            event.workshops = None
    reader = bookings.Reader(
        events=all_events,
        agencies=agencies,
        today=timezone.localdate(now),
        has_workshops=sheets["Workshops"].is_there,
    )
    programme.bookings = reader.read(sheets["Bookings"])
    programme.aliases = reader.aliases
    _read_answers(programme, sheets["Evaluations"], all_events, reader.attended)
    for lookup in (agencies, courses, all_events):
        lookup.report(problems)
    reader.report(problems, sheets["Workshops"])
    return programme


def _read_answers(
    programme: Programme, sheet: Sheet, all_events: Lookup[EventFacts], attended: bookings.Attended
) -> None:
    programme.has_answers = sheet.is_there
    programme.scales = evaluations.read_scales(sheet)
    programme.answers = evaluations.read(sheet, programme.scales, all_events, attended)


def _name(raw: RawWorkbook, title: str) -> str:
    return next(name for name, sheet in raw.sheets.items() if sheet.title == title)


def _unused(raw: RawWorkbook, sheets: Mapping[str, Sheet]) -> list[str]:
    columns = [f"column '{heading}' of sheet {name}" for name, sheet in sheets.items() for heading in sheet.unused]
    return [*(f"sheet '{title}'" for title in raw.unused), *columns]
