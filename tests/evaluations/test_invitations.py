"""Whom the background asks how it was, when, and when it stops."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from bookings import register
from evaluations import invitations, links, questionnaires, tasks
from evaluations.models import Evaluation, ImportedSet, Questionnaire
from outbox import jobs, schedule, templates
from outbox.models import Job, Message
from outbox.templates import NoLongerNeeded
from tests.evaluations.situations import answer, asked, came, over
from tests.factories import EventFactory, PartnershipFactory, PersonFactory, SessionFactory
from tests.guards import at_once

pytestmark = pytest.mark.django_db


def keys():
    return sorted(Message.objects.values_list("key", flat=True))


def test_who_came_wholly_or_in_part_is_asked_once_however_often_the_job_runs():
    event = over(1)
    part = came(event, "part-attended")
    came(event, "did-not-attend")
    schedule.start_due()
    schedule.start_due()
    assert Job.objects.filter(kind=tasks.ASK).count() == 1
    jobs.run_waiting()
    assert Job.objects.get(kind=tasks.ASK).result == {"opened": 1, "invited": 2, "reminded": 0, "reminded_last": 0}
    assert f"evaluate:{part.reference}" in keys()
    assert len(keys()) == 2
    assert invitations.ask() == {"opened": 0, "invited": 0, "reminded": 0, "reminded_last": 0}
    assert len(keys()) == 2


def test_two_workers_at_once_ask_once(transactional_db):
    over(3)
    questionnaires.after()
    results = at_once(*[invitations.ask] * 4)
    assert not [one for one in results if isinstance(one, Exception)]
    assert Message.objects.count() == 3
    assert Evaluation.objects.count() == 1


NOBODY = {
    "a register is open": lambda: EventFactory(days=-1),
    "the second of two registers is open": lambda: SessionFactory(event=over(0, days=3), starts_at=yesterday()),
    "a workbook brought it after it had ended": lambda: over(1, imported_at=timezone.now()),
    "a workbook brought the answers": lambda: ImportedSet.objects.create(event=over(1), digest="0"),
    "it is four weeks ago": lambda: over(1, days=29),
}


def yesterday():
    return timezone.now() - timedelta(days=1)


@pytest.mark.parametrize("case", NOBODY)
def test_nobody_is_asked_where(case):
    NOBODY[case]()
    assert invitations.ask() == dict.fromkeys(["opened", "invited", "reminded", "reminded_last"], 0)
    assert not Evaluation.objects.exists()
    assert keys() == []


def test_an_event_that_was_to_come_when_it_was_imported_is_asked_about():
    over(1, days=1, imported_at=timezone.now() - timedelta(days=10))
    assert invitations.ask()["invited"] == 1


def test_the_form_is_open_until_the_end_of_the_fourteenth_day_and_a_week_at_least():
    soon, late = over(1, days=1), over(1, days=13)
    invitations.ask()
    today = timezone.localdate()
    for event, last in ((soon, today + timedelta(days=13)), (late, today + timedelta(days=7))):
        closes_at = timezone.localtime(event.evaluation.closes_at)
        assert (closes_at.hour, closes_at.minute) == (0, 0)
        assert closes_at.date() == last + timedelta(days=1)


def test_reminders_come_seven_and_fourteen_days_after_the_event_by_day_and_then_stop():
    quick, slow = asked(2)
    answer(quick)
    begin = timezone.localtime().replace(hour=7, minute=0)
    sent = {}
    for hours in range(0, 24 * 30, 5):
        now = begin + timedelta(hours=hours)
        before = set(keys())
        invitations.ask(now)
        for key in set(keys()) - before:
            assert now.hour >= 8
            sent[key] = (now.date() - timezone.localdate(slow.event.ends_at)).days
    assert sent == {f"evaluate_reminder:{slow.reference}": 7, f"evaluate_last_reminder:{slow.reference}": 14}


def test_who_was_asked_late_is_not_reminded_the_day_after():
    (booking,) = asked(1, days=13)
    tomorrow = timezone.localtime().replace(hour=12) + timedelta(days=1)
    assert invitations.ask(tomorrow)["reminded"] == 0
    assert invitations.ask(tomorrow + timedelta(days=2))["reminded"] == 1
    assert keys() == [f"evaluate:{booking.reference}", f"evaluate_reminder:{booking.reference}"]


def test_who_has_left_is_not_asked():
    event = over(1)
    came(event, delegate=PersonFactory(left_on=timezone.localdate()))
    assert invitations.ask()["invited"] == 1


def test_a_message_says_what_when_until_when_who_reads_it_and_where_a_concern_goes(settings):
    settings.SITE_URL, settings.FRONT_DOOR_PHONE, settings.LADO_PHONE = "https://t.example", "0111 1", "0111 2"
    PartnershipFactory(name="Anytown Partnership")
    (booking,) = asked(1)
    for template in (invitations.INVITATION, invitations.REMINDER, invitations.LAST_REMINDER):
        text = templates.make(template, booking.reference)
        assert str(booking.event.course) in text.subject
        for words in (
            f"Dear {booking.delegate.name},",
            links.address(booking.reference),
            "the end of ",
            "anonymous",
            "at least 5 delegates" if template != invitations.INVITATION else "fewer than 5 delegates",
            "training team reads",
            "not here",
            "front door on 0111 1",
            "(LADO) on 0111 2",
            "Anytown Partnership",
        ):
            assert words in text.body, (template, words)
        assert "https://t.example/tell-us/" in text.body


def test_a_message_says_honestly_that_a_number_is_not_set_up(settings):
    settings.FRONT_DOOR_PHONE = settings.LADO_PHONE = ""
    (booking,) = asked(1)
    body = templates.make("evaluate", booking.reference).body
    assert body.count("not set up on this site") == 2
    assert "call 999" in body


def test_a_message_is_dropped_once_there_is_nothing_left_to_ask():
    answered, reopened, closed = asked(1)[0], asked(1)[0], asked(1)[0]
    answer(answered)
    register.reopen(event=reopened.event, by=PersonFactory(), reason="One was there after all")
    Evaluation.objects.filter(event=closed.event).update(closes_at=timezone.now())
    for booking in (answered, reopened, closed):
        with pytest.raises(NoLongerNeeded):
            templates.make("evaluate", booking.reference)


def test_a_fresh_database_has_a_standard_questionnaire_with_the_first_question_asked():
    assert not Questionnaire.objects.exists()
    (booking,) = asked(1)
    form = booking.event.evaluation.questionnaire
    assert form.published_at
    assert [(one.code, one.scale) for one in form.questions.all()[:3]] == [
        ("before", (0, 10)),
        ("now", (0, 10)),
        ("rating", (1, 5)),
    ]
    assert asked(1)[0].event.evaluation.questionnaire == form


def test_an_event_keeps_the_questionnaire_with_which_it_began():
    (booking,) = asked(1)
    newer = questionnaires.publish(Questionnaire(stage="after", version=7), {"rating": (1, 3)}, now=timezone.now())
    assert questionnaires.after() == newer
    invitations.ask()
    booking.event.evaluation.refresh_from_db()
    assert booking.event.evaluation.questionnaire != newer


@pytest.mark.parametrize("count", [1, 50])
def test_the_job_takes_the_same_statements_for_one_delegate_and_for_fifty(django_assert_num_queries, count):
    questionnaires.after()
    over(count)
    with time_machine.travel(timezone.localtime().replace(hour=9), tick=False), django_assert_num_queries(11):
        invitations.ask()
