"""Find training: the courses and their dates as a list and as a month, for everybody, visitors too."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.finding import listing
from frontend.finding.forms import MONTH, FindFilter
from frontend.finding.month import month_of
from frontend.paging import page_of

PER_PAGE = 20


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What there is for what the address asks for."""
    form = FindFilter(request.GET, listing.choices())
    asked = form.asked()
    results = listing.results(asked)
    by_month = form.is_by_month and asked.month is not None
    shown = partial(listing.with_dates, dates=results.dates)
    context = {
        "form": form,
        "asked": asked,
        "results": results,
        "month": month_of(asked.month, results, form.months) if by_month and asked.month else None,
        "page": None if by_month else page_of(request, results.courses, PER_PAGE, shown=shown),
        "views": [
            ("List", _address(request, view="", month=""), not by_month),
            ("Month", _address(request, view=MONTH), by_month),
        ],
        "address": lambda **changes: _address(request, **changes),
    }
    return render(request, "finding/find.html", context)


def _address(request: HttpRequest, **changes: str) -> str:
    """This address with these changes, empty ones taken out, from its first page on."""
    asked = request.GET.copy()
    for name, value in {"page": "", **changes}.items():
        asked[name] = value
        if not value:
            del asked[name]
    return f"?{asked.urlencode()}"
