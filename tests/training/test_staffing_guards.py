"""Each truth about who is asked to give an event, offers to, or learns to, broken once with SQL."""

import pytest

from tests.factories import PersonFactory
from tests.guards import Breaks, check_now, sql, take_out
from tests.training.factories import StepTakenFactory, TrainerInvitationFactory, VolunteerFactory

pytestmark = pytest.mark.django_db
breaks = Breaks()
IS_OF_A_TRAINER = "who_is_asked_or_has_agreed_is_on_the_event"
ENDS = "invitation_ends_when_its_trainer_is_taken_off"


def invited():
    found = TrainerInvitationFactory()
    check_now()
    return found


def set_invitation(words, found=None):
    sql(f"update training_trainerinvitation set {words} where id = %s", (found or invited()).pk)


def answered(state):
    found = invited()
    set_invitation(f"state = '{state}', answered_at = now(), answered_by_id = asked_by_id", found)
    return found


@breaks.by("trainer_is_invited_once_to_an_event")
def a_trainer_asked_twice_at_a_time():
    one = invited()
    TrainerInvitationFactory(event=one.event, trainer=one.trainer, is_on=False)


@breaks.by("trainer_invitation_state_is_known", "trainer_invitation_says_who_answered_and_when")
def an_answer_that_nobody_knows():
    set_invitation("state = 'perhaps'")


@breaks.by("trainer_invitation_says_who_answered_and_when")
def an_answer_that_nobody_gave():
    set_invitation("state = 'accepted'")


@breaks.by("trainer_invitation_has_a_reason_only_when_declined")
def a_reason_without_an_answer():
    set_invitation("reason = 'Away'")


@breaks.by("trainer_invitation_is_answered_once")
def a_second_answer():
    set_invitation("state = 'accepted'", answered("declined"))


@breaks.by(IS_OF_A_TRAINER)
def somebody_asked_who_is_not_on_the_event():
    TrainerInvitationFactory(is_on=False)
    check_now()


@breaks.by("trainer_volunteers_once_for_an_event")
def two_offers_of_a_trainer():
    one = VolunteerFactory()
    VolunteerFactory(event=one.event, trainer=one.trainer)


@breaks.by("volunteer_state_is_known")
def an_offer_in_a_state_that_nobody_knows():
    one = VolunteerFactory()
    values = "state = 'perhaps', answered_at = now(), answered_by_id = %s"
    sql(f"update training_volunteer set {values} where id = %s", PersonFactory().pk, one.pk)


@breaks.by("volunteer_says_who_answered_and_when")
def an_offer_that_nobody_took():
    sql("update training_volunteer set state = 'taken' where id = %s", VolunteerFactory().pk)


@breaks.by("volunteer_is_answered_once")
def an_offer_answered_twice():
    one = VolunteerFactory()
    values = "state = 'thanked', answered_at = now(), answered_by_id = %s"
    sql(f"update training_volunteer set {values} where id = %s", PersonFactory().pk, one.pk)
    sql("update training_volunteer set state = 'taken' where id = %s", one.pk)


@breaks.by("step_is_taken_once_for_a_course")
def a_step_taken_twice():
    one = StepTakenFactory()
    StepTakenFactory(trainer=one.trainer, course=one.course, step=one.step)


@breaks.by("step_is_signed_when_it_was_taken")
def a_step_signed_before_it_was_taken():
    sql("update training_steptaken set signed_on = taken_on - 1 where id = %s", StepTakenFactory().pk)


@breaks.by("step_taken_says_how_it_is_known")
def a_step_on_no_evidence():
    sql("update training_steptaken set evidence = '' where id = %s", StepTakenFactory().pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_refused(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_refused_by_this_guard(name):
    breaks.passes_without(name)


def test_who_has_agreed_may_only_be_taken_off():
    found = answered("accepted")
    set_invitation("state = 'withdrawn'", found)
    found.refresh_from_db()
    assert found.state == "withdrawn"


def ends(found):
    sql("delete from training_sessiontrainer where trainer_id = %s", found.trainer_id)
    found.refresh_from_db()
    return found.state == "withdrawn"


@pytest.mark.parametrize("state", ["asked", "accepted"])
def test_it_ends_when_its_trainer_is_taken_off(state):
    assert ends(invited() if state == "asked" else answered("accepted"))


def test_it_ends_by_this_trigger():
    found = invited()
    take_out(ENDS)
    assert not ends(found)
