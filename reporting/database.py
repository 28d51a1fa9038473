"""Which database the reports read from."""

from django.db import DEFAULT_DB_ALIAS


def alias() -> str:
    """The one place to name a replica: every query of reporting asks here."""
    return DEFAULT_DB_ALIAS
