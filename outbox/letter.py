"""The HTML part of a message: the lines of its text in one layout, in the partnership's name and colour.

Nothing in it comes from elsewhere, so that no mail program has to ask, and nobody learns who opened it.
"""

import functools
import string
from html import escape
from itertools import groupby
from pathlib import Path

from django.conf import settings

from outbox.templates import Line, Text

LAYOUT = Path(__file__).parent / "letters" / "layout.html"


def page(text: Text, sender: str) -> str:
    """The whole HTML document. Every word is escaped, and only a template's own lines are links."""
    return layout().substitute(
        subject=escape(text.subject),
        sender=escape(sender),
        colour=settings.BRAND_COLOUR,
        content="\n".join(map(_paragraph, text.paragraphs)),
    )


def plain(subject: str, body: str) -> Text:
    """The lines of a message that was made as plain text."""
    blocks = groupby(body.strip().splitlines(), key=lambda line: bool(line.strip()))
    return Text(subject, tuple(tuple(map(Line, block)) for is_text, block in blocks if is_text))


@functools.cache
def layout() -> string.Template:
    return string.Template(LAYOUT.read_text(encoding="utf-8"))


def _paragraph(lines: tuple[Line, ...]) -> str:
    if len(lines) == 1 and lines[0].link and not lines[0].is_set_in and _address(lines[0]):
        return _button(lines[0])
    words = "<br>\n".join(map(_line, lines))
    if all(line.is_set_in for line in lines):
        return f'<p class="box" style="{BOX.format(colour=settings.BRAND_COLOUR)}">{words}</p>'
    return f'<p style="{PARAGRAPH}">{words}</p>'


PARAGRAPH = "margin:0 0 20px"
BOX = "margin:0 0 20px;padding:12px 16px;border-left:4px solid {colour};background:#f3f2f1"
BUTTON = (
    "display:inline-block;padding:12px 20px;border:2px solid {colour};border-radius:4px;background:{colour};"
    "color:#ffffff;font-weight:bold;text-decoration:none"
)


def _button(line: Line) -> str:
    style = BUTTON.format(colour=settings.BRAND_COLOUR)
    link = f'<a class="button" style="{style}" href="{escape(line.link)}">{escape(line.text)}</a>'
    return f'<p style="{PARAGRAPH}">{link}</p>'


def _line(line: Line) -> str:
    words = escape(line.text)
    if address := _address(line):
        return f'<a class="link" style="color:#1d70b8" href="{escape(address)}">{words}</a>'
    return words if not line.link else f"{words}: {escape(line.link)}"


def _address(line: Line) -> str:
    """Where it leads: by a link of the template's, or as an address of ours that stands alone; else nowhere.

    Where others are shown a message its links are left out.
    """
    if line.link:
        return line.link if line.link.startswith(("https://", "http://")) else ""
    return line.text if line.text.startswith(f"{settings.SITE_URL}/") and " " not in line.text else ""
