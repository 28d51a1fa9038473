"""From a request to the message or job that it caused, and on into the log: one id for all."""

from contextlib import AbstractContextManager

import structlog

from outbox.models import Message, Work


def current() -> str:
    """The id of the request that is being answered, if one is."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def of(row: Work) -> AbstractContextManager[None]:
    """Within it each line of the log names the row, and the request that caused it."""
    work = {"mail" if isinstance(row, Message) else "job": row.key}
    return structlog.contextvars.bound_contextvars(**work, request_id=row.request_id)
