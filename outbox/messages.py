"""Posting a message: a row of the same transaction as the change that causes it."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from outbox import templates, trace, wake
from outbox.models import Message

# Written out, as each booking pays for it: the ORM takes twice as long to say the same.
INSERT = """
insert into outbox_message
  (id, key, template, "to", reference, due_at, created_at, request_id, state, attempts, failures, last_error)
values (%s, %s, %s, %s, %s, %s, %s, %s, 'waiting', 0, 0, '')
on conflict (key) do nothing
"""


def post(*, key: str, template: str, to: str, reference: str, due_at: datetime | None = None) -> None:
    """Have the message sent after this transaction commits, or from due_at; a second call with the key does nothing.

    What it says is made when it is sent, from the template's facts about the reference. Raises LookupError for a
    template that no app has registered.
    """
    if not templates.is_registered(template):
        raise LookupError(f"No app has registered the message template {template!r}.")
    now = timezone.now()
    due_at = due_at or now
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [uuid.uuid4(), key, template, to, reference, due_at, now, trace.current()])
    if due_at <= now:
        wake.after_commit(wake.SEND_MESSAGES)


def post_each(*, template: str, messages: Iterable[tuple[str, str, str]], due_at: datetime | None = None) -> None:
    """As post(), for many at once: key, address and reference of each. In one statement."""
    if not templates.is_registered(template):
        raise LookupError(f"No app has registered the message template {template!r}.")
    about = {"template": template, "request_id": trace.current()}
    now = timezone.now()
    rows = [
        Message(key=key, to=to, reference=reference, due_at=due_at or now, **about) for key, to, reference in messages
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if rows and (due_at is None or due_at <= now):
        wake.after_commit(wake.SEND_MESSAGES)


def take_back(keys: Collection[str]) -> set[str]:
    """Have these messages never been posted; returns the keys of those that a worker has begun with, which stay.

    What is taken back can be posted again.
    """
    found = Message.objects.filter(key__in=keys)
    untouched = found.filter(state=Message.State.WAITING, attempts=0)
    # One that a worker is claiming at this moment is its.
    mine = list(untouched.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Message.objects.filter(pk__in=mine).delete()
    return set(found.values_list("key", flat=True))
