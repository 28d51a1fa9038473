"""Where the workbook's events are and who gives them: venues, rooms, trainers, and clashes of both."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from people.names import match_key
from programme.changes.batch import BATCH, Batch
from programme.changes.clashes import Use, override_for, settle
from programme.changes.events import Events, PlannedEvent
from programme.summary import Summary
from training.models import Course, Room, Session, SessionTrainer, Trainer, Venue

# Any number of events meet there at once.
ONLINE = "online"
ANYWHERE = {Course.Delivery.VIRTUAL, Course.Delivery.E_LEARNING}
ON_THE_WAY = "being imported"

Parts = dict[str, SessionTrainer]


class RoomsAndTrainers:
    """Plan after the events; all are by match key of their name."""

    def __init__(self, events: Events, summary: Summary) -> None:
        self.events = events
        self.summary = summary
        self.venues, self.rooms, self.trainers = Batch(Venue), Batch(Room), Batch(Trainer)
        # A workbook names no rooms, so what is in a venue is in its room without a name.
        self._rooms = {
            match_key(room.venue.name): room for room in Room.objects.filter(name="").select_related("venue")
        }
        self._venues = {match_key(venue.name): venue for venue in Venue.objects.all()}
        self._trainers = {match_key(trainer.name): trainer for trainer in Trainer.objects.all()}
        # Sessions that end with these trainers instead of those they have, each with the override.
        self._parts: list[tuple[Session, dict[str, str]]] = []

    def plan(self) -> None:
        planned = self.events.planned.values()
        rooms = [use for one in planned if (use := self._room_use(one))]
        settle([*(use for use in rooms if self._is_live(use)), *self._other_rooms(rooms)])
        for use in rooms:
            self._plan_room(self.events.planned[use.event], use)
        stored = self._stored_parts()
        trainers = {one.row.reference: self._trainer_uses(one, stored[one.session.pk]) for one in planned}
        uses = [use for some in trainers.values() for use in some]
        settle([*(use for use in uses if self._is_live(use)), *self._other_trainers(uses)])
        moved = {session.pk for session in self.events.sessions.changed}
        for one in planned:
            parts = stored[one.session.pk]
            self._plan_trainers(one, trainers[one.row.reference], parts, is_moved=one.session.pk in moved)

    def write(self) -> None:
        """Write places, events and sessions, so that two events may change rooms or trainers with each other."""
        for batch in (self.venues, self.rooms, self.trainers):
            batch.write()
        sessions = self.events.sessions
        for session in sessions.changed:
            sessions.touch(session, "room_override")
        Session.objects.filter(pk__in=[session.pk for session in sessions.changed]).update(room_override=ON_THE_WAY)
        SessionTrainer.objects.filter(session__in=[session.pk for session, _ in self._parts if session.pk]).delete()
        self.events.events.write()
        sessions.write()
        parts = [
            SessionTrainer(session_id=session.pk, trainer_id=self._trainers[key].pk, override=override)
            for session, wanted in self._parts
            for key, override in wanted.items()
        ]
        SessionTrainer.objects.bulk_create(parts, batch_size=BATCH)
        self.events.workshops.write()

    # --- rooms ------------------------------------------------------------------------------------------------------
    def _room_use(self, planned: PlannedEvent) -> Use | None:
        """The event's use of a room where others cannot be meanwhile."""
        room, session, sessions = self._room(planned.row.venue), planned.session, self.events.sessions
        is_online = planned.event.course.delivery in ANYWHERE
        differences = sessions.correct(session, room=room)
        if is_online or session.room_override == ONLINE:
            sessions.correct(session, room_override=ONLINE if is_online and room else "")
        self.summary.correct(f"Event {planned.row.reference}", differences)
        if room is None or is_online:
            return None
        key = match_key(planned.row.venue)
        return Use(key, session.starts_at, session.ends_at, planned.row.reference, session.room_override)

    def _plan_room(self, planned: PlannedEvent, use: Use) -> None:
        if use.clashes_with:
            self.summary.overrides.append(f"event {use.event} is in {planned.row.venue} with {use.clashes_with}")
        differences = self.events.sessions.correct(planned.session, room_override=override_for(use))
        self.summary.correct(f"Event {use.event}", differences)

    def _room(self, name: str) -> Room | None:
        key = match_key(name)
        if key and key not in self._rooms:
            venue = self._venues.get(key) or self.venues.add(Venue(name=name))
            self._rooms[key] = self.rooms.add(Room(venue=venue))
        return self._rooms.get(key)

    def _other_rooms(self, uses: Iterable[Use]) -> list[Use]:
        """What else is in these rooms: events of which this workbook says nothing."""
        rooms = {room.pk: key for key, room in self._rooms.items() if room.pk}
        rows = Session.objects.filter(room__in=rooms, is_cancelled=False, room_override="")
        rows = _within(rows, uses).exclude(event__reference__in=self.events.planned)
        found = rows.values_list("room_id", "starts_at", "ends_at", "event__reference")
        return [Use(rooms[room], start, end, event, is_fixed=True) for room, start, end, event in found]

    # --- trainers ---------------------------------------------------------------------------------------------------
    def _trainer_uses(self, planned: PlannedEvent, stored: Parts) -> list[Use]:
        keys = dict.fromkeys(key for name in planned.row.trainers if (key := self._trainer(name)))
        overrides = {key: stored[key].override if key in stored else "" for key in keys}
        session, event = planned.session, planned.row.reference
        return [Use(key, session.starts_at, session.ends_at, event, overrides[key]) for key in keys]

    def _plan_trainers(self, planned: PlannedEvent, uses: list[Use], stored: Parts, *, is_moved: bool) -> None:
        event = planned.row.reference
        for use in (use for use in uses if use.clashes_with):
            name = self._trainers[str(use.what)].name
            self.summary.overrides.append(f"{name} is at event {event} and at {use.clashes_with}")
        wanted = {str(use.what): override_for(use) for use in uses}
        if wanted == {key: part.override for key, part in stored.items()} and not is_moved:
            return
        if set(wanted) != set(stored) and planned.session.pk:
            now = "; ".join(self._trainers[key].name for key in wanted) or "nobody"
            self.summary.correct(f"Event {event}", [f"trainers → {now}"])
        self._parts.append((planned.session, wanted))

    def _trainer(self, name: str) -> str:
        """The trainer's key, "" for no name."""
        key = match_key(name)
        if key and key not in self._trainers:
            self._trainers[key] = self.trainers.add(Trainer(name=name))
        return key

    def _stored_parts(self) -> dict[int | None, Parts]:
        found: dict[int | None, Parts] = defaultdict(dict)
        sessions = [planned.session.pk for planned in self.events.planned.values() if planned.session.pk]
        for part in SessionTrainer.objects.filter(session__in=sessions).select_related("trainer"):
            found[part.session_id][match_key(part.trainer.name)] = part
        return found

    def _other_trainers(self, uses: Iterable[Use]) -> list[Use]:
        trainers = {trainer.pk: key for key, trainer in self._trainers.items() if trainer.pk}
        rows = SessionTrainer.objects.filter(trainer__in=trainers, is_cancelled=False, override="")
        rows = _within(rows, uses).exclude(session__event__reference__in=self.events.planned)
        found = rows.values_list("trainer_id", "starts_at", "ends_at", "session__event__reference")
        return [Use(trainers[trainer], start, end, event, is_fixed=True) for trainer, start, end, event in found]

    def _is_live(self, use: Use) -> bool:
        return not self.events.planned[use.event].is_cancelled


def _within(rows: Any, uses: Iterable[Use]) -> Any:
    """Of sessions or parts in them those that meet the span of the uses."""
    uses = list(uses)
    if not uses:
        return rows.none()
    first, last = min(use.starts_at for use in uses), max(use.ends_at for use in uses)
    return rows.filter(starts_at__lt=last, ends_at__gt=first)
