"""Finding courses by words that may be misspelt, cut short or abbreviated: the catalogue, by rapidfuzz.

A course is found when each word asked for is one of its words: the same, the beginning or a part of one, or, where no
course has such a word, one that is a slip of the finger away. It knows its abbreviations: its code, its other names,
and the initials of all its names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

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


class Entry(NamedTuple):
    """A course as it is looked for: its names, the other ones with commas between, and words on what it is about."""

    key: int
    title: str
    code: str = ""
    other_names: str = ""
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


@dataclass(frozen=True, slots=True)
class _Catalogue:
    courses: list[_Words]
    # All words that courses are called by, and with these those of what they are about.
    names: frozenset[str]
    vocabulary: frozenset[str]


def find(asked: str, entries: Iterable[Entry]) -> Found:
    """The courses that the words find, or come nearest to; those that are as good as each other in their own order."""
    words, catalogue = _asked(asked), _catalogue(tuple(entries))
    if not words:
        return Found()
    known = [_known(word, catalogue.vocabulary) for word in words]
    wanted = [scores or _slips(word, catalogue.names) for word, scores in zip(words, known, strict=True)]
    if matches := _ranked(catalogue.courses, wanted, all_of_them=True):
        return Found(matches=matches)
    alike = [scores or _alike(word, catalogue.names) for word, scores in zip(words, wanted, strict=True)]
    return Found(nearest=_ranked(catalogue.courses, alike, all_of_them=False)[:NEAREST])


def _ranked(courses: Iterable[_Words], wanted: list[Scores], *, all_of_them: bool) -> list[int]:
    """The courses in which all words stand, or some; by how well they do."""
    ranked = []
    for course in courses:
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


# With 500 courses taking their texts apart takes 17 ms, comparing 5. Never stale: it is kept by what all of them say.
@lru_cache(maxsize=32)
def _catalogue(entries: tuple[Entry, ...]) -> _Catalogue:
    courses = [_Words(entry.key, _names(entry), frozenset(match_key(entry.about).split())) for entry in entries]
    names = frozenset().union(*(course.names for course in courses))
    return _Catalogue(courses, names, names.union(*(course.about for course in courses)))


def _names(entry: Entry) -> frozenset[str]:
    found: set[str] = set()
    for name in (entry.title, entry.code, *entry.other_names.split(",")):
        words = match_key(name).split()
        initials = "".join(word[0] for word in words if word not in FILLERS)
        found.update(words, [initials] if len(initials) > 2 else [])
    return frozenset(found)
