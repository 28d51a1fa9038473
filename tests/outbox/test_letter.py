"""The HTML part: the same words as the text, nothing from elsewhere, and no way in for what people typed."""

import re

import pytest

from outbox import letter, templates

pytestmark = pytest.mark.django_db

TEXT = """Your place on $course

Dear $name,

  $course
  $sessions

[See your booking] $link

[Cancel] $link
[Send a colleague] $other
[Nothing] $nothing

$name
"""
FACTS = {
    "course": "Neglect",
    "name": "Ann",
    "sessions": ["Monday", "Tuesday"],
    "link": "https://training.example.org/b/?a=1&b=2",
    "other": "https://training.example.org/c/",
    "nothing": "",
}


@pytest.fixture
def made(template):
    template(text=TEXT, facts=lambda reference: FACTS)
    return templates.make("trial", "R1")


def test_the_text_has_set_in_lines_and_addresses_behind_their_words(made):
    assert made.body == (
        "Dear Ann,\n\n  Neglect\n  Monday\n  Tuesday\n\n"
        "See your booking: https://training.example.org/b/?a=1&b=2\n\n"
        "Cancel: https://training.example.org/b/?a=1&b=2\nSend a colleague: https://training.example.org/c/\n\nAnn\n"
    )


def test_the_html_is_made_of_the_same_lines(made):
    page = letter.page(made, "Anytown Partnership")
    assert "<h1" in page
    assert ">Your place on Neglect</h1>" in page
    assert "Neglect<br>\nMonday<br>\nTuesday</p>" in page
    assert page.count('class="button"') == 1, "a link that stands alone"
    assert page.count('class="link"') == 2
    assert 'href="https://training.example.org/b/?a=1&amp;b=2"' in page
    assert "Anytown Partnership" in page


def test_nothing_is_fetched_from_elsewhere(made):
    page = letter.page(made, "Anytown Partnership")
    assert not re.search(r"<img|<script|<link|<iframe|@import|url\(|src=", page)
    assert 'name="color-scheme" content="light dark"' in page


@pytest.mark.parametrize(
    "fact",
    [
        "<script>alert(1)</script>",
        '"><img src=x>',
        "[Sign in] https://evil.example/x",
        "https://evil.example/x",
        "${colour}",
        "$content",
    ],
)
def test_what_people_typed_is_words_and_never_a_link(template, fact):
    template(text="About $about\n\n$about\n\n  $about\n", facts=lambda reference: {"about": fact})
    page = letter.page(templates.make("trial", "R1"), fact)
    assert "href" not in page
    assert "<script" not in page
    assert "<img" not in page


def test_a_link_leads_to_a_page_and_nowhere_else(template):
    template(text="Trial\n\n[See it] $about\n", facts=lambda reference: {"about": "javascript:alert(1)"})
    assert "href" not in letter.page(templates.make("trial", "R1"), "Anytown")


def test_what_was_made_as_plain_text_becomes_paragraphs(settings):
    settings.SITE_URL = "https://x.example"
    text = letter.plain("Your code", "Your code:\n\n123456\n\nAnytown\nhttps://x.example/in/\nhttps://y.example/\n")
    page = letter.page(text, "Anytown")
    assert ">123456</p>" in page
    assert ">https://x.example/in/</a><br>\nhttps://y.example/</p>" in page
    assert page.count("href") == 1, "only what leads to our own pages"
