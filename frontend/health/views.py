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

WORKS, LATE, BROKEN = ("Works", "green"), ("Late", "yellow"), ("Does not work", "red")
TITLES = {WORKS: "Everything works", LATE: "Some things are late", BROKEN: "Pages do not work at the moment"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that people care about, and how it is."""

    what: str
    tag: tuple[str, str]
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
    worst = max((line.tag for line in lines), key=list(TITLES).index)
    return {"title": TITLES[worst], "lines": lines, "now": timezone.now()}


def _lines(parts: dict[str, Part]) -> Iterator[Line]:
    """What of the parts concerns whom the desk serves. What is full or missing behind it is for who runs it."""
    if any(not parts[name].ok for name in ("database", "migrations", "work", "cache") if name in parts):
        yield Line("Booking and pages", BROKEN, "Pages do not work at the moment. Nothing that was booked is lost.")
    else:
        yield Line("Booking and pages", WORKS, "Pages work.")
    if "messages" in parts:
        clock = parts["clock"]
        yield _line("Emails", parts["messages"], clock, "Emails go out.", EMAILS_LATE)
        yield _line("Background work", parts["jobs"], clock, "Imports, invoice runs and downloads are done.", JOBS_LATE)


EMAILS_LATE = "Emails are late. None is lost: they go out as soon as it works again. Bookings are valid without them."
JOBS_LATE = "Imports, invoice runs and downloads are late. They are done as soon as it works again."


def _line(what: str, part: Part, clock: Part, well: str, late: str) -> Line:
    # A clock that was never heard of has just been started; what waits for it too long says so itself.
    if part.ok and clock.since is None:
        return Line(what, WORKS, well)
    return Line(what, LATE, late, part.since or clock.since)
