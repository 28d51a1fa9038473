"""Lists of people as somebody has them, read line by line."""

import pytest

from people import pasted


def read(text):
    return [(entry.name, entry.email) for entry in pasted.read(text)]


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Jade Lewis, jade.lewis@trust.nhs.uk", "Jade Lewis", "jade.lewis@trust.nhs.uk"),
        ("Jade Lewis <Jade.Lewis@Trust.nhs.uk>", "Jade Lewis", "jade.lewis@trust.nhs.uk"),
        ('"LEWIS, Jade (ANYTOWN TRUST)" <jade@trust.nhs.uk>', "Jade LEWIS", "jade@trust.nhs.uk"),
        ("Lewis, Jade <jade@trust.nhs.uk>", "Jade Lewis", "jade@trust.nhs.uk"),
        ("van der Berg, Jan <jan@trust.nhs.uk>", "Jan van der Berg", "jan@trust.nhs.uk"),
        ("Jade Lewis\tjade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("Jade\tLewis\tjade@trust.nhs.uk\tHealth visiting", "Jade Lewis", "jade@trust.nhs.uk"),
        ("Jade Lewis\tHealth visiting\tjade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("jade@trust.nhs.uk\tJade Lewis", "Jade Lewis", "jade@trust.nhs.uk"),
        ("Jade;Lewis;jade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("Lewis, Jade, jade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("jade@trust.nhs.uk", "", "jade@trust.nhs.uk"),
        ("<jade@trust.nhs.uk>", "", "jade@trust.nhs.uk"),
        ("mailto:jade@trust.nhs.uk", "", "jade@trust.nhs.uk"),
        ("Jade Lewis", "Jade Lewis", ""),
        ("  Jade   Lewis ", "Jade Lewis", ""),
        ("Jade Lewis - jade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("1. Jade Lewis jade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("•\tJade Lewis", "Jade Lewis", ""),
        ("7\tJade Lewis\tjade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("Siân O’Dea-Smith", "Siân O’Dea-Smith", ""),
        ("\u200e\ufeffJade\xa0Lewis\u202c", "Jade Lewis", ""),
        ("Mary Ann Evans  07700 900123", "Mary Ann Evans", ""),
        ("Mary Smith 4/5/1980", "Mary Smith", ""),
        ("Mary Smith, 07700 900123", "Mary Smith", ""),
        ("Smith, Mary Ann 07700 900123", "Mary Ann Smith", ""),
        ("Mary Smith - 07700 900123 - mary@trust.nhs.uk", "Mary Smith", "mary@trust.nhs.uk"),
        ("Smith, Mary Ann", "Mary Ann Smith", ""),
        ("Jade Lewis, Health visiting", "Jade Lewis", ""),
        ("Jade Lewis\tHealth Visitor", "Jade Lewis", ""),
        ("Jade Lewis, Health Visitor, jade@trust.nhs.uk", "Jade Lewis", "jade@trust.nhs.uk"),
        ("שרה כהן, sara@trust.nhs.uk", "שרה כהן", "sara@trust.nhs.uk"),
    ],
)
def test_a_line_is_read_as_people_write_it(line, name, email):
    assert read(line) == [(name, email)]
    assert [entry.trouble for entry in pasted.read(line)] == [""]


@pytest.mark.parametrize(
    "text",
    [
        "Name\tEmail\nJade Lewis\tjade@a.uk\nTom Hill\ttom@a.uk",
        "Email address,Full name\njade@a.uk,Jade Lewis 07700 900123\ntom@a.uk,Tom Hill",
        "Ref\tSurname\tFirst name\tE-mail\n1\tLewis\tJade\tjade@a.uk\n2\tHill\tTom\ttom@a.uk",
        "Jade Lewis <jade@a.uk>; Tom Hill <tom@a.uk>",
        "Lewis, Jade <jade@a.uk>, Hill, Tom <tom@a.uk>",
        "Jade Lewis jade@a.uk; Tom Hill tom@a.uk;",
        "\r\n\r\nJade Lewis, jade@a.uk\r\n\r\n  \r\nTom Hill, tom@a.uk\r\n",
    ],
)
def test_heads_and_address_fields_are_understood(text):
    assert read(text) == [("Jade Lewis", "jade@a.uk"), ("Tom Hill", "tom@a.uk")]


def test_addresses_and_names_alone_may_stand_in_one_line():
    assert read("jade@a.uk, tom@a.uk") == [("", "jade@a.uk"), ("", "tom@a.uk")]
    assert read("Jade Lewis; Tom Hill") == [("Jade Lewis", ""), ("Tom Hill", "")]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("Jade Lewis, jade@", "not whole"),
        ("Jade Lewis, jade@trust", "not whole"),
        ("Jade Lewis, jade @trust.nhs.uk", "not whole"),
        ("----", "no name"),
        ("12345", "no name"),
        ("Jade\0Lewis", "no text"),
        ("Jade\x1bLewis", "no text"),
        ("x" * 10_000, "10,000 characters"),
        ("Jade, jade@a.uk, Tom, tom@a.uk", "a line of their own"),
        ("Amy Pond, Rory Williams", "more than one person"),
        ("1. Amy Pond, Rory van der Berg", "more than one person"),
        ("amy pond, rory williams", "more than one person"),
    ],
)
def test_what_is_not_understood_says_so_by_its_line(line, word):
    entries = pasted.read(f"Ann Bell\n\n{line}")
    assert [entry.line for entry in entries] == [1, 3]
    assert entries[0].trouble == ""
    assert word in entries[1].trouble
    assert entries[1].text == line


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_nothing_is_nobody(text):
    assert pasted.read(text) == []


def test_text_of_any_kind_is_read_without_an_error():
    for text in ('"', '",\n"', "@", "@@;@@", "<>", ",,,", ";;;", "\t\t", "Name", "a@b@c.uk", "‮gnp.exe", "%s{}\\x00"):
        pasted.read(text)
