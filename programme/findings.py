"""What is kept of a check: numbers for ever, lists for a while, and a fingerprint of the whole."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from programme.problems import ImportRefused, Problem
from programme.summary import Summary

# Lines of one list; of the others the number.
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Findings:
    """As an Import keeps them (models.py says for how long)."""

    counts: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    has_problems: bool = False
    has_changes: bool = False

    @property
    def details_once_written(self) -> dict[str, Any]:
        """Without those who are told by name: that was for whoever brought the workbook."""
        return self.details | {"changed_agency": []}

    def differs_from(self, counts: dict[str, Any]) -> list[str]:
        """What would be written otherwise than the earlier counts say, in words: "bookings to make: 5, now 4"."""
        made, before = self.counts.get("made", {}), counts.get("made", {})
        pairs = [(f"{what} to make", before.get(what, 0), made.get(what, 0)) for what in {**before, **made}]
        pairs += [
            (words, counts.get(key, 0), self.counts.get(key, 0))
            for key, words in (("corrected", "things to correct"), ("gone", "no longer in the workbook"))
        ]
        return [f"{what}: {then:,}, now {now:,}" for what, then, now in pairs if then != now]


def of_summary(summary: Summary) -> Findings:
    """What was found in a workbook without problems."""
    return Findings(_counts(summary), _details(summary), fingerprint(summary), has_changes=summary.has_changes)


def of_refusal(refusal: ImportRefused) -> Findings:
    """What was found in a workbook that cannot be imported as it is."""
    counts, details = (_counts(refusal.summary), _details(refusal.summary)) if refusal.summary else ({}, {})
    counts["problems"] = len(refusal.problems)
    details["problems"] = [_problem(problem) for problem in refusal.problems[:MOST]]
    if not refusal.problems:
        details["refusal"] = str(refusal)
    return Findings(counts, details, has_problems=True)


def fingerprint(summary: Summary) -> str:
    """The same exactly when the same would be made, corrected, taken and left."""
    lists = [sorted(one) for one in (summary.corrected, summary.gone, summary.overrides, summary.left_alone)]
    said = json.dumps([summary.made, summary.to_write, summary.people_new, *lists, sorted(summary.changed_agency)])
    return hashlib.sha256(said.encode()).hexdigest()


def _counts(summary: Summary) -> dict[str, Any]:
    return {
        "rows": summary.rows,
        "to_write": summary.to_write,
        "years": summary.years,
        "understood": summary.understood,
        "made": summary.made,
        "people_known": summary.people_known,
        "people_new": summary.people_new,
        "aliases": len(summary.aliases),
        "problems": 0,
        **{name: len(found) for name, found in _lists(summary).items()},
    }


def _details(summary: Summary) -> dict[str, Any]:
    names: dict[str, list[list[Any]]] = defaultdict(list)
    for (said, agency), number in summary.aliases.most_common(MOST):
        names[agency].append([said, number])
    lists = {name: found[:MOST] for name, found in _lists(summary).items()}
    return {"aliases": sorted(names.items()), **lists}


def _lists(summary: Summary) -> dict[str, list[str]]:
    return {
        "corrected": summary.corrected,
        "gone": summary.gone,
        "overrides": summary.overrides,
        "left_alone": summary.left_alone,
        "changed_agency": summary.changed_agency,
        "unused": summary.unused,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "cell": problem.cell.removeprefix(f"{problem.sheet}!") if problem.column_number else "",
        "row": problem.row,
        "column": problem.column,
        "what": problem.what,
        "todo": problem.todo,
        "further": len(problem.further_cells),
        "further_cells": list(problem.further_cells[:3]),
    }
