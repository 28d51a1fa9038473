"""PDF documents by typst: tagged for screen readers (PDF/UA-1), and the same bytes for the same facts.

A template is a .typ file in its app's folder documents/. What it says comes as JSON and never as source, so that text
is text whatever it looks like: `#eval`, `$x$` and `@ref` are printed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

# Replaces a character that the document's fonts do not have: a file without it would be no PDF/UA, and is refused.
MISSING = "\ufffd"
# A document with more kinds of them than this loses all letters of that script at once.
MOST_TRIES = 30
_MISSING_TEXT = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_BEYOND_EUROPE = re.compile("[^\\u0020-\\u024f\\u0370-\\u04ff\\u1e00-\\u1eff\\u2010-\\u2026\\u20ac\\ufffd\n]")

# Line ends stay, tabs are spaces; other controls are nothing, and those that turn text round would change what is read.
_CONTROLS = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]")


class CannotBeDrawn(Exception):
    """The template is wrong: no fact can be so."""


def compiled(template: str, facts: Mapping[str, Any], *, created_at: datetime, pictures: Sequence[str] = ()) -> bytes:
    """The document that the template (its path from the project's folder) makes of the facts, as PDF/UA-1.

    Facts are texts, numbers, lists and mappings; `facts.incomplete` tells the template that a character is missing.
    Pictures are SVG of our own making.     Takes some 20 ms, no transaction and no network.
    """
    cleaned = _each_text(dict(facts) | {"incomplete": False}, _clean)
    drawn = list(pictures)
    for attempt in range(MOST_TRIES + 2):
        try:
            return _typst(ROOT / template, {"facts": json.dumps(cleaned), "pictures": json.dumps(drawn)}, created_at)
        except RuntimeError as error:
            missing = _MISSING_TEXT.search(str(error))
            if missing is None or attempt > MOST_TRIES:
                raise CannotBeDrawn(f"{template}: {error}") from error
            text, whole_script = _unescaped(missing[1]), attempt == MOST_TRIES
            cleaned = _without(cleaned, text, whole_script=whole_script) | {"incomplete": True}
            drawn = _without(drawn, text, whole_script=whole_script)
    raise CannotBeDrawn(template)


def _typst(template: Path, inputs: dict[str, str], created_at: datetime) -> bytes:
    import typst  # some 40 MB; most processes never make a document

    return typst.compile(
        str(template),
        root=str(ROOT),
        sys_inputs=inputs,
        pdf_standards=["ua-1"],
        timestamp=int(created_at.timestamp()),
        ignore_system_fonts=True,  # else the bytes would differ from machine to machine
    )


def _without(facts: Any, text: str, *, whole_script: bool) -> Any:
    """The facts with what cannot be displayed replaced."""
    beyond = _BEYOND_EUROPE if whole_script else re.compile(f"[{re.escape(text)}]")
    return _each_text(facts, lambda words: beyond.sub(MISSING, words))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\t", " "))


def _each_text(facts: Any, change: Any) -> Any:
    if isinstance(facts, str):
        return change(facts)
    if isinstance(facts, Mapping):
        return {key: _each_text(value, change) for key, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_each_text(value, change) for value in facts]
    return facts
