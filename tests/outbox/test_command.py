from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from outbox.management.commands import outbox
from outbox.models import Message
from tests.factories import JobFactory, MessageFactory

pytestmark = pytest.mark.django_db


def said(**options):
    out = StringIO()
    call_command(outbox.Command(stdout=out), **options)
    return out.getvalue()


def test_nothing_waits():
    MessageFactory(state="done", finished_at=timezone.now())
    assert said() == "Messages: 0 waiting; 0 given up.\nJobs: 0 waiting; 0 given up.\n"


def test_what_waits_and_what_was_given_up_is_listed_without_addresses():
    now = timezone.now()
    MessageFactory(key="one", created_at=now - timedelta(hours=3), attempts=2, last_error="The server is down.")
    MessageFactory(key="two", created_at=now - timedelta(hours=1))
    JobFactory(key="three", state="failed", finished_at=now, attempts=1, last_error="ValueError in a.py, line 1.")
    assert said().replace("\xa0", " ") == (
        "Messages: 2 waiting, the oldest for 3 hours; 0 given up.\n"
        "  waiting  one  tried 2 times  The server is down.\n"
        "  waiting  two\n"
        "Jobs: 0 waiting; 1 given up.\n"
        "  given up  three  tried once  ValueError in a.py, line 1.\n"
    )


def test_a_long_list_is_cut(monkeypatch):
    monkeypatch.setattr(outbox, "LISTED", 2)
    MessageFactory.create_batch(5)
    assert "  … and 3 more waiting\n" in said()


def test_what_was_given_up_is_tried_again_when_asked():
    MessageFactory(key="one", state="failed", failures=12, attempts=12, finished_at=timezone.now())
    assert said(retry="one") == "one will be tried again within a minute.\n"
    message = Message.objects.get()
    assert (message.state, message.failures, message.finished_at) == ("waiting", 0, None)


def test_only_what_was_given_up_is_tried_again():
    JobFactory(key="one", state="done", finished_at=timezone.now())
    with pytest.raises(CommandError, match="one was not given up: it is done"):
        said(retry="one")
    with pytest.raises(CommandError, match="There is no message or job two"):
        said(retry="two")
