"""How far an import is, for whoever waits: a row is a step when it is read, understood, compared and written."""

from typing import Protocol

# Each row of the workbook is read, understood and compared, whatever comes of it.
PASSES = 3


class Steps(Protocol):
    """What wants to know; a background job's progress is one."""

    def total(self, number: int) -> None:
        """How many steps there are."""

    def step(self, number: int = 1) -> None:
        """So many steps more are done."""


class Unwatched:
    """Nobody wants to know."""

    def total(self, number: int) -> None:
        pass

    def step(self, number: int = 1) -> None:
        pass


NOBODY = Unwatched()
