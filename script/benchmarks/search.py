"""Find training over HTTP with 500 courses and 5,000 events to come, beside a bare list of 50 rows on the same server.

With and without words, cut to places left, as a month, and one course. Each is asked in rounds that take turns with the
bare list; the figure is the ratio of answers a second.
"""

import argparse
import random
import sys
from datetime import timedelta

from script.benchmarks import _http
from script.benchmarks._database import own_database
from script.benchmarks._http import Ask
from script.benchmarks.pages import CLIENTS, Contest, signed_in

GOAL = 0.15
COURSES, EVENTS, BOOKED = 500, 5_000, 6
ASKS = 40
WORDS = (
    "child sexual exploitation neglect domestic abuse modern slavery early help assessment voice lived experience",
    "graded care profile harmful practices learning reviews online safety mental health substance misuse parental",
    "conflict supervision leadership attachment trauma informed practice disability fathers missing county lines",
)
PATHS = {
    "all courses": "/training/",
    "words": "/training/?q=neglect",
    "words misspelt": "/training/?q=sexaul+exploitaton",
    "words that find nothing": "/training/?q=qqqq+zzzz",
    "places left": "/training/?free=on",
    "a month": "/training/?view=month",
    "one course": "/courses/C1/",
}


def make_catalogue() -> str:
    """The courses and their dates over a year; a practitioner's cookie."""
    from django.utils import timezone

    from bookings.models import Booking, ChargingPolicy
    from people.models import Account, Agency, Person
    from training.models import Course, Event, Room, Session, Topic, Venue

    chance = random.Random(1)  # noqa: S311  # the same catalogue each time
    policy = ChargingPolicy.objects.create(in_force_from="2020-04-01")
    agency = Agency.objects.create(name="Agency", type="other")
    account = Account.objects.create(email="delegate@example.org")
    Person.objects.create(name="Delegate", email=account.email, agency=agency, account=account)
    people = Person.objects.bulk_create(
        Person(name=f"Person {n}", sort_name=f"{n}", email=f"p{n}@example.org", agency=agency) for n in range(BOOKED)
    )
    topics = Topic.objects.bulk_create(Topic(name=f"Topic {n}") for n in range(30))
    rooms = Room.objects.bulk_create(
        Room(venue=venue) for venue in Venue.objects.bulk_create(Venue(name=f"Venue {n}") for n in range(20))
    )

    def some(number: int) -> str:
        return " ".join(chance.sample(" ".join(WORDS).split(), number))

    courses = Course.objects.bulk_create(
        Course(
            code=f"C{n}",
            title=some(4).capitalize(),
            level=f"Level {n % 4}",
            delivery="face-to-face",
            duration="full-day",
            summary=some(15),
            other_names=f"{some(2)}, {some(2)}, {some(1)}",
        )
        for n in range(COURSES)
    )
    of_courses = Course.topics.through
    of_courses.objects.bulk_create(of_courses(course=course, topic=chance.choice(topics)) for course in courses)
    events = Event.objects.bulk_create(
        (Event(course=courses[n % COURSES], places=8, state="published") for n in range(EVENTS)), batch_size=2_000
    )
    begins = timezone.now() + timedelta(days=1)
    Session.objects.bulk_create(
        Session(
            event=event,
            room=chance.choice(rooms),
            room_override="Enough room for a benchmark",
            starts_at=(starts_at := begins + timedelta(hours=chance.randrange(365 * 24))),
            ends_at=starts_at + timedelta(hours=7),
        )
        for event in events
    )
    Booking.objects.bulk_create(
        [
            Booking(
                event=event, delegate=person, agency=agency, state="confirmed", booked_by=person,
                placed_at=timezone.now(), policy=policy,
            )
            for event in events
            for person in people
        ],
        batch_size=2_000,
    )  # fmt: skip
    return signed_in(account)


def measure(cookie: str, ports: tuple[int, int], rounds: int) -> bool:
    passes = True
    for name, path in PATHS.items():
        contest = Contest(*ports)
        asks = [Ask(path, headers={"Cookie": cookie})] * ASKS
        contest.run(rounds, lambda asks=asks: asks, lambda: [Ask("/events/")] * ASKS, CLIENTS)  # type: ignore[misc]
        wrong = "" if contest.statuses("ours") == {200} else f"answers {contest.statuses('ours')}"
        passes &= contest.show(name, GOAL, wrong)
        alone = _http.ask(ports[0], asks[:20], clients=1)
        print(f"  alone: {alone.quantile(0.5):.0f} ms")
    return passes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="3 or more")
    rounds = max(3, parser.parse_args().rounds)
    with own_database("search"):
        from django.db import connection
        from django.utils import timezone

        from script.benchmarks import _bare

        cookie = make_catalogue()
        _bare.make_tables(50, starts_at=timezone.now() + timedelta(days=30), places=20)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")  # a server that runs for longer has done so by itself
        with (
            _http.serving("config.wsgi:application") as ours,
            _http.serving("script.benchmarks._bare:application", BARE_SERVES="yes") as bare,
        ):
            print(f"answers a second, median of {rounds} rounds")
            print(f"{'':34} {'turnout':>8} {'bare':>8} {'ratio':>6} {'[least, most]':14} {'goal':>5}")
            passes = measure(cookie, (ours, bare), rounds)
    sys.exit(not passes)


if __name__ == "__main__":
    main()
