"""Finding courses by words that may be misspelt, cut short or abbreviated: the catalogue, by rapidfuzz.

A course is found when each word asked for is one of its words: the same, the beginning or a part of one, or, where no
course has such a word, one that is a slip of the finger away. It knows its abbreviations: its code, its other names,
and the initials of all its names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from people.names import match_key

# What says nothing of the course: left out, unless nothing else is asked for.
FILLERS = frozenset(match_key("a an and course courses for from in into of on the to training trainings with").split())

SAME, BEGINNING, PART, SLIP = 100.0, 90.0, 75.0, 60.0
SHORTEST_PART = 4  # letters: "art" is in "heart" and "partner"
# What a course is about finds it after those that are called so.
ABOUT = 0.5

NEAREST, LEAST_LIKE = 3, 55.0

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A course as it is looked for: what it is called, and in further words what it is about."""

    key: int
    names: tuple[str, ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of courses, the best first. Where none matches, nearest are those that come near."""

    matches: list[int] = field(default_factory=list)
    nearest: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Words:
    key: int
    names: frozenset[str]
    about: frozenset[str]

    def score(self, scores: Scores) -> float:
        """How well the words asked for by scores stand here; 0 for not at all."""
        called = max((scores[word] for word in scores.keys() & self.names), default=0.0)
        about = max((scores[word] for word in scores.keys() & self.about), default=0.0)
        return max(called, about * ABOUT)


def find(asked: str, entries: Iterable[Entry]) -> Found:
    """The courses that the words find, or come nearest to; those that are as good as each other in their own order."""
    words = _asked(asked)
    catalogue = [_Words(entry.key, _names(entry.names), _words(entry.about)) for entry in entries]
    vocabulary = frozenset().union(*(course.names | course.about for course in catalogue))
    known = [_known(word, vocabulary) for word in words]
    names = frozenset().union(*(course.names for course in catalogue))
    wanted = [scores or _slips(word, names) for word, scores in zip(words, known, strict=True)]
    if words and (matches := _ranked(catalogue, wanted, all_of_them=True)):
        return Found(matches=matches)
    alike = [scores or _alike(word, names) for word, scores in zip(words, wanted, strict=True)]
    return Found(nearest=_ranked(catalogue, alike, all_of_them=False)[:NEAREST])


def _ranked(catalogue: list[_Words], wanted: list[Scores], *, all_of_them: bool) -> list[int]:
    """The courses in which all words stand, or some; by how well they do."""
    ranked = []
    for course in catalogue:
        scores = [course.score(one) for one in wanted]
        if all(scores) if all_of_them else any(scores):
            ranked.append((sum(scores), course.key))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return [key for _, key in ranked]


def _known(word: str, vocabulary: Iterable[str]) -> Scores:
    """The words that it is, begins or is a part of."""
    found = {one: BEGINNING for one in vocabulary if one.startswith(word)}
    if len(word) >= SHORTEST_PART:
        found = {one: PART for one in vocabulary if word in one} | found
    return found | {word: SAME} if word in found else found


def _slips(word: str, vocabulary: Iterable[str]) -> Scores:
    """The words, or beginnings of words, that are a slip or two away: a letter more, less, other, or two in turn."""
    allowed = 2 if len(word) > 7 else 1
    begun = {one: one if len(one) <= len(word) + 1 else one[: len(word)] for one in vocabulary}
    near = process.extract(word, begun, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    # Of three letters or fewer each other letter is another abbreviation: only their order may be wrong.
    return {one: SLIP - edits for beginning, edits, one in near if len(word) > 3 or sorted(word) == sorted(beginning)}


def _alike(word: str, vocabulary: Iterable[str]) -> Scores:
    """The words that look somewhat like it."""
    near = process.extract(word, vocabulary, scorer=fuzz.ratio, score_cutoff=LEAST_LIKE, limit=None)
    return {one: likeness / 2 for one, likeness, _ in near}


def _asked(text: str) -> list[str]:
    words = list(dict.fromkeys(match_key(text).split()))
    return [word for word in words if word not in FILLERS] or words


# With 500 courses comparing takes 5 ms, and taking their texts apart took 17 more. Never stale: it is kept by the text.
@lru_cache(maxsize=10_000)
def _names(names: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        words = match_key(name).split()
        initials = "".join(word[0] for word in words if word not in FILLERS)
        found.update(words, [initials] if len(initials) > 2 else [])
    return frozenset(found)


@lru_cache(maxsize=10_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(match_key(text).split())
