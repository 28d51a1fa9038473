"""Message templates: their text, and each app's function that finds the facts for it when the message is sent.

A template is plain text, and the HTML part is made of the same lines (see letter.py). Beside words it knows a line that
is set in by two spaces, and a line `[Words] $link`, which is a link. What coordinators make of the texts: wordings.py.
"""

import functools
import logging
import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.template.utils import get_app_template_dirs

from outbox.described import Described
from outbox.models import TemplateText

log = logging.getLogger(__name__)

# A fact is one line of text, or a list of lines.
Facts = Mapping[str, str | list[str]]


# An address that goes on after the site's name.
LINK = re.compile(r"https?://[^\s/]+/\S+")
LINK_LEFT_OUT = "(a link that only the message itself holds)"
# Any address, also one that is the site's name alone: for what is kept.
ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
LINK_KEPT = "[link]"


class NoLongerNeeded(Exception):
    """Raised by a facts function when the matter is gone; the message is dropped with this reason, and not sent."""


class NotYet(Exception):
    """Raised by a facts function when it is too early to say it; the message waits, with this reason, and is asked
    about again."""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    # Where the text leads to; empty for plain words.
    link: str = ""
    is_set_in: bool = False

    def __str__(self) -> str:
        words = f"{self.text}: {self.link}" if self.link else self.text
        return f"  {words}" if self.is_set_in else words

    @property
    def without_links(self) -> "Line":
        """The same words, and of a link only what it is called."""
        words = f"{self.text}: {LINK_KEPT}" if self.link else ADDRESS.sub(LINK_KEPT, self.text)
        return Line(words, is_set_in=self.is_set_in)


@dataclass(frozen=True, slots=True)
class Text:
    """A message as it is sent: lines in paragraphs."""

    subject: str
    paragraphs: tuple[tuple[Line, ...], ...]

    @property
    def body(self) -> str:
        return "\n\n".join("\n".join(map(str, lines)) for lines in self.paragraphs) + "\n"

    @property
    def without_links(self) -> "Text":
        """For keeping: who reads it later opens nothing in another's name."""
        paragraphs = tuple(tuple(line.without_links for line in lines) for lines in self.paragraphs)
        return Text(ADDRESS.sub(LINK_KEPT, self.subject), paragraphs)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: str
    # With its parameters: text/calendar; method=REQUEST.
    kind: str
    # Also one more form of the message itself, beside plain text and HTML: what mail programs offer to act on.
    is_alternative: bool = False


Attached = Callable[[str, str], list[Attachment]]

_facts: dict[str, Callable[[str], Facts]] = {}
_attached: dict[str, Attached] = {}
_described: dict[str, Described] = {}
# Templates whose messages are made of another's text.
_made: dict[str, Callable[[str], Text]] = {}
LINK_LINE = re.compile(r"\[(.+)\] \$(?:(\w+)|\{(\w+)\})")


def register(
    name: str,
    facts: Callable[[str], Facts],
    attached: Attached | None = None,
    described: Described | None = None,
) -> None:
    """Let messages use the template; facts(reference) is asked at each sending. Called from AppConfig.ready.

    The text is `<app>/templates/messages/<name>.txt`: the subject on the first line, an empty line, the body, with
    `$fact` or `${fact}` where a fact goes and `$$` for a dollar sign. attached(reference, address) gives the files that
    go with it. described says to coordinators what it is, and which facts it has: those that say nothing have no page.
    """
    _facts[name] = facts
    if attached:
        _attached[name] = attached
    if described:
        _described[name] = described


def register_made(name: str, make: Callable[[str], Text]) -> None:
    """Let messages use a template without a text of its own. Called from AppConfig.ready."""
    _made[name] = make


def attachments(name: str, reference: str, to: str) -> list[Attachment]:
    """The files that go with a message to this address, as things are now."""
    return _attached[name](reference, to) if name in _attached else []


def is_registered(name: str) -> bool:
    return name in _facts or name in _made


def names() -> list[str]:
    """All templates that messages may use."""
    return sorted([*_facts, *_made])


def described() -> Mapping[str, Described]:
    """By name what coordinators are told of the templates whose texts they may edit, in the order of titles."""
    return dict(sorted(_described.items(), key=lambda one: one[1].title))


def make(name: str, reference: str) -> Text:
    """The message about the reference as things are now.

    Raises NoLongerNeeded, NotYet, LookupError or what facts raises.
    """
    return _made[name](reference) if name in _made else filled(name, _facts[name](reference))


def shown(name: str, reference: str, wording: str = "") -> Text:
    """As make(), for others than who gets it: whoever opens a link of theirs could answer or decide in their name.

    wording: in place of the template's text.
    """
    if name in _made:
        return _made[name](reference)
    facts = _facts[name](reference)
    return filled(name, {key: _without_links(fact) for key, fact in facts.items()}, wording)


def _without_links(fact: str | list[str]) -> str | list[str]:
    if isinstance(fact, str):
        return LINK.sub(LINK_LEFT_OUT, fact)
    return [LINK.sub(LINK_LEFT_OUT, line) for line in fact]


def filled(name: str, facts: Facts, wording: str = "") -> Text:
    """The message with these facts; wording: in place of the template's text."""
    used = wording or text(name)
    try:
        return _filled(used, facts)
    except KeyError as unknown:
        # A later version of Turnout may lack a fact that somebody's wording names: the message goes all the same.
        if used == original(name):
            raise
        log.warning("The edited text of %s names %s, which is no fact: the original is used.", name, unknown)
        return _filled(original(name), facts)


def _filled(wording: str, facts: Facts) -> Text:
    # Facts go in once and are not looked at again: no text of a person's can become a placeholder, a link or a command.
    # And only a list makes lines: a name with line breaks in it must not pass for a paragraph of ours.
    plain = {key: "\n".join(map(one_line, [fact] if isinstance(fact, str) else fact)) for key, fact in facts.items()}
    subject, _, body = wording.partition("\n")
    lines = [made for line in body.splitlines() for made in _lines(line, plain)]
    blocks = groupby(lines, key=lambda line: bool(line.text))
    return Text(
        subject=one_line(string.Template(subject).substitute(plain)),
        paragraphs=tuple(tuple(block) for is_text, block in blocks if is_text),
    )


def _lines(line: str, facts: Mapping[str, str]) -> list[Line]:
    """What a template's line becomes: none where its fact is empty, several where it is a list.

    An empty one, also among those of a list, is the end of a paragraph.
    """
    is_set_in = line.startswith("  ")
    if link := LINK_LINE.fullmatch(line.strip()):
        address = facts[link[2] or link[3]]
        return [Line(one_line(string.Template(link[1]).substitute(facts)), address, is_set_in)] if address else []
    filled = string.Template(line.strip()).substitute(facts)
    # An empty fact leaves no hole.
    if line.strip() and not filled.strip():
        return []
    return [Line(words.strip(), is_set_in=is_set_in) for words in filled.split("\n")]


def text(name: str) -> str:
    """The template's text as it is used: as somebody edited it last, or the original. Read afresh each time."""
    latest = TemplateText.objects.filter(name=name, number__isnull=False).order_by("-number").first()
    return original(name) if latest is None or latest.is_original else latest.whole


@functools.cache
def original(name: str) -> str:
    """The template's text as it is in its file."""
    for folder in get_app_template_dirs("templates"):
        path = folder / "messages" / f"{name}.txt"
        if path.exists():
            return path.read_text(encoding="utf-8")
    raise LookupError(f"No app has templates/messages/{name}.txt.")


def one_line(fact: str) -> str:
    """Without line breaks and control characters: in a subject they would begin a header of their own."""
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in fact).split())
