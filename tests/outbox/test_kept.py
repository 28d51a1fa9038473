"""What was sent is kept as it read, without its links, and nobody changes it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils import timezone

from outbox import again, claims, delivery, jobs, kept
from outbox.models import Message, SentText
from outbox.templates import Line, Text
from tests.factories import JobFactory, MessageFactory
from tests.guards import Breaks, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()
SECRET = "https://training.example/waiting-list/K7QX2M/s3cret"
TEXT = """About $about

Dear Ann,

Set in:

  $about

[Accept or decline] $link
Or open $link, or one of these:
$links
"""
KEPT = """Dear Ann,

Set in:

  R1

Accept or decline: [link]
Or open [link] or one of these:
Slides: [link]
"""


def sent(**facts):
    """A message that was sent, with its text."""
    message = MessageFactory(state="done", finished_at=timezone.now(), **facts)
    return SentText.objects.create(message=message, subject="Hello", body="You have a place.")


@pytest.mark.usefixtures("mail_server")
def test_subject_and_text_are_kept_as_sent_and_of_links_what_they_are_called(template):
    facts = {"about": "R1", "link": SECRET, "links": ["Slides: webcal://training.example/s3cret"]}
    template(text=TEXT, facts=lambda reference: facts)
    message = MessageFactory()
    delivery.send_waiting()
    facts["about"] = "what it is by now"
    found = SentText.objects.get(message=message)
    assert (found.subject, found.body) == ("About R1", KEPT)


@pytest.mark.usefixtures("template")
def test_a_message_that_did_not_leave_keeps_nothing_and_one_sent_once_more_its_own(mail_server):
    mail_server.answers = {"gone@example.org": "550 no such user"}
    gone, first = MessageFactory(to="gone@example.org"), MessageFactory()
    delivery.send_waiting()
    second = again.send(message=Message.objects.get(pk=first.pk), to="ann@example.org", by="KIM")
    delivery.send_waiting()
    assert {one.message for one in SentText.objects.select_related("message")} == {first, second}
    assert not hasattr(Message.objects.get(pk=gone.pk), "sent_text")


@pytest.mark.usefixtures("template")
def test_marking_as_sent_takes_one_statement_and_a_lost_claim_marks_and_keeps_nothing(django_assert_num_queries):
    MessageFactory()
    (message,) = claims.claim(Message, most=1, lease=timedelta(minutes=1))
    text = Text("Hello", ((Line("You have a place."),),))
    Message.objects.update(attempts=2)
    with django_assert_num_queries(1):
        assert not kept.finish(message, text)
    assert not SentText.objects.exists()
    message.attempts = 2
    with django_assert_num_queries(1):
        assert kept.finish(message, text)
    message.refresh_from_db()
    assert (message.state, message.claimed_until, message.sent_text.body) == ("done", None, "You have a place.\n")
    assert not kept.finish(message, text), "once"


def test_texts_are_forgotten_when_their_time_is_over_and_the_log_stays():
    old, recent = sent(), sent()
    Message.objects.filter(pk=old.pk).update(finished_at=timezone.now() - kept.KEPT_FOR - timedelta(hours=1))
    jobs.run(JobFactory(kind=kept.FORGET))
    assert list(SentText.objects.all()) == [recent]
    assert Message.objects.count() == 2
    with pytest.raises(IntegrityError, match="deleted only when its time is over"):
        recent.delete()


def test_a_message_goes_not_while_its_text_is_kept():
    with pytest.raises(ProtectedError):
        sent().message.delete()


# --- guards ---------------------------------------------------------------------------------------------------------
@breaks.by("sent_text_never_changes")
def a_text_that_says_something_else_now():
    sql("update outbox_senttext set body = 'z' where message_id = %s", sent().pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


def test_what_was_sent_is_never_emptied():
    sql("set local turnout.may_truncate = 'no'")  # yes in tests alone
    with pytest.raises(IntegrityError, match="may not be emptied"):
        sql("truncate outbox_senttext")
