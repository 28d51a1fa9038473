import threading
import time
from collections import Counter

import pytest

from config.celery import app
from outbox import wake


@pytest.fixture
def herald(monkeypatch):
    monkeypatch.setattr(wake, "PAUSE", 0.0)
    fresh = wake.Herald()
    monkeypatch.setattr(wake, "herald", fresh)
    return fresh


def test_a_hint_waits_for_no_broker(herald, monkeypatch):
    asked, answer, sent = threading.Event(), threading.Event(), []

    def slow(task, **options):
        asked.set()
        answer.wait(5)
        sent.append(task)

    monkeypatch.setattr(app, "send_task", slow)
    herald.tell("first")
    assert asked.wait(30)
    for task in ("second", "second", "second", "last"):
        herald.tell(task)
    assert sent == []
    answer.set()
    until = time.monotonic() + 30
    while {"second", "last"} - set(sent) and time.monotonic() < until:
        time.sleep(0.01)
    assert Counter(sent) == {"first": 1, "second": 1, "last": 1}, "one hint for all that came in the meantime"


def test_a_broker_that_is_down_is_logged_once_until_it_is_back(herald, monkeypatch, caplog):
    answers = iter([OSError("Ann Canary"), OSError(), None, OSError()])

    def send_task(task, **options):
        if error := next(answers):
            raise error

    monkeypatch.setattr(app, "send_task", send_task)
    for _ in range(4):
        herald._send("task")
    assert [record.message for record in caplog.records] == [
        "The broker takes no wake-ups (OSError): work waits for the sweep."
    ] * 2


def test_a_hint_asks_for_no_result_and_does_not_outlive_the_sweep(herald, monkeypatch):
    asked = []
    monkeypatch.setattr(app, "send_task", lambda task, **options: asked.append((task, options)))
    herald._send(wake.RUN_JOBS)
    assert asked == [("outbox.tasks.run_jobs", {"ignore_result": True, "retry": False, "expires": 60})]
