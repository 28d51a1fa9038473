"""Hostile text in every field of every form that a page shows: no page breaks, and text stays text."""

from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from lxml import html

from tests.frontend.doors import ROLES
from tests.frontend.test_doors import table
from tests.frontend.world import World

pytestmark = pytest.mark.django_db

HOSTILE = {
    "markup": "<script>alert(1)</script>\"><img src=x onerror=alert(2)> ${7*7} {{7*7}} {% debug %} '; drop table x",
    "nul": "Jade\0Lewis",
    "right to left": "\u202eteviL edaJ\u202c \u200f",
    "long": "x" * 10_000,
    "spreadsheet": '=HYPERLINK("http://evil.example")',
}
# What runs, or would run, if it came out as it went in.
UNESCAPED = ("<script>alert(1)", "<img src=x onerror")
TYPED = ("text", "email", "search", "tel", "url", "number", "password", "date", "time", None)
# Leaves the account, so that what comes after would be asked as nobody.
LEAVES = ("account_logout", "sign_out_everywhere")


def forms(page, address):
    """Each form of the page that takes text: where to, how, and its fields with what the page holds."""
    tree = html.fromstring(page)
    for form in tree.forms:
        typed = [
            field.name
            for field in form.inputs
            if field.name and (field.tag == "textarea" or (field.tag == "input" and field.get("type") in TYPED))
        ]
        if typed:
            held = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
            yield form.action or address, form.method.lower(), held, typed


@pytest.mark.parametrize("role", ["anonymous", "practitioner", "agency lead", "coordinator", "finance officer"])
def test_no_form_breaks_or_gives_back_what_it_was_given_unescaped(role):
    world, wrong, tried = World(), [], 0
    client = Client(raise_request_exception=False)
    if role in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    for name, about, get, _ in table():
        if get[ROLES.index(role)] != "." or name in LEAVES or name.startswith("api:"):
            continue
        address = reverse(name, args=world.objects[about])
        page = client.get(address)
        if "text/html" not in page.get("Content-Type", "") or page.streaming:
            continue
        for action, method, held, typed in forms(page.content, address):
            for kind, text in HOSTILE.items():
                with transaction.atomic():
                    answer = getattr(client, method)(action, held | dict.fromkeys(typed, text))
                    said = answer.content.decode(errors="replace") if not answer.streaming else ""
                    transaction.set_rollback(True)
                tried += 1
                if answer.status_code >= 500 or any(piece in said for piece in UNESCAPED):
                    wrong.append(f"{role}: {action} ({method}) with {kind}: {answer.status_code}")
    assert wrong == []
    assert tried >= 10


@pytest.mark.parametrize("text", ["\0", "\u202e", "<script>alert(1)", "{{7*7}}", "x" * 2_000, "..", "%2e%2e%2f"])
def test_no_address_breaks_whatever_stands_where_a_reference_should(text):
    world, wrong = World(), []
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions["coordinator"]
    given = quote(text, safe="")
    for start in ("bookings", "events", "charges", "invoices", "people", "agencies", "messages", "programme/imports"):
        for address in (
            f"/{start}/{given}/",
            f"/{start}/?q={given}&page={given}&sort={given}&year={given}&state={given}",
        ):
            with transaction.atomic():
                answer = client.get(address)
                transaction.set_rollback(True)
            if answer.status_code >= 500 or "<script>alert(1)" in answer.content.decode(errors="replace"):
                wrong.append(f"{address[:80]}: {answer.status_code}")
    assert wrong == []
