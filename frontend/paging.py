"""A long list a page at a time; the page is in the address, beside the filters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.http import HttpRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row")

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows first to last (from 1) of total; links is GOV.UK's pagination, None where one page holds all."""

    rows: Sequence[Row]
    first: int
    last: int
    total: int
    links: dict[str, Any] | None


def page_of(
    request: HttpRequest,
    rows: "QuerySet[Any, Any] | Sequence[Any]",
    per_page: int = PER_PAGE,
    shown: Callable[[Iterable[Any]], list[Any]] = list,
) -> Page[Any]:
    """The page that ?page= asks for, or the nearest there is. Two queries: the count, and the rows.

    shown makes of the page's rows what is shown, where that is more than they say themselves.
    """
    paginator = Paginator(rows, per_page)
    page = paginator.get_page(request.GET.get("page"))
    links = None
    if paginator.num_pages > 1:
        links = {
            "items": [
                {"ellipsis": True}
                if not isinstance(number, int)
                else {"number": number, "href": _address(request, number), "current": number == page.number}
                for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
            ],
            "previous": {"href": _address(request, page.number - 1)} if page.has_previous() else None,
            "next": {"href": _address(request, page.number + 1)} if page.has_next() else None,
        }
    return Page(shown(page.object_list), page.start_index(), page.end_index(), paginator.count, links)


def _address(request: HttpRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return f"?{asked.urlencode()}"


def changed_address(request: HttpRequest, **changes: str) -> str:
    """This address with these changes, empty ones taken out, from its first page on."""
    asked = request.GET.copy()
    for name, value in {"page": "", **changes}.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"?{asked.urlencode()}"


def sorted_address(request: HttpRequest, key: str) -> str:
    """The address that sorts this list by key, or the other way round if it is; from page 1, filters kept."""
    asked = request.GET.copy()
    asked.pop("page", None)
    asked["sort"] = f"-{key}" if asked.get("sort") == key else key
    return f"?{asked.urlencode()}"
