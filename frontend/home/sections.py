"""The sections of the home page: what needs doing, numbers first, then links with words.

A person's home is the sum over their roles: SECTIONS asks each function in turn, and each answers with the sections
that concern this person, in one query at most. An area adds its function here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from people.models import Person


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens to what it counts."""

    label: str
    value: int
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at or to do: a link, what to know about it, a tag as (word, tone), what else can be done."""

    text: str
    href: str
    note: str = ""
    tag: tuple[str, str] | None = None
    # Other ways to do it, as (words, address).
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    figures: tuple[Figure, ...] = ()
    items: tuple[Item, ...] = ()
    # Said where there is neither a figure nor an item.
    empty: str = ""
    # Further links, as (words, address).
    links: tuple[tuple[str, str], ...] = ()
    is_wide: bool = False


Sections = Callable[[Person, datetime], Iterable[Section]]
