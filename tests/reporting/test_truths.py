"""Each truth is broken with what guards it taken out, and the look finds exactly that."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from invoicing import charges, invoices
from invoicing.models import Charge, Invoice
from outbox import templates
from outbox.models import Message
from outbox.progress import Progress
from outbox.templates import NoLongerNeeded
from reporting import tasks, truths
from reporting.truths_sql import TRUTHS
from tests.bookings.factories import ApprovalFactory, OfferFactory
from tests.factories import (
    BookingFactory,
    EventFactory,
    JobFactory,
    MarkFactory,
    MessageFactory,
    PartnershipFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    WorkshopChoiceFactory,
    WorkshopFactory,
)
from tests.guards import sql, take_out
from tests.invoicing.situations import MONDAY, absent, cancelled_late, over, payer, policy

pytestmark = pytest.mark.django_db


class World:
    """A small lawful one: an event to come, one that is over, two charges on an invoice."""

    def __init__(self):
        PartnershipFactory()
        self.coming = EventFactory(places=2)
        self.booking = BookingFactory(event=self.coming)
        self.waiting = BookingFactory(event=self.coming, waiting=True)
        rules, agency = policy(), payer()
        self.past = over(MONDAY)
        self.absent = absent(self.past, agency=agency, policy=rules)
        self.late = cancelled_late(self.past, MONDAY - timedelta(days=3), agency=agency, policy=rules)
        assert charges.propose() == 2
        invoices.raise_for("2018-19", via="command line")
        self.invoice = Invoice.objects.get()
        self.charge = Charge.objects.get(booking=self.absent)
        self.series = f"{self.invoice.series} {self.invoice.financial_year}"


@pytest.fixture
def world():
    made = World()
    assert broken() == {}
    return made


def broken():
    return {finding.name: set(finding.broken_by) for finding in truths.check_all() if not finding.holds}


@contextmanager
def guarded():
    """With the triggers on: what is made here is lawful."""
    sql("set constraints all immediate")
    sql("set local session_replication_role = origin")
    yield
    sql("set local session_replication_role = replica")


def unguarded(*names):
    """Constraints that SQL's "replica" role still minds."""
    for name in names:
        take_out(name)


FAULTS: dict[str, Callable[[World], object]] = {}


def fault(name):
    def note(make):
        FAULTS[name] = make
        return make

    return note


@fault("event_places")
def _(world):
    sql("update training_event set places = 1 where id = %s", world.coming.pk)
    sql("update bookings_booking set state = 'confirmed', placed_at = now() where id = %s", world.waiting.pk)
    return world.coming.reference


@fault("overbooking_reason")
def _(world):
    unguarded("event_overbooking_says_why")
    sql("update training_event set overbooking = 1 where id = %s", world.coming.pk)
    return world.coming.reference


@fault("workshop_places")
def _(world):
    workshop = WorkshopFactory(event=world.coming, places=1)
    choose = "insert into bookings_workshopchoice (booking_id, workshop_id) values (%s, %s)"
    other = BookingFactory(event=world.coming)
    for booking in (world.booking, other):
        sql(choose, booking.pk, workshop.pk)
    return world.coming.reference


@fault("one_live_booking")
def _(world):
    unguarded("booking_one_live_per_delegate")
    sql("update bookings_booking set delegate_id = %s where id = %s", world.booking.delegate_id, world.waiting.pk)
    return {world.booking.reference, world.waiting.reference}


@fault("offers_live")
def _(world):
    sql("update bookings_booking set state = 'offered' where id = %s", world.waiting.pk)
    sql("update training_event set places = 3 where id = %s", world.coming.pk)
    lasting = OfferFactory(booking__event=world.coming)
    past = "update bookings_offer set made_at = now() - interval '3 hours', ends_at = now() - interval '2 hours'"
    sql(f"{past} where id = %s", lasting.pk)
    return {world.waiting.reference, lasting.booking.reference}


@fault("approvals_open")
def _(world):
    sql("update bookings_booking set state = 'requested' where id = %s", world.waiting.pk)
    lasting = ApprovalFactory(booking__event=world.coming)
    past = "update bookings_approval set asked_at = now() - interval '3 hours', ends_at = now() - interval '2 hours'"
    sql(f"{past} where id = %s", lasting.pk)
    return {world.waiting.reference, lasting.booking.reference}


@fault("no_booking_outlives_its_event")
def _(world):
    sql("update training_event set state = 'cancelled', cancelled_at = now() where id = %s", world.coming.pk)
    return {world.booking.reference, world.waiting.reference}


@fault("belongs_to_its_event")
def _(world):
    with guarded():
        choice = WorkshopChoiceFactory()
        mark = MarkFactory(booking=world.booking)
    sql("update bookings_workshopchoice set booking_id = %s where id = %s", world.waiting.pk, choice.pk)
    sql("update bookings_mark set session_id = %s where id = %s", world.past.sessions.get().pk, mark.pk)
    return {world.waiting.reference, world.booking.reference}


@fault("session_times")
def _(world):
    unguarded("session_ends_after_it_starts", "event_ends_after_it_starts", "room_is_in_use_once_at_a_time")
    sql("update training_session set ends_at = starts_at where event_id = %s", world.coming.pk)
    sql("update training_event set ends_at = starts_at where id = %s", world.coming.pk)
    return world.coming.reference


@fault("event_times")
def _(world):
    sql("update training_event set ends_at = ends_at + interval '1 day' where id = %s", world.coming.pk)
    return world.coming.reference


@fault("one_place_at_a_time")
def _(world):
    unguarded("room_is_in_use_once_at_a_time")
    with guarded():
        room = RoomFactory()
        first = SessionFactory(event=EventFactory(sessions=0), room=room)
        second = SessionFactory(event=EventFactory(sessions=0))
    sql("update training_session set room_id = %s where id = %s", room.pk, second.pk)
    return {first.event.reference, second.event.reference}


@fault("cancelled_says_when")
def _(world):
    unguarded("booking_cancelled_says_when_and_by_whom")
    sql("update bookings_booking set cancelled_at = null where id = %s", world.late.pk)
    return world.late.reference


@fault("placed_since")
def _(world):
    unguarded("booking_with_a_place_says_since_when")
    sql("update bookings_booking set placed_at = null where id = %s", world.booking.pk)
    return world.booking.reference


@fault("outcome_fits")
def _(world):
    unguarded("booking_outcome_fits_its_state")
    sql("update bookings_booking set outcome = 'cancelled-late' where id = %s", world.booking.pk)
    return world.booking.reference


@fault("outcome_after_closed_register")
def _(world):
    sql("update bookings_booking set outcome = 'attended' where id = %s", world.booking.pk)
    return world.booking.reference


@fault("ledger_identity")
def _(world):
    unguarded("booking_source_is_known", "booking_replaces_another_exactly_when_substitute_or_moved")
    sql("update bookings_booking set source = 'nowhere' where id = %s", world.booking.pk)
    return world.booking.reference


@fault("replaced_is_out")
def _(world):
    unguarded("booking_replaces_another_exactly_when_substitute_or_moved")
    sql("update bookings_booking set source = 'substitute' where id = %s", world.booking.pk)
    return world.booking.reference


@fault("charge_under_its_policy")
def _(world):
    sql("update bookings_booking set policy_id = null where id = %s", world.absent.pk)
    return world.charge.reference


@fault("charged_once")
def _(world):
    unguarded("charge_is_proposed_once_per_booking_and_reason")
    first, second = Charge.objects.filter(booking=world.absent).get(), Charge.objects.filter(booking=world.late).get()
    sql(
        "update invoicing_charge set booking_id = %s, reason = %s, tariff_id = %s where id = %s",
        first.booking_id, first.reason, first.tariff_id, second.pk,
    )  # fmt: skip
    return {first.reference, second.reference}


@fault("money_is_not_negative")
def _(world):
    unguarded("charge_is_not_negative", "invoice_line_is_not_negative", "invoice_is_not_negative")
    sql("update invoicing_charge set net_amount = -1 where id = %s", world.charge.pk)
    sql("update invoicing_invoiceline set net_amount = -1 where charge_id = %s", world.charge.pk)
    sql("update invoicing_invoice set net_amount = 74 where id = %s", world.invoice.pk)
    return world.charge.reference


@fault("invoiced_is_on_an_invoice")
def _(world):
    sql("update invoicing_charge set state = 'confirmed' where id = %s", world.charge.pk)
    return world.charge.reference


@fault("credited_by_a_credit_note")
def _(world):
    sql("update invoicing_charge set state = 'credited' where id = %s", world.charge.pk)
    return world.charge.reference


@fault("invoice_numbers")
def _(world):
    sql("update invoicing_invoice set number = 2 where id = %s", world.invoice.pk)
    sql("update invoicing_numberseries set last_number = 2")
    return world.series


@fault("invoice_adds_up")
def _(world):
    sql("update invoicing_invoice set net_amount = net_amount + 1 where id = %s", world.invoice.pk)
    return world.invoice.reference


@fault("role_not_to_oneself")
def _(world):
    unguarded("role_is_not_given_to_oneself")
    person = PersonFactory(roles=["coordinator"])
    sql("update people_rolegrant set given_by_id = person_id where person_id = %s", person.pk)
    return person.reference


@fault("work_is_taken_up")
def _(world):
    long_ago = timezone.now() - timedelta(hours=2)
    return {MessageFactory(claimed_until=long_ago).key, JobFactory(claimed_until=long_ago).key}


@fault("work_that_ended_says_when")
def _(world):
    unguarded("message_is_finished_exactly_when_it_has_a_time")
    message = MessageFactory()
    sql("update outbox_message set state = 'done' where id = %s", message.pk)
    return message.key


def test_every_truth_is_broken_once_here():
    assert set(FAULTS) == set(TRUTHS)


@pytest.mark.parametrize("name", TRUTHS)
def test_what_breaks_a_truth_is_found_and_nothing_else(world, name):
    sql("set constraints all immediate")  # what waits for the commit would not let constraints be taken out
    sql("set local session_replication_role = replica")  # no trigger, no foreign key
    expected = FAULTS[name](world)
    assert broken() == {name: expected if isinstance(expected, set) else {expected}}


def test_a_gap_in_the_numbers_is_found_as_well_as_a_number_that_was_given_and_is_gone(world):
    sql("update invoicing_numberseries set last_number = 7")
    assert broken() == {"invoice_numbers": {world.series}}


def test_a_delegate_charged_twice_for_one_event_is_found_as_well(world):
    sql("update bookings_booking set delegate_id = %s where id = %s", world.absent.delegate_id, world.late.pk)
    both = Charge.objects.filter(booking__in=[world.absent, world.late])
    assert broken() == {"charged_once": {charge.reference for charge in both}}


def test_each_truth_is_one_statement(world, django_assert_num_queries):
    with django_assert_num_queries(len(TRUTHS)):
        list(truths.check_all())


def test_the_command_prints_each_truth_and_ends_with_1_when_one_is_broken(world, capsys):
    call_command("check_truths")
    assert capsys.readouterr().out.count("ok      ") == len(TRUTHS)
    sql("set local session_replication_role = replica")
    FAULTS["event_times"](world)
    with pytest.raises(SystemExit) as ended:
        call_command("check_truths")
    said = capsys.readouterr()
    assert ended.value.code == 1
    assert f"BROKEN  {TRUTHS['event_times'][0]}: {world.coming.reference}\n" in said.out
    assert said.out.count("ok      ") == len(TRUTHS) - 1


def test_every_administrator_is_told_once_a_finding_and_day_and_nobody_else(world):
    told = [PersonFactory(roles=["administrator"], email=f"{name}@example.org") for name in ("ann", "bo")]
    PersonFactory(roles=["coordinator"])
    job = JobFactory(kind=tasks.CHECK)
    assert tasks.check_truths(job, Progress(job)) == {"checked": len(TRUTHS), "broken": {}}
    assert not Message.objects.exists()
    sql("set local session_replication_role = replica")
    FAULTS["event_times"](world)
    for _ in range(2):
        result = tasks.check_truths(job, Progress(job))
    assert result["broken"] == {"event_times": [world.coming.reference]}
    assert sorted(Message.objects.values_list("to", flat=True)) == [person.email for person in told]
    text = templates.make(tasks.TEMPLATE, "event_times")
    assert world.coming.reference in text.body
    assert TRUTHS["event_times"][0] in text.subject


def test_a_message_about_what_is_mended_is_not_sent():
    with pytest.raises(NoLongerNeeded):
        templates.make(tasks.TEMPLATE, "event_times")
