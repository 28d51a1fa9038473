"""Bookings a second through places.book, beside the same lock, count and insert in plain psycopg; nothing oversold.

Both with all triggers on, in threads of one process, in rounds that take turns, on a database of its own. Events have
20 places and get 60 bookings each, so that they fill and the rest wait: on one event at a time, and spread over many.
"""

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from django.conf import settings

from script.benchmarks._database import own_database, where_the_server_is

GOAL = 0.15
CONNECTIONS = (1, 8, 32)
PLACES, BOOKINGS_PER_EVENT = 20, 60

LOCK = "select places, overbooking from training_event where id = %s for no key update"
COUNT = "select count(*) from bookings_booking where event_id = %s and state = 'confirmed' and source <> 'walk-in'"
INSERT = """
insert into bookings_booking (reference, event_id, delegate_id, agency_id, state, source, booked_at, booked_by_id,
    placed_at, policy_id, received_from)
values (%s, %s, %s, %s, %s, 'booked', %s, %s, %s, %s, '')
"""
# Of the events used: with more on their places than there are, and with other than 20 placed and 40 waiting.
WRONG = """
select count(*) filter (where placed > places), count(*) filter (where placed <> %s or booked <> %s) from (
  select e.places, count(b.*) filter (where b.state = 'confirmed') as placed, count(b.*) as booked
  from training_event e join bookings_booking b on b.event_id = e.id group by e.id
) events
"""

# What one thread is given: event and delegate. It makes a function of them that books, and closes its connection.
Attempt = tuple[Any, Any]
Booker = Callable[[], tuple[Callable[[Any, Any], object], Callable[[], None]]]


@dataclass
class Cell:
    """One number of connections on one event or many; bookings a second of each round."""

    connections: int
    spread: str
    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        return [ours / plain for ours, plain in zip(self.ours, self.plain, strict=True)]

    @property
    def passes(self) -> bool:
        return statistics.median(self.ratios) >= GOAL


class World:
    """Delegates, one policy, and as many new events as each round asks for."""

    def __init__(self) -> None:
        from bookings.models import ChargingPolicy
        from people.models import Agency, Person
        from training.models import Course

        agency = Agency.objects.create(name="Agency", type="other")
        self.policy = ChargingPolicy.objects.create(in_force_from="2020-04-01")
        self.course = Course.objects.create(code="C", title="Course", delivery="face-to-face", duration="full-day")
        self.delegates = Person.objects.bulk_create(
            Person(name=f"Delegate {n}", sort_name=f"{n}", email=f"delegate{n}@example.org", agency=agency)
            for n in range(BOOKINGS_PER_EVENT)
        )
        self.officer = self.delegates[0]

    def attempts(self, spread: str, number_of_events: int) -> list[Attempt]:
        """Every delegate on every new event: event after event, or in turns."""
        from django.utils import timezone

        from training.models import Event, Session

        starts_at = timezone.now() + timedelta(days=30)
        events = Event.objects.bulk_create(
            Event(course=self.course, places=PLACES, state="published") for _ in range(number_of_events)
        )
        Session.objects.bulk_create(
            Session(event=event, starts_at=starts_at, ends_at=starts_at + timedelta(hours=7)) for event in events
        )
        if spread == "one":
            return [(event, delegate) for event in events for delegate in self.delegates]
        return [(event, delegate) for delegate in self.delegates for event in events]

    def ours(self) -> tuple[Callable[[Any, Any], object], Callable[[], None]]:
        from django.db import connection

        from bookings import places

        connection.ensure_connection()
        return lambda event, delegate: places.book(event=event, delegate=delegate, by=self.officer), connection.close

    def plain(self) -> tuple[Callable[[Any, Any], object], Callable[[], None]]:
        from django.utils import timezone

        from people.references import new_reference

        connection = psycopg.connect(
            **where_the_server_is(), dbname=settings.DATABASES["default"]["NAME"], autocommit=True
        )
        policy, officer = self.policy.pk, self.officer.pk

        def book(event: Any, delegate: Any) -> None:
            with connection.transaction():
                (room,) = connection.execute(LOCK, [event.pk])
                (held,) = connection.execute(COUNT, [event.pk])
                is_placed, now = held[0] < sum(room), timezone.now()
                state, placed_at = ("confirmed", now) if is_placed else ("waiting", None)
                values = (event.pk, delegate.pk, delegate.agency_id, state, now, officer, placed_at, policy)
                connection.execute(INSERT, [new_reference(), *values])

        return book, connection.close

    def check(self) -> str:
        """What is wrong with the events booked so far, or nothing."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(WRONG, [PLACES, BOOKINGS_PER_EVENT])
            oversold, not_full = cursor.fetchone()
        return f"{oversold} events oversold, {not_full} not filled as they should be" if oversold or not_full else ""


def bookings_a_second(booker: Booker, attempts: list[Attempt], connections: int) -> float:
    """All attempts through so many connections, each in a thread of its own that takes the next one."""
    todo = iter(attempts)
    taking = threading.Lock()
    ready = threading.Barrier(connections + 1)
    errors: list[BaseException] = []

    def work() -> None:
        book, close = booker()
        ready.wait()
        try:
            while True:
                with taking:
                    attempt = next(todo, None)
                if attempt is None:
                    return
                book(*attempt)
        except BaseException as error:  # a thread's error would else be printed and forgotten
            errors.append(error)
        finally:
            close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if errors:
        raise errors[0]
    return len(attempts) / took


def measure(world: World, rounds: int, events: int) -> list[Cell]:
    cells = [Cell(connections, spread) for connections in CONNECTIONS for spread in ("one", "many")]
    for turn in range(rounds):
        for cell in cells:
            kinds: list[tuple[Booker, list[float]]] = [(world.plain, cell.plain), (world.ours, cell.ours)]
            # Each goes first in turn: what the machine does meanwhile must not fall on one of them only.
            for booker, results in kinds if turn % 2 else reversed(kinds):
                attempts = world.attempts(cell.spread, events)
                results.append(bookings_a_second(booker, attempts, cell.connections))
    return cells


def show(cells: list[Cell], wrong: str) -> bool:
    print(f"bookings a second, median of {len(cells[0].ours)} rounds; goal: {GOAL} of plain psycopg")
    print("connections  events  turnout    plain  ratio [least, most]")
    for cell in cells:
        ours, plain, ratio = map(statistics.median, (cell.ours, cell.plain, cell.ratios))
        spread = f"[{min(cell.ratios):.2f}, {max(cell.ratios):.2f}]"
        verdict = "pass" if cell.passes else "FAIL"
        print(f"{cell.connections:11}  {cell.spread:6}  {ours:7.0f}  {plain:7.0f}  {ratio:5.2f} {spread:14}  {verdict}")
    print(f"FAIL  {wrong}" if wrong else "pass  none oversold, every event full and the rest waiting")
    return not wrong and all(cell.passes for cell in cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="3 or more")
    parser.add_argument("--events", type=int, default=8, help="events of each measurement, 60 bookings each")
    options = parser.parse_args()
    with own_database("booking"):
        world = World()
        measure(world, 1, 1)  # the first calls compile and connect
        cells = measure(world, max(3, options.rounds), options.events)
        passes = show(cells, world.check())
    sys.exit(not passes)


if __name__ == "__main__":
    main()
