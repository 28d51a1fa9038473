"""Views by name: REST framework and what describes it cost a third of a process's start, which most never ask for."""

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponseBase


class LazyView:
    """A view of this app, such as events.Events, imported when it is first asked or described."""

    # REST framework's own views are so too; those that are signed in by cookie ask for the CSRF token themselves.
    csrf_exempt = True

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._view(request, *args, **kwargs)

    @cached_property
    def _found(self) -> Any:
        module, _, name = self.name.partition(".")
        return getattr(import_module(f"api.{module}"), name)

    @cached_property
    def _view(self) -> Callable[..., HttpResponseBase]:
        view: Callable[..., HttpResponseBase] = self._found.as_view() if self.cls else self._found
        return view

    @property
    def cls(self) -> Any:
        """The class, which is how drf-spectacular knows a view to describe; None for a function."""
        return self._found if isinstance(self._found, type) else None

    @property
    def initkwargs(self) -> dict[str, Any]:
        return {}
