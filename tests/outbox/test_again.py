"""What a person does about work that went wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import again, claims, delivery
from outbox.models import Job, Message
from tests.factories import JobFactory, MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("template", "kind")]


def ended(state, *, factory=MessageFactory, days=0, **facts):
    return factory(state=state, finished_at=timezone.now() - timedelta(days=days), attempts=3, failures=3, **facts)


def send(message, to=None):
    return again.send(message=message, to=to or message.to, by="K7QX2M")


@pytest.mark.parametrize("state", ["failed", "dropped"])
def test_what_was_never_sent_is_sent_as_the_same_message(mail_server, state):
    message = ended(state)
    assert send(message) == message
    delivery.send_waiting()
    (received,) = mail_server.received
    assert received["Message-ID"].startswith(f"<{message.pk}@")
    message.refresh_from_db()
    assert (message.state, message.attempts, Message.objects.count()) == ("done", 4, 1)


def test_what_was_sent_is_sent_once_more_as_a_message_of_its_own(mail_server):
    message = ended("done", days=1)
    finished_at = message.finished_at
    first, second = send(message), send(message)
    third = (
        send(first) if Message.objects.filter(pk=first.pk).update(state="done", finished_at=timezone.now()) else None
    )
    delivery.send_waiting()
    assert [one.key for one in (first, second, third)] == [f"{message.key}:again-{n}" for n in (1, 2, 3)]
    assert {one["Message-ID"][1:37] for one in mail_server.received} == {str(second.pk), str(third.pk)}
    message.refresh_from_db()
    assert (message.state, message.finished_at) == ("done", finished_at), "it goes on saying when it was sent"


def test_it_goes_to_the_address_that_is_given(mail_server):
    message = ended("failed", to="old@example.org")
    send(message, "new@example.org")
    delivery.send_waiting()
    assert [one["To"] for one in mail_server.received] == ["new@example.org"]


def test_what_waits_is_not_sent_again():
    with pytest.raises(again.NotGivenUp):
        send(MessageFactory())
    assert Message.objects.count() == 1


def test_all_that_were_given_up_since_then_are_tried_again_at_their_present_addresses():
    old, moved, new = ended("failed", days=9), ended("failed", days=1, to="old@example.org"), ended("failed")
    sent = ended("done")
    since = timezone.now() - timedelta(days=2)
    assert again.failed_since(since).count() == 2
    assert again.send_failed(since=since, addresses={moved.pk: "new@example.org"}, by="K7QX2M") == 2
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {old.pk: "failed", moved.pk: "waiting", new.pk: "waiting", sent.pk: "done"}
    assert Message.objects.get(pk=moved.pk).to == "new@example.org"
    assert Message.objects.get(pk=new.pk).to == new.to
    assert again.send_failed(since=since, addresses={}, by="K7QX2M") == 0


def test_a_job_that_was_given_up_begins_again_and_no_other_does():
    job = ended("failed", factory=JobFactory)
    again.run(job=job, by="K7QX2M")
    job.refresh_from_db()
    assert (job.state, job.failures, job.attempts) == ("waiting", 0, 3)
    for other in (job, ended("done", factory=JobFactory)):
        with pytest.raises(again.NotGivenUp):
            again.run(job=other, by="K7QX2M")


@pytest.mark.parametrize("factory", [MessageFactory, JobFactory])
def test_what_waits_can_be_stopped_and_then_nobody_does_it(factory):
    row = factory()
    again.stop(row=row, by="K7QX2M")
    row.refresh_from_db()
    assert (row.state, row.last_error) == ("dropped", "Stopped by K7QX2M.")
    assert claims.claim(type(row), most=1, lease=timedelta(minutes=1)) == []


def test_what_is_in_a_workers_hands_or_has_ended_is_not_stopped():
    message = MessageFactory()
    claims.claim(Message, most=1, lease=timedelta(minutes=1))
    for row in (message, ended("done"), ended("failed", factory=JobFactory)):
        with pytest.raises(again.InHand):
            again.stop(row=row, by="K7QX2M")
    assert not Message.objects.filter(state="dropped").exists()
    assert not Job.objects.filter(state="dropped").exists()
