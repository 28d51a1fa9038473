"""A made-up partnership of any size for the benchmarks: by default 1,000,000 bookings on 50,000 events over ten years.

Everything is written by set-based SQL and is the same for the same seed. Two row triggers are off while it is written,
as they ask once a row what is true of all rows by construction: that a booking's outcome waits for closed registers,
and that a mark's session is of the event booked; both are asked in one statement at the end. The capacity guard is on.
"""

import sys
import time

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import ClientCursor

YEARS = range(2009, 2019)  # financial years by their first calendar year: the last is 2018/19, the workbook's

# Bookings an event has, at most; the last few slots are cancellations, people who only waited, and walk-ins.
SLOTS = 20
PERSONS_PER_BOOKING = 0.2

OFF = {
    "bookings_booking": ["booking_outcome_waits_for_the_closed_registers"],
    "bookings_mark": ["mark_belongs_to_a_session_of_the_event_booked"],
}

# Django keeps defaults in Python; here columns that are not mentioned are empty. In the benchmark's own database only.
EMPTY = """
do $$
declare
  statement text;
begin
  for statement in
    select format('alter table %%I alter column %%I set default %%s', table_name, column_name,
      case data_type when 'boolean' then 'false' when 'jsonb' then quote_literal('{}')
        when 'character varying' then quote_literal('') when 'text' then quote_literal('') else '0' end)
    from information_schema.columns
    where table_schema = 'public' and is_nullable = 'NO' and column_default is null
      and data_type in ('boolean', 'jsonb', 'character varying', 'text', 'smallint')
  loop
    execute statement;
  end loop;
end $$;
"""

CATALOGUE = """
insert into people_agency (reference, name, short_name, type, is_statutory_partner, invoice_email,
    needs_purchase_order, purchase_order)
  select 'AG' || n, 'Agency ' || n, 'A' || n,
    (array['local-authority', 'childrens-social-care', 'police', 'nhs-provider', 'education', 'early-years',
           'voluntary', 'private'])[1 + n %% 8], n <= 4, 'accounts@agency' || n || '.example', false, ''
  from generate_series(1, %(agencies)s) n;
update people_agency set payer_id = id;
insert into training_course (code, title, level, delivery, duration, on_missing)
  select 'C' || n, 'Course ' || n, 'Level ' || 1 + n %% 3,
    case when n = 1 then 'conference' when n <= 3 then 'e-learning' when n <= 12 then 'virtual' else 'face-to-face' end,
    case when n %% 2 = 0 then 'half-day' else 'full-day' end, 'warn'
  from generate_series(1, %(courses)s) n;
insert into training_venue (name, address) values ('Town Hall', '');
insert into bookings_chargingpolicy (in_force_from, answer_working_days) values ('2009-01-01', 0);
insert into bookings_tariff (policy_id, reason, duration, delivery, notice, notice_unit, net_amount, vat_treatment)
  select p.id, r.reason, d.duration, 'face-to-face', r.notice, r.unit, d.amount, 'outside-scope'
  from bookings_chargingpolicy p,
    (values ('did-not-attend', null::int, ''), ('cancelled-late', 5, 'working-days')) r (reason, notice, unit),
    (values ('half-day', 50), ('full-day', 75)) d (duration, amount);
"""

PERSONS = """
insert into people_person (reference, name, sort_name, email, agency_id)
  select 'P' || n, 'Person ' || n, 'person ' || n, 'person' || n || '@agency.example', a.id
  -- Agencies differ in size: squaring crowds the first ones.
  from (select n, floor(power(random(), 2) * %(agencies)s)::int as place from generate_series(1, %(persons)s) n) persons
  join (select id, row_number() over (order by id) - 1 as place from people_agency) a using (place)
  order by n;
"""

# About 2 of 100 events are cancelled and 1 of 10 has a second session a week later.
EVENTS = """
insert into training_event (reference, course_id, state, is_in_house, places, overbooking, overbooking_reason,
    cancelled_at, cancelled_reason)
  select 'E' || n, c.id, case when n %% 50 = 7 then 'cancelled' else 'published' end, n %% 40 = 3, 16 + n %% 5, 0, '',
    case when n %% 50 = 7 then now() end, ''
  from generate_series(1, %(events)s) n
  join (select id, row_number() over (order by id) as place from training_course) c
    on c.place = 1 + floor(power((n * 7919 %% 10007) / 10007.0, 1.3) * %(courses)s)::int;
insert into training_session (event_id, starts_at, ends_at, is_cancelled, room_override)
  select e.id, day + time '09:30', day + case c.duration when 'half-day' then time '12:45' else time '16:30' end,
    false, ''
  from (select *, substr(reference, 2)::int as n from training_event) e
  join training_course c on c.id = e.course_id
  cross join lateral (
    select (%(first_day)s::date + (n::numeric / (%(events)s + 1) * %(days)s)::int + 7 * week) as day
    from generate_series(0, case when n %% 10 = 0 then 1 else 0 end) week
  ) sitting;
insert into bookings_register (session_id, handed_in_at, closed_at, head_count, reopened_reason, imported_at)
  select s.id, s.ends_at, s.ends_at, 15, '', now() from training_session s where not s.is_cancelled;
"""

# A slot of an event says what becomes of the booking in it; random() adds chance. No event has fewer places than 16,
# and no more bookings hold one.
BOOKINGS = """
create temporary table planned on commit drop as
  select e.id as event_id, e.n, slot, p.id as delegate_id,
    case when random() < 0.02 then elsewhere.id else p.agency_id end as agency_id,
    e.starts_at - (20 + random() * 60) * interval '1 day' as booked_at, e.starts_at, e.state = 'cancelled' as is_off,
    case
      when slot <= 15 then (array['attended', 'attended', 'attended', 'attended', 'attended', 'attended', 'attended',
        'attended', 'attended', 'attended', 'attended', 'attended', 'attended', 'attended', 'attended', 'attended',
        'attended', 'attended', 'did-not-attend', case when e.n %% 10 = 0 then 'part-attended' else 'attended' end]
        )[1 + floor(random() * 20)::int]
      when slot = 16 then case when random() < 0.3 then 'cancelled-late' else 'cancelled-in-time' end
      when slot = 17 then 'substituted-out'
      when slot = 18 then 'substitute'
      when slot = 19 then case when random() < 0.5 then 'walk-in' else 'cancelled-in-time' end
      else 'waiting'
    end as fate
  from (select *, substr(reference, 2)::bigint as n from training_event) e
  cross join generate_series(1, %(slots)s) slot
  join people_person p on p.id = %(first_person)s + (e.n * 6971 + slot * 104729) %% %(persons)s
  join (select id, row_number() over (order by id) - 1 as place from people_agency) elsewhere
    on elsewhere.place = (e.n + slot) %% %(agencies)s
  where (e.n - 1) * %(slots)s + slot <= %(bookings)s;

insert into bookings_booking (reference, event_id, delegate_id, agency_id, state, source, outcome, booked_at, placed_at,
    policy_id, cancelled_at, received_at, received_from, notice, imported_at)
  select n || '-' || slot, event_id, delegate_id, agency_id,
    case when is_off or fate like 'cancelled%%' or fate = 'substituted-out' then 'cancelled'
         when fate = 'waiting' then 'waiting' else 'confirmed' end,
    case fate when 'walk-in' then 'walk-in' else 'booked' end,
    case when is_off then case fate when 'waiting' then null else 'event-cancelled' end
         when fate = 'waiting' then null when fate in ('walk-in', 'substitute') then 'attended' else fate end,
    booked_at, case fate when 'waiting' then null else booked_at end, policy.id,
    case when is_off or fate like 'cancelled%%' or fate = 'substituted-out' then starts_at - interval '1 day' end,
    case when is_off or fate like 'cancelled%%' or fate = 'substituted-out' then starts_at - interval '1 day' end, '',
    case when fate like 'cancelled%%' then 1 end, now()
  from planned, (select id from bookings_chargingpolicy) policy
  where fate <> 'substitute'
  order by planned.booked_at;

insert into bookings_booking (reference, event_id, delegate_id, agency_id, state, source, outcome, booked_at, placed_at,
    policy_id, replaces_id, cancelled_at, received_at, received_from, imported_at)
  select planned.n || '-' || planned.slot, planned.event_id, planned.delegate_id, planned.agency_id,
    case when is_off then 'cancelled' else 'confirmed' end, 'substitute',
    case when is_off then 'event-cancelled' else 'attended' end, planned.booked_at, planned.booked_at, out.policy_id,
    out.id, case when is_off then planned.starts_at end, case when is_off then planned.starts_at end, '', now()
  from planned join bookings_booking out on out.reference = planned.n || '-' || planned.slot - 1
  where fate = 'substitute'
  order by planned.booked_at;

insert into bookings_mark (booking_id, session_id, attendance, marked_at)
  select b.id, s.id,
    case when b.outcome = 'did-not-attend' or b.outcome = 'part-attended' and s.starts_at > e.starts_at then 'absent'
         else 'present' end, s.ends_at
  from bookings_booking b join training_event e on e.id = b.event_id join training_session s on s.event_id = e.id
  where b.state = 'confirmed' and b.outcome is not null
  order by b.id;
"""

# One in ten is waived; the rest is invoiced per agency and month, as the program does: draft, lines, issue.
MONEY = """
insert into invoicing_charge (reference, booking_id, reason, tariff_id, net_amount, vat_amount, explanation, state,
    proposed_at, decided_at, decided_via, waiver, waiver_note)
  select 'CH' || b.id, b.id, b.outcome, t.id, t.net_amount, 0, 'By the policy.',
    case when b.id %% 10 = 0 then 'waived' else 'invoiced' end, now(), now(), 'benchmark',
    case when b.id %% 10 = 0 then 'exempt' else '' end, ''
  from bookings_booking b join training_event e on e.id = b.event_id join training_course c on c.id = e.course_id
  join bookings_tariff t on t.reason = b.outcome and t.duration = c.duration and t.delivery = c.delivery
  order by b.id;
insert into invoicing_invoice (payer_id, month, state, series, net_amount, vat_amount)
  select distinct b.agency_id, date_trunc('month', e.ends_at)::date, 'draft', 'INV', 0, 0
  from invoicing_charge h join bookings_booking b on b.id = h.booking_id join training_event e on e.id = b.event_id
  where h.state = 'invoiced';
insert into invoicing_invoiceline (invoice_id, charge_id, booking_reference, course, event_reference, event_on, reason,
    net_amount, vat_treatment, vat_rate, vat_amount)
  select i.id, h.id, b.reference, c.title, e.reference, e.starts_at::date, h.explanation, h.net_amount,
    'outside-scope', 0, 0
  from invoicing_charge h join bookings_booking b on b.id = h.booking_id join training_event e on e.id = b.event_id
  join training_course c on c.id = e.course_id
  join invoicing_invoice i on i.payer_id = b.agency_id and i.month = date_trunc('month', e.ends_at)::date
  where h.state = 'invoiced';
insert into invoicing_numberseries (series, financial_year, last_number)
  select 'INV', financial_year, 0 from (
    select distinct extract(year from month - interval '3 months')::int as year from invoicing_invoice
  ) years cross join lateral (
    select year || '-' || lpad(((year + 1) %% 100)::text, 2, '0') as financial_year
  ) written;
do $$
declare
  draft record;
begin
  -- One at a time, as the numbering guard wants: each number is the next one.
  for draft in
    select i.id, y || '-' || lpad(((y + 1) %% 100)::text, 2, '0') as year,
      row_number() over (partition by y order by i.month, i.payer_id) as number, sum(l.net_amount) as net, i.month
    from invoicing_invoice i join invoicing_invoiceline l on l.invoice_id = i.id
    cross join lateral (select extract(year from i.month - interval '3 months')::int as y) year
    group by i.id, y order by y, number
  loop
    update invoicing_invoice set state = 'issued', financial_year = draft.year, number = draft.number,
      reference = 'INV-' || draft.year || '-' || draft.number, issued_at = draft.month + interval '1 month',
      issued_via = 'benchmark', due_on = draft.month + 60, net_amount = draft.net where id = draft.id;
  end loop;
end $$;
"""

ANSWERS = """
insert into evaluations_questionnaire (stage, version) values ('after', 1);
insert into evaluations_question (questionnaire_id, code, position, kind, text, lowest, highest)
  select q.id, k.code, k.position, k.kind, k.code, k.lowest, k.highest from evaluations_questionnaire q,
    (values ('before', 1, 'confidence-before', 0, 10), ('now', 2, 'confidence-now', 0, 10),
            ('rating', 3, 'rating', 1, 5), ('comment', 4, 'free-text', null, null))
    k (code, position, kind, lowest, highest);
update evaluations_questionnaire set published_at = now();
insert into evaluations_response (id, event_id, questionnaire_id, answers)
  select gen_random_uuid(), b.event_id, q.id, jsonb_build_object('before', 2 + floor(random() * 6)::int,
    'now', 4 + floor(random() * 7)::int, 'rating', 3 + floor(random() * 3)::int, 'comment', 'Very relevant to my role.')
  from bookings_booking b join training_event e on e.id = b.event_id join training_course c on c.id = e.course_id,
    evaluations_questionnaire q
  where b.outcome = 'attended' and c.delivery in ('face-to-face', 'virtual') and random() < 0.6
  -- Not by random(): PostgreSQL would take it for the same number as in the answers.
  order by b.event_id, md5(b.reference);
"""

# What the triggers that were off would have asked, row by row.
BROKEN = """
select
  (select count(*) from bookings_booking b join training_session s on s.event_id = b.event_id
   left join bookings_register r on r.session_id = s.id
   where b.outcome in ('attended', 'part-attended', 'did-not-attend') and r.closed_at is null),
  (select count(*) from bookings_mark m join training_session s on s.id = m.session_id
   join bookings_booking b on b.id = m.booking_id where s.event_id <> b.event_id)
"""


def generate(*, bookings: int, slots: int = SLOTS, courses: int = 60, agencies: int = 30, seed: int = 1) -> None:
    """Fill the empty, migrated database with that many bookings, slots of them an event."""
    persons = max(int(bookings * PERSONS_PER_BOOKING), 2 * slots)
    numbers: dict[str, int | float | str] = {
        "bookings": bookings, "persons": persons, "courses": courses, "agencies": agencies, "slots": slots,
        "events": -(-bookings // slots), "first_day": f"{YEARS[0]}-04-01", "days": 365.25 * len(YEARS) - 8,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select setseed(%s), exists (select from people_agency)", [seed / 1000])
        if cursor.fetchone()[1]:
            raise ValueError("the database is not empty")
        switch(cursor, "disable")
        for name, statements in steps():
            started = time.perf_counter()
            numbers["first_person"] = first_person(cursor)
            # Bound here: the server takes numbers for one statement only.
            ClientCursor(connection.connection).execute(statements, numbers)
            print(f"{name:<10} {time.perf_counter() - started:6.1f} s", file=sys.stderr, flush=True)
        # Foreign keys are asked now: a table with open questions cannot be altered.
        cursor.execute("set constraints all immediate")
        switch(cursor, "enable")
        cursor.execute(BROKEN)
        if cursor.fetchone() != (0, 0):
            raise RuntimeError("the generated rows break what the triggers guard")


def steps() -> list[tuple[str, str]]:
    return [
        ("defaults", EMPTY),
        ("catalogue", CATALOGUE),
        ("persons", PERSONS),
        ("events", EVENTS),
        ("bookings", BOOKINGS),
        ("money", MONEY),
        ("answers", ANSWERS),
    ]


def switch(cursor: CursorWrapper, what: str) -> None:
    for table, triggers in OFF.items():
        for trigger in triggers:
            cursor.execute(f"alter table {table} {what} trigger {trigger}")


def first_person(cursor: CursorWrapper) -> int:
    cursor.execute("select coalesce(min(id), 0) from people_person")
    found: int = cursor.fetchone()[0]
    return found
