"""Finding agencies by any of their names, and keeping those names."""

from collections.abc import Iterable

from django.db import transaction

from people.models import Agency, AgencyName
from people.names import match_key


class NameTaken(Exception):
    """Another agency is known by the name; nothing was changed."""


def find(name: str) -> Agency | None:
    """The agency known by this name, whatever its case, accents and punctuation."""
    known = AgencyName.objects.select_related("agency").filter(key=match_key(name)).first()
    return known.agency if known else None


@transaction.atomic
def save_names(*, agency: Agency, also_known_as: Iterable[str] = ()) -> None:
    """Have the agency known by its name, its short name and these others, and by no more. Raises NameTaken."""
    # Of two spellings of one name the first counts, and the agency's own comes before the others.
    names: dict[str, str] = {}
    for name in (agency.name, agency.short_name, *also_known_as):
        names.setdefault(match_key(name), name.strip())
    names.pop("", None)
    known = {row.key: row for row in AgencyName.objects.select_related("agency").filter(key__in=names)}
    for row in known.values():
        if row.agency != agency:
            raise NameTaken(f"{row.name} is a name of {row.agency}.")
        row.name = names[row.key]
    agency.names.exclude(key__in=names).delete()
    AgencyName.objects.bulk_update(known.values(), ["name"])
    AgencyName.objects.bulk_create(
        AgencyName(agency=agency, name=name, key=key) for key, name in names.items() if key not in known
    )
