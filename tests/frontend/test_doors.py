"""Who gets what behind each address of the project, page by page and role by role: the table is in doors.py."""

import pytest
from django.db import connection
from django.urls import URLResolver, get_resolver, reverse

from frontend.access import PUBLIC
from tests.frontend.doors import DOORS, ROLES
from tests.frontend.world import World

pytestmark = pytest.mark.django_db


# What the rows written so far in this transaction are, by table. Sessions and the cache are not what pages are about,
# and that a list was taken out, or needs were read, is noted as a log would.
WRITTEN = """
select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_xact_user_tables
where n_tup_ins + n_tup_upd + n_tup_del > 0
  and relname not in ('django_session', 'shared_cache', 'people_export', 'bookings_needreading')
order by relname
"""


def written():
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return cursor.fetchall()


def table():
    return [line.split() for line in DOORS.strip().splitlines() if line and not line.startswith("#")]


def addresses(resolver=None, namespace=""):
    """The names of all views that an address leads to."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_is_in_the_table():
    listed = {line[0] for line in table()}
    there = set(addresses())
    assert there - listed == set(), "addresses without a line in doors.py: say there who may open them"
    assert listed - there == set(), "lines in doors.py without an address"


def test_every_door_answers_each_role_as_the_table_says():
    world = World()
    wrong, wrote = [], []
    for name, about, *expected in table():
        address = reverse(name, args=world.objects[about])
        before = written()
        found = ["".join(world.answer(role, "get", address) for role in ROLES)]
        if written() != before:
            wrote.append(f"{name} {about}: {set(written()) - set(before)}")
        found.append("".join(world.answer(role, "post", address) for role in ROLES))
        if found != expected:
            wrong.append(f"{name:<35} {about:<15} {found[0]}  {found[1]}")
    assert not wrong, "these lines of doors.py should say, if that is what you mean:\n" + "\n".join(wrong)
    assert wrote == [], "by GET, which scanners of mail and browsers do unasked"
    assert world.inline == set(), "which the content policy refuses"


def test_whatever_is_not_public_needs_a_sign_in():
    asked = {name for name, _, get, post in table() if get[0] in "SU" and post[0] in "SU"}
    open_to_visitors = {line[0] for line in table()} - asked
    assert open_to_visitors <= PUBLIC
    # Some public ones send a visitor to sign in: there is no half-done sign-in to go on with.
    assert set(addresses()) >= PUBLIC


@pytest.mark.urls("tests.frontend.urls")
def test_a_page_whose_decorator_was_forgotten_shows_nothing(client):
    assert client.get("/bare/").url == "/accounts/login/?next=/bare/"
    assert client.post("/bare/").url == "/accounts/login/?next=/bare/"


def test_nothing_is_written_by_looking():
    """By HEAD, as a role that may look; each GET of the table above is watched too."""
    world = World()
    wrote = []
    for name, about, get, _ in table():
        if "." not in get:
            continue
        role, before = ROLES[get.index(".")], written()
        world.answer(role, "head", reverse(name, args=world.objects[about]))
        if written() != before:
            wrote.append(f"{name} {about} as {role}: {set(written()) - set(before)}")
    assert wrote == []
