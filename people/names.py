"""Comparing and sorting the names of people and agencies without regard to accents, case and punctuation."""

import re
import unicodedata


def match_key(name: str) -> str:
    """The name as it is compared, without accents, case and punctuation: "B'ham  CC" and "bham cc" are the same."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    plain = re.sub(r"[’'`´]", "", plain.casefold()).replace("&", " and ")
    return " ".join(re.sub(r"[^\w]+", " ", plain).split())


def sort_key(name: str) -> str:
    """The key that a person's name sorts on: last word first, then the rest."""
    words = match_key(name).split()
    return " ".join(words[-1:] + words[:-1])
