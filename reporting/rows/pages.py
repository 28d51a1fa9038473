"""Rows that a page can be cut from: counted in one statement, and read in another."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from reporting.database import alias

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row")


class Rows(Generic[Row]):
    """The rows of a query in its order, each made into what the page shows. Works with Django's Paginator."""

    def __init__(self, query: "QuerySet[Any, Any]", make: Callable[[dict[str, Any]], Row]) -> None:
        self._query = query.using(alias())
        self._make = make

    def count(self) -> int:
        return self._query.count()

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[Row]:
        return map(self._make, self._query.iterator(chunk_size=2000))

    @overload
    def __getitem__(self, wanted: int) -> Row: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Row]: ...
    def __getitem__(self, wanted: int | slice) -> Row | list[Row]:
        if isinstance(wanted, slice):
            return [self._make(found) for found in self._query[wanted]]
        return self._make(self._query[wanted])
