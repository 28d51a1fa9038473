"""What published reports tell a person about themselves."""

from people import merges
from people.privacy import tells_nothing
from reporting.models import PublishedReport


def parts() -> None:
    tells_nothing("its figures name no person, and it was published for the partnership", PublishedReport)
    merges.stays("reporting.PublishedReport.published_by")
