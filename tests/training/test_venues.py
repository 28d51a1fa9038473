"""Venues and rooms: added, corrected, and not used any more."""

import pytest

from tests.factories import PersonFactory, RoomFactory, VenueFactory
from training import refusals, venues

pytestmark = pytest.mark.django_db


def test_a_new_venue_has_a_room_without_a_name_as_a_workbook_would_bring_it():
    venue = venues.add(name="Town Hall", address="High Street", access_notes="A ramp", by=PersonFactory())
    assert [str(room) for room in venue.rooms.all()] == ["Town Hall"]
    assert (venue.address, venue.access_notes) == ("High Street", "A ramp")


def test_two_venues_and_two_rooms_of_a_venue_have_different_names():
    room = RoomFactory(venue__name="Town Hall")
    facts = {"address": "", "access_notes": "", "by": PersonFactory()}
    with pytest.raises(refusals.NameTaken, match="called town hall"):
        venues.add(name="town hall", **facts)
    with pytest.raises(refusals.NameTaken):
        venues.correct(venue=VenueFactory(), name="TOWN HALL", is_retired=False, **facts)
    with pytest.raises(refusals.NameTaken, match="without a name"):
        venues.add_room(venue=room.venue, name="", capacity=None, access_notes="", by=PersonFactory())


def test_what_is_there_is_corrected_and_keeps_its_name():
    room, by = RoomFactory(), PersonFactory()
    venues.correct(venue=room.venue, name=room.venue.name, address="", access_notes="", is_retired=True, by=by)
    venues.correct_room(room=room, name="", capacity=12, access_notes="Two steps", is_retired=True, by=by)
    room.refresh_from_db()
    assert (room.capacity, room.access_notes, room.is_retired, room.venue.is_retired) == (12, "Two steps", True, True)
