"""Addresses of our views, kept: a page asks for dozens, and for the same ones again and again."""

from functools import lru_cache
from typing import Any

from django.urls import reverse


@lru_cache(maxsize=10_000)  # a list asks for one a row, and lists are looked at again
def address(view: str, *args: Any, **kwargs: Any) -> str:
    """The address of a view by its name: url("bookings:cancel", booking.reference)."""
    return reverse(view, args=args or None, kwargs=kwargs or None)
