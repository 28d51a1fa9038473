"""What one sheet names and other sheets refer to: courses, agencies, events."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from people.names import match_key
from programme.problems import Problem, Problems
from programme.sheet import Row

Thing = TypeVar("Thing")
ALIKE = 70  # of 100: a wrong suggestion sends people looking in the wrong place
# Letters under which a name is a code, compared as a whole: parts of nearly any text are like parts of it.
SHORT = 5


class Mentions:
    """Cells that name something nobody knows: one problem a name, with all the cells that say it."""

    def __init__(self) -> None:
        self._cells: dict[Hashable, list[tuple[str, Problem]]] = {}

    def add(self, row: Row, column: str, said: str, key: Hashable) -> None:
        """The cell is bad from now on."""
        if column not in row.bad:
            row.bad.add(column)
            self._cells.setdefault(key, []).append((said, row.problem(column, "", "")))

    def report(self, problems: Problems, tell: Callable[[Hashable, str], tuple[str, str]], explained: int = 0) -> None:
        """One problem a name; tell(key, said) gives what is wrong and what to do. The most frequent are explained."""
        for key, cells in sorted(self._cells.items(), key=lambda item: -len(item[1]))[explained:]:
            said, first = cells[0]
            what, todo = tell(key, said)
            further = tuple(problem.cell for _, problem in cells[1:])
            problems.add(replace(first, what=what, todo=todo, further_cells=further))


class Lookup(Generic[Thing]):
    """Things by name. Who refers to an unknown one is told once for each name, with all the cells that say it."""

    def __init__(self, *, kind: str, todo: str) -> None:
        self.kind = kind
        self.todo = todo
        # Whether names may be missing because their sheet could not be read: then nobody is told.
        self.is_incomplete = False
        # Rows whose own name could not be read: each explains one unknown name.
        self.unreadable = 0
        self._things: dict[str, Thing] = {}
        self._names: dict[str, str] = {}
        self._found: dict[str, Thing | None] = {}
        self._unknown = Mentions()

    def add(self, name: str, thing: Thing) -> Thing | None:
        """Take it in; returns another thing that has the name already."""
        key = match_key(name)
        if (other := self._things.get(key)) is not None:
            return other
        self._things[key] = thing
        self._names[key] = name
        return None

    def get(self, name: str) -> Thing | None:
        """The thing of that name, without a word where there is none."""
        if name not in self._found:
            self._found[name] = self._things.get(match_key(name))
        return self._found[name]

    def all(self) -> Iterable[Thing]:
        return self._things.values()

    def find(self, row: Row, column: str) -> Thing | None:
        """The thing that a cell names. A cell that names none is bad from now on."""
        said = row.text(column)
        if not said:
            row.refuse(column, "this is empty.", self.todo)
            return None
        thing = self.get(said)
        if thing is None:
            self._unknown.add(row, column, said, match_key(said))
        return thing

    def report(self, problems: Problems) -> None:
        """Tell the unknown names. Called once, when all sheets are read."""
        if not self.is_incomplete:
            self._unknown.report(problems, self._tell, self.unreadable)

    def _tell(self, _: Hashable, said: str) -> tuple[str, str]:
        return f"nobody knows the {self.kind} '{said}'.", f"{did_you_mean(said, self._names)}{self.todo}"


def did_you_mean(said: str, names: dict[str, str] | Iterable[str]) -> str:
    """A question with the name that is most like it, or nothing. Names by their match key, or as they are."""
    keys = names if isinstance(names, dict) else {match_key(name): name for name in names}
    key = match_key(said)
    long = [name for name in keys if min(len(name), len(key)) >= SHORT]
    codes = [name for name in keys if min(len(name), len(key)) < SHORT]
    near = [
        process.extractOne(key, long, scorer=fuzz.WRatio, score_cutoff=ALIKE),
        process.extractOne(key, codes, scorer=fuzz.ratio, score_cutoff=ALIKE),
    ]
    nearest = max(filter(None, near), key=lambda one: one[1], default=None)
    return f"Did you mean '{keys[nearest[0]]}'? " if nearest else ""
