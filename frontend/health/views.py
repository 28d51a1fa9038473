"""Whether the desk works, in words, for anyone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from frontend import context
from frontend.health import checks
from frontend.health.checks import Part


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that people care about, and how it is."""

    what: str
    ok: bool
    words: str
    since: datetime | None = None


@require_safe
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    return render(request, "health/status.html", _facts(checks.all_parts()))


def without_database(parts: Iterable[Part]) -> HttpResponse:
    return HttpResponse(render_to_string("health/status.html", context.bare() | _facts(parts)), status=503)


def _facts(parts: Iterable[Part]) -> dict[str, object]:
    lines = list(_lines({part.name: part for part in parts}))
    return {"lines": lines, "all_well": all(line.ok for line in lines), "now": timezone.now()}


def _lines(parts: dict[str, Part]) -> Iterator[Line]:
    """What of the parts concerns whom the desk serves. What is full or missing behind it is for who runs it."""
    if any(not parts[name].ok for name in ("database", "migrations", "work", "cache") if name in parts):
        yield Line("Booking and pages", False, "Pages do not work at the moment. Nothing that was booked is lost.")
    else:
        yield Line("Booking and pages", True, "Pages work.")
    if "messages" not in parts:
        return
    clock, messages, jobs = parts["clock"], parts["messages"], parts["jobs"]
    if messages.ok and clock.ok:
        yield Line("Emails", True, "Emails go out.")
    else:
        words = "Emails are late. None is lost: they go out as soon as it works again. Bookings are valid without them."
        yield Line("Emails", False, words, messages.since or clock.since)
    if jobs.ok and clock.ok:
        yield Line("Background work", True, "Imports, invoice runs and downloads are worked off.")
    else:
        words = "Imports, invoice runs and downloads are late. They are done as soon as it works again."
        yield Line("Background work", False, words, jobs.since or clock.since)
