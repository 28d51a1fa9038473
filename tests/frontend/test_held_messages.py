"""Messages held after a restore: told where messages are, then all sent or all thrown away."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from frontend import formats
from outbox import held, wake
from outbox.models import Heartbeat, Message
from tests.factories import MessageFactory
from tests.guards import at_once

pytestmark = pytest.mark.django_db
LIST, HELD = reverse("messages:list"), reverse("messages:held")
SEND, THROW_AWAY = reverse("messages:send_held"), reverse("messages:throw_away_held")


@pytest.fixture
def restored():
    return Heartbeat.objects.create(name=held.RESTORED, seen_at=timezone.now() - timedelta(hours=2)).seen_at


def text(client, address):
    return " ".join(client.get(address).content.decode().split())


def post(client, address):
    return " ".join(client.post(address, follow=True).content.decode().split())


def states():
    return dict(Message.objects.order_by("key").values_list("key", "state"))


def test_the_list_of_messages_says_how_many_are_held_and_since_when(client, sign_in, restored):
    sign_in("coordinator")
    assert "held since" not in text(client, LIST)
    MessageFactory(state="held")
    assert f"1 message is held since the restore of {formats.full_moment(restored)}" in text(client, LIST)
    MessageFactory(state="held")
    page = text(client, LIST)
    assert "2 messages are held since the restore" in page
    assert f'href="{HELD}"' in page


def test_without_the_moment_of_the_restore_there_is_still_a_sentence(client, sign_in):
    sign_in("administrator")
    MessageFactory(state="held")
    assert "1 message is held since a restore." in text(client, LIST)


@pytest.mark.parametrize("count", [1, 50])
def test_what_is_held_is_shown_by_kind_in_five_statements(client, sign_in, restored, django_assert_num_queries, count):
    sign_in("coordinator")
    oldest = timezone.now() - timedelta(days=9)
    MessageFactory(template="booking_waiting", state="held", created_at=oldest)
    MessageFactory.create_batch(count, template="booking_confirmed", state="held")
    MessageFactory(template="booking_confirmed")
    with django_assert_num_queries(5):
        page = text(client, HELD)
    assert page.count('<th scope="row">') == 2
    assert f'data-label="How many">{count}<' in page
    assert formats.short_moment(oldest) in page
    assert "state=held&amp;template=booking_waiting" in page


def test_all_that_are_held_are_sent_after_a_check(client, sign_in, restored, monkeypatch):
    woken = []
    monkeypatch.setattr(wake, "after_commit", woken.append)
    by = sign_in("coordinator")
    MessageFactory(key="one", state="held")
    MessageFactory(key="two", state="held")
    MessageFactory(key="sent", state="done", finished_at=timezone.now())
    check = text(client, SEND)
    assert "Send 2 messages" in check
    assert "gets it once more" in check
    assert states() == {"one": "held", "two": "held", "sent": "done"}, "looking changes nothing"
    assert "2 messages will be sent within a minute." in post(client, SEND)
    assert states() == {"one": "waiting", "two": "waiting", "sent": "done"}
    assert woken == [wake.SEND_MESSAGES]
    assert by.reference not in Message.objects.get(key="one").last_error


def test_all_that_are_held_are_thrown_away_after_a_check_and_each_can_still_be_sent(client, sign_in, restored):
    by = sign_in("administrator")
    message = MessageFactory(key="one", state="held")
    MessageFactory(key="waits")
    assert "Throw 1 message away" in text(client, THROW_AWAY)
    assert states() == {"one": "held", "waits": "waiting"}, "looking changes nothing"
    assert "1 message thrown away. Each can still be sent from its own page." in post(client, THROW_AWAY)
    assert states() == {"one": "dropped", "waits": "waiting"}
    assert Message.objects.get(key="one").last_error == f"Thrown away after a restore by {by.reference}."
    assert "Send it after all" in text(client, reverse("messages:message", args=[message.pk]))


def test_the_page_of_one_leads_to_all_that_are_held(client, sign_in):
    sign_in("coordinator")
    message = MessageFactory(state="held")
    page = text(client, reverse("messages:message", args=[message.pk]))
    assert f'href="{HELD}"' in page
    assert "Send it" not in page


@pytest.mark.parametrize("address", [HELD, SEND, THROW_AWAY])
def test_with_nothing_held_there_is_nothing_to_press(client, sign_in, restored, address):
    sign_in("coordinator")
    page = text(client, address)
    assert "Nothing is held" in page
    assert 'data-module="govuk-button"' not in page.partition("<main")[2]
    if address != HELD:
        assert "somebody else was first" in post(client, address)


@pytest.mark.django_db(transaction=True)
def test_of_one_who_sends_and_one_who_throws_away_at_once_one_wins_with_all_of_them(restored):
    MessageFactory.create_batch(20, state="held")
    counts = at_once(lambda: held.release(held.rows(Message)), lambda: held.throw_away(held.rows(Message)))
    assert sorted(counts) == [0, 20]
    assert set(states().values()) == {"waiting" if counts[0] else "dropped"}
