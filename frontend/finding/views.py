"""Find training: the courses and their dates as a list and as a month, for everybody, visitors too."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from frontend.finding import listing
from frontend.finding.forms import MONTH, FindFilter
from frontend.paging import changed_address, page_of
from frontend.programme.listing import rows
from frontend.programme.month import month_of

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
        "month": month_of(asked.month, rows(results.keys), form.months) if by_month and asked.month else None,
        "page": None if by_month else page_of(request, results.courses, PER_PAGE, shown=shown),
        "views": [
            ("List", changed_address(request, view="", month=""), not by_month),
            ("Month", changed_address(request, view=MONTH), by_month),
        ],
        "address": lambda **changes: changed_address(request, **changes),
    }
    return render(request, "finding/find.html", context)
