"""Logs without personal data: JSON for machines in production, lines for people in a terminal.

Nothing is printed because it was passed along: fields are those of KNOWN, errors are told by class and place without
their text, and of what other packages log only the template is kept, not what was put into it. The canary test
(tests/config/test_canary.py) sends a name and an address through all flows and looks for them here.
"""

import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

if TYPE_CHECKING:
    import logging

# Whose calls were written with this in mind; a message of theirs holds keys and references, no names.
OWN = {
    "api", "bookings", "config", "evaluations", "frontend", "invoicing", "outbox", "people", "programme", "reporting",
    "training",
}  # fmt: skip
# Of the request or the work at hand, and of a line about an answer.
ABOUT_AN_ANSWER = ["method", "route", "status", "ms", "account"]
KNOWN = ["request_id", "mail", "job", "task", *ABOUT_AN_ANSWER]
# Longer than the longest of our own lines; a template of a package may be a page.
LONGEST = 300
UNSAID = "(text left out: it may hold personal data)"


def settings(*, production: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter, "as_json": production}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": level} for name in sorted(OWN)},
            # Django would mail errors with all that was posted, and say each 404 and 403 a second time.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
        },
    }


def formatter(*, as_json: bool) -> structlog.stdlib.ProcessorFormatter:
    renderers: list[Processor] = (
        [structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0, sort_keys=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        # What was put into a template is decided on by say_what_is_safe, so it must come apart.
        use_get_message=False,
        pass_foreign_args=True,
        foreign_pre_chain=[structlog.contextvars.merge_contextvars, structlog.stdlib.ExtraAdder(allow=ABOUT_AN_ANSWER)],
        processors=[say_what_is_safe, *renderers],
    )


def say_what_is_safe(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The line again from nothing but what is known to be safe."""
    record: logging.LogRecord = event["_record"]
    line: dict[str, Any] = {
        "timestamp": structlog.processors.TimeStamper(fmt="iso", utc=True)(logger, name, {})["timestamp"],
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": said(record.name, event["event"], event.get("positional_args") or ()),
    }
    if record.name.startswith("celery.") and isinstance(event.get("positional_args"), dict):
        event["task"] = event["positional_args"].get("name")
    line |= {field: event[field] for field in KNOWN if event.get(field) not in (None, "")}
    error = (event.get("exc_info") or (None, None))[1]
    return line | told(error) if error else line


def said(logger: str, text: str, arguments: Any) -> str:
    if logger.partition(".")[0] in OWN:
        return text % arguments if arguments else text
    # Without arguments it may be a template, or a text with everything in it: nobody knows.
    return text[:LONGEST] if arguments else UNSAID


def told(error: BaseException) -> dict[str, Any]:
    """An error's class and the calls that led to it. Its own text may hold what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "at": [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}" for frame in frames],
    }
