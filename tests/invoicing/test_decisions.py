"""Confirming, waiving and disputing: who was first decides, and everybody else is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from invoicing import charges
from invoicing.models import Charge
from invoicing.refusals import AlreadyDecided, AnswerTooLate, NoticeStillRunning
from tests.factories import ChargeFactory, PersonFactory
from tests.invoicing.situations import at

pytestmark = pytest.mark.django_db


def test_confirming_says_who_and_when():
    officer, charge = PersonFactory(), ChargeFactory()
    assert charges.confirm([charge, ChargeFactory()], by=officer) == 2
    charge.refresh_from_db()
    assert (charge.state, charge.decided_by) == ("confirmed", officer)
    assert charge.decided_at is not None


def test_confirming_without_a_person_says_by_what():
    charges.confirm([ChargeFactory()], via="command line")
    assert Charge.objects.get().decided_via == "command line"


def test_confirming_nothing_is_no_error():
    assert charges.confirm([], by=PersonFactory()) == 0


def test_a_decision_is_kept_in_the_history():
    charge = ChargeFactory()
    charges.confirm([charge], by=PersonFactory())
    assert [entry.state for entry in charge.history.all()] == ["proposed"]


def test_waiving_says_why_who_and_when():
    officer = PersonFactory()
    charge = charges.waive(ChargeFactory(), waiver=Charge.Waiver.DISCRETION, note="Snow", by=officer)
    charge.refresh_from_db()
    assert (charge.state, charge.waiver, charge.waiver_note) == ("waived", "discretion", "Snow")
    assert (charge.decided_by, charge.decided_via) == (officer, "")


def test_disputing_says_what_is_wrong_and_who_says_so():
    delegate = PersonFactory()
    charge = charges.dispute(ChargeFactory(), ground=Charge.Dispute.WAS_THERE, by=delegate)
    charge.refresh_from_db()
    assert (charge.state, charge.dispute, charge.disputed_by) == ("disputed", "was-there", delegate)
    assert charge.disputed_at is not None
    assert charge.decided_at is None


@pytest.mark.parametrize("decide", ["confirm", "waive"])
def test_a_disputed_charge_is_confirmed_or_waived(decide):
    charge = charges.dispute(ChargeFactory(), ground=Charge.Dispute.OTHER, by=PersonFactory())
    if decide == "confirm":
        charges.confirm([charge], by=PersonFactory())
    else:
        charges.waive(charge, waiver=Charge.Waiver.MISTAKE, by=PersonFactory())
    charge.refresh_from_db()
    assert charge.state == {"confirm": "confirmed", "waive": "waived"}[decide]
    assert charge.dispute == "other"


def test_a_charge_is_disputed_once():
    charge = charges.dispute(ChargeFactory(), ground=Charge.Dispute.OTHER, by=PersonFactory())
    with pytest.raises(AlreadyDecided, match="is disputed already"):
        charges.dispute(charge, ground=Charge.Dispute.WAS_THERE, by=PersonFactory())


@pytest.mark.parametrize("state", ["confirmed", "waived", "invoiced", "credited"])
def test_a_decided_charge_is_not_decided_again(state):
    decided = {"decided_at": at(date(2026, 3, 3), 14), "decided_by": PersonFactory(name="Sam Carter")}
    charge = ChargeFactory(state=state, waiver="mistake" if state == "waived" else "", **decided)
    told = rf"^Charge {charge.reference} was {state} by Sam Carter at 14:00 on 3 March 2026\. Nothing was changed\.$"
    with pytest.raises(AlreadyDecided, match=told):
        charges.confirm([charge], by=PersonFactory())
    with pytest.raises(AlreadyDecided, match=told):
        charges.waive(charge, waiver=Charge.Waiver.DISCRETION, by=PersonFactory())
    with pytest.raises(AlreadyDecided, match=told):
        charges.dispute(charge, ground=Charge.Dispute.OTHER, by=PersonFactory())
    assert Charge.objects.get().state == state


def test_of_several_charges_all_are_confirmed_or_none():
    first, second, third = ChargeFactory.create_batch(3)
    charges.confirm([first, second], by=PersonFactory())
    with pytest.raises(AlreadyDecided, match=r"^2 of these charges were decided already: "):
        charges.confirm([first, second, third], by=PersonFactory())
    third.refresh_from_db()
    assert third.state == "proposed"


def test_a_charge_is_not_confirmed_while_it_may_be_answered():
    today = timezone.localdate()
    charge = ChargeFactory(answer_by=today)
    with pytest.raises(NoticeStillRunning, match=f"until the end of {today:%-d %B %Y}"):
        charges.confirm([charge], by=PersonFactory())
    with time_machine.travel(at(today + timedelta(days=1))):
        assert charges.confirm([charge], by=PersonFactory()) == 1


def test_an_answer_that_came_ends_the_wait():
    charge = ChargeFactory(answer_by=timezone.localdate() + timedelta(days=5))
    charges.dispute(charge, ground=Charge.Dispute.OTHER, by=PersonFactory())
    assert charges.confirm([charge], by=PersonFactory()) == 1


def test_an_answer_may_come_until_the_end_of_the_last_day_and_not_later():
    today = timezone.localdate()
    charges.dispute(ChargeFactory(answer_by=today), ground=Charge.Dispute.OTHER, by=PersonFactory())
    with pytest.raises(AnswerTooLate, match="could be answered until"):
        charges.dispute(
            ChargeFactory(answer_by=today - timedelta(days=1)), ground=Charge.Dispute.OTHER, by=PersonFactory()
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_deciding_at_once_one_wins_and_the_other_is_told():
    # Red without select_for_update in charges._lock: both think they decided.
    charge = ChargeFactory()
    officers = PersonFactory.create_batch(2)

    def decide(number):
        try:
            if number % 2:
                charges.confirm([charge], by=officers[0])
            else:
                charges.waive(charge, waiver=Charge.Waiver.DISCRETION, by=officers[1])
        except AlreadyDecided:
            return "told"
        else:
            return "won"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(decide, range(8)))
    assert sorted(outcomes) == ["told"] * 7 + ["won"]
    assert charge.history.count() == 1
