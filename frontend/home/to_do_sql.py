"""What needs a coordinator, in one statement: of each kind the first few, and how many there are."""

from datetime import datetime
from typing import NamedTuple

from bookings import counts
from bookings.models.booking import HOLDS_A_PLACE


class Found(NamedTuple):
    """One thing to do. What the columns without a description hold, each kind's words in to_do.py say."""

    kind: str
    total: int  # of its kind
    at: datetime  # until when, or since when
    reference: str
    course: str
    begins: datetime | None
    who: str
    number: int
    of: int
    other: str


# In the order of the kinds, and of each what is most urgent first. By hand, as the ORM writes out each count once for
# every part of the statement that asks for it. What it finds, the lists of to_do.KINDS must show: a test compares them.
TO_DO = f"""
with coming as materialized (
  select e.id, e.reference, c.title, e.starts_at, e.places, e.minimum, e.decide_on, e.certainty,
    claims.held, claims.waiting
  from training_event e
  join training_course c on c.id = e.course_id
  cross join lateral ({counts.CLAIMS}) as claims
  where e.state = 'published' and e.ends_at > %(now)s
),
over as materialized (
  select e.id, e.reference, c.title, e.starts_at, e.ends_at, open.to_hand_in, open.handed_in_at
  from (
    select s.event_id, bool_or(r.handed_in_at is null) as to_hand_in, max(r.handed_in_at) as handed_in_at
    from training_session s left join bookings_register r on r.session_id = s.id
    where r.handed_in_at is null or r.closed_at is null
    group by s.event_id
  ) open
  join training_event e on e.id = open.event_id
  join training_course c on c.id = e.course_id
  where e.state = 'published' and e.ends_at <= %(now)s
)
(
  select 'cancelling', count(*) over (), e.to_cancel_at, e.reference, c.title, e.starts_at, '', 0, 0, ''
  from training_event e join training_course c on c.id = e.course_id
  where e.to_cancel_at is not null order by e.to_cancel_at, e.id limit %(most)s
) union all (
  select 'minimum', count(*) over (), decide_on::timestamp at time zone %(zone)s, reference, title, starts_at, '',
    held::int, minimum, ''
  from coming where held < minimum order by decide_on, id limit %(most)s
) union all (
  select 'tentative', count(*) over (), starts_at, reference, title, starts_at, '', held::int, 0, certainty
  from coming where certainty <> 'sure' order by starts_at, id limit %(most)s
) union all (
  select 'trainers', count(*) over (), e.starts_at, e.reference, c.title, e.starts_at, coalesce(declined.names, ''),
    there.n, e.trainers_wanted, ''
  from training_event e
  join training_course c on c.id = e.course_id
  cross join lateral (
    select count(distinct p.trainer_id)::int as n, coalesce(array_agg(p.trainer_id), '{{}}') as trainers
    from training_session s join training_sessiontrainer p on p.session_id = s.id where s.event_id = e.id
  ) there
  cross join lateral (
    select string_agg(distinct t.name, ', ') as names
    from training_trainerinvitation i join training_trainer t on t.id = i.trainer_id
    where i.event_id = e.id and i.state = 'declined' and i.trainer_id <> all (there.trainers)
  ) declined
  where e.state in ('draft', 'published') and e.starts_at > %(now)s and e.trainers_wanted > 0
    and there.n < e.trainers_wanted
  order by e.starts_at, e.id limit %(most)s
) union all (
  select 'unanswered', count(*) over (), e.starts_at, e.reference, c.title, e.starts_at, asked.names, 0, 0, ''
  from (
    select i.event_id, string_agg(t.name, ', ' order by t.name) as names
    from training_trainerinvitation i join training_trainer t on t.id = i.trainer_id
    where i.state = 'asked' and i.reminded_at is not null
    group by i.event_id
  ) asked
  join training_event e on e.id = asked.event_id
  join training_course c on c.id = e.course_id
  where e.state in ('draft', 'published') and e.starts_at > %(now)s order by e.starts_at, e.id limit %(most)s
) union all (
  select 'volunteers', count(*) over (), e.starts_at, e.reference, c.title, e.starts_at, offers.names, 0, 0, ''
  from (
    select v.event_id, string_agg(t.name, ', ' order by t.name) as names
    from training_volunteer v join training_trainer t on t.id = v.trainer_id where v.state = 'open'
    group by v.event_id
  ) offers
  join training_event e on e.id = offers.event_id
  join training_course c on c.id = e.course_id
  where e.state in ('draft', 'published') and e.starts_at > %(now)s order by e.starts_at, e.id limit %(most)s
) union all (
  select 'offer', count(*) over (), o.ends_at, b.reference, c.title, e.starts_at, p.name, 0, 0, ''
  from bookings_offer o
  join bookings_booking b on b.id = o.booking_id
  join people_person p on p.id = b.delegate_id
  join training_event e on e.id = b.event_id
  join training_course c on c.id = e.course_id
  where o.ended_at is null and o.ends_at < %(tomorrow)s order by o.ends_at, o.id limit %(most)s
) union all (
  select 'approval', count(*) over (), a.ends_at, b.reference, c.title, e.starts_at, p.name, 0, 0,
    coalesce(asked.name, a.email)
  from bookings_approval a
  join bookings_booking b on b.id = a.booking_id
  join people_person p on p.id = b.delegate_id
  join training_event e on e.id = b.event_id
  join training_course c on c.id = e.course_id
  left join people_person asked on asked.id = a.asked_id
  where a.decided_at is null and a.remind_at <= %(now)s and b.delegate_id <> %(person)s
  order by a.ends_at, a.id limit %(most)s
) union all (
  select 'reserved', count(*) over (), r.named_until, coming.reference, title, starts_at, a.name, r.places, 0,
    a.reference
  from bookings_reservation r join coming on coming.id = r.event_id join people_agency a on a.id = r.agency_id
  where r.released_at is null and r.places > 0 and r.named_until < %(soon)s
  order by r.named_until, r.id limit %(most)s
) union all (
  select 'room', count(*) over (), starts_at, reference, title, starts_at, '', places - held::int, waiting::int, ''
  from coming where held < places and waiting > 0 order by starts_at, id limit %(most)s
) union all (
  select 'overfull', count(*) over (), starts_at, reference, title, starts_at, '', held::int, places, ''
  from coming where held > places order by starts_at, id limit %(most)s
) union all (
  select 'hand-in', total, ends_at, reference, title, starts_at,
    coalesce((
      select string_agg(distinct t.name, ', ')
      from training_session s
      join training_sessiontrainer st on st.session_id = s.id
      join training_trainer t on t.id = st.trainer_id
      join people_person p on p.id = t.person_id and p.email <> ''
      where s.event_id = first.id
    ), ''),
    (
      select min(number)::int
      from (
        select r.handed_in_at, row_number() over (order by s.starts_at, s.id) as number
        from training_session s left join bookings_register r on r.session_id = s.id
        where s.event_id = first.id
      ) sessions
      where handed_in_at is null
    ), 0, ''
  from (select *, count(*) over () as total from over where to_hand_in order by ends_at, id limit %(most)s) as first
) union all (
  select 'close', count(*) over (), handed_in_at, reference, title, starts_at, '', 0, 0, ''
  from over where not to_hand_in order by handed_in_at, id limit %(most)s
) union all (
  select 'need', count(*) over (), starts_at, reference, title, starts_at, '', needs.n::int, 0, ''
  from coming
  join (
    select there.event_id, count(*) as n
    from bookings_need n
    join bookings_booking b on b.id = n.booking_id
    cross join lateral (
      select b.event_id where b.state = 'confirmed' or {HOLDS_A_PLACE}
      union select event_id from bookings_makeup where booking_id = b.id and ended_at is null
    ) there
    where n.arranged_at is null or n.arranged_at < n.said_at
    group by there.event_id
  ) needs on needs.event_id = coming.id
  order by starts_at, id limit %(most)s
) union all (
  select 'corrected', count(*) over (), min(closed_at), e.reference, c.title, e.starts_at, '', count(*)::int, 0, ''
  from bookings_correction k
  join bookings_booking b on b.id = k.booking_id
  join training_event e on e.id = b.event_id
  join training_course c on c.id = e.course_id
  where k.closed_at is not null and k.settled_at is null
  group by e.id, c.id order by min(closed_at), e.id limit %(most)s
) union all (
  -- As MakeUp.objects.lost() finds them.
  select 'made-up', count(*) over (), m.ended_at, b.reference, c.title, s.starts_at, p.name, 0, 0, ''
  from bookings_makeup m
  join bookings_booking b on b.id = m.booking_id and b.state = 'confirmed' and b.outcome is distinct from 'attended'
  join people_person p on p.id = b.delegate_id
  join training_session s on s.id = m.missed_id
  join training_event e on e.id = b.event_id
  join training_course c on c.id = e.course_id
  where m.ended_at > %(now)s - %(lost_for)s and m.ended_by_id is null
    and not exists (
      select from bookings_makeup u
      where u.booking_id = m.booking_id and u.missed_id = m.missed_id and (u.ended_at is null or u.id > m.id)
    )
    and not exists (
      select from bookings_booking o
      where o.event_id = m.event_id and o.delegate_id = b.delegate_id and o.state <> 'cancelled'
    )
  order by m.ended_at, m.id limit %(most)s
) union all (
  select 'joining', count(*) over (), j.asked_at, j.reference, '', null, j.name, 0, 0, coalesce(a.name, j.agency_name)
  from people_joining j left join people_agency a on a.id = j.agency_id
  where j.decided_at is null order by j.asked_at, j.id limit %(most)s
) union all (
  select 'message', count(*) over (), max(finished_at), '', '', null, "to", count(*)::int, 0, ''
  from outbox_message failed
  -- Who is booked and has been reached by nothing since is named with the booking: messages.unreached(). Lateral, as
  -- else everyone who is booked is looked up, for a few messages.
  left join lateral (
    select true as is_named
    from people_person p
    join bookings_booking b on b.delegate_id = p.id and b.state <> 'cancelled'
    join training_event e on e.id = b.event_id and e.state = 'published' and e.ends_at > %(now)s
    where p.email = failed."to" and not exists (
      select from outbox_message later
      where later."to" = failed."to" and later.state = 'done' and later.finished_at > failed.finished_at
    )
    limit 1
  ) named on true
  where failed.state = 'failed' and is_named is null
  group by "to" order by max(finished_at), "to" limit %(most)s
) union all (
  select 'job', count(*) over (), finished_at, id::text, '', null, '', 0, 0, kind
  from outbox_job where state = 'failed' order by finished_at, id limit %(most)s
)
-- Nothing to do, but what the page has to know.
union all select 'no event', 0, %(now)s, '', '', null, '', 0, 0, '' where not exists (select from training_event)
union all select 'a failure', 0, %(now)s, '', '', null, '', 0, 0, ''
  where exists (select from outbox_message where state = 'failed')
"""  # noqa: S608  # our own words
