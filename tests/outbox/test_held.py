"""What a restore set aside, until somebody says what becomes of it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox import claims, held, jobs, schedule
from outbox.models import Job, Message
from outbox.schedule import Daily
from tests.factories import JobFactory, MessageFactory

pytestmark = pytest.mark.django_db


def test_what_is_held_is_in_nobodys_hands_until_it_is_released():
    message = MessageFactory(state="held")
    assert claims.claim(Message, most=9, lease=timedelta(minutes=5)) == []
    assert held.release(message)
    assert not held.release(message), "a second time"
    assert claims.claim(Message, most=9, lease=timedelta(minutes=5)) == [message]


def test_what_is_thrown_away_has_ended():
    job = JobFactory(state="held")
    assert held.throw_away(job)
    job.refresh_from_db()
    assert (job.state, job.last_error) == ("dropped", held.THROWN_AWAY)
    assert job.finished_at is not None


def test_only_what_is_held_is_released_or_thrown_away():
    waiting = MessageFactory()
    sent = MessageFactory(state="done", finished_at=timezone.now())
    assert not any(act(row) for row in (waiting, sent) for act in (held.release, held.throw_away))
    assert set(Message.objects.values_list("state", flat=True)) == {"waiting", "done"}


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
