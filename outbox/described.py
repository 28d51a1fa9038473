"""What coordinators are told of a template: who gets it and when, and which facts its text may name."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a text may name as a placeholder."""

    what: str
    # For a preview where there is nothing real: a line, or a list of lines; of a link its address.
    example: str | list[str]

    @property
    def is_link(self) -> bool:
        return isinstance(self.example, str) and self.example.startswith("https://")


@dataclass(frozen=True, slots=True)
class Described:
    title: str
    who: str
    when: str
    facts: Mapping[str, Fact]
    # Facts that the text must go on naming: without them whoever gets it would lack what they need or are owed.
    keeps: tuple[str, ...] = ("name",)
