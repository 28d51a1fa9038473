"""How today's report stands to what was published."""

from collections.abc import Iterable
from dataclasses import dataclass

from people.models import Person
from reporting import differences, freezing
from reporting.differences import Difference
from reporting.figures import Value
from reporting.models import PublishedReport
from reporting.permissions import may_see_figure
from reporting.utilisation import Report


@dataclass(frozen=True, slots=True)
class Standing:
    """How today's report stands to what was published of its year, and of the year before."""

    published: PublishedReport | None
    differences: list[Difference]
    # By key: the whole's figures of the year before as they were published, where they differ.
    before: dict[str, Value]

    @classmethod
    def of(cls, now: Report, person: Person) -> "Standing":
        """One query."""
        found = PublishedReport.objects.last_of(now.year, now.before.year)
        published, former = found.get(now.year), found.get(now.before.year)
        moved = differences.between(freezing.thawed(published), now) if published else []
        before = (
            differences.of_cut(now.before.year, freezing.thawed(former).this.whole, now.before.whole) if former else []
        )
        return cls(published, seen_by(person, moved), {one.key: one.before for one in seen_by(person, before)})


def seen_by(person: Person, found: Iterable[Difference]) -> list[Difference]:
    """Those of figures that the person may see."""
    return [one for one in found if may_see_figure(person, one.key)]
