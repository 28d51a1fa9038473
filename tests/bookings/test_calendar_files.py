"""Calendar files and feeds, read by two parsers: updates replace, cancellations remove, clock changes are right."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings import calendar_files, changes, feeds, making_up, places
from bookings.models import EventChange
from outbox import templates
from tests.bookings.calendars import read
from tests.bookings.made_up import arranged
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
TO = "jade@example.org"


def booked(begins=None, sessions=1, **facts):
    PartnershipFactory(name="Anytown Partnership", training_email="training@anytown.example")
    room = RoomFactory(venue=VenueFactory(name="Town Hall", address="1 High Street\nAnytown"), name="Room 3")
    when = {"begins": begins} if begins else {}
    event = EventFactory(course=CourseFactory(title="Neglect; what, and how"), sessions=sessions, **when, **facts)
    event.sessions.update(room=room)
    EventChange.objects.all().delete()
    return BookingFactory(event=event, delegate=PersonFactory(name="Jade Lewis", email=TO))


def sent(template, booking):
    return templates.attachments(template, booking.reference, TO)


def told(**changed):
    """A change of the event's session is told."""
    EventChange.objects.update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    changes.tell()


def test_a_confirmation_is_an_invitation_that_begins_with_what_declining_does_not_do():
    booking = booked()
    (file,) = sent("booking_confirmed", booking)
    assert (file.kind, file.is_alternative) == ("text/calendar; method=REQUEST", True)
    found = read(file.content)
    (entry,) = found.entries
    session = booking.event.sessions.get()
    assert found.method == "REQUEST"
    assert (entry.uid, entry.sequence, entry.status) == (f"{booking.reference}-1@localhost", 0, "CONFIRMED")
    assert entry.summary == "Neglect; what, and how"
    assert (entry.starts_at, entry.ends_at) == (session.starts_at, session.ends_at)
    assert entry.location == "Town Hall, Room 3, 1 High Street, Anytown"
    first, link, _, who = entry.description.split("\n")
    assert first.startswith("Declining this in your calendar does not tell us")
    assert link == f"http://localhost:8000/bookings/{booking.reference}/cancel/"
    assert who == f"Jade Lewis has a place: booking {booking.reference}."


def test_an_invitation_names_who_asks_and_who_comes_and_asks_for_no_answer():
    (file,) = sent("booking_confirmed", booked())
    content = file.content.replace("\r\n ", "")
    assert 'ORGANIZER;CN="Anytown Partnership":mailto:training@anytown.example' in content
    assert "PARTSTAT=ACCEPTED" in content
    assert "RSVP=FALSE" in content
    assert f"mailto:{TO}" in content


@pytest.mark.parametrize(
    ("begins", "in_utc"),
    [
        (datetime(2026, 10, 25, 9, 30, tzinfo=LONDON), datetime(2026, 10, 25, 9, 30, tzinfo=UTC)),
        (datetime(2026, 10, 24, 9, 30, tzinfo=LONDON), datetime(2026, 10, 24, 8, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 9, 30, tzinfo=LONDON), datetime(2026, 3, 29, 8, 30, tzinfo=UTC)),
        (datetime(2026, 3, 28, 9, 30, tzinfo=LONDON), datetime(2026, 3, 28, 9, 30, tzinfo=UTC)),
        (datetime(2031, 3, 30, 9, 30, tzinfo=LONDON), datetime(2031, 3, 30, 8, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 30, tzinfo=LONDON), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_times_are_right_on_and_around_the_days_when_the_clocks_change(begins, in_utc):
    booking = booked(begins)
    content = calendar_files.file(feeds.with_sessions())
    (entry,) = read(content).entries
    assert entry.starts_at == in_utc == booking.event.sessions.get().starts_at
    assert f"DTSTART;TZID=Europe/London:{begins:%Y%m%dT%H%M%S}".encode() in content, "the hour on the wall"


def test_an_update_has_the_same_name_and_a_higher_number():
    booking = booked()
    before = read(sent("booking_confirmed", booking)[0].content).entries[0]
    booking.event.sessions.update(starts_at=booking.event.starts_at + timedelta(hours=1))
    told()
    (file,) = sent("booking_changed", booking)
    after = read(file.content).entries[0]
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.starts_at == before.starts_at + timedelta(hours=1)


@pytest.mark.parametrize("template", ["booking_cancelled", "booking_substituted"])
def test_a_cancellation_takes_the_entry_out(template):
    booking = booked()
    before = read(sent("booking_confirmed", booking)[0].content).entries[0]
    places.cancel(booking=booking, by=booking.delegate)
    (file,) = sent(template, booking)
    found = read(file.content)
    (entry,) = found.entries
    assert (found.method, entry.status, file.kind) == ("CANCEL", "CANCELLED", "text/calendar; method=CANCEL")
    assert (entry.uid, entry.sequence) == (before.uid, before.sequence + 1)


def test_each_session_has_a_file_of_its_own_as_an_invitation_holds_one():
    booking = booked(sessions=3)
    files = sent("booking_confirmed", booking)
    entries = [entry for file in files for entry in read(file.content).entries]
    assert [entry.uid for entry in entries] == [f"{booking.reference}-{number}@localhost" for number in (1, 2, 3)]
    assert entries[0].summary == "Neglect; what, and how (1 of 3)"
    assert not any(file.is_alternative for file in files), "a program would show one of three"


def test_a_session_that_is_gone_is_taken_out_and_stays_out():
    booking = booked(sessions=2)
    booking.event.sessions.last().delete()
    told()
    request, gone = sent("booking_changed", booking)
    assert read(request.content).method == "REQUEST"
    (entry,) = read(gone.content).entries
    assert (read(gone.content).method, entry.uid) == ("CANCEL", f"{booking.reference}-2@localhost")
    places.cancel(booking=booking, by=booking.delegate)
    assert len(sent("booking_cancelled", booking)) == 2


def test_who_moves_to_another_date_has_the_first_taken_out():
    booking = booked()
    places.cancel(booking=booking, by=booking.delegate)
    moved = BookingFactory(event=EventFactory(), delegate=booking.delegate, source="moved-in", replaces=booking)
    new, old = sent("booking_confirmed", moved)
    assert (read(new.content).method, new.is_alternative) == ("REQUEST", True)
    assert (read(old.content).method, old.is_alternative) == ("CANCEL", False)
    assert read(old.content).entries[0].uid == f"{booking.reference}-1@localhost"


def test_who_only_waited_has_nothing_to_take_out():
    waiting = BookingFactory(waiting=True)
    places.cancel(booking=waiting, by=waiting.delegate)
    assert templates.attachments("booking_cancelled", waiting.reference, TO) == []


def test_a_file_to_download_asks_nobody_anything():
    booking = booked(sessions=2)
    content = calendar_files.file(feeds.with_sessions().filter(pk=booking.pk))
    found = read(content)
    assert (found.method, len(found.entries)) == ("PUBLISH", 2)
    assert b"ATTENDEE" not in content
    assert b"ORGANIZER" not in content


@pytest.mark.parametrize("typed", ["A\r\nATTENDEE:mailto:eve@example.org", "x" * 300, "ü – “quoted”, a;b\\c"])
def test_what_people_typed_makes_no_line_of_its_own(typed):
    booking = booked()
    booking.event.course.title = typed[:200]
    booking.event.course.save()
    booking.delegate.name = typed[:200]
    booking.delegate.save()
    for file in sent("booking_confirmed", booking):
        (entry,) = read(file.content).entries
        assert entry.summary == templates.one_line(typed[:200])
        assert file.content.replace("\r\n ", "").count("\nATTENDEE") == 1
        assert all(len(line.encode()) <= 75 for line in file.content.split("\r\n"))


def test_a_session_made_up_is_put_into_the_calendar_put_right_and_taken_out():
    made_up = arranged()
    reference = f"{made_up.pk}:{made_up.booking.reference}"

    def entry(template):
        (file,) = templates.attachments(template, reference, TO)
        found = read(file.content)
        return found.method, found.entries[0]

    method, first = entry(making_up.MADE_UP)
    assert (method, first.starts_at) == ("REQUEST", made_up.session.starts_at)
    assert first.description.startswith("Declining this in your calendar does not tell us.")
    made_up.event.sessions.filter(pk=made_up.session_id).update(starts_at=first.starts_at - timedelta(hours=1))
    told()
    _, moved = entry(making_up.MADE_UP)
    assert moved.starts_at == first.starts_at - timedelta(hours=1)
    made_up.session.delete()
    method, out = entry(making_up.NOT_MADE_UP)
    assert (method, out.status) == ("CANCEL", "CANCELLED")
    assert first.uid == moved.uid == out.uid
    assert first.sequence < moved.sequence < out.sequence


class TestFeed:
    def test_it_has_ones_places_and_nothing_else(self):
        booking = booked()
        BookingFactory(event=EventFactory(), delegate=booking.delegate, waiting=True)
        BookingFactory(event=booking.event, delegate=PersonFactory())
        BookingFactory(event=EventFactory(days=-200), delegate=booking.delegate)
        past = BookingFactory(event=EventFactory(days=-20), delegate=booking.delegate)
        found = read(feeds.calendar_of(booking.delegate, "Training"))
        assert {entry.uid.partition("-")[0] for entry in found.entries} == {booking.reference, past.reference}

    @pytest.mark.parametrize("count", [1, 20])
    def test_it_takes_as_many_statements_at_one_place_as_at_twenty(self, django_assert_num_queries, count):
        person = PersonFactory()
        for number in range(count):
            event = EventFactory(days=number + 1)
            event.sessions.update(room=RoomFactory())
            BookingFactory(event=event, delegate=person)
        with django_assert_num_queries(6):
            feeds.calendar_of(person, "Training")

    def test_a_session_made_up_elsewhere_is_in_it_until_it_is_taken_back(self):
        one = arranged()
        delegate = one.booking.delegate
        found = {entry.uid.partition("@")[0]: entry for entry in read(feeds.calendar_of(delegate, "Training")).entries}
        entry = found.pop(f"{one.booking.reference}-made-up-{one.pk}")
        assert (entry.starts_at, entry.ends_at) == (one.session.starts_at, one.session.ends_at)
        assert "makes up the session of" in entry.description
        assert len(found) == 2, "those of the first booking"
        making_up.take_back(made_up=one, by=PersonFactory())
        assert len(read(feeds.calendar_of(delegate, "Training")).entries) == 2

    def test_a_cancelled_place_is_gone(self):
        booking = booked()
        places.cancel(booking=booking, by=booking.delegate)
        assert read_empty(feeds.calendar_of(booking.delegate, "Training"))

    def test_renewing_ends_the_address_before(self):
        person = PersonFactory()
        first = feeds.renew(by=person)
        second = feeds.renew(by=person)
        assert feeds.person_of(first) is None
        assert feeds.person_of(second) == person
        feeds.end(by=person)
        feeds.end(by=person)
        assert feeds.person_of(second) is None

    def test_who_has_left_is_shown_nothing(self):
        person = PersonFactory()
        secret = feeds.renew(by=person)
        person.left_on = datetime(2026, 1, 1).date()  # noqa: DTZ001
        person.save()
        assert feeds.person_of(secret) is None


def read_empty(content):
    return b"BEGIN:VEVENT" not in content and content.startswith(b"BEGIN:VCALENDAR")


def test_sessions_on_two_rows_keep_their_numbers_in_order_of_time():
    booking = booked()
    SessionFactory(event=booking.event, starts_at=booking.event.starts_at - timedelta(days=1))
    told()
    first, second = (read(file.content).entries[0] for file in sent("booking_changed", booking))
    assert first.starts_at < second.starts_at
    assert first.uid.startswith(f"{booking.reference}-1@")
