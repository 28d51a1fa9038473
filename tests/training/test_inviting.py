"""Trainers are asked, reminded once, and answer; who is taken off is asked no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox import templates
from outbox.models import Message
from tests.factories import EventFactory, PartnershipFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from tests.guards import as_if_committed, at_once, check_now
from tests.training.factories import TrainerInvitationFactory
from training import answer_links, inviting, refusals, staffing
from training.models import Event, TrainerInvitation

pytestmark = pytest.mark.django_db


def trained(**of_event):
    """An event, and a trainer of it who has an address."""
    trainer = TrainerFactory(person=PersonFactory(name="Lorna Hughes", email="lorna@example.org"))
    event = EventFactory(**of_event)
    for session in event.sessions.all():
        SessionTrainerFactory(session=session, trainer=trainer)
    return event, trainer


def test_a_trainer_is_asked_once_and_the_message_names_their_sessions():
    event, trainer = trained(course__title="Neglect")
    SessionTrainerFactory(session__event=event, session__starts_at=timezone.now() + timedelta(days=31))
    by = PersonFactory(name="Sam Osei")
    asked = inviting.ask(event=event, trainer=trainer, by=by)
    posted = Message.objects.get()
    assert (posted.to, posted.reference) == ("lorna@example.org", asked.reference)
    said = templates.make(inviting.ASKED, asked.reference)
    assert "Can you give Neglect on" in said.subject
    assert all(words in said.body for words in ("Dear Lorna Hughes", "Sam Osei", answer_links.address(asked)))
    assert said.body.count("9:30am") == 1
    with pytest.raises(refusals.CannotAsk, match="was asked on"):
        inviting.ask(event=event, trainer=trainer, by=by)


def test_only_who_is_on_it_is_to_come_and_has_an_address_is_asked():
    event, trainer = trained()
    by = PersonFactory()
    with pytest.raises(refusals.CannotAsk, match="no address"):
        inviting.ask(event=event, trainer=TrainerFactory(), by=by)
    with pytest.raises(refusals.CannotAsk, match="not on"):
        inviting.ask(event=event, trainer=TrainerFactory(person=PersonFactory(email="x@example.org")), by=by)
    nobody = TrainerFactory()
    assert inviting.ask_each(event=event, trainers=[trainer, nobody], by=by) == ([trainer], [nobody])
    begun, trainer = trained(days=-1)
    with pytest.raises(refusals.CannotAsk, match="has begun"):
        inviting.ask(event=begun, trainer=trainer, by=by)


def test_who_agrees_has_answered():
    invitation = TrainerInvitationFactory()
    inviting.accept(invitation=invitation, by=invitation.trainer.person)
    with pytest.raises(refusals.Answered, match="has agreed"):
        inviting.decline(invitation=invitation, by=invitation.trainer.person)
    with pytest.raises(templates.NoLongerNeeded):
        templates.make(inviting.ASKED, invitation.reference)
    with pytest.raises(refusals.CannotAsk, match="has agreed already"):
        inviting.ask(event=invitation.event, trainer=invitation.trainer, by=PersonFactory())
    check_now()


def test_who_declines_is_off_the_event_and_it_needs_a_trainer():
    invitation = TrainerInvitationFactory()
    event = invitation.event
    as_if_committed()
    inviting.decline(invitation=invitation, by=invitation.trainer.person, reason="On  leave\nthat week")
    as_if_committed()
    invitation.refresh_from_db()
    assert (invitation.state, invitation.reason) == ("declined", "On leave that week")
    assert not staffing.on_it(event).exists()
    assert staffing.short().get() == event
    # Asked once more, after all.
    staffing.put_on(event=event, trainer=invitation.trainer, by=PersonFactory())
    inviting.ask(event=event, trainer=invitation.trainer, by=PersonFactory())
    assert not staffing.short().exists()


def test_who_declines_keeps_what_they_gave():
    event, trainer = trained(days=-1, sessions=3)
    asked = TrainerInvitationFactory(event=event, trainer=trainer, is_on=False)
    with pytest.raises(refusals.Answered, match="has begun"):
        inviting.decline(invitation=asked, by=trainer.person)


@pytest.mark.parametrize("is_accepted", [True, False])
def test_who_is_taken_off_is_asked_no_more_whoever_did_it(is_accepted):
    invitation = TrainerInvitationFactory()
    if is_accepted:
        inviting.accept(invitation=invitation, by=PersonFactory())
    as_if_committed()
    staffing.take_off(event=invitation.event, trainer=invitation.trainer, by=PersonFactory())
    as_if_committed()
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert "not needed" in inviting.over(invitation)


def test_a_change_of_time_asks_nothing_anew():
    event, trainer = trained()
    asked = inviting.ask(event=event, trainer=trainer, by=PersonFactory())
    staffing.put_on(event=event, trainer=TrainerFactory(), by=PersonFactory())
    event.sessions.update(ends_at=timezone.now() + timedelta(days=40))
    check_now()
    asked.refresh_from_db()
    assert asked.state == "asked"
    assert staffing.on_it(event).count() == 2


def test_who_does_not_answer_is_reminded_once_after_five_days():
    late = TrainerInvitationFactory(asked_at=timezone.now() - timedelta(days=6))
    TrainerInvitationFactory()
    done = TrainerInvitationFactory(asked_at=timezone.now() - timedelta(days=6))
    inviting.accept(invitation=done, by=PersonFactory())
    assert [inviting.remind_due(), inviting.remind_due()] == [1, 0]
    late.refresh_from_db()
    assert late.reminded_at is not None
    PartnershipFactory(training_email="training@anytown.example")
    said = templates.make(inviting.REMINDED, Message.objects.get().reference)
    assert all(words in said.body for words in ("We have no answer yet", "training@anytown.example"))


def test_an_event_that_is_off_asks_nobody():
    invitation = TrainerInvitationFactory(asked_at=timezone.now() - timedelta(days=6))
    Event.objects.update(state="cancelled", cancelled_at=timezone.now())
    assert inviting.remind_due() == 0
    assert not TrainerInvitation.objects.unanswered().exists()
    with pytest.raises(refusals.Answered, match="does not take place"):
        inviting.accept(invitation=invitation, by=PersonFactory())


def test_a_link_is_for_who_is_the_trainer():
    invitation = TrainerInvitationFactory()
    token = answer_links.token(invitation)
    assert answer_links.invitation_of(token) == invitation
    assert answer_links.invitation_of(token[:-1]) is None
    invitation.trainer.person = PersonFactory()
    invitation.trainer.save()
    assert answer_links.invitation_of(token) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_holds():
    """Without the event's lock both are told that theirs is the answer."""
    invitation = TrainerInvitationFactory()
    by = invitation.trainer.person
    answers = at_once(
        lambda: inviting.accept(invitation=invitation, by=by), lambda: inviting.decline(invitation=invitation, by=by)
    )
    assert sorted(type(one).__name__ for one in answers) == ["Answered", "TrainerInvitation"]
    invitation.refresh_from_db()
    assert staffing.on_it(invitation.event).exists() is (invitation.state == "accepted")
