"""A day of 6 registers of 30 delegates marked tap by tap, as a device sends each: milliseconds and statements a mark.

Through all of the project (sign-in, permissions, the page's own address, triggers, history), in one process and on a
database of its own. Every mark is sent twice, as after an answer that was lost: the second makes no mark.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from script.benchmarks._database import own_database

REGISTERS, DELEGATES = 6, 30
MOST_STATEMENTS = 15
# What a thumb does not notice, on a machine with little else to do.
MOST_MILLISECONDS = 200


def registers() -> tuple[Any, list[list[tuple[str, str]]]]:
    """A trainer's account, and for each register the address and booking of each mark."""
    from django.urls import reverse
    from django.utils import timezone

    from bookings.models import Booking
    from people.models import Account, Agency, Person
    from training.models import Course, Event, Session, SessionTrainer, Trainer

    agency = Agency.objects.create(name="Agency", type="other")
    account = Account.objects.create(email="trainer@example.org")
    person = Person.objects.create(name="Trainer", sort_name="trainer", agency=agency, account=account)
    trainer = Trainer.objects.create(name="Trainer", person=person)
    course = Course.objects.create(code="C", title="Course", delivery="face-to-face", duration="half-day")
    now, found = timezone.now(), []
    for number in range(REGISTERS):
        event = Event.objects.create(course=course, places=DELEGATES, state="published")
        begins = now - timedelta(minutes=5 * (number + 1))
        session = Session.objects.create(event=event, starts_at=begins, ends_at=begins + timedelta(minutes=5))
        SessionTrainer.objects.create(session=session, trainer=trainer)
        bookings = [
            Booking.objects.create(
                event=event,
                delegate=Person.objects.create(name=f"D {number} {one}", sort_name=f"d{number}{one}", agency=agency),
                agency=agency,
                state="confirmed",
                booked_by=person,
                placed_at=now,
            )
            for one in range(DELEGATES)
        ]
        address = reverse("registers:marks", args=[event.reference, 1])
        found.append([(address, booking.reference) for booking in bookings])
    return account, found


def sent(client: Any, address: str, booking: str, nonce: str) -> tuple[float, int]:
    """Milliseconds and statements of one mark on its way."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        began = time.perf_counter()
        answer = client.post(address, {"booking": booking, "attendance": "present", "nonce": nonce})
        took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"a mark was answered by {answer.status_code}")
    return took, len(statements)


def day(client: Any, found: list[list[tuple[str, str]]]) -> Iterator[tuple[float, int]]:
    for register in found:
        for address, booking in register:
            nonce = str(uuid4())
            yield sent(client, address, booking, nonce)
            sent(client, address, booking, nonce)


def main() -> int:
    with own_database("register"):
        from django.apps import apps
        from django.test import Client

        from bookings.models import Mark

        account, found = registers()
        client = Client(headers={"host": "localhost"})
        client.force_login(account, backend="frontend.accounts.Backend")
        took, statements = zip(*day(client, found), strict=True)
        history = apps.get_model("bookings", "MarkHistory")
        made, former = Mark.objects.count(), history._default_manager.count()
    middle, worst, most = statistics.median(took), statistics.quantiles(took, n=20)[-1], max(statements)
    print(f"{len(took)} marks on {REGISTERS} registers, each sent twice: {made} made, {former} made again")
    print(f"a mark: {middle:.1f} ms (95 in 100 within {worst:.1f} ms), {most} statements")
    right = made == REGISTERS * DELEGATES and former == 0 and most <= MOST_STATEMENTS and middle <= MOST_MILLISECONDS
    print("passes" if right else f"FAILS: at most {MOST_STATEMENTS} statements and {MOST_MILLISECONDS} ms, each once")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
