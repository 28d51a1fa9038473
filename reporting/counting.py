"""What the report counts, in one statement for a year and the year before: bookings, events, people, demand, money.

Written as SQL because it must stay one pass over a year's bookings. It reads them from one index (booking_by_event)
into `held`, where source and outcome become one number: the ledger then groups by whole numbers, ten times quicker than
fourteen conditions on words for each booking. Nothing is joined to bookings before it is added up by event, or places
would be counted once per booking.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connections

from reporting.database import alias
from reporting.measures import Columns
from reporting.release import EVALUATION, IS_CLOSED
from training.financial_year import FinancialYear

# A slot is a year, a kind and whether it took place, as one number.
THIS_YEAR, CONFERENCES, E_LEARNING, CANCELLED = 1, 2, 4, 8

EVENTS = f"""
event as materialized (
  select e.id, e.course_id, e.is_in_house, e.places, coalesce(e.first_places, e.places) as first_places, e.starts_at,
    -- While the evaluation of an event is open its answers are in no figure.
    {IS_CLOSED} as is_evaluated,
    case when e.ends_at >= %(this)s then 1 else 0 end
      + case c.delivery when 'conference' then 2 when 'e-learning' then 4 else 0 end
      + case e.state when 'published' then 0 else 8 end as slot
  from training_event e join training_course c on c.id = e.course_id {EVALUATION}
  where e.ends_at >= %(before)s and e.ends_at < %(until)s and e.state <> 'draft'
)"""  # noqa: S608  # made of release.py's constants

# code: outcome in bits 1 to 8, source in 16 and 32 (128: no source we know), 64: cancelled after the event began.
HELD = """
held as materialized (
  select e.id as event_id, e.slot, e.course_id, b.id, b.agency_id, b.delegate_id,
    case b.outcome when 'attended' then 1 when 'part-attended' then 2 when 'did-not-attend' then 3
      when 'cancelled-in-time' then 4 when 'cancelled-late' then 5 when 'substituted-out' then 6
      when 'moved-out' then 7 when 'event-cancelled' then 8 else case when b.outcome is null then 0 else 15 end end
    + case b.source when 'booked' then 0 when 'walk-in' then 16 when 'substitute' then 32 when 'moved-in' then 48
      else 128 end
    + case when b.received_at >= e.starts_at then 64 else 0 end as code
  from event e join bookings_booking b on b.event_id = e.id and b.placed_at is not null
)"""

LEDGER = """
tally as (
  select slot, coalesce(course_id, 0) as course_id, coalesce(agency_id, 0) as agency_id, code, count(*) as n
  from held group by grouping sets ((slot, course_id, code), (slot, agency_id, code), (slot, code))
),
ledger as (
  select slot, course_id, agency_id,
    sum(n)::int as bookings,
    sum(n) filter (where code & 176 = 0)::int as source_booked,
    sum(n) filter (where code & 176 = 16)::int as source_walk_in,
    sum(n) filter (where code & 176 = 32)::int as source_substitute,
    sum(n) filter (where code & 176 = 48)::int as source_moved_in,
    sum(n) filter (where code & 15 = 0)::int as outcome_unknown,
    sum(n) filter (where code & 15 = 1)::int as outcome_attended,
    sum(n) filter (where code & 15 = 2)::int as outcome_part_attended,
    sum(n) filter (where code & 15 = 3)::int as outcome_did_not_attend,
    sum(n) filter (where code & 15 = 4)::int as outcome_cancelled_in_time,
    sum(n) filter (where code & 15 = 5)::int as outcome_cancelled_late,
    sum(n) filter (where code & 15 = 6)::int as outcome_substituted_out,
    sum(n) filter (where code & 15 = 7)::int as outcome_moved_out,
    sum(n) filter (where code & 15 = 8)::int as outcome_event_cancelled,
    -- Of those who had booked: no walk-ins.
    sum(n) filter (where code & 15 in (1, 2) and code & 176 <> 16)::int as booked_who_came,
    sum(n) filter (where code & 15 = 3 and code & 176 <> 16)::int as booked_who_did_not_come,
    sum(n) filter (where code & 15 = 0 and code & 176 <> 16)::int as booked_unknown,
    sum(n) filter (where code & 15 in (4, 5) and code & 64 > 0 and code & 176 <> 16)::int as cancelled_after_start
  from tally group by slot, course_id, agency_id
)"""

# By event and agency first: an event's mix and its largest agency come from there, and its attendance is their sum.
TURNOUT = """
event_agency as (
  select event_id, agency_id, count(*) as n, count(*) filter (where code & 15 = 1) as whole
  from held where code & 15 in (1, 2) group by event_id, agency_id
),
agency_type as (
  select id as agency_id, 1::bigint << (dense_rank() over (order by type))::int as type_bit from people_agency
),
turnout as (
  select event_id, sum(n)::int as attended, sum(whole)::int as whole, max(n) as largest,
    bit_count(bit_or(type_bit)::bit(64)) as types
  from event_agency join agency_type using (agency_id) group by event_id
),
-- Minutes of who attended in part, from the sessions they were marked at; who attended was at all of them.
part as (
  select h.event_id, sum(extract(epoch from s.ends_at - s.starts_at) / 60) as minutes
  from held h
  join bookings_mark m on m.booking_id = h.id and m.attendance in ('present', 'late', 'left-early', 'left-wellbeing')
  join training_session s on s.id = m.session_id
  where h.code & 15 = 2 group by h.event_id
),
happened as (
  select slot, coalesce(course_id, 0) as course_id, 0::bigint as agency_id,
    count(*)::int as events, count(*) filter (where is_in_house)::int as events_in_house,
    sum(places)::int as places_offered, sum(first_places)::int as places_first_published,
    -- An event that nobody attended: least() would pass over the null, and count all its places.
    sum(least(coalesce(attended, 0), places))::int as places_used,
    sum(greatest(places - coalesce(attended, 0), 0))::int as empty_places,
    sum(attended) filter (where is_evaluated)::int as delegates_asked,
    (coalesce(sum(whole * length.minutes), 0) + coalesce(sum(part.minutes), 0))::int as attended_minutes,
    count(*) filter (where not is_in_house)::int as open_events,
    count(*) filter (where not is_in_house and types >= %(types_of_a_mix)s)::int as mixed_events,
    percentile_cont(0.5) within group (order by 100.0 * largest / attended) filter (where not is_in_house)
      as largest_agency_share
  from event
  left join turnout on turnout.event_id = event.id
  left join part on part.event_id = event.id
  left join lateral (
    select sum(extract(epoch from s.ends_at - s.starts_at) / 60) as minutes
    from training_session s where s.event_id = event.id
  ) length on true
  group by grouping sets ((slot, course_id), (slot))
)"""

PEOPLE = """
people as (
  select slot, coalesce(course_id, 0) as course_id, coalesce(agency_id, 0) as agency_id,
    count(distinct delegate_id)::int as people_trained
  from held where code & 15 in (1, 2) group by grouping sets ((slot), (slot, course_id), (slot, agency_id))
),
absent as (
  select slot, 0::bigint as course_id, 0::bigint as agency_id, count(*)::int as repeat_non_attendance
  from (
    select slot, delegate_id from held where code & 15 = 3 and code & 176 <> 16
    group by slot, delegate_id having count(*) >= %(absences_that_repeat)s
  ) person
  group by slot
)"""

# The key (event, outcome) finds who only waits: their outcome is null. Cancelled events leave demand unmet, too.
# "not in" is one hash of who attended; with "not exists" the planner, expecting few to wait, compared each with all.
DEMAND = """
waiting as (
  select e.slot & 7 as slot, e.course_id, b.delegate_id, min(b.booked_at) as since
  from event e join bookings_booking b on b.event_id = e.id and b.outcome is null and b.state = 'waiting'
  group by e.slot & 7, e.course_id, b.delegate_id
),
demand as (
  select slot, coalesce(course_id, 0) as course_id, 0::bigint as agency_id, count(*)::int as unmet_demand,
    percentile_cont(0.5) within group (
      order by extract(epoch from case when slot & 1 = 1 then %(until)s else %(this)s end - since) / 86400
    ) as median_wait
  from waiting
  where (slot, course_id, delegate_id) not in (
    select slot, course_id, delegate_id from held where code & 15 in (1, 2)
  )
  group by grouping sets ((slot, course_id), (slot))
)"""

MONEY = """
money as (
  select slot, coalesce(course_id, 0) as course_id, coalesce(agency_id, 0) as agency_id,
    count(*) filter (where c.state <> 'waived')::int as charges,
    count(*) filter (where c.state = 'waived')::int as charges_waived,
    sum(c.net_amount) as proposed_amount,
    sum(c.net_amount) filter (where c.state in ('proposed', 'disputed')) as undecided_amount,
    sum(c.net_amount) filter (where c.state = 'waived') as waived_amount,
    sum(c.net_amount) filter (where c.waiver = 'exempt') as waived_exempt_amount,
    sum(c.net_amount) filter (where c.waiver = 'discretion') as waived_discretion_amount,
    sum(c.net_amount) filter (where c.waiver = 'mistake') as waived_mistake_amount,
    sum(c.net_amount) filter (where c.state = 'confirmed') as confirmed_amount,
    sum(c.net_amount) filter (where c.state = 'invoiced') as invoiced_amount,
    sum(c.net_amount) filter (where c.state = 'credited') as credited_amount
  from held join invoicing_charge c on c.booking_id = held.id
  group by grouping sets ((slot, course_id), (slot, agency_id), (slot))
),
invoiced as (
  select case financial_year when %(this_code)s then 1 else 0 end as slot, 0::bigint as course_id,
    0::bigint as agency_id, sum(net_amount) as invoiced_in_year_amount
  from invoicing_invoice
  where state = 'issued' and financial_year in (%(this_code)s, %(before_code)s)
  group by financial_year
)"""

PARTS = ("ledger", "happened", "people", "absent", "demand", "money", "invoiced")

SAME_CELL = " using (slot, course_id, agency_id)"

STATEMENT = (
    "with" + ",".join([EVENTS, HELD, LEDGER, TURNOUT, PEOPLE, DEMAND, MONEY])
    + "\nselect * from " + " full join ".join([PARTS[0], *(part + SAME_CELL for part in PARTS[1:])])
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What was counted for one slot and one course or agency; course and agency 0: for the slot as a whole."""

    slot: int
    course_id: int
    agency_id: int
    counted: Columns


def count(year: FinancialYear, *, now: datetime, evaluated_until: datetime, **thresholds: int) -> Iterator[Cell]:
    """All that was counted in the year and the year before, up to now; one statement, so all of one moment."""
    facts: dict[str, datetime | str | int] = {
        "before": year.previous.starts_at,
        "this": year.starts_at,
        "until": min(year.ends_at, now),
        "this_code": year.code,
        "before_code": year.previous.code,
        "evaluated_until": evaluated_until,
        "counted_at": now,
        **thresholds,
    }
    with connections[alias()].cursor() as cursor:
        cursor.execute(STATEMENT, facts)
        names = [column.name for column in cursor.description][3:]
        for slot, course_id, agency_id, *counted in cursor.fetchall():
            yield Cell(slot, course_id, agency_id, dict(zip(names, counted, strict=True)))
