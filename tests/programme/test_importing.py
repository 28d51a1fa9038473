"""A workbook of another partnership than the demonstration's: what is made of it, and of a corrected one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from bookings import merging
from bookings.models import Booking, ChargingPolicy, Mark, Register, Tariff
from people.models import Agency, Partnership, Person
from programme import importing
from programme.problems import ImportRefused
from tests.factories import PersonFactory
from tests.programme.workbooks import put, raw, save, small
from training.models import Course, Event, Session

pytestmark = pytest.mark.django_db


def bring_in(sheets):
    return importing.write(raw(sheets))


def test_another_partnerships_workbook_is_understood_in_its_own_order_and_policy():
    summary = bring_in(small())

    assert summary.understood["bookings"] == 5
    assert summary.people_new == 3
    assert Partnership.objects.get().nation == Partnership.Nation.SCOTLAND
    policy = ChargingPolicy.objects.get()
    assert policy.in_force_from == date(2019, 4, 1)
    # Not attending: 4 durations and 4 deliveries; cancelling late: 4 and 2.
    assert policy.tariffs.count() == 24
    late = policy.tariffs.filter(reason=Tariff.Reason.CANCELLED_LATE)
    assert set(late.values_list("notice", "notice_unit", "net_amount", "delivery")) == {
        (10, "calendar-days", Decimal(30), "face-to-face"),
        (10, "calendar-days", Decimal(30), "virtual"),
    }


def test_who_cancelled_late_is_told_by_the_workbooks_own_policy():
    bring_in(small())

    outcomes = dict(Booking.objects.values_list("delegate__name", "outcome").filter(event__reference="E1"))
    assert outcomes == {"Ann Lee": "attended", "Bo Ray": "did-not-attend", "Cy Fox": "cancelled-late"}
    in_time = Booking.objects.get(event__reference="E2")
    assert in_time.outcome == "cancelled-in-time"
    assert in_time.received_at == datetime(2019, 5, 31, 23, tzinfo=UTC)


def test_an_agency_with_an_invoice_address_is_its_own_payer_and_one_without_has_none():
    bring_in(small())

    police, schools = Agency.objects.order_by("name")[0], Agency.objects.order_by("name")[1]
    assert police.payer == police
    assert schools.payer is None
    assert set(police.names.values_list("key", flat=True)) == {"anyshire police", "ap", "the police", "constabulary"}


def test_times_are_those_of_the_clock_on_the_wall():
    bring_in(small())

    event = Event.objects.get(reference="E2")
    assert (event.starts_at, event.ends_at) == (
        datetime(2019, 6, 13, 8, 30, tzinfo=UTC),
        datetime(2019, 6, 13, 15, 30, tzinfo=UTC),
    )


def test_a_delivered_events_register_is_closed_and_a_cancelled_event_has_none():
    bring_in(small())

    registers = dict(Register.objects.values_list("session__event__reference", "head_count"))
    assert registers == {"E1": 1, "E2": 0}
    assert not Register.objects.filter(closed_at=None).exists()
    event = Event.objects.get(reference="E3")
    assert event.state == Event.State.CANCELLED
    assert event.cancelled_reason == "as in the workbook"
    booking = event.bookings.get()
    assert booking.outcome == "event-cancelled"
    assert booking.received_at == booking.imported_at == event.imported_at


def test_an_exempt_reason_is_told_from_another():
    bring_in(small())

    reasons = dict(
        Booking.objects.exclude(absence_reason=None).values_list(
            "absence_reason__reason", "absence_reason__exemption__name"
        )
    )
    assert reasons == {"Sickness": "Sickness", "Workload": None}


def test_the_same_workbook_again_writes_nothing():
    bring_in(small())

    with CaptureQueriesContext(connection) as captured:
        summary = bring_in(small())

    assert not summary.has_changes
    assert str(summary).endswith("Nothing to change.")
    statements = [query["sql"].split()[0].lower() for query in captured]
    assert not {"insert", "update", "delete"} & set(statements)


def test_a_check_writes_nothing_and_says_what_would_be_made(tmp_path):
    path = save(small(), tmp_path / "year.xlsx")

    summary = importing.check(path)

    assert summary.made["bookings"] == 5
    assert "Would be made: 1 partnership" in str(summary)
    assert not Event.objects.exists()
    assert importing.run(path).made == summary.made


def test_a_corrected_workbook_changes_what_was_corrected_and_says_what():
    bring_in(small())
    sheets = small()
    put(sheets, "Events", 1, Places=12, Venue="Library")
    put(sheets, "Bookings", 2, Attended="Y")
    put(sheets, "Bookings", 4, Cancelled_on="10/06/2019")

    summary = bring_in(sheets)

    assert not any(summary.made.values()) or summary.made["venues"] == 1
    said = "\n".join(summary.corrected)
    assert "Event E1: places 10 → 12" in said
    assert "Event E1: room Town Hall → Library" in said
    assert "Booking of Bookings!A3 on event E1: outcome Did not attend → Attended" in said
    assert "Booking of Bookings!A3 on event E1: attendance Absent → Present" in said
    assert "outcome Cancelled in time → Cancelled late" in said
    assert "cancellation received at 01/06/2019 → 10/06/2019" in said
    assert Register.objects.get(session__event__reference="E1").head_count == 2
    assert not bring_in(sheets).has_changes


def test_a_row_gone_from_a_corrected_workbook_is_told_and_kept():
    bring_in(small())
    sheets = small()
    del sheets["Bookings"][2]
    del sheets["Events"][2]
    del sheets["Bookings"][3]

    summary = bring_in(sheets)

    gone = Booking.objects.get(delegate__name="Bo Ray", event__reference="E1")
    said = f"booking {gone} of Bo Ray, bo@schools.example, on event E1 of 12/06/2019, booked on 02/05/2019"
    assert said in summary.gone
    assert "event E2" in summary.gone
    assert Booking.objects.count() == 5


def test_a_corrected_date_of_booking_is_the_same_booking():
    bring_in(small())

    summary = bring_in(put(small(), "Bookings", 1, Booked_on=date(2019, 5, 2)))

    assert summary.corrected == ["Booking of Bookings!A2 on event E1: booked at 01/05/2019 → 02/05/2019"]
    assert not summary.gone
    assert Booking.objects.count() == 5


def test_two_events_may_change_rooms_and_trainers_with_each_other():
    sheets = small()
    put(sheets, "Events", 2, Date=date(2019, 6, 12), Venue="Library", Trainers="C. Dunn")
    put(sheets, "Bookings", 4, Cancelled_on="31/05/2019")
    bring_in(sheets)
    put(sheets, "Events", 1, Venue="Library", Trainers="C. Dunn")
    put(sheets, "Events", 2, Venue="Town Hall", Trainers="A. Hughes; B. Marsh")

    summary = bring_in(sheets)

    assert not summary.overrides
    rooms = dict(Session.objects.values_list("event__reference", "room__venue__name"))
    assert rooms == {"E1": "Library", "E2": "Town Hall", "E3": None}
    assert not Session.objects.exclude(room_override="").exists()
    assert not bring_in(sheets).has_changes


def test_clashes_and_overfull_events_are_taken_as_in_the_workbook_and_listed():
    sheets = small()
    put(sheets, "Events", 1, Places=1)
    put(sheets, "Events", 2, Date=date(2019, 6, 12))
    put(sheets, "Bookings", 4, Cancelled_on="31/05/2019")

    summary = bring_in(sheets)

    assert summary.overrides == [
        "event E2 is in Town Hall with E1",
        "A. Hughes is at event E2 and at E1",
        "event E1 has 1 places and 2 bookings",
    ]
    event = Event.objects.get(reference="E1")
    assert (event.overbooking, event.overbooking_reason) == (1, "as in the workbook")
    assert Session.objects.get(event__reference="E2").room_override == "as in the workbook"
    assert not bring_in(sheets).has_changes

    put(sheets, "Events", 1, Places=10)
    bring_in(put(sheets, "Events", 2, Date=date(2019, 6, 13)))
    assert Event.objects.get(reference="E1").overbooking == 0
    assert not Session.objects.exclude(room_override="").exists()


def test_virtual_events_do_not_clash_where_they_meet():
    sheets = small()
    sheets["Events"] += [
        ["BR", f"V{n}", "Delivered", date(2019, 7, 1), "10:00", "11:00", 5, "MS Teams", None] for n in (1, 2)
    ]

    assert not bring_in(sheets).overrides


def test_an_event_to_come_is_published_and_its_bookings_have_no_outcome():
    sheets = small()
    put(sheets, "Events", 1, Date=date(2090, 6, 12), Status="Planned")
    for row in (1, 2):
        put(sheets, "Bookings", row, Attended=None)

    bring_in(sheets)

    event = Event.objects.get(reference="E1")
    assert event.state == Event.State.PUBLISHED
    assert set(event.bookings.live().values_list("outcome", flat=True)) == {None}
    assert not Mark.objects.exists()
    assert not event.is_silent()
    assert Event.objects.get(reference="E2").is_silent()


def test_who_waited_and_who_walked_in_are_understood():
    sheets = small()
    put(sheets, "Bookings", 2, Status="Waiting list", Attended=None)
    put(sheets, "Bookings", 1, Status="Walk-in", Booked_on="12/06/2019")

    bring_in(sheets)

    waiting = Booking.objects.get(event__reference="E1", delegate__name="Bo Ray")
    assert (waiting.state, waiting.placed_at, waiting.outcome) == ("waiting", None, None)
    assert Booking.objects.get(event__reference="E1", delegate__name="Ann Lee").source == "walk-in"
    assert not bring_in(sheets).has_changes


def test_who_left_early_has_attended_in_part():
    bring_in(put(small(), "Bookings", 1, Attended="Left early"))

    assert Booking.objects.get(event__reference="E1", delegate__name="Ann Lee").outcome == "part-attended"


def test_persons_known_already_are_found_and_follow_their_latest_booking():
    bring_in(small())
    sheets = small()
    put(sheets, "Bookings", 5, Agency="The police", Job="Detective")

    summary = bring_in(sheets)

    assert (summary.people_known, summary.people_new) == (3, 0)
    assert summary.changed_agency == ["Bo Ray: Anyshire schools → Anyshire Police"]
    person = Person.objects.get(name="Bo Ray")
    assert (person.agency.name, person.staff_group.name) == ("Anyshire Police", "Detective")
    assert "Bo Ray" not in "\n".join(summary.corrected)


def test_who_was_moved_to_another_agency_here_is_not_moved_back_by_the_same_workbook():
    bring_in(small())
    Person.objects.filter(name="Bo Ray").update(agency=Agency.objects.get(short_name="AP"))

    assert not bring_in(small()).has_changes


def test_an_event_cancelled_in_the_corrected_workbook_takes_outcomes_and_marks_back():
    bring_in(small())
    sheets = put(small(), "Events", 1, Status="Cancelled")
    for row in (1, 2):
        put(sheets, "Bookings", row, Status="Event cancelled", Attended=None)

    bring_in(sheets)

    event = Event.objects.get(reference="E1")
    assert event.state == Event.State.CANCELLED
    assert set(event.bookings.values_list("outcome", flat=True)) == {"event-cancelled", "cancelled-late"}
    assert not Mark.objects.filter(session__event=event).exists()
    assert not Register.objects.filter(session__event=event).exists()
    assert not bring_in(sheets).has_changes

    bring_in(small())
    assert Event.objects.get(reference="E1").bookings.filter(outcome="attended").count() == 1


def test_a_register_opened_again_here_is_left_to_who_opened_it():
    bring_in(small())
    Booking.objects.filter(event__reference="E1", state="confirmed").update(outcome=None)
    coordinator = Person.objects.first()
    Register.objects.filter(session__event__reference="E1").update(
        closed_at=None,
        reopened_at=datetime(2026, 1, 1, tzinfo=UTC),
        reopened_by=coordinator,
        reopened_reason="A mistake",
    )

    summary = bring_in(put(small(), "Bookings", 2, Attended="Y"))

    assert not summary.has_changes
    assert summary.left_alone == ["event E1: its register was opened again in Turnout; close it there"]


def test_a_correction_of_what_is_on_an_invoice_is_refused():
    sheets = small()
    sheets["Agencies"][2][5] = "bills@schools.example"
    bring_in(sheets)
    call_command("propose_charges")
    call_command("raise_invoices", year="2019-20")
    put(sheets, "Bookings", 2, Attended="Y")

    with pytest.raises(ImportRefused) as refused:
        bring_in(sheets)

    (problem,) = refused.value.problems
    assert problem.cell == "Bookings!G3"
    assert "is on invoice" in problem.what
    assert Booking.objects.get(event__reference="E1", delegate__name="Bo Ray").outcome == "did-not-attend"


def test_a_policy_that_charges_were_made_under_is_not_rewritten():
    bring_in(small())
    call_command("propose_charges")

    with pytest.raises(ImportRefused) as refused:
        bring_in(put(small(), "Charging", 2, Notice=5))

    (problem,) = refused.value.problems
    assert problem.cell == "Charging!B2"
    assert "add rows with the date" in problem.todo


def test_a_policy_without_charges_may_be_corrected_and_decides_anew():
    bring_in(small())

    summary = bring_in(put(small(), "Charging", 2, Notice=5))

    assert any("Charging policy of 1 April 2019: new: Cancelled late" in line for line in summary.corrected)
    assert Booking.objects.get(delegate__name="Cy Fox").outcome == "cancelled-in-time"
    assert set(Tariff.objects.filter(reason="cancelled-late").values_list("notice", flat=True)) == {5}


def test_one_import_at_a_time():
    sheets = raw(small())
    holding, done = Signal(), Signal()

    def hold():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('programme.importing'))")
            holding.set()
            done.wait(30)
        connections.close_all()

    thread = Thread(target=hold)
    thread.start()
    try:
        assert holding.wait(30)
        with pytest.raises(ImportRefused, match="Another import is running"):
            importing.write(sheets)
    finally:
        done.set()
        thread.join()


def test_what_the_database_refuses_leaves_nothing_behind(monkeypatch):
    def break_it(*_args, **_kwargs):
        raise IntegrityError("the last table is refused")

    monkeypatch.setattr("evaluations.imported.Plan.write", break_it)

    with pytest.raises(IntegrityError):
        bring_in(small())

    assert not Event.objects.exists()
    assert not Course.objects.exists()


def test_the_same_workbook_again_finds_who_was_merged_since_and_changes_nothing():
    """Also where what a record brought stayed with it, as both were on one event; and the addresses lead on."""
    bring_in(small())
    by = PersonFactory(roles=["administrator"])
    ann, bo, cy = (Person.objects.get(name=name) for name in ("Ann Lee", "Bo Ray", "Cy Fox"))
    merging.merge(kept=bo, gone=ann, take=[], giving_up=[], by=by)
    merging.merge(kept=cy, gone=bo, take=["name", "email", "staff_group"], giving_up=[], by=by)
    before = list(Booking.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())
    summary = bring_in(small())
    assert (summary.people_new, summary.people_known) == (0, 3)
    assert (list(Booking.objects.order_by("pk").values()), list(Person.objects.order_by("pk").values())) == before
