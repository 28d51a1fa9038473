"""What a person does about work that went wrong: try it again, send a message once more, or stop one that waits.

What was never done is tried again as the same row, so a message keeps its Message-ID and stays one message. What was
sent is sent once more as a row of its own: mail servers throw away a second message with an ID that they have seen, and
the first row goes on saying when it was sent.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from outbox import messages, wake
from outbox.models import Job, Message, Work

log = logging.getLogger(__name__)

ENDED = (Work.State.DONE, Work.State.FAILED, Work.State.DROPPED)
# After the key of a message that is sent once more, with its number.
AGAIN = ":again-"


class Refused(Exception):
    """Nothing was changed; the words are for whoever asked."""


class NotGivenUp(Refused):
    """Only what was given up or stopped is tried again."""


class InHand(Refused):
    """A worker is at it."""


@transaction.atomic
def send(*, message: Message, to: str, by: str) -> Message:
    """Send the message to the address; returns the row that will be sent. by is a person's reference.

    One that was never sent is tried again; one that was sent is posted once more. What it says is made at the sending.
    Raises NotGivenUp where it waits to be sent in any case.
    """
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if message.state == Work.State.DONE:
        return _once_more(message, to, by)
    if message.state not in (Work.State.FAILED, Work.State.DROPPED):
        raise NotGivenUp("It is not given up: it waits to be sent.")
    _restart(Message.objects.filter(pk=message.pk), to=to)
    wake.after_commit(wake.SEND_MESSAGES)
    log.info("Message %s was put back into the queue by %s.", message.key, by)
    return message


@transaction.atomic
def send_failed(*, since: datetime, addresses: Mapping[UUID, str], by: str) -> int:
    """Try all messages again that were given up since then; how many. addresses: where some now go instead."""
    given_up = failed_since(since).select_for_update(no_key=True, skip_locked=True).order_by("pk")
    rows = list(given_up.values_list("pk", "to"))
    moved = [Message(pk=pk, to=addresses[pk]) for pk, to in rows if addresses.get(pk, to) != to]
    Message.objects.bulk_update(moved, ["to"], batch_size=500)
    count = _restart(Message.objects.filter(pk__in=[pk for pk, _ in rows]))
    wake.after_commit(wake.SEND_MESSAGES)
    log.info("%s messages were put back into the queue by %s.", count, by)
    return count


@transaction.atomic
def send_several(*, found: "QuerySet[Message]", addresses: Mapping[UUID, str], page: str, by: str) -> int:
    """Send all of them again that do not wait in any case, as send() does with each; how many.

    page was given to the page that asks: sent twice, what was sent goes once more only once.
    """
    ended = found.filter(state__in=ENDED).order_by("pk").select_for_update(no_key=True, skip_locked=True, of=["self"])
    rows = list(ended)
    never, sent = [], defaultdict(list)
    for row in rows:
        to = addresses.get(row.pk, row.to)
        if row.state == Work.State.DONE:
            key = f"{row.key.partition(AGAIN)[0]}{AGAIN}{page}"
            sent[row.template].append((key, to, row.reference))
        else:
            never.append(Message(pk=row.pk, to=to))
    Message.objects.bulk_update(never, ["to"], batch_size=500)
    _restart(Message.objects.filter(pk__in=[one.pk for one in never]))
    for template, each in sent.items():
        messages.post_each(template=template, messages=each)
    wake.after_commit(wake.SEND_MESSAGES)
    log.info("%s messages are sent again by %s.", len(rows), by)
    return len(rows)


def failed_since(since: datetime) -> QuerySet[Message]:
    return Message.objects.filter(state=Work.State.FAILED, finished_at__gte=since)


@transaction.atomic
def run(*, job: Job, by: str) -> None:
    """Begin again with a job that was given up. Raises NotGivenUp."""
    if not _restart(Job.objects.filter(pk=job.pk, state=Work.State.FAILED)):
        raise NotGivenUp("It is not given up: somebody else was first, or it goes on by itself.")
    wake.after_commit(wake.RUN_JOBS)
    log.info("Job %s was put back into the queue by %s.", job.key, by)


def stop(*, row: Work, by: str) -> None:
    """Never send or run what waits. Raises InHand where it is being sent or run, or has ended."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
    waiting = type(row)._default_manager.filter(free, pk=row.pk, state=Work.State.WAITING)
    if not waiting.update(state=Work.State.DROPPED, finished_at=timezone.now(), last_error=f"Stopped by {by}."):
        raise InHand("It was too late: it is being done at this moment, or has been.")
    log.info("%s was stopped by %s.", row.key, by)


def _restart(rows: "QuerySet[Message] | QuerySet[Job]", **changes: str) -> int:
    """The attempts go on counting, so that whoever holds an older claim still writes nothing."""
    fresh = {"failures": 0, "due_at": timezone.now(), "claimed_until": None, "finished_at": None}
    return rows.update(state=Work.State.WAITING, **fresh, **changes)


def _once_more(message: Message, to: str, by: str) -> Message:
    first = message.key.partition(AGAIN)[0]
    number = Message.objects.filter(key__startswith=first + AGAIN).count() + 1
    key = f"{first}{AGAIN}{number}"
    messages.post(key=key, template=message.template, to=to, reference=message.reference)
    log.info("Message %s is sent once more by %s.", message.key, by)
    return Message.objects.get(key=key)
