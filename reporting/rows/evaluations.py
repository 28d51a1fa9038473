"""The events behind an evaluation figure: how many answered at each, and what, where the release rule allows it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, overload

from django.db import connections

from reporting import release
from reporting.database import alias
from reporting.definitions import CutKind, Unit
from reporting.evaluation import ANSWER, FORM
from reporting.figures import rounded
from reporting.rows.scope import Scope

# Every event of the year with its number of answers: what may be shown of one depends on all others.
NUMBERS = f"""
select e.id, e.course_id, count(*)::int, %(course)s in ('', c.code)
from training_event e
join training_course c on c.id = e.course_id {release.EVALUATION}
join evaluations_response r on r.event_id = e.id
join evaluations_questionnaire q on q.id = r.questionnaire_id and q.stage = 'after'
where e.ends_at >= %(from)s and e.ends_at < %(until)s and {release.IS_CLOSED} and e.state = 'published'
  and c.delivery not in ('conference', 'e-learning')
group by e.id, c.id
order by e.ends_at, e.reference
"""  # noqa: S608  # made of release.py's constants

ANSWERS = f"""
with {FORM}
select e.id, e.reference, c.code, c.title, e.ends_at,
  (select count(*)::int from bookings_booking b
    where b.event_id = e.id and b.placed_at is not null and b.outcome in ('attended', 'part-attended')),
  count(before)::int, count(now)::int, avg(before), avg(now), count(*) filter (where now > before)::int,
  count(*) filter (where now = before)::int, count(*) filter (where now < before)::int
from training_event e
join training_course c on c.id = e.course_id
join evaluations_response r on r.event_id = e.id
{ANSWER}
where e.id = any(%(events)s)
group by e.id, c.id
order by e.ends_at, e.reference
"""  # noqa: S608  # made of evaluation.py's constants


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """What was answered at one event; from mean_before on None where it may not be shown. value: what adds up."""

    reference: str
    course_code: str
    course: str
    ends_at: datetime
    attended: int
    responses: int
    value: int
    mean_before: Decimal | None
    mean_after: Decimal | None
    improved: int | None
    same: int | None
    lower: int | None

    @property
    def is_released(self) -> bool:
        return self.improved is not None


@dataclass(slots=True)
class Evaluations:
    """The rows, to cut pages from: one statement for the number of answers everywhere, one for the rows of a page."""

    scope: Scope
    measure: str
    _numbers: dict[int, tuple[int, int]] | None = field(default=None, init=False)
    _shown: list[int] = field(default_factory=list, init=False)

    def count(self) -> int:
        return len(self._events)

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[EvaluationRow]:
        return iter(self[:])

    @overload
    def __getitem__(self, wanted: int) -> EvaluationRow: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[EvaluationRow]: ...
    def __getitem__(self, wanted: int | slice) -> EvaluationRow | list[EvaluationRow]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        events = self._events[wanted]
        withheld = release.withheld_of(self._answered).events
        with connections[alias()].cursor() as cursor:
            cursor.execute(ANSWERS, {"events": events})
            return [self._row(found, found[0] in withheld) for found in cursor.fetchall()]

    @property
    def _events(self) -> list[int]:
        """Those of the cut, by date."""
        return self._shown if self._answered else []

    @property
    def _answered(self) -> dict[int, tuple[int, int]]:
        """Course and number of answers by event, of the whole year."""
        if self._numbers is None:
            facts: dict[str, datetime | str] = {
                "from": self.scope.year.starts_at,
                "until": self.scope.until,
                "evaluated_until": release.evaluated_until(self.scope.counted_at),
                "counted_at": self.scope.counted_at,
                "course": self.scope.code if self.scope.kind is CutKind.COURSE else "",
            }
            with connections[alias()].cursor() as cursor:
                cursor.execute(NUMBERS, facts)
                found = cursor.fetchall()
            self._numbers = {event: (course, number) for event, course, number, _ in found}
            self._shown = [event for event, *_, is_of_the_cut in found if is_of_the_cut]
        return self._numbers

    def _row(self, found: tuple[Any, ...], is_withheld: bool) -> EvaluationRow:
        event, reference, code, course, ends_at, attended, before, after, mean_before, mean_after, *changes = found
        responses = self._answered[event][1]
        value = {"answers_before": before, "answers_after": after}.get(self.measure, responses)
        about = (reference, code, course, ends_at, attended, responses, value)
        if is_withheld:
            return EvaluationRow(*about, None, None, None, None, None)
        return EvaluationRow(*about, _score(mean_before), _score(mean_after), *changes)


def evaluations(measure: str, scope: Scope) -> Evaluations:
    """By date."""
    return Evaluations(scope, measure)


def _score(mean: Decimal | None) -> Decimal | None:
    return None if mean is None else rounded(mean, Unit.SCORE)
