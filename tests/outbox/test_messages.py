from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from outbox import messages, wake
from outbox.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("template")]


def post(key="trial:1", **changes):
    messages.post(**{"key": key, "template": "trial", "to": "ann@example.org", "reference": "R1"} | changes)


def test_a_message_is_one_row_and_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        post()
    message = Message.objects.get()
    assert (message.key, message.to, message.reference, message.state) == (
        "trial:1",
        "ann@example.org",
        "R1",
        "waiting",
    )
    assert (message.attempts, message.failures, message.claimed_until, message.finished_at) == (0, 0, None, None)


def test_a_message_posted_again_stays_as_it_was():
    post()
    post(to="ben@example.org")
    assert Message.objects.get().to == "ann@example.org"


def test_a_change_that_is_rolled_back_posts_nothing():
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_template_that_nobody_registered_is_a_mistake_told_at_once():
    with pytest.raises(LookupError, match="'mistyped'"):
        post(template="mistyped")


def test_one_transaction_sends_one_hint(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hints:
        for number in range(3):
            post(key=f"trial:{number}")
        wake.after_commit(wake.RUN_JOBS)
    assert [hint.task for hint in hints] == [wake.SEND_MESSAGES, wake.RUN_JOBS]


def test_a_hint_lost_with_a_savepoint_is_given_again(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hints:
        with transaction.atomic():
            post()
            transaction.set_rollback(True)
        post()
    assert len(hints) == 1


def test_a_message_for_later_sends_no_hint(django_capture_on_commit_callbacks):
    tomorrow = timezone.now() + timedelta(days=1)
    with django_capture_on_commit_callbacks() as hints:
        post(due_at=tomorrow)
    assert (hints, Message.objects.get().due_at) == ([], tomorrow)


@pytest.mark.parametrize("table", ["outbox_message", "outbox_job"])
@pytest.mark.parametrize(
    ("state", "finished_at"),
    [("waiting", "2026-11-22"), ("done", None), ("failed", None), ("dropped", None), ("lost", None), ("lost", "now")],
)
def test_work_is_finished_exactly_when_it_has_a_time(table, state, finished_at):
    more = (
        '"to", template, reference'
        if table == "outbox_message"
        else "kind, asked_by, arguments, problems, result, done"
    )
    values = "'a@example.org', 't', 'r'" if table == "outbox_message" else "'k', '', '{}', '[]', '{}', 0"
    statement = (
        f"insert into {table} (id, key, state, finished_at, created_at, due_at, attempts, failures, last_error, {more})"
        f" values (gen_random_uuid(), 'k', %s, %s, now(), now(), 0, 0, '', {values})"
    )
    with pytest.raises(IntegrityError, match="is_finished_exactly_when_it_has_a_time"), connection.cursor() as cursor:
        cursor.execute(statement, [state, finished_at])


def test_a_second_message_with_the_key_is_refused_by_the_database():
    post()
    with pytest.raises(IntegrityError, match="outbox_message_key"):
        Message.objects.create(key="trial:1", template="trial", to="ann@example.org", reference="R1")


@time_machine.travel("2026-11-22 09:30", tick=False)
def test_a_message_is_due_at_once_by_default():
    post()
    assert Message.objects.get().due_at == timezone.now()
