"""Who messages are from: the name at their head, and the address that a person reads."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    # Where answers go; empty: to the address that mail is sent from.
    reply_to: str = ""


_found: list[Callable[[], Sender]] = []


def register(find: Callable[[], Sender]) -> None:
    """Called from AppConfig.ready by the app that knows the partnership; find is asked once for each batch."""
    _found[:] = [find]


def current() -> Sender:
    return _found[0]() if _found else Sender("Turnout")
