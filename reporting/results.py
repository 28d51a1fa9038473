"""What delegates answered: of one event, of a course's events of a year, and of a year's. Figures as in the report.

What may be shown of each is release.py's to say, off all events of the year at once, whichever page asks. In two
statements: one for the year's events and what each adds to the means, one for the answers of those that are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from secrets import SystemRandom
from typing import Any

from django.db import connections
from django.utils import timezone

from evaluations.answering import NOT_RELEVANT
from evaluations.models import Evaluation, Question
from reporting import release
from reporting.database import alias
from reporting.definitions import Unit
from reporting.evaluation import ANSWER, COLUMNS, FORM
from reporting.figures import percent, rounded
from training.financial_year import FinancialYear
from training.models import Course, Event

Kind = Question.Kind
APART = (Course.Delivery.CONFERENCE, Course.Delivery.E_LEARNING)

# Those of the year's training whose evaluation is closed; of what is apart from it the one that is asked for.
EVENTS = f"""
with {FORM}
select e.id, e.reference, c.id, c.code, c.title, e.ends_at,
  (select count(*)::int from bookings_booking b
    where b.event_id = e.id and b.placed_at is not null and b.outcome in ('attended', 'part-attended')),
  answered.*
from training_event e
join training_course c on c.id = e.course_id
{release.EVALUATION}
cross join lateral (
  select {COLUMNS}, sum(now - before) as sum_change from evaluations_response r {ANSWER} where r.event_id = e.id
) answered
where e.ends_at >= %(from)s and e.ends_at < %(until)s and {release.IS_CLOSED} and e.state = 'published'
  and case when %(alone)s::bigint is null then c.delivery not in ('conference', 'e-learning') else e.id = %(alone)s end
order by e.ends_at, e.reference
"""  # noqa: S608  # made of constants

# Texts only where they are asked for. The wording is that of the newest version.
ANSWERS = """
select a.code, a.kind, a.lowest, a.highest, (array_agg(a.text order by q.version desc))[1], min(a.position),
  r.answers ->> a.code as answer, count(*)::int
from evaluations_response r
join evaluations_questionnaire q on q.id = r.questionnaire_id and q.stage = 'after'
join evaluations_question a on a.questionnaire_id = q.id
where r.event_id = any(%(events)s) and r.answers ->> a.code is not null and (%(texts)s or a.kind <> 'free-text')
group by a.code, a.kind, a.lowest, a.highest, answer
order by 6, 1
"""


class Standing(StrEnum):
    """Whether there is something to show, and why not."""

    NOT_ASKED = "not-asked"
    OPEN = "open"
    WITHHELD = "withheld"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Figures:
    """What adds up over events, and the means made of it."""

    attended: int = 0
    responses: int = 0
    answers_before: int = 0
    answers_after: int = 0
    sum_before: Decimal = Decimal(0)
    sum_after: Decimal = Decimal(0)
    improved: int = 0
    same: int = 0
    lower: int = 0
    sum_change: Decimal = Decimal(0)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def response_rate(self) -> Decimal | None:
        return percent(self.responses, self.attended)

    @property
    def mean_before(self) -> Decimal | None:
        return score(self.sum_before, self.answers_before)

    @property
    def mean_after(self) -> Decimal | None:
        return score(self.sum_after, self.answers_after)

    @property
    def pairs(self) -> int:
        """Who answered both."""
        return self.improved + self.same + self.lower

    @property
    def mean_change(self) -> Decimal | None:
        """Of those: it may differ from the means' difference, as not everybody answers both."""
        return score(self.sum_change, self.pairs)


@dataclass(frozen=True, slots=True)
class EventFigures:
    """An event's part in them."""

    id: int
    reference: str
    course_id: int
    course_code: str
    course: str
    ends_at: datetime
    figures: Figures


@dataclass(slots=True)
class Answers:
    """How a question was answered: how many gave each number, and how many found it not relevant; or the texts."""

    code: str
    kind: str
    text: str
    lowest: int
    highest: int
    counts: dict[int, int] = field(default_factory=dict)
    not_relevant: int = 0
    texts: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many gave a number."""
        return sum(self.counts.values())

    @property
    def mean(self) -> Decimal | None:
        return score(Decimal(sum(value * count for value, count in self.counts.items())), self.number)


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a course's or year's table: what it adds, and whether it shows figures of its own."""

    code: str
    name: str
    ends_at: datetime | None
    figures: Figures
    is_released: bool


@dataclass(frozen=True, slots=True)
class Results:
    """Of a cut. figures and questions are empty unless it is released; responses and attended are no secret then."""

    standing: Standing
    figures: Figures = Figures()
    questions: Sequence[Answers] = ()
    parts: Sequence[Part] = ()
    # Until when it can be answered, while it can.
    closes_at: datetime | None = None

    @property
    def is_released(self) -> bool:
        return self.standing is Standing.RELEASED

    @property
    def scales(self) -> list[Answers]:
        return [answers for answers in self.questions if answers.kind != Kind.FREE_TEXT]

    @property
    def texts(self) -> list[Answers]:
        return [answers for answers in self.questions if answers.kind == Kind.FREE_TEXT]


def of_event(event: Event, *, with_texts: bool = False, now: datetime | None = None) -> Results:
    """Takes the event with its course and evaluation. Nothing is counted before the close, not even how many."""
    now = now or timezone.now()
    evaluation: Evaluation | None = getattr(event, "evaluation", None)
    if event.ends_at is None or event.state != Event.State.PUBLISHED or not event.is_over(now):
        return Results(Standing.NOT_ASKED)
    if evaluation is not None and evaluation.is_open(now):
        return Results(Standing.OPEN, closes_at=evaluation.closes_at)
    if evaluation is None and event.ends_at > release.evaluated_until(now):
        return Results(Standing.NOT_ASKED)
    is_apart = event.course.delivery in APART
    year = FinancialYear.containing(timezone.localdate(event.ends_at))
    events = _events(year, now, alone=event.pk if is_apart else None)
    own = [one for one in events if one.id == event.pk]
    figures = _sum(own)
    if evaluation is None and not figures.responses:
        return Results(Standing.NOT_ASKED)
    if figures.responses < release.LEAST_ANSWERS or event.pk in _withheld(events).events:
        return Results(Standing.WITHHELD)
    return Results(Standing.RELEASED, figures, _answers(own, with_texts))


def of_course(course: Course, year: FinancialYear, *, now: datetime | None = None) -> Results:
    """Of the course's events of the year, each a part."""
    events = _events(year, now or timezone.now())
    withheld = _withheld(events)
    own = [one for one in events if one.course_id == course.pk]
    parts = [
        Part(one.reference, one.reference, one.ends_at, one.figures, _is_released(one.figures, one.id, withheld.events))
        for one in own
    ]
    return _whole(own, parts, is_released=course.pk not in withheld.courses)


def of_year(year: FinancialYear, *, now: datetime | None = None) -> Results:
    """Of all training of the year, its courses the parts."""
    events = _events(year, now or timezone.now())
    withheld = _withheld(events)
    courses: dict[int, list[EventFigures]] = {}
    for one in sorted(events, key=lambda one: (one.course, one.ends_at)):
        courses.setdefault(one.course_id, []).append(one)
    parts = [
        Part(own[0].course_code, own[0].course, None, figures, _is_released(figures, course, withheld.courses))
        for course, own in courses.items()
        for figures in [_sum(own)]
    ]
    return _whole(events, parts, is_released=True)


def score(total: Decimal, number: int) -> Decimal | None:
    """A mean as the report writes it: two decimals, half upwards."""
    return rounded(total / number, Unit.SCORE) if number else None


def _whole(events: Sequence[EventFigures], parts: Sequence[Part], *, is_released: bool) -> Results:
    figures = _sum(events)
    if not events:
        return Results(Standing.NOT_ASKED)
    if not is_released or figures.responses < release.LEAST_ANSWERS:
        return Results(Standing.WITHHELD, Figures(figures.attended, figures.responses), parts=parts)
    return Results(Standing.RELEASED, figures, _answers(events, False), parts)


def _is_released(figures: Figures, key: int, withheld: frozenset[int]) -> bool:
    return figures.responses >= release.LEAST_ANSWERS and key not in withheld


def _withheld(events: Sequence[EventFigures]) -> release.Withheld:
    return release.withheld_of({one.id: (one.course_id, one.figures.responses) for one in events})


def _sum(events: Sequence[EventFigures]) -> Figures:
    return sum((one.figures for one in events), Figures())


def _events(year: FinancialYear, now: datetime, *, alone: int | None = None) -> list[EventFigures]:
    facts = {
        "from": year.starts_at,
        "until": min(year.ends_at, now),
        "counted_at": now,
        "evaluated_until": release.evaluated_until(now),
        "alone": alone,
    }
    with connections[alias()].cursor() as cursor:
        cursor.execute(EVENTS, facts)
        found: list[Any] = cursor.fetchall()
    return [_event(*row) for row in found]


def _event(
    pk: int, reference: str, course_id: int, code: str, course: str, ends_at: datetime, *counted: Any
) -> EventFigures:
    return EventFigures(pk, reference, course_id, code, course, ends_at, _figures(*counted))


def _figures(*counted: Any) -> Figures:
    numbers: list[Any] = [number or 0 for number in counted]  # a sum of nothing is null
    return Figures(*numbers)


def _answers(events: Sequence[EventFigures], with_texts: bool) -> list[Answers]:
    """By question, in the order of the form; texts in an order that is another each time."""
    with connections[alias()].cursor() as cursor:
        cursor.execute(ANSWERS, {"events": [one.id for one in events], "texts": with_texts})
        found = cursor.fetchall()
    questions: dict[tuple[str, int, int], Answers] = {}
    for code, kind, lowest, highest, text, _, answer, count in found:
        scale = Question(kind=kind, lowest=lowest, highest=highest).scale
        answers = questions.setdefault((code, *scale), Answers(code, kind, text, *scale))
        if kind == Kind.FREE_TEXT:
            answers.texts += [answer] * count
        elif answer == NOT_RELEVANT:
            answers.not_relevant += count
        else:
            answers.counts[int(answer)] = count
    for answers in questions.values():
        SystemRandom().shuffle(answers.texts)
    return list(questions.values())
