"""Limits on tries hold over all web processes, which share one cache."""

import pytest
from django.test import Client

from people import accounts
from tests.factories import PASSWORD

EMAIL = "jade@example.org"


def try_once(password="something else", email=EMAIL):
    return Client().post("/accounts/login/", {"login": email, "password": password})


@pytest.mark.usefixtures("shared_cache")
def test_what_one_process_tried_counts_in_the_other(other_process):
    accounts.open_account(email=EMAIL, password=PASSWORD)
    accounts.open_account(email="sam@example.org", password=PASSWORD)
    for _ in range(2):
        try_once()
    assert other_process("tests.abuse.tries", EMAIL, 5) == "3"
    assert "too many tries" in try_once(PASSWORD).content.decode()
    assert try_once(PASSWORD, "sam@example.org").status_code == 302


def test_the_tables_room_is_enough_for_many_addresses(shared_cache):
    # Django's own limit is 300 entries, beyond which any third of them goes: 300 addresses tried would free all others.
    shared_cache.set("first", 1, 600)
    for number in range(400):
        shared_cache.set(f"other-{number}", 1, 600)
    assert shared_cache.get("first") == 1


@pytest.mark.usefixtures("shared_cache")
def test_a_code_used_in_one_process_is_used_in_all(shared_cache):
    assert shared_cache.add("second-factor:1:123456", "spent", timeout=90)
    assert not shared_cache.add("second-factor:1:123456", "spent", timeout=90)
