"""Whole pages over HTTP beside a bare Django on the same server: booking, a hot event, lists of 50 rows.

B is a bare view that locks the event's row, counts and inserts; L a bare list of 50 rows through a Django template.
Both are asked by the same clients in rounds that take turns. A booking here is the whole POST: session, CSRF,
permissions, guards, history, message in the outbox. The hot event has 20 places and 500 who want one at once.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from script.benchmarks import _http
from script.benchmarks._database import own_database
from script.benchmarks._http import Answers, Ask

BOOK_GOAL, HOT_GOAL, LIST_GOAL = 0.30, 0.30, 0.50
TAIL_GOAL = 5.0  # p99 of a booking, in its p50
MOST_STATEMENTS = 15
CLIENTS, CONTENDERS, PLACES = 8, 500, 20
EVENTS = 200


class World:
    """Practitioners who are signed in, a coordinator, events to come."""

    def __init__(self) -> None:
        from bookings.models import ChargingPolicy
        from people.models import Account, Agency, Person, RoleGrant
        from training.models import Course

        agency = Agency.objects.create(name="Agency", type="other")
        ChargingPolicy.objects.create(in_force_from="2020-04-01")
        self.course = Course.objects.create(code="C", title="Course", delivery="face-to-face", duration="full-day")
        accounts = Account.objects.bulk_create(Account(email=f"delegate{n}@example.org") for n in range(CONTENDERS + 1))
        persons = Person.objects.bulk_create(
            Person(name=f"Delegate {n}", sort_name=f"{n}", email=account.email, agency=agency, account=account)
            for n, account in enumerate(accounts)
        )
        RoleGrant.objects.create(person=persons[-1], role="coordinator")
        self.delegates = persons[:-1]
        cookies = [signed_in(account) for account in accounts]
        self.cookies, self.coordinator = cookies[:-1], cookies[-1]
        self.number, self.day = count(), count(30)

    def events(self, number: int, places: int) -> list[Any]:
        """Published events on a day that no others are on: who has a clash is asked something before they can book."""
        from django.utils import timezone

        from training.models import Event, Session

        starts_at = timezone.now() + timedelta(days=next(self.day))
        events = Event.objects.bulk_create(
            Event(course=self.course, places=places, state="published") for _ in range(number)
        )
        Session.objects.bulk_create(
            Session(event=event, starts_at=starts_at, ends_at=starts_at + timedelta(hours=7)) for event in events
        )
        return events

    def bookings(self, events: Sequence[Any], number: int) -> list[Ask]:
        """So many different delegates' bookings, spread over the events."""
        return [
            posted(f"/events/{events[n % len(events)].reference}/book/", self.cookies[n % len(self.cookies)])
            for n in range(number)
        ]


def signed_in(account: Any) -> str:
    """The cookie of a session that the account has signed in to."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from frontend.session_store import SessionStore
    from frontend.sessions import SEEN, SINCE

    session = SessionStore()
    session[SINCE] = session[SEEN] = int(time.time())
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


TOKEN = "b" * 32


def posted(path: str, cookie: str) -> Ask:
    headers = {
        "Cookie": f"{cookie}; csrftoken={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Ask(path, "POST", f"csrfmiddlewaretoken={TOKEN}", headers)


class Contest:
    """Ours and a bare Django, asked in turns."""

    def __init__(self, ours: int, bare: int) -> None:
        self.ports = {"ours": ours, "bare": bare}
        self.answers: dict[str, list[Answers]] = {"ours": [], "bare": []}

    def run(self, rounds: int, ours: Callable[[], list[Ask]], bare: Callable[[], list[Ask]], clients: int) -> None:
        def call(name: str, asks: Callable[[], list[Ask]]) -> Callable[[], None]:
            def one() -> None:
                self.answers[name].append(_http.ask(self.ports[name], asks(), clients=clients))

            return one

        _http.interleaved(rounds + 1, call("ours", ours), call("bare", bare))
        for found in self.answers.values():
            del found[0]  # it warmed up

    @property
    def ratios(self) -> list[float]:
        return [ours.rate / bare.rate for ours, bare in zip(self.answers["ours"], self.answers["bare"], strict=True)]

    def statuses(self, name: str) -> set[int]:
        return {status for found in self.answers[name] for status in found.statuses}

    def show(self, what: str, goal: float, wrong: str = "") -> bool:
        ours, bare = (statistics.median(one.rate for one in self.answers[name]) for name in ("ours", "bare"))
        ratio, spread = statistics.median(self.ratios), f"[{min(self.ratios):.2f}, {max(self.ratios):.2f}]"
        passes = ratio >= goal and not wrong
        print(
            f"{what:34} {ours:8.0f} {bare:8.0f} {ratio:6.2f} {spread:14} {goal:5.2f}  {'pass' if passes else 'FAIL'}"
            f"{'  ' + wrong if wrong else ''}"
        )
        return passes


def measure_booking(world: World, ports: tuple[int, int], bare_events: list[int], rounds: int) -> bool:
    from bookings.models import Booking

    contest, number = Contest(*ports), 400

    def ours() -> list[Ask]:
        return world.bookings(world.events(EVENTS, 1000), number)

    def bare() -> list[Ask]:
        return [Ask(f"/book/{bare_events[n % EVENTS]}/{next(world.number)}/") for n in range(number)]

    contest.run(rounds, ours, bare, CLIENTS)
    wrong = "" if contest.statuses("ours") == {302} else f"answers {contest.statuses('ours')}"
    booked, asked = Booking.objects.filter(state="confirmed").count(), number * (rounds + 1)
    if booked != asked:
        wrong += f" {booked} of {asked} booked"
    passes = contest.show(f"booking, {CLIENTS} clients", BOOK_GOAL, wrong)
    tails = [one.quantile(0.99) / one.quantile(0.5) for one in contest.answers["ours"]]
    p50, p99 = (statistics.median(one.quantile(part) for one in contest.answers["ours"]) for part in (0.5, 0.99))
    tail = statistics.median(tails)
    print(f"  p50 {p50:.0f} ms, p99 {p99:.0f} ms: {tail:.1f} × p50, goal {TAIL_GOAL:.0f}  {word(tail <= TAIL_GOAL)}")
    return passes and tail <= TAIL_GOAL


def measure_hot(world: World, ports: tuple[int, int], bare_event: int, rounds: int) -> bool:
    from bookings.models import Booking

    contest, hot = Contest(*ports), []

    def ours() -> list[Ask]:
        hot.append(world.events(1, PLACES)[0])
        return world.bookings([hot[-1]], CONTENDERS)

    def bare() -> list[Ask]:
        return [Ask(f"/book/{bare_event}/{next(world.number)}/") for _ in range(CONTENDERS)]

    contest.run(rounds, ours, bare, CONTENDERS)
    faults = []
    if contest.statuses("ours") != {302}:
        faults.append(f"answers {contest.statuses('ours')}")
    for event in hot:
        states = Booking.objects.filter(event=event)
        confirmed, waiting = states.filter(state="confirmed").count(), states.filter(state="waiting").count()
        if (confirmed, waiting) != (PLACES, CONTENDERS - PLACES):
            faults.append(f"{confirmed} confirmed, {waiting} waiting")
    return contest.show(f"hot event, {CONTENDERS} for {PLACES} places", HOT_GOAL, "; ".join(faults))


def measure_lists(world: World, ports: tuple[int, int], rounds: int) -> bool:
    """Lists with 50 rows on them; the bookings of the rounds before give them enough."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")  # a server that runs for longer has done so by itself
    passes = True
    for name, path in (("programme", "/programme/"), ("bookings", "/bookings/")):
        contest = Contest(*ports)
        headers = {"Cookie": world.coordinator}
        contest.run(
            rounds,
            lambda path=path, headers=headers: [Ask(path, headers=headers)] * 100,  # type: ignore[misc]
            lambda: [Ask("/events/")] * 100,
            CLIENTS,
        )
        wrong = "" if contest.statuses("ours") == {200} else f"answers {contest.statuses('ours')}"
        passes &= contest.show(f"{name}, 50 rows, signed in", LIST_GOAL, wrong)
    return passes


def count_statements(world: World) -> bool:
    """Statements of one booking's POST, those that begin and end its transaction counted."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["testserver"]
    ask = world.bookings(world.events(1, PLACES), 1)[0]
    client = Client()
    client.cookies.load((ask.headers or {})["Cookie"])
    with CaptureQueriesContext(connection) as statements:
        response = client.post(ask.path, {"csrfmiddlewaretoken": TOKEN})
    number = len(statements)
    passes = response.status_code == 302 and number <= MOST_STATEMENTS
    print(f"booking: {number} statements, goal at most {MOST_STATEMENTS}  {word(passes)}")
    return passes


def word(passes: bool) -> str:
    return "pass" if passes else "FAIL"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="3 or more")
    options = parser.parse_args()
    rounds = max(3, options.rounds)
    with own_database("pages"):
        from django.utils import timezone

        from script.benchmarks import _bare

        world = World()
        bare_events = _bare.make_tables(EVENTS, starts_at=timezone.now() + timedelta(days=30), places=10**6)
        _bare.Event.objects.filter(pk=bare_events[0]).update(places=10**6)
        with (
            _http.serving("config.wsgi:application") as ours,
            _http.serving("script.benchmarks._bare:application", BARE_SERVES="yes") as bare,
        ):
            print(f"answers a second, median of {rounds} rounds")
            print(f"{'':34} {'turnout':>8} {'bare':>8} {'ratio':>6} {'[least, most]':14} {'goal':>5}")
            results = [
                measure_booking(world, (ours, bare), bare_events, rounds),
                measure_hot(world, (ours, bare), bare_events[0], rounds),
                measure_lists(world, (ours, bare), rounds),
                count_statements(world),
            ]
    sys.exit(not all(results))


if __name__ == "__main__":
    main()
