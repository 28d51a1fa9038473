import signal

import pytest
from django.conf import settings

from config.celery import app
from outbox import schedule, tasks
from outbox.models import Job, Message
from tests.factories import MessageFactory


def test_beat_sweeps_every_minute_with_tasks_that_exist():
    app.loader.import_default_modules()
    sweeps = settings.CELERY_BEAT_SCHEDULE.values()
    assert {sweep["task"] for sweep in sweeps} == {
        tasks.send_messages.name,
        tasks.run_jobs.name,
        tasks.note_heartbeat.name,
    }
    assert {sweep["task"] for sweep in sweeps} <= set(app.tasks)
    assert all(sweep["schedule"] <= 60 for sweep in sweeps)


@pytest.mark.django_db
@pytest.mark.usefixtures("template")
def test_the_sweep_sends_what_no_wake_up_announced(mail_server):
    MessageFactory()
    tasks.send_messages()
    assert mail_server.recipients == ["ann@example.org"]


@pytest.mark.django_db
def test_the_sweep_starts_and_runs_periodic_jobs(kind):
    schedule.register("trial", schedule.Daily(6))
    tasks.run_jobs()
    tasks.run_jobs()
    assert Job.objects.get().state == "done"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("template")
def test_with_the_brokers_folder_gone_a_message_is_posted_and_the_sweep_sends_it(child, mail_server, tmp_path):
    assert not (tmp_path / "broker").exists()
    page = child("tests.outbox.child", "post-unheard")
    assert [page.stdout.readline(), page.stdout.readline()] == ["posted\n", "unheard\n"]
    assert page.wait(30) == 0
    assert Message.objects.get().state == "waiting"
    tasks.send_messages()
    assert mail_server.recipients == ["ann@example.org"]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_does_at_once_what_a_commit_left_it(child, mail_server, tmp_path):
    for folder in ("messages", "control"):
        (tmp_path / "broker" / folder).mkdir(parents=True)
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = child("celery", "--quiet", "--app", "config", "worker", "--loglevel", "error", *alone)
    page = child("tests.outbox.child", "ask")
    assert page.wait(90) == 0
    assert Job.objects.get().result == {"twice": 14}
    assert mail_server.recipients == ["ann@example.org"]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
