"""People from a list as somebody has it: out of a spreadsheet, a message or an address field. Reads and asks nobody."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from people.names import match_key, sort_key

LONGEST_NAME, LONGEST_EMAIL = 200, 200
EMAIL = re.compile(r"[^\s<>,;\"'()\[\]|:@]+@[^\s<>,;\"'()\[\]|:@]+")
# "1. ", "2) ", "• " and the like, before what is listed.
BULLET = re.compile(r"^\s*(?:[-–—•*·]|\d{1,3}[.)])\s+")
AROUND = " \t<>()[]\"'|.,;:-–—"
# What stands at the head of columns, as match_key() has it.
HEADS = {
    **dict.fromkeys(("name", "full name", "delegate", "person", "staff", "staff member", "staff name"), "name"),
    **dict.fromkeys(("first name", "forename", "given name"), "first"),
    **dict.fromkeys(("last name", "surname", "family name"), "last"),
    **dict.fromkeys(("email", "e mail", "mail", "work email", "work e mail"), "email"),
    **dict.fromkeys(("email address", "e mail address", "work email address"), "email"),
}
SEVERAL = "Is this more than one person? Give each a line of their own."
# Invisible, but they join letters of some scripts; the other format characters come by copying and mean nothing.
JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Entry:
    """One person of the list."""

    # Counted from 1; 0 for who was not written but chosen.
    line: int
    text: str
    name: str = ""
    email: str = ""
    # What is wrong with it and what to do; empty where it is understood.
    trouble: str = ""

    @cached_property
    def key(self) -> str:
        """As a person of this name sorts."""
        return sort_key(self.name)

    @cached_property
    def turned_key(self) -> str:
        """The same if the last name was written first."""
        return match_key(self.name)


def read(text: str) -> list[Entry]:
    """Everybody in the list, line by line; a line of an address field may hold several."""
    lines = [(number, _clean(line)) for number, line in enumerate(re.split(r"\r\n|\r|\n", text.strip("\r\n")), 1)]
    filled = [(number, line) for number, line in lines if line.strip()]
    columns = _columns(filled[0][1]) if filled else {}
    return [
        _entry(number, part, columns)
        for number, line in (filled[1:] if columns else filled)
        for part in ([line] if columns else _parts(line))
    ]


def head(text: str) -> str:
    """The line that says what the columns hold, if the list has one."""
    first = next((line for line in map(_clean, re.split(r"\r\n|\r|\n", text)) if line.strip()), "")
    return first if _columns(first) else ""


def _clean(line: str) -> str:
    kept = (c for c in line if unicodedata.category(c) != "Cf" or c in JOINERS)
    return "".join(kept).replace("\xa0", " ")


def _columns(line: str) -> dict[str, int]:
    """Which column holds what, if the line is the head of a table."""
    if "@" in line:
        return {}
    found = {HEADS[key]: place for place, cell in enumerate(_cells(line)) if (key := match_key(cell)) in HEADS}
    return found if {"name", "first", "email"} & found.keys() else {}


def _parts(line: str) -> list[str]:
    """A line for each person, where several stand in one with something between them that says so."""
    addresses = len(EMAIL.findall(line))
    if addresses > 1:
        between = r"(?<=>)\s*[,;]" if line.count(">") > 1 else ";" if ";" in line else ","
        parts = [part for part in re.split(between, line) if part.strip()]
        return parts if all(len(EMAIL.findall(part)) == 1 for part in parts) else [line]
    parts = [part.strip() for part in line.split(";") if part.strip()]
    return parts if not addresses and len(parts) > 1 and all(" " in part for part in parts) else [line]


def _entry(number: int, text: str, columns: dict[str, int]) -> Entry:
    if any((unicodedata.category(c) == "Cc" and c != "\t") or c == "\ufffd" for c in text):
        return Entry(number, text, trouble="This line holds characters that are no text. Type it again.")
    addresses = EMAIL.findall(text)
    if len(addresses) > 1:
        return Entry(number, text, trouble="There is more than one address here. Give each person a line of their own.")
    email = addresses[0].strip(".").lower() if addresses else ""
    if columns:
        name = _name_in(_cells(text), columns)
        return Entry(number, text, name, email, _trouble(text, name, email))
    rest = BULLET.sub("", text)
    cells = _words(rest, email)
    name = _name(rest, cells)
    trouble = SEVERAL if not email and _are_several(rest, cells) else _trouble(text, name, email)
    return Entry(number, text, name, email, trouble)


def _name_in(cells: list[str], columns: dict[str, int]) -> str:
    """What stands in the columns of names."""
    parts = [cells[columns[kind]] for kind in ("name", "first", "last") if columns.get(kind, len(cells)) < len(cells)]
    return " ".join(map(_without_numbers, parts)).strip()


def _words(text: str, email: str) -> list[str]:
    """What is left without the address, cell by cell."""
    rest = re.sub(re.escape(email), "", text, flags=re.IGNORECASE) if email else text
    # An address field says whose somebody is: "LEWIS, Jade (ANYTOWN TRUST)".
    rest = re.sub(r"(?i)mailto:|\([^()]*\)", " ", rest.replace('"', "") if "<" in text else rest)
    cells = [_without_numbers(cell) for cell in _cells(rest)]
    return [cell for cell in cells if any(c.isalpha() for c in cell)]


def _without_numbers(cell: str) -> str:
    """A name without the telephone number or the date of birth behind it."""
    words = cell.strip(AROUND).split()
    while len(words) > 1 and any(c.isdigit() for c in words[-1]):
        words.pop()
    return " ".join(words).strip(AROUND)


def _are_several(text: str, cells: list[str]) -> bool:
    """Whether a whole name stands behind a whole name. What comes in the next column of a sheet is no other person."""
    if "\t" in text or not cells or " " not in cells[0]:
        return False
    is_lower = text == text.lower()
    return any(len(words) > 1 and (is_lower or _is_titled(words)) for words in map(str.split, cells[1:]))


def _is_titled(words: list[str]) -> bool:
    """Whether they begin and end as a name does: "Rory van der Berg", and not "Health visiting"."""
    return not (words[0][0].islower() or words[-1][0].islower())


def _name(text: str, cells: list[str]) -> str:
    """The name in the cells: "Lewis, Jade" is turned round; what comes behind a whole name is no name."""
    first, second, *more = [*cells, "", ""]
    if second and "<" in text and "," in text and not any(more):
        return f"{second} {first}"
    if second and " " not in first:
        return f"{second} {first}" if "," in text and "\t" not in text else f"{first} {second}"
    return first


def _cells(text: str) -> list[str]:
    between = next((mark for mark in "\t;" if mark in text), ",")
    return [cell.strip() for cell in next(csv.reader([text], delimiter=between, skipinitialspace=True), [])]


def _trouble(text: str, name: str, email: str) -> str:
    if "@" in text and not _is_address(email):
        return "The email address is not whole. Correct it, or take it out."
    if not email and not match_key(name):
        return "There is no name and no email address here. Write one, or take the line out."
    if len(name) > LONGEST_NAME:
        return f"This is too long for a name: it has {len(name):,} characters."
    return ""


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= LONGEST_EMAIL
