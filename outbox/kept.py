"""What was sent is kept as it read, its subject and plain text, until nobody asks any more.

Links are left out, as whoever opened one could answer or decide in the name of whom it was sent to. The database
refuses to change what is kept, and to delete it but by forget().
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from outbox.models import Job, Message, SentText
from outbox.progress import Progress
from outbox.templates import Text

KEPT_FOR = timedelta(days=2 * 365)
FORGET = "forget-sent-texts"

# In one statement, as each message pays for it. Whose claim is lost marks nothing, and keeps nothing.
FINISH = """
with sent as (
  update outbox_message set state = 'done', finished_at = %s, claimed_until = null, last_error = ''
  where id = %s and attempts = %s and state = 'waiting'
  returning id
)
insert into outbox_senttext (message_id, subject, body) select id, %s, %s from sent
"""
MAY_FORGET = "set local turnout.may_forget_texts = 'yes'"
NO_MORE = "set local turnout.may_forget_texts = 'no'"


def finish(message: Message, text: Text) -> bool:
    """Mark the message as sent, and keep what it said; whether the claim still held."""
    said = text.without_links
    with connection.cursor() as cursor:
        cursor.execute(FINISH, [timezone.now(), message.pk, message.attempts, said.subject, said.body])
        kept: int = cursor.rowcount
    return kept == 1


@transaction.atomic
def forget() -> int:
    """Delete the texts whose time is over; how many. The log goes on saying what was sent to whom, and when."""
    over = SentText.objects.filter(message__finished_at__lt=timezone.now() - KEPT_FOR)
    with connection.cursor() as cursor:
        cursor.execute(MAY_FORGET)
        forgotten, _ = over.delete()
        cursor.execute(NO_MORE)
    return forgotten


def run(job: Job, progress: Progress) -> dict[str, int]:
    return {"forgotten": forget()}
