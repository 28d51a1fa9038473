"""Public references: short, random, and easy to read out over the telephone."""

import secrets

# No vowels, so no words; no 0 and O, 1 and I, 5 and S, 2 and Z, 8 and B to mix up.
ALPHABET = "34679CDFGHJKLMNPQRTVWXY"


def new_reference() -> str:
    """Ten random characters, over 45 bits: not to be guessed, unique in practice and by constraint."""
    number = secrets.randbelow(len(ALPHABET) ** 10)
    characters = []
    for _ in range(10):
        number, at = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[at])
    return "".join(characters)
