"""What a restore set aside, until somebody says what becomes of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox import claims, heartbeat, held, jobs, schedule
from outbox.models import Heartbeat, Job, Message
from outbox.schedule import Daily
from tests.factories import JobFactory, MessageFactory

pytestmark = pytest.mark.django_db


def only(row):
    return type(row).objects.filter(pk=row.pk)


def test_what_is_held_is_in_nobodys_hands_until_it_is_released():
    message = MessageFactory(state="held")
    assert claims.claim(Message, most=9, lease=timedelta(minutes=5)) == []
    assert held.release(only(message)) == 1
    assert held.release(only(message)) == 0, "a second time"
    assert claims.claim(Message, most=9, lease=timedelta(minutes=5)) == [message]


def test_what_is_due_on_a_day_to_come_is_not_done_early_and_what_was_due_long_ago_is_not_late():
    now = timezone.now()
    later = JobFactory(state="held", due_at=now + timedelta(days=9))
    early = JobFactory(state="held", due_at=now - timedelta(days=9))
    assert held.release(held.rows(Job)) == 2
    later.refresh_from_db()
    early.refresh_from_db()
    assert later.due_at == now + timedelta(days=9)
    assert early.due_at > now - timedelta(days=1)


def test_what_is_thrown_away_has_ended_and_says_by_whom():
    one, two = JobFactory(state="held"), JobFactory(state="held")
    assert (held.throw_away(only(one)), held.throw_away(only(two), by="PERSON")) == (1, 1)
    said = dict(Job.objects.values_list("key", "last_error"))
    assert said == {
        one.key: "Thrown away after a restore by the command line.",
        two.key: "Thrown away after a restore by PERSON.",
    }
    assert Job.objects.filter(state="dropped", finished_at__isnull=False).count() == 2


def test_only_what_is_held_is_released_or_thrown_away():
    MessageFactory()
    MessageFactory(state="done", finished_at=timezone.now())
    assert [act(Message.objects.all()) for act in (held.release, held.throw_away)] == [0, 0]
    assert set(Message.objects.values_list("state", flat=True)) == {"waiting", "done"}


def test_how_much_is_held_and_since_when_is_one_question(django_assert_num_queries):
    restored_at = timezone.now()
    Heartbeat.objects.create(name=held.RESTORED, seen_at=restored_at)
    heartbeat.note()
    MessageFactory.create_batch(3, state="held")
    MessageFactory()
    with django_assert_num_queries(1):
        assert held.standing(Message) == {"count": 3, "since": restored_at}
    assert held.standing(Job)["count"] == 0


def test_the_command_settles_one_or_all_and_says_how_many(capsys):
    MessageFactory(key="one", state="held")
    JobFactory(key="two", state="held")
    call_command("outbox", release="one")
    call_command("outbox", release="all")
    call_command("outbox", throw_away="all")
    assert capsys.readouterr().out == (
        "1 will be sent or run within a minute.\n1 will be sent or run within a minute.\n0 thrown away.\n"
    )
    with pytest.raises(CommandError, match="No message or job one is held"):
        call_command("outbox", throw_away="one")


def test_a_period_that_is_passed_over_has_no_run_and_the_next_one_has(kind):
    schedule.register("trial", Daily(6))
    morning = timezone.now().replace(hour=12)
    with time_machine.travel(morning, tick=False):
        for _ in range(2):
            schedule.pass_over("Passed over.")
        schedule.start_due()
    assert list(Job.objects.values_list("state", "last_error")) == [("dropped", "Passed over.")]
    with time_machine.travel(morning + timedelta(days=1), tick=False):
        schedule.start_due()
        jobs.run_waiting()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "dropped"]
