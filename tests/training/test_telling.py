"""What trainers are told of a change: once, whoever made it and however many parts it had."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from outbox import templates
from outbox.models import Message
from outbox.templates import NoLongerNeeded
from tests.factories import (
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RoomFactory,
    SessionTrainerFactory,
    TrainerFactory,
    VenueFactory,
)
from tests.guards import as_if_committed, check_now, sql, take_out, value
from tests.training.factories import TrainerInvitationFactory
from training import inviting, moving_day, staffing, telling
from training.models import Event, TrainerChange
from training.notices import to_trainer

pytestmark = pytest.mark.django_db
EARLIER = "update training_session set starts_at = starts_at - interval '1 hour'"
HOUR = timedelta(hours=1)


def later():
    """The change has settled."""
    return timezone.now() + telling.SETTLED_AFTER + timedelta(seconds=1)


def given(**of_event):
    """An event, and a trainer who was put on it some time ago."""
    trainer = TrainerFactory(name="Lorna Hughes", person=PersonFactory(name="Lorna Hughes", email="lorna@example.org"))
    event = EventFactory(**{"course__title": "Neglect"} | of_event)
    for session in event.sessions.all():
        SessionTrainerFactory(session=session, trainer=trainer)
    assert telling.tell(later()) == {"changes": 0, "told": 0}, "who is put on has agreed"
    assert not TrainerChange.objects.exists()
    return event, trainer


def told():
    return list(Message.objects.filter(to="lorna@example.org").values_list("template", flat=True))


def text_of(template):
    return templates.make(template, str(TrainerChange.objects.latest("pk").pk))


def test_time_and_room_changed_in_a_row_are_one_message():
    event, _ = given()
    session = event.sessions.get()
    session.starts_at += HOUR
    session.save()
    session.room = RoomFactory(venue=VenueFactory(name="Town Hall"))
    session.save()
    assert telling.tell() == {"changes": 0, "told": 0}, "it has not settled"
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    assert telling.tell(later()) == {"changes": 0, "told": 0}
    assert told() == [telling.CHANGED]
    PartnershipFactory(training_email="training@anytown.example")
    text = text_of(telling.CHANGED)
    assert text.subject.startswith("Changed: Neglect on ")
    assert "Dear Lorna Hughes" in text.body
    assert "10:30am to 4:30pm, Town Hall" in text.body.partition("Before, it was:")[0]
    assert "9:30am to 4:30pm" in text.body.partition("Before, it was:")[2]
    assert "training@anytown.example" in text.body


def test_who_gives_what_moves_online_reads_the_link_and_who_is_asked_only_that_it_is_online():
    event, trainer = given()
    event.sessions.update(room=RoomFactory(venue=VenueFactory(name="Town Hall")))
    TrainerChange.objects.all().delete()
    day = timezone.localdate(event.starts_at)
    moving_day.move_online(event=event, day=day, link="https://teams.example/1", by=PersonFactory())
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    now, _, before = text_of(telling.CHANGED).body.partition("Before, it was:")
    assert "4:30pm, online, https://teams.example/1" in now
    assert "4:30pm, Town Hall" in before
    event.refresh_from_db()
    (said,) = to_trainer(event, trainer)["sessions"]
    assert said.endswith("4:30pm, online")


def test_a_second_change_later_is_a_second_message():
    given()
    for _ in range(2):
        sql(EARLIER)
        assert telling.tell(later()) == {"changes": 1, "told": 1}
    assert told() == [telling.CHANGED] * 2


def test_who_is_taken_off_is_told_and_who_is_put_on_again_at_once_is_not():
    event, trainer = given(sessions=2)
    by = PersonFactory()
    staffing.take_off(event=event, trainer=trainer, by=by)
    staffing.put_on(event=event, trainer=trainer, by=by)
    assert telling.tell(later()) == {"changes": 0, "told": 0}
    staffing.take_off(event=event, trainer=trainer, by=by)
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    text = text_of(telling.OFF)
    assert text.body.count("9:30am to 4:30pm") == 2
    staffing.put_on(event=event, trainer=trainer, by=by)
    with pytest.raises(NoLongerNeeded):
        text_of(telling.OFF)


def test_a_session_more_or_less_is_told_to_who_gives_the_others():
    event, trainer = given(sessions=2)
    event.sessions.last().delete()
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    sql("update training_trainerchange set changed_at = changed_at - interval '1 day'")
    session = event.sessions.create(starts_at=event.ends_at + HOUR, ends_at=event.ends_at + 2 * HOUR)
    SessionTrainerFactory(session=session, trainer=trainer)
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    assert told() == [telling.CHANGED] * 2


def test_an_event_that_is_cancelled_says_why():
    given()
    cancelled = {"state": "cancelled", "cancelled_at": timezone.now(), "cancelled_reason": "The boiler broke."}
    Event.objects.update(**cancelled)
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    text = text_of(telling.CANCELLED)
    assert text.subject == "Neglect is cancelled"
    assert "The boiler broke." in text.body


def test_of_an_event_broken_off_only_they_are_told_who_were_to_come():
    event, _ = given(begins=timezone.now() - HOUR)
    other = TrainerFactory(person=PersonFactory())
    SessionTrainerFactory(session__event=event, session__starts_at=timezone.now() + HOUR, trainer=other)
    telling.tell(later())
    Event.objects.update(state="abandoned", cancelled_at=timezone.now())
    assert telling.tell(later()) == {"changes": 1, "told": 1}
    assert TrainerChange.objects.get().trainer == other


def test_who_declines_is_not_told_that_they_are_off():
    event, trainer = given()
    invitation = inviting.ask(event=event, trainer=trainer, by=PersonFactory())
    as_if_committed()
    inviting.decline(invitation=invitation, by=trainer.person)
    assert telling.tell(later()) == {"changes": 0, "told": 0}


def test_who_was_put_on_a_moment_ago_is_told_of_a_change_since():
    event = EventFactory()
    SessionTrainerFactory(session=event.sessions.get(), trainer__person=PersonFactory(email="lorna@example.org"))
    sql("update training_trainerchange set changed_at = now() - interval '3 minutes'")
    sql(EARLIER)
    assert telling.tell(later()) == {"changes": 1, "told": 1}


def test_of_a_draft_only_who_was_asked_is_told():
    asked = TrainerInvitationFactory(event__state="draft")
    SessionTrainerFactory(session=asked.event.sessions.get(), trainer__person=PersonFactory())
    telling.tell(later())
    assert telling.to_tell(asked.event).get() == asked.trainer
    sql(EARLIER)
    telling.tell(later())
    assert TrainerChange.objects.get().trainer == asked.trainer


def test_who_has_no_address_or_gave_it_already_is_not_written_to():
    _, trainer = given(days=-3)
    trainer.sessions.all().delete()
    SessionTrainerFactory(session=EventFactory().sessions.get())
    telling.tell(later())
    sql("update training_session set starts_at = starts_at - interval '1 hour' where starts_at > now()")
    assert telling.tell(later()) == {"changes": 1, "told": 0}
    assert not told()


@pytest.mark.parametrize(
    ("trigger", "statement"),
    [
        ("what_a_trainer_gives_is_noted_session", EARLIER),
        (
            "what_a_trainer_gives_is_noted_session",
            "update training_event set state = 'cancelled', cancelled_at = now()",
        ),
        ("what_a_trainer_gives_is_noted_sessions", "delete from training_sessiontrainer"),
        ("what_a_trainer_gives_is_noted_trainer", "update training_sessiontrainer set trainer_id = {other}"),
    ],
)
def test_every_way_of_changing_what_a_trainer_gives_is_noted_by_the_database(trigger, statement):
    given()
    statement = statement.format(other=TrainerFactory().pk)
    sql("savepoint before")
    sql(statement)
    assert value("select count(*) from training_trainerchange where was <> '[]'") == 1
    sql("rollback to savepoint before")
    check_now()
    take_out(trigger)
    sql(statement)
    assert value("select count(*) from training_trainerchange") == 0, "so it is this trigger that notes it"


def test_a_trainer_has_one_change_of_an_event_that_is_not_told():
    event, trainer = given()
    facts = {"event": event, "trainer": trainer, "was": [], "changed_at": timezone.now()}
    TrainerChange.objects.create(**facts)
    with pytest.raises(IntegrityError, match="trainer_has_one_change_of_an_event_that_is_not_told"):
        TrainerChange.objects.create(**facts)


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_statements_for_one_event_as_for_twenty(django_assert_num_queries, count):
    for _ in range(count):
        SessionTrainerFactory(session=EventFactory().sessions.get(), trainer__person=PersonFactory())
    telling.tell(later())
    sql(EARLIER)
    with django_assert_num_queries(5):
        assert telling.tell(later()) == {"changes": count, "told": count}
