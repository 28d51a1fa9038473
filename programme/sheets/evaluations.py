"""The sheet Evaluations: what delegates answered after an event."""

from collections import Counter
from functools import partial

from programme import values
from programme.sheet import Row, Sheet
from programme.sheets.bookings import Attended
from programme.sheets.lookups import Lookup
from programme.understood import AnswerRow, EventFacts, Scales

QUESTIONS = {"before": "Confidence before", "now": "Confidence after", "rating": "Overall rating"}
LONGEST_COMMENT = 5_000


def read_scales(sheet: Sheet) -> Scales:
    """The scales that the headings name: "Overall rating (1-5)"."""
    scales = Scales()
    for code, column in QUESTIONS.items():
        if found := sheet.scales.get(column):
            setattr(scales, code, found)
    return scales


def read(sheet: Sheet, scales: Scales, events: Lookup[EventFacts], attended: Attended) -> dict[str, list[AnswerRow]]:
    """Each event's answers. Only who came can have answered, and once."""
    found: dict[str, list[AnswerRow]] = {}
    answered: Counter[tuple[str, str]] = Counter()
    for row in sheet:
        event = events.find(row, "Event")
        email = row.needed("Email", values.email, "Write the address that the booking has.")
        answers = _answers(row, scales)
        if event and email:
            answered[event.reference, email] += 1
            _check_attended(row, event, email, answered, attended)
        if event and email and not row.bad:
            found.setdefault(event.reference, []).append(AnswerRow(row, email, answers))
    return found


def _answers(row: Row, scales: Scales) -> dict[str, int | str]:
    answers: dict[str, int | str] = {}
    for code, column in QUESTIONS.items():
        least, most = getattr(scales, code)
        answer = row.read(column, partial(values.whole_number, least=least, most=most))
        if answer is not None:
            answers[code] = answer
    if comment := row.text("Comment", LONGEST_COMMENT):
        answers["comment"] = comment
    return answers


def _check_attended(
    row: Row, event: EventFacts, email: str, answered: Counter[tuple[str, str]], attended: Attended
) -> None:
    who = event.reference, email
    came = attended.came[who]
    if came >= answered[who] or attended.is_explained(*who):
        return
    if came:
        row.refuse("Email", f"{email} answered {answered[who]} times, and {came} came.", "Take the repeated row out.")
    else:
        row.refuse("Email", f"{email} did not attend event {event.reference}.", "Correct the address or the booking.")
