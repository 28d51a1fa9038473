"""What delegates answered, added up by course in one statement for a year and the year before."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connections

from reporting.counting import Cell
from reporting.database import alias
from reporting.release import EVALUATION, IS_CLOSED
from training.financial_year import FinancialYear

# The questions that before and after are: a questionnaire's first of each kind.
FORM = """
form as (
  select q.id as questionnaire_id,
    (array_agg(a.code order by a.position) filter (where a.kind = 'confidence-before'))[1] as code_before,
    (array_agg(a.code order by a.position) filter (where a.kind = 'confidence-now'))[1] as code_now
  from evaluations_questionnaire q left join evaluations_question a on a.questionnaire_id = q.id
  where q.stage = 'after' group by q.id
)"""

# Of a response r; a question left out is null, and in no mean.
ANSWER = """
join form using (questionnaire_id)
cross join lateral (
  select
    case jsonb_typeof(r.answers -> code_before) when 'number' then (r.answers -> code_before)::numeric end as before,
    case jsonb_typeof(r.answers -> code_now) when 'number' then (r.answers -> code_now)::numeric end as now
) answer"""

# What is added up of responses r; the report and the pages of results have it from here.
COLUMNS = """
  count(*)::int as responses,
  count(before)::int as answers_before, count(now)::int as answers_after,
  sum(before) as sum_before, sum(now) as sum_after,
  count(*) filter (where now > before)::int as improved,
  count(*) filter (where now = before)::int as same,
  count(*) filter (where now < before)::int as lower
"""

# Delivered training only, whose evaluation is closed.
STATEMENT = f"""
with {FORM},
event as (
  select e.id, e.course_id, case when e.ends_at >= %(this)s then 1 else 0 end as slot
  from training_event e join training_course c on c.id = e.course_id {EVALUATION}
  where e.ends_at >= %(before)s and e.ends_at < %(until)s and {IS_CLOSED}
    and e.state = 'published' and c.delivery not in ('conference', 'e-learning')
)
select slot, coalesce(course_id, 0) as course_id, 0::bigint as agency_id, {COLUMNS}
from event
join evaluations_response r on r.event_id = event.id
{ANSWER}
group by grouping sets ((slot, course_id), (slot))
"""  # noqa: S608  # made of the constants above


def count(year: FinancialYear, *, now: datetime, evaluated_until: datetime) -> Iterator[Cell]:
    """Answers of both years by course."""
    facts = {
        "before": year.previous.starts_at,
        "this": year.starts_at,
        "until": min(year.ends_at, now),
        "evaluated_until": evaluated_until,
        "counted_at": now,
    }
    with connections[alias()].cursor() as cursor:
        cursor.execute(STATEMENT, facts)
        names = [column.name for column in cursor.description][3:]
        for slot, course_id, agency_id, *counted in cursor.fetchall():
            yield Cell(slot, course_id, agency_id, dict(zip(names, counted, strict=True)))
