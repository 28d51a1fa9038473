"""What the pages of an import say: its outcome in a word, its counts, its lists with how many more there are."""

from dataclasses import dataclass
from typing import Any

from frontend.formats import plural
from programme.keeping import DAYS
from programme.models import Import
from programme.steps import PASSES

State = Import.State
# Lines of one list on the page; the rest is counted.
SHOWN = 50

# The word and the colour of its tag.
OUTCOMES: dict[str, tuple[str, str]] = {
    State.CHECKING: ("Being checked", "blue"),
    State.FAULTY: ("Has problems", "red"),
    State.READY: ("Waits to be accepted", "yellow"),
    State.WRITING: ("Being written", "blue"),
    State.WRITTEN: ("Imported", "green"),
    State.UNCHANGED: ("Nothing to change", "grey"),
    State.DISCARDED: ("Discarded", "grey"),
    "given up": ("Did not work", "red"),
}
PROBLEMS = ("Sheet", "Row", "Column", "Cell", "What is wrong", "What to do", "Other cells that say the same")

# What a workbook's sheets hold, with the words for what would be made of each.
SHEETS = {
    "agencies": "Agencies",
    "courses": "Courses",
    "events": "Events",
    "workshops": "Workshops",
    "bookings": "Bookings",
    "evaluation answers": "Evaluations",
}
ONE = {"agencies": "agency", "charging policies": "charging policy", "people": "person"} | {
    "other names of agencies": "other name of an agency"
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A list: its lines, and how many there are in all."""

    lines: list[Any]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def outcome(import_: Import) -> str:
    """A key of OUTCOMES."""
    return "given up" if import_.is_given_up else import_.state


def of(import_: Import) -> dict[str, Any]:
    """All that the page of one import, and the page before accepting it, print."""
    counts, details = import_.counts, import_.details
    lists = {name: _shown(details.get(name, []), counts.get(name, 0)) for name in LISTS}
    return {
        "import_": import_,
        "counts": counts,
        "lists": lists,
        "refusal": details.get("refusal", ""),
        "aliases": _shown(details.get("aliases", []), len(details.get("aliases", []))),
        "sheets": [row for row in _sheets(counts) if row[1] or row[2]],
        "others": [(what, number) for what, number in counts.get("made", {}).items() if number and what not in SHEETS],
        "made": _made(counts),
        "outcome": OUTCOMES[outcome(import_)],
        "days": DAYS,
        "sentence": sentence,
        "stage": _stage(import_),
        "interrupted": import_.job is not None and import_.job.attempts > 1,
    }


LISTS = ("corrected", "gone", "overrides", "left_alone", "changed_agency", "unused")


def came_out(import_: Import) -> str:
    """What came of it, or would, in a line for the list."""
    counts = import_.counts
    if import_.state == State.FAULTY:
        problems: int = counts.get("problems", 0)
        return plural(problems, "problem") if problems else "Could not be read"
    if import_.state not in {State.READY, State.WRITING, State.WRITTEN}:
        return ""
    made, corrected = sum(counts.get("made", {}).values()), counts.get("corrected", 0)
    return f"{made:,} new, {corrected:,} corrected"


def sentence(words: str) -> str:
    """With a capital, unless the first word is somebody's address or the like."""
    return words[:1].upper() + words[1:] if words.partition(" ")[0].isalpha() else words


def problem_rows(import_: Import) -> list[list[Any]]:
    """The kept problems under the heads PROBLEMS; a last line says how many more there are."""
    kept = import_.problems
    rows = [_problem_row(one) for one in kept]
    if (more := import_.counts.get("problems", 0) - len(kept)) > 0:
        rows.append([f"And {more:,} more. Correct these first, and upload the workbook again."])
        rows[-1] += [""] * (len(PROBLEMS) - 1)
    return rows


def _problem_row(one: dict[str, Any]) -> list[Any]:
    others = ", ".join(one["further_cells"]) + (" …" if one["further"] > len(one["further_cells"]) else "")
    return [one["sheet"], one["row"], one["column"], one["cell"], sentence(one["what"]), one["todo"], others]


def _shown(found: list[Any], total: int) -> Shown:
    return Shown(found[:SHOWN], total)


def _sheets(counts: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Sheet, rows understood, rows that would be new."""
    understood, made = counts.get("understood", {}), counts.get("made", {})
    return [(sheet, understood.get(what, 0), made.get(what, 0)) for what, sheet in SHEETS.items()]


def _made(counts: dict[str, Any]) -> list[str]:
    """What was made, in words: "12 bookings"."""
    return [
        f"{number:,} {ONE.get(what, what.removesuffix('s')) if number == 1 else what}"
        for what, number in counts.get("made", {}).items()
        if number
    ]


def _stage(import_: Import) -> str:
    """What the background is doing, as its steps tell: rows are read, understood, compared, and then written."""
    job = import_.job
    if job is None or not job.total:
        return "Reading the workbook"
    rows = import_.counts.get("rows", 0) if import_.state == State.WRITING else job.total // PASSES
    stages = ("Reading the workbook", "Understanding its rows", "Comparing them with Turnout")
    done = min(job.done // rows, PASSES) if rows else PASSES
    return (*stages, "Writing")[done] if import_.state == State.WRITING else stages[min(done, PASSES - 1)]
