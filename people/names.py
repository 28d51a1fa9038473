"""Comparing and sorting the names of people and agencies without regard to accents, case and punctuation."""

import re
import unicodedata


def match_key(name: str) -> str:
    """The name as it is compared, without accents, case and punctuation: "B'ham  CC" and "bham cc" are the same."""
    # Apostrophes first: taken apart, ´ would leave a space.
    plain = unicodedata.normalize("NFKD", re.sub(r"[’‘'`´]", "", name))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold().replace("&", " and ")
    return " ".join(re.sub(r"[^\w]+", " ", plain).split())


def sort_key(name: str) -> str:
    """The key that a person's name sorts on: last word first, then the rest."""
    words = match_key(name).split()
    return " ".join(words[-1:] + words[:-1])
